"""The communication graph: posts, province commands and national commands, and who is twinned."""

from collections import Counter
from collections.abc import Iterable

import networkx as nx

from sim.scenario import Scenario
from sim.world.border import Segment
from sim.world.sites import PostSite

Node = tuple[str, ...]
"""("post", number), ("province", side, name) or ("national", side), all as words."""


def post_node(site: PostSite) -> Node:
    """Give the node of a post."""
    return ("post", str(site.number))


def province_node(side: str, province: str) -> Node:
    """Give the node of a province command."""
    return ("province", side, province)


def national_node(side: str) -> Node:
    """Give the node of a national command."""
    return ("national", side)


def communication_graph(sites: Iterable[PostSite], segments: list[Segment]) -> "nx.DiGraph[Node]":
    """Build each side's chain of command and the pairs of commands that face each other.

    Edges have an attribute `tie`: "command" within a side, "province" or "national" across the
    line. Instruments decide which ties across the line carry something, and add direct ones.
    """
    graph: nx.DiGraph[Node] = nx.DiGraph()

    def join(first: Node, second: Node, tie: str) -> None:
        graph.add_edge(first, second, tie=tie)
        graph.add_edge(second, first, tie=tie)

    for site in sites:
        province = province_node(site.side, site.province)
        join(post_node(site), province, "command")
        join(province, national_node(site.side), "command")
    for segment in segments:
        first, second = segment.sides
        join(
            province_node(first, segment.provinces[0]),
            province_node(second, segment.provinces[1]),
            "province",
        )
        join(national_node(first), national_node(second), "national")
    return graph


def facing_posts(sites: list[PostSite]) -> dict[int, list[int]]:
    """Give for each post the posts of other sides that hold some of the same line."""
    holders: dict[int, list[int]] = {}
    for site in sites:
        for number in site.sector:
            holders.setdefault(number, []).append(site.number)
    facing: dict[int, list[int]] = {}
    for site in sites:
        across = {
            other
            for number in site.sector
            for other in holders[number]
            if sites[other].side != site.side
        }
        facing[site.number] = sorted(across)
    return facing


def meeting_posts(sites: list[PostSite], border: "nx.Graph[int]") -> dict[int, list[int]]:
    """Give for each post those whose sectors touch its own at a tripoint, of any side.

    They hold line of another pair of countries, so that none of them faces it.
    """
    holders: dict[int, list[PostSite]] = {}
    for site in sites:
        for number in site.sector:
            holders.setdefault(number, []).append(site)
    return {
        site.number: sorted(
            {
                other.number
                for number in site.sector
                for neighbour in border[number]
                for other in holders[neighbour]
                if other.pair != site.pair
            }
        )
        for site in sites
    }


def held_by_both(first: PostSite, second: PostSite) -> tuple[int, ...]:
    """Give the segments that two posts hold, in the order of the first one's sector."""
    there = set(second.sector)
    return tuple(number for number in first.sector if number in there)


def twin_pairs(sites: list[PostSite], scenario: Scenario, groups: str) -> list[tuple[int, int]]:
    """Pair posts across the line.

    Parameters
    ----------
    sites : all posts
    scenario : for the named groups
    groups : "facing" twins each post with the one across the line that holds most of its sector,
        starting from the side with more posts, so that several may share one twin (3:1);
        "named" twins only the named groups, all with all across the line

    Returns
    -------
    Pairs of post numbers, the smaller first, without repetition, ascending.
    """
    if groups == "named":
        return _named_pairs(sites, scenario)
    facing = facing_posts(sites)
    count = Counter((site.pair, site.side) for site in sites)
    pairs = set()
    for site in sites:
        across = [
            other
            for other in facing[site.number]
            if (count[site.pair, site.across], site.across)
            < (count[site.pair, site.side], site.side)
        ]
        if across:
            held = set(site.sector)
            twin = max(across, key=lambda other: (len(held & set(sites[other].sector)), -other))
            pairs.add((min(site.number, twin), max(site.number, twin)))
    named = {number for pair in _named_pairs(sites, scenario) for number in pair}
    kept = {pair for pair in pairs if not named & set(pair)}
    return sorted(kept | set(_named_pairs(sites, scenario)))


def _named_pairs(sites: list[PostSite], scenario: Scenario) -> list[tuple[int, int]]:
    """Pair the posts of each named group with those of its other sides."""
    by_name = {(site.side, site.name): site.number for site in sites}
    pairs = set()
    for group in scenario.posts.named:
        members = [by_name[side, name] for side, names in group.names.items() for name in names]
        for first in members:
            for second in members:
                if first < second and sites[first].side != sites[second].side:
                    pairs.add((first, second))
    return sorted(pairs)


def reachable(graph: "nx.DiGraph[Node]", ties: frozenset[str]) -> "nx.DiGraph[Node]":
    """Give the part of a communication graph that consists of some kinds of ties."""
    part: nx.DiGraph[Node] = nx.DiGraph()
    part.add_nodes_from(graph)
    part.add_edges_from(
        (first, second) for first, second, told in graph.edges(data=True) if told["tie"] in ties
    )
    return part

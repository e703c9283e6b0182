"""Where posts and settlements are: laid out synthetically, so that lengths match the record."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import fsum, inf

import networkx as nx

from sim.errors import InputError
from sim.scenario import Scenario
from sim.scenario.parameters import for_side
from sim.scenario.schema import Groups
from sim.world.border import Segment, chains


@dataclass(frozen=True, slots=True)
class PostSite:
    """A post and the sector it holds.

    Attributes
    ----------
    number : index over all posts, side by side, along the line
    name : what it is called
    side : ISO 3166 alpha-3
    province : of its side
    sector : numbers of its segments, along the line; all between the same two sides
    across : the other of these sides
    """

    number: int
    name: str
    side: str
    province: str
    sector: tuple[int, ...]
    across: str

    @property
    def pair(self) -> tuple[str, str]:
        """The two sides whose line it holds, ascending."""
        return min(self.side, self.across), max(self.side, self.across)


@dataclass(frozen=True, slots=True)
class Settlement:
    """A place on one side that crossings start from or go to.

    Attributes
    ----------
    number : index over all settlements
    side, province : where it is
    segment : the segment nearest to it
    """

    number: int
    side: str
    province: str
    segment: int


def segments_of(graph: "nx.Graph[int]") -> list[Segment]:
    """Give the segments of a border graph in order of their numbers."""
    return [graph.nodes[number]["segment"] for number in sorted(graph)]


def lay_out_posts(graph: "nx.Graph[int]", scenario: Scenario) -> list[PostSite]:
    """Cut each side's line into sectors of about the length wanted.

    Each run of line with one neighbour within one province is cut by itself, so that no sector
    reaches over a tripoint. The number of sectors is the run's length over the wanted length,
    rounded, at least one; cuts fall so that lengths are as even as segments allow.
    """
    sites: list[PostSite] = []
    segments = segments_of(graph)
    for side in sides_of(segments):
        wanted = for_side(scenario.posts.sector_km, side)
        title = for_side(scenario.posts.title, side)
        stretches: dict[tuple[str, str], set[int]] = {}
        for segment in segments:
            if side in segment.sides:
                stretch = segment.other_side(side), segment.province_of(side)
                stretches.setdefault(stretch, set()).add(segment.number)
        sectors = [
            (tuple(sector), across, province)
            for (across, province), held in stretches.items()
            for run in chains(graph, held)
            for sector in _cut(run, segments, wanted)
        ]
        sectors.sort(key=lambda each: min(each[0]))
        for index, (sector, across, province) in enumerate(sectors, start=1):
            name = f"{title} {index}"
            sites.append(PostSite(len(sites), name, side, province, sector, across))
    return _christen(sites, graph, scenario)


def sides_of(segments: Iterable[Segment]) -> tuple[str, ...]:
    """Give the sides of some segments, ascending."""
    return tuple(sorted({side for segment in segments for side in segment.sides}))


def _cut(run: list[int], segments: list[Segment], wanted: float) -> list[list[int]]:
    """Cut a run of segments into sectors of even length."""
    total = fsum(segments[number].length_km for number in run)
    count = min(len(run), max(1, round(total / wanted)))
    sectors: list[list[int]] = [[] for _ in range(count)]
    walked = 0.0
    for index, number in enumerate(run):
        length = segments[number].length_km
        middle = walked + length / 2.0
        slot = min(int(middle / total * count), count - 1)
        # Never leave a later sector empty, nor skip one.
        filled = max((i for i in range(count) if sectors[i]), default=-1)
        slot = max(min(slot, filled + 1), count - (len(run) - index), filled, 0)
        sectors[slot].append(number)
        walked += length
    return sectors


def _christen(sites: list[PostSite], graph: "nx.Graph[int]", scenario: Scenario) -> list[PostSite]:
    """Give the named posts their names: those nearest a segment, in order along the line."""
    sites = list(sites)
    for index, group in enumerate(scenario.posts.named):
        place = f"{scenario.path}: posts.named.{index}"
        if group.segment not in graph:
            raise InputError(
                f"there is no segment {group.segment}",
                where=f"{place}.segment",
                remedy=f"0 to {len(graph) - 1}",
            )
        away = nx.single_source_dijkstra_path_length(graph, group.segment, weight="km")
        for side, names in group.names.items():
            where = f"{place}.names.{side}"
            if not any(site.side == side for site in sites):
                raise InputError(f"side {side} has no posts on this line", where=where)
            nearest_site = min(
                (site for site in sites if site.side == side),
                key=lambda site: min(away.get(number, inf) for number in site.sector),
            )
            own = [site for site in sites if (site.side, site.pair) == (side, nearest_site.pair)]
            if len(own) < len(names):
                raise InputError(f"{len(names)} names for {len(own)} posts", where=where)
            first = own.index(nearest_site) - len(names) // 2
            first = max(0, min(first, len(own) - len(names)))
            for name, site in zip(names, own[first:], strict=False):
                sites[site.number] = replace(sites[site.number], name=name)
    return sites


def lay_out_settlements(graph: "nx.Graph[int]", scenario: Scenario) -> list[Settlement]:
    """Place a settlement on each side every so many kilometres along the line.

    Each run of line with one neighbour has at least one, so that groups have somewhere to live.
    """
    spacing = scenario.world.settlement_spacing_km
    settlements: list[Settlement] = []
    segments = segments_of(graph)
    for side in sides_of(segments):
        stretches: dict[str, set[int]] = {}
        for segment in segments:
            if side in segment.sides:
                stretches.setdefault(segment.other_side(side), set()).add(segment.number)
        for held in stretches.values():
            for run in chains(graph, held):
                for number in _every(spacing, run, segments) or [run[len(run) // 2]]:
                    province = segments[number].province_of(side)
                    settlements.append(Settlement(len(settlements), side, province, number))
    return settlements


def _every(spacing: float, run: list[int], segments: list[Segment]) -> list[int]:
    """Give the segments of places so many kilometres apart along a run."""
    places = []
    walked = spacing / 2.0
    for number in run:
        walked += segments[number].length_km
        while walked >= spacing:
            walked -= spacing
            places.append(number)
    return places


def homes_of(
    group: Groups, segments: list[Segment], settlements: list[Settlement]
) -> list[Settlement]:
    """Give the settlements that a kind of group may live in: on the line with where it goes."""
    return [
        place
        for place in settlements
        if place.side == group.origin
        and (not group.provinces or place.province in group.provinces)
        and group.destination in segments[place.segment].sides
    ]


def travel_hours(
    graph: "nx.Graph[int]", scenario: Scenario, settlement: Settlement
) -> dict[int, float]:
    """Hours from a settlement to each segment that it can reach along its own side.

    Shortest paths on the border graph, half a segment at each end, plus the way to the line.
    """
    speed = scenario.world.carrier_kmh
    side_graph = graph.subgraph(
        number for number in graph if settlement.side in graph.nodes[number]["segment"].sides
    )

    distances: dict[int, float] = nx.single_source_dijkstra_path_length(
        side_graph, settlement.segment, weight="km"
    )
    access = scenario.world.settlement_depth_km / speed
    return {number: access + km / speed for number, km in distances.items()}

"""The world of a scenario, built once and read by everybody."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from math import fsum

import networkx as nx

from sim.errors import InputErrors
from sim.scenario import Scenario
from sim.scenario.names import lacking_sides, per_side
from sim.world.border import Segment, read_border
from sim.world.communication import Node, communication_graph, facing_posts, meeting_posts
from sim.world.names import check_groups, check_places
from sim.world.sites import (
    PostSite,
    Settlement,
    lay_out_posts,
    lay_out_settlements,
    segments_of,
    sides_of,
)


@dataclass(frozen=True)
class World:
    """Where everything is.

    Attributes
    ----------
    border : graph of segments; node n has attribute `segment`
    segments : the same in order of number
    posts : all posts, in order of number
    settlements : all settlements, in order of number
    communication : directed graph of posts and commands
    sides : ISO 3166 alpha-3 codes, ascending
    """

    border: "nx.Graph[int]"
    segments: list[Segment]
    posts: list[PostSite]
    settlements: list[Settlement]
    communication: "nx.DiGraph[Node]"
    sides: tuple[str, ...]

    @cached_property
    def facing(self) -> dict[int, list[int]]:
        """For each post, the posts across the line that hold some of the same line."""
        return facing_posts(self.posts)

    @cached_property
    def meeting(self) -> dict[int, list[int]]:
        """For each post, the posts that hold line of another pair and touch it at a tripoint."""
        return meeting_posts(self.posts, self.border)

    @cached_property
    def skies(self) -> dict[str, int]:
        """Number of the sky over each province: one for each province of a segment's first side.

        Provinces across the line are under the sky of the province they face most. With several
        pairs of countries, what a province is under is settled on its line with the first of them.
        """
        skies: dict[str, int] = {}
        for pair in dict.fromkeys(segment.sides for segment in self.segments):
            line = [segment for segment in self.segments if segment.sides == pair]
            for province in sorted({segment.provinces[0] for segment in line} - skies.keys()):
                skies[province] = len(set(skies.values()))
            faced: dict[str, Counter[str]] = {}
            for segment in line:
                here, there = segment.provinces
                faced.setdefault(there, Counter())[here] += 1
            for there, counts in faced.items():
                skies.setdefault(there, skies[min(counts, key=lambda here: (-counts[here], here))])
        return skies

    @cached_property
    def length_km(self) -> float:
        """Length of the whole line."""
        return fsum(segment.length_km for segment in self.segments)

    @cached_property
    def holder(self) -> dict[tuple[str, int], int]:
        """Number of the post of a side that holds a segment."""
        return {(site.side, number): site.number for site in self.posts for number in site.sector}

    def cut_links(self) -> None:
        """Take out the ties between posts that instruments put in."""
        direct = [
            (first, second)
            for first, second, told in self.communication.edges(data=True)
            if told["tie"] in ("twin", "facing")
        ]
        self.communication.remove_edges_from(direct)


def build_world(scenario: Scenario) -> World:
    """Build the world of a scenario.

    Raises
    ------
    InputError : border data cannot be used, or the scenario names sides or provinces they lack
    """
    border = read_border(scenario)
    segments = segments_of(border)
    sides = sides_of(segments)
    kinds = {"allocation.kind": scenario.policy.allocation.kind}
    errors = lacking_sides(per_side(scenario), sides, str(scenario.path))
    errors += lacking_sides(kinds, sides, f"{scenario.path} with policy {scenario.policy_name}")
    if errors:
        raise InputErrors(errors)
    settlements = lay_out_settlements(border, scenario)
    check_groups(scenario, segments, settlements)
    check_places(scenario, segments)
    posts = lay_out_posts(border, scenario)
    return World(
        border=border,
        segments=segments,
        posts=posts,
        settlements=settlements,
        communication=communication_graph(posts, segments),
        sides=sides,
    )

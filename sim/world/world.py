"""The world of a scenario, built once and read by everybody."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from math import fsum

import networkx as nx

from sim.errors import InputError, InputErrors
from sim.scenario import Scenario
from sim.scenario.files import nearest
from sim.world.border import Segment, read_border
from sim.world.communication import Node, communication_graph, facing_posts
from sim.world.sites import (
    PostSite,
    Settlement,
    lay_out_posts,
    lay_out_settlements,
    segments_of,
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
    def skies(self) -> dict[str, int]:
        """Number of the sky over each province: one for each province of a segment's first side.

        Provinces across the line are under the sky of the province they face most.
        """
        first = sorted({segment.provinces[0] for segment in self.segments})
        skies = {province: number for number, province in enumerate(first)}
        faced: dict[str, Counter[str]] = {}
        for segment in self.segments:
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
    sides = tuple(sorted({side for segment in segments for side in segment.sides}))
    _check_names(scenario, segments, sides)
    posts = lay_out_posts(border, scenario)
    return World(
        border=border,
        segments=segments,
        posts=posts,
        settlements=lay_out_settlements(border, scenario),
        communication=communication_graph(posts, segments),
        sides=sides,
    )


def _check_names(scenario: Scenario, segments: list[Segment], sides: tuple[str, ...]) -> None:
    """Check that every side and province the scenario names lies on this line."""
    errors = []
    pairs = {frozenset(segment.sides) for segment in segments}
    provinces = {
        side: sorted({seg.province_of(side) for seg in segments if side in seg.sides})
        for side in sides
    }
    for index, group in enumerate(scenario.groups):
        where = f"{scenario.name}: groups.{index}"
        for role, side in (("origin", group.origin), ("destination", group.destination)):
            if side not in sides:
                errors.append(
                    InputError(
                        f"{side} is no side of this border",
                        where=f"{where}.{role}",
                        remedy=f"sides are {', '.join(sides)}",
                    )
                )
        if frozenset((group.origin, group.destination)) not in pairs:
            errors.append(
                InputError(f"{group.origin} and {group.destination} share no line", where=where)
            )
        errors += [
            InputError(
                f"no province {name!r} on the side of {group.origin}",
                where=f"{where}.provinces",
                remedy=nearest(name, provinces.get(group.origin, [])),
            )
            for name in group.provinces
            if name not in provinces.get(group.origin, [])
        ]
    if errors:
        raise InputErrors(errors)

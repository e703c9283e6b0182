"""The world of a scenario, built once and read by everybody."""

import hashlib
from collections import Counter, deque
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from math import fsum

import networkx as nx

from sim.errors import InputErrors
from sim.scenario import Scenario
from sim.scenario.names import lacking_sides, per_side
from sim.scenario.scenario import BORDER_DATA
from sim.world.border import Segment, read_border
from sim.world.communication import (
    Node,
    communication_graph,
    facing_posts,
    held_by_both,
    meeting_posts,
    twin_pairs,
)
from sim.world.names import check_groups, check_places
from sim.world.sites import (
    PostSite,
    Roads,
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
    roads : where groups may live, and their ways over the line
    twins : pairs of posts that face each other, as of `twin_pairs`, each with the line both hold
    communication : directed graph of posts and commands; a run's own, as instruments add to it
    sides : ISO 3166 alpha-3 codes, ascending
    """

    border: "nx.Graph[int]"
    segments: list[Segment]
    posts: list[PostSite]
    settlements: list[Settlement]
    roads: Roads
    twins: dict[tuple[int, int], tuple[int, ...]]
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
        numbers = count()
        lines: dict[tuple[str, str], list[Segment]] = {}
        for segment in self.segments:
            lines.setdefault(segment.sides, []).append(segment)
        for line in lines.values():
            for province in sorted({segment.provinces[0] for segment in line} - skies.keys()):
                skies[province] = next(numbers)
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

    def km_between(self, here: int, there: int) -> float:
        """Way along the line between two segments, km."""
        return self.roads.km_between(here, there)

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

    What was built for the last few is kept, by all that it is built from: the tables of the world
    and of the posts, and the border data as they are on disk now. Policies and seeds share it, but
    for the communication graph, which is the caller's own.

    Raises
    ------
    InputError : border data cannot be used, or the scenario names sides or provinces they lack
    """
    key = scenario.border_folders, _data_sha256(scenario), scenario.world, scenario.posts
    world = next((world for known, world in tuple(_kept) if known == key), None)
    if world is None:
        world = _lay_out(scenario)
        _kept.appendleft((key, world))
    else:
        _check(scenario, world.segments, world.roads)
    own = copy(world)
    object.__setattr__(own, "communication", world.communication.copy())
    return own


_kept: deque[tuple[tuple[object, ...], World]] = deque(maxlen=3)
"""The worlds built last, each with all that it was built from."""


def _data_sha256(scenario: Scenario) -> str:
    """Hash the border data of a scenario, so that files that have changed are read again."""
    digest = hashlib.sha256()
    for path in (folder / name for folder in scenario.border_folders for name in BORDER_DATA):
        try:
            digest.update(f"{path}".encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        except OSError as error:  # Whoever reads the border says what is wrong with it.
            digest.update(f"{path} {error.errno}".encode())
    return digest.hexdigest()


def _lay_out(scenario: Scenario) -> World:
    """Read the border of a scenario and lay out what lies along it."""
    border = read_border(scenario)
    segments = segments_of(border)
    settlements = lay_out_settlements(border, scenario)
    roads = Roads(border, scenario, segments, settlements)
    _check(scenario, segments, roads)
    posts = lay_out_posts(border, scenario)
    world = World(
        border=border,
        segments=segments,
        posts=posts,
        settlements=settlements,
        roads=roads,
        twins={
            pair: held_by_both(*(posts[number] for number in pair))
            for pair in twin_pairs(posts, scenario, "facing")
        },
        communication=communication_graph(posts, segments),
        sides=sides_of(segments),
    )
    # Copies have what is worked out only once.
    for name in _WORKED_OUT:
        getattr(world, name)
    return world


_WORKED_OUT = ("facing", "meeting", "skies", "length_km", "holder")


def _check(scenario: Scenario, segments: list[Segment], roads: Roads) -> None:
    """Check that what a scenario names lies on its line."""
    sides = sides_of(segments)
    kinds = {"allocation.kind": scenario.policy.allocation.kind}
    errors = lacking_sides(per_side(scenario), sides, str(scenario.path))
    errors += lacking_sides(kinds, sides, f"{scenario.path} with policy {scenario.policy_name}")
    if errors:
        raise InputErrors(errors)
    check_groups(scenario, segments, roads)
    check_places(scenario, segments)

"""Where posts and settlements are: laid out synthetically, so that lengths match the record."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from heapq import heappop, heappush
from itertools import islice
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
    for side, line in _lines_of(segments).items():
        wanted = for_side(scenario.posts.sector_km, side)
        title = for_side(scenario.posts.title, side)
        stretches: dict[tuple[str, str], set[int]] = {}
        for segment in line:
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


def _lines_of(segments: Iterable[Segment]) -> dict[str, list[Segment]]:
    """Give the segments of each side, in order of number; sides ascending."""
    lines: dict[str, list[Segment]] = {}
    for segment in segments:
        for side in segment.sides:
            lines.setdefault(side, []).append(segment)
    return dict(sorted(lines.items()))


def _cut(run: list[int], segments: list[Segment], wanted: float) -> list[list[int]]:
    """Cut a run of segments into sectors of even length."""
    total = fsum(segments[number].length_km for number in run)
    count = min(len(run), max(1, round(total / wanted)))
    sectors: list[list[int]] = [[] for _ in range(count)]
    walked, filled = 0.0, -1
    for index, number in enumerate(run):
        length = segments[number].length_km
        middle = walked + length / 2.0
        slot = min(int(middle / total * count), count - 1)
        # Never leave a later sector empty, nor skip one.
        slot = max(min(slot, filled + 1), count - (len(run) - index), filled, 0)
        sectors[slot].append(number)
        filled = slot
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
    for side, line in _lines_of(segments).items():
        stretches: dict[str, set[int]] = {}
        for segment in line:
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


def travel_hours(
    graph: "nx.Graph[int]", scenario: Scenario, settlement: Settlement, most: int | None = None
) -> dict[int, float]:
    """Hours from a settlement to the segments that it can reach along its own side.

    Shortest paths on the border graph, half a segment at each end, plus the way to the line.

    Parameters
    ----------
    graph, scenario : the border, and how fast one is there
    settlement : from where
    most : how many segments are wanted, those that take least time; all of them if missing

    Returns
    -------
    Hours by segment, ascending.
    """
    speed = scenario.world.carrier_kmh
    access = scenario.world.settlement_depth_km / speed
    found = islice(_nearest_first(graph, settlement), most)
    return {number: access + km / speed for number, km in found}


def _nearest_first(graph: "nx.Graph[int]", settlement: Settlement) -> Iterator[tuple[int, float]]:
    """Give the segments of a settlement's side and the way to them, km, as Dijkstra (1959) does."""
    queue = [(0.0, settlement.segment)]
    passed: set[int] = set()
    while queue:
        km, number = heappop(queue)
        if number in passed:
            continue
        passed.add(number)
        yield number, km
        for other, joint in graph[number].items():
            if other not in passed and settlement.side in graph.nodes[other]["segment"].sides:
                heappush(queue, (km + joint["km"], other))


_AROUND_KM = 200.0
"""How far from a segment ways along the line are looked for at first."""


class Roads:
    """Where groups may live, and their ways over the line, worked out when first asked for.

    They depend on the world alone, so that all groups and all runs share them. Ways are looked for
    among the segments nearest to both ends, and among twice as many until no segment left out could
    be among those wanted: what is found is what a search of the whole line finds.

    Parameters
    ----------
    graph, scenario : the border, and how fast one is there
    segments, settlements : in order of number

    Attributes
    ----------
    goals : the settlements of a side that take least time to get to from one across the line
    ways : the segments over which it takes least time from one settlement to another, with hours
    """

    def __init__(
        self,
        graph: "nx.Graph[int]",
        scenario: Scenario,
        segments: list[Segment],
        settlements: list[Settlement],
    ) -> None:
        self._graph, self._scenario = graph, scenario
        self._access = scenario.world.settlement_depth_km / scenario.world.carrier_kmh
        self._lines = Counter(frozenset(segment.sides) for segment in segments)
        self._at: dict[tuple[str, int], list[Settlement]] = {}
        self._facing: dict[tuple[str, str], list[Settlement]] = {}
        for place in settlements:
            across = segments[place.segment].other_side(place.side)
            self._at.setdefault((place.side, place.segment), []).append(place)
            self._facing.setdefault((place.side, across), []).append(place)
        self._homes: dict[tuple[str, str, tuple[str, ...]], list[Settlement]] = {}
        self._reached: dict[int, tuple[int, dict[int, float]]] = {}
        self.goals, self.ways = cache(self._find_goals), cache(self._find_ways)
        self._around: dict[int, tuple[float, dict[int, float]]] = {}

    def km_between(self, here: int, there: int) -> float:
        """Way along the line between two segments, km, from the middle of each."""
        km, ways = self._around.get(here, (_AROUND_KM, None))
        while ways is None or there not in ways:
            km = km if ways is None else 2.0 * km
            search = nx.single_source_dijkstra_path_length
            ways = dict(search(self._graph, here, cutoff=km, weight="km"))
            self._around[here] = km, ways
        return ways[there]

    def homes(self, group: Groups) -> list[Settlement]:
        """Give the settlements that a kind of group may live in: on the line with where it goes."""
        key = group.origin, group.destination, group.provinces
        if key not in self._homes:
            self._homes[key] = [
                place
                for place in self._facing.get((group.origin, group.destination), ())
                if not group.provinces or place.province in group.provinces
            ]
        return self._homes[key]

    def _find_goals(self, home: Settlement, side: str) -> list[Settlement]:
        """Give the five settlements of a side that take least time to get to the line at."""
        wanted, most = _GOALS, _FIRST
        there = len(self._facing[side, home.side])
        while True:
            hours, beyond = self._reach(home, most)
            found = sorted(
                (hours[segment], place.number, place)
                for segment in hours
                for place in self._at.get((side, segment), ())
            )
            enough = len(found) >= wanted and found[wanted - 1][0] < beyond
            if enough or beyond == inf or len(found) == there:
                return [place for _, _, place in found[:wanted]]
            most *= 2

    def _find_ways(self, home: Settlement, goal: Settlement, wanted: int) -> dict[int, float]:
        """Find the segments over which it takes least time from one settlement to another.

        Returns
        -------
        Hours by segment, by hours and number; as many as are wanted, if there are so many.
        """
        line = self._lines[frozenset((home.side, goal.side))]
        most = max(_FIRST, 3 * wanted)
        while True:
            (out, out_beyond), (onward, onward_beyond) = (
                self._reach(each, most) for each in (home, goal)
            )
            found = sorted((out[number] + onward[number], number) for number in out.keys() & onward)
            # Of a segment left out one leg takes as long as that, the other the way to the line.
            beyond = min(out_beyond, onward_beyond) + self._access
            enough = len(found) >= wanted and found[wanted - 1][0] < beyond
            if enough or beyond == inf or len(found) == line:
                return {number: hours for hours, number in found[:wanted]}
            most *= 2

    def _reach(self, place: Settlement, most: int) -> tuple[dict[int, float], float]:
        """Give hours to at least so many segments, and hours that no other segment is below."""
        asked, hours = self._reached.get(place.number, (0, {}))
        if asked < most:
            asked, hours = most, travel_hours(self._graph, self._scenario, place, most)
            self._reached[place.number] = asked, hours
        return hours, inf if len(hours) < asked else next(reversed(hours.values()))


_GOALS, _FIRST = 5, 40
"""Settlements across that a group may go to; segments looked at first around a settlement."""

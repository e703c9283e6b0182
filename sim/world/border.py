"""The border graph: segments of line, how they meet, and what is known of each."""

import csv
import json
import math
from collections import defaultdict
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import combinations
from math import fsum
from pathlib import Path
from typing import Any

import networkx as nx

from sim.errors import InputError, InputErrors, os_error_as_input_error
from sim.scenario import Scenario
from sim.scenario.files import nearest
from sim.world.places import Ends, Piece, Point, around, ends_of, nearest_place, tripoints

GATE_KINDS = ("international", "main", "secondary")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of line about ten kilometres long, between two countries.

    Attributes
    ----------
    number : its index and its node in the border graph
    length_km : along the line, scaled to the published length
    sides : the two countries, ISO 3166 alpha-3
    provinces : the province on each of the sides, in the same order
    relief : 1 low, 2 middle, 3 high
    gate : kind of border gate on it, or ""
    polyline : lon/lat of its course, degrees
    left : the side to the left of its course
    """

    number: int
    length_km: float
    sides: tuple[str, str]
    provinces: tuple[str, str]
    relief: int
    gate: str
    polyline: tuple[Point, ...]
    left: str

    def province_of(self, side: str) -> str:
        """Give the province on one of its sides."""
        return self.provinces[self.sides.index(side)]

    def other_side(self, side: str) -> str:
        """Give the side across the line."""
        return self.sides[1] if side == self.sides[0] else self.sides[0]

    @property
    def middle(self) -> Point:
        """Lon/lat of the vertex half-way along the polyline."""
        return self.polyline[len(self.polyline) // 2]


def read_border(scenario: Scenario) -> "nx.Graph[int]":
    """Build the border graph of a scenario from its folders of border data.

    Returns
    -------
    A graph whose node n has attribute `segment` (a `Segment` of number n); an edge joins segments
    that meet, of one pair of countries or, at a tripoint, of different ones, and has attributes
    `km`, from the middle of one to that of the other, and `place`, lon/lat where they meet. Node
    numbers run from 0, folder by folder, and along the line within each.

    Raises
    ------
    InputError : border data are missing, malformed or contradict each other, or the scenario asks
        for a part of the line that there is not
    """
    rows = _read_folders(scenario)
    pieces = [Piece(row["sides"], row["polyline"], row["length_km"]) for row in rows]
    ends = ends_of(pieces, scenario.world.tripoint_km)
    kept = _part_wanted(rows, pieces, ends, scenario)
    measured = fsum(rows[index]["length_km"] for index in kept)
    published = scenario.world.published_length_km
    scale = published / measured if published else 1.0
    graph: nx.Graph[int] = nx.Graph()
    meetings: defaultdict[Point, list[int]] = defaultdict(list)
    for number, index in enumerate(kept):
        row = rows[index] | {"length_km": rows[index]["length_km"] * scale}
        graph.add_node(number, segment=Segment(number=number, **row))
        for end in set(ends[index]):
            meetings[end].append(number)
    for place, meeting in meetings.items():
        for first, second in combinations(meeting, 2):
            lengths = (graph.nodes[each]["segment"].length_km for each in (first, second))
            graph.add_edge(first, second, km=sum(lengths) / 2.0, place=place)
    return graph


def _part_wanted(
    rows: list[dict[str, Any]], pieces: list[Piece], ends: list[Ends], scenario: Scenario
) -> list[int]:
    """Choose the segments of the part of the line that the scenario is about."""
    provinces, km = set(scenario.world.provinces), scenario.world.within_km
    kept = list(range(len(rows)))
    if provinces:
        _check_provinces(rows, scenario)
        kept = [index for index in kept if provinces & set(rows[index]["provinces"])]
    if km is not None:
        near = set(around(pieces, ends, _centres(pieces, ends, scenario, km), km))
        kept = [index for index in kept if index in near]
    if not kept:
        raise InputError(
            "no line is left", where=f"{scenario.path}: world", remedy="ask for more of it"
        )
    return kept


def _centres(pieces: list[Piece], ends: list[Ends], scenario: Scenario, km: float) -> list[Point]:
    """Find the places that the part of the line wanted lies around."""
    centre = scenario.world.around
    if centre is None:
        meeting = tripoints(pieces, ends)
        if not meeting:
            raise InputError(
                "there is no tripoint to be near",
                where=f"{scenario.path}: world.within_km",
                remedy="name a place in world.around",
            )
        return meeting
    place, away = nearest_place(ends, (centre[0], centre[1]))
    if away > km:
        raise InputError(
            f"the line is {away:,.0f} km away, at {place[0]:g}, {place[1]:g}",
            where=f"{scenario.path}: world.around",
            remedy="give longitude and latitude of a place near the line, in this order",
        )
    return [place]


def _check_provinces(rows: list[dict[str, Any]], scenario: Scenario) -> None:
    known = sorted({province for row in rows for province in row["provinces"]})
    errors = [
        InputError(
            f"no province {name!r}",
            where=f"{scenario.path}: world.provinces",
            remedy=nearest(name, known),
        )
        for name in scenario.world.provinces
        if name not in known
    ]
    if errors:
        raise InputErrors(errors)


def _read_folders(scenario: Scenario) -> list[dict[str, Any]]:
    """Read the border data of all pairs of countries, one after the other."""
    rows: list[dict[str, Any]] = []
    known: dict[frozenset[str], Path] = {}
    for folder in scenario.border_folders:
        more = _read_folder(folder)
        pair = frozenset(more[0]["sides"])
        if pair in known:
            raise InputError(
                f"is of the same two sides as {known[pair]}",
                where=str(folder),
                remedy="name one folder for each pair of countries in world.borders",
            )
        known[pair] = folder
        rows += more
    return rows


def _read_folder(folder: Path) -> list[dict[str, Any]]:
    """Read `segments.csv`, `line.geojson` and, if there, `gates.csv` of one pair of countries.

    Where a province is not told, the whole country stands for it, by its code; where it is not
    told who is to the left of the line, it is the side that is named first.
    """
    path = folder / "segments.csv"
    table = _read_csv(path, ("segment", "length_km", "relief_class"))
    columns = [name for name in table[0] if name.startswith("province_")]
    if len(columns) != 2:
        raise InputError(
            f"has {len(columns)} province columns", where=str(path), remedy="two name the sides"
        )
    sides = tuple(name.removeprefix("province_").upper() for name in columns)
    lines = _read_lines(folder / "line.geojson")
    gates = _read_gates(folder / "gates.csv")
    rows = []
    for line_number, row in enumerate(table, start=2):
        where = f"{path}: line {line_number}"
        number = _number(row["segment"], f"{where}: segment")
        length = _number(row["length_km"], f"{where}: length_km")
        if length <= 0:
            raise InputError(f"length {length} is not above 0", where=where)
        if row["relief_class"] not in ("1", "2", "3"):
            raise InputError(f"relief {row['relief_class']!r} is not 1, 2 or 3", where=where)
        if number not in lines:
            raise InputError(f"line.geojson has no segment {number:g}", where=where)
        left = row.get("left", "").strip() or sides[0]
        if left not in sides:
            advice = nearest(left, list(sides))
            raise InputError(f"{left!r} to the left is no side", where=where, remedy=advice)
        rows.append(
            {
                "length_km": length,
                "sides": sides,
                "provinces": tuple(
                    row[column].strip() or side for column, side in zip(columns, sides, strict=True)
                ),
                "relief": int(row["relief_class"]),
                "gate": gates.get(int(number), ""),
                "polyline": lines[int(number)],
                "left": left,
            }
        )
    return rows


def _told_if_refused(path: Path) -> AbstractContextManager[None]:
    remedy = "check it, and world.borders in the scenario"
    return os_error_as_input_error("cannot be read", where=path, remedy=remedy)


def _read_csv(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        with _told_if_refused(path), path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot be read: {error}", where=str(path)) from None
    if not rows:
        raise InputError("has no rows", where=str(path))
    missing = [name for name in needed if name not in rows[0]]
    if missing:
        raise InputError(f"lacks the columns {', '.join(missing)}", where=str(path))
    if any(None in row.values() for row in rows):
        raise InputError("has rows that are too short", where=str(path))
    if any(None in row for row in rows):
        raise InputError("has rows that are too long", where=str(path))
    return rows


def _read_lines(path: Path) -> dict[int, tuple[Point, ...]]:
    """Read the course of each segment."""
    try:
        with _told_if_refused(path):
            text = path.read_text(encoding="utf-8")
        lines = _lines_in(text)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise InputError(f"is not a GeoJSON of segments: {error!r}", where=str(path)) from None
    if any(len(line) < 2 for line in lines.values()):
        raise InputError("has a line of fewer than two points", where=str(path))
    if not all(math.isfinite(x) for line in lines.values() for point in line for x in point):
        raise InputError("has a place that is not finite", where=str(path))
    return lines


@lru_cache(maxsize=4)
def _lines_in(text: str) -> dict[int, tuple[Point, ...]]:
    """Parse the courses of segments; worlds that differ in other things have the same."""
    return {
        int(feature["properties"]["segment"]): tuple(
            (float(lon), float(lat)) for lon, lat, *_ in feature["geometry"]["coordinates"]
        )
        for feature in json.loads(text)["features"]
    }


def _read_gates(path: Path) -> dict[int, str]:
    """Read the gates whose segment is known."""
    if not path.exists():
        return {}
    rows = _read_csv(path, ("gate", "kind", "segment"))
    gates = {}
    for line_number, row in enumerate(rows, start=2):
        where = f"{path}: line {line_number}"
        if row["kind"] not in GATE_KINDS:
            advice = nearest(row["kind"], list(GATE_KINDS))
            raise InputError(f"no kind of gate {row['kind']!r}", where=where, remedy=advice)
        if row["segment"].strip():
            gates[int(_number(row["segment"], f"{where}: segment"))] = row["kind"]
    return gates


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"{text!r} is not a number", where=where) from None
    if not math.isfinite(value):
        raise InputError(f"{text!r} is not finite", where=where)
    return value


def chains(graph: "nx.Graph[int]", keep: set[int]) -> list[list[int]]:
    """Cut a set of segments into runs in which each meets the next.

    A run goes through a segment from one end to the other, and on to the segment that begins
    where this one ends.

    Parameters
    ----------
    graph : border graph
    keep : node numbers to cut up

    Returns
    -------
    Runs in ascending order of their first number; within a run, segments follow the line.
    """
    left = set(keep)
    runs = []
    # Who once meets one other at most does so for good, as there are ever fewer left to meet.
    ends = [node for node in left if len(_meetings(graph, node, left)) <= 1]
    heapify(ends)
    inner = sorted(left, reverse=True)
    while left:
        node = heappop(ends) if ends else inner.pop()
        if node not in left:
            continue
        run, came_by = [], None
        while True:
            run.append(node)
            left.discard(node)
            onward = _meetings(graph, node, left)
            onward.pop(came_by, None)
            if not onward:
                break
            node, came_by = min((min(others), place) for place, others in onward.items())
        runs.append(run)
        for other in {other for node in run for other in graph[node]} & left:
            if len(_meetings(graph, other, left)) <= 1:
                heappush(ends, other)
    return sorted(runs)


def _meetings(graph: "nx.Graph[int]", node: int, left: set[int]) -> dict[Point | None, list[int]]:
    """Give the segments left that meet a segment, by the place where they do."""
    meetings: dict[Point | None, list[int]] = {}
    for other, joint in graph[node].items():
        if other in left:
            meetings.setdefault(joint["place"], []).append(other)
    return meetings

"""Where lines begin, end and meet: tripoints, and the part of a world that lies around a place."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import networkx as nx

Point = tuple[float, float]
Ends = tuple[Point, Point]

KM_PER_DEGREE = 111.2
"""Of latitude, on a sphere; enough to tell what is near."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment as far as it matters where it lies.

    Attributes
    ----------
    sides : the two countries
    polyline : lon/lat of its course, degrees
    length_km : along the line
    """

    sides: tuple[str, str]
    polyline: Sequence[Point]
    length_km: float

    @property
    def pair(self) -> frozenset[str]:
        """Its two countries, in no order."""
        return frozenset(self.sides)


def ends_of(pieces: Sequence[Piece], tripoint_km: float) -> list[Ends]:
    """Give the places at which each segment begins and ends.

    Ends of segments within a line meet where they are drawn, to 1e-4 degree. Files of different
    sources draw a tripoint differently, so that the ends of the lines of different pairs with a
    side in common are one place if they are near each other.

    Parameters
    ----------
    pieces : all segments
    tripoint_km : how near is near, km

    Returns
    -------
    Two places for each segment, named by a point; equal names are one place.
    """
    drawn = [(_rounded(each.polyline[0]), _rounded(each.polyline[-1])) for each in pieces]
    lines: dict[Point, Counter[frozenset[str]]] = {}
    for piece, ends in zip(pieces, drawn, strict=True):
        for end in ends:
            lines.setdefault(end, Counter())[piece.pair] += 1
    loose = [end for end, counts in lines.items() if 1 in counts.values()]
    close = sorted(
        (distance, first, second)
        for first, second in _on_like_latitudes(loose, tripoint_km)
        if (distance := km_between(first, second)) <= tripoint_km
    )
    name = {end: end for end in lines}
    pairs = {end: set(counts) for end, counts in lines.items()}
    for _, first, second in close:
        here, there = name[first], name[second]
        if here != there and _may_meet(pairs[here], pairs[there]):
            pairs[here] |= pairs.pop(there)
            name.update({end: here for end, known in name.items() if known == there})
    return [(name[first], name[last]) for first, last in drawn]


def _on_like_latitudes(places: Iterable[Point], km: float) -> Iterator[tuple[Point, Point]]:
    """Give the pairs of places, the lesser first, whose latitudes are so near, or a little less."""
    ranked = sorted(places, key=lambda place: place[1])
    degrees = 1.001 * km / KM_PER_DEGREE
    for index, first in enumerate(ranked):
        for other in range(index + 1, len(ranked)):
            second = ranked[other]
            if second[1] - first[1] > degrees:
                break
            yield min(first, second), max(first, second)


def _may_meet(here: set[frozenset[str]], there: set[frozenset[str]]) -> bool:
    """Whether all lines at two places are of different pairs, and some have a side in common."""
    return not here & there and any(one & other for one in here for other in there)


def tripoints(pieces: Sequence[Piece], ends: Sequence[Ends]) -> list[Point]:
    """Give the places at which lines of different pairs meet, ascending."""
    pairs: dict[Point, set[frozenset[str]]] = {}
    for piece, places in zip(pieces, ends, strict=True):
        for place in places:
            pairs.setdefault(place, set()).add(piece.pair)
    return sorted(place for place, known in pairs.items() if len(known) > 1)


def nearest_place(ends: Sequence[Ends], to: Point) -> tuple[Point, float]:
    """Give the end of a segment that is nearest to a point, and how far away it is, km."""
    places = sorted({place for both in ends for place in both})
    return min(((place, km_between(place, to)) for place in places), key=lambda each: each[1])


def around(
    pieces: Sequence[Piece], ends: Sequence[Ends], centres: Sequence[Point], km: float
) -> list[int]:
    """Find the segments whose middle is within so many km, along the line, of some places.

    Returns
    -------
    Indices of segments, ascending.
    """
    lines: nx.Graph[Point] = nx.Graph()
    for piece, (first, last) in zip(pieces, ends, strict=True):
        known = lines.get_edge_data(first, last, {"km": math.inf})["km"]
        lines.add_edge(first, last, km=min(known, piece.length_km))
    away: dict[Point, float] = nx.multi_source_dijkstra_path_length(
        lines, set(centres), weight="km"
    )
    return [
        index
        for index, (piece, both) in enumerate(zip(pieces, ends, strict=True))
        if min(away.get(end, math.inf) for end in both) + piece.length_km / 2.0 <= km
    ]


def km_between(first: Point, second: Point) -> float:
    """Distance of two places near each other, km."""
    middle = math.radians((first[1] + second[1]) / 2.0)
    east = (second[0] - first[0] + 180.0) % 360.0 - 180.0
    return KM_PER_DEGREE * math.hypot(east * math.cos(middle), second[1] - first[1])


def _rounded(point: Point) -> Point:
    return round(point[0], 4), round(point[1], 4)

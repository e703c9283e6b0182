"""The line that two countries share: where their outlines run along each other.

Outlines that share vertices share exact edges; drawings that differ slightly are matched within the
least tolerance that finds the line.
"""

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.world.countries import Country
from sim.world.shapes import Polygon, Ring

TOLERANCES = (1e-5, 1e-4, 1e-3, 1e-2)
"""Degrees by which two drawings of one border may differ, about 1 m to 1 km."""

SLIGHT_TOLERANCE = 1e-4
CLEARLY_MORE = 1.05
WIDEST_GAP = 10
"""Tolerances by which drawings may part in between; the line is taken to run on."""

SHORTEST_CONTACT = 20
"""Tolerances along which outlines must stay near each other to share a line."""

REACH = WIDEST_GAP * TOLERANCES[-1]
STRAIGHT_DEGREES = 0.25
"""A side of a polygon is straight in longitude and latitude (RFC 7946, 3.1.1); in steps of a
quarter degree it is that, within some 10 m, along the geodesic too."""

Node = tuple[float, float]
Edge = tuple[Node, Node]
Chain = list[Node]


def border_chains(first: Country, second: Country, is_topology: bool) -> list[Chain]:
    """Chains of the line between two countries, the same in whichever order they are given."""
    base, other = (
        country.polygons() for country in sorted((first, second), key=lambda country: country.code)
    )
    shared = _chained(_shared_runs(base, other))
    return shared if is_topology else near_chains(base, other, shared)


def _directed_rings(polygons: Iterable[Polygon]) -> list[Chain]:
    """Rings as nodes with the country on their left; the two sides of the antimeridian are one."""
    rings = []
    for polygon in polygons:
        for place, ring in enumerate(polygon):
            anticlockwise = signed_area(ring) > 0
            directed = ring if anticlockwise == (place == 0) else ring[::-1]
            longitude = 180.0 - np.mod(180.0 - directed[:, 0], 360.0)
            nodes = np.round(np.column_stack([longitude, directed[:, 1]]), 7).tolist()
            rings.append([(x, y) for x, y in nodes])
    return rings


def signed_area(ring: Ring) -> float:
    """Area in square degrees, above 0 if the ring runs anticlockwise."""
    x, y = np.unwrap(ring[:, 0], period=360.0), ring[:, 1]
    x, y = x - x[0], y - y[0]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2


def outline(polygons: Iterable[Polygon]) -> set[Edge]:
    """Directed edges of a country's outline; edges between two of its own parts cancel."""
    edges = {edge for ring in _directed_rings(polygons) for edge in itertools.pairwise(ring)}
    return {(start, end) for start, end in edges if (end, start) not in edges}


def _shared_runs(base: list[Polygon], other: list[Polygon]) -> list[Chain]:
    """Longest runs of edges along the rings of `base` that `other` has the opposite way."""
    theirs = outline(other)
    common = {(start, end) for start, end in outline(base) if (end, start) in theirs}
    runs = []
    for ring in _directed_rings(base):
        run = ring[:1]
        for edge in itertools.pairwise(ring):
            if edge in common:
                common.remove(edge)
                run.append(edge[1])
            else:
                runs.append(run)
                run = [edge[1]]
        runs.append(run)
    return [run for run in runs if len(run) > 1]


def _chained(runs: Iterable[Chain]) -> list[Chain]:
    """Join runs into simple chains and rings where exactly two ends meet.

    A run passes through a point where the border touches itself, as the outline does.
    """
    import shapely

    merged = shapely.line_merge(shapely.MultiLineString(list(runs)))
    chains = ([(x, y) for x, y in line.coords] for line in shapely.get_parts(merged))
    return [simple for chain in chains for simple in _simple_chains(chain)]


def _simple_chains(chain: Chain) -> list[Chain]:
    """Cut the loops off a chain that touches itself; each becomes a ring of its own."""
    simple: list[Chain] = []
    path: Chain = []
    place: dict[Node, int] = {}
    for node in chain:
        if node in place:
            start = place[node]
            loop = [*path[start:], node]
            if len(loop) > 2:
                simple.append(loop)
            for left in path[start + 1 :]:
                del place[left]
            del path[start + 1 :]
        else:
            place[node] = len(path)
            path.append(node)
    return [*simple, path] if len(path) > 1 else simple


def near_chains(
    base: list[Polygon], other: list[Polygon], shared: Sequence[Chain] = ()
) -> list[Chain]:
    """Chains of `base` that run along `other`, for files whose neighbours are drawn apart.

    What the two share exactly counts as found with no tolerance, and a wider one is taken only if
    it finds clearly more. Where they do share edges, a wide one must also join up what lay in
    pieces: in a good file it merely follows the coasts that run out from the ends of the border.
    A chain may reach beyond the true end by the tolerance.
    """
    best, best_size = list(shared), 0.0
    mine, theirs = _facing_edges(base, other)
    for size in TOLERANCES:
        chains = _within(mine, theirs, size)
        is_doubtful = shared and size > SLIGHT_TOLERANCE and len(chains) >= len(shared)
        if not is_doubtful and _degrees(chains, size) > CLEARLY_MORE * _degrees(best, best_size):
            best, best_size = chains, size
    return list(shared) if best_size and overlap(base, other) else best


def _facing_edges(base: list[Polygon], other: list[Polygon]) -> tuple[Any, Any]:
    """Edges of each outline that are anywhere near the other's, as multi-lines.

    Long coasts are dropped here, before the costly work.
    """
    import shapely

    sides = [
        np.array(shapely.linestrings(straight_edges(polygons)), dtype=object)
        for polygons in (base, other)
    ]
    trees = [shapely.STRtree(side) for side in sides]
    near = [
        tree.query_nearest(side, max_distance=REACH, all_matches=False)[0]
        for side, tree in zip(sides, reversed(trees), strict=True)
    ]
    mine, theirs = (
        shapely.line_merge(shapely.multilinestrings(side[np.unique(index)]))
        for side, index in zip(sides, near, strict=True)
    )
    return mine, theirs


def _within(mine: Any, theirs: Any, tolerance: float) -> list[Chain]:
    """Stretches of one outline within a tolerance of the other, degrees, short gaps closed.

    At a mere point of contact such a stretch is some tolerances long, the more the sharper the
    corner, so it must be longer.
    """
    import shapely

    zone = shapely.buffer(theirs, tolerance, quad_segs=2)
    inside = _runs(shapely.intersection(mine, zone))
    ends = {node for run in inside for node in (run[0], run[-1])}
    gaps = [
        run
        for run in _runs(shapely.difference(mine, zone))
        if {run[0], run[-1]} <= ends and _degrees([run], 0.0) < WIDEST_GAP * tolerance
    ]
    chains = _chained(inside + gaps)
    return [chain for chain in chains if _degrees([chain], 0.0) > SHORTEST_CONTACT * tolerance]


def _runs(lines: Any) -> list[Chain]:
    """Join lines where two of their ends meet, into runs of rounded nodes."""
    import shapely

    parts = shapely.get_parts(shapely.line_merge(lines))
    rounded = [
        [(round(x, 7), round(y, 7)) for x, y in part.coords]
        for part in parts
        if part.geom_type == "LineString"
    ]
    runs = [[node for node, _ in itertools.groupby(run)] for run in rounded]
    return [run for run in runs if len(run) > 1]


def _degrees(chains: Iterable[Chain], tolerance: float) -> float:
    """Length of chains without what a tolerance adds at both ends, degrees."""
    return sum(
        max(0.0, sum(itertools.starmap(math.dist, itertools.pairwise(chain))) - 2 * tolerance)
        for chain in chains
    )


def overlap(base: list[Polygon], other: list[Polygon]) -> bool:
    """Whether one country is drawn inside the other, as a territory and its state may be.

    The middle of the smaller one's largest part tells.
    """
    import shapely

    surfaces = sorted((surface(polygons) for polygons in (base, other)), key=lambda s: s.area)
    smaller, larger = surfaces
    part = max(shapely.get_parts(smaller), key=lambda polygon: polygon.area)
    return bool(shapely.intersects(larger, part.representative_point()))


def surface(polygons: Iterable[Polygon]) -> Any:
    """Give the area of some polygons as one shape, mended where rings cross."""
    import shapely

    return shapely.MultiPolygon([(polygon[0], polygon[1:]) for polygon in polygons])


def straight_edges(polygons: Iterable[Polygon]) -> npt.NDArray[np.float64]:
    """Edges of all rings, shape (n, 2, 2), but for those that jump across the antimeridian."""
    rings = [ring for polygon in polygons for ring in polygon]
    edges: npt.NDArray[np.float64] = np.concatenate(
        [np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings]
    )
    steps = np.abs(edges[:, 1] - edges[:, 0])
    is_straight: npt.NDArray[np.bool_] = (steps > 0).any(axis=1) & (steps[:, 0] < 180)
    return edges[is_straight]


def dense(chain: Chain) -> Ring:
    """Vertices of a chain without jumps in longitude, and no further apart than is straight."""
    import shapely

    points = np.array(chain)
    points[:, 0] = np.unwrap(points[:, 0], period=360.0)
    points[:, 0] -= 360.0 * np.round(points[:, 0].mean() / 360.0)
    line = shapely.segmentize(shapely.LineString(points), STRAIGHT_DEGREES)
    return np.array(line.coords)

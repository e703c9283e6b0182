"""The line of a border as pieces in order, and the equally long segments they are cut into."""

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.world.shapes import Ring
from sim.world.shared_line import Chain, dense, signed_area

SHORTEST_PIECE_KM = 0.05
"""A shorter contact of two outlines is a point or a flaw of the drawing."""


@dataclass(frozen=True)
class Segment:
    """A stretch of border.

    Parameters
    ----------
    piece : number of the chain or ring it lies on
    km_from_start : from the start of the piece to the start of the segment, km
    length_km : WGS84 geodesic, km
    points : longitude and latitude, degrees, rounded to 1e-5; at least two
    """

    piece: int
    km_from_start: float
    length_km: float
    points: Chain


def pieces_of(chains: Iterable[Chain]) -> list[Ring]:
    """Chains as continuous lines of degrees, slivers dropped, directed and in order.

    A line that crosses the antimeridian runs on beyond 180 degrees rather than jump.
    """
    pieces = [dense(chain) for chain in chains]
    pieces = [piece for piece in pieces if distances_along(piece)[-1] >= SHORTEST_PIECE_KM]
    if not pieces:
        return []
    points = np.concatenate(pieces)
    width, height = np.ptp(points, axis=0)
    is_tall = height >= width * math.cos(math.radians(points[:, 1].mean()))

    def rank(point: Sequence[float]) -> tuple[float, float]:
        return (-point[1], point[0]) if is_tall else (point[0], -point[1])

    directed = [_directed(piece, [rank(point) for point in piece.tolist()]) for piece in pieces]
    return sorted(directed, key=lambda piece: [rank(point) for point in piece.tolist()])


def _directed(piece: Ring, ranks: list[tuple[float, float]]) -> Ring:
    """Piece from its end of lower rank; a ring from its lowest vertex, clockwise."""
    if not is_ring(piece):
        return piece if ranks[0] <= ranks[-1] else piece[::-1]
    turned = np.roll(piece[:-1], -ranks.index(min(ranks)), axis=0)
    closed = np.concatenate([turned, turned[:1]])
    return closed if signed_area(closed) < 0 else closed[::-1]


def is_ring(piece: Ring) -> bool:
    """Whether a piece ends where it begins."""
    return bool((piece[0] == piece[-1]).all())


def distances_along(piece: Ring) -> npt.NDArray[np.float64]:
    """Distance of each vertex from the start along the piece, WGS84 geodesic, km."""
    from pyproj import Geod

    longitude, latitude = piece.T
    _, _, metres = Geod(ellps="WGS84").inv(
        longitude[:-1], latitude[:-1], longitude[1:], latitude[1:]
    )
    return np.concatenate([[0.0], np.cumsum(metres) / 1000])


def cut(piece: Ring, number: int, segment_km: float) -> list[Segment]:
    """Equally long segments of a piece, as near to the length wanted as a whole number allows."""
    along = distances_along(piece)
    count = max(1, round(along[-1] / segment_km))
    ends = np.linspace(0.0, along[-1], count + 1)
    cuts = _rounded(np.column_stack([np.interp(ends, along, axis) for axis in piece.T]))
    vertices = _rounded(piece)
    after = np.searchsorted(along, ends[:-1], side="right")
    before = np.searchsorted(along, ends[1:], side="left")
    return [
        Segment(
            number,
            float(ends[i]),
            float(along[-1]) / count,
            _without_repeats([cuts[i], *vertices[after[i] : before[i]], cuts[i + 1]]),
        )
        for i in range(count)
    ]


def _rounded(points: Ring) -> Chain:
    # Adding 0.0 turns -0.0 into 0.0.
    return [(x, y) for x, y in (np.round(points, 5) + 0.0).tolist()]


def _without_repeats(points: Chain) -> Chain:
    kept = [point for point, _ in itertools.groupby(points)]
    return kept if len(kept) > 1 else [points[0], points[-1]]

"""Which of two countries is on which hand of their line."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.world.countries import Country
from sim.world.shapes import Ring
from sim.world.shared_line import surface

ASIDE_DEGREES = 1e-3
"""How far to the left and right one looks, about 100 m, and less beside shorter edges."""


def left_countries(pieces: list[Ring], pair: tuple[Country, Country]) -> list[Country]:
    """Give the country to the left of each piece of a line as it runs.

    Beside the middle of every edge it is seen in which country one is; most edges decide, and the
    first country stands if they tell nothing.

    Parameters
    ----------
    pieces : lines of longitude and latitude, degrees
    pair : the two countries
    """
    import shapely

    areas = [surface(country.polygons()) for country in pair]
    for area in areas:
        shapely.prepare(area)
    return [pair[_votes(piece, areas) < 0] for piece in pieces]


def _votes(piece: Ring, areas: list[Any]) -> int:
    """Count what speaks for the first country being on the left, less what speaks against it."""
    import shapely

    edges = np.diff(piece, axis=0)
    squeeze = np.cos(np.radians(piece[:-1, 1]))
    left = np.column_stack([-edges[:, 1], edges[:, 0] * squeeze**2])
    lengths = np.hypot(left[:, 0] * squeeze, left[:, 1])
    kept = lengths > 0
    aside = np.minimum(ASIDE_DEGREES, lengths[kept] / 4.0) / lengths[kept]
    middles, step = (piece[:-1] + edges / 2.0)[kept], left[kept] * aside[:, np.newaxis]

    def inside(places: Ring, area: Any) -> npt.NDArray[np.int64]:
        found = shapely.contains_xy(area, (places[:, 0] + 180.0) % 360.0 - 180.0, places[:, 1])
        return np.asarray(found, dtype=np.int64)

    first, second = areas
    votes = inside(middles + step, first) - inside(middles + step, second)
    votes += inside(middles - step, second) - inside(middles - step, first)
    return int(votes.sum())

"""A scenario world from the land border of any two countries in a file.

The border is where the outlines of the two countries run along each other. It is chained into
pieces, each a simple line or a ring, and the pieces are cut into segments.
"""

import importlib
import itertools
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.world.border_files import world_files, write_files
from sim.world.countries import (
    PROVINCE_NAME_KEYS,
    Country,
    countries_of,
    country_code,
    find_country,
    province_country_code,
)
from sim.world.cutting import Segment, cut, distances_along, is_ring, pieces_of
from sim.world.hands import left_countries
from sim.world.shapes import Ring, ShapeFile, read_shapes
from sim.world.shared_line import (
    TOLERANCES,
    Edge,
    border_chains,
    near_chains,
    outline,
    overlap,
    straight_edges,
    surface,
)

MOST_SEGMENTS = 1_000_000
SHORTEST_SEGMENT_KM = 0.05
"""Coordinates are written to 1e-5 degree, about 1 m, and the border graph joins what is 10 m apart;
shorter segments would be mostly rounding."""

SAMPLES_PER_SEGMENT = 9


@dataclass(frozen=True)
class ImportedBorder:
    """What an import wrote.

    Parameters
    ----------
    scenario : path of the scenario file
    names : the two countries, as the file names them, in the order asked for
    codes : their alpha-3 codes
    segments : number of segments, at least 1
    pieces : number of chains and rings they lie on, at least 1
    rings : how many of the pieces are closed
    length_km : the whole border, WGS84 geodesic, km
    """

    scenario: Path
    names: tuple[str, str]
    codes: tuple[str, str]
    segments: int
    pieces: int
    rings: int
    length_km: float


def import_border(
    first: str,
    second: str,
    countries: Path,
    provinces: Path | None = None,
    segment_km: float = 10.0,
    *,
    out: Path,
) -> ImportedBorder:
    """Make a scenario world of the land border of two countries.

    Writes `scenario.toml` and the folder `border` into `out`, all of it or nothing. The same files
    and arguments give the same bytes, and the two countries in the other order the same line.

    Pieces run from north to south, or from west to east if the border is wider than it is tall;
    rings run clockwise.

    Parameters
    ----------
    first, second : ISO 3166-1 alpha-3 codes, or exactly the names that the file gives
    countries : GeoJSON or TopoJSON file of countries
    provinces : GeoJSON or TopoJSON file of first-level divisions; without it a segment's province
        is the whole country
    segment_km : length aimed at, km; the segments of a piece are equally long
    out : folder to make, or one that holds no scenario yet

    Raises
    ------
    InputError : a file or an argument that cannot be used, or no common border
    """
    _require_geo()
    _check_segment_km(segment_km)
    _check_out(out)
    shapes = read_shapes(countries, country_code)
    known = countries_of(shapes)
    pair = (
        find_country(known, first, shapes.name),
        find_country(known, second, shapes.name),
    )
    if pair[0] is pair[1]:
        raise InputError(
            f"{first} and {second} are the same country, {pair[0].name}",
            where=shapes.name,
            remedy="give two neighbouring countries",
        )
    for country in pair:
        if not country.polygons():
            raise InputError(
                f"{country.name} has no shape in the file, which is drawn too coarsely for it",
                where=shapes.name,
                remedy="give a finer file of countries",
            )
    pieces = pieces_of(border_chains(*pair, shapes.is_topology))
    if not pieces:
        raise _no_border(*pair, known, shapes)
    length_km = float(sum(distances_along(piece)[-1] for piece in pieces))
    if length_km / segment_km > MOST_SEGMENTS:
        raise _too_short(segment_km, f"would cut {length_km:.0f} km into over {MOST_SEGMENTS:,}")
    segments = [
        segment for number, piece in enumerate(pieces) for segment in cut(piece, number, segment_km)
    ]
    divisions = read_shapes(provinces, province_country_code) if provinces else None
    sides = [_provinces(segments, country, divisions) for country in pair]
    hands = left_countries(pieces, pair)
    left = [hands[segment.piece] for segment in segments]
    write_files(out, world_files(pair, segments, sides, left, shapes, divisions, segment_km))
    return ImportedBorder(
        scenario=out / "scenario.toml",
        names=(pair[0].name, pair[1].name),
        codes=(pair[0].code, pair[1].code),
        segments=len(segments),
        pieces=len(pieces),
        rings=sum(is_ring(piece) for piece in pieces),
        length_km=length_km,
    )


def neighbouring_pairs(countries: Path) -> list[tuple[str, str]]:
    """All pairs of countries of a file whose outlines run along each other.

    Parameters
    ----------
    countries : GeoJSON or TopoJSON file of countries

    Returns
    -------
    Pairs of codes as `import_border` takes them, each pair and the list in alphabetical order; a
    country without a code stands under its name.

    Raises
    ------
    InputError : a file that cannot be used
    """
    _require_geo()
    shapes = read_shapes(countries, country_code)
    return sorted(_neighbours(countries_of(shapes), shapes.is_topology))


def _require_geo() -> None:
    """Raise InputError if the libraries of the optional extra `geo` are not installed."""
    for library in ("shapely", "pyproj", "pycountry"):
        try:
            importlib.import_module(library)
        except ImportError as error:
            raise InputError(
                f"importing a border needs the library {library}, which is not installed",
                remedy="pip install 'bordersim[geo]'",
            ) from error


def _check_segment_km(segment_km: float) -> None:
    if not math.isfinite(segment_km) or segment_km <= 0:
        raise InputError(
            f"a segment cannot be {segment_km} km long",
            where="segment_km",
            remedy="give a length in km above 0, such as 10",
        )
    if segment_km < SHORTEST_SEGMENT_KM:
        raise _too_short(segment_km, "is finer than the coordinates are kept")


def _too_short(segment_km: float, why: str) -> InputError:
    return InputError(
        f"a segment length of {segment_km} km {why}",
        where="segment_km",
        remedy="give longer segments, such as 10 km",
    )


def _check_out(out: Path) -> None:
    for path in (out / "scenario.toml", out / "border"):
        if path.exists():
            raise InputError(
                f"the folder already holds {path.name}, which would be lost",
                where=str(out),
                remedy="give another folder, or move this one away",
            )
    if out.exists() and not out.is_dir():
        raise InputError("this is a file, not a folder", where=str(out), remedy="give a folder")


def _no_border(
    first: Country, second: Country, known: dict[str, Country], shapes: ShapeFile
) -> InputError:
    """Error that says how the two lie to each other and whom each does border."""
    import shapely

    mine, theirs = first.polygons(), second.polygons()
    outlines = [shapely.MultiLineString(list(straight_edges(side))) for side in (mine, theirs)]
    if not shapely.dwithin(outlines[0], outlines[1], TOLERANCES[0]):
        relation = "do not touch"
    elif overlap(mine, theirs):
        relation = "are drawn over each other"
    else:
        relation = "touch only in a point"
    boxes = {code: _box(country) for code, country in known.items()}
    around = {
        code: country
        for code, country in known.items()
        if any(boxes[code].intersects(boxes[mine.code]) for mine in (first, second))
    }
    pairs = _neighbours(around, shapes.is_topology)
    lists = []
    for country in (first, second):
        others = sorted({code for pair in pairs if country.code in pair for code in pair})
        others = [code for code in others if code != country.code]
        lists.append(f"{country.name} borders {', '.join(others) or 'no country of the file'}")
    return InputError(
        f"{first.name} and {second.name} {relation}, so they have no land border to import",
        where=shapes.name,
        remedy="; ".join(lists),
    )


def _neighbours(countries: dict[str, Country], is_topology: bool) -> set[tuple[str, str]]:
    """Pairs of codes, each in alphabetical order, with a common line."""
    polygons = {code: country.polygons() for code, country in countries.items()}
    owners: dict[Edge, list[str]] = {}
    for code in polygons:
        for edge in outline(polygons[code]):
            owners.setdefault(edge, []).append(code)
    pairs = {
        (min(left, right), max(left, right))
        for (start, end), lefts in owners.items()
        for right in owners.get((end, start), ())
        for left in lefts
        if left != right
    }
    if is_topology:
        return pairs
    boxes = {code: _box(country) for code, country in countries.items()}
    apart = set(itertools.combinations(sorted(countries), 2)) - pairs
    return pairs | {
        (a, b)
        for a, b in apart
        if boxes[a].intersects(boxes[b]) and near_chains(polygons[a], polygons[b])
    }


def _box(country: Country) -> Any:
    """Bounding box of a country, wider by the largest tolerance."""
    import shapely

    points = np.concatenate([polygon[0] for polygon in country.polygons()] or [np.empty((0, 2))])
    if not len(points):
        return shapely.Point()
    margin = TOLERANCES[-1]
    return shapely.box(*(points.min(axis=0) - margin), *(points.max(axis=0) + margin))


def _provinces(
    segments: Iterable[Segment], country: Country, divisions: ShapeFile | None
) -> list[str]:
    """Province on a country's side of each segment: the one most of its points are nearest to.

    Only the country's own provinces compete, so it does not matter on which side a point falls if
    the two files draw the line a little differently.
    """
    if divisions is None:
        return [country.name for _ in segments]
    import shapely

    areas = [area for area in divisions.areas if province_country_code(area) == country.code]
    if not areas:
        raise InputError(
            f"no provinces of {country.name} ({country.code}) in the file",
            where=divisions.name,
            remedy="give a file of first-level divisions of both countries, or none",
        )
    names = [area.text(PROVINCE_NAME_KEYS) or country.name for area in areas]
    shares = (np.arange(SAMPLES_PER_SEGMENT) + 0.5) / SAMPLES_PER_SEGMENT
    lines = np.array([shapely.LineString(segment.points) for segment in segments])
    points = shapely.line_interpolate_point(lines[:, np.newaxis], shares, normalized=True).ravel()
    # Degrees of longitude shrink towards the poles; nearness has to be the same all round.
    middle = math.radians(float(np.mean(shapely.get_y(points))))
    squeeze = np.array([math.cos(middle), 1.0])
    tree = shapely.STRtree(
        [shapely.transform(surface(area.polygons()), lambda xy: xy * squeeze) for area in areas]
    )
    places = shapely.transform(points, lambda xy: _on_globe(xy) * squeeze)
    votes: list[Counter[str]] = [Counter() for _ in lines]
    for point, area in tree.query_nearest(places).T.tolist():
        votes[point // SAMPLES_PER_SEGMENT][names[area]] += 1
    return [min(vote, key=lambda name: (-vote[name], name)) for vote in votes]


def _on_globe(points: Ring) -> Ring:
    """Points with longitudes brought back to -180 to 180 degrees."""
    return np.column_stack([np.mod(points[:, 0] + 180.0, 360.0) - 180.0, points[:, 1]])

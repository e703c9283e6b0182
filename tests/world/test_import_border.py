"""Borders of small countries drawn by hand, whose line and length are known."""

import csv
import itertools
import json
import math
import sys
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError
from sim.world.import_border import ImportedBorder, import_border, neighbouring_pairs

pytest.importorskip("shapely")
pytest.importorskip("pyproj")
pytest.importorskip("pycountry")

Points = list[tuple[float, float]]

DEGREE_OF_LATITUDE_KM = 110.574
"""From the equator to 1 degree north, WGS84."""


def box(west: float, south: float, east: float, north: float) -> Points:
    """Ring of a rectangle, anticlockwise."""
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def feature(rings: Iterable[Points], **properties: object) -> dict[str, Any]:
    """Area of one polygon."""
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [list(ring) for ring in rings]},
    }


def geojson(path: Path, *features: dict[str, Any]) -> Path:
    """File of areas."""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def topojson(path: Path, *features: dict[str, Any]) -> Path:
    """File of the same areas with an arc for each ring, so that only equal vertices are shared."""
    arcs: list[Points] = []
    geometries = []
    for item in features:
        numbers: list[list[list[int]]] = []
        shape = item["geometry"]
        several = shape["type"] == "MultiPolygon"
        for polygon in shape["coordinates"] if several else [shape["coordinates"]]:
            numbers.append([[len(arcs) + place] for place in range(len(polygon))])
            arcs += polygon
        geometry = {"type": "MultiPolygon", "arcs": numbers, "properties": item["properties"]}
        geometries.append(geometry)
    collection = {"type": "GeometryCollection", "geometries": geometries}
    path.write_text(json.dumps({"type": "Topology", "arcs": arcs, "objects": {"c": collection}}))
    return path


in_both_formats = pytest.mark.parametrize("write", [geojson, topojson])
Writer = Callable[..., Path]


@pytest.fixture
def two_countries(tmp_path: Path) -> Path:
    """France west and Spain east of the tenth meridian, from the equator to 1 degree north."""
    return geojson(
        tmp_path / "countries.geojson",
        feature([box(9, 0, 10, 1)], ISO_A3="FRA", NAME="France"),
        feature([box(10, 0, 11, 1)], ISO_A3="ESP", NAME="Spain"),
    )


def rows_of(border: ImportedBorder) -> list[dict[str, str]]:
    """Table of segments that an import wrote."""
    with (border.scenario.parent / "border" / "segments.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def lines_of(border: ImportedBorder) -> list[list[list[float]]]:
    """Course of each segment that an import wrote."""
    text = (border.scenario.parent / "border" / "line.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    assert [item["properties"]["segment"] for item in features] == list(range(len(features)))
    return [item["geometry"]["coordinates"] for item in features]


def files_in(folder: Path) -> dict[str, bytes]:
    """Content of every file of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_straight_border_has_its_geodesic_length_in_equal_joined_segments(
    two_countries: Path, tmp_path: Path
) -> None:
    """One degree of meridian is 110.574 km, in eleven equal segments, each joined to the next."""
    border = import_border("FRA", "ESP", two_countries, out=tmp_path / "world")

    assert border.length_km == pytest.approx(DEGREE_OF_LATITUDE_KM, abs=0.001)
    assert (border.segments, border.pieces, border.rings) == (11, 1, 0)
    assert border.names == ("France", "Spain")
    rows, lines = rows_of(border), lines_of(border)
    assert [float(row["length_km"]) for row in rows] == pytest.approx([border.length_km / 11] * 11)
    assert [float(row["km_from_start"]) for row in rows] == pytest.approx(
        [number * border.length_km / 11 for number in range(11)], abs=1e-5
    )
    assert lines[0][0] == [10.0, 1.0]
    assert lines[-1][-1] == [10.0, 0.0]
    assert all(line[-1] == following[0] for line, following in itertools.pairwise(lines))
    assert [[float(row["lon_end"]), float(row["lat_end"])] for row in rows] == [
        line[-1] for line in lines
    ]


def test_the_table_and_the_scenario_have_the_columns_and_keys_the_world_is_built_from(
    two_countries: Path, tmp_path: Path
) -> None:
    """The province columns name the pair in the order asked for; the scenario names its source."""
    border = import_border("ESP", "FRA", two_countries, out=tmp_path / "world")

    assert list(rows_of(border)[0]) == [
        *("segment", "piece", "km_from_start", "length_km"),
        *("lon_start", "lat_start", "lon_end", "lat_end"),
        *("province_esp", "province_fra", "relief_class", "left"),
    ]
    assert {(row["province_esp"], row["province_fra"]) for row in rows_of(border)} == {
        ("Spain", "France")
    }
    scenario = tomllib.loads(border.scenario.read_text(encoding="utf-8"))
    assert scenario["format"] == 1
    assert scenario["title"] == "Land border Spain–France"
    names = {"ESP": "Spain", "FRA": "France"}
    assert scenario["world"] == {"borders": ["border"], "names": names}
    assert scenario["sources"]["world.borders"].startswith(
        "imported from countries.geojson (sha256 "
    )


def test_the_same_input_gives_the_same_bytes_and_the_other_order_the_same_line(
    two_countries: Path, tmp_path: Path
) -> None:
    """An import is a function of its files and arguments; the line does not depend on the order."""
    for name, pair in {"a": ("FRA", "ESP"), "b": ("FRA", "ESP"), "c": ("ESP", "FRA")}.items():
        import_border(*pair, two_countries, out=tmp_path / name)

    assert files_in(tmp_path / "a") == files_in(tmp_path / "b")
    line = Path("border") / "line.geojson"
    assert (tmp_path / "a" / line).read_bytes() == (tmp_path / "c" / line).read_bytes()


@in_both_formats
@pytest.mark.parametrize("codes", [("FRA", "ESP"), ("ESP", "FRA")])
def test_the_country_to_the_left_of_the_line_is_told(
    tmp_path: Path, codes: tuple[str, str], write: Writer
) -> None:
    """A line that runs south has the east to its left, whichever country is asked for first."""
    path = write(
        tmp_path / "countries.json",
        feature([box(9, 0, 10, 1)], ISO_A3="FRA", NAME="France"),
        feature([box(10, 0, 11, 1)], ISO_A3="ESP", NAME="Spain"),
    )

    border = import_border(*codes, path, out=tmp_path / "world")

    assert {row["left"] for row in rows_of(border)} == {"ESP"}


@pytest.mark.parametrize(("quantised", "layer"), [(True, "countries"), (False, "nations")])
def test_arcs_of_a_topology_give_the_line_that_the_same_polygons_give(
    two_countries: Path, tmp_path: Path, quantised: bool, layer: str
) -> None:
    """Numeric ids, one arc used both ways and a layer of land give the border of the GeoJSON."""
    arcs: list[Points] = [
        [(10, 0), (10, 1)],
        [(10, 1), (9, 1), (9, 0), (10, 0)],
        [(10, 0), (11, 0), (11, 1), (10, 1)],
    ]
    topology: dict[str, Any] = {"type": "Topology", "arcs": arcs}
    if quantised:
        topology["transform"] = {"scale": [0.5, 0.25], "translate": [9, 0]}
        topology["arcs"] = [
            [
                (round((x - px) / 0.5), round((y - py) / 0.25))
                for (px, py), (x, y) in zip([(9.0, 0.0), *arc], arc, strict=False)
            ]
            for arc in arcs
        ]
    shapes: list[dict[str, Any]] = [
        {"type": "Polygon", "id": "250", "properties": {"name": "France"}, "arcs": [[0, 1]]},
        {"type": "MultiPolygon", "id": "724", "properties": {"name": "Spain"}, "arcs": [[[2, -1]]]},
        {"type": "Polygon", "properties": {"name": "Nowhere"}, "arcs": []},
        {"type": None, "id": "620", "properties": {"name": "Portugal"}},
    ]
    decoy = {"type": "Polygon", "arcs": [[0, 1]]}
    if layer == "countries":
        decoy["id"] = "250"
    topology["objects"] = {
        "land": {"type": "GeometryCollection", "geometries": [decoy] * 5},
        layer: {"type": "GeometryCollection", "geometries": shapes},
    }
    path = tmp_path / "countries.json"
    path.write_text(json.dumps(topology))

    from_arcs = import_border("FRA", "ESP", path, out=tmp_path / "arcs")
    from_polygons = import_border("FRA", "ESP", two_countries, out=tmp_path / "polygons")

    assert lines_of(from_arcs) == lines_of(from_polygons)
    assert rows_of(from_arcs) == rows_of(from_polygons)
    assert neighbouring_pairs(path) == [("ESP", "FRA")]


@pytest.mark.parametrize(
    "properties",
    [
        {"ISO_A3": "-99", "ADM0_A3": "FRA"},
        {"ISO3166-1-Alpha-3": "FRA"},
        {"iso_a2": "FR", "name": "Frankreich"},
        {"ISO_N3": "250"},
        {"id": 4, "name": "France"},
        {"country_code": "20", "NAME": "France"},
    ],
)
def test_a_country_is_known_by_any_of_its_codes(
    tmp_path: Path, properties: dict[str, object]
) -> None:
    """Codes of alpha-3, alpha-2 and numeric count; row numbers and telephone codes do not."""
    path = geojson(
        tmp_path / "countries.geojson",
        feature([box(9, 0, 10, 1)], **properties),
        feature([box(10, 0, 11, 1)], iso_a3="ESP"),
    )

    assert neighbouring_pairs(path) == [("ESP", "FRA")]


def test_a_country_without_a_code_is_listed_and_imported_by_a_usable_name(tmp_path: Path) -> None:
    """Kosovo has a user-assigned code; an area that no list knows goes by its name."""
    path = geojson(
        tmp_path / "countries.geojson",
        feature([box(9, 0, 10, 1)], ISO_A3="-99", NAME="Kosovo"),
        feature([box(10, 0, 11, 1)], ISO_A3="SRB", NAME="Serbia"),
        feature([box(11, 0, 12, 1)], ISO_A3="-99", NAME="Free City"),
    )

    pairs = neighbouring_pairs(path)

    assert pairs == [("Free City", "SRB"), ("SRB", "XKX")]
    for number, pair in enumerate(pairs):
        border = import_border(*pair, path, out=tmp_path / str(number))
        assert border.length_km == pytest.approx(DEGREE_OF_LATITUDE_KM, abs=0.001)
    assert "province_free_city" in rows_of(import_border(*pairs[0], path, out=tmp_path / "x"))[0]


@in_both_formats
def test_the_border_of_an_enclave_is_a_ring(tmp_path: Path, write: Writer) -> None:
    """Lesotho's border is one piece that ends where it begins, though no ring says which way."""
    hole = box(28, -30, 29, -29)
    path = write(
        tmp_path / "countries.geojson",
        feature([box(20, -35, 33, -22), hole], ISO_A3="ZAF"),
        feature([hole], ISO_A3="LSO"),
    )

    border = import_border("LSO", "ZAF", path, out=tmp_path / "world")

    assert (border.pieces, border.rings) == (1, 1)
    lines = lines_of(border)
    assert lines[0][0] == lines[-1][-1] == [28.0, -29.0]
    assert {row["left"] for row in rows_of(border)} == {"ZAF"}
    assert len({tuple(line[0]) for line in lines}) == border.segments
    assert border.length_km == pytest.approx(415.6, abs=0.5)


@in_both_formats
def test_a_border_that_touches_itself_is_cut_into_a_chain_and_a_ring(
    tmp_path: Path, write: Writer
) -> None:
    """An exclave hanging on one point is a ring beside the chain that runs through the point."""
    exclave: Points = [(10, 0.5), (10.2, 0.4), (10.4, 0.5), (10.2, 0.6)]
    west: Points = [(9, 0), (10, 0), *exclave, (10, 0.5), (10, 1), (9, 1), (9, 0)]
    east: Points = [(10, 0), (11, 0), (11, 1), (10, 1), (10, 0.5)]
    path = write(
        tmp_path / "countries.geojson",
        feature([west], ISO_A3="DEU"),
        feature([[*east, *exclave[:0:-1], (10, 0.5), (10, 0)]], ISO_A3="AUT"),
    )

    border = import_border("AUT", "DEU", path, segment_km=200, out=tmp_path / "world")

    assert (border.pieces, border.rings, border.segments) == (2, 1, 2)
    ends = [(line[0], line[-1]) for line in lines_of(border)]
    assert ends == [([10.0, 1.0], [10.0, 0.0]), ([10.2, 0.6], [10.2, 0.6])]
    assert [row["left"] for row in rows_of(border)] == ["AUT", "AUT"]


@in_both_formats
def test_a_border_across_the_antimeridian_is_one_chain(tmp_path: Path, write: Writer) -> None:
    """Countries split at 180 degrees join again; the seam itself is no border."""

    def split(south: float, north: float, code: str) -> dict[str, Any]:
        shape = feature([], ISO_A3=code)
        boxes = [[box(179, south, 180, north)], [box(-180, south, -179, north)]]
        shape["geometry"] = {"type": "MultiPolygon", "coordinates": boxes}
        return shape

    path = write(tmp_path / "countries.geojson", split(0, 1, "RUS"), split(-1, 0, "FJI"))

    border = import_border("RUS", "FJI", path, out=tmp_path / "world")

    assert border.pieces == 1
    assert border.length_km == pytest.approx(2 * 111.3195, abs=0.001)
    longitudes = [x for line in lines_of(border) for x, _ in line]
    assert max(longitudes) - min(longitudes) == pytest.approx(2.0)


def test_a_long_side_follows_its_parallel(tmp_path: Path) -> None:
    """A side along 49 degrees north is cut on the parallel; the geodesic would bulge north."""
    path = geojson(
        tmp_path / "countries.geojson",
        feature([box(-120, 49, -100, 55)], ISO_A3="CAN"),
        feature([box(-120, 40, -100, 49)], ISO_A3="USA"),
    )

    border = import_border("USA", "CAN", path, out=tmp_path / "world")

    assert {y for line in lines_of(border) for _, y in line} == {49.0}
    latitude, flattening = math.radians(49), 1 / 298.257223563
    squared = flattening * (2 - flattening)
    radius = 6378.137 * math.cos(latitude) / math.sqrt(1 - squared * math.sin(latitude) ** 2)
    assert border.length_km == pytest.approx(math.radians(20) * radius, rel=1e-4)


@pytest.mark.parametrize("equator", [0.0, -40.0])
def test_each_side_has_the_province_of_its_own_country(tmp_path: Path, equator: float) -> None:
    """A segment has the province that most of it lies in, though drawn a little off the line."""
    south, north = equator, equator + 1
    countries = geojson(
        tmp_path / "countries.geojson",
        feature([box(9, south, 10, north)], ISO_A3="FRA"),
        feature([box(10, south, 11, north)], ISO_A3="ESP"),
    )
    provinces = geojson(
        tmp_path / "provinces.geojson",
        feature([box(9, south, 9.999, south + 0.52)], adm0_a3="FRA", name="Lower"),
        feature([box(9, south + 0.52, 9.999, north)], adm0_a3="FRA", name="Upper"),
        feature([box(9.999, south, 11, south + 0.18)], iso_a2="ES", NAME_1="Coast"),
        feature([box(9.999, south + 0.18, 11, north)], admin="Spain", name="Inland"),
        feature([box(9.99, south, 10.01, north)], iso_a3="PRT", name="Elsewhere"),
    )

    border = import_border("FRA", "ESP", countries, provinces, 11.1, out=tmp_path / "world")

    assert border.segments == 10
    rows = rows_of(border)
    assert [row["province_fra"] for row in rows] == ["Upper"] * 5 + ["Lower"] * 5
    assert [row["province_esp"] for row in rows] == ["Inland"] * 8 + ["Coast"] * 2


@pytest.mark.parametrize(
    ("gap", "middle", "tolerance"),
    [(0.0, 0.5, 1e-5), (1e-6, 0.5, 1e-5), (5e-4, 0.5, 1e-3), (5e-3, 0.3, 1e-2)],
)
def test_neighbours_drawn_apart_or_with_other_vertices_still_have_their_border(
    tmp_path: Path, gap: float, middle: float, tolerance: float
) -> None:
    """Without a shared edge, the line is found, but for the tolerance at both its ends."""
    east: Points = [(10 + gap, 0), (11, 0), (11, 1), (10 + gap, 1), (10 + gap, middle)]
    path = geojson(
        tmp_path / "countries.geojson",
        feature([box(9, 0, 10, 1)], ISO_A3="FRA"),
        feature([[*east, east[0]]], ISO_A3="ESP"),
        feature([box(10.02, 1.02, 12, 2)], ISO_A3="AND"),
    )

    border = import_border("FRA", "ESP", path, out=tmp_path / "world")

    assert border.pieces == 1
    excess_km = border.length_km - DEGREE_OF_LATITUDE_KM
    assert -0.001 <= excess_km <= 0.001 + 2 * tolerance * 1.2 * DEGREE_OF_LATITUDE_KM
    assert neighbouring_pairs(path) == [("ESP", "FRA")]
    turned = import_border("ESP", "FRA", path, out=tmp_path / "turned")
    assert lines_of(turned) == lines_of(border)


def test_a_short_gap_between_two_drawings_does_not_break_the_line(tmp_path: Path) -> None:
    """Where one drawing leaves out a bend of the other, the line runs on."""
    bend: Points = [(10.0005, 0.503), (10.004, 0.5), (10.0005, 0.497)]
    east: Points = [(10.0005, 0), (11, 0), (11, 1), (10.0005, 1), *bend, (10.0005, 0)]
    path = geojson(
        tmp_path / "countries.geojson",
        feature([box(9, 0, 10, 1)], ISO_A3="FRA"),
        feature([east], ISO_A3="ESP"),
    )

    border = import_border("FRA", "ESP", path, out=tmp_path / "world")

    assert border.pieces == 1


SPIKE: Points = [(10, 0.5), (10.5, 0.5), (10, 0.5)]
ONE_DEGREE: dict[str, tuple[Writer, list[list[Points]], list[list[Points]]]] = {
    "a firth less than 1 km wide goes on from its end": (
        geojson,
        [[[(9, 0), (10, 0), (10, 1), (10, 1.3), (9, 1.3), (9, 0)]]],
        [[[(10, 0), (11, 0), (11, 1.3), (10.008, 1.3), (10.008, 1.01), (10, 1), (10, 0)]]],
    ),
    "a coarse drawing flattened a strip to a spike": (
        topojson,
        [[[(9, 0), (10, 0), *SPIKE, (10, 1), (9, 1), (9, 0)]]],
        [[[(10, 0), (11, 0), (11, 1), (10, 1), *SPIKE, (10, 0)]]],
    ),
    "one country is drawn in two parts": (
        geojson,
        [[box(9, 0, 10, 0.5)], [box(9, 0.5, 10, 1)]],
        [[[*box(10, 0, 11, 1)[:4], (10, 0.5), (10, 0)]]],
    ),
}


@pytest.mark.parametrize("case", ONE_DEGREE)
def test_only_what_lies_between_the_two_countries_is_border(tmp_path: Path, case: str) -> None:
    """One degree of meridian stays one piece, with neither more line nor ends than it has."""
    write, west, east = ONE_DEGREE[case]
    path = write(
        tmp_path / "countries.json",
        *(feature(rings, ISO_A3="FRA", NAME="France") for rings in west),
        *(feature(rings, ISO_A3="ESP", NAME="Spain") for rings in east),
    )

    border = import_border("FRA", "ESP", path, out=tmp_path / "world")

    assert (border.pieces, border.rings) == (1, 0)
    assert border.length_km == pytest.approx(DEGREE_OF_LATITUDE_KM, abs=0.001)


def test_a_side_that_jumps_across_the_antimeridian_touches_nothing(tmp_path: Path) -> None:
    """A ring that runs from 180 to -180 degrees does not run through the countries in between."""
    ring: Points = [(170, 60), (180, 60), (-180, 60), (-170, 60)]
    ring += [(x, 70) for x, _ in reversed(ring)] + [(170, 60)]
    path = geojson(
        tmp_path / "countries.geojson",
        feature([ring], ISO_A3="RUS"),
        feature([box(-100, 50, -90, 60)], ISO_A3="CAN"),
    )

    assert neighbouring_pairs(path) == []


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        pytest.param(
            box(10, 76, 20, 80), box(10, 76, 20, 80), "are drawn over each other", id="drawn twice"
        ),
        pytest.param(
            box(9, 0, 10, 1),
            [(10, 0.5), (10.2, -0.6), (10.4, -0.6), (10, 0.5)],
            "touch only in a point",
            id="a sharp corner on a side",
        ),
    ],
)
def test_outlines_may_be_near_each_other_without_a_border(
    tmp_path: Path, first: Points, second: Points, relation: str
) -> None:
    """Svalbard in Norway and again alone, or outlines that part at an angle, share no line."""
    path = geojson(
        tmp_path / "countries.geojson",
        feature([first], ISO_A3="NOR", NAME="Norway"),
        feature([second], ISO_A3="SJM", NAME="SJM"),
    )

    assert neighbouring_pairs(path) == []
    with pytest.raises(InputError, match=f"Norway and SJM {relation}"):
        import_border("NOR", "SJM", path, out=tmp_path / "world")


@pytest.mark.parametrize("codes", [("FRA", "ESP"), ("ESP", "FRA")])
def test_pieces_run_and_follow_one_another_from_north_or_from_west(
    tmp_path: Path, codes: tuple[str, str]
) -> None:
    """A tall border runs from north to south, a wide one from west to east, piece after piece."""
    notched: Points = [(1, 0), (1, 0.4), (0.9, 0.5), (1, 0.6), (1, 1)]
    tall = [feature([[(0, 1), (0, 0), *notched, (0, 1)]], ISO_A3=codes[0])]
    tall.append(feature([[*box(1, 0, 2, 1)[:4], (1, 0.6), (1, 0.4), (1, 0)]], ISO_A3=codes[1]))
    wide = json.loads(json.dumps(tall))
    for item in wide:
        ring = item["geometry"]["coordinates"][0]
        item["geometry"]["coordinates"][0] = [[y, x] for x, y in ring]

    ends = {}
    for name, features in {"tall": tall, "wide": wide}.items():
        path = topojson(tmp_path / f"{name}.json", *features)
        border = import_border("FRA", "ESP", path, segment_km=99, out=tmp_path / name)
        ends[name] = [(line[0], line[-1]) for line in lines_of(border)]

    assert ends["tall"] == [([1.0, 1.0], [1.0, 0.6]), ([1.0, 0.4], [1.0, 0.0])]
    assert ends["wide"] == [([0.0, 1.0], [0.4, 1.0]), ([0.6, 1.0], [1.0, 1.0])]


def test_a_byte_order_mark_is_no_fault(two_countries: Path) -> None:
    """Files written on Windows may begin with one."""
    two_countries.write_bytes(b"\xef\xbb\xbf" + two_countries.read_bytes())

    assert neighbouring_pairs(two_countries) == [("ESP", "FRA")]


def test_names_are_escaped(tmp_path: Path) -> None:
    """Quotes, backslashes, commas and control characters in a name keep the files readable."""
    name = 'The "Isle", C:\\new\x7f \ud800'
    path = geojson(
        tmp_path / "countries.geojson",
        feature([box(9, 0, 10, 1)], ISO_A3="FRA", NAME=name),
        feature([box(10, 0, 11, 1)], ISO_A3="ESP", NAME="Spain"),
    )

    border = import_border("FRA", "ESP", path, out=tmp_path / "world")

    shown = 'The "Isle", C:\\new\x7f ?'
    title = tomllib.loads(border.scenario.read_text(encoding="utf-8"))["title"]
    assert title == f"Land border {shown}–Spain"
    assert rows_of(border)[0]["province_fra"] == shown


@pytest.fixture
def five_countries(tmp_path: Path) -> Path:
    """Spain, France and Italy in a row; Chad touches Spain at a corner; Japan is far off."""
    return geojson(
        tmp_path / "countries.geojson",
        feature([box(9, 0, 10, 1)], ISO_A3="ESP", NAME="Spain"),
        feature([box(10, 0, 11, 1)], ISO_A3="FRA", NAME="France"),
        feature([box(11, 0, 12, 1)], ISO_A3="ITA", NAME="Italy"),
        feature([box(8, 1, 9, 2)], ISO_A3="TCD", NAME="Chad"),
        feature([box(40, 0, 41, 1)], ISO_A3="JPN", NAME="Japan"),
    )


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("ESP", "ITA", "do not touch.*Spain borders FRA; Italy borders FRA"),
        ("ESP", "JPN", "do not touch.*Japan borders no country of the file"),
        ("ESP", "TCD", "touch only in a point"),
        ("ESP", "esp", "the same country, Spain"),
        ("ESP", "FRX", r"no country 'FRX'.*FRA \(France\)"),
        ("ESP", "Frence", r"no country 'Frence'.*FRA \(France\)"),
        ("ESP", "", "no country ''"),
    ],
)
def test_a_pair_without_a_border_is_refused_and_nothing_written(
    five_countries: Path, tmp_path: Path, first: str, second: str, message: str
) -> None:
    """The error says why there is no line between the two and what there is instead."""
    with pytest.raises(InputError, match=message):
        import_border(first, second, five_countries, out=tmp_path / "world")

    assert [path.name for path in tmp_path.iterdir()] == ["countries.geojson"]


@pytest.mark.parametrize("segment_km", [0.0, -1.0, math.nan, math.inf, 1e-9])
def test_an_impossible_segment_length_is_refused(
    two_countries: Path, tmp_path: Path, segment_km: float
) -> None:
    """A length must be finite, above 0 and not finer than the coordinates."""
    with pytest.raises(InputError, match="segment"):
        import_border("FRA", "ESP", two_countries, None, segment_km, out=tmp_path / "world")


def test_too_many_segments_are_refused(
    two_countries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of segments is bounded before any is cut."""
    monkeypatch.setattr("sim.world.import_border.MOST_SEGMENTS", 100)

    with pytest.raises(InputError, match="would cut 111 km into over 100"):
        import_border("FRA", "ESP", two_countries, None, 1.0, out=tmp_path / "world")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not JSON"),
        (b"\x00\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "neither a GeoJSON FeatureCollection nor a TopoJSON"),
        (b'{"type": "Feature"}', "neither a GeoJSON FeatureCollection nor a TopoJSON"),
        (b'{"type": "FeatureCollection"}', "malformed"),
        (b'{"type": "FeatureCollection", "features": [3]}', "malformed"),
        (b'{"type": "FeatureCollection", "features": []}', "no polygons"),
        (b'{"type": "Topology", "arcs": []}', "malformed"),
        (b'{"type": "Topology", "arcs": [], "objects": {}}', "no polygons"),
    ],
)
def test_a_file_that_holds_no_countries_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    """The error tells a broken file from one of another format and from an empty one."""
    path = tmp_path / "countries.json"
    path.write_bytes(content)

    with pytest.raises(InputError, match=message):
        import_border("FRA", "ESP", path, out=tmp_path / "world")


@pytest.mark.parametrize(
    "coordinates",
    [
        pytest.param([box(0, 0, 500_000, 1e6)], id="projected metres"),
        pytest.param([["a", "b", "c", "d"]], id="words"),
        pytest.param([5], id="no ring"),
        pytest.param([[None] * 4], id="nothing"),
    ],
)
def test_shapes_that_are_no_degrees_are_refused(tmp_path: Path, coordinates: list[Any]) -> None:
    """Whatever cannot be degrees on a globe is an error that names the area."""
    bad = feature([], ISO_A3="FRA", NAME="France")
    bad["geometry"]["coordinates"] = coordinates
    path = geojson(tmp_path / "countries.geojson", bad, feature([box(0, 0, 1, 1)], ISO_A3="ESP"))

    with pytest.raises(InputError, match=r"countries.geojson: the area France cannot be read"):
        import_border("FRA", "ESP", path, out=tmp_path / "world")


def test_countries_without_codes_are_refused(tmp_path: Path) -> None:
    """A file in which no area can be told to be a country is not guessed at."""
    path = geojson(tmp_path / "c.geojson", feature([box(0, 0, 1, 1)], colour="red"))

    with pytest.raises(InputError, match="no country codes found"):
        neighbouring_pairs(path)


@pytest.mark.parametrize("name", ["nowhere.json", "."])
def test_a_path_to_no_file_is_refused(tmp_path: Path, name: str) -> None:
    """Nothing, or a folder, in place of the countries is an error that names it."""
    path = tmp_path / name
    with pytest.raises(InputError, match=r"cannot read the file: .*check the path") as refusal:
        import_border("FRA", "ESP", path, out=tmp_path / "world")
    assert refusal.value.where == str(path)
    assert not any(tmp_path.iterdir())


def test_provinces_of_other_countries_are_refused(two_countries: Path, tmp_path: Path) -> None:
    """A file that has no provinces of one of the two is an error that names the country."""
    other = geojson(
        tmp_path / "provinces.geojson", feature([box(0, 0, 1, 1)], iso_a2="PT", name="Minho")
    )
    out = tmp_path / "world"
    with pytest.raises(InputError, match=r"no provinces of France \(FRA\)"):
        import_border("FRA", "ESP", two_countries, other, out=out)
    assert not out.exists()


def test_an_existing_world_is_never_overwritten(two_countries: Path, tmp_path: Path) -> None:
    """A folder with a scenario is refused untouched; one with other files keeps them."""
    out = tmp_path / "world"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    import_border("FRA", "ESP", two_countries, out=out)
    before = files_in(out)
    assert sorted(before) == [
        *("border/README.md", "border/line.geojson", "border/segments.csv"),
        *("notes.txt", "scenario.toml"),
    ]

    with pytest.raises(InputError, match="already holds"):
        import_border("FRA", "ESP", two_countries, None, 5.0, out=out)

    assert files_in(out) == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("below", "message"),
    [
        ("", "a file, not a folder"),
        ("sub/world", "cannot write the folder: .*give a folder that can be written"),
    ],
)
def test_a_folder_that_cannot_be_made_is_refused(
    two_countries: Path, below: str, message: str
) -> None:
    """A file in the way of the folder, or of its parent, is an error and not a traceback."""
    with pytest.raises(InputError, match=message):
        import_border("FRA", "ESP", two_countries, out=two_countries / below)


def test_a_missing_library_names_the_extra(
    two_countries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the optional libraries the error says what to install."""
    monkeypatch.setitem(sys.modules, "pycountry", None)

    with pytest.raises(InputError, match=r"pip install 'bordersim\[geo\]'"):
        import_border("FRA", "ESP", two_countries, out=tmp_path / "world")

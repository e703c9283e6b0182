"""Writing an imported border: the files of its world, all of them or none."""

import csv
import io
import json
import os
import re
import shlex
import tempfile
from collections.abc import Iterable, Sequence
from math import fsum
from pathlib import Path

from sim.errors import os_error_as_input_error
from sim.world.countries import Country
from sim.world.cutting import Segment
from sim.world.shapes import ShapeFile

UNKNOWN_RELIEF = 2
KM_PER_GROUP = 100.0
"""Assumed: one group each way for so much line, where nothing is known."""


def world_files(
    pair: tuple[Country, Country],
    segments: Sequence[Segment],
    sides: Sequence[Sequence[str]],
    left: Sequence[Country],
    shapes: ShapeFile,
    divisions: ShapeFile | None,
    segment_km: float,
) -> dict[str, str]:
    """Text of every file of the world under its path in the folder."""
    return {
        "border/segments.csv": _segments_csv(pair, segments, sides, left),
        "border/line.geojson": _line_geojson(segments),
        "border/README.md": _readme(pair, shapes, divisions, segment_km),
        "scenario.toml": _scenario_toml(pair, segments, shapes, divisions),
    }


def _segments_csv(
    pair: tuple[Country, Country],
    segments: Sequence[Segment],
    sides: Sequence[Sequence[str]],
    left: Sequence[Country],
) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(
        [
            *("segment", "piece", "km_from_start", "length_km"),
            *("lon_start", "lat_start", "lon_end", "lat_end"),
            *(f"province_{_column(country)}" for country in pair),
            *("relief_class", "left"),
        ]
    )
    rows = zip(segments, left, *sides, strict=True)
    for number, (segment, country, *provinces) in enumerate(rows):
        table.writerow(
            [
                *(number, segment.piece),
                *(round(segment.km_from_start, 6), round(segment.length_km, 6)),
                *(*segment.points[0], *segment.points[-1]),
                *(*provinces, UNKNOWN_RELIEF, _side(country)),
            ]
        )
    return text.getvalue()


def _column(country: Country) -> str:
    return re.sub(r"\W+", "_", country.code.lower()).strip("_")


def _side(country: Country) -> str:
    """What scenario files call a country."""
    return _column(country).upper()


def _line_geojson(segments: Iterable[Segment]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"segment": number},
            "geometry": {"type": "LineString", "coordinates": segment.points},
        }
        for number, segment in enumerate(segments)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, separators=(",", ":")) + "\n"


def _readme(
    pair: tuple[Country, Country],
    shapes: ShapeFile,
    divisions: ShapeFile | None,
    segment_km: float,
) -> str:
    first, second = pair
    files = [("countries", shapes)] + ([("provinces", divisions)] if divisions else [])
    options = " ".join(f"--{role} {shlex.quote(file.name)}" for role, file in files)
    command = (
        f"bordersim import-border {shlex.quote(first.code)} {shlex.quote(second.code)} {options}"
        f" --segment-km {segment_km:g} --out DIR"
    )
    rows = "\n".join(f"| {role} | `{file.name}` | `{file.sha256}` |" for role, file in files)
    return f"""# Land border {first.name}–{second.name}

| what | file | sha256 |
|---|---|---|
{rows}

Made by `{command}`.

Licence: check the licence of the source file; what is derived from it may be bound by it.

`segments.csv` has a row for each segment of the line and `line.geojson` its course, in longitude
and latitude, degrees on WGS84, to 1e-5. Lengths are WGS84 geodesic, in km, along the line as the
source file draws it: the coarser the drawing, the shorter the line. A piece is a chain of segments
or a ring; `left` is the country to its left as it runs. Relief is unknown: its class is
{UNKNOWN_RELIEF}, the middle one, everywhere.
"""


def _scenario_toml(
    pair: tuple[Country, Country],
    segments: Sequence[Segment],
    shapes: ShapeFile,
    divisions: ShapeFile | None,
) -> str:
    origin = (
        f"imported from {shapes.name} (sha256 {shapes.sha256}) by bordersim import-border; "
        "relief unknown, taken as middle; posts and settlements are synthetic"
    )
    if divisions:
        origin += f"; provinces from {divisions.name} (sha256 {divisions.sha256})"
    length = fsum(segment.length_km for segment in segments)
    count = max(1, round(length / KM_PER_GROUP))
    ways = [(_side(first), _side(second)) for first, second in (pair, pair[::-1])]
    names = ", ".join(f"{_side(each)} = {_toml_string(each.name)}" for each in pair)
    groups = [
        f"""
[[groups]]
name = "goods from {start} to {goal}"
crime = "goods"
origin = "{start}"
destination = "{goal}"
count = {count}
attempts_per_day = 0.5
"""
        for start, goal in ways
    ]
    sources = [
        f"""\
"groups.{index}.count" = {{ assumed = "one for 100 km of line", range = [1, {10 * count}] }}
"groups.{index}.attempts_per_day" = {{ assumed = "nothing is known", range = [0.05, 5.0] }}
"""
        for index in range(len(ways))
    ]
    return f"""format = 1
title = {_toml_string(f"Land border {pair[0].name}–{pair[1].name}")}

[world]
borders = ["border"]
names = {{ {names} }}
{"".join(groups)}
[sources]
"world.borders" = {_toml_string(origin)}
{"".join(sources)}"""


def _toml_string(text: str) -> str:
    # A JSON string is a TOML basic string, but for the delete character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def write_files(out: Path, files: dict[str, str]) -> None:
    """Write the files beside `out` and move them in when all are there."""
    remedy = "give a folder that can be written"
    with os_error_as_input_error("cannot write the folder", where=out, remedy=remedy):
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as temporary:
            # A folder inside, since the temporary one is readable by its owner only.
            staged = Path(temporary) / "world"
            for name, text in files.items():
                path = staged / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
            if out.exists():
                # The scenario last: without it the folder holds no world.
                os.rename(staged / "border", out / "border")
                os.rename(staged / "scenario.toml", out / "scenario.toml")
            else:
                os.rename(staged, out)

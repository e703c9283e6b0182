"""A small synthetic border for tests: two countries, a straight line of ten-kilometre segments."""

import json
from pathlib import Path
from typing import Any

from sim.scenario import Scenario

SCENARIO = """
format = 1
title = "Small"
[world]
borders = ["border"]
[posts]
sector_km = { AAA = 20.0, BBB = 30.0 }
[patrols]
per_post = { AAA = 3, BBB = 4 }
[[groups]]
name = "goods there"
crime = "goods"
origin = "AAA"
destination = "BBB"
count = 4
attempts_per_day = 1.0
[[groups]]
name = "people back"
crime = "irregular"
origin = "BBB"
destination = "AAA"
count = 3
attempts_per_day = 0.8
[time]
days = 12
"""


def write_border(folder: Path, segments: int = 6) -> None:
    """Write border data of a line along the equator into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["segment,length_km,province_aaa,province_bbb,relief_class"]
    features = []
    for number in range(segments):
        half = "north" if number < segments / 2 else "south"
        rows.append(f"{number},10.0,{half} of A,{half} of B,{number % 3 + 1}")
        line = [[0.09 * number, 0.0], [0.09 * number + 0.045, 0.0], [0.09 * (number + 1), 0.0]]
        features.append(
            {
                "type": "Feature",
                "properties": {"segment": number},
                "geometry": {"type": "LineString", "coordinates": line},
            }
        )
    (folder / "segments.csv").write_text("\n".join(rows) + "\n")
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "line.geojson").write_text(json.dumps(collection))


def small_scenario(folder: Path, **overrides: Any) -> Scenario:
    """Write the small world into a folder and load it; `__` in a keyword stands for a dot."""
    path = folder / "small.toml"
    if not path.exists():
        if not (folder / "border").exists():
            write_border(folder / "border")
        path.write_text(SCENARIO)
    changes = {key.replace("__", "."): value for key, value in overrides.items()}
    return Scenario.load(path, overrides=changes)

"""A synthetic tripoint for tests: three countries whose lines run out from one place."""

import json
from pathlib import Path
from typing import Any

from sim.scenario import Scenario

RAYS = {("AAA", "BBB"): (0.0, 1.0), ("BBB", "CCC"): (1.0, 0.0), ("AAA", "CCC"): (-1.0, -0.5)}
"""Pairs of countries, and the direction in which their line leaves the tripoint."""

DEGREES = 0.09
"""About ten kilometres."""


def write_ray(
    folder: Path, pair: tuple[str, str], segments: int, outward: bool, gap: float, province: int
) -> None:
    """Write the border data of one line.

    Parameters
    ----------
    folder : to write into
    pair : its two countries
    segments : how many, of 10 km
    outward : whether it is drawn from the tripoint or towards it
    gap : how far from the tripoint it begins, degrees
    province : segments to a province
    """
    east, north = RAYS[pair]
    places = [
        (round(east * (gap + DEGREES * step), 6), round(north * (gap + DEGREES * step), 6))
        for step in range(segments + 1)
    ]
    if not outward:
        places.reverse()
    columns = ",".join(f"province_{side.lower()}" for side in pair)
    rows = [f"segment,length_km,{columns},relief_class"]
    features = []
    for number in range(segments):
        away = number if outward else segments - 1 - number
        names = ",".join(f"{side.title()} {away // province}" for side in pair)
        rows.append(f"{number},10.0,{names},2")
        geometry = {"type": "LineString", "coordinates": places[number : number + 2]}
        properties = {"segment": number}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "segments.csv").write_text("\n".join(rows) + "\n")
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "line.geojson").write_text(json.dumps(collection))


def star_scenario(
    home: Path,
    segments: tuple[int, int, int] = (5, 5, 5),
    outward: tuple[bool, bool, bool] = (True, False, True),
    gap: float = 0.0,
    province: int = 100,
    **overrides: Any,
) -> Scenario:
    """Write three lines and a scenario on them, and load it; `__` in a keyword stands for a dot.

    Groups go from each side to both others. `gap` sets the first line that far from the tripoint.
    """
    for index, pair in enumerate(RAYS):
        distance = gap if index == 0 else 0.0
        write_ray(home / f"ray{index}", pair, segments[index], outward[index], distance, province)
    text = 'format = 1\n[world]\nborders = ["ray0", "ray1", "ray2"]\n'
    for pair in RAYS:
        for origin, destination in (pair, pair[::-1]):
            text += f"""
[[groups]]
name = "{origin} to {destination}"
crime = "goods"
origin = "{origin}"
destination = "{destination}"
count = 2
attempts_per_day = 1.0
"""
    path = home / "star.toml"
    path.write_text(text)
    changes: dict[str, Any] = {"posts.sector_km": 20.0, "patrols.per_post": 3, "time.days": 6.0}
    changes |= {key.replace("__", "."): value for key, value in overrides.items()}
    return Scenario.load(path, overrides=changes)

"""Part 3: cost against size, on a straight border of 220 segments and more.

Called as a command, `python sizes.py N DAYS ENGINE`, it measures one size in the process it is and
prints JSON; the benchmark calls it in a new process for each size, so that peak memory is its own.
"""

import csv
import gc
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from engines import AGENTS, COMPILED, engines, lacks_compiled, set_up, warm_up
from measuring import EVERYTHING, SCENARIOS, Row, left_out, peak_mib, python

from sim import Scenario

SIDES = {"VNM": "AAA", "LAO": "BBB"}
"""The forces and groups are those of the Vietnam–Laos line, on made-up ground."""

SEGMENTS, SEGMENT_KM, PER_PROVINCE = 220, 10.6, 22
"""Segments of the Vietnam–Laos line, their length, and how many lie in a province."""

SIZES = (220, 2_200, 22_000)
AGENTS_SIZES = SIZES[:2]
"""The agents engine takes over an hour to set up the largest."""

MOST_RUNS, ENOUGH_SECONDS = 7, 5.0
"""How often a size is run at most, and for how long more runs are begun."""

LIMIT_SECONDS = 3_600
"""How long one size may take."""


def write_world(folder: Path, segments: int, days: float) -> Scenario:
    """Write a straight border and who acts on it into a folder, and load it.

    Parameters
    ----------
    folder : where to
    segments : length of the line; provinces, posts, patrols, settlements, groups and attempts are
        in proportion to it
    days : length of a run
    """
    _write_border(folder / "border", segments)
    (folder / "straight.toml").write_text(_scenario(segments, days), encoding="utf-8")
    like = Scenario.load(SCENARIOS / "vietnam_laos.toml", policy=EVERYTHING)
    pairs = _in_proportion(like.policy.residential_twinning.pairs, segments)
    changes = {"residential_twinning.pairs": pairs}
    return Scenario.load(folder / "straight.toml", policy=EVERYTHING, overrides=changes)


def _write_border(folder: Path, segments: int) -> None:
    """Write a line along the equator; its lengths are told, and not as drawn."""
    folder.mkdir(parents=True)
    degrees = min(0.09, 160.0 / segments)
    features = []
    with (folder / "segments.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["segment", "length_km", "province_aaa", "province_bbb", "relief_class"])
        for number in range(segments):
            province = number // PER_PROVINCE
            relief = number % 3 + 1
            table.writerow([number, SEGMENT_KM, f"A {province}", f"B {province}", relief])
            ends = [[degrees * number, 0.0], [degrees * (number + 1), 0.0]]
            features.append(
                {
                    "type": "Feature",
                    "properties": {"segment": number},
                    "geometry": {"type": "LineString", "coordinates": ends},
                }
            )
    line = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "line.geojson").write_text(line, encoding="utf-8")


def _scenario(segments: int, days: float) -> str:
    """Write the scenario file, with forces and groups after those of the Vietnam–Laos line."""
    like = Scenario.load(SCENARIOS / "vietnam_laos.toml")
    text = f"""format = 1
title = "Straight line of {segments} segments"
[world]
borders = ["border"]
[posts]
sector_km = {_by_side(like.posts.sector_km)}
[patrols]
per_post = {_by_side(like.patrols.per_post)}
[time]
days = {days}
"""
    for kind in like.groups:
        text += f"""
[[groups]]
name = "{kind.name}"
crime = "{kind.crime}"
origin = "{SIDES[kind.origin]}"
destination = "{SIDES[kind.destination]}"
count = {_in_proportion(kind.count, segments)}
attempts_per_day = {kind.attempts_per_day}
"""
    return text


def _by_side(values) -> str:
    return "{ " + ", ".join(f"{SIDES[side]} = {values[side]}" for side in SIDES) + " }"


def _in_proportion(count: int, segments: int) -> int:
    return max(1, round(count * segments / SEGMENTS))


def one_size(segments: int, days: float, engine: str) -> dict[str, float]:
    """Set up and run one size in this process.

    Returns
    -------
    Seconds of writing and loading, of setting up and of running, each the median of as many runs as
    fit into a few seconds, how many these were, and peak memory in MiB, before and after.
    """
    warm_up(engine)
    before = peak_mib()
    times: list[tuple[float, float, float]] = []
    while not times or (len(times) < MOST_RUNS and sum(map(sum, times)) < ENOUGH_SECONDS):
        with tempfile.TemporaryDirectory() as folder:
            begin = time.perf_counter()
            scenario = write_world(Path(folder), segments, days)
            loaded = time.perf_counter()
            simulate = set_up(engine, scenario)
            ready = time.perf_counter()
            simulate()
            done = time.perf_counter()
        times.append((loaded - begin, ready - loaded, done - ready))
        # So that no two models are in memory at a time.
        del simulate
        gc.collect()
    load, ready_after, run = np.median(times, axis=0).tolist()
    told = {"load": load, "set_up": ready_after, "run": run, "runs": len(times)}
    return told | {"before_mib": before, "peak_mib": peak_mib()}


def measure(quick: bool) -> list[Row]:
    """Measure every size and engine, each in a new process."""
    rows: list[Row] = []
    for engine in engines():
        days = {COMPILED: 30 if quick else 365, AGENTS: 2 if quick else 10}[engine]
        sizes = AGENTS_SIZES if quick or engine == AGENTS else SIZES
        measured = {}
        for size in sizes:
            try:
                told = python(__file__, str(size), str(days), engine, limit=LIMIT_SECONDS)
            except subprocess.SubprocessError as error:
                rows.append(left_out(f"{engine} engine, {size:,} segments", "s", _reason(error)))
                continue
            measured[size] = json.loads(told)
            rows += _rows(engine, size, days, measured[size])
        rows += _exponents(engine, measured)
    if reason := lacks_compiled():
        rows.append(left_out("compiled engine", "s", reason))
    return rows


def _reason(error: subprocess.SubprocessError) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"takes longer than {LIMIT_SECONDS:,} s"
    return "its process failed"


def _rows(engine: str, size: int, days: float, told: dict[str, float]) -> list[Row]:
    name = f"{engine} engine, {size:,} segments"
    before = f"{told['before_mib']:.0f} MiB of it before the world was read"
    runs = int(told["runs"])
    note = "without reading the scenario"
    return [
        Row(f"{name}: set-up", told["set_up"], "s", runs=runs, note=note),
        Row(f"{name}: run", told["run"], "s", runs=runs, note=f"{days} days"),
        Row(f"{name}: peak memory", told["peak_mib"], "MiB", note=before),
    ]


def _exponents(engine: str, measured: dict[int, dict[str, float]]) -> list[Row]:
    """Fit the exponents of times in the number of segments, by least squares of logarithms."""
    if len(measured) < 2:
        return []
    note = "1 is in proportion to the length of the line"
    return [
        Row(
            f"{engine} engine: exponent of {name} time",
            fitted_exponent([(size, told[key]) for size, told in measured.items()]),
            "1",
            runs=len(measured),
            note=note,
        )
        for key, name in (("set_up", "set-up"), ("run", "run"))
    ]


def fitted_exponent(points: list[tuple[float, float]]) -> float:
    """Fit the exponent of a power law."""
    sizes, costs = np.log(np.array(points)).T
    return float(np.polyfit(sizes, costs, 1)[0])


if __name__ == "__main__":
    print(json.dumps(one_size(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3])))

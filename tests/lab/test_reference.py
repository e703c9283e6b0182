"""The committed reference study is what the model of today gives."""

import csv
from pathlib import Path

import pytest

from sim import Experiment, run
from sim.lab import points_of

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "results" / "reference" / "sharing_frequency" / "runs.csv"


def test_a_run_of_the_reference_study_comes_out_the_same() -> None:
    """One point and seed of the study, run again, has the same events and outcomes."""
    with REFERENCE.open(newline="", encoding="utf-8") as file:
        rows = {(int(row["point"]), int(row["seed"])): row for row in csv.DictReader(file)}
    points = points_of(Experiment.load(ROOT / "experiments" / "sharing_frequency.toml"))
    weekly = next(i for i, p in enumerate(points) if p.name == "reports: 7 days, plans: shared")
    outcomes = run(points[weekly].scenario, seed=2).outcomes
    stored = rows[weekly, 2]
    assert outcomes["events_sha256"] == stored["events_sha256"]
    assert outcomes["interdiction_rate"] == pytest.approx(float(stored["interdiction_rate"]))


def test_what_is_said_of_the_achievable_is_what_the_reference_study_shows() -> None:
    """No interval of the fourteen points lies above the floor, by either outcome."""
    with REFERENCE.with_name("achievable.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    points = points_of(Experiment.load(ROOT / "experiments" / "sharing_frequency.toml"))
    assert [row["point"] for row in rows[::2]] == [point.name for point in points]
    assert {row["metric"] for row in rows} == {"interdiction_rate", "harm_prevented_share"}
    assert all(float(row["low"]) < 0.0 for row in rows)
    daily = rows[2 * [point.name for point in points].index("reports: 1 day, plans: shared")]
    assert (round(100 * float(daily["low"])), round(100 * float(daily["high"]))) == (-8, 3)

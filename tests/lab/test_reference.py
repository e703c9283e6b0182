"""The committed reference studies are what the model of today gives."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import Experiment, run
from sim.lab import points_of

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "results" / "reference"
STUDIES = sorted(file.parent.name for file in REFERENCE.glob("*/provenance.json"))
IN_WORLDS = ["policies_in_all_worlds", "policies_in_other_worlds"]


def experiment_of(study: str) -> Experiment:
    """Load the experiment of a study."""
    return Experiment.load(ROOT / "experiments" / f"{study}.toml")


def provenance_of(study: str) -> Any:
    """Read how a study was made."""
    return json.loads((REFERENCE / study / "provenance.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("study", [each for each in STUDIES if each not in IN_WORLDS])
def test_a_study_is_of_the_inputs_of_today(study: str) -> None:
    """Its points are named as in its file, and have its scenarios and policies to the letter."""
    told = [(each["name"], each["inputs_sha256"]) for each in provenance_of(study)["points"]]
    points = points_of(experiment_of(study))
    assert told == [(each.name, each.scenario.inputs_sha256) for each in points]


@pytest.mark.parametrize(
    ("study", "name", "seed"),
    [
        ("sharing_frequency", "reports: 7 days, plans: shared", 2),
        ("third_country", "all of it", 1),
    ],
)
def test_a_run_of_a_study_comes_out_the_same(study: str, name: str, seed: int) -> None:
    """One point and seed, run again, has the same events and outcomes."""
    with (REFERENCE / study / "runs.csv").open(newline="", encoding="utf-8") as file:
        rows = {(int(row["point"]), int(row["seed"])): row for row in csv.DictReader(file)}
    points = points_of(experiment_of(study))
    place = next(number for number, point in enumerate(points) if point.name == name)
    outcomes = run(points[place].scenario, seed, runs=99).outcomes
    assert outcomes["events_sha256"] == rows[place, seed]["events_sha256"]
    assert outcomes["interdiction_rate"] == pytest.approx(
        float(rows[place, seed]["interdiction_rate"])
    )


@pytest.mark.parametrize("study", ["policies", "instruments", "sharing_on_one_stretch"])
def test_the_baseline_of_a_study_comes_out_the_same(study: str) -> None:
    """Its means over all seeds, from runs made again."""
    table = pd.read_csv(REFERENCE / study / "policies.csv")
    baseline = next(each for each in points_of(experiment_of(study)) if each.is_baseline)
    seeds = provenance_of(study)["seeds"]
    outcomes = [run(baseline.scenario, seed, runs=len(seeds)).outcomes for seed in seeds]
    for _, row in table[table["point"] == baseline.name].iterrows():
        mean = np.mean([each[row["metric"]] for each in outcomes])
        assert mean == pytest.approx(row["mean"], rel=1e-6)


@pytest.mark.parametrize("study", IN_WORLDS)
def test_a_study_in_worlds_is_of_the_inputs_of_today(study: str) -> None:
    """It has the policies, ranges and number of worlds of its file.

    What each policy loses in the first world to the best one there is the same if run again.
    """
    told, experiment = provenance_of(study), experiment_of(study)
    points, drawn = points_of(experiment), experiment.worlds
    assert drawn is not None
    names = [each.name for each in experiment.policies]
    assert [each["name"] for each in told["points"]] == names
    assert told["worlds"]["samples"] == drawn.samples
    assert list(told["worlds"]["ranges"]) == [each.key for each in drawn.factors]
    assert len(points) == len(names) * drawn.samples
    seeds = told["seeds"][:: drawn.samples]
    rates = []
    for point in points[: len(names)]:
        runs = [run(point.scenario, seed, runs=99).outcomes for seed in seeds]
        rates.append(np.mean([each["interdiction_rate"] for each in runs]))
    stored = pd.read_csv(REFERENCE / study / "regret.csv").iloc[0]
    assert max(rates) - np.array(rates) == pytest.approx(stored[names].to_numpy(float), abs=1e-9)


def test_what_is_said_of_the_achievable_is_what_the_reference_study_shows() -> None:
    """No interval of the fourteen points lies above the floor, by either outcome."""
    with (REFERENCE / "sharing_frequency" / "achievable.csv").open(
        newline="", encoding="utf-8"
    ) as file:
        rows = list(csv.DictReader(file))
    points = points_of(experiment_of("sharing_frequency"))
    assert [row["point"] for row in rows[::2]] == [point.name for point in points]
    assert {row["metric"] for row in rows} == {"interdiction_rate", "harm_prevented_share"}
    assert all(float(row["low"]) < 0.0 for row in rows)
    daily = rows[2 * [point.name for point in points].index("reports: 1 day, plans: shared")]
    assert (round(100 * float(daily["low"])), round(100 * float(daily["high"]))) == (-8, 3)

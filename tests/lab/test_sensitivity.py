"""Sensitivity: functions whose indices are known, and a small study from file to figure."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from small_world import SCENARIO, write_border

from sim import Experiment
from sim.cli.app import main
from sim.errors import InputError
from sim.lab.sampling import unit_sample
from sim.lab.sensitivity import are_told_apart, indices_of, sensitivity
from sim.report.sensitivity import others_finding, sensitivity_figure

Array = NDArray[np.float64]


def ishigami(unit: Array) -> Array:
    """Ishigami & Homma (1990) with a = 7, b = 0.1, on the unit cube."""
    x, y, z = (2.0 * unit.T - 1.0) * math.pi
    return np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def sobol_g(unit: Array, weights: Array) -> Array:
    """Sobol's G function."""
    return np.prod((np.abs(4.0 * unit - 2.0) + weights) / (1.0 + weights), axis=1)


def test_sobol_indices_of_ishigami_are_the_known_ones() -> None:
    """First and total order are 0.314, 0.442, 0 and 0.558, 0.442, 0.244."""
    sample = unit_sample("sobol", 3, 4096, seed=1)
    found = indices_of("sobol", sample, ishigami(sample))
    assert list(found["S1"]) == pytest.approx([0.3139, 0.4424, 0.0], abs=0.03)
    assert list(found["ST"]) == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)
    assert (abs(found["ST"] - [0.5576, 0.4424, 0.2437]) <= 1.5 * found["ST_conf"]).all()


def test_sobol_indices_of_the_g_function_are_the_known_ones() -> None:
    """First order is V_i / V with V_i = 1 / (3 (1 + a_i)²) and V = Π (1 + V_i) − 1."""
    weights = np.array([0.0, 1.0, 4.5, 9.0, 99.0])
    parts = 1.0 / (3.0 * (1.0 + weights) ** 2)
    whole = np.prod(1.0 + parts) - 1.0
    sample = unit_sample("sobol", 5, 4096, seed=2)
    found = indices_of("sobol", sample, sobol_g(sample, weights))
    total = parts * np.prod(1.0 + parts) / (1.0 + parts) / whole
    assert list(found["S1"]) == pytest.approx(list(parts / whole), abs=0.03)
    assert list(found["ST"]) == pytest.approx(list(total), abs=0.03)


def test_morris_effects_of_a_plane_are_its_slopes() -> None:
    """Each effect is the slope itself, whatever the trajectory, so that none of them spreads."""
    sample = unit_sample("morris", 4, 10, seed=3)
    found = indices_of("morris", sample, sample @ np.array([3.0, -2.0, 0.5, 0.0]))
    assert list(found["mu"]) == pytest.approx([3.0, -2.0, 0.5, 0.0])
    assert list(found["mu_star"]) == pytest.approx([3.0, 2.0, 0.5, 0.0])
    assert list(found["sigma"]) == pytest.approx([0.0] * 4, abs=1e-9)
    assert are_told_apart(found, "mu_star")


def test_morris_ranks_the_g_function_and_sees_that_it_bends() -> None:
    """Mean absolute effects fall as the weights rise, and effects of both signs spread."""
    weights = np.array([0.0, 1.0, 9.0, 99.0])
    sample = unit_sample("morris", 4, 60, seed=4)
    found = indices_of("morris", sample, sobol_g(sample, weights))
    assert list(found["mu_star"].rank()) == [4.0, 3.0, 2.0, 1.0]
    assert (abs(found["mu"]) < found["mu_star"]).all()
    assert found["sigma"][0] > 1.0


@pytest.mark.parametrize("design", ["morris", "sobol"])
def test_an_outcome_that_never_varies_hangs_on_nothing(design) -> None:
    """A constant has indices of zero, without a warning."""
    sample = unit_sample(design, 3, 4, seed=5)
    found = indices_of(design, sample, np.full(len(sample), 2.0))
    assert (found == 0.0).all(axis=None)
    assert not are_told_apart(found, found.columns[0])


def test_values_that_are_not_one_for_each_point_are_refused() -> None:
    """Too few values, or none that is a number, never become indices."""
    sample = unit_sample("morris", 2, 4, seed=6)
    with pytest.raises(InputError, match="shape"):
        indices_of("morris", sample, np.zeros(len(sample) - 1))
    with pytest.raises(InputError, match="one number"):
        indices_of("morris", sample, np.full(len(sample), math.nan))


EXPERIMENT = """
format = 1
title = "What does <detection> hang on?"
scenario = "small.toml"
design = "{design}"
samples = 4
days = 3
replications = 2
metrics = ["detection_rate", "patrol_hours"]
[[factors]]
key = "patrols.detection"
label = "skill of $patrols"
range = [0.0, 1.0]
[[factors]]
key = "patrols.per_post"
range = [1, 3]
[[factors]]
key = "community.false_stop"
label = "nothing much"
range = [0.0, 1.0]
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A small Morris experiment."""
    write_border(tmp_path / "border")
    (tmp_path / "small.toml").write_text(SCENARIO)
    path = tmp_path / "study.toml"
    path.write_text(EXPERIMENT.format(design="morris"))
    return path


def test_the_study_finds_what_patrol_hours_hang_on(study: Path) -> None:
    """Hours walked hang on the number of patrols and on nothing else that is varied."""
    found = sensitivity(Experiment.load(study), workers=1).indices("patrol_hours")
    assert found["factor"][0] == "patrols.per_post"
    assert found["mu_star"][0] > 100.0
    assert list(found["mu_star"][1:]) == [0.0, 0.0]


@pytest.mark.parametrize("design", ["morris", "sobol"])
def test_the_command_writes_indices_and_their_figure(
    study: Path, tmp_path: Path, monkeypatch, capsys, design
) -> None:
    """Table, figure and provenance are in the folder; one JSON document is on stdout."""
    study.write_text(EXPERIMENT.format(design=design))
    out = tmp_path / "out"
    words = ["sensitivity", str(study), "--out", str(out), "--workers", "1", "--json"]
    monkeypatch.setattr("sys.argv", ["bordersim", *words])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    document = json.loads(capsys.readouterr().out)
    table = pd.read_csv(out / "sensitivity.csv")
    assert len(document["indices"]) == len(table) == 2 * 3
    assert set(table["metric"]) == {"detection_rate", "patrol_hours"}
    for name in ("sensitivity.png", "sensitivity.svg", "provenance.json", "runs.csv"):
        assert (out / name).stat().st_size > 0
    runs = pd.read_csv(out / "runs.csv")
    assert {"patrols.detection", "patrols.per_post", "detection_rate"} <= set(runs.columns)


def test_the_command_prints_a_table_for_each_outcome(study: Path, tmp_path, monkeypatch, capsys):
    """People see the indices, strongest first, with the finding in words."""
    words = ["sensitivity", str(study), "--out", str(tmp_path / "o"), "--workers", "1"]
    monkeypatch.setattr("sys.argv", ["bordersim", *words])
    with pytest.raises(SystemExit):
        main()
    said = capsys.readouterr().out
    assert "patrol hours" in said
    assert "hangs most on patrols.per_post" in said.replace("\n", " ")


def test_what_is_not_shown_of_many_factors_is_summed_up(study: Path, monkeypatch) -> None:
    """The figure has as many bars as there is room for, and says how strong the others are."""
    found = sensitivity(Experiment.load(study), workers=1)
    assert others_finding(found, "detection_rate") == ""
    monkeypatch.setattr("sim.report.sensitivity.SHOWN", 1)
    assert others_finding(found, "patrol_hours").startswith("Each of 2 others: 0")
    upper, lower = sensitivity_figure(found).axes
    assert [label.get_text() for label in lower.get_yticklabels()] == ["patrols.per_post"]
    assert "Each of 2 others" in upper.get_title()


def test_another_design_has_no_indices(study: Path) -> None:
    """A Latin hypercube is refused before anything is run, with what to use."""
    study.write_text(EXPERIMENT.format(design="lhs"))
    with pytest.raises(InputError, match='"morris" or "sobol"'):
        sensitivity(Experiment.load(study), workers=1)

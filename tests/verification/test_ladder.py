"""The simulation reproduces what is known exactly: the rungs of `bordersim verify`.

A quarter of the runs keeps the suite short: standard errors of twice the size of the command's.
Rungs of a kind that take long are left to the command.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.errors import InputError
from sim.verification import LADDER, QUICK, climb, rungs_named, same_events
from sim.verification.rung import Reading, pooled, standard_errors_allowed

REFERENCE = Path(__file__).parents[2] / "results" / "reference" / "verification"

BY_SCENARIO = {rung.scenario: name for name, rung in LADDER.items()}
"""The last rung of each scenario file."""


LEFT_TO_THE_COMMAND = {
    "adversary.ewa.passed",
    "freshness.queue.0.2",
    "inspection.3.1",
    "patrolling.5.1",
    "patrolling.6.3",
    "perimeter.poisson.0.5",
}
"""Rungs that others of their kind stand for here."""


@pytest.mark.parametrize("name", [name for name in LADDER if name not in LEFT_TO_THE_COMMAND])
def test_rung_holds(name):
    """Each quantity comes out as it must."""
    for reading in climb(LADDER[name], "compiled", QUICK):
        assert reading.holds, reading


def test_rungs_have_runs_enough():
    """Standard errors of the whole ladder, as last climbed, are as small as each rung says."""
    table = pd.read_csv(REFERENCE / "ladder.csv")
    assert set(table["rung"]) == set(LADDER)
    for row in table.itertuples():
        rung = LADDER[row.rung]
        assert row.standard_error <= 1.25 * rung.error * max(1.0, abs(row.expected)), row.rung
        assert row.holds


@pytest.mark.parametrize("scenario", BY_SCENARIO)
def test_engines_give_the_same_events(scenario):
    """The agents act as compiled code does on every scenario of the ladder."""
    assert same_events(LADDER[BY_SCENARIO[scenario]])


def test_agents_climb_by_themselves():
    """The agents reproduce a rung without compiled code."""
    (reading,) = climb(LADDER["barrier.one.0.5"], "agents", QUICK)
    assert reading.holds
    assert 0.0 < reading.error < 0.005


@pytest.mark.parametrize("name", ["barrier.one.0.5", "security.committed.1", "freshness.age.7"])
def test_a_wrong_value_does_not_hold(name):
    """What is a twentieth off is not accepted."""
    rung = LADDER[name]
    wrong = {quantity: 1.05 * value for quantity, value in rung.expected.items()}
    readings = climb(replace(rung, expected=wrong), "compiled", QUICK)
    assert not all(reading.holds for reading in readings)


def test_rungs_look_at_every_section_of_the_ladder():
    """Sections 1 to 7 and beliefs (9.9) are there; section 8 is a matter of the optimum."""
    sections = " ".join(rung.source for rung in LADDER.values())
    for section in ("1;", "2;", "3;", "4;", "5;", "6;", "7;", "9.9;"):
        assert f"verification ladder {section}" in sections


def test_pooled_ratio_has_the_spread_between_runs():
    """The error of a pooled mean is that of a mean of runs; settings in turn do not add to it."""
    values = np.array([0.4, 0.8, 0.5, 0.9, 0.6, 1.0])
    table = np.column_stack([100.0 * values, np.full(6, 100.0)])
    ratio, error = pooled(table)
    assert ratio == pytest.approx(values.mean())
    assert error == pytest.approx(values.std(ddof=1) / np.sqrt(6))
    _, stratified = pooled(table, kinds=2)
    assert stratified == pytest.approx(0.1 / np.sqrt(6))


def test_slack_adds_to_four_standard_errors():
    """A reading holds up to four standard errors and the slack of its rung, and no further."""
    rung = replace(LADDER["barrier.one.0.5"], slack=0.01)
    assert Reading(rung, "detected", 0.5, 0.517, 0.002).holds
    assert not Reading(rung, "detected", 0.5, 0.519, 0.002).holds


def test_few_runs_are_allowed_for():
    """Four standard errors of many runs are as unlikely as seven of ten, in normal samples."""
    assert standard_errors_allowed(40) == 4.0
    assert standard_errors_allowed(10) == pytest.approx(7.0, abs=0.15)
    assert standard_errors_allowed(39) == pytest.approx(4.5, abs=0.1)


def test_rungs_are_named_by_section():
    """A section stands for all of its rungs, and a wrong name is told the nearest."""
    assert rungs_named(["process.trust", "process"])[0] == "process.trust"
    assert len(rungs_named(["process"])) == len([n for n in LADDER if n.startswith("process.")])
    assert rungs_named([]) == list(LADDER)
    with pytest.raises(InputError, match="did you mean barrier"):
        rungs_named(["barier"])

"""Dominance, prices of an effect, and regret, against examples whose answer is known."""

from pathlib import Path

import numpy as np
import pytest
from small_world import SCENARIO, write_border

from sim import Experiment
from sim.lab import Comparison, Tables, points_of
from sim.report.evidence import Findings
from sim.report.prices import acceptability
from sim.report.regret import regrets, regrets_of, worlds_of
from sim.report.tradeoff import places_of


def test_dominated_policies_and_mixtures_have_no_price() -> None:
    """Of five policies one is dominated, one by a mixture; the others pay at rising prices."""
    effects = {"nothing": 0.0, "a": 2.0, "mixed": 3.0, "b": 6.0, "worse": 1.0}
    costs = {"nothing": 0.0, "a": 10.0, "mixed": 60.0, "b": 90.0, "worse": 20.0}
    placed = places_of(effects, costs)
    assert placed["worse"].dominated_by == "a"
    assert placed["mixed"].dominated_by == ""
    ratios = {name: each.ratio for name, each in placed.items()}
    assert ratios == {"nothing": None, "a": 5.0, "mixed": None, "b": 20.0, "worse": None}


def test_equal_policies_dominate_neither() -> None:
    """A policy that is no better and no cheaper than another is not dominated by it."""
    placed = places_of({"a": 1.0, "b": 1.0}, {"a": 2.0, "b": 2.0})
    assert [each.dominated_by for each in placed.values()] == ["", ""]


def test_acceptability_is_the_share_of_runs_with_the_highest_net_benefit() -> None:
    """At no price the cheap policy wins; at 5 two of three runs have turned; ties share a run."""
    effects = np.array([[0.0, 0.0, 0.0], [2.0, 3.0, 1.0]])
    costs = np.array([[0.0, 0.0, 0.0], [8.0, 9.0, 8.0]])
    shares = acceptability(effects, costs, np.array([0.0, 3.0, 5.0, 100.0]))
    assert shares[1] == pytest.approx([0.0, 0.5 / 3, 2 / 3, 1.0])
    assert shares.sum(axis=0) == pytest.approx([1.0, 1.0, 1.0, 1.0])


WORLDS = {
    "calm": {"a": 10.0, "b": 8.0, "c": 9.0},
    "busy": {"a": 2.0, "b": 6.0, "c": 5.0},
    "odd": {"a": 7.0, "b": 7.0, "c": 6.0},
}


def test_regret_is_what_is_lost_against_the_best_of_each_world() -> None:
    """The textbook's table: largest regrets 4, 2 and 1, so that c, never best, is safest."""
    lost = regrets(WORLDS)
    assert lost.by_world.loc["busy"].to_dict() == {"a": 4.0, "b": 0.0, "c": 1.0}
    assert lost.summary.loc["largest"].to_dict() == {"a": 4.0, "b": 2.0, "c": 1.0}
    assert lost.summary.loc["90th percentile", "a"] == pytest.approx(3.2)
    assert lost.wins.to_dict() == {"a": 1.5, "b": 1.5, "c": 0.0}
    assert lost.safest == "c"


def test_regret_turns_round_where_less_is_better() -> None:
    """Of harm, the policy with least of it is best."""
    lost = regrets(WORLDS, sign=-1.0)
    assert lost.by_world.loc["calm"].to_dict() == {"a": 2.0, "b": 0.0, "c": 1.0}


FACTORS = """
format = 1
title = "Two policies in two worlds"
scenario = "small.toml"
replications = 2
metrics = ["detection_rate"]
[[factors]]
key = "sharing.interval_days"
label = "reports"
values = [1, "never"]
[[factors]]
key = "groups.0.attempts_per_day"
label = "attempts a day"
values = [0.5, 1.0, 2.0]
[baseline]
"sharing.interval_days" = "never"
"groups.0.attempts_per_day" = 1.0
"""


def test_factors_that_no_policy_decides_are_worlds(tmp_path: Path, study: Comparison) -> None:
    """Keys of policy files make policies, others make worlds; regret is over these."""
    write_border(tmp_path / "border")
    (tmp_path / "small.toml").write_text(SCENARIO)
    (tmp_path / "factors.toml").write_text(FACTORS)
    experiment = Experiment.load(tmp_path / "factors.toml")
    points = points_of(experiment)
    runs = study.runs.iloc[:12].assign(
        point=np.repeat(np.arange(6), 2),
        seed=[1, 2] * 6,
        detection_rate=np.repeat([0.5, 0.4, 0.1, 0.2, 0.3, 0.3], 2),
    )
    comparison = Comparison(experiment, points, Tables(runs, study.tables.sides, runs))
    worlds = worlds_of(comparison)
    assert list(worlds) == [f"attempts a day: {rate}" for rate in ("0.5", "1", "2")]
    assert worlds["attempts a day: 1"] == {"reports: 1": 1, "reports: never": 4}
    lost = regrets_of(Findings(comparison))
    assert not lost.are_seeds
    assert lost.by_world["reports: 1"].tolist() == pytest.approx([0.0, 0.0, 0.2])
    assert lost.wins.to_dict() == {"reports: 1": 2.0, "reports: never": 1.0}


def test_one_world_gives_regret_by_seed_and_says_so(study: Comparison) -> None:
    """Named policies have no worlds; what is left is chance, marked as such."""
    lost = regrets_of(Findings(study))
    assert lost.are_seeds
    assert list(lost.by_world.index) == ["seed 1", "seed 2", "seed 3"]
    assert (lost.by_world.min(axis=1) == 0.0).all()

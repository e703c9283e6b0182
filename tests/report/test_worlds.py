"""The report of uncertain worlds: what was drawn, who regrets what, and which is best where."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_study import small_experiment
from worlds_study import EXPERIMENT, LABEL

from sim.lab import Comparison, compare
from sim.report import write_report
from sim.report.assumptions import assumptions_of
from sim.report.caveats import caveats
from sim.report.evidence import Findings
from sim.report.places import Along
from sim.report.regret import Regrets, regrets_of
from sim.report.where import best_split, where_best, where_worse

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Three policies in four worlds, on two seeds of each world."""
    folder = tmp_path_factory.mktemp("worlds")
    return compare(small_experiment(folder, EXPERIMENT), workers=1)


def _with(comparison: Comparison, by_policy: list[list[float]]) -> Comparison:
    """Give the study with other values, by policy and world; seeds lie half above and below."""
    runs = comparison.runs.sort_values(["point", "world", "seed"]).copy()
    told = np.repeat(np.ravel(by_policy), 2) + np.tile([-0.05, 0.05], 12)
    return replace(
        comparison, tables=replace(comparison.tables, runs=runs.assign(detection_rate=told))
    )


def _thirty(comparison: Comparison) -> Comparison:
    """Give the study thirty worlds, in order of their first factor."""
    first = comparison.worlds[0]
    keys = list(first.settings)
    told = tuple(
        replace(first, number=n + 1, settings=dict(zip(keys, (n / 30, n % 7), strict=True)))
        for n in range(30)
    )
    return replace(comparison, worlds=told)


def test_regret_is_of_means_in_each_world(worlds: Comparison) -> None:
    """Against a table by hand: losses, best cells, the largest and the 90th percentile."""
    known = _with(worlds, [[0.1, 0.2, 0.3, 0.4], [0.3, 0.2, 0.2, 0.4], [0.2, 0.5, 0.2, 0.1]])
    found = regrets_of(Findings(known))
    assert not found.are_seeds
    assert list(found.by_world.index) == ["world 1", "world 2", "world 3", "world 4"]
    assert found.by_world.to_numpy() == pytest.approx(
        np.array([[0.2, 0.0, 0.1], [0.3, 0.3, 0.0], [0.0, 0.1, 0.1], [0.0, 0.0, 0.3]]), abs=1e-12
    )
    assert found.summary.loc["largest"].tolist() == pytest.approx([0.3, 0.3, 0.3])
    assert found.summary.loc["90th percentile"].tolist() == pytest.approx([0.27, 0.24, 0.24])


def test_what_was_sampled_is_said_before_any_number(worlds: Comparison) -> None:
    """Caveats name parameters and ranges, and count worlds and seeds as they are."""
    findings = Findings(worlds)
    told = caveats(findings, assumptions_of(worlds), regrets_of(findings))
    assert "what was drawn of 2 numbers" in told[0]
    assert "patrols.detection (0.2 to 0.95); " in told[1]
    assert f"{LABEL} (0.5 to 5 1/day, by equal ratios)" in told[1]
    assert "compared in 4 uncertain worlds × 2 seeds, averaged within each world" in told[2]
    assert "With so few worlds" in told[2]
    listed = {each.key: each for each in assumptions_of(worlds).assumed}
    drawn = listed["patrols.detection"]
    assert (drawn.value, drawn.low, drawn.high) == ("sampled", 0.2, 0.95)


def test_stretches_count_worlds_once(worlds: Comparison) -> None:
    """Counts along the line are means over worlds, of the seeds of each."""
    along = Along(Findings(worlds))
    segments = worlds.tables.segments
    total = segments.loc[segments["point"] == 1, "attempts"].sum() / 8
    assert along.mean(1, "attempts").sum() == pytest.approx(total)
    assert along._counts["attempts"].shape[1] == 4


def test_the_page_of_worlds_is_whole_and_safe(worlds: Comparison, tmp_path: Path) -> None:
    """Every caption counts worlds, names are text, and the way to make it again is true."""
    page = write_report(worlds, tmp_path).read_text(encoding="utf-8")
    assert page.count("<script") == 1
    assert LABEL not in page
    assert "<b>shared</b>" not in page
    assert "&lt;b&gt;shared" in page
    assert "4 uncertain worlds × 2 seeds" in page
    assert not re.search(r"\d paired runs|No uncertain worlds", page)
    assert "bordersim compare experiment.toml --days 5 --replications 2" in page
    origin = json.loads((tmp_path / "provenance.json").read_text(encoding="utf-8"))
    assert origin["seeds"] == list(range(1, 9))
    assert origin["worlds"]["ranges"]["groups.0.attempts_per_day"] == [0.5, 5.0]
    told = pd.read_csv(tmp_path / "worlds.csv")
    assert told["world"].tolist() == [1, 2, 3, 4]
    drawn = [world.settings["patrols.detection"] for world in worlds.worlds]
    assert told["patrols.detection"].tolist() == pytest.approx(drawn)


def test_a_split_that_is_there_is_found() -> None:
    """Worlds that differ above 0.6 of the second factor are told by it, all and no other."""
    chance = np.random.default_rng(3)
    factors = chance.random((40, 4))
    split = best_split(factors, factors[:, 1] > 0.6)
    assert split is not None
    assert (split.factor, split.is_above) == (1, True)
    assert split.value == pytest.approx(0.6, abs=0.05)
    assert (split.density, split.coverage) == (1.0, 1.0)
    assert split.chance == pytest.approx(1 / 2000)


def test_a_split_by_chance_is_called_so_nineteen_times_in_twenty() -> None:
    """Where factors tell nothing, the test calls a split real in about one case of twenty."""
    chance = np.random.default_rng(4)
    found = [best_split(chance.random((30, 3)), chance.random(30) < 0.4) for _ in range(60)]
    real = sum(split is not None and split.chance < 0.05 for split in found)
    assert real <= 8  # of 60 at 5 %, more than that happen once in a hundred such tests


def test_too_few_worlds_or_one_kind_have_no_split() -> None:
    """Nothing is said where nothing can be told."""
    assert best_split(np.arange(8.0)[:, None], np.arange(8) > 3) is None
    assert best_split(np.arange(20.0)[:, None], np.zeros(20)) is None
    assert best_split(np.ones((20, 2)), np.arange(20) > 10) is None


def test_which_policy_is_best_where_is_said_in_words(worlds: Comparison) -> None:
    """A split is told with density and coverage; what has none is said to have none."""
    many = _thirty(worlds)
    names = [f"world {n + 1}" for n in range(30)]

    def told(is_better: list[bool]) -> str:
        lost = pd.DataFrame(
            {"a": np.where(is_better, 1.0, 0.0), "b": np.where(is_better, 0.0, 1.0)}, index=names
        )
        return where_best(many, Regrets(lost, False))

    assert told([n >= 20 for n in range(30)]) == (
        "Where: “b” does better than “a” in 10 of the 10 worlds with “patrols.detection” above "
        "0.65 (density 100 %), which are 100 % of the 10 worlds in which it does (coverage; "
        "corrected p < 0.001)."
    )
    assert "no single factor clearly tells them from the others" in told(
        [n % 3 == 0 for n in range(30)]
    )
    assert told([False] * 30) == "Where: “a” is best in every world sampled."


def test_where_policies_fail_is_counted_and_corrected_for_all_of_them(worlds: Comparison) -> None:
    """Worlds worse than under the baseline are counted; a split is told if it is clear."""
    many = _thirty(worlds)
    lost = pd.DataFrame(
        {
            "alone": 1.0,
            "<b>shared</b>": [2.0 if n < 12 else 0.0 for n in range(30)],
            "joint": [2.0 if n % 3 == 0 else 0.5 for n in range(30)],
        },
        index=[f"world {n + 1}" for n in range(30)],
    )
    said = where_worse(many, Regrets(lost, False))
    assert said == (
        "Worse than “alone”, of 30 worlds: “<b>shared</b>” in 12, “joint” in 10. Of these worlds: "
        "“<b>shared</b>” in 12 of the 12 worlds with “patrols.detection” below 0.383 (density "
        "100 %), which are 100 % of the 12 worlds in which it does (coverage; corrected p = 0.001)."
    )

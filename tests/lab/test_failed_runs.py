"""A run that fails is data: it is noted, stops no other, and can be made again."""

import sys
from pathlib import Path

import pytest
from small_study import troubled_experiment

from sim import Experiment
from sim.lab import open_study, outlook, run_batch, study_of


@pytest.fixture
def experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Experiment:
    """Eight runs, of which those of one policy on seed 2 fail while there is a file `broken`."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "trouble", raising=False)
    (tmp_path / "broken").touch()
    there = str(tmp_path / "broken")
    return troubled_experiment(
        tmp_path,
        f"if seed == 2 and Path({there!r}).exists():\n    raise ValueError('told to')",
    )


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    """Let each test have its own code."""
    from sim.scenario.code import load_code

    load_code.cache_clear()


def test_a_failed_run_is_noted_and_stops_no_other(experiment: Experiment, tmp_path: Path) -> None:
    """Its inputs, seed and traceback are kept; the other seven are done."""
    batch = run_batch(study_of(experiment, tmp_path / "out", allow_code=True), workers=1)
    study = open_study(tmp_path / "out")
    assert (batch.made, len(study.runs)) == (8, 7)
    assert batch.failures == study.failures
    (failure,) = study.failures
    assert failure.inputs_sha256 == study.points[1].scenario.inputs_sha256
    assert failure.seed == 2
    assert "trouble.py" in failure.error
    assert failure.error.strip().endswith("ValueError: told to")
    assert study.complete_seeds == [1, 3, 4]


def test_a_failed_run_is_made_again_only_if_asked(experiment: Experiment, tmp_path: Path) -> None:
    """The same call leaves it; with `retry_failed` it is made, and done if it can be."""
    asked = study_of(experiment, tmp_path / "out", allow_code=True)
    run_batch(asked, workers=1)
    (tmp_path / "broken").unlink()
    assert (outlook(asked).remaining, outlook(asked, retry_failed=True).remaining) == (0, 1)
    same = run_batch(asked, workers=1)
    assert (same.made, len(same.failures)) == (0, 1)
    again = run_batch(asked, workers=1, retry_failed=True)
    assert (again.made, again.failures) == (1, [])
    assert len(again.study.runs) == 8


def test_a_run_that_fails_again_stays_failed(experiment: Experiment, tmp_path: Path) -> None:
    """Trying again what is still broken loses neither the run nor its traceback."""
    asked = study_of(experiment, tmp_path / "out", allow_code=True)
    run_batch(asked, workers=1)
    again = run_batch(asked, workers=1, retry_failed=True)
    assert again.made == 1
    assert "told to" in again.failures[0].error

"""`bordersim batch`, `compare` and `report` as a user calls them."""

import json
import sys
from pathlib import Path

import pytest
import worlds_study
from small_study import small_experiment, troubled_experiment

from sim.scenario.code import load_code


@pytest.fixture
def experiment(tmp_path: Path) -> Path:
    """Four points on three seeds."""
    return small_experiment(tmp_path).path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where results go."""
    return tmp_path / "out"


def test_a_batch_runs_and_then_has_nothing_to_do(bordersim, experiment, out):
    """The first call makes all runs, with lines on how far it is; the second none."""
    first = bordersim("batch", experiment, "--out", out, "--workers", 1)
    assert first.code == 0
    assert "12 runs made, 0 were there before" in first.out
    assert "12 of 12 runs" in first.err
    again = bordersim("batch", experiment, "--out", out, "--workers", 1)
    assert (again.code, again.err) == (0, "")
    assert "0 runs made, 12 were there before" in again.out


def test_a_dry_run_says_what_is_left_and_does_nothing(bordersim, experiment, out):
    """Points, seeds, what is done and how long the rest takes; by a guide, and by measurement."""
    words = ("batch", experiment, "--out", out, "--workers", 1)
    before = bordersim(*words, "--dry-run")
    assert before.code == 0
    assert "4 points on 3 seeds are 12 runs" in before.out
    assert "0 are done, 0 failed, 12 would be made" in before.out
    assert "by a guide" in before.out
    assert not out.exists()
    bordersim(*words)
    more = bordersim(*words, "--dry-run", "--replications", 5, "--json")
    told = json.loads(more.out)
    assert (told["runs"], told["done"], told["remaining"]) == (20, 12, 8)
    assert told["measured"]
    assert told["expected_seconds"] > 0.0


def test_a_dry_run_counts_worlds(bordersim, tmp_path):
    """Policies, worlds and seeds of each, and how many runs that is."""
    path = small_experiment(tmp_path, worlds_study.EXPERIMENT).path
    told = bordersim("batch", path, "--out", tmp_path / "out", "--dry-run")
    assert "3 policies in 4 uncertain worlds on 2 seeds each are 24 runs" in told.out
    assert not (tmp_path / "out").exists()


def test_a_batch_in_json_is_one_document(bordersim, experiment, out):
    """Counts, folder and version, and nothing else on stdout."""
    call = bordersim("batch", experiment, "--out", out, "--workers", 1, "--json", "--days", 2)
    told = json.loads(call.out)
    assert (told["runs"], told["before"], told["made"]) == (12, 0, 12)
    assert told["failures"] == []
    assert told["folder"] == str(out)


def test_compare_goes_on_from_a_batch_and_report_from_both(bordersim, experiment, out):
    """No run is made twice, and the report of stored results is the one of the comparison."""
    bordersim("batch", experiment, "--out", out, "--workers", 1, "--replications", 2)
    compared = bordersim("compare", experiment, "--out", out, "--workers", 1, "--json")
    assert compared.code == 0
    assert "4 of 4 runs" in compared.err
    (out / "report.html").unlink()
    reported = bordersim("report", out, "--json")
    assert (reported.code, reported.err) == (0, "")
    assert json.loads(reported.out) == json.loads(compared.out)
    assert (out / "report.html").is_file()
    assert (out / "tables" / "segments.csv").is_file()


def test_a_report_of_nothing_is_refused(bordersim, tmp_path):
    """A folder that holds no study is an error of the call."""
    call = bordersim("report", tmp_path)
    assert call.code == 2
    assert "holds no study" in call.err
    assert "--out" in call.err


@pytest.mark.parametrize("verb", ["batch", "compare"])
def test_results_that_cannot_be_written_are_refused(bordersim, experiment, tmp_path, verb):
    """`--out` that is a file is refused by its name before anything is run."""
    taken = tmp_path / "taken"
    taken.write_text("mine")
    call = bordersim(verb, experiment, "--workers", 1, "--out", taken)
    assert call.code == 2
    assert "taken" in call.err
    assert "--out" in call.err
    assert taken.read_text() == "mine"


def test_failed_runs_are_summed_up_and_tried_again_if_asked(bordersim, tmp_path, monkeypatch, out):
    """Exit code 1 with what went wrong, by kind; 0 when a second attempt has made them."""
    monkeypatch.syspath_prepend(str(tmp_path))
    load_code.cache_clear()
    monkeypatch.delitem(sys.modules, "trouble", raising=False)
    (tmp_path / "broken").touch()
    there = str(tmp_path / "broken")
    trouble = f"if seed > 2 and Path({there!r}).exists():\n    raise ValueError('told to')"
    path = troubled_experiment(tmp_path, trouble).path
    words = (path, "--out", out, "--workers", 1, "--allow-code")
    first = bordersim("batch", *words)
    assert first.code == 1
    assert "6 of 8 runs are in" in first.out
    assert "2 of 8 runs failed: ValueError: told to" in first.err
    assert "--retry-failed" in first.err
    compared = bordersim("compare", *words, "--json")
    assert compared.code == 1
    assert json.loads(compared.out)["seeds"] == [1, 2]
    assert "2 of 8 runs are not done" in bordersim("report", out).err
    (tmp_path / "broken").unlink()
    assert bordersim("batch", *words).code == 1
    again = bordersim("batch", *words, "--retry-failed")
    assert (again.code, "8 of 8 runs are in" in again.out) == (0, True)
    load_code.cache_clear()


def test_compare_scores_policies_if_asked(bordersim, experiment, out):
    """A switch adds floor and ceilings: a column, a document, and a dry run that counts them."""
    words = (experiment, "--out", out)
    dry = bordersim("batch", *words, "--achievable", 3, "--dry-run")
    assert "floor and ceilings follow: up to 29 runs" in dry.out
    first = bordersim("compare", *words, "--workers", 1, "--achievable", 3)
    assert first.code == 0
    assert "floor and ceilings: " in first.err
    assert "achieved" in first.out
    told = json.loads(bordersim("report", out, "--json").out)
    assert told["achievable"] == {"metric": "harm_prevented_share", "seeds": [1, 2, 3]}
    assert len(told["achieved"]) == 4 * 2
    assert set(told["achieved"][0]) >= {"point", "metric", "floor", "oracle", "share", "low"}


def test_floor_and_ceilings_that_are_not_stored_are_told_by_report(bordersim, experiment, out):
    """The report is whole without them."""
    text = experiment.read_text()
    experiment.write_text(
        text.replace("[[factors]]", "[achievable]\nreplications = 2\n[[factors]]", 1)
    )
    bordersim("batch", experiment, "--out", out, "--workers", 1, "--achievable", 0)
    study = out / "study.json"
    study.write_text(
        study.read_text().replace(
            '"achievable": null',
            '"achievable": {"replications": 2, "metric": "interdiction_rate"}',
        )
    )
    call = bordersim("report", out)
    assert call.code == 0
    assert "without the share of the achievable" in call.err
    assert "run bordersim compare or batch again" in call.err


def test_too_few_seeds_for_floor_and_ceilings_are_refused(bordersim, experiment, out):
    """One has no interval."""
    call = bordersim("compare", experiment, "--out", out, "--achievable", 1)
    assert call.code == 2
    assert "two or more, or 0 for none" in call.err

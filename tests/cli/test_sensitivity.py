"""`bordersim sensitivity` keeps its runs: it goes on, repeats nothing, and says what is left."""

import json
from pathlib import Path

import pytest
from small_world import SCENARIO, write_border

from sim.lab import batch

EXPERIMENT = """
format = 1
title = "What does detection hang on?"
scenario = "small.toml"
design = "morris"
samples = 3
days = 3
replications = 2
metrics = ["detection_rate", "patrol_hours"]
[[factors]]
key = "patrols.detection"
range = [0.0, 1.0]
[[factors]]
key = "patrols.per_post"
range = [1, 3]
"""
"""Nine points on two seeds, of which some share their runs, since patrols are whole."""


@pytest.fixture
def experiment(tmp_path: Path) -> Path:
    """A small Morris experiment."""
    write_border(tmp_path / "border")
    (tmp_path / "small.toml").write_text(SCENARIO)
    path = tmp_path / "study.toml"
    path.write_text(EXPERIMENT)
    return path


def test_the_same_call_again_makes_nothing_and_tells_the_same(bordersim, experiment, tmp_path):
    """All is stored at first; then nothing is left, and the same indices are printed."""
    words = ("sensitivity", experiment, "--out", tmp_path / "out", "--workers", 1)
    before = bordersim(*words, "--dry-run")
    assert "9 points on 2 seeds are 12 runs" in before.out
    assert not (tmp_path / "out").exists()
    first = bordersim(*words)
    assert first.code == 0
    assert "12 of 12 runs" in first.err
    told = json.loads(bordersim(*words, "--dry-run", "--json").out)
    assert (told["runs"], told["done"], told["remaining"]) == (12, 12, 0)
    again = bordersim(*words)
    assert (again.code, again.err, again.out) == (0, "", first.out)
    more = json.loads(bordersim(*words, "--dry-run", "--json", "--replications", 3).out)
    assert (more["done"], more["remaining"]) == (12, 6)


def test_indices_are_the_same_by_one_worker_and_by_two(bordersim, experiment, tmp_path):
    """Every byte of the tables, whoever made the runs in whatever order."""
    for workers in (1, 2):
        out = tmp_path / f"by {workers}"
        assert bordersim("sensitivity", experiment, "--out", out, "--workers", workers).code == 0
    for name in ("sensitivity.csv", "runs.csv"):
        one, two = ((tmp_path / f"by {n}" / name).read_bytes() for n in (1, 2))
        assert one == two


def test_what_was_interrupted_goes_on(bordersim, experiment, tmp_path, monkeypatch):
    """Ctrl-C keeps what has ended and says how to go on; the next call makes only the rest."""
    words = ("sensitivity", experiment, "--out", tmp_path / "out", "--workers", 1)
    make = batch.made

    def interrupted(place, jobs):
        for count, ended in enumerate(make(place, jobs)):
            if count == 2:
                raise KeyboardInterrupt
            yield ended

    monkeypatch.setattr(batch, "made", interrupted)
    ended = bordersim(*words)
    assert ended.code == 130
    assert "the same command goes on from there" in ended.err
    assert not (tmp_path / "out" / "sensitivity.csv").exists()
    monkeypatch.undo()
    stored = json.loads(bordersim(*words, "--dry-run", "--json").out)["done"]
    assert 0 < stored < 12
    early = bordersim("report", tmp_path / "out")
    assert early.code == 2
    assert "indices need all points" in early.err
    assert f"of {12 - stored} runs" in bordersim(*words).err


def test_a_report_of_its_folder_gives_the_indices(bordersim, experiment, tmp_path):
    """What is stored can be told again without the experiment's file."""
    out = tmp_path / "out"
    first = bordersim("sensitivity", experiment, "--out", out, "--workers", 1)
    table = (out / "sensitivity.csv").read_bytes()
    (out / "sensitivity.csv").unlink()
    experiment.unlink()
    assert bordersim("report", out).out == first.out
    assert (out / "sensitivity.csv").read_bytes() == table


def test_another_design_is_refused_before_anything_is_run(bordersim, experiment, tmp_path):
    """A Latin hypercube has no indices; the error says what has."""
    experiment.write_text(EXPERIMENT.replace('"morris"', '"lhs"'))
    ended = bordersim("sensitivity", experiment, "--out", tmp_path / "out")
    assert ended.code == 2
    assert '"morris" or "sobol"' in ended.err
    assert not (tmp_path / "out").exists()

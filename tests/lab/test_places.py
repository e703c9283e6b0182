"""Where runs are made changes nothing, and a worker that is killed loses nothing."""

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import joblib
import pytest
from small_study import as_bytes, small_experiment, troubled_experiment

from sim import BorderModel, Experiment
from sim.errors import BordersimError, InputError
from sim.lab import compare, run_batch, study_of
from sim.lab.keys import model_version
from sim.lab.runner import jobs_of
from sim.lab.work import Chunk, run_chunk

REPLICATIONS = 4 * max(2, min(joblib.effective_n_jobs(-1), 6)) + 1
"""More than four times as many as cores."""


class Scheduler(NamedTuple):
    """A Dask scheduler on loopback, and its workers."""

    address: str
    process: "subprocess.Popen[bytes]"
    workers: list["subprocess.Popen[bytes]"]

    def add_worker(self) -> None:
        """Let one more worker join."""
        words = ("dask_worker", self.address, "--no-nanny", "--no-dashboard", "--nthreads", "1")
        self.workers.append(_dask(*words, "--host", "127.0.0.1"))


def _dask(tool: str, *words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{tool}", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scheduler]:
    """Start a scheduler and two workers, in processes of their own."""
    pytest.importorskip("distributed")
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    process = _dask("dask_scheduler", *words, "--scheduler-file", str(file))
    while not file.exists():
        assert process.poll() is None
        time.sleep(0.05)
    there = Scheduler(_address(file), process, [])
    there.add_worker()
    there.add_worker()
    yield there
    for each in (*there.workers, process):
        each.kill()
        each.wait()


def _address(file: Path) -> str:
    while True:
        try:
            return str(json.loads(file.read_text())["address"])
        except ValueError:  # it is being written
            time.sleep(0.05)


@pytest.fixture
def experiment(tmp_path: Path) -> Experiment:
    """Four points."""
    return small_experiment(tmp_path)


def test_one_process_two_and_a_cluster_give_the_same(
    experiment: Experiment, scheduler: Scheduler, tmp_path: Path
) -> None:
    """With more than four times as many replications as cores, tables agree byte for byte."""
    told = {
        name: as_bytes(
            run_batch(study_of(experiment, tmp_path / name, REPLICATIONS), **place).study.tables,
            tmp_path / f"{name}.csv",
        )
        for name, place in {
            "one": {"workers": 1},
            "two": {"workers": 2},
            "cluster": {"cluster": scheduler.address},
        }.items()
    }
    assert told["one"] == told["two"] == told["cluster"]


def test_a_worker_of_a_cluster_may_die_and_another_join(
    experiment: Experiment, scheduler: Scheduler, tmp_path: Path
) -> None:
    """Killed mid-way, it takes no run with it; what is made is what an undisturbed batch makes."""
    longer = experiment.model_copy(update={"days": 20})
    changed = []

    def disturb(ended: int, failed: int, total: int) -> None:
        if not changed:
            changed.append(ended)
            scheduler.workers[0].kill()
            scheduler.add_worker()

    study = study_of(longer, tmp_path / "out", REPLICATIONS)
    batch = run_batch(study, cluster=scheduler.address, progress=disturb)
    assert 0 < changed[0] < batch.runs
    assert scheduler.workers[0].wait() < 0
    assert (batch.made, batch.failures) == (batch.runs, [])
    kept = compare(longer, REPLICATIONS, workers=1).tables
    assert as_bytes(batch.study.tables, tmp_path / "a") == as_bytes(kept, tmp_path / "b")


def test_a_cluster_that_goes_away_loses_nothing(
    experiment: Experiment, scheduler: Scheduler, tmp_path: Path
) -> None:
    """What had ended is stored; the rest can be made anywhere, here without a cluster."""
    seen = []

    def kill(ended: int, failed: int, total: int) -> None:
        seen.append(ended)
        scheduler.process.kill()

    study = study_of(experiment.model_copy(update={"days": 20}), tmp_path / "out", REPLICATIONS)
    with pytest.raises(BordersimError, match=r"--cluster.*same command"):
        run_batch(study, cluster=scheduler.address, progress=kill)
    batch = run_batch(study, workers=1)
    assert 0 < seen[-1] == batch.before < batch.runs
    assert (batch.before + batch.made, batch.failures) == (batch.runs, [])


def test_a_worker_that_is_killed_once_loses_nothing(tmp_path: Path) -> None:
    """A process of this machine that is killed mid-way, as for want of memory, costs no run."""
    marker = tmp_path / "killed"
    trouble = f"""
if seed == 3 and not Path({str(marker)!r}).exists():
    Path({str(marker)!r}).touch()
    os.kill(os.getpid(), 9)
"""
    call = _batch(tmp_path, trouble)
    assert marker.exists()
    assert call.returncode == 0, call.stderr
    assert "8 of 8 runs" in call.stdout


def test_a_run_that_kills_its_worker_twice_has_failed(tmp_path: Path) -> None:
    """It is that run that failed, and no other."""
    call = _batch(tmp_path, "if seed == 3:\n    os.kill(os.getpid(), 9)")
    assert call.returncode == 1, call.stderr
    assert "7 of 8 runs" in call.stdout
    assert "1 of 8 runs failed: the process that made it was killed" in call.stderr


def _batch(folder: Path, trouble: str) -> "subprocess.CompletedProcess[str]":
    """Run an experiment of 8 runs with trouble on two workers, in a process of its own."""
    troubled_experiment(folder, trouble)
    code = "from sim.cli.app import main; main()"
    words = ("batch", "experiment.toml", "--out", "out", "--workers", "2", "--allow-code")
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        text=True,
        capture_output=True,
        timeout=120,
    )


def test_nobody_at_an_address_is_told(experiment: Experiment, tmp_path: Path) -> None:
    """A scheduler that does not answer is an error of the call, before anything is written."""
    pytest.importorskip("distributed")
    for address in ("tcp://127.0.0.1:9", "nonsense://here"):
        with pytest.raises(InputError, match=r"--cluster.*no Dask scheduler answers"):
            run_batch(study_of(experiment, tmp_path / "out"), cluster=address)
    assert not (tmp_path / "out").exists()


def test_without_dask_its_extra_is_named(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not installed is told with how to install it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'bordersim\[cluster\]'"):
        run_batch(study_of(experiment, tmp_path / "out"), cluster="tcp://127.0.0.1:9")


@pytest.mark.parametrize("workers", [0, -2])
def test_no_workers_are_an_error(experiment: Experiment, tmp_path: Path, workers: int) -> None:
    """Somebody has to do it."""
    with pytest.raises(InputError, match="--workers"):
        run_batch(study_of(experiment, tmp_path / "out"), workers=workers)


def test_a_worker_with_another_model_is_refused(experiment: Experiment, tmp_path: Path) -> None:
    """Results of another version are not stored under the key of this one."""
    study = study_of(experiment, tmp_path)
    jobs = jobs_of(study.points, study.cells)
    with pytest.raises(InputError, match=r"another|version .* and not 0\.0"):
        run_chunk(Chunk(tuple(jobs), "0.0"))


def test_runs_leave_no_models_behind(experiment: Experiment, tmp_path: Path) -> None:
    """They are gone with their chunk, and the collector of garbage is as it was before."""
    study = study_of(experiment, tmp_path)
    jobs = jobs_of(study.points, study.cells[:3])
    gc.collect()
    before = _models()
    run_chunk(Chunk(tuple(jobs), model_version()))
    assert _models() == before
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def _models() -> int:
    # What stands for another object may stand for one that is gone, and is not to be asked.
    return sum(issubclass(type(each), BorderModel) for each in gc.get_objects())


def test_in_memory_a_run_that_fails_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a store there is nowhere to note it, so it is raised with its traceback."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "trouble", raising=False)
    experiment = troubled_experiment(tmp_path, "raise ValueError('told to')")
    with pytest.raises(BordersimError, match=r"ValueError: told to"):
        compare(experiment, workers=1, allow_code=True)

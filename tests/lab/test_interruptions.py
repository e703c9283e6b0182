"""Whatever ends a batch, what is stored stays, and going on gives what it would have given."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from interrupting import HEEDING
from small_study import as_bytes, small_experiment

from sim import Experiment
from sim.errors import InputError
from sim.lab import compare, open_study, run_batch, study_of
from sim.lab.intake import Intake
from sim.lab.ledger import Asked, Ledger
from sim.lab.shards import parquet
from sim.lab.work import Ended

KILLS = int(os.environ.get("BORDERSIM_TEST_KILLS", "4"))
"""How often a batch is killed; twenty takes two minutes."""

REPLICATIONS = 40

OFTEN = "from sim.lab.intake import Intake; Intake.SECONDS = 0.02; "
"""Stores every few runs, so that there is something to disturb."""

WITHOUT_LOCKS = """
import fcntl
def refuse(*words): raise OSError("no locks")
fcntl.flock = refuse
"""


@pytest.fixture
def experiment(tmp_path: Path) -> Experiment:
    """Four points."""
    return small_experiment(tmp_path)


def begin(
    experiment: Experiment, folder: Path, *words: str, before: str = OFTEN
) -> "subprocess.Popen[str]":
    """Start `bordersim batch` in a group of processes of its own."""
    code = f"{HEEDING}{before}\nfrom sim.cli.app import main; main()"
    call = (sys.executable, "-c", code, "batch", experiment.path, "--out", folder, *words)
    return subprocess.Popen(
        [*map(str, call), "--replications", str(REPLICATIONS)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def done_in(folder: Path) -> set[str]:
    """Give the runs that the ledger of a folder says are done."""
    if not Ledger.is_in(folder):
        return set()
    with Ledger.writing(folder) as ledger:
        return {key for key, state in ledger.states().items() if state == "done"}


def wait_for(folder: Path, process: "subprocess.Popen[str]", more_than: int) -> None:
    """Wait until more runs are stored than there were, or the batch has ended."""
    while process.poll() is None and len(list(folder.glob("shards/*.sides.parquet"))) <= more_than:
        time.sleep(0.01)


def undisturbed(experiment: Experiment, folder: Path) -> dict[str, bytes]:
    """Give the tables of a batch that nothing happened to."""
    return as_bytes(compare(experiment, REPLICATIONS, workers=1).tables, folder)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_at_any_moment_it_goes_on_to_the_same_results(
    experiment: Experiment, tmp_path: Path, workers: str
) -> None:
    """All processes are killed again and again; no run is lost, and none is there twice."""
    folder, chance = tmp_path / "out", random.Random(workers)
    done: set[str] = set()
    for number in range(KILLS):
        process = begin(experiment, folder, "--workers", workers)
        if number % 2:  # else while it starts, or whatever it does then
            wait_for(folder, process, len(list(folder.glob("shards/*.sides.parquet"))))
            time.sleep(chance.uniform(0.0, 1.6 * 4 / KILLS))
        else:
            time.sleep(chance.uniform(0.0, 4.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        now = done_in(folder)
        assert done <= now
        done = now
    assert len(done) > 0
    process = begin(experiment, folder, "--workers", workers, "--json")
    told = json.loads(process.communicate()[0])
    assert (told["before"], told["failures"]) == (len(done), [])
    assert told["before"] + told["made"] == told["runs"] == 4 * REPLICATIONS
    assert as_bytes(open_study(folder).tables, tmp_path / "a") == undisturbed(
        experiment, tmp_path / "b"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_interrupted_it_ends_cleanly_and_says_how_to_go_on(
    experiment: Experiment, tmp_path: Path, workers: str, number: signal.Signals
) -> None:
    """Ctrl-C, which reaches all processes, and the signal of job systems end it without fuss."""
    folder = tmp_path / "out"
    process = begin(experiment, folder, "--workers", workers)
    wait_for(folder, process, 0)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    out, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert out == ""
    assert "Traceback" not in told
    assert "Warning" not in told
    done = done_in(folder)
    assert 0 < len(done) < 4 * REPLICATIONS
    assert f"interrupted; {len(done)} of {4 * REPLICATIONS} runs are stored in {folder}" in told
    assert "same command" in told


def interrupted(call: Callable[[], None], after: int) -> bool:
    """Call something with Ctrl-C at a call or a return in it, which is where Python lets it in.

    Parameters
    ----------
    call : without arguments
    after : how many calls and returns pass before

    Returns
    -------
    Whether there were so many.
    """
    events = iter(range(after))

    def count(*_: object) -> None:
        if next(events, None) is None:
            sys.setprofile(None)
            raise KeyboardInterrupt

    sys.setprofile(count)
    try:
        try:
            call()
        finally:
            sys.setprofile(None)
    except KeyboardInterrupt:
        return True
    return False


def test_ctrl_c_at_any_call_of_storing_loses_nothing(
    experiment: Experiment, tmp_path: Path
) -> None:
    """Who ends a batch with it stores once more, into the same ledger."""
    study = study_of(experiment, tmp_path / "out").save()
    asked = [Asked(cell.key, "", cell.seed, study.model) for cell in study.cells]
    ended = [Ended(each.key, "agents", 1.0, None, "lost") for each in asked]
    after, more = 0, True
    with Ledger.writing(study.folder) as ledger:
        ledger.ask(asked)
        while more:
            ledger.ask_again(each.key for each in asked)
            assert ledger.failures() == []
            intake = Intake(study.folder, ledger)
            intake.add(ended)
            if more := interrupted(intake.store, after):
                intake.store()
            assert len(ledger.failures()) == len(asked)
            after += 1
    assert after > 30


@pytest.mark.parametrize("before", ["", WITHOUT_LOCKS], ids=["locks", "no locks"])
def test_two_batches_in_one_folder_do_no_harm(
    experiment: Experiment, tmp_path: Path, before: str
) -> None:
    """Both end well; where the system has locks, no run is made twice."""
    folder = tmp_path / "out"
    both = [
        begin(experiment, folder, "--workers", "1", "--json", before=OFTEN + before)
        for _ in range(2)
    ]
    ends = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    if not before:
        assert sum(json.loads(out)["made"] for out, _ in ends) == 4 * REPLICATIONS
        assert sum("another batch is at work" in told for _, told in ends) == 1
    assert as_bytes(open_study(folder).tables, tmp_path / "a") == undisturbed(
        experiment, tmp_path / "b"
    )


def test_a_full_disk_is_told_and_loses_nothing(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the fourth file does not fit, the first three stay, and the rest is made later."""
    folder, write, calls = tmp_path / "out", parquet.write_table, iter(range(100))

    def fill(table: object, path: Path) -> None:
        write(table, path)
        if next(calls) >= 4:
            path.write_bytes(path.read_bytes()[:100])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(parquet, "write_table", fill)
    monkeypatch.setattr(Intake, "RUNS", 5)
    with pytest.raises(InputError, match=r"No space left.*free some space.*same command"):
        run_batch(study_of(experiment, folder), workers=1)
    monkeypatch.undo()
    assert len(done_in(folder)) == 5
    assert len(list((folder / "shards").iterdir())) == 3
    batch = run_batch(study_of(experiment, folder), workers=1)
    assert (batch.before, batch.made) == (5, 7)
    kept = compare(experiment, workers=1).tables
    assert as_bytes(batch.study.tables, tmp_path / "a") == as_bytes(kept, tmp_path / "b")


class Disk:
    """A disk of its own, in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mount("-t", "tmpfs", "-o", "size=20m", "tmpfs", folder)

    def _mount(self, *words: object) -> None:
        call = subprocess.run(["mount", *map(str, words)], capture_output=True)
        if call.returncode:
            pytest.skip("only root may mount a disk")

    def change(self, options: str) -> None:
        """Make it larger or smaller, or read-only."""
        self._mount("-o", f"remount,{options}", self.folder)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Mount a disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("size", ["60k", "160k", "300k"])
def test_a_disk_that_is_full_at_any_point_loses_nothing(
    experiment: Experiment, tmp_path: Path, disk: Disk, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a real disk ends, in ledger or shard, that is told; with more room it goes on."""
    disk.change(f"size={size}")
    folder = disk.folder / "out"
    monkeypatch.setattr(Intake, "RUNS", 3)
    with pytest.raises(InputError, match=r"free some space"):
        run_batch(study_of(experiment, folder, 9), workers=1)
    disk.change("size=20m")
    done = done_in(folder)
    batch = run_batch(study_of(experiment, folder, 9), workers=1)
    assert batch.before == len(done) < batch.runs
    kept = compare(experiment, 9, workers=1).tables
    assert as_bytes(batch.study.tables, tmp_path / "a") == as_bytes(kept, tmp_path / "b")


def test_a_read_only_disk_is_read_and_not_written(
    experiment: Experiment, tmp_path: Path, disk: Disk
) -> None:
    """What is stored can be read there; a batch is refused, and told to go elsewhere."""
    folder = disk.folder / "out"
    told = as_bytes(run_batch(study_of(experiment, folder), workers=1).study.tables, tmp_path / "a")
    disk.change("ro")
    assert as_bytes(open_study(folder).tables, tmp_path / "b") == told
    for where in (folder, disk.folder / "new"):
        with pytest.raises(InputError, match=r"[Rr]ead-only.*another --out"):
            run_batch(study_of(experiment, where), workers=1)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_leave_to_write_is_told(experiment: Experiment, tmp_path: Path) -> None:
    """A folder of somebody else's is refused by its name."""
    (tmp_path / "theirs").mkdir(mode=0o555)
    with pytest.raises(InputError, match=r"theirs.*Permission denied.*another --out"):
        run_batch(study_of(experiment, tmp_path / "theirs"), workers=1)

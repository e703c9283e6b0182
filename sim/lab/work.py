"""What is worked on somewhere else: runs to be made, and what came of them."""

import gc
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

from sim.errors import InputError
from sim.lab.keys import model_version
from sim.lab.tables import Parts, parts_of
from sim.optimum import Hand, Trial, run_trial
from sim.scenario import Scenario


@dataclass(frozen=True)
class Job:
    """A run to be made.

    Attributes
    ----------
    key : of the run
    scenario : what to run
    seed : of all its chance
    runs : how many are made in all, by which the engine is chosen
    hand : who places all patrols, if not their posts
    """

    key: str
    scenario: Scenario
    seed: int
    runs: int
    hand: Hand | None = None


@dataclass(frozen=True)
class Ended:
    """How a run ended.

    Attributes
    ----------
    key : of the run
    engine : which ran it, "" if it failed
    seconds : how long that took
    parts : what it adds to the tables; None if it failed
    error : why it failed, as a traceback; "" if it did not
    """

    key: str
    engine: str
    seconds: float
    parts: Parts | None
    error: str = ""


@dataclass(frozen=True)
class Chunk:
    """Runs that are handed out together.

    Attributes
    ----------
    jobs : the runs
    model : version of the model that is to run them
    """

    jobs: tuple[Job, ...]
    model: str

    def lost(self, error: str) -> list[Ended]:
        """Say of its runs that they failed."""
        return [Ended(job.key, "", 0.0, None, error) for job in self.jobs]


_ONE_AT_A_TIME = threading.Lock()
"""Threads of one process would only wait for each other, and Mesa counts agents for all of them."""


def run_chunk(chunk: Chunk) -> list[Ended]:
    """Make the runs of a chunk; one that fails does not stop the others.

    Raises
    ------
    InputError : this process has another version of the model
    """
    if chunk.model != model_version():
        raise InputError(
            f"a worker has version {model_version()} of the model, and not {chunk.model}",
            where="--cluster",
            remedy="install the same bordersim where the workers are",
        )
    with _ONE_AT_A_TIME, _old_things_left_alone():
        return [_run_one(job) for job in chunk.jobs]


_LOOK_SECONDS = 60.0
"""How often the collector of garbage looks at everything, at most, s of this process."""

_looked_at = 0.0


@contextmanager
def _old_things_left_alone() -> Iterator[None]:
    """Let the collector of garbage look only at what runs make, most of the time.

    To look at all that has been imported takes as long as a run, and would come with every other.
    """
    global _looked_at
    now = time.process_time()
    if now > _looked_at + _LOOK_SECONDS:
        _looked_at = now
        gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()


def _run_one(job: Job) -> Ended:
    """Make a run; its events stay where they were made."""
    begin = time.perf_counter()
    parts, engine, error = None, "", ""
    try:
        result, reached = run_trial(Trial(job.scenario, job.seed, job.hand), job.runs)
        parts, engine = parts_of(job.key, result, reached), result.engine
    except Exception:
        error = traceback.format_exc()
    return Ended(job.key, engine, time.perf_counter() - begin, parts, error)


class Chunks:
    """Hands out runs in chunks of about half a second, and fewer at a time towards the end.

    Parameters
    ----------
    jobs : what is to be run
    workers : how many work on it
    """

    TARGET_SECONDS = 0.5
    LARGEST = 64

    def __init__(self, jobs: Iterable[Job], workers: int) -> None:
        self._waiting = deque(jobs)
        self._workers = workers
        self._runs, self._seconds = 0, 0.0

    def learn(self, ended: Iterable[Ended]) -> None:
        """Take note of how long runs take."""
        for each in ended:
            self._runs += 1
            self._seconds += each.seconds

    def __iter__(self) -> Iterator[Chunk]:
        while self._waiting:
            size = min(self._size(), len(self._waiting))
            jobs = tuple(self._waiting.popleft() for _ in range(size))
            yield Chunk(jobs, model_version())

    def _size(self) -> int:
        """How many runs the next chunk has; one, until it is known how long they take."""
        if not self._runs:
            return 1
        wanted = int(self.TARGET_SECONDS * self._runs / max(self._seconds, 1e-9))
        fair = ceil(len(self._waiting) / (4 * self._workers))
        return max(1, min(wanted, fair, self.LARGEST))

"""Where runs are made: this process, processes on all cores, or a Dask cluster.

All of them are a `Place`: they take chunks of runs as there is room, and give what came of them as
it ends. Which it is changes no result.
"""

import signal
import warnings
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any, Protocol

import joblib
from joblib.externals.loky.process_executor import TerminatedWorkerError

from sim.errors import InputError
from sim.lab.work import Chunk, Ended, run_chunk

Results = Generator[list[Ended], None, None]
"""How runs ended, as they do; closing it ends the work."""


class Place(Protocol):
    """Where runs are made."""

    @property
    def workers(self) -> int:
        """How many are made at once, at least 1."""
        ...

    def work(self, chunks: Iterable[Chunk]) -> Results:
        """Give how runs ended, as they do, taking a few more chunks than there are workers."""
        ...


@contextmanager
def place_of(workers: int = -1, cluster: str | None = None) -> Iterator[Place]:
    """Open the place that is asked for.

    Parameters
    ----------
    workers : processes on this machine, -1 for all cores, 1 for this process itself
    cluster : address of a Dask scheduler, in place of them

    Raises
    ------
    InputError : there are no workers, or no such cluster
    """
    if cluster is not None:
        from sim.lab.cluster import cluster_at

        with cluster_at(cluster) as there:
            yield there
        return
    if workers == 0 or workers < -1:
        raise InputError(f"{workers} workers", where="--workers", remedy="1 or more, -1 for all")
    count = joblib.effective_n_jobs(workers)
    yield ThisProcess() if count == 1 else Processes(count)


class ThisProcess:
    """One run after another, here."""

    workers = 1

    def work(self, chunks: Iterable[Chunk]) -> Results:
        """Give how runs ended, as they do."""
        for chunk in chunks:
            for job in chunk.jobs:
                yield run_chunk(Chunk((job,), chunk.model))


class Processes:
    """Processes of this machine, by joblib and loky.

    Parameters
    ----------
    workers : how many, at least 2
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def work(self, chunks: Iterable[Chunk]) -> Results:
        """Give how runs ended, as they do.

        If a process is killed, the runs that were under way are made again, each by itself, so that
        it is known whose fault it was if that happens again; that run has failed.
        """
        source = iter(chunks)
        under_way: dict[int, Chunk] = {}
        while True:
            try:
                for number, ended in self._together(source, under_way):
                    del under_way[number]
                    yield ended
                return
            except TerminatedWorkerError:
                suspects = tuple(under_way.values())
                under_way.clear()
            for chunk in suspects:
                for job in chunk.jobs:
                    yield self._alone(Chunk((job,), chunk.model))

    def _together(
        self, source: Iterator[Chunk], under_way: dict[int, Chunk]
    ) -> Generator[tuple[int, list[Ended]], None, None]:
        """Work on chunks side by side, noting those that were handed out."""

        def tasks() -> Iterator[Any]:
            for number, chunk in enumerate(source):
                under_way[number] = chunk
                yield joblib.delayed(_in_worker)(number, chunk)

        parallel = joblib.Parallel(
            n_jobs=self.workers, backend="loky", batch_size=1, return_as="generator_unordered"
        )
        results: Any = parallel(tasks())
        with warnings.catch_warnings(), closing(results):
            # joblib warns of work that is lost, which who ends it early knows.
            warnings.filterwarnings("ignore", category=UserWarning, module="joblib")
            yield from results

    def _alone(self, chunk: Chunk) -> list[Ended]:
        """Work on a single run while nothing else is under way."""
        try:
            ((_, ended),) = joblib.Parallel(n_jobs=2, backend="loky")(
                [joblib.delayed(_in_worker)(0, chunk)]
            )
        except TerminatedWorkerError:
            return chunk.lost("the process that made it was killed, as when memory runs out; twice")
        return list(ended)


def _in_worker(number: int, chunk: Chunk) -> tuple[int, list[Ended]]:
    """Work on a chunk in a process that is made for that.

    Ctrl-C in a terminal reaches all processes, but it is for the first of them to end the work.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return number, run_chunk(chunk)

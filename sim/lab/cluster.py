"""Runs on a Dask cluster, whose workers may die and join meanwhile."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sim.errors import BordersimError, InputError
from sim.lab.places import Results
from sim.lab.work import Chunk, Ended, run_chunk

if TYPE_CHECKING:
    from distributed import Client, Future

_SECONDS_TO_ANSWER = 10


@contextmanager
def cluster_at(address: str) -> Iterator["Cluster"]:
    """Connect with a Dask scheduler.

    Parameters
    ----------
    address : as `tcp://127.0.0.1:8786`

    Raises
    ------
    InputError : Dask is not installed, or nobody answers
    """
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            "Dask distributed is not installed",
            where="--cluster",
            remedy="pip install 'bordersim[cluster]'",
        ) from None
    try:
        client = Client(address, timeout=_SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:  # a TimeoutError is one of the former
        raise InputError(
            f"no Dask scheduler answers: {error}",
            where=f"--cluster {address}",
            remedy="start one by `dask scheduler`, and give the address that it prints",
        ) from None
    # What it logs when the scheduler goes away is said in words by `_lost`.
    logger = logging.getLogger("distributed.client")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with client:
            yield Cluster(client)
    finally:
        logger.setLevel(level)


class Cluster:
    """Workers of a Dask scheduler.

    Parameters
    ----------
    client : connected with the scheduler
    """

    def __init__(self, client: "Client") -> None:
        self._client = client

    @property
    def workers(self) -> int:
        """How many there are now; 1 while none has joined."""
        return sum(self._client.nthreads().values()) or 1

    def work(self, chunks: Iterable[Chunk]) -> Results:
        """Give how runs ended, as they do.

        Dask makes again what was under way on a worker that died. A chunk that it gives up, since
        one worker after another died of it, is handed out run by run, so that it is known which of
        them has failed.

        Raises
        ------
        BordersimError : the workers cannot run this, or the cluster is gone
        """
        from distributed import as_completed

        source = iter(chunks)
        under_way: dict[Future, Chunk] = {}
        ending = as_completed(loop=self._client.loop)

        def hand_out(more: Iterable[Chunk]) -> None:
            for chunk in more:
                future = self._client.submit(run_chunk, chunk, pure=False)
                under_way[future] = chunk
                ending.add(future)

        def fill() -> None:
            room = 2 * self.workers - len(under_way)
            hand_out(chunk for _, chunk in zip(range(room), source, strict=False))

        try:
            fill()
            for future in ending:
                chunk = under_way.pop(future)
                ended, again = _how_it_ended(future, chunk)
                hand_out(again)
                if ended:
                    yield ended
                fill()
        except OSError as error:
            raise _lost(error) from error
        finally:
            with suppress(OSError):
                self._client.cancel(list(under_way), force=True)


def _how_it_ended(future: "Future", chunk: Chunk) -> tuple[list[Ended], list[Chunk]]:
    """Give how runs of a chunk ended, and what is to be handed out again."""
    from distributed import KilledWorker

    try:
        return list(future.result()), []
    except KilledWorker:
        if len(chunk.jobs) == 1:
            return chunk.lost("one worker after another died of it"), []
        return [], [Chunk((job,), chunk.model) for job in chunk.jobs]
    except BordersimError:
        raise
    except Exception as error:
        raise _lost(error) from error


def _lost(error: Exception) -> BordersimError:
    return BordersimError(
        f"the cluster cannot go on: {type(error).__name__}: {error}",
        where="--cluster",
        remedy="see that it is up and that bordersim is installed where its workers are; the same "
        "command goes on with what is missing",
    )

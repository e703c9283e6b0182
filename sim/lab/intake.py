"""Takes in what runs gave, and stores it many runs at a time."""

import time
from collections.abc import Iterable
from pathlib import Path

from sim.errors import os_error_as_input_error
from sim.lab.ledger import Ledger, Outcome
from sim.lab.shards import write_shard
from sim.lab.work import Ended


class Intake:
    """What has ended and is not stored yet.

    It is stored when that makes a shard of a good size, or is due. It is due after a few seconds,
    and later in a long batch after a fiftieth of the time spent so far: so a crash costs no more
    than that, and a batch of any length makes some hundreds of shards at most.

    Parameters
    ----------
    folder : of the study
    ledger : of the study
    """

    RUNS = 64
    SECONDS = 5.0
    SHARE = 0.02

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self._folder = folder
        self._ledger = ledger
        self._pending: list[Ended] = []
        self._begun = self._stored = time.monotonic()

    def add(self, ended: Iterable[Ended]) -> None:
        """Take in how runs ended.

        Raises
        ------
        InputError : as of `store`
        """
        self._pending += ended
        now = time.monotonic()
        patience = max(self.SECONDS, self.SHARE * (now - self._begun))
        if len(self._pending) >= self.RUNS or now - self._stored >= patience:
            self.store()

    def store(self) -> None:
        """Store what has been taken in: first the shard, then the entry in the ledger.

        If that fails, nothing refers to it, and its runs are still to be made.

        Raises
        ------
        InputError : the folder cannot be written to
        """
        pending, self._pending = self._pending, []
        try:
            if pending:
                self._write(pending)
        except KeyboardInterrupt:
            # Who ends the batch now wants what is finished all the same.
            self._pending = pending + self._pending
            raise
        self._stored = time.monotonic()

    def _write(self, pending: list[Ended]) -> None:
        shard = None
        parts = [each.parts for each in pending if each.parts is not None]
        if parts:
            with os_error_as_input_error(
                "cannot be written to",
                where=self._folder,
                remedy="free some space if the disk is full; the same command goes on from what "
                "is stored",
            ):
                shard = write_shard(self._folder, parts)
        self._ledger.settle(
            Outcome(
                each.key,
                None if each.parts is None else shard,
                each.engine,
                each.seconds,
                each.error,
            )
            for each in pending
        )

"""How far a batch is: a bar for people, plain lines for files."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

_LINES = 10


@contextmanager
def shown(what: str = "") -> Iterator[Callable[[int, int, int], None]]:
    """Show how far a batch is, on stderr.

    Parameters
    ----------
    what : is run, if not what was asked for first

    Yields
    ------
    What to call as runs end: with the number that ended, that failed, and of all.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(f"{what}: " if what else "").show
        return
    columns = (
        TextColumn(what or "running"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failed]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("runs", total=None, failed="")

        def show(ended: int, failed: int, total: int) -> None:
            told = f"{failed} failed" if failed else ""
            bar.update(task, completed=ended, total=total, failed=told)

        yield show


class _Lines:
    """A line for each tenth of a batch.

    Parameters
    ----------
    start : what each line begins with
    """

    def __init__(self, start: str) -> None:
        self._start = start
        self._begun = time.monotonic()
        self._told = 0

    def show(self, ended: int, failed: int, total: int) -> None:
        """Say how far it is, if that is more than was said last."""
        tenth = _LINES * ended // total
        if tenth == self._told:
            return
        self._told = tenth
        left = (time.monotonic() - self._begun) * (total - ended) / ended
        told = f"{self._start}{ended} of {total} runs"
        told += f", {failed} failed" if failed else ""
        told += f", about {duration(left)} left" if ended < total else ""
        print(told, file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """Say how long something takes, to the precision of a guess."""
    if seconds < 100.0:
        return f"{seconds:.0f} s"
    minutes = seconds / 60.0
    return f"{minutes:.0f} min" if minutes < 100.0 else f"{minutes / 60.0:.0f} h"


def say_waiting() -> None:
    """Say that another batch is at work in the folder."""
    print(
        "another batch is at work in this folder; this one goes on when that has ended",
        file=sys.stderr,
        flush=True,
    )


@contextmanager
def ended_by_terminate() -> Iterator[None]:
    """Let the signal that a job system ends programs by end the work as Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

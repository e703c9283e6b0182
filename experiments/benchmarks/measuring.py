"""Timing calls side by side, peak memory, and the rows that come of it."""

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
EVERYTHING = SCENARIOS / "policies" / "everything.toml"


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes
    ----------
    what : was measured
    value : median of the repetitions, or the one value there is; None if it was left out
    unit : of the value
    least, most : of the repetitions
    runs : how many there were; 0 if the value was not measured here
    ratio : of the value to the value of another row, if they are to be compared
    to : which row that is
    note : what a reader has to know
    """

    what: str
    value: float | None
    unit: str
    least: float | None = None
    most: float | None = None
    runs: int = 1
    ratio: float | None = None
    to: str = ""
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give it ready for JSON."""
        return asdict(self)


def row_of(what: str, values: Sequence[float], unit: str, **more: Any) -> Row:
    """Sum up repetitions in a row: their median, with the least and the most."""
    middle = statistics.median(values)
    return Row(what, middle, unit, min(values), max(values), len(values), **more)


def compared(rows: Sequence[Row], to: int = 0) -> list[Row]:
    """Give each row its ratio to one of them, which has a value."""
    base = rows[to]
    return [
        row if row.value is None else replace(row, ratio=row.value / base.value, to=base.what)
        for row in rows
    ]


def left_out(what: str, unit: str, reason: object) -> Row:
    """Say in a row why there is no value."""
    return Row(what, None, unit, runs=0, note=f"left out: {reason}")


def seconds(call: Callable[[], object]) -> float:
    """Time one call, s."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def interleaved(
    calls: Mapping[str, Callable[[], object]], repetitions: Mapping[str, int]
) -> dict[str, list[float]]:
    """Time calls in turn, so that what else the machine does falls on all of them.

    Parameters
    ----------
    calls : what to time, by name; warmed up already
    repetitions : of each; those that have had theirs drop out of later rounds

    Returns
    -------
    Times by name, s.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(max(repetitions[name] for name in calls)):
        for name, call in calls.items():
            if turn < repetitions[name]:
                times[name].append(seconds(call))
    return times


def peak_mib() -> float:
    """Give the most memory that this process has held, MiB.

    What the system's accounts give for a new process includes its parent on Linux, so that its
    own record is read there.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if platform.system() == "Darwin" else 2**10)


def python(
    *arguments: str, more: Mapping[str, str] | None = None, limit: float | None = None
) -> str:
    """Run this Python with arguments in a new process in the project's folder; give its output.

    Parameters
    ----------
    arguments : after the name of the interpreter
    more : variables of the environment besides those there are
    limit : how long it may take, s

    Raises
    ------
    subprocess.SubprocessError : it failed, or took longer
    """
    paths = [str(ROOT), str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **(more or {})}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        timeout=limit,
    )
    return done.stdout

"""The state of a run in columns, declared once: name, unit and meaning of each.

Kinds of agents and things have a table, whose fields are columns; what has more than one number for
each, such as a belief about each crime type, has an array. Indices are whole numbers, -1 for none.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled.columns import (
    groups,
    line,
    patrols,
    posts,
    run,
    scratch,
    settings,
    ties,
)

__all__ = [
    "MATRICES",
    "POOLS",
    "SCRATCH",
    "TABLES",
    "Field",
    "Matrix",
    "chain",
    "dtype_of",
    "filled",
    "row_of",
    "table",
]

TABLES = {
    "settings": settings.SETTINGS,
    "run": run.RUN,
    "queue": run.QUEUE,
    "dues": run.DUES,
    "asked": run.ASKED,
    "injects": run.INJECTS,
    "segments": line.SEGMENTS,
    "closures": line.CLOSURES,
    "damages": line.DAMAGES,
    "outbreaks": line.OUTBREAKS,
    "posts": posts.POSTS,
    "crimes": posts.CRIMES,
    "tips": posts.TIPS,
    "losses": posts.LOSSES,
    "patrols": patrols.PATROLS,
    "beats": patrols.BEATS,
    "plans": patrols.PLANS,
    "call_ups": patrols.CALL_UPS,
    "waiting": patrols.WAITING,
    "lent": patrols.LENT,
    "groups": groups.GROUPS,
    "kinds": groups.KINDS,
    "surges": groups.SURGES,
    "lessons": groups.LESSONS,
    "attempts": groups.ATTEMPTS,
    "links": ties.LINKS,
    "pairs": ties.TIES,
    "channels": ties.CHANNELS,
    "messages": ties.MESSAGES,
    "issues": ties.ISSUES,
}
"""Columns of each table."""

SCRATCH = scratch.MATRICES
"""Arrays to work things out in."""

MATRICES = (
    *run.MATRICES,
    *line.MATRICES,
    *posts.MATRICES,
    *patrols.MATRICES,
    *groups.MATRICES,
    *ties.MATRICES,
    *SCRATCH,
)
"""All arrays."""

POOLS = {
    "dues": 1024,
    "attempts": 256,
    "damages": 64,
    "messages": 256,
    "issues": 4,
    "lessons": 64,
    "call_ups": 64,
}
"""Tables whose things come and go, with rows to begin with; see `sim.engine.compiled.pools`."""


def dtype_of(name: str) -> np.dtype[np.void]:
    """Give the NumPy type of a table's rows."""
    return row_of(TABLES[name])


def row_of(fields: Iterable[Any]) -> np.dtype[np.void]:
    """Give the NumPy type of a row of fields, the longest first, so that there are no gaps."""
    longest_first = sorted(fields, key=lambda field: -np.dtype(field.dtype).itemsize)
    return np.dtype([(field.name, field.dtype) for field in longest_first], align=True)


def table(name: str, rows: int) -> NDArray[np.void]:
    """Make a table with all columns zero."""
    return np.zeros(rows, dtype_of(name))


def filled(name: str, rows: Sequence[Mapping[str, float]]) -> NDArray[np.void]:
    """Make a table of rows that each tell some of its columns; what they do not tell is zero."""
    made = table(name, len(rows))
    for column in {column for row in rows for column in row}:
        made[column] = [row.get(column, 0) for row in rows]
    return made


def chain(rows: NDArray[np.void]) -> None:
    """Make all rows of a table free but for the first, which is nobody's."""
    rows["after"][:-1] = np.arange(1, len(rows))
    rows["after"][-1] = -1

"""What happened: the event log, in columns declared once.

Log, hash, tables and documents are made from `COLUMNS`.
"""

import hashlib
from collections.abc import Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import BrokenRunError

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, NDArray[Any]]
Row = tuple[float, int, int, int, int, int, int, int, float]


class Kind(IntEnum):
    """What kind of event. Numbers are part of the format: add at the end, never renumber."""

    WANTED = 1
    STARTED = 2
    DETECTED = 3
    ALERTED = 4
    INTERCEPTED = 5
    HANDED_OVER = 6
    INTERCEPTED_JOINTLY = 7
    PASSED = 8
    LEARNED_LATER = 9
    REPORT_SENT = 10
    REPORT_READ = 11
    REPORT_LOST = 12
    LAWFUL_STOPPED = 13
    MARKER_DAMAGED = 14
    MARKER_SIGNED = 15
    MARKER_REPAIRED = 16
    MARKER_SURVEY = 17
    TURNED_BACK = 18
    COMMUNITY_REPORT = 19
    JOINT_PATROL = 20
    APPOINTMENT_MISSED = 21
    EXCHANGE = 22
    SUPPORT = 23
    OPERATION = 24
    STORAGE_FOUND = 25
    AID_CALLED = 26
    AID_CAME = 27
    INJECT = 28
    CASES_IMPORTED = 29
    RETRIED = 30


class Column(NamedTuple):
    """A column of the log: its name, NumPy type, unit and meaning."""

    name: str
    dtype: str
    unit: str
    meaning: str


COLUMNS = (
    Column("time", "float64", "h", "when, since the start of the run"),
    Column("kind", "int8", "", "a `Kind`"),
    Column("attempt", "int64", "", "number of the attempt, -1 if none"),
    Column("crime", "int8", "", "index of the crime type, -1 if none"),
    Column("segment", "int32", "", "number of the segment, -1 if none"),
    Column("side", "int8", "", "index of the side that acts or records, -1 if none"),
    Column("post", "int32", "", "number of the post that acts or records, -1 if none"),
    Column("partner", "int32", "", "number of the other post, or of the patrol, -1 if none"),
    Column("value", "float64", "", "harm of a crossing, authors of a report, people stopped"),
)


class EventLog:
    """Events of a run, appended as they happen and read in canonical order."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._parts: list[Columns] = []
        self._columns = _columns_of([])

    def add(
        self,
        time: float,
        kind: Kind,
        attempt: int = -1,
        crime: int = -1,
        segment: int = -1,
        side: int = -1,
        post: int = -1,
        partner: int = -1,
        value: float = 0.0,
    ) -> None:
        """Append an event; arguments as in `COLUMNS`."""
        self._rows.append((time, kind, attempt, crime, segment, side, post, partner, value))

    def extend(self, columns: Mapping[str, NDArray[Any]]) -> None:
        """Append many events at once.

        Parameters
        ----------
        columns : one array for each of `COLUMNS`, all of one length, in any order of events. They
            are not copied, and must not be changed afterwards

        Raises
        ------
        BrokenRunError : a column is missing or unknown, or of another length or type
        """
        if set(columns) != {column.name for column in COLUMNS}:
            raise BrokenRunError(f"events with the columns {sorted(columns)}", where="log")
        part, shape = {}, (columns["time"].size,)
        for name, dtype, *_ in COLUMNS:
            values = columns[name]
            if values.shape != shape or not np.can_cast(values.dtype, dtype):
                raise BrokenRunError(
                    f"events with {name} of shape {values.shape} and type {values.dtype}, not "
                    f"{shape} and {dtype}",
                    where="log",
                )
            part[name] = values.astype(dtype, copy=False)
        self._parts.append(part)

    def __len__(self) -> int:
        """Count the events."""
        return len(self._rows) + sum(part["time"].size for part in (self._columns, *self._parts))

    def counts(self) -> dict[Kind, int]:
        """Count the events of each kind, without putting them in order."""
        least = max(Kind) + 1
        counts = np.bincount([kind for _, kind, *_ in self._rows], minlength=least)
        for part in (self._columns, *self._parts):
            counts = counts + np.bincount(part["kind"], minlength=least)
        return {kind: int(counts[kind]) for kind in Kind}

    def columns(self) -> Columns:
        """Give one array for each of `COLUMNS`, sorted by all columns, time first."""
        if self._rows:
            self._parts.append(_columns_of(self._rows))
            self._rows = []
        if self._parts:
            parts = [part for part in (self._columns, *self._parts) if part["time"].size]
            self._columns, self._parts = _in_order(parts or [self._columns]), []
        return self._columns

    def frame(self) -> "pd.DataFrame":
        """Give the log as a table with the kinds in words."""
        import pandas as pd

        frame = pd.DataFrame(self.columns())
        names = {int(kind): kind.name.lower() for kind in Kind}
        frame["kind"] = pd.Categorical(frame["kind"].map(names), categories=list(names.values()))
        return frame


def _columns_of(rows: list[Row]) -> Columns:
    """Turn rows into columns."""
    table = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    return {
        column.name: np.array(values, dtype=column.dtype)
        for column, values in zip(COLUMNS, table, strict=True)
    }


def _in_order(parts: list[Columns]) -> Columns:
    """Put columns together and sort them by all, time first and kind second.

    Most events are alone at their time, or in order with others of their kind at it, so only those
    of times and kinds with any out of order are sorted by all columns. Events that are equal in all
    of them cannot be told apart.
    """
    names = [column.name for column in COLUMNS]
    whole = parts[0]
    if len(parts) > 1:
        whole = {name: np.concatenate([part[name] for part in parts]) for name in names}
    order = np.argsort(whole["time"], kind="stable")
    time = whole["time"][order]
    as_next = time[1:] == time[:-1]
    tied = np.flatnonzero(np.append(as_next, False) | np.append(False, as_next))
    rows, times = order[tied], time[tied]
    moment = np.cumsum(np.append(0, times[1:] != times[:-1])[: len(tied)]) << 8
    moment += whole["kind"][rows]
    by_kind = np.argsort(moment, kind="stable")
    order[tied] = rows = rows[by_kind]
    among = _among_disordered(whole, rows, moment[by_kind])
    rows = rows[among]
    # To lexsort, the last key counts first.
    order[tied[among]] = rows[np.lexsort([whole[name][rows] for name in reversed(names)])]
    return {name: whole[name][order] for name in names}


def _among_disordered(
    whole: Columns, rows: NDArray[np.int64], moment: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which events are of a time and kind of which not all are in order.

    Parameters
    ----------
    whole : columns of the log
    rows : the events, in order of time and kind
    moment : number of the time and kind of each, in that order
    """
    alike = moment[1:] == moment[:-1]
    at = np.cumsum(np.append(0, ~alike)[: len(rows)])
    disordered = np.zeros(len(rows), dtype=bool)
    for name in [column.name for column in COLUMNS if column.name not in ("time", "kind")]:
        values = whole[name][rows]
        first, second = values[:-1], values[1:]
        disordered[at[1:][alike & (first > second)]] = True
        alike &= first == second
    among: NDArray[np.bool_] = disordered[at]
    return among


def events_sha256(columns: Mapping[str, NDArray[Any]]) -> str:
    """Hash an event log, as 64 hexadecimal digits.

    Times count to the millisecond and values to the millionth, so that the last bits of a
    mathematical library cannot show.
    """
    digest = hashlib.sha256()
    for name, dtype, *_ in COLUMNS:
        values = columns[name]
        if dtype.startswith("float"):
            values = np.round(values * (3.6e6 if name == "time" else 1e6))
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(values, dtype="<i8").data)
    return digest.hexdigest()

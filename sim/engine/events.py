"""What happened: the event log, in columns declared once.

Log, hash, tables and documents are made from `COLUMNS`.
"""

import hashlib
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray


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
        self._rows: list[tuple[float, int, int, int, int, int, int, int, float]] = []
        self._columns: dict[str, NDArray[np.generic]] = {}
        self._columns_of = -1

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

    def __len__(self) -> int:
        """Count the events."""
        return len(self._rows)

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """Give one array for each of `COLUMNS`, sorted by all columns, time first."""
        if self._columns_of != len(self._rows):
            table = zip(*sorted(self._rows), strict=True) if self._rows else ([] for _ in COLUMNS)
            self._columns = {
                column.name: np.array(values, dtype=column.dtype)
                for column, values in zip(COLUMNS, table, strict=True)
            }
            self._columns_of = len(self._rows)
        return self._columns

    def frame(self) -> pd.DataFrame:
        """Give the log as a table with the kinds in words."""
        frame = pd.DataFrame(self.columns())
        names = {int(kind): kind.name.lower() for kind in Kind}
        frame["kind"] = pd.Categorical(frame["kind"].map(names), categories=list(names.values()))
        return frame


def events_sha256(columns: dict[str, NDArray[np.generic]]) -> str:
    """Hash an event log, as 64 hexadecimal digits.

    Times count to the millisecond and values to the millionth, so that the last bits of a
    mathematical library cannot show.
    """
    digest = hashlib.sha256()
    for column in COLUMNS:
        values = columns[column.name]
        if column.name == "time":
            values = np.round(np.asarray(values, dtype="float64") * 3.6e6).astype("<i8")
        elif column.dtype.startswith("float"):
            values = np.round(np.asarray(values, dtype="float64") * 1e6).astype("<i8")
        digest.update(column.name.encode())
        digest.update(np.asarray(values).astype("<i8").tobytes())
    return digest.hexdigest()

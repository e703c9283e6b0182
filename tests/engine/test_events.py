"""The event log: one order whatever the way events came into it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine import COLUMNS, EventLog, Kind, events_sha256
from sim.errors import BrokenRunError

NAMES = [column.name for column in COLUMNS]

# Few values for each column, so that many events agree in some of them or in all.
EVENTS = st.tuples(
    st.sampled_from([0.0, 0.1 + 0.2, 0.3, 8.0, 1e9]),
    st.sampled_from([Kind.WANTED, Kind.REPORT_SENT, Kind.RETRIED]),
    st.sampled_from([-1, 5, 1 << 20, (3 << 40) + 7]),
    st.integers(-1, 2),
    st.sampled_from([-1, 0, 2**31 - 1]),
    st.integers(-1, 1),
    st.integers(-1, 2),
    st.integers(-1, 2),
    st.sampled_from([0.0, 0.5, 2.0]),
)
CHUNKS = st.lists(st.tuples(st.sampled_from(["add", "extend", "read"]), st.lists(EVENTS)))


def arrays(rows: list[Any]) -> dict[str, np.ndarray[Any, Any]]:
    """Turn rows into columns."""
    table = zip(*rows, strict=True) if rows else [[] for _ in COLUMNS]
    return {c.name: np.array(v, dtype=c.dtype) for c, v in zip(COLUMNS, table, strict=True)}


def rows_of(log: EventLog) -> list[Any]:
    """Turn a log into rows."""
    return list(zip(*(log.columns()[name].tolist() for name in NAMES), strict=True))


@given(chunks=CHUNKS)
def test_events_are_in_the_order_of_all_columns(chunks: list[Any]) -> None:
    """Added one by one or as columns, read before or not: the order is that of sorted rows."""
    log, expected = EventLog(), []
    for way, rows in chunks:
        if way == "extend":
            log.extend(arrays(rows))
        else:
            for row in rows:
                log.add(*row)
        expected += rows
        assert len(log) == len(expected)
        kinds = [kind for _, kind, *_ in expected]
        assert log.counts() == {kind: kinds.count(kind) for kind in Kind}
        if way == "read":
            assert rows_of(log) == sorted(expected)
    assert rows_of(log) == sorted(expected)
    assert len(log) == len(log.frame()) == len(expected)
    whole = arrays(sorted(expected))
    assert {name: values.dtype for name, values in log.columns().items()} == {
        name: values.dtype for name, values in whole.items()
    }
    assert events_sha256(log.columns()) == events_sha256(whole)


def test_whole_columns_must_fit() -> None:
    """Columns that are missing, of another length or too wide a type are refused."""
    good = arrays([(1.0, Kind.WANTED, 3, 0, 2, 1, -1, -1, 0.5)])
    log = EventLog()
    for bad in (
        {name: values for name, values in good.items() if name != "post"},
        {**good, "note": good["post"]},
        {**good, "post": np.array([1, 2], dtype="int32")},
        {**good, "post": np.array([[1]], dtype="int32")},
        {**good, "side": np.array([1], dtype="int64")},
    ):
        with pytest.raises(BrokenRunError, match="events with"):
            log.extend(bad)
    assert len(log) == 0
    log.extend(good)
    assert rows_of(log) == [(1.0, 1, 3, 0, 2, 1, -1, -1, 0.5)]

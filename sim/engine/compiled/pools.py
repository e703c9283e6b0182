"""Free rows of tables whose things come and go, and longer tables where there are none.

Free rows are in a list through their column `after`, which begins at row 0: that row is nobody's
(of `plans`, it is that of a post, which has no use for the column). Only the state can put a longer
table in the place of one that is full, so a row is had by

    if is_full(s.messages):
        s.messages = extended(s.messages)
    row = take_row(s.messages)

`sim.engine.compiled.columns.POOLS` has the tables.
"""

from typing import Any

import numpy as np

from sim.engine.compiled.column_types import copy_rows
from sim.engine.compiled.compiling import compiled


@compiled
def grown(rows: Any) -> Any:
    """Give a copy of a table or an array with twice as many rows, the rest still to be set."""
    more = np.empty((2 * rows.shape[0], *rows.shape[1:]), rows.dtype)
    copy_rows(more, rows)
    return more


@compiled
def is_full(rows: Any) -> bool:
    """Whether a table has no free row."""
    return rows[0].after < 0


@compiled
def extended(rows: Any) -> Any:
    """Give a copy of a full table with twice the room, the new rows free."""
    more = grown(rows)
    for row in range(rows.shape[0], more.shape[0]):
        give_back(more, row)
    return more


@compiled
def take_row(rows: Any) -> int:
    """Take a free row of a table."""
    row = rows[0].after
    rows[0].after = rows[row].after
    return row


@compiled
def give_back(rows: Any, row: int) -> None:
    """Let a row of a table be used for something else."""
    rows[row].after = rows[0].after
    rows[0].after = row

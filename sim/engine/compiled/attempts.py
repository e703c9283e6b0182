"""The attempts under way, and what is logged of them."""

from typing import Any

from sim.engine.compiled.books import grown, note
from sim.engine.compiled.state import compiled


@compiled
def new_attempt(s: Any) -> int:
    """Give a free row of `s.attempts`, and put it on the list of those under way."""
    run = s.run[0]
    if run.free_attempt < 0:
        rows = s.attempts.shape[0]
        s.attempts = grown(s.attempts)
        for row in range(rows, 2 * rows):
            s.attempts[row].list_place = row + 1 if row + 1 < 2 * rows else -1
        run.free_attempt = rows
    row = run.free_attempt
    run.free_attempt = s.attempts[row].list_place
    if run.under_way == s.under_way.shape[0]:
        s.under_way = grown(s.under_way)
    s.under_way[run.under_way] = row
    s.attempts[row].list_place = run.under_way
    run.under_way += 1
    return row


@compiled
def forget_attempt(s: Any, row: int) -> None:
    """Take an attempt off the list of those under way."""
    run = s.run[0]
    place = s.attempts[row].list_place
    run.under_way -= 1
    last = s.under_way[run.under_way]
    s.under_way[place] = last
    s.attempts[last].list_place = place
    s.attempts[row].number = -1
    s.attempts[row].list_place = run.free_attempt
    run.free_attempt = row


@compiled
def note_attempt(s: Any, kind: int, attempt: Any, post: int, partner: int) -> None:
    """Write an event of an attempt into the log."""
    side = s.posts[post].side if post >= 0 else attempt.destination
    note(
        s,
        s.run[0].clock,
        kind,
        attempt.number,
        attempt.crime,
        attempt.segment,
        side,
        post,
        partner,
        s.crimes[attempt.crime].harm,
    )

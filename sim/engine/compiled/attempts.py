"""The attempts under way, and what is logged of them."""

from typing import Any

from sim.engine.compiled.books import note
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.pools import extended, give_back, grown, is_full, take_row


@compiled
def new_attempt(s: Any) -> int:
    """Give a free row of `s.attempts`, and put it on the list of those under way."""
    run = s.run[0]
    if is_full(s.attempts):
        s.attempts = extended(s.attempts)
    row = take_row(s.attempts)
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
    give_back(s.attempts, row)


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

"""The life of an attempt until it is seen; see `sim.engine.crossings`."""

from typing import Any

from sim.agents import Cause
from sim.engine.compiled.attempts import new_attempt, note_attempt
from sim.engine.compiled.books import enqueue
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.detections import give_away, look_out_for
from sim.engine.compiled.endings import TURNED_BACK, end
from sim.engine.compiled.finds import has_untold_find
from sim.engine.compiled.groups import choose_again, choose_crossing, want_next
from sim.engine.compiled.instruments import turns_back
from sim.engine.compiled.line import post_at
from sim.engine.compiled.scouting import scout
from sim.engine.due import Due
from sim.engine.events import Kind

WANT, BEGIN, DETECT, TOLD, ALERT, CONTACT, PASS, END, LEARNED, WEAR, REPAIR, RETRY = (
    int(due) for due in Due
)
_NOT_SHARED = int(Cause.NOT_SHARED)
_WANTED, _RETRIED, _STARTED = int(Kind.WANTED), int(Kind.RETRIED), int(Kind.STARTED)


@compiled
def open_crossings(s: Any) -> None:
    """Find who will detect what is under way as a shift begins."""
    run = s.run[0]
    if s.settings[0].scouting:
        for number in range(s.groups.shape[0]):
            if s.kinds[s.groups[number].kind].scouts:
                scout(s, number)
        run.scouted = run.shift
    for place in range(run.under_way):
        row = s.under_way[place]
        # Who starts in this shift is looked out for then.
        if s.attempts[row].start < run.start:
            look_out_for(s, row)


@compiled
def want(s: Any, number: int) -> None:
    """Let a group choose where and when to make the attempt it wants now."""
    row = new_attempt(s)
    choose_crossing(s, row, number)
    _set_out(s, row, _WANTED)
    group = s.groups[number]
    group.wanted += 1
    want_next(s, number, group.next_wanted)
    enqueue(s, group.next_wanted, WANT, number, 0, -1)


@compiled
def try_again(s: Any, number: int, failed: int) -> None:
    """Let a group make a further attempt after one that was intercepted."""
    row = new_attempt(s)
    choose_again(s, row, number, failed)
    _set_out(s, row, _RETRIED)


@compiled
def _set_out(s: Any, row: int, kind: int) -> None:
    """Let an attempt that has been chosen take its course, unless something prevents it."""
    attempt = s.attempts[row]
    note_attempt(s, kind, attempt, -1, -1)
    if turns_back(s, row):
        end(s, row, TURNED_BACK, -1)
    else:
        enqueue(s, attempt.start, BEGIN, attempt.number, 0, row)
        enqueue(s, attempt.end, END, attempt.number, 0, row)


@compiled
def begin(s: Any, row: int) -> None:
    """Expose an attempt to patrols, sensors and people along the line."""
    attempt = s.attempts[row]
    note_attempt(s, _STARTED, attempt, -1, -1)
    if has_untold_find(s, attempt.segment):
        attempt.cause = min(attempt.cause, _NOT_SHARED)
    look_out_for(s, row)
    for side in (attempt.origin, attempt.destination):
        post = post_at(s, attempt.segment, side)
        if post >= 0:
            give_away(s, row, post)

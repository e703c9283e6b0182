"""What all processes write to: the event log, the queue of things to come, and sums."""

from typing import Any

from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.pools import extended, grown, is_full, take_row


@compiled
def note(
    s: Any,
    time: float,
    kind: int,
    attempt: int,
    crime: int,
    segment: int,
    side: int,
    post: int,
    partner: int,
    value: float,
) -> None:
    """Write an event into the log; arguments as in `sim.engine.events.COLUMNS`."""
    run = s.run[0]
    if run.logged == s.log.shape[0]:
        s.log = grown(s.log)
    row = s.log[run.logged]
    row.time = time
    row.kind = kind
    row.attempt = attempt
    row.crime = crime
    row.segment = segment
    row.side = side
    row.post = post
    row.partner = partner
    row.value = value
    run.logged += 1
    s.noted[kind] += 1


@compiled
def note_post(s: Any, time: float, kind: int, post: int, partner: int, value: float) -> None:
    """Write an event of a post into the log that is about no attempt."""
    note(s, time, kind, -1, -1, -1, s.posts[post].side, post, partner, value)


@compiled
def charge(s: Any, instrument: int, post: int, hours: float, waiting: bool) -> None:
    """Take patrol time from a post for an instrument; see `Instrument.charge`."""
    if waiting:
        s.posts[post].debt += hours
    s.charged[instrument, s.posts[post].side] += hours


@compiled
def enqueue(s: Any, time: float, due: int, number: int, other: int, attempt: int) -> None:
    """Let something fall due at a time, or never, if the run ends before."""
    run, settings = s.run[0], s.settings[0]
    run.serial += 1
    if time >= settings.end:
        return
    if is_full(s.dues):
        s.dues = extended(s.dues)
    row = take_row(s.dues)
    new = s.dues[row]
    new.time, new.due, new.number, new.other = time, due, number, other
    new.serial, new.attempt = run.serial, attempt
    slot = int(time * settings.slots_per_hour)
    if slot <= run.slot:
        _put_in(s, row)
    else:
        new.after = s.slots[slot]
        s.slots[slot] = row


@compiled
def take_next(s: Any) -> int:
    """Take what falls due next out of the queue.

    Returns
    -------
    Its row in `s.dues`; -1 if nothing more falls due in the shift.
    """
    run = s.run[0]
    # All that is in a slot falls due before all that is in a later one.
    last = int(run.stop * s.settings[0].slots_per_hour)
    while not run.queued and run.slot < last:
        run.slot += 1
        row = s.slots[run.slot]
        while row >= 0:
            after = s.dues[row].after
            _put_in(s, row)
            row = after
    if not run.queued or s.queue[1].time >= run.stop:
        return -1
    row = s.queue[1].row
    _close_gap(s)
    return row


@compiled
def _comes_before(s: Any, one: Any, other: Any) -> bool:
    """Whether one place in the queue comes before another."""
    if one.time != other.time:
        return one.time < other.time
    here, there = s.dues[one.row], s.dues[other.row]
    if here.due != there.due:
        return here.due < there.due
    if here.number != there.number:
        return here.number < there.number
    if here.other != there.other:
        return here.other < there.other
    return here.serial < there.serial


@compiled
def _put_in(s: Any, row: int) -> None:
    """Put a row of `s.dues` into the queue: a binary heap from place 1 on."""
    run = s.run[0]
    run.queued += 1
    if run.queued == s.queue.shape[0]:
        s.queue = grown(s.queue)
    queue, place = s.queue, run.queued
    queue[0].time, queue[0].row = s.dues[row].time, row
    while place > 1 and _comes_before(s, queue[0], queue[place // 2]):
        queue[place] = queue[place // 2]
        place //= 2
    queue[place] = queue[0]


@compiled
def _close_gap(s: Any) -> None:
    """Put the queue in order again after its first has been taken out."""
    run, queue = s.run[0], s.queue
    last, place = run.queued, 1
    run.queued -= 1
    while 2 * place < last:
        child = 2 * place
        if child + 1 < last and _comes_before(s, queue[child + 1], queue[child]):
            child += 1
        if not _comes_before(s, queue[child], queue[last]):
            break
        queue[place] = queue[child]
        place = child
    queue[place] = queue[last]

"""What all processes write to: the event log, the queue of things to come, and sums."""

from typing import Any

from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.pools import extended, give_back, grown, is_full, take_row


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
def _comes_before(one: Any, other: Any) -> bool:
    """Whether one thing falls due before another."""
    if one.time != other.time:
        return one.time < other.time
    if one.due != other.due:
        return one.due < other.due
    if one.number != other.number:
        return one.number < other.number
    if one.other != other.other:
        return one.other < other.other
    return one.serial < other.serial


@compiled
def _copy(queue: Any, to: int, source: int) -> None:
    """Copy a row of the queue."""
    queue[to] = queue[source]


@compiled
def enqueue(s: Any, time: float, due: int, number: int, other: int, attempt: int) -> None:
    """Let something fall due at a time: in the shift under way, in a later one, or never."""
    run, settings = s.run[0], s.settings[0]
    run.serial += 1
    if time >= settings.end:
        return
    length = settings.shift_hours
    shift = int(time / length)
    # Rounding must not make it late; what is too early waits in the queue.
    shift -= time < (shift - 1) * length + length
    if shift <= run.shift:
        _put_in(s, time, due, number, other, run.serial, attempt)
        return
    if is_full(s.later):
        s.later = extended(s.later)
    row = take_row(s.later)
    new = s.later[row]
    new.time, new.due, new.number, new.other = time, due, number, other
    new.serial, new.attempt = run.serial, attempt
    new.after = s.later_in[shift]
    s.later_in[shift] = row


@compiled
def queue_up(s: Any) -> None:
    """Put what falls due in the shift that begins into the queue."""
    run = s.run[0]
    row = s.later_in[run.shift]
    while row >= 0:
        each = s.later[row]
        _put_in(s, each.time, each.due, each.number, each.other, each.serial, each.attempt)
        after = each.after
        give_back(s.later, row)
        row = after


@compiled
def _put_in(
    s: Any, time: float, due: int, number: int, other: int, serial: int, attempt: int
) -> None:
    """Put something into the queue: a binary heap in row 1 and below, row 0 is scratch."""
    run = s.run[0]
    if run.queued + 2 > s.queue.shape[0]:
        s.queue = grown(s.queue)
    queue = s.queue
    run.queued += 1
    new = queue[0]
    new.time, new.due, new.number, new.other = time, due, number, other
    new.serial, new.attempt = serial, attempt
    place = run.queued
    while place > 1 and _comes_before(new, queue[place // 2]):
        _copy(queue, place, place // 2)
        place //= 2
    _copy(queue, place, 0)


@compiled
def take_first(s: Any) -> None:
    """Take what falls due first out of the queue, into its row 0."""
    run = s.run[0]
    queue = s.queue
    _copy(queue, 0, 1)
    last = run.queued
    run.queued -= 1
    # What was last has most often to go far down again: its place is looked for from below.
    place = 1
    while 2 * place < last:
        child = 2 * place
        if child + 1 < last:
            here, there = queue[child].time, queue[child + 1].time
            if here == there:
                child += _comes_before(queue[child + 1], queue[child])
            else:
                child += there < here
        _copy(queue, place, child)
        place = child
    while place > 1 and _comes_before(queue[last], queue[place // 2]):
        _copy(queue, place, place // 2)
        place //= 2
    if last > 1:
        _copy(queue, place, last)

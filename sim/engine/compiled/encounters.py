"""Whom patrols meet, and whether they catch them; see `sim.agents.patrol`."""

from typing import Any

from sim.agents import Cause
from sim.draws import exponential
from sim.engine.compiled.books import enqueue
from sim.engine.compiled.chance import DETECTION, INTERCEPTION, RESPONSE, draw
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.covering import detection
from sim.engine.compiled.line import cell_of
from sim.engine.due import Due
from sim.rules.barrier import first_success, pass_time, place_on_beat
from sim.rules.encounter import caught_in_time

_PASS = int(Due.PASS)
_OVERLOOKED, _IN_PURSUIT, _ELSEWHERE = (
    int(cause) for cause in (Cause.OVERLOOKED, Cause.IN_PURSUIT, Cause.ELSEWHERE_ON_BEAT)
)


@compiled
def has_authority(patrol: Any, side: int) -> bool:
    """Whether a patrol may act on a side."""
    return patrol.joint == 1 or patrol.side == side


@compiled
def window_begin(attempt: Any, at_origin: bool) -> float:
    """When an attempt is first exposed to somebody, who may act at its origin or may not, h."""
    return attempt.start if at_origin else attempt.line


@compiled
def window_end(attempt: Any, at_destination: bool) -> float:
    """When it is out of reach of somebody, who may act at its destination or may not, h."""
    return attempt.end if at_destination else attempt.line


@compiled
def place_of(s: Any, patrol: Any, segment: int, place: float) -> float:
    """Where on a patrol's beat a place of a segment is, h on a dry day; -1 if it is not on it."""
    cell = cell_of(s, patrol.with_post, segment)
    index = cell - s.posts[patrol.with_post].cells - s.beats[patrol.beat].first
    if index < 0 or index >= s.beats[patrol.beat].segments:
        return -1.0
    stretch = s.beats[patrol.beat].stretches + index
    low, high = s.begins[stretch], s.ends[stretch]
    return low + place * (high - low)


@compiled
def is_free(patrol: Any, time: float) -> bool:
    """Whether a patrol is on its beat and not taken up by a pursuit."""
    on_beat = patrol.beat >= 0 and patrol.arrive <= time < patrol.leave
    return on_beat and time >= patrol.busy_until


@compiled
def encounter(s: Any, row: int, number: int) -> float:
    """Let a patrol detect an attempt during the shift, or not, and pass it, or not.

    Returns
    -------
    Time of detection, h; -1 if this patrol does not detect it.
    """
    run, patrol, attempt = s.run[0], s.patrols[number], s.attempts[row]
    if patrol.beat < 0:
        return -1.0
    spot = place_of(s, patrol, attempt.segment, attempt.place)
    if spot < 0.0:
        return -1.0
    begin = max(window_begin(attempt, has_authority(patrol, attempt.origin)), run.start)
    end = min(window_end(attempt, has_authority(patrol, attempt.destination)), run.stop)
    if begin >= end or max(begin, patrol.arrive) >= patrol.leave or end < patrol.arrive:
        return -1.0
    reach = s.segments[attempt.segment].reach * patrol.slowdown
    first = max(begin - reach, patrol.arrive)
    last = min(end + reach, patrol.leave)
    spot *= patrol.slowdown
    length = s.beats[patrol.beat].hours * patrol.slowdown
    time = pass_time(0, first, spot, length, patrol.phase, patrol.arrive)
    if time >= last:
        attempt.cause = min(attempt.cause, _ELSEWHERE)
        return -1.0
    chance = detection(s, attempt.crime, s.keenness[patrol.post, attempt.crime], run.dark)
    which = first_success(draw(s, DETECTION, attempt.number, run.shift, number), chance)
    # A first pass that detects, or finds the patrol busy, is its own witness.
    if which:
        if attempt.cause > _OVERLOOKED:
            enqueue(s, min(max(time, begin), end), _PASS, attempt.number, number, row)
        time = pass_time(which, first, spot, length, patrol.phase, patrol.arrive)
    return min(max(time, begin), end) if time < last else -1.0


@compiled
def miss(s: Any, row: int, number: int) -> None:
    """Let a patrol pass an attempt, and not see it or be after somebody else."""
    attempt = s.attempts[row]
    is_free = s.run[0].clock >= s.patrols[number].busy_until
    attempt.cause = min(attempt.cause, _OVERLOOKED if is_free else _IN_PURSUIT)


@compiled
def pursue(s: Any, attempt: Any, number: int) -> float:
    """Let a patrol go after a crosser it has detected, as far as its authority reaches.

    Returns
    -------
    Time at which it intercepts, h; -1 if it does not.
    """
    settings, patrol, now = s.settings[0], s.patrols[number], s.run[0].clock
    wait = exponential(draw(s, RESPONSE, attempt.number, number, 0))
    response = settings.response_hours * wait
    left = window_end(attempt, has_authority(patrol, attempt.destination)) - now
    share = draw(s, INTERCEPTION, attempt.number, number, 0)
    caught = caught_in_time(response, left, share, settings.interception)
    spent = response + settings.processing_hours if caught else min(response, left)
    patrol.busy_until = now + spent
    return now + response if caught else -1.0


@compiled
def hours_to(s: Any, patrol: Any, segment: int, place: float, time: float) -> float:
    """Time it would take a patrol along the line to a place on its beat, h; -1 if not on it."""
    if patrol.beat < 0:
        return -1.0
    spot = place_of(s, patrol, segment, place)
    if spot < 0.0:
        return -1.0
    length = s.beats[patrol.beat].hours * patrol.slowdown
    here = place_on_beat(patrol.phase + time - patrol.arrive, length) / patrol.slowdown
    return abs(spot - here) * patrol.slowdown

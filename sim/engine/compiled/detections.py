"""How attempts are detected, and what posts do about it; see `sim.engine.crossings`."""

from typing import Any

from sim.agents import Cause
from sim.engine.compiled.attempts import note_attempt
from sim.engine.compiled.books import enqueue
from sim.engine.compiled.chance import ANSWER, COMMUNITY, SENSOR, draw
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.covering import by_sensors
from sim.engine.compiled.encounters import (
    encounter,
    hours_to,
    is_free,
    miss,
    pursue,
    window_begin,
    window_end,
)
from sim.engine.compiled.finds import add_find
from sim.engine.compiled.instruments import on_detection, on_told
from sim.engine.compiled.line import cell_of, post_opposite
from sim.engine.crossings import PEOPLE
from sim.engine.crossings import SENSOR as BY_SENSOR
from sim.engine.due import Due
from sim.engine.events import Kind
from sim.rules.encounter import caught_in_time, hours_by_vehicle

_DETECT, _TOLD, _CONTACT = int(Due.DETECTION), int(Due.TOLD), int(Due.CONTACT)
_REACTION_TEAM, _NOBODY = -1, -2
_DETECTED, _ALERTED = int(Kind.DETECTED), int(Kind.ALERTED)
_COMMUNITY_REPORT = int(Kind.COMMUNITY_REPORT)
_TOO_LATE, _GOT_AWAY = int(Cause.ALERT_TOO_LATE), int(Cause.GOT_AWAY)


@compiled
def look_out_for(s: Any, row: int) -> None:
    """Find the patrols that will detect an attempt in this shift, unless they are busy."""
    attempt = s.attempts[row]
    here = s.segments[attempt.segment]
    for post, cell in ((here.first_post, here.first_cell), (here.second_post, here.second_cell)):
        if post < 0 or not s.present[cell]:
            continue
        for rank in range(s.posts[post].team):
            number = s.team[post, rank]
            time = encounter(s, row, number)
            if time >= 0.0:
                enqueue(s, time, _DETECT, attempt.number, number, row)


@compiled
def give_away(s: Any, row: int, post: int) -> None:
    """Let sensors and people tell a post of an attempt at some time while it is on its side."""
    attempt = s.attempts[row]
    cell = cell_of(s, post, attempt.segment)
    start = window_begin(attempt, s.posts[post].side == attempt.origin)
    stop = window_end(attempt, s.posts[post].side == attempt.destination)
    if s.sensors[cell]:
        share = by_sensors(s, attempt.crime, attempt.segment, s.sensors[cell])
        if draw(s, SENSOR, attempt.number, post, 0) < share:
            time = start + draw(s, SENSOR, attempt.number, post, 1) * (stop - start)
            enqueue(s, time, _TOLD, attempt.number, 2 * post + BY_SENSOR, row)
    if s.heard[cell] > 0.0 and draw(s, COMMUNITY, attempt.number, post, 0) < s.heard[cell]:
        time = start + draw(s, COMMUNITY, attempt.number, post, 1) * (stop - start)
        enqueue(s, time, _TOLD, attempt.number, 2 * post + PEOPLE, row)


@compiled
def found_by(s: Any, attempt: Any, post: int) -> bool:
    """Whether a post has detected an attempt."""
    if s.posts[post].side == attempt.origin:
        return attempt.found_here == 1
    return attempt.found_there == 1


@compiled
def _mark_found(s: Any, attempt: Any, post: int) -> bool:
    """Let a post take note of an attempt; False if it had before."""
    if found_by(s, attempt, post):
        return False
    if s.posts[post].side == attempt.origin:
        attempt.found_here = 1
    else:
        attempt.found_there = 1
    s.has_seen[post] = 1
    s.seen[cell_of(s, post, attempt.segment), attempt.crime] += 1.0
    return True


@compiled
def _see(s: Any, attempt: Any, post: int, patrol: int, jointly: bool) -> bool:
    """Note a detection, in the books of both sides if both took part; False if it is not new."""
    first = _mark_found(s, attempt, post)
    if jointly:
        other = post_opposite(s, attempt.segment, post)
        if other >= 0:
            _mark_found(s, attempt, other)
            _note_find(s, attempt, other, patrol)
    if attempt.detected < 0.0:
        attempt.detected = s.run[0].clock
        attempt.cause = min(attempt.cause, _GOT_AWAY)
    _note_find(s, attempt, post, patrol)
    return first


@compiled
def _note_find(s: Any, attempt: Any, post: int, patrol: int) -> None:
    """Note that a post has found an attempt, by a patrol or by what it was told."""
    add_find(s, attempt.segment, post)
    note_attempt(s, _DETECTED, attempt, post, patrol)


@compiled
def detect(s: Any, row: int, number: int) -> None:
    """Let a patrol detect an attempt and go after it."""
    attempt, patrol = s.attempts[row], s.patrols[number]
    if not is_free(patrol, s.run[0].clock):
        miss(s, row, number)
        return
    jointly = patrol.joint == 1
    first = _see(s, attempt, patrol.post, number, jointly)
    contact = pursue(s, attempt, number)
    if contact >= 0.0:
        other = patrol.post + jointly * s.posts.shape[0]
        enqueue(s, contact, _CONTACT, attempt.number, other, row)
    if first:
        on_detection(s, row, patrol.post)


@compiled
def be_told(s: Any, row: int, post: int, source: int) -> None:
    """Let a post that a sensor or somebody tells of an attempt send who is there first."""
    attempt = s.attempts[row]
    if source == PEOPLE:
        note_attempt(s, _COMMUNITY_REPORT, attempt, post, -1)
        on_told(s, row, post)
    if not _see(s, attempt, post, -1, False):
        return
    _answer(s, row, post)
    on_detection(s, row, post)


@compiled
def be_alerted(s: Any, row: int, post: int) -> None:
    """Let a post that hears of an attempt send somebody, once."""
    attempt = s.attempts[row]
    if s.posts[post].side == attempt.origin:
        if attempt.alerted_here:
            return
        attempt.alerted_here = 1
    else:
        if attempt.alerted_there:
            return
        attempt.alerted_there = 1
    attempt.cause = _TOO_LATE
    note_attempt(s, _ALERTED, attempt, post, -1)
    _answer(s, row, post)


@compiled
def _answer(s: Any, row: int, number: int) -> None:
    """Send whoever of a post is there first to where a crosser is, or will come across."""
    attempt, post, settings = s.attempts[row], s.posts[number], s.settings[0]
    now = s.run[0].clock
    start = window_begin(attempt, post.side == attempt.origin)
    stop = window_end(attempt, post.side == attempt.destination)
    arrival, sent = _first_there(s, attempt, number)
    if sent == _NOBODY:
        return
    share = draw(s, ANSWER, attempt.number, number, 0)
    caught = caught_in_time(arrival - now, stop - now, share, settings.interception)
    contact = max(arrival, start)
    back = contact + settings.processing_hours if caught else min(arrival, stop)
    if sent == _REACTION_TEAM:
        post.reaction_free = back
    else:
        s.patrols[sent].busy_until = back
    if caught:
        enqueue(s, contact, _CONTACT, attempt.number, number, row)


@compiled
def _first_there(s: Any, attempt: Any, number: int) -> tuple[float, int]:
    """When the first of a post can be where an attempt is, h, and who: a patrol or the team."""
    post, settings, now = s.posts[number], s.settings[0], s.run[0].clock
    arrival, sent, cell = -1.0, _NOBODY, cell_of(s, number, attempt.segment)
    if post.reaction_free <= now:
        way = s.cell_way[cell]
        ready, speed = settings.reaction_hours, settings.vehicle_kmh
        arrival = now + hours_by_vehicle(ready, way, speed, post.mobility)
        sent = _REACTION_TEAM
    for rank in range(post.team if s.present[cell] else 0):
        who = s.team[number, rank]
        patrol = s.patrols[who]
        hours = hours_to(s, patrol, attempt.segment, attempt.place, now)
        if hours < 0.0 or not is_free(patrol, now):
            continue
        there = now + hours
        if sent == _NOBODY or there < arrival or (there == arrival and who < sent):
            arrival, sent = there, who
    return arrival, sent

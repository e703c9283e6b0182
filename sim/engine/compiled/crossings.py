"""The life of an attempt; see `sim.engine.crossings`."""

from typing import Any

from sim.agents import Outcome
from sim.draws import exponential
from sim.engine.compiled.books import enqueue, grown, note
from sim.engine.compiled.chance import ANSWER, COMMUNITY, LEARNED_LATER, SENSOR, draw
from sim.engine.compiled.covering import by_sensors
from sim.engine.compiled.groups import (
    choose_again,
    choose_crossing,
    hear,
    learn,
    scout,
    take_in,
    tries_again,
    want_next,
)
from sim.engine.compiled.instruments import on_detection, on_handover, on_told, turns_back
from sim.engine.compiled.state import compiled
from sim.engine.compiled.walking import (
    cell_of,
    encounter,
    hours_to,
    is_free,
    pursue,
    window_begin,
    window_end,
)
from sim.engine.compiled.watching import INLAND_FINDS
from sim.engine.crossings import ENDINGS, PEOPLE
from sim.engine.crossings import SENSOR as BY_SENSOR
from sim.engine.due import Due
from sim.engine.events import Kind
from sim.rules.encounter import caught_in_time

WANT, BEGIN, DETECT, TOLD, ALERT, CONTACT, END, LEARNED, WEAR, REPAIR, RETRY = (
    int(due) for due in Due
)
_WANTED, _RETRIED, _STARTED = int(Kind.WANTED), int(Kind.RETRIED), int(Kind.STARTED)
_DETECTED, _ALERTED = int(Kind.DETECTED), int(Kind.ALERTED)
_COMMUNITY_REPORT, _LEARNED_LATER = int(Kind.COMMUNITY_REPORT), int(Kind.LEARNED_LATER)
_PASSED, _TURNED_BACK = int(Outcome.PASSED), int(Outcome.TURNED_BACK)
_INTERCEPTED, _JOINTLY = int(Outcome.INTERCEPTED), int(Outcome.INTERCEPTED_JOINTLY)
_HANDED_OVER = int(Outcome.HANDED_OVER)
_ENDING_KINDS = (
    0,
    *(int(ENDINGS[outcome]) for outcome in Outcome if outcome is not Outcome.UNDER_WAY),
)


@compiled
def _note(s: Any, kind: int, attempt: Any, post: int, partner: int) -> None:
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


@compiled
def post_at(s: Any, segment: int, side: int) -> int:
    """Post of a side that holds a segment, -1 if none."""
    here = s.segments[segment]
    if side == here.first_side:
        return here.first_post
    return here.second_post if side == here.second_side else -1


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
            _look_out_for(s, row)


@compiled
def _new_attempt(s: Any) -> int:
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
def _forget_attempt(s: Any, row: int) -> None:
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
def want(s: Any, number: int) -> None:
    """Let a group choose where and when to make the attempt it wants now."""
    row = _new_attempt(s)
    choose_crossing(s, row, number)
    _set_out(s, row, _WANTED)
    group = s.groups[number]
    group.wanted += 1
    want_next(s, number, group.next_wanted)
    enqueue(s, group.next_wanted, WANT, number, 0, -1)


@compiled
def try_again(s: Any, number: int, failed: int) -> None:
    """Let a group make a further attempt after one that was intercepted."""
    row = _new_attempt(s)
    choose_again(s, row, number, failed)
    _set_out(s, row, _RETRIED)


@compiled
def _set_out(s: Any, row: int, kind: int) -> None:
    """Let an attempt that has been chosen take its course, unless something prevents it."""
    attempt = s.attempts[row]
    note(
        s,
        attempt.wanted,
        kind,
        attempt.number,
        attempt.crime,
        attempt.segment,
        attempt.destination,
        -1,
        -1,
        s.crimes[attempt.crime].harm,
    )
    if turns_back(s, row):
        _end(s, row, _TURNED_BACK, -1)
    else:
        enqueue(s, attempt.start, BEGIN, attempt.number, 0, row)
        enqueue(s, attempt.end, END, attempt.number, 0, row)


@compiled
def begin(s: Any, row: int) -> None:
    """Expose an attempt to patrols, sensors and people along the line."""
    attempt = s.attempts[row]
    _note(s, _STARTED, attempt, -1, -1)
    _look_out_for(s, row)
    for side in (attempt.origin, attempt.destination):
        post = post_at(s, attempt.segment, side)
        if post >= 0:
            _give_away(s, row, post)


@compiled
def _look_out_for(s: Any, row: int) -> None:
    """Find the patrols that will detect an attempt in this shift, unless they are busy."""
    attempt = s.attempts[row]
    here = s.segments[attempt.segment]
    for post in (here.first_post, here.second_post):
        if post < 0:
            continue
        for rank in range(s.posts[post].team):
            number = s.team[post, rank]
            time = encounter(s, attempt, number)
            if time >= 0.0:
                enqueue(s, time, DETECT, attempt.number, number, row)


@compiled
def _give_away(s: Any, row: int, post: int) -> None:
    """Let sensors and people tell a post of an attempt at some time while it is on its side."""
    attempt = s.attempts[row]
    cell = cell_of(s, post, attempt.segment)
    start = window_begin(attempt, s.posts[post].side == attempt.origin)
    stop = window_end(attempt, s.posts[post].side == attempt.destination)
    if s.sensors[cell]:
        share = by_sensors(s, attempt.crime, attempt.segment, s.sensors[cell])
        if draw(s, SENSOR, attempt.number, post, 0) < share:
            time = start + draw(s, SENSOR, attempt.number, post, 1) * (stop - start)
            enqueue(s, time, TOLD, attempt.number, 2 * post + BY_SENSOR, row)
    if s.heard[cell] > 0.0 and draw(s, COMMUNITY, attempt.number, post, 0) < s.heard[cell]:
        time = start + draw(s, COMMUNITY, attempt.number, post, 1) * (stop - start)
        enqueue(s, time, TOLD, attempt.number, 2 * post + PEOPLE, row)


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
    s.posts[post].has_seen = 1
    s.seen[cell_of(s, post, attempt.segment), attempt.crime] += 1.0
    return True


@compiled
def _see(s: Any, attempt: Any, post: int, patrol: int, jointly: bool) -> bool:
    """Note a detection, in the books of both sides if both took part; False if it is not new."""
    first = _mark_found(s, attempt, post)
    if jointly:
        here = s.segments[attempt.segment]
        other = here.second_post if here.first_post == post else here.first_post
        if other >= 0:
            _mark_found(s, attempt, other)
            _note(s, _DETECTED, attempt, other, patrol)
    if attempt.detected < 0.0:
        attempt.detected = s.run[0].clock
    _note(s, _DETECTED, attempt, post, patrol)
    return first


@compiled
def detect(s: Any, row: int, number: int) -> None:
    """Let a patrol detect an attempt and go after it."""
    attempt, patrol = s.attempts[row], s.patrols[number]
    if not is_free(patrol, s.run[0].clock):
        return
    jointly = patrol.joint == 1
    first = _see(s, attempt, patrol.post, number, jointly)
    contact = pursue(s, attempt, number)
    if contact >= 0.0:
        other = patrol.post + jointly * s.posts.shape[0]
        enqueue(s, contact, CONTACT, attempt.number, other, row)
    if first:
        on_detection(s, row, patrol.post)


@compiled
def be_told(s: Any, row: int, post: int, source: int) -> None:
    """Let a post that a sensor or somebody tells of an attempt send who is there first."""
    attempt = s.attempts[row]
    if source == PEOPLE:
        _note(s, _COMMUNITY_REPORT, attempt, post, -1)
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
    _note(s, _ALERTED, attempt, post, -1)
    _answer(s, row, post)


@compiled
def _answer(s: Any, row: int, number: int) -> None:
    """Send whoever of a post is there first to where a crosser is, or will come across."""
    attempt, post, settings = s.attempts[row], s.posts[number], s.settings[0]
    now = s.run[0].clock
    start = window_begin(attempt, post.side == attempt.origin)
    stop = window_end(attempt, post.side == attempt.destination)
    arrival, sent = -1.0, -2
    if post.reaction_free <= now:
        way = s.cell_way[cell_of(s, number, attempt.segment)]
        ready = settings.reaction_hours / post.mobility
        arrival = now + (ready + way / (settings.vehicle_kmh * post.mobility))
        sent = -1
    for rank in range(post.team):
        who = s.team[number, rank]
        patrol = s.patrols[who]
        hours = hours_to(s, patrol, attempt.segment, attempt.place, now)
        if hours < 0.0 or not is_free(patrol, now):
            continue
        there = now + hours
        if sent == -2 or there < arrival or (there == arrival and 0 <= who < sent):
            arrival, sent = there, who
    if sent == -2:
        return
    share = draw(s, ANSWER, attempt.number, number, 0)
    caught = caught_in_time(arrival - now, stop - now, share, settings.interception)
    contact = max(arrival, start)
    back = contact + settings.processing_hours if caught else min(arrival, stop)
    if sent == -1:
        post.reaction_free = back
    else:
        s.patrols[sent].busy_until = back
    if caught:
        enqueue(s, contact, CONTACT, attempt.number, number, row)


@compiled
def intercept(s: Any, row: int, other: int) -> None:
    """End an attempt by interception: by those who found it, or by those who were told."""
    posts = s.posts.shape[0]
    post = other % posts
    if other >= posts:
        _end(s, row, _JOINTLY, post)
    elif found_by(s, s.attempts[row], post):
        _end(s, row, _INTERCEPTED, post)
    else:
        on_handover(s, row, post)
        _end(s, row, _HANDED_OVER, post)


@compiled
def pass_through(s: Any, row: int) -> None:
    """End an attempt that got through; the side of arrival may learn of it later."""
    attempt, settings, clock = s.attempts[row], s.settings[0], s.run[0].clock
    number, crime, segment = attempt.number, attempt.crime, attempt.segment
    destination, known = attempt.destination, attempt.found_there == 1
    s.came_through[attempt.origin, destination] += 1
    _end(s, row, _PASSED, -1)
    if known or draw(s, LEARNED_LATER, number, 0, 0) >= settings.learned_later:
        return
    delay = settings.learned_later_hours * exponential(draw(s, LEARNED_LATER, number, 1, 0))
    if draw(s, LEARNED_LATER, number, 2, 0) < settings.misplaced:
        segment = _misplaced(s, number, segment, destination)
    post = post_at(s, segment, destination)
    if post >= 0:
        what = crime * s.segments.shape[0] + segment
        enqueue(s, clock + delay, LEARNED, post, what, -1)


@compiled
def _misplaced(s: Any, number: int, segment: int, side: int) -> int:
    """Give the neighbouring segment of a side that a crossing is ascribed to; itself if none."""
    here = s.segments[segment]
    count = 0
    for index in range(here.near_from, here.near_to):
        near = s.segments[s.near[index]]
        count += near.first_side == side or near.second_side == side
    if not count:
        return segment
    which = int(draw(s, LEARNED_LATER, number, 3, 0) * count)
    for index in range(here.near_from, here.near_to):
        near = s.segments[s.near[index]]
        if near.first_side == side or near.second_side == side:
            if which == 0:
                return s.near[index]
            which -= 1
    return segment


@compiled
def _end(s: Any, row: int, outcome: int, post: int) -> None:
    """Record how an attempt ended, and let the group learn, tell and perhaps try again."""
    run, attempt = s.run[0], s.attempts[row]
    _note(s, _ENDING_KINDS[outcome], attempt, post, -1)
    intercepted = outcome != _PASSED and outcome != _TURNED_BACK
    if intercepted and attempt.detected >= 0.0:
        run.caught += 1
        run.hours_to_catch += run.clock - attempt.detected
    if outcome != _TURNED_BACK:
        _observe_displacement(s, attempt)
        _let_group_know(s, attempt, intercepted)
    _forget_attempt(s, row)


@compiled
def _observe_displacement(s: Any, attempt: Any) -> None:
    """Note where an attempt was that ended, if that was not where the group is at home."""
    run = s.run[0]
    if attempt.segment == attempt.home_segment:
        return
    if run.displaced == s.displaced.shape[0]:
        s.displaced = grown(s.displaced)
    s.displaced[run.displaced] = attempt.home_segment * s.segments.shape[0] + attempt.segment
    run.displaced += 1


@compiled
def _let_group_know(s: Any, attempt: Any, intercepted: bool) -> None:
    """Let a group learn from its attempt, tell others of its kind, and perhaps try again."""
    now, number = s.run[0].clock, attempt.group
    kind = s.kinds[s.groups[number].kind]
    take_in(s, number, now)
    learn(s, number, attempt.option, attempt.daypart, intercepted, True)
    if kind.shares > 0.0:
        for other in range(kind.groups, kind.groups + kind.n_groups):
            if other != number:
                hear(s, other, attempt, intercepted, now + kind.shares_after)
    if intercepted and tries_again(s, attempt):
        enqueue(s, now + kind.retry_after, RETRY, number, attempt.number, -1)


@compiled
def learn_later(s: Any, post: int, what: int) -> None:
    """Let a post learn of a crossing that got through some days ago."""
    segments = s.segments.shape[0]
    crime, segment = what // segments, what % segments
    cell = cell_of(s, post, segment)
    s.alpha[cell, crime] += 1.0
    s.observed[cell, crime, INLAND_FINDS] += 1.0
    side = s.posts[post].side
    note(s, s.run[0].clock, _LEARNED_LATER, -1, crime, segment, side, post, -1, 1.0)

"""Joint operations and joint patrols; see `sim.coordination`."""

import math
from typing import Any

from sim.engine.compiled.books import charge, note, note_post
from sim.engine.compiled.chance import STORAGE, draw
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.covering import sharpen
from sim.engine.compiled.line import cell_of, post_at
from sim.engine.compiled.markers import inspect, sign, tell
from sim.engine.compiled.names import JOINT_OPERATIONS, JOINT_PATROLS
from sim.engine.compiled.orders import put_in_order
from sim.engine.compiled.reading import believe_cell, finish_reading, hear_of
from sim.engine.compiled.rosters import call_up, charge_beyond_turn, find_on_duty
from sim.engine.compiled.trust import experience, link_of, meet_again
from sim.engine.compiled.watching import (
    INLAND_EFFORT,
    INLAND_FINDS,
    OWN_EFFORT,
    OWN_FINDS,
    believed_harm,
)
from sim.engine.events import Kind
from sim.rules.ties import in_steps

_OPERATION, _STORAGE_FOUND = int(Kind.OPERATION), int(Kind.STORAGE_FOUND)
_JOINT_PATROL, _MISSED = int(Kind.JOINT_PATROL), int(Kind.APPOINTMENT_MISSED)


@compiled
def operate(s: Any) -> None:
    """Begin, carry on or end a joint operation."""
    run, settings = s.run[0], s.settings[0]
    number = _operation_now(s)
    hours = run.stop - run.start
    begins = number != run.operation and number >= 0
    if number != run.operation:
        run.operation = number
        for post_number in range(s.posts.shape[0]):
            if s.posts[post_number].in_area:
                _focus(s, post_number, number >= 0)
    if number < 0:
        return
    run.operation_days += hours / 24.0
    for post_number in range(s.posts.shape[0]):
        if not s.posts[post_number].in_area:
            continue
        if begins:
            last = run.shift + math.ceil(settings.operation_hours / hours) - 1
            teams = settings.operation_teams
            call_up(s, post_number, teams, run.shift, last, JOINT_OPERATIONS)
            charge(s, JOINT_OPERATIONS, post_number, settings.operation_preparation, True)
            note_post(s, run.start, _OPERATION, post_number, -1, settings.operation_days)
        charge_beyond_turn(s, post_number, run.shift, JOINT_OPERATIONS, hours)
    if run.start >= run.next_search:
        run.next_search = run.start + 24.0
        _search_for_storage(s)


@compiled
def _operation_now(s: Any) -> int:
    """Number of the joint operation that is on as the shift begins, -1 if none is."""
    settings = s.settings[0]
    since = s.run[0].start - settings.operation_first
    if since < 0.0:
        return -1
    number = int(since // settings.operation_gap)
    return number if since - number * settings.operation_gap < settings.operation_hours else -1


@compiled
def _focus(s: Any, post_number: int, on: bool) -> None:
    """Let a post look harder for the crimes of an operation, or stop doing so."""
    for crime in range(s.crimes.shape[0]):
        focus = s.settings[0].operation_focus if on and s.crimes[crime].focus else 0.0
        s.focus_factor[post_number, crime] = 1.0 + focus
    sharpen(s, post_number)


@compiled
def _search_for_storage(s: Any) -> None:
    """Look for storage sites for a day."""
    run, settings = s.run[0], s.settings[0]
    day = int(run.start // 24.0)
    for number in range(s.groups.shape[0]):
        group = s.groups[number]
        if not group.area or run.start < group.without_load:
            continue
        if draw(s, STORAGE, number, day, 0) < settings.storage_found:
            group.without_load = run.start + settings.storage_hours
            where, side = group.home_segment, group.origin
            post = post_at(s, where, side)
            note(s, run.start, _STORAGE_FOUND, -1, -1, where, side, post, -1, 0.0)


@compiled
def arrange_joint_patrols(s: Any) -> None:
    """Let the posts meet for a joint patrol whose date has come."""
    run, settings = s.run[0], s.settings[0]
    if run.dark >= 0.5:
        return
    first = s.pair_range[JOINT_PATROLS, 0]
    for number in range(s.due_jointly.shape[0]):
        due = s.due_jointly[number]
        if due >= run.stop:
            continue
        row = first + number
        pair = s.pairs[row]
        here = find_on_duty(s, pair.first, run.shift) - s.posts[pair.first].tasks
        there = find_on_duty(s, pair.second, run.shift) - s.posts[pair.second].tasks
        if min(here, there) >= settings.joint_teams:
            _walk_together(s, row)
            s.due_jointly[number] = max(due + settings.joint_gap, run.stop)
        elif run.start - due >= 24.0:
            step = settings.trust_missed
            experience(s, link_of(s, pair.first, pair.second), False, step)
            experience(s, link_of(s, pair.second, pair.first), False, step)
            note_post(s, run.start, _MISSED, pair.first, pair.second, 0.0)
            s.due_jointly[number] = run.start + settings.joint_rearrange


@compiled
def _walk_together(s: Any, row: int) -> None:
    """Give teams of both posts the task to walk together."""
    run, settings, pair = s.run[0], s.settings[0], s.pairs[row]
    leads_first = pair.walked % 2 == 0
    leader = pair.first if leads_first else pair.second
    other = pair.second if leads_first else pair.first
    for team in range(settings.joint_teams):
        segment = _segment_for(s, row, team)
        place = s.segments[segment]
        beat = s.posts[leader].singles + cell_of(s, leader, segment) - s.posts[leader].cells
        for post_number in (leader, other):
            post = s.posts[post_number]
            s.task_beat[post_number, post.tasks] = beat
            s.task_post[post_number, post.tasks] = leader
            s.task_leads[post_number, post.tasks] = post_number == leader
            post.tasks += 1
        inspect(s, place.first_side, segment, 1.0)
        inspect(s, place.second_side, segment, 1.0)
    for post_number in (pair.first, pair.second):
        charge(s, JOINT_PATROLS, post_number, settings.joint_preparation, True)
        hours = settings.joint_teams * (run.stop - run.start)
        charge(s, JOINT_PATROLS, post_number, hours, False)
    meet_again(s, pair.first, pair.second, settings.trust_kept)
    pair.walked += 1
    pair.together = 1
    run.together = 1
    s.counts[JOINT_PATROLS, 0] += 1
    note_post(s, run.start, _JOINT_PATROL, leader, other, 0.0)


@compiled
def _segment_for(s: Any, row: int, team: int) -> int:
    """Where a team of a joint patrol goes."""
    settings, pair = s.settings[0], s.pairs[row]
    if not settings.joint_by_belief:
        turn = pair.walked * settings.joint_teams + team
        return s.shared[pair.segments + turn % pair.n_segments]
    for index in range(pair.n_segments):
        segment = s.shared[pair.segments + index]
        harm = _harm_at(s, pair.first, segment) + _harm_at(s, pair.second, segment)
        put_in_order(s.work_order, s.work_steps, index, segment, -in_steps(harm))
    return s.work_order[team % pair.n_segments]


@compiled
def _harm_at(s: Any, post_number: int, segment: int) -> float:
    """Harm per day that a post believes in on a segment of its sector."""
    return believed_harm(s, cell_of(s, post_number, segment))


@compiled
def end_joint_patrols(s: Any) -> None:
    """Let those who walked together exchange what both know, and sign the minutes."""
    run = s.run[0]
    if not run.together:
        return
    run.together = 0
    for row in range(s.pair_range[JOINT_PATROLS, 0], s.pair_range[JOINT_PATROLS, 1]):
        pair = s.pairs[row]
        if not pair.together:
            continue
        pair.together = 0
        _tell_face_to_face(s, pair.first, pair.second)
        _tell_face_to_face(s, pair.second, pair.first)
        for index in range(pair.segments, pair.segments + pair.n_segments):
            sign(s, s.shared[index])


@compiled
def _tell_face_to_face(s: Any, author: int, reader: int) -> None:
    """Report face to face, unless reports do so anyway; nothing is lost, and nobody queues."""
    now = s.run[0].stop
    link_number = link_of(s, reader, author)
    link = s.links[link_number]
    if link.carried:
        return
    to_reader = s.links[link_of(s, author, reader)]
    age = now - (to_reader.told_since + now) / 2.0
    weight = hear_of(s, link_number, age)
    observed, told = s.observed, s.told_to
    cells, view = s.posts[author].cells, s.posts[author].in_view
    for common in range(link.common, link.common + link.n_common):
        place = s.common_theirs[common]
        for crime in range(s.crimes.shape[0]):
            here, there = cells + place, to_reader.told + place
            finds = observed[OWN_FINDS, here, crime] - told[OWN_FINDS, there, crime]
            finds += observed[INLAND_FINDS, here, crime] - told[INLAND_FINDS, there, crime]
            effort = observed[OWN_EFFORT, here, crime] - told[OWN_EFFORT, there, crime]
            effort += observed[INLAND_EFFORT, here, crime] - told[INLAND_EFFORT, there, crime]
            believe_cell(s, reader, common, crime, finds, effort, weight)
    for kind in range(4):
        for place in range(view):
            for crime in range(s.crimes.shape[0]):
                told[kind, to_reader.told + place, crime] = observed[kind, cells + place, crime]
    to_reader.told_since = now
    finish_reading(s, link_number, now)
    tell(s, author, reader, now)

"""What instruments of coordination do, in their order; see `sim.coordination`."""

import math
from typing import Any

from sim.coordination.instrument import HOURS_PER_YEAR
from sim.coordination.professional_exchanges import REVIEW_HOURS
from sim.engine.compiled.aid import bring_aid, count_find
from sim.engine.compiled.books import charge, enqueue, note, note_post
from sim.engine.compiled.chance import ANSWER, CARRIERS, STORAGE, draw
from sim.engine.compiled.deciding import committed, decide
from sim.engine.compiled.markers import inspect, sign, tell
from sim.engine.compiled.names import (
    CULTURAL_EXCHANGES,
    FRIENDSHIP_EXCHANGES,
    HEALTH,
    HOTLINE,
    JOINT_OPERATIONS,
    JOINT_PATROLS,
    MARKERS,
    MATERIAL_SUPPORT,
    PROFESSIONAL_EXCHANGES,
    RESIDENTIAL_TWINNING,
    SCHEDULES,
)
from sim.engine.compiled.rosters import call_up, charge_beyond_turn, find_on_duty
from sim.engine.compiled.state import compiled
from sim.engine.compiled.surroundings import dark_of
from sim.engine.compiled.telling import (
    believe_cell,
    experience,
    finish_reading,
    hear_of,
    is_linked,
    link_of,
    tell_find,
)
from sim.engine.compiled.watching import (
    INLAND_EFFORT,
    INLAND_FINDS,
    OWN_EFFORT,
    OWN_FINDS,
    believed,
)
from sim.engine.due import Due
from sim.engine.events import Kind
from sim.rules.belief import keep_share
from sim.rules.cooperation import acts_on_alert, skill_after
from sim.rules.ties import in_hundredths, in_steps

MOBILITY, SENSORS, PATROLS = range(3)
UNIT_KINDS = {"mobility": MOBILITY, "sensors": SENSORS, "patrols": PATROLS}
NONE, SPLIT, ANTIPHASE, COMPLEMENTARY = range(4)
SCHEDULE_KINDS = {
    "none": NONE,
    "split": SPLIT,
    "antiphase": ANTIPHASE,
    "complementary": COMPLEMENTARY,
}
_ALERT = int(Due.ALERT)
_OPERATION, _STORAGE_FOUND = int(Kind.OPERATION), int(Kind.STORAGE_FOUND)
_SUPPORT, _JOINT_PATROL = int(Kind.SUPPORT), int(Kind.JOINT_PATROL)
_MISSED, _SURVEY = int(Kind.APPOINTMENT_MISSED), int(Kind.MARKER_SURVEY)
_EXCHANGE = int(Kind.EXCHANGE)

# When


@compiled
def _first_occasion(s: Any, pair: Any, per_year: float) -> int:
    """Number of the first regular occasion of a pair from the start of the shift on."""
    gap = HOURS_PER_YEAR / per_year
    return max(0, math.ceil(s.run[0].start / gap - pair.offset))


@compiled
def _falls_due(s: Any, pair: Any, per_year: float, number: int) -> bool:
    """Whether an occasion falls into the shift; the next one is noted."""
    pair.next_at = (number + pair.offset) * (HOURS_PER_YEAR / per_year)
    return pair.next_at < s.run[0].stop


@compiled
def _meet_again(s: Any, first: int, second: int, step: float) -> None:
    """Let two posts trust each other more for having met."""
    experience(s, link_of(s, first, second), True, step)
    experience(s, link_of(s, second, first), True, step)


# Before decisions


@compiled
def before_decisions(s: Any) -> None:
    """Let all instruments act at the start of a shift."""
    settings = s.settings[0]
    if settings.aid_trigger:
        bring_aid(s)
    if settings.operations:
        _operate(s)
    if settings.units_per_year > 0.0:
        _support(s)
    if settings.joint_patrols:
        _arrange_joint_patrols(s)
    if settings.schedules != NONE:
        _agree_on_schedules(s)
    if settings.surveys_per_year > 0.0:
        _survey_markers(s)
    if settings.lessons_per_year > 0.0:
        _exchange_lessons(s)
    if settings.culture_per_year > 0.0:
        _celebrate(s)
    if settings.friendship_per_year > 0.0:
        _let_commands_meet(s)
    if settings.villages_per_year > 0.0:
        _meet_villagers(s)
    if settings.health_level > 1:
        _screen(s)


@compiled
def sharpen(s: Any, post_number: int) -> None:
    """Work out how well a post detects each crime type, and what follows from a change."""
    changed = False
    for crime in range(s.crimes.shape[0]):
        keenness = s.skill_factor[post_number, crime] * s.focus_factor[post_number, crime]
        changed = changed or keenness != s.keenness[post_number, crime]
        s.keenness[post_number, crime] = keenness
    if changed:
        s.posts[post_number].means += 1


@compiled
def _operate(s: Any) -> None:
    """Begin, carry on or end a joint operation."""
    run, settings = s.run[0], s.settings[0]
    since = run.start - settings.operation_first
    number = -1
    if since >= 0.0:
        count = int(since // settings.operation_gap)
        if since - count * settings.operation_gap < settings.operation_hours:
            number = count
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
            segment = s.segments[group.home_segment]
            first = segment.first_side == group.origin
            post = segment.first_post if first else segment.second_post
            note(
                s,
                run.start,
                _STORAGE_FOUND,
                -1,
                -1,
                group.home_segment,
                s.posts[post].side,
                post,
                -1,
                0.0,
            )


@compiled
def _support(s: Any) -> None:
    """Hand over the units that are due, and write off what is worn out."""
    run, settings = s.run[0], s.settings[0]
    for row in range(s.pair_range[MATERIAL_SUPPORT, 0], s.pair_range[MATERIAL_SUPPORT, 1]):
        pair = s.pairs[row]
        unit_row = row - s.pair_range[MATERIAL_SUPPORT, 0]
        held = pair.units
        kept = 0
        for unit in range(held):
            if s.units[unit_row, unit] > run.start:
                s.units[unit_row, kept] = s.units[unit_row, unit]
                kept += 1
        pair.units = kept
        if pair.next_at < run.stop:
            number = _first_occasion(s, pair, settings.units_per_year)
            while _falls_due(s, pair, settings.units_per_year, number):
                s.units[unit_row, pair.units] = run.start + settings.unit_life
                pair.units += 1
                s.counts[MATERIAL_SUPPORT, s.posts[pair.second].side] += 1
                charge(s, MATERIAL_SUPPORT, pair.first, settings.unit_hours, True)
                charge(s, MATERIAL_SUPPORT, pair.second, settings.unit_hours, True)
                experience(s, link_of(s, pair.first, pair.second), True, settings.trust_kept)
                note_post(s, run.start, _SUPPORT, pair.first, pair.second, 0.0)
                number += 1
        if pair.units != held:
            equip(s, pair.first, pair.units)


@compiled
def equip(s: Any, post_number: int, units: int) -> None:
    """Let a post make use of so many units."""
    settings, post = s.settings[0], s.posts[post_number]
    if settings.unit_kind == MOBILITY:
        mobility = 1.0 + settings.speed_gain * units
        if mobility != post.mobility:
            post.mobility = mobility
            post.means += 1
    elif settings.unit_kind == SENSORS:
        post.given_sensors = int(units / settings.units_per_sensor)
    else:
        post.more = int(units / settings.units_per_patrol)


@compiled
def _arrange_joint_patrols(s: Any) -> None:
    """Let the posts meet for a joint patrol whose date has come."""
    run, settings = s.run[0], s.settings[0]
    if run.dark >= 0.5:
        return
    for row in range(s.pair_range[JOINT_PATROLS, 0], s.pair_range[JOINT_PATROLS, 1]):
        pair = s.pairs[row]
        if pair.due >= run.stop:
            continue
        here = find_on_duty(s, pair.first, run.shift) - s.posts[pair.first].tasks
        there = find_on_duty(s, pair.second, run.shift) - s.posts[pair.second].tasks
        if min(here, there) >= settings.joint_teams:
            _walk_together(s, row)
            pair.due = max(pair.due + settings.joint_gap, run.stop)
        elif run.start - pair.due >= 24.0:
            step = settings.trust_missed
            experience(s, link_of(s, pair.first, pair.second), False, step)
            experience(s, link_of(s, pair.second, pair.first), False, step)
            note_post(s, run.start, _MISSED, pair.first, pair.second, 0.0)
            pair.due = run.start + settings.joint_rearrange


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
        cell = place.first_cell if place.first_post == leader else place.second_cell
        beat = s.posts[leader].singles + cell - s.posts[leader].cells
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
    _meet_again(s, pair.first, pair.second, settings.trust_kept)
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
        steps = in_steps(harm)
        place = index
        while place > 0 and (
            s.work_steps[place - 1] < steps
            or (s.work_steps[place - 1] == steps and s.work_order[place - 1] > segment)
        ):
            s.work_steps[place] = s.work_steps[place - 1]
            s.work_order[place] = s.work_order[place - 1]
            place -= 1
        s.work_steps[place] = steps
        s.work_order[place] = segment
    return s.work_order[team % pair.n_segments]


@compiled
def _harm_at(s: Any, post_number: int, segment: int) -> float:
    """Harm per day that a post believes in on a segment of its sector."""
    place = s.segments[segment]
    cell = place.first_cell if place.first_post == post_number else place.second_cell
    harm = 0.0
    for crime in range(s.crimes.shape[0]):
        harm += s.crimes[crime].harm * believed(s, cell, crime)
    return harm


@compiled
def _agree_on_schedules(s: Any) -> None:
    """Meet when it is time; for complementary plans, let one side fix its own."""
    run, settings = s.run[0], s.settings[0]
    if run.start < run.next_schedule - 1e-9:
        return
    run.next_schedule += settings.schedule_period
    first, last = s.pair_range[SCHEDULES, 0], s.pair_range[SCHEDULES, 1]
    for row in range(first, last):
        charge(s, SCHEDULES, s.pairs[row].first, settings.schedule_hours, True)
        charge(s, SCHEDULES, s.pairs[row].second, settings.schedule_hours, True)
    if settings.schedules == COMPLEMENTARY:
        turn = run.schedules_met % 2
        for row in range(first, last):
            pair = s.pairs[row]
            if s.posts[pair.first].leads == turn:
                _fix_plans(s, pair.first, pair.second)
            else:
                _fix_plans(s, pair.second, pair.first)
    run.schedules_met += 1


@compiled
def _fix_plans(s: Any, number: int, partner: int) -> None:
    """Let a post fix its plans for the period, and bind itself to a partner by them."""
    run, settings = s.run[0], s.settings[0]
    for ahead in range(settings.schedule_shifts):
        commit(s, number, run.shift + ahead)
    link = s.links[link_of(s, partner, number)]
    link.agreed_from = run.shift
    link.agreed_to = run.shift + settings.schedule_shifts


@compiled
def commit(s: Any, number: int, shift: int) -> int:
    """Let a post commit itself to a plan for a shift, unless it is committed already.

    Returns
    -------
    The row of the plan.
    """
    row = committed(s, number, shift)
    plan = s.plans[row]
    if not (plan.standing and plan.shift == shift):
        length = s.settings[0].shift_hours
        start = shift * length
        decide(s, number, shift, start, start + length, dark_of(s, start, start + length), row)
        plan.standing = 1
    return row


@compiled
def _survey_markers(s: Any) -> None:
    """Survey the common line of the pairs whose date has come."""
    run, settings = s.run[0], s.settings[0]
    for row in range(s.pair_range[MARKERS, 0], s.pair_range[MARKERS, 1]):
        pair = s.pairs[row]
        if pair.next_at >= run.stop:
            continue
        number = _first_occasion(s, pair, settings.surveys_per_year)
        while _falls_due(s, pair, settings.surveys_per_year, number):
            for index in range(pair.segments, pair.segments + pair.n_segments):
                segment = s.shared[index]
                inspect(s, s.segments[segment].first_side, segment, settings.survey_found)
                inspect(s, s.segments[segment].second_side, segment, settings.survey_found)
                sign(s, segment)
            charge(s, MARKERS, pair.first, pair.hours, True)
            charge(s, MARKERS, pair.second, pair.hours, True)
            s.counts[MARKERS, 0] += 1
            note_post(s, run.start, _SURVEY, pair.first, pair.second, 0.0)
            number += 1


@compiled
def _exchange_lessons(s: Any) -> None:
    """Hold the professional exchanges whose date has come; forget."""
    run, settings = s.run[0], s.settings[0]
    if run.start >= run.next_review:
        run.next_review += REVIEW_HOURS
        keep = keep_share(REVIEW_HOURS, settings.skill_half_life)
        for post_number in range(s.posts.shape[0]):
            for crime in range(s.crimes.shape[0]):
                s.skill[post_number, crime] = keep * s.skill[post_number, crime]
            _use_skill(s, post_number)
    first = s.pair_range[PROFESSIONAL_EXCHANGES, 0]
    for row in range(first, s.pair_range[PROFESSIONAL_EXCHANGES, 1]):
        pair = s.pairs[row]
        if pair.next_at >= run.stop:
            continue
        day = _first_occasion(s, pair, settings.lessons_per_year)
        while _falls_due(s, pair, settings.lessons_per_year, day):
            for post_number in (pair.first, pair.second):
                _learn(s, post_number, day)
                charge(s, PROFESSIONAL_EXCHANGES, post_number, settings.lesson_hours, True)
            _meet_again(s, pair.first, pair.second, settings.trust_kept)
            s.counts[PROFESSIONAL_EXCHANGES, 0] += 1
            note_post(s, run.start, _EXCHANGE, pair.first, pair.second, 0.0)
            day += 1


@compiled
def _learn(s: Any, post_number: int, day: int) -> None:
    """Teach a post for a day about the topic, or the types in turn."""
    settings = s.settings[0]
    crime = day % s.crimes.shape[0] if settings.lesson_topic == -1 else settings.lesson_topic
    if crime < 0:
        # Nobody commits it here, so that there is nothing to be better at.
        return
    known = s.skill[post_number, crime]
    s.skill[post_number, crime] = skill_after(known, settings.learned, 1.0)
    _use_skill(s, post_number)


@compiled
def _use_skill(s: Any, post_number: int) -> None:
    """Let a post detect as well as its skill allows, in steps of a hundredth."""
    for crime in range(s.crimes.shape[0]):
        skill = in_hundredths(s.skill[post_number, crime])
        s.skill_factor[post_number, crime] = 1.0 + s.settings[0].skill_most * skill
    sharpen(s, post_number)


@compiled
def _celebrate(s: Any) -> None:
    """Hold the cultural and sport exchanges whose date has come."""
    run, settings = s.run[0], s.settings[0]
    first = s.pair_range[CULTURAL_EXCHANGES, 0]
    for row in range(first, s.pair_range[CULTURAL_EXCHANGES, 1]):
        pair = s.pairs[row]
        if pair.next_at >= run.stop:
            continue
        number = _first_occasion(s, pair, settings.culture_per_year)
        while _falls_due(s, pair, settings.culture_per_year, number):
            _meet_again(s, pair.first, pair.second, settings.culture_gain)
            charge(s, CULTURAL_EXCHANGES, pair.first, settings.culture_hours, True)
            charge(s, CULTURAL_EXCHANGES, pair.second, settings.culture_hours, True)
            s.counts[CULTURAL_EXCHANGES, 0] += 1
            note_post(s, run.start, _EXCHANGE, pair.first, pair.second, 0.0)
            number += 1


@compiled
def _let_commands_meet(s: Any) -> None:
    """Hold the friendship exchanges whose date has come; those who meet together follow on."""
    run, settings = s.run[0], s.settings[0]
    first = s.pair_range[FRIENDSHIP_EXCHANGES, 0]
    for row in range(first, s.pair_range[FRIENDSHIP_EXCHANGES, 1]):
        leader = s.pairs[row]
        if not leader.members or leader.next_at >= run.stop:
            continue
        number = _first_occasion(s, leader, settings.friendship_per_year)
        while _falls_due(s, leader, settings.friendship_per_year, number):
            for member in range(row, row + leader.members):
                pair = s.pairs[member]
                if pair.charge_first:
                    hours = settings.friendship_hours
                    charge(s, FRIENDSHIP_EXCHANGES, pair.first, hours, True)
                if pair.charge_second:
                    hours = settings.friendship_hours
                    charge(s, FRIENDSHIP_EXCHANGES, pair.second, hours, True)
                _meet_again(s, pair.first, pair.second, settings.friendship_gain)
            s.counts[FRIENDSHIP_EXCHANGES, 0] += 1
            note_post(s, run.start, _EXCHANGE, leader.first, leader.second, 0.0)
            number += 1


@compiled
def _meet_villagers(s: Any) -> None:
    """Let posts meet with the people of twinned villages on regular dates."""
    run, settings = s.run[0], s.settings[0]
    first = s.pair_range[RESIDENTIAL_TWINNING, 0]
    for row in range(first, s.pair_range[RESIDENTIAL_TWINNING, 1]):
        pair = s.pairs[row]
        if pair.next_at >= run.stop:
            continue
        number = _first_occasion(s, pair, settings.villages_per_year)
        while _falls_due(s, pair, settings.villages_per_year, number):
            charge(s, RESIDENTIAL_TWINNING, pair.first, settings.village_hours, True)
            number += 1


@compiled
def _screen(s: Any) -> None:
    """Take the time that screening takes while there is something to screen for."""
    run, settings = s.run[0], s.settings[0]
    days = (run.stop - run.start) / 24.0
    hours = settings.health_hours * (settings.health_level - 1) * days
    for post_number in range(s.posts.shape[0]):
        side = s.posts[post_number].side
        if s.joined[HEALTH, side, side] and s.screening[side]:
            charge(s, HEALTH, post_number, hours, True)
            run.health_days += days


# On an attempt


@compiled
def turns_back(s: Any, attempt: Any) -> bool:
    """Whether an instrument keeps an attempt that was wanted from being made at all."""
    settings, group = s.settings[0], s.groups[attempt.group]
    if attempt.wanted < group.without_load and settings.operations:
        return True
    if not settings.development or not group.carriers:
        return False
    left = math.exp(-(attempt.wanted - settings.carriers_since) / settings.carriers_delay)
    effect = settings.carriers_lacking
    lacking = effect + (settings.carriers_at_first - effect) * left
    return draw(s, CARRIERS, attempt.number, 0, 0) < lacking


@compiled
def on_detection(s: Any, row: int, post_number: int) -> None:
    """Let instruments act when a post detects an attempt for the first time."""
    settings = s.settings[0]
    if settings.aid_trigger:
        count_find(s, row, post_number)
    if settings.hotline:
        _call(s, row, post_number)
    if settings.sharing:
        tell_find(s, row, post_number)


@compiled
def _call(s: Any, row: int, post_number: int) -> None:
    """Call whoever holds the line on the other side, while the crosser is still on this."""
    settings, attempt, now = s.settings[0], s.attempts[row], s.run[0].clock
    if s.posts[post_number].side != attempt.origin or now >= attempt.line:
        return
    if not s.joined[HOTLINE, attempt.origin, attempt.destination]:
        return
    segment = s.segments[attempt.segment]
    first = segment.first_side == attempt.destination
    partner = segment.first_post if first else segment.second_post
    hops = s.links[link_of(s, post_number, partner)].hops
    if hops < 0:
        return
    s.counts[HOTLINE, 0] += 1
    charge(s, HOTLINE, post_number, settings.call_hours, True)
    share = draw(s, ANSWER, attempt.number, post_number, partner + 1)
    trust = s.links[link_of(s, partner, post_number)].trust
    acts = acts_on_alert(settings.works, trust, settings.alert_weight)
    if share < acts and is_linked(s, HOTLINE, now):
        charge(s, HOTLINE, partner, settings.call_hours, True)
        time = now + hops * settings.call_minutes / 60.0
        enqueue(s, time, _ALERT, attempt.number, partner, row)


@compiled
def on_told(s: Any, row: int, post_number: int) -> None:
    """Let the twinned villages across the line tell the post there of an attempt as well."""
    attempt = s.attempts[row]
    segment = s.segments[attempt.segment]
    if segment.village and s.posts[post_number].side == attempt.origin:
        first = segment.first_side == attempt.destination
        partner = segment.first_post if first else segment.second_post
        enqueue(s, s.run[0].clock, _ALERT, attempt.number, partner, row)


@compiled
def on_handover(s: Any, row: int, post_number: int) -> None:
    """Let a handover strengthen the trust of those who took part in it."""
    attempt = s.attempts[row]
    if not s.settings[0].hotline:
        return
    at_origin = s.posts[post_number].side == attempt.origin
    found = attempt.found_there if at_origin else attempt.found_here
    if found:
        segment = s.segments[attempt.segment]
        first = segment.first_post == post_number
        caller = segment.second_post if first else segment.first_post
        _meet_again(s, caller, post_number, s.settings[0].trust_handover)


# After a shift


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
    weight = hear_of(s, reader, link_number, age)
    observed, told = s.observed, s.told_to
    cells, view = s.posts[author].cells, s.posts[author].in_view
    for common in range(link.common, link.common + link.n_common):
        place = s.common_theirs[common]
        for crime in range(s.crimes.shape[0]):
            here, there = cells + place, to_reader.told + place
            finds = observed[here, crime, OWN_FINDS] - told[there, crime, OWN_FINDS]
            finds += observed[here, crime, INLAND_FINDS] - told[there, crime, INLAND_FINDS]
            effort = observed[here, crime, OWN_EFFORT] - told[there, crime, OWN_EFFORT]
            effort += observed[here, crime, INLAND_EFFORT] - told[there, crime, INLAND_EFFORT]
            believe_cell(s, reader, link_number, common, crime, finds, effort, weight)
    for place in range(view):
        for crime in range(s.crimes.shape[0]):
            for kind in range(4):
                told[to_reader.told + place, crime, kind] = observed[cells + place, crime, kind]
    to_reader.told_since = now
    finish_reading(s, reader, link_number, now)
    tell(s, author, reader, now)

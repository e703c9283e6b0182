"""What posts do on regular dates: support, surveys, exchanges; see `sim.coordination`."""

import math
from typing import Any

from sim.coordination.instrument import HOURS_PER_YEAR
from sim.coordination.professional_exchanges import REVIEW_HOURS
from sim.engine.compiled.books import charge, note_post
from sim.engine.compiled.covering import sharpen
from sim.engine.compiled.markers import inspect, sign
from sim.engine.compiled.names import (
    CULTURAL_EXCHANGES,
    FRIENDSHIP_EXCHANGES,
    HEALTH,
    MARKERS,
    MATERIAL_SUPPORT,
    PROFESSIONAL_EXCHANGES,
    RESIDENTIAL_TWINNING,
)
from sim.engine.compiled.state import compiled
from sim.engine.compiled.trust import experience, link_of, meet_again
from sim.engine.events import Kind
from sim.rules.belief import keep_share
from sim.rules.cooperation import skill_after
from sim.rules.ties import in_hundredths

MOBILITY, SENSORS, PATROLS = range(3)
UNIT_KINDS = {"mobility": MOBILITY, "sensors": SENSORS, "patrols": PATROLS}
_SUPPORT, _SURVEY, _EXCHANGE = int(Kind.SUPPORT), int(Kind.MARKER_SURVEY), int(Kind.EXCHANGE)


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
def support(s: Any) -> None:
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
def survey_markers(s: Any) -> None:
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
def exchange_lessons(s: Any) -> None:
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
            meet_again(s, pair.first, pair.second, settings.trust_kept)
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
def celebrate(s: Any) -> None:
    """Hold the cultural and sport exchanges whose date has come."""
    run, settings = s.run[0], s.settings[0]
    first = s.pair_range[CULTURAL_EXCHANGES, 0]
    for row in range(first, s.pair_range[CULTURAL_EXCHANGES, 1]):
        pair = s.pairs[row]
        if pair.next_at >= run.stop:
            continue
        number = _first_occasion(s, pair, settings.culture_per_year)
        while _falls_due(s, pair, settings.culture_per_year, number):
            meet_again(s, pair.first, pair.second, settings.culture_gain)
            charge(s, CULTURAL_EXCHANGES, pair.first, settings.culture_hours, True)
            charge(s, CULTURAL_EXCHANGES, pair.second, settings.culture_hours, True)
            s.counts[CULTURAL_EXCHANGES, 0] += 1
            note_post(s, run.start, _EXCHANGE, pair.first, pair.second, 0.0)
            number += 1


@compiled
def let_commands_meet(s: Any) -> None:
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
                meet_again(s, pair.first, pair.second, settings.friendship_gain)
            s.counts[FRIENDSHIP_EXCHANGES, 0] += 1
            note_post(s, run.start, _EXCHANGE, leader.first, leader.second, 0.0)
            number += 1


@compiled
def meet_villagers(s: Any) -> None:
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
def screen(s: Any) -> None:
    """Take the time that screening takes while there is something to screen for."""
    run, settings = s.run[0], s.settings[0]
    days = (run.stop - run.start) / 24.0
    hours = settings.health_hours * (settings.health_level - 1) * days
    for post_number in range(s.posts.shape[0]):
        side = s.posts[post_number].side
        if s.joined[HEALTH, side, side] and s.screening[side]:
            charge(s, HEALTH, post_number, hours, True)
            run.health_days += days

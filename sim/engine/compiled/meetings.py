"""What posts do on regular dates: support, surveys, exchanges; see `sim.coordination`."""

import math
from typing import Any

from sim.coordination.instrument import HOURS_PER_YEAR
from sim.coordination.professional_exchanges import REVIEW_HOURS
from sim.engine.compiled.books import charge, note_post
from sim.engine.compiled.compiling import compiled
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
from sim.engine.compiled.trust import experience, link_of, meet_again
from sim.engine.events import Kind
from sim.rules.belief import keep_share
from sim.rules.cooperation import first_occasion, skill_after
from sim.rules.ties import in_hundredths

MOBILITY, SENSORS, PATROLS = range(3)
UNIT_KINDS = {"mobility": MOBILITY, "sensors": SENSORS, "patrols": PATROLS}
_SUPPORT, _SURVEY, _EXCHANGE = int(Kind.SUPPORT), int(Kind.MARKER_SURVEY), int(Kind.EXCHANGE)


@compiled
def keep_dates(s: Any, instrument: int, per_year: float) -> None:
    """Let the pairs of an instrument meet as often as regular dates fall into the shift."""
    run, gap = s.run[0], HOURS_PER_YEAR / per_year
    if s.next_dates[instrument] >= run.stop:
        return
    next_date = math.inf
    for row in range(s.pair_range[instrument, 0], s.pair_range[instrument, 1]):
        date = s.dates[row]
        if date < run.stop:
            offset = s.pairs[row].offset
            occasion = first_occasion(run.start, gap, offset)
            date = (occasion + offset) * gap
            while date < run.stop:
                _meet(s, instrument, row, occasion)
                occasion += 1
                date = (occasion + offset) * gap
            s.dates[row] = date
        next_date = min(next_date, date)
    s.next_dates[instrument] = next_date


@compiled
def _meet(s: Any, instrument: int, row: int, occasion: int) -> None:
    """Let the posts of a pair do what an instrument has them do on a date."""
    pair = s.pairs[row]
    if instrument == MATERIAL_SUPPORT:
        _hand_over(s, row)
    elif instrument == MARKERS:
        _survey(s, pair)
    elif instrument == PROFESSIONAL_EXCHANGES:
        _teach(s, pair, occasion)
    elif instrument == CULTURAL_EXCHANGES:
        _celebrate(s, pair)
    elif instrument == FRIENDSHIP_EXCHANGES:
        for member in range(row, row + pair.members):
            _let_commands_meet(s, s.pairs[member])
        _note_exchange(s, instrument, pair)
    elif instrument == RESIDENTIAL_TWINNING:
        charge(s, instrument, pair.first, s.settings[0].village_hours, True)


@compiled
def _charge_both(s: Any, instrument: int, pair: Any, hours: float) -> None:
    """Take patrol time from both posts of a pair."""
    charge(s, instrument, pair.first, hours, True)
    charge(s, instrument, pair.second, hours, True)


@compiled
def _note_exchange(s: Any, instrument: int, pair: Any) -> None:
    """Count an exchange, and write it into the log."""
    s.counts[instrument, 0] += 1
    note_post(s, s.run[0].start, _EXCHANGE, pair.first, pair.second, 0.0)


# Material support


@compiled
def support(s: Any) -> None:
    """Write off what is worn out, and hand over the units that are due."""
    run = s.run[0]
    if run.next_worn <= run.start:
        run.next_worn = math.inf
        for row in range(s.pair_range[MATERIAL_SUPPORT, 0], s.pair_range[MATERIAL_SUPPORT, 1]):
            _write_off(s, row)
    keep_dates(s, MATERIAL_SUPPORT, s.settings[0].units_per_year)


@compiled
def _write_off(s: Any, row: int) -> None:
    """Keep the units of a receiver that are not worn out."""
    pair, held = s.pairs[row], s.units[row - s.pair_range[MATERIAL_SUPPORT, 0]]
    kept = 0
    for unit in range(pair.units):
        if held[unit] > s.run[0].start:
            s.run[0].next_worn = min(s.run[0].next_worn, held[unit])
            held[kept] = held[unit]
            kept += 1
    if kept < pair.units:
        pair.units = kept
        _equip(s, pair)


@compiled
def _hand_over(s: Any, row: int) -> None:
    """Hand over a unit, from the second post of a pair to the first."""
    run, settings, pair = s.run[0], s.settings[0], s.pairs[row]
    worn = run.start + settings.unit_life
    s.units[row - s.pair_range[MATERIAL_SUPPORT, 0], pair.units] = worn
    pair.units += 1
    _equip(s, pair)
    run.next_worn = min(run.next_worn, worn)
    s.counts[MATERIAL_SUPPORT, s.posts[pair.second].side] += 1
    _charge_both(s, MATERIAL_SUPPORT, pair, settings.unit_hours)
    experience(s, link_of(s, pair.first, pair.second), True, settings.trust_kept)
    note_post(s, run.start, _SUPPORT, pair.first, pair.second, 0.0)


@compiled
def _equip(s: Any, pair: Any) -> None:
    """Let the receiver of a pair make use of the units that it holds now."""
    settings, post, units = s.settings[0], s.posts[pair.first], pair.units
    if settings.unit_kind == MOBILITY:
        mobility = 1.0 + settings.speed_gain * units
        if mobility != post.mobility:
            post.mobility = mobility
            post.means += 1
    elif settings.unit_kind == SENSORS:
        post.given_sensors = int(units / settings.units_per_sensor)
        s.run[0].sensors_changed = 1
    else:
        post.more = int(units / settings.units_per_patrol)


# Surveys


@compiled
def _survey(s: Any, pair: Any) -> None:
    """Survey the markers of the line that a pair has in common."""
    found = s.settings[0].survey_found
    for index in range(pair.segments, pair.segments + pair.n_segments):
        segment = s.shared[index]
        inspect(s, s.segments[segment].first_side, segment, found)
        inspect(s, s.segments[segment].second_side, segment, found)
        sign(s, segment)
    _charge_both(s, MARKERS, pair, pair.hours)
    s.counts[MARKERS, 0] += 1
    note_post(s, s.run[0].start, _SURVEY, pair.first, pair.second, 0.0)


# Exchanges


@compiled
def exchange_lessons(s: Any) -> None:
    """Let posts forget some of what they have learned, and hold the exchanges that are due."""
    run, settings = s.run[0], s.settings[0]
    if run.start >= run.next_review:
        run.next_review += REVIEW_HOURS
        keep = keep_share(REVIEW_HOURS, settings.skill_half_life)
        for post_number in range(s.posts.shape[0]):
            for crime in range(s.crimes.shape[0]):
                s.skill[post_number, crime] = keep * s.skill[post_number, crime]
            _use_skill(s, post_number)
    keep_dates(s, PROFESSIONAL_EXCHANGES, settings.lessons_per_year)


@compiled
def _teach(s: Any, pair: Any, day: int) -> None:
    """Hold a professional exchange of a pair, on its own n-th day."""
    settings = s.settings[0]
    for post_number in (pair.first, pair.second):
        _learn(s, post_number, day)
    _charge_both(s, PROFESSIONAL_EXCHANGES, pair, settings.lesson_hours)
    meet_again(s, pair.first, pair.second, settings.trust_kept)
    _note_exchange(s, PROFESSIONAL_EXCHANGES, pair)


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
def _celebrate(s: Any, pair: Any) -> None:
    """Hold a cultural or sport exchange of a pair."""
    meet_again(s, pair.first, pair.second, s.settings[0].culture_gain)
    _charge_both(s, CULTURAL_EXCHANGES, pair, s.settings[0].culture_hours)
    _note_exchange(s, CULTURAL_EXCHANGES, pair)


@compiled
def _let_commands_meet(s: Any, pair: Any) -> None:
    """Let a pair take part in a friendship exchange, each post paying for one of its pairs."""
    hours = s.settings[0].friendship_hours
    if pair.charge_first:
        charge(s, FRIENDSHIP_EXCHANGES, pair.first, hours, True)
    if pair.charge_second:
        charge(s, FRIENDSHIP_EXCHANGES, pair.second, hours, True)
    meet_again(s, pair.first, pair.second, s.settings[0].friendship_gain)


# Screening


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

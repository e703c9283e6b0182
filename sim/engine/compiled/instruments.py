"""When instruments of coordination act, in their order; see `sim.coordination`."""

from typing import Any

from sim.engine.compiled.aid import bring_aid, count_find
from sim.engine.compiled.asking import (
    BEFORE_DECISIONS,
    DETECTED,
    HANDED_OVER,
    TOLD,
    TURNS_BACK,
    ask_instruments,
)
from sim.engine.compiled.books import charge, enqueue
from sim.engine.compiled.chance import ANSWER, CARRIERS, draw
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.joint_work import arrange_joint_patrols, operate
from sim.engine.compiled.line import post_at, post_opposite
from sim.engine.compiled.meetings import exchange_lessons, keep_dates, screen, support
from sim.engine.compiled.messages import is_linked
from sim.engine.compiled.names import (
    CULTURAL_EXCHANGES,
    FRIENDSHIP_EXCHANGES,
    HOTLINE,
    MARKERS,
    RESIDENTIAL_TWINNING,
)
from sim.engine.compiled.scheduling import NONE, agree_on_schedules
from sim.engine.compiled.telling import tell_find
from sim.engine.compiled.trust import link_of, meet_again
from sim.engine.due import Due
from sim.rules.cooperation import acts_on_alert, lacking_carriers

_ALERT = int(Due.ALERT)


@compiled
def before_decisions(s: Any) -> None:
    """Let all instruments act at the start of a shift."""
    settings = s.settings[0]
    ask_instruments(s, BEFORE_DECISIONS, -1, -1)
    if settings.aid_trigger:
        bring_aid(s)
    if settings.operations:
        operate(s)
    if settings.units_per_year > 0.0:
        support(s)
    if settings.joint_patrols:
        arrange_joint_patrols(s)
    if settings.schedules != NONE:
        agree_on_schedules(s)
    if settings.surveys_per_year > 0.0:
        keep_dates(s, MARKERS, settings.surveys_per_year)
    if settings.lessons_per_year > 0.0:
        exchange_lessons(s)
    if settings.culture_per_year > 0.0:
        keep_dates(s, CULTURAL_EXCHANGES, settings.culture_per_year)
    if settings.friendship_per_year > 0.0:
        keep_dates(s, FRIENDSHIP_EXCHANGES, settings.friendship_per_year)
    if settings.villages_per_year > 0.0:
        keep_dates(s, RESIDENTIAL_TWINNING, settings.villages_per_year)
    if settings.health_level > 1:
        screen(s)


@compiled
def turns_back(s: Any, row: int) -> bool:
    """Whether an instrument keeps an attempt that was wanted from being made at all."""
    attempt = s.attempts[row]
    settings, group = s.settings[0], s.groups[attempt.group]
    if ask_instruments(s, TURNS_BACK, row, -1):
        return True
    if attempt.wanted < group.without_load and settings.operations:
        return True
    if not settings.development or not group.carriers:
        return False
    effect, delay = settings.carriers_lacking, settings.carriers_delay
    lacking = lacking_carriers(effect, 0.0, attempt.wanted, delay)
    return draw(s, CARRIERS, attempt.number, 0, 0) < lacking


@compiled
def on_detection(s: Any, row: int, post_number: int) -> None:
    """Let instruments act when a post detects an attempt for the first time."""
    settings = s.settings[0]
    ask_instruments(s, DETECTED, row, post_number)
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
    partner = post_at(s, attempt.segment, attempt.destination)
    hops = s.links[link_of(s, post_number, partner)].hops
    if hops < 0:
        return
    s.counts[HOTLINE, 0] += 1
    charge(s, HOTLINE, post_number, settings.call_hours, True)
    share = draw(s, ANSWER, attempt.number, post_number, partner + 1)
    trust = s.trust[link_of(s, partner, post_number)]
    acts = acts_on_alert(settings.works, trust, settings.alert_weight)
    if share < acts and is_linked(s, HOTLINE, now):
        charge(s, HOTLINE, partner, settings.call_hours, True)
        time = now + hops * settings.call_minutes / 60.0
        enqueue(s, time, _ALERT, attempt.number, partner, row)


@compiled
def on_told(s: Any, row: int, post_number: int) -> None:
    """Let the twinned villages across the line tell the post there of an attempt as well."""
    ask_instruments(s, TOLD, row, post_number)
    attempt = s.attempts[row]
    village = s.segments[attempt.segment].village
    if village and s.posts[post_number].side == attempt.origin:
        partner = post_at(s, attempt.segment, attempt.destination)
        enqueue(s, s.run[0].clock, _ALERT, attempt.number, partner, row)


@compiled
def on_handover(s: Any, row: int, post_number: int) -> None:
    """Let a handover strengthen the trust of those who took part in it."""
    ask_instruments(s, HANDED_OVER, row, post_number)
    attempt = s.attempts[row]
    if not s.settings[0].hotline:
        return
    at_origin = s.posts[post_number].side == attempt.origin
    found = attempt.found_there if at_origin else attempt.found_here
    if found:
        caller = post_opposite(s, attempt.segment, post_number)
        meet_again(s, caller, post_number, s.settings[0].trust_handover)

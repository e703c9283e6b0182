"""Plans that posts commit themselves to; see `sim.coordination.schedules`."""

from typing import Any

from sim.engine.compiled.books import charge
from sim.engine.compiled.compiling import call_entry, compiled
from sim.engine.compiled.names import SCHEDULES
from sim.engine.compiled.trust import link_of

NONE, SPLIT, ANTIPHASE, COMPLEMENTARY = range(4)
SCHEDULE_KINDS = {
    "none": NONE,
    "split": SPLIT,
    "antiphase": ANTIPHASE,
    "complementary": COMPLEMENTARY,
}


@compiled
def agree_on_schedules(s: Any) -> None:
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
    link = s.links[link_of(s, partner, number)]
    link.agreed_from = run.shift
    link.agreed_to = run.shift + settings.schedule_shifts
    commit(s, number, link.agreed_from, link.agreed_to)


@compiled
def commit(s: Any, number: int, begin: int, end: int) -> None:
    """Let a post commit itself to a plan for each of some shifts, unless it is committed already.

    Parameters
    ----------
    begin, end : numbers of the first shift and of the one after the last
    """
    call_entry(s.settings[0].decide, s, number, number + 1, begin, end, 1)

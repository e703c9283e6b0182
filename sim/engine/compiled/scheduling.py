"""Plans that posts commit themselves to; see `sim.coordination.schedules`."""

from typing import Any

from sim.engine.compiled.books import charge
from sim.engine.compiled.compiling import call_entry, compiled
from sim.engine.compiled.names import SCHEDULES
from sim.engine.compiled.plans import committed
from sim.engine.compiled.surroundings import dark_of
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
        length, decide = s.settings[0].shift_hours, s.settings[0].decide
        start = shift * length
        stop = start + length
        call_entry(decide, s, number, shift, start, stop, dark_of(s, start, stop), row)
        plan.standing = 1
    return row

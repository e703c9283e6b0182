"""Plans of posts, as made and as told to partners; see `sim.agents.partners`."""

from typing import Any

from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.pools import (
    extended,
    grown,
    is_full,
    take_row,
)
from sim.rules.belief import keep_share


@compiled
def committed(s: Any, number: int, shift: int) -> int:
    """Row of the plan that a post may have committed itself to for a shift."""
    return s.posts.shape[0] + number * s.run[0].ahead + s.shift_rooms[shift]


@compiled
def plan_of_partner(s: Any, link: Any, shift: int) -> int:
    """Row of the plan of a partner that counts for a shift, -1 if none is known."""
    if link.agreed_from <= shift < link.agreed_to:
        return committed(s, link.partner, shift)
    return link.row if link.plan >= 0 else -1


@compiled
def validity(s: Any, link: Any, shift: int, hours: float) -> float:
    """Probability that the plan of a partner holds in a shift."""
    if link.agreed_from <= shift < link.agreed_to:
        return 1.0
    shifts = max(0, shift - link.plan)
    if shifts < s.validity.shape[0] and hours == s.settings[0].shift_hours:
        return s.validity[shifts]
    age = shifts * hours
    return keep_share(age, s.settings[0].plan_half_life)


@compiled
def copy_plan(s: Any, to: int, source: int) -> None:
    """Copy a plan."""
    here, there = s.plans[to], s.plans[source]
    here.shift, here.teams, here.average = there.shift, there.teams, there.average
    for team in range(there.teams):
        s.plan_beats[to, team] = s.plan_beats[source, team]
    for place in range(s.plan_cover.shape[1]):
        s.plan_cover[to, place] = s.plan_cover[source, place]


@compiled
def keep_plan(s: Any, source: int) -> int:
    """Copy a plan to a free row, which it gives."""
    if is_full(s.plans):
        s.plans = extended(s.plans)
        s.plan_beats = grown(s.plan_beats)
        s.plan_cover = grown(s.plan_cover)
    row = take_row(s.plans)
    copy_plan(s, row, source)
    return row


@compiled
def read_plan(s: Any, link: int, plan: int) -> None:
    """Remember where a partner will go, unless it is known better already."""
    row = s.links[link]
    if s.plans[plan].shift >= row.plan:
        row.plan = s.plans[plan].shift
        copy_plan(s, row.row, plan)

"""How groups learn from what befell them and others; see `sim.agents.adversaries`."""

from typing import Any

from sim.agents.adversaries import DAYPARTS
from sim.engine.compiled.adversaries import EWA, STATIC
from sim.engine.compiled.pools import extended, give_back, is_full, take_row
from sim.engine.compiled.state import compiled
from sim.rules.belief import keep_share
from sim.rules.learning import attraction, experience, payoff


@compiled
def learn(s: Any, number: int, option: int, daypart: int, intercepted: bool, own: bool) -> None:
    """Let a group learn from what befell an attempt, its own or another's."""
    group = s.groups[number]
    kind = s.kinds[group.kind]
    weight = 1.0 if own else kind.shares
    if kind.adversary == STATIC:
        return
    if kind.adversary == EWA:
        _reinforce(s, group, kind, number, option, daypart, intercepted, weight)
        return
    keep = kind.keep if own else 1.0
    for index in range(group.n_options):
        row = s.options[group.options + index]
        row.caught = keep * row.caught
        row.trials = keep * row.trials
    for part in range(DAYPARTS):
        when = s.dayparts[DAYPARTS * number + part]
        when.caught = keep * when.caught
        when.trials = keep * when.trials
    where = s.options[group.options + option]
    when = s.dayparts[DAYPARTS * number + daypart]
    where.trials += weight
    when.trials += weight
    if intercepted:
        where.caught += weight
        when.caught += weight


@compiled
def _reinforce(
    s: Any,
    group: Any,
    kind: Any,
    number: int,
    option: int,
    daypart: int,
    intercepted: bool,
    weight: float,
) -> None:
    """Apply experience-weighted attraction to where and when, and to what was not tried."""
    before = group.experience
    group.experience = experience(before, kind.rho**weight, weight)
    decay = kind.phi**weight
    where = s.options[group.options + option]
    where.reward = payoff(intercepted, where.cost, kind.loss)
    for index in range(group.n_options):
        row = s.options[group.options + index]
        reward = row.reward if index == option else kind.delta * row.reward
        row.attraction = attraction(
            row.attraction, before, group.experience, decay, weight * reward
        )
    s.dayparts[DAYPARTS * number + daypart].reward = payoff(intercepted, 0.0, kind.loss)
    for part in range(DAYPARTS):
        when = s.dayparts[DAYPARTS * number + part]
        reward = when.reward if part == daypart else kind.delta * when.reward
        when.attraction = attraction(
            when.attraction, before, group.experience, decay, weight * reward
        )


@compiled
def hear(s: Any, number: int, attempt: Any, intercepted: bool, time: float) -> None:
    """Let a group be told at some time what befell another; of segments out of reach, nothing."""
    group = s.groups[number]
    for index in range(group.n_options):
        if s.options[group.options + index].segment != attempt.segment:
            continue
        if is_full(s.lessons):
            s.lessons = extended(s.lessons)
        row = take_row(s.lessons)
        lesson = s.lessons[row]
        lesson.time, lesson.option, lesson.daypart = time, index, attempt.daypart
        lesson.intercepted, lesson.after = intercepted, -1
        if group.told < 0:
            group.told = row
        else:
            s.lessons[group.told_end].after = row
        group.told_end = row
        return


@compiled
def take_in(s: Any, number: int, now: float) -> None:
    """Let a group take in what others told and scouts saw, as far as it has come in by now."""
    run, group = s.run[0], s.groups[number]
    while group.told >= 0 and s.lessons[group.told].time <= now:
        row = group.told
        lesson = s.lessons[row]
        group.told = lesson.after
        learn(s, number, lesson.option, lesson.daypart, lesson.intercepted == 1, False)
        give_back(s.lessons, row)
    kind = s.kinds[group.kind]
    if not kind.scouts:
        return
    slots = s.sights.shape[0]
    while (
        group.scouted <= run.scouted and s.sight_end[group.scouted % slots] + kind.scout_lag <= now
    ):
        slot = group.scouted % slots
        keep = keep_share(s.sight_hours[slot], kind.scout_memory)
        for index in range(group.options, group.options + group.n_options):
            s.options[index].seen = keep * s.options[index].seen + s.sights[slot, index]
        group.watched = keep * group.watched + kind.share_seen
        group.scouted += 1

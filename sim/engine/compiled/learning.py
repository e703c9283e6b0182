"""How groups learn from what befell them and others; see `sim.agents.adversaries`."""

from typing import Any

from sim.agents.adversaries import DAYPARTS
from sim.engine.compiled.adversaries import EWA, IN_PYTHON, STATIC
from sim.engine.compiled.asking import LEARN, ask
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.pools import extended, give_back, is_full, take_row
from sim.engine.compiled.scouting import hear_scouts
from sim.rules.learning import attraction, experience, payoff


@compiled
def learn(s: Any, number: int, option: int, daypart: int, intercepted: bool, own: bool) -> None:
    """Let a group learn from what befell an attempt, its own or another's."""
    group = s.groups[number]
    kind = s.kinds[group.kind]
    weight = 1.0 if own else kind.shares
    if kind.adversary == IN_PYTHON:
        asked = s.asked[0]
        asked.group, asked.option, asked.daypart = number, option, daypart
        asked.intercepted, asked.own = intercepted, own
        ask(s, LEARN)
    elif kind.adversary == EWA:
        _reinforce(s, number, option, daypart, intercepted, weight)
    elif kind.adversary != STATIC:
        keep = kind.keep if own else 1.0
        where, when = group.options, group.options + group.n_options
        _remember(s, where, group.n_options, option, intercepted, weight, keep)
        _remember(s, when, DAYPARTS, daypart, intercepted, weight, keep)


@compiled
def _remember(
    s: Any, first: int, count: int, chosen: int, intercepted: bool, weight: float, keep: float
) -> None:
    """Let a record of interceptions and attempts fade, and add an attempt.

    Parameters
    ----------
    first, count : options that the record is of: the first, and how many there are
    chosen : index of the one tried
    intercepted, weight : what came of it, and what it counts, in attempts
    keep : share of the record that is left
    """
    for option in range(first, first + count):
        s.caught[option] = keep * s.caught[option]
        s.trials[option] = keep * s.trials[option]
    s.trials[first + chosen] += weight
    if intercepted:
        s.caught[first + chosen] += weight


@compiled
def _reinforce(
    s: Any, number: int, option: int, daypart: int, intercepted: bool, weight: float
) -> None:
    """Apply experience-weighted attraction to where and when, and to what was not tried."""
    group = s.groups[number]
    kind = s.kinds[group.kind]
    before = group.experience
    group.experience = now = experience(before, _decay(kind.rho, weight), weight)
    where, when = group.options, group.options + group.n_options
    _attract(s, where, group.n_options, option, intercepted, kind, before, now, weight)
    _attract(s, when, DAYPARTS, daypart, intercepted, kind, before, now, weight)


@compiled
def _decay(each: float, weight: float) -> float:
    """Decay by a round of some weight, of which one's own rounds have 1."""
    return each if weight == 1.0 else each**weight


@compiled
def _attract(
    s: Any,
    first: int,
    count: int,
    chosen: int,
    intercepted: bool,
    kind: Any,
    before: float,
    now: float,
    weight: float,
) -> None:
    """Apply experience-weighted attraction to options.

    Parameters
    ----------
    first, count : the first of them, and how many there are
    chosen : index of the one tried
    intercepted : whether that failed
    kind : the group's kind
    before, now : experience before and after this round
    weight : what the round counts, 1 for one's own
    """
    decay = _decay(kind.phi, weight)
    tried = first + chosen
    past = s.attraction[tried]
    for option in range(first, first + count):
        forgone = weight * (kind.delta * s.reward[option])
        s.attraction[option] = attraction(s.attraction[option], before, now, decay, forgone)
    s.reward[tried] = payoff(intercepted, s.option_cost[tried], kind.loss)
    s.attraction[tried] = attraction(past, before, now, decay, weight * s.reward[tried])


@compiled
def hear(s: Any, number: int, attempt: Any, intercepted: bool, time: float) -> None:
    """Let a group be told at some time what befell another; of segments out of reach, nothing."""
    group = s.groups[number]
    for index in range(group.n_options):
        if s.option_segment[group.options + index] != attempt.segment:
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
    group = s.groups[number]
    while group.told >= 0 and s.lessons[group.told].time <= now:
        row = group.told
        lesson = s.lessons[row]
        group.told = lesson.after
        learn(s, number, lesson.option, lesson.daypart, lesson.intercepted == 1, False)
        give_back(s.lessons, row)
    if s.kinds[group.kind].scouts:
        hear_scouts(s, number, now)

"""When and where groups cross; see `sim.agents.group`."""

import math
from typing import Any

import numpy as np

from sim.agents import Cause
from sim.agents.adversaries import DAYPARTS
from sim.agents.attempt import GROUP_BITS, RETRY_BITS
from sim.draws import exponential, gumbel
from sim.engine.compiled.adversaries import (
    BEST_RESPONSE,
    IN_PYTHON,
    value_daypart,
    value_options,
)
from sim.engine.compiled.asking import CHOOSE_DAYPART, CHOOSE_SEGMENT, ask
from sim.engine.compiled.chance import (
    DAYPART_CHOICE,
    PLACE,
    RETRY,
    SEGMENT_CHOICE,
    START,
    WANTED,
    draw,
)
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.learning import take_in
from sim.rules.choice import start_in_part
from sim.rules.learning import logit_utility
from sim.rules.ties import in_steps

_STEPS = 256
_MOST_NOISE = np.array([*(gumbel(step / _STEPS) + 1e-9 for step in range(1, _STEPS)), math.inf])
"""What Gumbel noise of a share between two steps is at most, and a little more for safety."""

_NOBODY_NEAR = int(Cause.NOBODY_NEAR)
_DAYPART_HOURS = 24.0 / DAYPARTS
_WANTED_MASK = (1 << GROUP_BITS) - 1


@compiled
def want_next(s: Any, number: int, after: float) -> None:
    """Draw when a group wants its next attempt: a Poisson process of its own."""
    group = s.groups[number]
    left = exponential(draw(s, WANTED, number, group.wanted, 0))
    time = after
    rate, until = _rate_at(s, number, time)
    while left > rate * (until - time):
        left -= rate * (until - time)
        time = until
        rate, until = _rate_at(s, number, time)
    group.next_wanted = time + left / rate


@compiled
def _rate_at(s: Any, number: int, time: float) -> tuple[float, float]:
    """Attempts that a group wants an hour at a time, and until when that holds, h."""
    rate, until = s.kinds[s.groups[number].kind].rate, math.inf
    for index in range(s.group_surges[number], s.group_surges[number + 1]):
        surge = s.surges[index]
        if surge.begin <= time < surge.end:
            rate *= surge.factor
            until = min(until, surge.end)
        elif time < surge.begin:
            until = min(until, surge.begin)
    return rate, until


@compiled
def choose_crossing(s: Any, row: int, number: int) -> None:
    """Let a group choose for the attempt it wants now."""
    group = s.groups[number]
    attempt_number = (number << GROUP_BITS) + group.wanted
    _choose_for(s, row, number, attempt_number, group.wanted, group.next_wanted)


@compiled
def choose_again(s: Any, row: int, number: int, failed: int) -> None:
    """Let a group choose for a further attempt after one of a number that failed."""
    turn = (failed >> RETRY_BITS) + 1
    occasion = (failed & _WANTED_MASK) + (turn << GROUP_BITS)
    _choose_for(s, row, number, failed + (1 << RETRY_BITS), occasion, s.run[0].clock)


@compiled
def _choose_for(
    s: Any, row: int, number: int, attempt_number: int, occasion: int, wanted: float
) -> None:
    """Let a group choose segment and part of the day; fill a row of `s.attempts`.

    Parameters
    ----------
    row : of `s.attempts`
    number : of the group
    attempt_number, wanted : number of the attempt, and when it is wanted, h
    occasion : which time the group draws
    """
    group, attempt = s.groups[number], s.attempts[row]
    take_in(s, number, wanted)
    chosen, home = _choose_segment(s, number, occasion)
    daypart = _choose_daypart(s, number, occasion)
    attempt.number = attempt_number
    attempt.group = number
    attempt.crime = group.crime
    attempt.wanted = wanted
    attempt.option = chosen
    attempt.segment = s.options[group.options + chosen].segment
    attempt.home_segment = s.options[group.options + home].segment
    attempt.place = draw(s, PLACE, number, occasion, 0)
    attempt.origin, attempt.destination = group.origin, group.destination
    share = draw(s, START, number, occasion, 0)
    attempt.start = start_in_part(daypart, _DAYPART_HOURS, wanted, share)
    attempt.line = attempt.start + s.exposure[group.crime, group.origin]
    attempt.end = attempt.line + s.exposure[group.crime, group.destination]
    attempt.daypart = daypart
    attempt.detected = -1.0
    attempt.found_here, attempt.found_there = 0, 0
    attempt.alerted_here, attempt.alerted_there = 0, 0
    attempt.cause = _NOBODY_NEAR


@compiled
def _choose_segment(s: Any, number: int, occasion: int) -> tuple[int, int]:
    """Choose among the options of a group, and as it would have had it learned nothing."""
    group = s.groups[number]
    kind, count = s.kinds[group.kind], group.n_options
    if kind.adversary == IN_PYTHON:
        for index in range(count):
            segment = s.options[group.options + index].segment
            s.work_noise[index] = gumbel(draw(s, SEGMENT_CHOICE, number, occasion, segment))
        s.asked[0].group = number
        both = ask(s, CHOOSE_SEGMENT)
        return both // count, both % count
    value_options(s, number)
    if kind.adversary == BEST_RESPONSE:
        for index in range(count):
            s.work_home[index] = s.options[group.options + index].at_home
        chosen = _choose(kind, s.work_utility, s.work_noise, count)
        return chosen, _choose(kind, s.work_home, s.work_noise, count)
    return _choose_by_logit(s, number, occasion)


@compiled
def _choose_by_logit(s: Any, number: int, occasion: int) -> tuple[int, int]:
    """Do so with Gumbel noise, which takes two logarithms, worked out only where it may decide."""
    group = s.groups[number]
    sensitivity = s.kinds[group.kind].sensitivity
    best, chosen, best_at_home, home = -math.inf, 0, -math.inf, 0
    for index in range(group.n_options):
        option = s.options[group.options + index]
        share = draw(s, SEGMENT_CHOICE, number, occasion, option.segment)
        value, at_home = s.work_utility[index], option.at_home
        most = _MOST_NOISE[int(share * _STEPS)]
        if (
            logit_utility(value, sensitivity, most) <= best
            and logit_utility(at_home, sensitivity, most) <= best_at_home
        ):
            continue
        noise = gumbel(share)
        utility = logit_utility(value, sensitivity, noise)
        if utility > best:
            best, chosen = utility, index
        utility = logit_utility(at_home, sensitivity, noise)
        if utility > best_at_home:
            best_at_home, home = utility, index
    return chosen, home


@compiled
def _choose_daypart(s: Any, number: int, occasion: int) -> int:
    """Choose a part of the day."""
    kind = s.kinds[s.groups[number].kind]
    for part in range(DAYPARTS):
        s.work_noise[part] = gumbel(draw(s, DAYPART_CHOICE, number, occasion, part))
    if kind.adversary == IN_PYTHON:
        s.asked[0].group = number
        return ask(s, CHOOSE_DAYPART)
    for part in range(DAYPARTS):
        s.work_utility[part] = value_daypart(s, number, part)
    return _choose(kind, s.work_utility, s.work_noise, DAYPARTS)


@compiled
def _choose(kind: Any, utilities: Any, noise: Any, count: int) -> int:
    """Choose among utilities: by logit, or the best without noise; of options alike the first."""
    best, chosen = -math.inf, 0
    for index in range(count):
        if kind.adversary == BEST_RESPONSE:
            utility = float(in_steps(utilities[index]))
        else:
            utility = logit_utility(utilities[index], kind.sensitivity, noise[index])
        if utility > best:
            best, chosen = utility, index
    return chosen


@compiled
def tries_again(s: Any, attempt: Any) -> bool:
    """Whether a group makes a further attempt after one that was intercepted."""
    retry = s.kinds[s.groups[attempt.group].kind].retry
    return retry > 0.0 and draw(s, RETRY, attempt.number, 0, 0) < retry

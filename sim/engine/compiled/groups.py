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
_NOISE_AT = [gumbel(step / _STEPS) for step in range(1, _STEPS)]
_LEAST_NOISE = np.array([-math.inf, *(noise - 1e-9 for noise in _NOISE_AT)])
_MOST_NOISE = np.array([*(noise + 1e-9 for noise in _NOISE_AT), math.inf])
"""What Gumbel noise of a share between two steps is at least and at most, and a little beyond."""

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
    attempt.segment = s.option_segment[group.options + chosen]
    attempt.home_segment = s.option_segment[group.options + home]
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
    kind, first, count = s.kinds[group.kind], group.options, group.n_options
    for index in range(count):
        segment = s.option_segment[first + index]
        s.work_noise[index] = draw(s, SEGMENT_CHOICE, number, occasion, segment)
    if kind.adversary == IN_PYTHON:
        _make_gumbel(s, count)
        s.asked[0].group = number
        both = ask(s, CHOOSE_SEGMENT)
        return both // count, both % count
    value_options(s, number)
    if kind.adversary == BEST_RESPONSE:
        return _best(s.work_utility, 0, count), _best(s.at_home, first, count)
    _bound_noise(s, count)
    chosen = _choose_by_logit(s, s.work_utility, 0, count, kind.sensitivity)
    return chosen, _choose_by_logit(s, s.at_home, first, count, kind.sensitivity)


@compiled
def _choose_daypart(s: Any, number: int, occasion: int) -> int:
    """Choose a part of the day."""
    kind = s.kinds[s.groups[number].kind]
    for part in range(DAYPARTS):
        s.work_noise[part] = draw(s, DAYPART_CHOICE, number, occasion, part)
    if kind.adversary == IN_PYTHON:
        _make_gumbel(s, DAYPARTS)
        s.asked[0].group = number
        return ask(s, CHOOSE_DAYPART)
    for part in range(DAYPARTS):
        s.work_utility[part] = value_daypart(s, number, part)
    if kind.adversary == BEST_RESPONSE:
        return _best(s.work_utility, 0, DAYPARTS)
    _bound_noise(s, DAYPARTS)
    return _choose_by_logit(s, s.work_utility, 0, DAYPARTS, kind.sensitivity)


@compiled
def _make_gumbel(s: Any, count: int) -> None:
    """Turn the uniform draws in `s.work_noise` into Gumbel noise."""
    for index in range(count):
        s.work_noise[index] = gumbel(s.work_noise[index])


@compiled
def _bound_noise(s: Any, count: int) -> None:
    """Tell what the Gumbel noise of the draws in `s.work_noise` is at least and at most."""
    for index in range(count):
        step = int(s.work_noise[index] * _STEPS)
        s.work_less[index], s.work_more[index] = _LEAST_NOISE[step], _MOST_NOISE[step]


@compiled
def _best(utilities: Any, first: int, count: int) -> int:
    """Choose the best of some options in a row; of options alike the first."""
    chosen = 0
    for index in range(1, count):
        if in_steps(utilities[first + index]) > in_steps(utilities[first + chosen]):
            chosen = index
    return chosen


@compiled
def _choose_by_logit(s: Any, values: Any, first: int, count: int, sensitivity: float) -> int:
    """Choose among options by logit.

    Gumbel noise takes two logarithms, so that it is worked out only where it decides: among those
    options that may be best by what it is at most, since no other is so by what it is at least.

    Parameters
    ----------
    values, first, count : of options, where they begin, and how many there are; the draws that
        their noise follows from are in `s.work_noise`, and `_bound_noise` has seen them
    sensitivity : of the choice
    """
    surely = -math.inf
    for index in range(count):
        least = logit_utility(values[first + index], sensitivity, s.work_less[index])
        surely = max(surely, least)
    chosen, rivals = 0, 0
    for index in range(count):
        if logit_utility(values[first + index], sensitivity, s.work_more[index]) >= surely:
            chosen = index
            rivals += 1
    if rivals == 1:
        return chosen
    best = -math.inf
    for index in range(count):
        value = values[first + index]
        if logit_utility(value, sensitivity, s.work_more[index]) >= surely:
            utility = logit_utility(value, sensitivity, gumbel(s.work_noise[index]))
            if utility > best:
                best, chosen = utility, index
    return chosen


@compiled
def tries_again(s: Any, attempt: Any) -> bool:
    """Whether a group makes a further attempt after one that was intercepted."""
    retry = s.kinds[s.groups[attempt.group].kind].retry
    return retry > 0.0 and draw(s, RETRY, attempt.number, 0, 0) < retry

"""What options are worth to groups; see `sim.agents.adversaries`."""

import math
from typing import Any

from sim.engine.compiled.compiling import compiled
from sim.rules.choice import (
    effort_concentrated,
    expected_payoff,
    prospect_outcome,
    prospect_value,
    subjective_utility,
)
from sim.rules.cooperation import covered_together
from sim.rules.learning import estimated_risk, payoff, stake_in_sightings
from sim.rules.ties import total

EWA, STATIC, BEST_RESPONSE, SUQR, PROSPECT, LEVEL_K, IN_PYTHON = range(7)
ADVERSARIES = {
    "ewa": EWA,
    "static": STATIC,
    "best_response": BEST_RESPONSE,
    "suqr": SUQR,
    "prospect": PROSPECT,
    "level_k": LEVEL_K,
}


@compiled
def value_options(s: Any, number: int) -> None:
    """Work out what each option of a group is worth to it, into `s.work_utility`."""
    group = s.groups[number]
    kind = s.kinds[group.kind]
    first, count = group.options, group.n_options
    if kind.adversary == EWA or kind.adversary == STATIC:
        at_stake = 0.0
        if kind.adversary == EWA and group.watched:
            watched = kind.scout_weight * group.watched
            at_stake = stake_in_sightings(kind.caught, watched, kind.prior_attempts, kind.loss)
        for index in range(count):
            s.work_utility[index] = s.attraction[first + index]
        if at_stake != 0.0:
            for index in range(count):
                s.work_utility[index] -= _sighted(s, group, first + index) * at_stake
        return
    if kind.adversary == LEVEL_K and kind.level == 2:
        _reason_ahead(s, number)
    for index in range(count):
        option = first + index
        prior = s.prior[option]
        if kind.adversary == LEVEL_K and kind.level == 2:
            prior = s.work_prior[index]
        risk = _risk(s, group, option, prior)
        s.work_utility[index] = _worth(kind, risk, s.option_cost[option])


@compiled
def value_daypart(s: Any, number: int, part: int) -> float:
    """Work out what a part of the day is worth to a group."""
    group = s.groups[number]
    kind, option = s.kinds[group.kind], group.options + group.n_options + part
    if kind.adversary == EWA or kind.adversary == STATIC:
        return s.attraction[option]
    caught, trials = s.caught[option], s.trials[option]
    risk = estimated_risk(caught, trials, kind.prior_risk, kind.prior_attempts)
    return _worth(kind, risk, 0.0)


@compiled
def _worth(kind: Any, risk: float, cost: float) -> float:
    """Utility of an option with a chance of interception, to those who reckon with one."""
    gain, loss = payoff(False, cost, kind.loss), payoff(True, cost, kind.loss)
    if kind.adversary == SUQR:
        return subjective_utility(risk, gain, loss, kind.coverage, kind.reward, kind.penalty)
    if kind.adversary == PROSPECT:
        better = prospect_outcome(gain, kind.alpha, kind.beta, kind.aversion)
        worse = prospect_outcome(loss, kind.alpha, kind.beta, kind.aversion)
        return prospect_value(risk, better, worse, kind.gamma, kind.weight_delta)
    if kind.adversary == LEVEL_K and kind.level == 0:
        return expected_payoff(0.0, gain, loss)
    return expected_payoff(risk, gain, loss)


@compiled
def _risk(s: Any, group: Any, option: int, prior: float) -> float:
    """Estimated chance of interception on an option."""
    kind = s.kinds[group.kind]
    watched = kind.scout_weight * group.watched
    caught = s.caught[option] + watched * kind.caught * _sighted(s, group, option)
    return estimated_risk(caught, s.trials[option] + watched, prior, kind.prior_attempts)


@compiled
def _sighted(s: Any, group: Any, option: int) -> float:
    """Share of shifts in which scouts believe a patrol to be on an option."""
    return min(1.0, s.sighted[option] / group.watched) if group.watched else 0.0


@compiled
def _reason_ahead(s: Any, number: int) -> None:
    """Work out the risk on each option if patrols go where groups of level 1 would.

    `s.work_prior` gets it.
    """
    group = s.groups[number]
    kind = s.kinds[group.kind]
    first, count = group.options, group.n_options
    flows = s.work_utility
    greatest = -math.inf
    for index in range(count):
        option = first + index
        cost = s.option_cost[option]
        gain, loss = payoff(False, cost, kind.loss), payoff(True, cost, kind.loss)
        risk = _risk(s, group, option, s.prior[option])
        flows[index] = kind.sensitivity * expected_payoff(risk, gain, loss)
        greatest = max(greatest, flows[index])
    for index in range(count):
        flows[index] = max(math.exp(flows[index] - greatest), 1e-300)
    for index in range(count):
        segment = s.segments[s.option_segment[first + index]]
        together = 0.0
        for post_number in (segment.first_post, segment.second_post):
            if post_number >= 0:
                post = s.posts[post_number]
                share = flows[index] / _flow_at(s, first, count, post_number)
                width = float(min(s.run[0].beat_segments, post.sector))
                effort = effort_concentrated(post.teams_on_average, width, share)
                together = covered_together(together, effort)
        s.work_prior[index] = kind.caught * together


@compiled
def _flow_at(s: Any, first: int, count: int, post: int) -> float:
    """Sum of the flows, in `s.work_utility`, over the options that a post holds."""
    here = 0
    for index in range(count):
        segment = s.segments[s.option_segment[first + index]]
        if segment.first_post == post or segment.second_post == post:
            s.work_flow[here] = s.work_utility[index]
            here += 1
    return total(s.work_flow, here)

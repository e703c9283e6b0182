"""How groups choose where and when to cross, and learn; see `sim.agents.group`, `adversaries`."""

import math
from typing import Any

from sim.agents.adversaries import DAYPARTS
from sim.agents.attempt import GROUP_BITS, RETRY_BITS
from sim.draws import exponential, gumbel
from sim.engine.compiled.asking import CHOOSE_DAYPART, CHOOSE_SEGMENT, LEARN, ask
from sim.engine.compiled.books import grown
from sim.engine.compiled.chance import (
    DAYPART_CHOICE,
    PLACE,
    RETRY,
    SCOUT,
    SEGMENT_CHOICE,
    START,
    WANTED,
    draw,
)
from sim.engine.compiled.state import compiled
from sim.rules.belief import keep_share
from sim.rules.choice import (
    effort_concentrated,
    expected_payoff,
    prospect_outcome,
    prospect_value,
    subjective_utility,
)
from sim.rules.cooperation import covered_together
from sim.rules.learning import attraction, estimated_risk, experience, logit_utility, payoff
from sim.rules.ties import in_steps, total

EWA, STATIC, BEST_RESPONSE, SUQR, PROSPECT, LEVEL_K, IN_PYTHON = range(7)
ADVERSARIES = {
    "ewa": EWA,
    "static": STATIC,
    "best_response": BEST_RESPONSE,
    "suqr": SUQR,
    "prospect": PROSPECT,
    "level_k": LEVEL_K,
}
_DAYPART_HOURS = 24.0 / DAYPARTS
_WANTED_MASK = (1 << GROUP_BITS) - 1

# When


@compiled
def want_next(s: Any, number: int, after: float) -> None:
    """Draw when a group wants its next attempt: a Poisson process of its own."""
    group = s.groups[number]
    base = s.kinds[group.kind].rate
    left = exponential(draw(s, WANTED, number, group.wanted, 0))
    time = after
    while True:
        rate, until = base, math.inf
        for index in range(s.group_surges[number], s.group_surges[number + 1]):
            surge = s.surges[index]
            if surge.begin <= time < surge.end:
                rate *= surge.factor
                until = min(until, surge.end)
            elif time < surge.begin:
                until = min(until, surge.begin)
        if left <= rate * (until - time):
            break
        left -= rate * (until - time)
        time = until
    group.next_wanted = time + left / rate


@compiled
def _start_in(daypart: int, wanted: float, share: float) -> float:
    """Give a time in the next such part of the day, no sooner than it is wanted."""
    midnight = 24.0 * (wanted // 24.0)
    begin = midnight + daypart * _DAYPART_HOURS
    if begin + _DAYPART_HOURS <= wanted:
        begin += 24.0
    earliest = max(begin, wanted)
    return earliest + share * (begin + _DAYPART_HOURS - earliest)


# What options are worth


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
def _sighted(group: Any, option: Any) -> float:
    """Share of shifts in which scouts believe a patrol to be on an option."""
    return min(1.0, option.seen / group.watched) if group.watched else 0.0


@compiled
def _risk(s: Any, group: Any, option: Any, prior: float) -> float:
    """Estimated chance of interception on an option."""
    kind = s.kinds[group.kind]
    watched = kind.scout_weight * group.watched
    seen = watched * kind.caught * _sighted(group, option)
    return estimated_risk(option.caught + seen, option.trials + watched, prior, kind.prior_attempts)


@compiled
def _value_options(s: Any, number: int) -> None:
    """Work out what each option of a group is worth to it, into `s.work_utility`."""
    group = s.groups[number]
    kind = s.kinds[group.kind]
    first, count = group.options, group.n_options
    if kind.adversary == EWA or kind.adversary == STATIC:
        at_stake = 0.0
        if kind.adversary == EWA and group.watched:
            watched = kind.scout_weight * group.watched
            heed = kind.caught * watched / (kind.prior_attempts + watched)
            at_stake = (1.0 + kind.loss) * heed
        for index in range(count):
            option = s.options[first + index]
            value = option.attraction
            if at_stake != 0.0:
                value -= _sighted(group, option) * at_stake
            s.work_utility[index] = value
        return
    if kind.adversary == LEVEL_K and kind.level == 2:
        _reason_ahead(s, number)
    for index in range(count):
        option = s.options[first + index]
        prior = option.prior
        if kind.adversary == LEVEL_K and kind.level == 2:
            prior = s.work_prior[index]
        s.work_utility[index] = _worth(kind, _risk(s, group, option, prior), option.cost)


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
        option = s.options[first + index]
        gain, loss = payoff(False, option.cost, kind.loss), payoff(True, option.cost, kind.loss)
        risk = _risk(s, group, option, option.prior)
        flows[index] = kind.sensitivity * expected_payoff(risk, gain, loss)
        greatest = max(greatest, flows[index])
    for index in range(count):
        flows[index] = max(math.exp(flows[index] - greatest), 1e-300)
    for index in range(count):
        segment = s.segments[s.options[first + index].segment]
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
        segment = s.segments[s.options[first + index].segment]
        if segment.first_post == post or segment.second_post == post:
            s.work_flow[here] = s.work_utility[index]
            here += 1
    return total(s.work_flow, here)


@compiled
def _value_daypart(s: Any, number: int, part: int) -> float:
    """Work out what a part of the day is worth to a group."""
    kind, daypart = s.kinds[s.groups[number].kind], s.dayparts[DAYPARTS * number + part]
    if kind.adversary == EWA or kind.adversary == STATIC:
        return daypart.attraction
    risk = estimated_risk(daypart.caught, daypart.trials, kind.prior_risk, kind.prior_attempts)
    return _worth(kind, risk, 0.0)


# Choosing


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
def choose_for(
    s: Any, row: int, number: int, attempt_number: int, occasion: int, wanted: float
) -> None:
    """Let a group choose segment and part of the day; fill a row of `s.attempts`."""
    group, attempt = s.groups[number], s.attempts[row]
    kind = s.kinds[group.kind]
    take_in(s, number, wanted)
    count = group.n_options
    for index in range(count):
        option = s.options[group.options + index]
        share = draw(s, SEGMENT_CHOICE, number, occasion, option.segment)
        s.work_noise[index] = gumbel(share)
        s.work_home[index] = option.at_home
    if kind.adversary == IN_PYTHON:
        s.asked[0].group = number
        both = ask(s, CHOOSE_SEGMENT)
        chosen, home = both // count, both % count
    else:
        _value_options(s, number)
        chosen = _choose(kind, s.work_utility, s.work_noise, count)
        home = _choose(kind, s.work_home, s.work_noise, count)
    for part in range(DAYPARTS):
        s.work_noise[part] = gumbel(draw(s, DAYPART_CHOICE, number, occasion, part))
    if kind.adversary == IN_PYTHON:
        daypart = ask(s, CHOOSE_DAYPART)
    else:
        for part in range(DAYPARTS):
            s.work_utility[part] = _value_daypart(s, number, part)
        daypart = _choose(kind, s.work_utility, s.work_noise, DAYPARTS)
    attempt.number = attempt_number
    attempt.group = number
    attempt.crime = group.crime
    attempt.wanted = wanted
    attempt.option = chosen
    attempt.segment = s.options[group.options + chosen].segment
    attempt.home_segment = s.options[group.options + home].segment
    attempt.place = draw(s, PLACE, number, occasion, 0)
    attempt.origin, attempt.destination = group.origin, group.destination
    attempt.start = _start_in(daypart, wanted, draw(s, START, number, occasion, 0))
    attempt.line = attempt.start + s.exposure[group.crime, group.origin]
    attempt.end = attempt.line + s.exposure[group.crime, group.destination]
    attempt.daypart = daypart
    attempt.detected = -1.0
    attempt.found_here, attempt.found_there = 0, 0
    attempt.alerted_here, attempt.alerted_there = 0, 0


@compiled
def choose_crossing(s: Any, row: int, number: int) -> None:
    """Let a group choose for the attempt it wants now."""
    group = s.groups[number]
    attempt_number = (number << GROUP_BITS) + group.wanted
    choose_for(s, row, number, attempt_number, group.wanted, group.next_wanted)


@compiled
def choose_again(s: Any, row: int, number: int, failed: int) -> None:
    """Let a group choose for a further attempt after one of a number that failed."""
    turn = (failed >> RETRY_BITS) + 1
    occasion = (failed & _WANTED_MASK) + (turn << GROUP_BITS)
    choose_for(s, row, number, failed + (1 << RETRY_BITS), occasion, s.run[0].clock)


@compiled
def tries_again(s: Any, attempt: Any) -> bool:
    """Whether a group makes a further attempt after one that was intercepted."""
    retry = s.kinds[s.groups[attempt.group].kind].retry
    return retry > 0.0 and draw(s, RETRY, attempt.number, 0, 0) < retry


# Learning


@compiled
def learn(s: Any, number: int, option: int, daypart: int, intercepted: bool, own: bool) -> None:
    """Let a group learn from what befell an attempt, its own or another's."""
    group = s.groups[number]
    kind = s.kinds[group.kind]
    weight = 1.0 if own else kind.shares
    if kind.adversary == STATIC:
        return
    if kind.adversary == IN_PYTHON:
        asked = s.asked[0]
        asked.group, asked.option, asked.daypart = number, option, daypart
        asked.intercepted, asked.own = intercepted, own
        ask(s, LEARN)
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
    run, group = s.run[0], s.groups[number]
    for index in range(group.n_options):
        if s.options[group.options + index].segment != attempt.segment:
            continue
        if run.free_lesson < 0:
            rows = s.lessons.shape[0]
            s.lessons = grown(s.lessons)
            for row in range(rows, 2 * rows):
                s.lessons[row].after = row + 1 if row + 1 < 2 * rows else -1
            run.free_lesson = rows
        row = run.free_lesson
        lesson = s.lessons[row]
        run.free_lesson = lesson.after
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
        lesson.after = run.free_lesson
        run.free_lesson = row
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


@compiled
def scout(s: Any, number: int) -> None:
    """Watch the segments of a group for the shift that begins."""
    run, group = s.run[0], s.groups[number]
    kind = s.kinds[group.kind]
    take_in(s, number, run.start)
    slot = run.shift % s.sights.shape[0]
    s.sight_end[slot] = run.stop
    s.sight_hours[slot] = run.stop - run.start
    for index in range(group.options, group.options + group.n_options):
        segment = s.options[index].segment
        patrols = patrols_on(s, segment)
        missed = (1.0 - kind.share_seen) ** float(patrols)
        share = draw(s, SCOUT, number, run.shift, segment)
        s.sights[slot, index] = patrols > 0 and share < 1.0 - missed


@compiled
def patrols_on(s: Any, segment: int) -> int:
    """Count the patrols with a route over a segment."""
    here = s.segments[segment]
    count = 0
    for post_number in (here.first_post, here.second_post):
        if post_number < 0:
            continue
        post = s.posts[post_number]
        cell = here.first_cell if here.first_post == post_number else here.second_cell
        for rank in range(post.team):
            patrol = s.patrols[s.team[post_number, rank]]
            if patrol.beat >= 0:
                index = cell - post.cells - s.beats[patrol.beat].first
                count += 0 <= index < s.beats[patrol.beat].segments
    return count

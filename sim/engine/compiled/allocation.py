"""Where a post sends its patrols: at random, by rota or by belief; see `sim.agents.allocation`."""

from typing import Any

from sim import draws
from sim.draws import exponential
from sim.engine.compiled.chance import ALLOCATION, ROTA, draw
from sim.engine.compiled.column_types import flat
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.orders import put_in_order
from sim.engine.compiled.watching import believed
from sim.rules.belief import posterior_mean
from sim.rules.ties import in_steps, total


@compiled
def by_chance(
    s: Any,
    number: int,
    shift: int,
    way: int,
    told: bool,
    options: int,
    teams: int,
    plan: int,
    after: int,
) -> None:
    """Choose beats at random, none again before all have been; those least covered first.

    Parameters
    ----------
    number, shift : of the post, and of the shift
    way : row of `s.covers` for the shift
    told : whether `s.work_cover` has what partners are expected to cover
    options : how many beats there are in `s.options_now` to choose among
    teams, plan : patrols to place, and row of `s.plans` that gets the plan
    after : patrols that have been placed already
    """
    for rank in range(options):
        option = s.options_now[rank]
        share = draw(s, ALLOCATION, number, shift, option)
        put_in_order(s.work_order, s.work_key, rank, option, share)
    for rank in range(options):
        partner = 0.0
        if told:
            partner = _covered_by_partners(s, s.posts[number].beats + s.work_order[rank], way)
        put_in_order(s.work_least, s.work_other, rank, rank, partner)
    for team in range(teams - after):
        s.plan_beats[plan, after + team] = s.work_order[s.work_least[team % options]]


@compiled
def _covered_by_partners(s: Any, beat_number: int, way: int) -> float:
    """How much of what a patrol would detect on a beat partners are expected to, over segments."""
    beat = s.beats[beat_number]
    for index in range(beat.segments):
        walked = 0.0
        for crime in range(s.crimes.shape[0]):
            walked += s.covers[way, beat.stretches + index, crime]
        s.work_left[index] = walked * s.work_cover[beat.first + index]
    return total(s.work_left, beat.segments)


@compiled
def by_rota(s: Any, number: int, start: float, options: int, teams: int, plan: int) -> None:
    """Walk through the beats in a fixed order, one further each time the rota changes.

    Parameters
    ----------
    start : of the shift, h
    number, options, teams, plan : as for `by_chance`
    """
    settings, n_beats = s.settings[0], s.posts[number].n_beats
    turn = (
        _turn_of_rota(s, number, start / 24.0)
        if settings.rota_irregular
        else int(start / 24.0 / settings.rota_days + 1e-9)
    )
    for rank in range(options):
        option = s.options_now[rank]
        put_in_order(s.work_order, s.work_steps, rank, option, float((option - turn) % n_beats))
    for team in range(teams):
        s.plan_beats[plan, team] = s.work_order[team % options]


@compiled
def _turn_of_rota(s: Any, number: int, day: float) -> int:
    """Give how often an irregular rota has changed by a day; it goes on from where it was."""
    post = s.posts[number]
    if day < post.rota_since:
        post.rota_turn, post.rota_since, post.rota_change = -1, 0.0, 0.0
    while post.rota_change <= day:
        post.rota_turn += 1
        post.rota_since = post.rota_change
        share = draw(s, ROTA, number, post.rota_turn, 0)
        post.rota_change += s.settings[0].rota_days * exponential(share)
    return post.rota_turn


@compiled
def rate_segments(s: Any, number: int, shift: int, way: int, thompson: bool) -> None:
    """Work out the harm per day on each segment of a sector, believed or drawn from the belief.

    `s.work_rate` gets it by segment and crime type, and `s.work_harm` the sum over these.
    """
    post, crimes = s.posts[number], s.crimes.shape[0]
    rates, alpha, beta, first = flat(s.work_rate), flat(s.alpha), flat(s.beta), post.cells * crimes
    for item in range(post.sector * crimes):
        rates[item] = s.harms[item] * posterior_mean(alpha[first + item], beta[first + item])
    if thompson:
        _draw_rates(s, number, shift, way)
    for place in range(post.sector):
        together = 0.0
        for crime in range(crimes):
            together += s.work_rate[place, crime]
        s.work_harm[place] = together


@compiled
def _draw_rates(s: Any, number: int, shift: int, way: int) -> None:
    """Draw the harm per day, in `s.work_rate`, from the belief where patrols may reach it."""
    post = s.posts[number]
    for place in range(post.sector):
        if not _within_reach(s, number, way, place):
            continue
        cell = post.cells + place
        mean, variance = 0.0, 0.0
        for crime in range(s.crimes.shape[0]):
            harm, rate = s.crimes[crime].harm, s.beta[cell, crime]
            mean += harm * believed(s, cell, crime)
            variance += harm * harm * s.alpha[cell, crime] / (rate * rate)
        shape = mean * mean / variance
        segment = s.cell_segment[cell]
        factor = draws.gamma(shape, s.keys[ALLOCATION], number, shift, segment) / shape
        for crime in range(s.crimes.shape[0]):
            s.work_rate[place, crime] = s.crimes[crime].harm * (believed(s, cell, crime) * factor)


@compiled
def _within_reach(s: Any, number: int, way: int, place: int) -> bool:
    """Whether any beat of a post covers anything on a segment of its sector."""
    post = s.posts[number]
    for stretch in range(post.stretches, post.stretches + post.n_stretches):
        if s.stretch_place[stretch] == place and covers_any(s, way, stretch):
            return True
    return False


@compiled
def covers_any(s: Any, way: int, stretch: int) -> bool:
    """Whether a patrol detects anything on a stretch of its beat."""
    for crime in range(s.crimes.shape[0]):
        if s.covers[way, stretch, crime] > 0.0:
            return True
    return False


@compiled
def by_marginal_return(s: Any, number: int, way: int, options: int, teams: int, plan: int) -> None:
    """Place patrols one by one where the harm they detect is greatest, given those before.

    What `rate_segments` gives must be known. Parameters are as for `by_chance`.
    """
    post, left = s.posts[number], s.work_left
    for place in range(post.sector):
        left[place] = 1.0 - s.work_cover[place]
    _find_gains(s, number, way)
    for rank in range(options):
        s.work_steps[rank] = _marginal_return(s, post, s.beats[post.beats + s.options_now[rank]])
    for team in range(teams):
        best, chosen = -1.0, 0
        for rank in range(options):
            steps = s.work_steps[rank]
            chosen = rank if steps > best else chosen
            best = max(best, steps)
        s.plan_beats[plan, team] = s.options_now[chosen]
        if team + 1 == teams:
            break
        taken = s.beats[post.beats + s.options_now[chosen]]
        for index in range(taken.segments):
            gain = s.work_gain[taken.stretches - post.stretches + index]
            if gain != 0.0:
                place = taken.first + index
                left[place] *= 1.0 - gain / s.work_harm[place]
        # What others add is as before, unless they share a segment with it.
        for rank in range(options):
            beat = s.beats[post.beats + s.options_now[rank]]
            if (
                beat.first < taken.first + taken.segments
                and taken.first < beat.first + beat.segments
            ):
                s.work_steps[rank] = _marginal_return(s, post, beat)


@compiled
def _find_gains(s: Any, number: int, way: int) -> None:
    """Work out the harm per day that a patrol would detect on each stretch of a post's beats.

    `s.work_gain` gets it.
    """
    post = s.posts[number]
    for index in range(post.n_stretches):
        stretch = post.stretches + index
        place, gain = s.stretch_place[stretch], 0.0
        for crime in range(s.crimes.shape[0]):
            gain += s.covers[way, stretch, crime] * s.work_rate[place, crime]
        s.work_gain[index] = gain


@compiled
def _marginal_return(s: Any, post: Any, beat: Any) -> float:
    """Harm that a further patrol on a beat would detect, in steps; see `in_steps`."""
    first = beat.stretches - post.stretches
    if beat.segments == 1:
        return in_steps(s.work_gain[first] * s.work_left[beat.first])
    for index in range(beat.segments):
        s.work_part[index] = s.work_gain[first + index] * s.work_left[beat.first + index]
    return in_steps(total(s.work_part, beat.segments))

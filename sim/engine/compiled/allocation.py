"""Where a post sends its patrols: at random, by rota or by belief; see `sim.agents.allocation`."""

from typing import Any

from sim import draws
from sim.draws import exponential
from sim.engine.compiled.chance import ALLOCATION, ROTA, draw
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.orders import put_in_order
from sim.engine.compiled.watching import believed
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
            walked += s.covers[way, beat_number, index, crime]
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
        put_in_order(s.work_order, s.work_steps, rank, option, (option - turn) % n_beats)
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
    post = s.posts[number]
    for place in range(post.sector):
        cell = post.cells + place
        factor = 1.0
        if thompson and _within_reach(s, number, way, place):
            mean, variance = 0.0, 0.0
            for crime in range(s.crimes.shape[0]):
                harm, rate = s.crimes[crime].harm, s.beta[cell, crime]
                mean += harm * believed(s, cell, crime)
                variance += harm * harm * s.alpha[cell, crime] / (rate * rate)
            shape = mean * mean / variance
            segment = s.cell_segment[cell]
            factor = draws.gamma(shape, s.keys[ALLOCATION], number, shift, segment) / shape
        together = 0.0
        for crime in range(s.crimes.shape[0]):
            harm = s.crimes[crime].harm * (believed(s, cell, crime) * factor)
            s.work_rate[place, crime] = harm
            together += harm
        s.work_harm[place] = together


@compiled
def _within_reach(s: Any, number: int, way: int, place: int) -> bool:
    """Whether any beat of a post covers anything on a segment of its sector."""
    post = s.posts[number]
    for number_of_beat in range(post.beats, post.beats + post.n_beats):
        index = place - s.beats[number_of_beat].first
        if 0 <= index < s.beats[number_of_beat].segments and covers_any(
            s, number_of_beat, way, index
        ):
            return True
    return False


@compiled
def covers_any(s: Any, beat: int, way: int, index: int) -> bool:
    """Whether a patrol on a beat detects anything on one of its segments."""
    for crime in range(s.crimes.shape[0]):
        if s.covers[way, beat, index, crime] > 0.0:
            return True
    return False


@compiled
def by_marginal_return(
    s: Any, number: int, way: int, told: bool, options: int, teams: int, plan: int
) -> None:
    """Place patrols one by one where the harm they detect is greatest, given those before.

    What `rate_segments` gives must be known. Parameters are as for `by_chance`.
    """
    post, gains, left = s.posts[number], s.work_gain, s.work_left
    for place in range(post.sector):
        left[place] = 1.0 - s.work_cover[place] if told else 1.0
    for rank in range(options):
        _find_gains(s, rank, post.beats + s.options_now[rank], way)
    changed_from, changed_to = 0, post.sector
    for team in range(teams):
        best, chosen = -1, -1
        for rank in range(options):
            beat = s.beats[post.beats + s.options_now[rank]]
            # What a beat adds is as before unless a patrol has been placed on some of it; of one
            # segment it is as soon worked out as asked.
            if beat.segments == 1 or (
                beat.first < changed_to and beat.first + beat.segments > changed_from
            ):
                s.work_steps[rank] = _marginal_return(s, rank, beat)
            steps = s.work_steps[rank]
            chosen = rank if steps > best else chosen
            best = max(best, steps)
        option = s.options_now[chosen]
        s.plan_beats[plan, team] = option
        beat = s.beats[post.beats + option]
        changed_from, changed_to = beat.first, beat.first + beat.segments
        for index in range(beat.segments):
            if gains[chosen, index] != 0.0:
                place = beat.first + index
                left[place] *= 1.0 - gains[chosen, index] / s.work_harm[place]


@compiled
def _find_gains(s: Any, rank: int, beat_number: int, way: int) -> None:
    """Work out the harm per day that a patrol would detect on each segment of a beat.

    A row of `s.work_gain` gets it.
    """
    beat = s.beats[beat_number]
    for index in range(beat.segments):
        gain = 0.0
        for crime in range(s.crimes.shape[0]):
            covered = s.covers[way, beat_number, index, crime]
            gain += covered * s.work_rate[beat.first + index, crime]
        s.work_gain[rank, index] = gain


@compiled
def _marginal_return(s: Any, rank: int, beat: Any) -> int:
    """Harm that a further patrol on a beat would detect, in steps; see `in_steps`."""
    if beat.segments == 1:
        return in_steps(s.work_gain[rank, 0] * s.work_left[beat.first])
    for index in range(beat.segments):
        s.work_part[index] = s.work_gain[rank, index] * s.work_left[beat.first + index]
    return in_steps(total(s.work_part, beat.segments))

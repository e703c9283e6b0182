"""How posts choose beats for their patrols; see `sim.agents.post`, `partners` and `allocation`."""

from typing import Any

from sim import draws
from sim.draws import exponential
from sim.engine.compiled.asking import ALLOCATE, ask
from sim.engine.compiled.chance import ALLOCATION, ROTA, draw
from sim.engine.compiled.covering import cover_beats
from sim.engine.compiled.rosters import find_on_duty
from sim.engine.compiled.state import compiled
from sim.engine.compiled.watching import believed
from sim.rules.belief import keep_share
from sim.rules.cooperation import believed_coverage, covered_together
from sim.rules.security import comb_sample, coverage_at, water_level
from sim.rules.ties import in_steps, total

UNIFORM, ROTA_KIND, POSTERIOR_MEAN, THOMPSON, STACKELBERG, IN_PYTHON = range(6)
ALLOCATIONS = {
    "uniform": UNIFORM,
    "rota": ROTA_KIND,
    "posterior_mean": POSTERIOR_MEAN,
    "thompson": THOMPSON,
    "stackelberg": STACKELBERG,
}


@compiled
def committed(s: Any, number: int, shift: int) -> int:
    """Row of the plan that a post may have committed itself to for a shift."""
    ahead = s.run[0].ahead
    return s.posts.shape[0] + number * ahead + shift % ahead


@compiled
def plan_of_partner(s: Any, link: Any, shift: int) -> int:
    """Row of the plan of a partner that counts for a shift, -1 if none is known."""
    if link.agreed_from <= shift < link.agreed_to:
        return committed(s, link.partner, shift)
    return link.row if link.plan >= 0 else -1


@compiled
def _validity(s: Any, link: Any, shift: int, hours: float) -> float:
    """Probability that the plan of a partner holds in a shift."""
    if link.agreed_from <= shift < link.agreed_to:
        return 1.0
    shifts = max(0, shift - link.plan)
    if shifts < s.validity.shape[0] and hours == s.settings[0].shift_hours:
        return s.validity[shifts]
    age = shifts * hours
    return keep_share(age, s.settings[0].plan_half_life)


@compiled
def _expect_partners(s: Any, number: int, shift: int, hours: float) -> bool:
    """Work out the detection probability by partners, by segment in view.

    Returns
    -------
    Whether any plan is known; `s.work_cover` has what is expected.
    """
    post, cover = s.posts[number], s.work_cover
    told = False
    for row in range(post.links, post.links + post.n_links):
        link = s.links[row]
        plan = plan_of_partner(s, link, shift)
        if plan < 0 or not link.n_common:
            continue
        if not told:
            told = True
            for place in range(post.in_view):
                cover[place] = 0.0
        valid = _validity(s, link, shift, hours)
        average = s.plans[plan].average
        for index in range(link.common, link.common + link.n_common):
            planned = s.plan_cover[plan, s.common_theirs[index]]
            expected = believed_coverage(planned, valid, average)
            mine = s.common_mine[index]
            cover[mine] = covered_together(cover[mine], expected)
    return told


@compiled
def _find_taken(s: Any, number: int, shift: int, hours: float) -> None:
    """Mark in `s.work_taken` the beats of a post on which a partner is known to be."""
    post = s.posts[number]
    for index in range(post.n_beats):
        s.work_taken[index] = 0
    for row in range(post.links, post.links + post.n_links):
        link = s.links[row]
        plan = plan_of_partner(s, link, shift)
        if plan < 0 or _validity(s, link, shift, hours) < 0.5:
            continue
        for common in range(link.common, link.common + link.n_common):
            if s.plan_cover[plan, s.common_theirs[common]] > 0.0:
                place = s.common_mine[common]
                for index in range(post.n_beats):
                    beat = s.beats[post.beats + index]
                    if beat.first <= place < beat.first + beat.segments:
                        s.work_taken[index] = 1


@compiled
def _free_beats(s: Any, number: int, shift: int, hours: float) -> int:
    """Find the beats that a post may choose among.

    Returns
    -------
    How many; their indices are in `s.options_now`.
    """
    post = s.posts[number]
    count = 0
    if s.settings[0].deconflict:
        _find_taken(s, number, shift, hours)
        for index in range(post.choices):
            beat = s.choice[post.beats + index]
            if not s.work_taken[beat]:
                s.options_now[count] = beat
                count += 1
    if count == 0:
        for index in range(post.choices):
            s.options_now[index] = s.choice[post.beats + index]
        count = post.choices
    return count


@compiled
def _covers_any(s: Any, beat: int, way: int, index: int) -> bool:
    """Whether a patrol on a beat detects anything on one of its segments."""
    for crime in range(s.crimes.shape[0]):
        if s.covers[beat, way, index, crime] > 0.0:
            return True
    return False


@compiled
def _uniform(
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
    """Choose beats at random, none again before all have been; those least covered first."""
    post = s.posts[number]
    for rank in range(options):
        option = s.options_now[rank]
        share = draw(s, ALLOCATION, number, shift, option)
        partner = 0.0
        if told:
            beat = s.beats[post.beats + option]
            for index in range(beat.segments):
                walked = 0.0
                for crime in range(s.crimes.shape[0]):
                    walked += s.covers[post.beats + option, way, index, crime]
                s.work_left[index] = walked * s.work_cover[beat.first + index]
            partner = total(s.work_left, beat.segments)
        place = rank
        while place > 0 and (
            s.work_other[place - 1] > partner
            or (s.work_other[place - 1] == partner and s.work_key[place - 1] > share)
        ):
            s.work_other[place] = s.work_other[place - 1]
            s.work_key[place] = s.work_key[place - 1]
            s.work_order[place] = s.work_order[place - 1]
            place -= 1
        s.work_other[place] = partner
        s.work_key[place] = share
        s.work_order[place] = option
    for team in range(teams - after):
        s.plan_beats[plan, after + team] = s.work_order[team % options]


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
def _rota(s: Any, number: int, start: float, options: int, teams: int, plan: int) -> None:
    """Walk through the beats in a fixed order, one further each time the rota changes."""
    settings, n_beats = s.settings[0], s.posts[number].n_beats
    turn = (
        _turn_of_rota(s, number, start / 24.0)
        if settings.rota_irregular
        else int(start / 24.0 / settings.rota_days + 1e-9)
    )
    for rank in range(options):
        option = s.options_now[rank]
        place = rank
        while place > 0 and (s.work_order[place - 1] - turn) % n_beats > (option - turn) % n_beats:
            s.work_order[place] = s.work_order[place - 1]
            place -= 1
        s.work_order[place] = option
    for team in range(teams):
        s.plan_beats[plan, team] = s.work_order[team % options]


@compiled
def _within_reach(s: Any, number: int, way: int, place: int) -> bool:
    """Whether any beat of a post covers anything on a segment of its sector."""
    post = s.posts[number]
    for number_of_beat in range(post.beats, post.beats + post.n_beats):
        index = place - s.beats[number_of_beat].first
        if 0 <= index < s.beats[number_of_beat].segments and _covers_any(
            s, number_of_beat, way, index
        ):
            return True
    return False


@compiled
def _rate_segments(s: Any, number: int, shift: int, way: int, thompson: bool) -> None:
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
def _marginal_return(s: Any, rank: int, beat: Any) -> int:
    """Harm that a further patrol on a beat would detect, in steps; see `in_steps`."""
    if beat.segments == 1:
        return in_steps(s.work_gain[rank, 0] * s.work_left[beat.first])
    for index in range(beat.segments):
        s.work_part[index] = s.work_gain[rank, index] * s.work_left[beat.first + index]
    return in_steps(total(s.work_part, beat.segments))


@compiled
def _by_marginal_return(
    s: Any, number: int, way: int, told: bool, options: int, teams: int, plan: int
) -> None:
    """Place patrols one by one where the harm they detect is greatest, given those before."""
    post, gains, left = s.posts[number], s.work_gain, s.work_left
    for place in range(post.sector):
        left[place] = 1.0 - s.work_cover[place] if told else 1.0
    for rank in range(options):
        number_of_beat = post.beats + s.options_now[rank]
        beat = s.beats[number_of_beat]
        for index in range(beat.segments):
            gain = 0.0
            for crime in range(s.crimes.shape[0]):
                covered = s.covers[number_of_beat, way, index, crime]
                gain += covered * s.work_rate[beat.first + index, crime]
            gains[rank, index] = gain
    changed_from, changed_to = 0, post.sector
    for team in range(teams):
        best, chosen = -1, -1
        for rank in range(options):
            beat = s.beats[post.beats + s.options_now[rank]]
            # What a beat adds is as before unless a patrol has been placed on some of it.
            if beat.first < changed_to and beat.first + beat.segments > changed_from:
                s.work_steps[rank] = _marginal_return(s, rank, beat)
            if s.work_steps[rank] > best:
                best, chosen = s.work_steps[rank], rank
        option = s.options_now[chosen]
        s.plan_beats[plan, team] = option
        beat = s.beats[post.beats + option]
        changed_from, changed_to = beat.first, beat.first + beat.segments
        for index in range(beat.segments):
            if gains[chosen, index] != 0.0:
                place = beat.first + index
                left[place] *= 1.0 - gains[chosen, index] / s.work_harm[place]


@compiled
def _side_by_side(s: Any, number: int, way: int, options: int) -> int:
    """Find beats that share no segment, and such further ones as reach more segments.

    Returns
    -------
    How many; they are in `s.work_beat`, ascending.
    """
    post = s.posts[number]
    for place in range(post.sector):
        s.work_reached[place] = 0
    for rank in range(options):
        s.work_chosen[rank] = 0
    for more in range(2):
        for rank in range(options):
            beat_number = post.beats + s.options_now[rank]
            beat = s.beats[beat_number]
            apart, further = True, False
            for index in range(beat.segments):
                if _covers_any(s, beat_number, way, index):
                    reached = s.work_reached[beat.first + index]
                    apart = apart and not reached
                    further = further or not reached
            if further if more else apart:
                s.work_chosen[rank] = 1
                for index in range(beat.segments):
                    if _covers_any(s, beat_number, way, index):
                        s.work_reached[beat.first + index] = 1
    targets = 0
    for rank in range(options):
        if s.work_chosen[rank]:
            s.work_beat[targets] = s.options_now[rank]
            targets += 1
    return targets


@compiled
def _find_targets(s: Any, number: int, way: int, told: bool, options: int) -> int:
    """Find beats side by side, what each is worth to a group, and how likely a patrol detects it.

    Returns
    -------
    How many; they are in `s.work_beat`, `s.work_worth` and `s.work_effect`.
    """
    post, crimes = s.posts[number], s.crimes.shape[0]
    targets = _side_by_side(s, number, way, options)
    for target in range(targets):
        beat_number = post.beats + s.work_beat[target]
        beat = s.beats[beat_number]
        terms = 0
        for index in range(beat.segments):
            place = beat.first + index
            if not _covers_any(s, beat_number, way, index):
                continue
            for crime in range(crimes):
                harm = s.crimes[crime].harm * believed(s, post.cells + place, crime)
                if told:
                    harm *= 1.0 - s.work_cover[place]
                s.work_terms[terms] = harm
                s.work_stopped[terms] = s.covers[beat_number, way, index, crime] * harm
                terms += 1
        worth = total(s.work_terms, terms)
        s.work_worth[target] = worth
        s.work_effect[target] = total(s.work_stopped, terms) / worth if worth > 0.0 else 0.0
    return targets


@compiled
def _stackelberg(
    s: Any, number: int, shift: int, way: int, told: bool, options: int, teams: int, plan: int
) -> None:
    """Draw beats so often that a group that knew how often would find none better than another."""
    targets = _find_targets(s, number, way, told, options)
    chosen = 0
    while chosen < teams:
        playable = 0
        for target in range(targets):
            if s.work_worth[target] > 0.0 and s.work_effect[target] > 0.0:
                s.work_target[playable] = target
                s.work_here[playable] = s.work_worth[target]
                s.work_there[playable] = s.work_effect[target]
                playable += 1
        if not playable:
            _uniform(s, number, shift, way, told, options, teams, plan, chosen)
            return
        here, there = s.work_here[:playable], s.work_there[:playable]
        level = water_level(here, there, float(teams - chosen))
        share = draw(s, ALLOCATION, number, shift, chosen)
        for rank in range(playable):
            s.work_often[rank] = coverage_at(level, here[rank], there[rank])
        for rank in comb_sample(s.work_often[:playable], share):
            if chosen < s.plan_beats.shape[1]:
                s.plan_beats[plan, chosen] = s.work_beat[s.work_target[rank]]
                chosen += 1
        for rank in range(playable):
            target = s.work_target[rank]
            s.work_worth[target] *= 1.0 - s.work_effect[target] * s.work_often[rank]


@compiled
def _ask_for_beats(
    s: Any,
    number: int,
    shift: int,
    start: float,
    end: float,
    way: int,
    told: bool,
    teams: int,
    plan: int,
) -> int:
    """Let a function in Python choose beats.

    Returns
    -------
    How many it chose.
    """
    asked = s.asked[0]
    asked.post, asked.shift, asked.start, asked.stop = number, shift, start, end
    asked.way, asked.told, asked.teams = way, told, teams
    chosen = ask(s, ALLOCATE)
    for team in range(chosen):
        s.plan_beats[plan, team] = s.work_order[team]
    return chosen


@compiled
def decide(
    s: Any, number: int, shift: int, start: float, end: float, dark: float, plan: int
) -> None:
    """Choose a beat for each patrol of a post on duty in a shift, from what it knows now.

    Parameters
    ----------
    shift, start, end, dark : the shift, which may be one to come
    plan : row of `s.plans` that gets the plan
    """
    post = s.posts[number]
    way = cover_beats(s, number, shift, end - start, dark)
    teams = find_on_duty(s, number, shift)
    if shift == s.run[0].shift:
        teams -= post.tasks
    s.plans[plan].shift = shift
    s.plans[plan].teams = 0
    s.plans[plan].average = 0.0
    for place in range(post.sector):
        s.plan_cover[plan, place] = 0.0
    if teams <= 0:
        return
    told = _expect_partners(s, number, shift, end - start)
    options = _free_beats(s, number, shift, end - start)
    if post.allocation == UNIFORM:
        _uniform(s, number, shift, way, told, options, teams, plan, 0)
    elif post.allocation == ROTA_KIND:
        _rota(s, number, start, options, teams, plan)
    elif post.allocation == STACKELBERG:
        _stackelberg(s, number, shift, way, told, options, teams, plan)
    elif post.allocation == IN_PYTHON:
        teams = _ask_for_beats(s, number, shift, start, end, way, told, teams, plan)
    else:
        _rate_segments(s, number, shift, way, post.allocation == THOMPSON)
        _by_marginal_return(s, number, way, told, options, teams, plan)
    s.plans[plan].teams = teams
    for team in range(teams):
        number_of_beat = post.beats + s.plan_beats[plan, team]
        beat = s.beats[number_of_beat]
        for index in range(beat.segments):
            before = s.plan_cover[plan, beat.first + index]
            more = s.averages[number_of_beat, way, index]
            s.plan_cover[plan, beat.first + index] = covered_together(before, more)
    for place in range(post.sector):
        s.work_left[place] = s.plan_cover[plan, place]
    s.plans[plan].average = total(s.work_left, post.sector) / post.sector

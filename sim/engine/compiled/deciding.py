"""How posts plan a shift: what they expect of partners, and which beats they choose among.

See `sim.agents.post` and `sim.agents.partners`.
"""

from typing import Any

from sim.engine.compiled.allocation import by_chance, by_marginal_return, by_rota, rate_segments
from sim.engine.compiled.asking import ALLOCATE, ask
from sim.engine.compiled.compiling import DONE, compiled, entry
from sim.engine.compiled.covering import cover_beats
from sim.engine.compiled.plans import committed, copy_plan, plan_of_partner, validity
from sim.engine.compiled.rosters import find_on_duty
from sim.engine.compiled.security_game import by_security_game
from sim.rules.cooperation import believed_coverage, covered_together
from sim.rules.ties import total

UNIFORM, ROTA, POSTERIOR_MEAN, THOMPSON, STACKELBERG, IN_PYTHON = range(6)
ALLOCATIONS = {
    "uniform": UNIFORM,
    "rota": ROTA,
    "posterior_mean": POSTERIOR_MEAN,
    "thompson": THOMPSON,
    "stackelberg": STACKELBERG,
}


@entry
def decide(s: Any, first: int, last: int, begin: int, end: int, commits: int) -> int:
    """Let posts choose their beats for shifts.

    Parameters
    ----------
    first, last : numbers of the first post and of the one after the last
    begin, end : numbers of the first shift and of the one after the last
    commits : whether they bind themselves to shifts for which they have not done so yet; if not,
        it is for the shift under way, and those who are bound do as they said
    """
    run, length = s.run[0], s.settings[0].shift_hours
    for number in range(first, last):
        for shift in range(begin, end):
            row = committed(s, number, shift)
            plan = s.plans[row]
            bound = plan.standing and plan.shift == shift
            if commits:
                if bound:
                    continue
                plan.standing = 1
                start, dark = shift * length, s.shift_dark[shift]
                stop = start + length
            else:
                plan.standing = 0
                # Who committed itself when it had no teams is free if it has some now.
                if bound and plan.teams:
                    copy_plan(s, number, row)
                    continue
                row, start, stop, dark = number, run.start, run.stop, run.dark
            _choose_beats(s, number, shift, stop - start, dark, row)
    return DONE


@compiled
def _choose_beats(s: Any, number: int, shift: int, hours: float, dark: float, plan: int) -> None:
    """Choose a beat for each patrol of a post on duty in a shift, from what it knows now.

    Parameters
    ----------
    number : of the post
    shift, hours, dark : number of the shift, which may be one to come, its length, h, and the share
        of it that is night
    plan : row of `s.plans` that gets the plan
    """
    post = s.posts[number]
    way = cover_beats(s, number, shift, hours, dark)
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
    told = _expect_partners(s, number, shift, hours)
    options = _free_beats(s, number, shift, hours)
    if post.allocation == UNIFORM:
        by_chance(s, number, shift, way, told, options, teams, plan, 0)
    elif post.allocation == ROTA:
        by_rota(s, number, shift * s.settings[0].shift_hours, options, teams, plan)
    elif post.allocation == STACKELBERG:
        by_security_game(s, number, shift, way, told, options, teams, plan)
    elif post.allocation == IN_PYTHON:
        teams = _ask_for_beats(s, number, shift, way, told, teams, plan)
    else:
        rate_segments(s, number, shift, way, post.allocation == THOMPSON)
        by_marginal_return(s, number, way, options, teams, plan)
    s.plans[plan].teams = teams
    _foresee_coverage(s, number, way, plan)


@compiled
def _ask_for_beats(
    s: Any, number: int, shift: int, way: int, told: bool, teams: int, plan: int
) -> int:
    """Let a function in Python choose beats.

    Returns
    -------
    How many it chose.
    """
    asked = s.asked[0]
    asked.post, asked.shift, asked.way, asked.told, asked.teams = number, shift, way, told, teams
    chosen = ask(s, ALLOCATE)
    for team in range(chosen):
        s.plan_beats[plan, team] = s.work_order[team]
    return chosen


@compiled
def _foresee_coverage(s: Any, number: int, way: int, plan: int) -> None:
    """Work out the detection probability of an average crossing under a plan, by segment."""
    post = s.posts[number]
    cover = s.plan_cover[plan]
    for team in range(s.plans[plan].teams):
        beat = s.beats[post.beats + s.plan_beats[plan, team]]
        for index in range(beat.segments):
            place, more = beat.first + index, s.averages[way, beat.stretches + index]
            cover[place] = covered_together(cover[place], more)
    s.plans[plan].average = total(cover, post.sector) / post.sector


@compiled
def _expect_partners(s: Any, number: int, shift: int, hours: float) -> bool:
    """Work out the detection probability by partners, by segment in view.

    Returns
    -------
    Whether any plan is known; `s.work_cover` has what is expected.
    """
    post, cover = s.posts[number], s.work_cover
    told = False
    for place in range(post.in_view):
        cover[place] = 0.0
    for row in range(post.links, post.links + post.n_links):
        link = s.links[row]
        plan = plan_of_partner(s, link, shift)
        if plan < 0 or not link.n_common:
            continue
        told = True
        valid = validity(s, link, shift, hours)
        average = s.plans[plan].average
        for index in range(link.common, link.common + link.n_common):
            planned = s.plan_cover[plan, s.common_theirs[index]]
            expected = believed_coverage(planned, valid, average)
            mine = s.common_mine[index]
            cover[mine] = covered_together(cover[mine], expected)
    return told


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
def _find_taken(s: Any, number: int, shift: int, hours: float) -> None:
    """Mark in `s.work_taken` the beats of a post on which a partner is known to be."""
    post = s.posts[number]
    for index in range(post.n_beats):
        s.work_taken[index] = 0
    for row in range(post.links, post.links + post.n_links):
        link = s.links[row]
        plan = plan_of_partner(s, link, shift)
        if plan < 0 or validity(s, link, shift, hours) < 0.5:
            continue
        for common in range(link.common, link.common + link.n_common):
            if s.plan_cover[plan, s.common_theirs[common]] > 0.0:
                place = s.common_mine[common]
                for index in range(post.n_beats):
                    beat = s.beats[post.beats + index]
                    if beat.first <= place < beat.first + beat.segments:
                        s.work_taken[index] = 1

"""Where patrols walk, what they miss and whom they stop; see `sim.agents.post`."""

from typing import Any

from sim.draws import poisson
from sim.engine.compiled.chance import FALSE_STOP, PHASE, draw
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.covering import (
    access,
    cover_beat,
    cover_beats,
    cover_late,
)
from sim.engine.compiled.line import cell_of
from sim.engine.compiled.rosters import find_on_duty, keep_account
from sim.rules.cooperation import covered_together
from sim.rules.ties import total

INDEPENDENT, EVEN, SAME = range(3)
SPACINGS = {"independent": INDEPENDENT, "even": EVEN, "same": SAME}


@compiled
def send_out(s: Any, number: int) -> float:
    """Give each patrol of a post on duty its route; coordination takes its time first.

    Returns
    -------
    Patrol-hours that coordination took this shift.
    """
    run, post, plan = s.run[0], s.posts[number], s.plans[number]
    hours = run.stop - run.start
    for rank in range(post.team):
        stand_down(s.patrols[s.team[number, rank]])
    team = find_on_duty(s, number, run.shift)
    if post.accounts:
        keep_account(s, number, run.shift, team)
    tasks = min(post.tasks, team)
    own = team - tasks if plan.teams else 0
    for rank in range(plan.teams, own):
        s.plan_beats[number, rank] = s.plan_beats[number, rank % plan.teams]
    plan.teams = own
    post.team = team
    for rank in range(team):
        s.team[number, rank] = s.duty[rank]
    late = False
    for rank in range(own):
        s.pauses[number, rank] = _send_to_beat(s, number, rank, own)
        late = late or s.pauses[number, rank] > 0.0
    taken = tasks * hours
    if late:
        taken += total(s.pauses[number], own)
    for task in range(tasks):
        _send_on_task(s, number, s.team[number, own + task], task)
    post.tasks = 0
    _work_out_search(s, number, own, tasks, hours)
    return taken


@compiled
def stand_down(patrol: Any) -> None:
    """Let a patrol leave its beat, and act on its own side alone from now on."""
    patrol.beat = -1
    patrol.joint = 0


@compiled
def _send_to_beat(s: Any, number: int, rank: int, teams: int) -> float:
    """Send a patrol of a post to its beat; gives the time it went out later, h."""
    run, settings, post = s.run[0], s.settings[0], s.posts[number]
    index = s.plan_beats[number, rank]
    beat = s.beats[post.beats + index]
    patrol_number = s.team[number, rank]
    patrol = s.patrols[patrol_number]
    way = access(s, number, post.beats + index)
    begin, end = run.start + way, run.stop - way
    pause = min(post.debt, max(0.0, end - begin))
    post.debt -= pause
    slowdown = s.slowdown[post.sky]
    continuous = settings.phase_continuous == 1
    occasion = 0 if continuous else run.shift
    if post.in_step:
        before, same = 0, 0
        for other in range(teams):
            if s.plan_beats[number, other] == index:
                same += 1
                before += other < rank
        segment = s.cell_segment[post.cells + beat.first]
        share = draw(s, PHASE, -1 - segment, occasion, 2)
        first = post.side == s.segments[segment].first_side
        phase = share + (float(before) if first else before + 0.5) / same
    else:
        who = patrol_number if settings.spacing == INDEPENDENT else -1 - number
        phase = draw(s, PHASE, who, occasion, 0)
        if settings.spacing == EVEN:
            phase = phase + rank / teams
    phase *= 2.0 * (beat.hours * slowdown)
    if post.in_step or continuous:
        phase += begin + pause
    patrol.beat = post.beats + index
    patrol.with_post = number
    patrol.arrive, patrol.leave = begin + pause, end
    patrol.phase, patrol.slowdown = phase, slowdown
    return pause


@compiled
def _send_on_task(s: Any, number: int, patrol_number: int, task: int) -> None:
    """Send a team on a task that is not of the post's own plan."""
    if not s.task_leads[number, task]:
        return
    run, patrol = s.run[0], s.patrols[patrol_number]
    beat_number = s.task_beat[number, task]
    slowdown = s.slowdown[s.posts[number].sky]
    way = access(s, number, beat_number)
    share = draw(s, PHASE, patrol_number, run.shift, 1)
    patrol.joint = 1
    patrol.beat = beat_number
    patrol.with_post = number
    patrol.arrive, patrol.leave = run.start + way, run.stop - way
    patrol.phase = share * 2.0 * s.beats[beat_number].hours * slowdown
    patrol.slowdown = slowdown


@compiled
def _work_out_search(s: Any, number: int, own: int, tasks: int, hours: float) -> None:
    """Work out what the routes of a shift miss, and whom of the lawful people they stop."""
    post = s.posts[number]
    for place in range(post.sector):
        s.work_stops[place] = 0.0
        s.present[post.cells + place] = 0
    for task in range(tasks):
        if not s.task_leads[number, task]:
            on_site = hours - 2.0 * s.beats[s.task_beat[number, task]].access
            _miss(s, number, s.task_beat[number, task], s.task_post[number, task], on_site)
    if own:
        _search_by_plan(s, number, own, hours)
    for task in range(tasks):
        if s.task_leads[number, task]:
            beat_number = s.task_beat[number, task]
            beat = s.beats[beat_number]
            on_site = hours - 2.0 * access(s, number, beat_number)
            row = _miss(s, number, beat_number, number, on_site)
            for index in range(beat.segments):
                s.present[post.cells + beat.first + index] += 1
                _stop(s, beat.first + index, s.meets[row, beat.stretches + index])


@compiled
def _search_by_plan(s: Any, number: int, own: int, hours: float) -> None:
    """Take into account what patrols on the beats of the post's own plan find, and whom they stop.

    Parameters
    ----------
    own : patrols on them
    hours : length of the shift, h
    """
    run, post = s.run[0], s.posts[number]
    way = cover_beats(s, number, run.shift, hours, run.dark)
    for rank in range(own):
        row, beat_number = way, post.beats + s.plan_beats[number, rank]
        if s.pauses[number, rank] > 0.0:
            row = cover_late(s, number, beat_number, way, s.pauses[number, rank], hours)
        beat = s.beats[beat_number]
        for index in range(beat.segments):
            cell, stretch = post.cells + beat.first + index, beat.stretches + index
            for crime in range(s.crimes.shape[0]):
                s.missed[cell, crime] *= 1.0 - s.covers[row, stretch, crime]
            _stop(s, beat.first + index, s.meets[row, stretch])
            s.present[cell] += 1
            _mark_covered(s, s.cell_half[cell])


@compiled
def _mark_covered(s: Any, half: int) -> None:
    """Note that one side has a patrol on a segment in this shift."""
    run = s.run[0]
    if s.patrolled[half] == run.shift + 1:
        return
    s.patrolled[half] = run.shift + 1
    across = is_covered(s, half ^ 1)
    run.covered_twice += across
    run.covered_once += 1 - 2 * across
    run.uncovered -= not across


@compiled
def is_covered(s: Any, half: int) -> bool:
    """Whether one side has a patrol on a segment in this shift."""
    return s.patrolled[half] == s.run[0].shift + 1


@compiled
def _miss(s: Any, number: int, beat_number: int, owner: int, on_site: float) -> int:
    """Lower what is missed by what a joint patrol covers on a beat of a post in some time, h.

    Returns
    -------
    The row of `s.covers` and `s.meets` that holds what it covers.
    """
    run, beat, row = s.run[0], s.beats[beat_number], s.covers.shape[0] - 1
    hours = run.stop - run.start
    cover_beat(s, number, beat_number, owner, on_site, hours, run.dark, True, row, True)
    post = s.posts[number]
    for index in range(beat.segments):
        # The beat of a partner lies elsewhere in one's own view.
        cell = post.cells + beat.first + index
        if owner != number:
            segment = s.cell_segment[s.posts[owner].cells + beat.first + index]
            cell = cell_of(s, number, segment)
        for crime in range(s.crimes.shape[0]):
            s.missed[cell, crime] *= 1.0 - s.covers[row, beat.stretches + index, crime]
    return row


@compiled
def _stop(s: Any, place: int, met: float) -> None:
    """Count who is stopped at a place of the sector, where a share of the lawful people is met."""
    stopped = min(1.0, met) * s.settings[0].false_stop
    s.work_stops[place] = covered_together(s.work_stops[place], stopped)


@compiled
def stop_lawful(s: Any, number: int) -> int:
    """Let a post stop some of the lawful people that its patrols pass, as just worked out."""
    run, post = s.run[0], s.posts[number]
    days = (run.stop - run.start) / 24.0
    people = 0
    for place in range(post.sector):
        here = s.people[s.cell_segment[post.cells + place]]
        s.work_left[place] = s.work_stops[place] * days * here
        people += here
    mean = total(s.work_left, post.sector)
    stopped = poisson(mean, draw(s, FALSE_STOP, number, run.shift, 0)) if mean > 0.0 else 0
    post.stopped += stopped
    post.passed_by += days * people
    return stopped

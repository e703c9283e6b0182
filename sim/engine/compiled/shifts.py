"""A run, shift by shift: decide, let happen, draw conclusions; see `sim.engine.model`."""

from typing import Any

from sim.engine.compiled.books import enqueue, note_post, take_first
from sim.engine.compiled.crossings import (
    ALERT,
    BEGIN,
    CONTACT,
    DETECT,
    END,
    LEARNED,
    REPAIR,
    RETRY,
    TOLD,
    WANT,
    WEAR,
    begin,
    open_crossings,
    try_again,
    want,
)
from sim.engine.compiled.deciding import decide
from sim.engine.compiled.detections import be_alerted, be_told, detect
from sim.engine.compiled.endings import intercept, learn_later, pass_through
from sim.engine.compiled.infection import spread_disease
from sim.engine.compiled.injects import begin_injects
from sim.engine.compiled.instruments import before_decisions
from sim.engine.compiled.joint_work import end_joint_patrols
from sim.engine.compiled.markers import damage, inspect_walked, repair, wait_for_wear
from sim.engine.compiled.plans import committed, copy_plan
from sim.engine.compiled.reading import read_reports
from sim.engine.compiled.scheduling import commit
from sim.engine.compiled.state import compiled, entry
from sim.engine.compiled.surroundings import open_shift
from sim.engine.compiled.telling import send_reports, tell_plan
from sim.engine.compiled.trust import fade_trust
from sim.engine.compiled.walking import send_out, stop_lawful
from sim.engine.compiled.watching import draw_conclusions, keep_watch
from sim.engine.events import Kind
from sim.rules.ties import total

PAGE = 1 << 16
"""Events after which Python takes over the log, so that its memory can be used again."""

_LAWFUL_STOPPED = int(Kind.LAWFUL_STOPPED)


@entry
def advance(s: Any, until: int) -> None:
    """Run shifts until one of a number, the end of the run, or a full page of the log.

    Parameters
    ----------
    s : state of the run
    until : number of the first shift that is not run
    """
    run, settings = s.run[0], s.settings[0]
    while run.shift < until and run.clock < settings.end - 1e-9 and run.logged < PAGE:
        open_shift(s)
        begin_injects(s)
        keep_watch(s)
        before_decisions(s)
        read_reports(s)
        _let_posts_decide(s)
        _send_out_patrols(s)
        _observe_coverage(s)
        _observe_pictures(s)
        _commit_ahead(s)
        open_crossings(s)
        while run.queued and s.queue[1].time < run.stop:
            take_first(s)
            run.clock = s.queue[0].time
            _happen(s)
        run.clock = run.stop
        _close_shift(s)
        run.shift += 1


@compiled
def _let_posts_decide(s: Any) -> None:
    """Let posts choose beats for the shift, unless they have committed themselves to some."""
    run = s.run[0]
    for number in range(s.posts.shape[0]):
        row = committed(s, number, run.shift)
        plan = s.plans[row]
        bound = plan.standing and plan.shift == run.shift
        plan.standing = 0
        # Who committed itself when it had no teams is free if it has some now.
        if bound and plan.teams:
            copy_plan(s, number, row)
        else:
            decide(s, number, run.shift, run.start, run.stop, run.dark, number)


@compiled
def _send_out_patrols(s: Any) -> None:
    """Let posts send out their patrols, which stop some lawful people."""
    run = s.run[0]
    hours = run.stop - run.start
    for number in range(s.posts.shape[0]):
        side = s.posts[number].side
        s.taken_now[number] = send_out(s, number)
        stopped = stop_lawful(s, number)
        if stopped:
            s.stops[side] += stopped
            note_post(s, run.start, _LAWFUL_STOPPED, number, -1, float(stopped))
    for side in range(s.taken_hours.shape[0]):
        count, teams = 0, 0
        for number in range(s.posts.shape[0]):
            if s.posts[number].side == side:
                s.work_taken_hours[count] = s.taken_now[number]
                count += 1
                teams += s.posts[number].team
        s.taken_hours[side] += total(s.work_taken_hours, count)
        s.duty_hours[side] += teams * hours


@compiled
def _observe_coverage(s: Any) -> None:
    """Count segments by how many sides have a patrol on them this shift."""
    run = s.run[0]
    mark = run.shift + 1
    reached, twice = 0, 0
    for number in range(s.posts.shape[0]):
        post = s.posts[number]
        for rank in range(s.plans[number].teams):
            beat = s.beats[post.beats + s.plan_beats[number, rank]]
            first = post.cells + beat.first
            for cell in range(first, first + beat.segments):
                segment = s.segments[s.cell_segment[cell]]
                here, there = segment.first_covers == mark, segment.second_covers == mark
                mine = here if post.side == segment.first_side else there
                if mine:
                    continue
                reached += not (here or there)
                twice += here or there
                if post.side == segment.first_side:
                    segment.first_covers = mark
                else:
                    segment.second_covers = mark
    doubled = 0
    for number in range(s.posts.shape[0]):
        post = s.posts[number]
        for rank in range(s.plans[number].teams):
            beat = s.beats[post.beats + s.plan_beats[number, rank]]
            first = post.cells + beat.first
            both = True
            for cell in range(first, first + beat.segments):
                segment = s.segments[s.cell_segment[cell]]
                both = both and segment.first_covers == mark and segment.second_covers == mark
            doubled += both
    run.covered_twice += twice
    run.covered_once += reached - twice
    run.uncovered += s.segments.shape[0] - reached
    run.doubled_hours += (run.stop - run.start) * doubled


@compiled
def _observe_pictures(s: Any) -> None:
    """Add up how old the information of each post about its partners is."""
    run = s.run[0]
    for number in range(s.posts.shape[0]):
        post, facing = s.posts[number], 0
        for row in range(post.links, post.links + post.n_links):
            link = s.links[row]
            if link.facing:
                s.work_age[facing] = run.start - link.heard
                facing += 1
            if link.plan >= 0:
                run.plans_known += 1
                run.plans_valid += _same_beats(s, link.row, link.partner)
        run.picture_age += total(s.work_age, facing)
        run.pictures += facing


@compiled
def _same_beats(s: Any, one: int, other: int) -> bool:
    """Whether two plans have the same beats."""
    if s.plans[one].teams != s.plans[other].teams:
        return False
    for rank in range(s.plans[one].teams):
        if s.plan_beats[one, rank] != s.plan_beats[other, rank]:
            return False
    return True


@compiled
def _commit_ahead(s: Any) -> None:
    """Where plans are told at once, let the posts whose turn comes next decide, and tell."""
    run, settings = s.run[0], s.settings[0]
    if not (settings.sharing and settings.plans and settings.at_once):
        return
    ahead = run.shift + 1
    for number in range(s.posts.shape[0]):
        if s.posts[number].leads == ahead % 2:
            commit(s, number, ahead)
    for number in range(s.posts.shape[0]):
        if s.posts[number].leads == ahead % 2:
            tell_plan(s, number, committed(s, number, ahead))


@compiled
def _happen(s: Any) -> None:
    """Do what has fallen due, which is in row 0 of the queue."""
    entry = s.queue[0]
    due, number, other, row = entry.due, entry.number, entry.other, entry.attempt
    if due == WANT:
        want(s, number)
    elif due == LEARNED:
        learn_later(s, number, other)
    elif due == WEAR:
        damage(s, number, other)
    elif due == REPAIR:
        repair(s, row)
    elif due == RETRY:
        try_again(s, number, other)
    elif s.attempts[row].number == number:
        if due == BEGIN:
            begin(s, row)
        elif due == DETECT:
            detect(s, row, other)
        elif due == TOLD:
            be_told(s, row, other // 2, other % 2)
        elif due == ALERT:
            be_alerted(s, row, other)
        elif due == CONTACT:
            intercept(s, row, other)
        elif due == END:
            pass_through(s, row)


@compiled
def _close_shift(s: Any) -> None:
    """Let posts draw their conclusions, instruments act, and the rest take its course."""
    for number in range(s.posts.shape[0]):
        draw_conclusions(s, number)
    fade_trust(s)
    if s.run[0].damaged:
        for number in range(s.posts.shape[0]):
            inspect_walked(s, number)
    end_joint_patrols(s)
    send_reports(s)
    spread_disease(s)


@entry
def begin_run(s: Any) -> None:
    """Let groups want their first attempts, and markers wear."""
    for number in range(s.groups.shape[0]):
        enqueue(s, s.groups[number].next_wanted, WANT, number, 0, -1)
    for segment in range(s.segments.shape[0]):
        wait_for_wear(s, segment, 0)


@entry
def pools_of(s: Any) -> Any:
    """Give the columns that grow, as in `POOLS`."""
    return (
        s.log,
        s.attempts,
        s.under_way,
        s.damages,
        s.displaced,
        s.plans,
        s.plan_beats,
        s.plan_cover,
    )

"""A run, shift by shift: decide, let happen, draw conclusions; see `sim.engine.model`."""

from typing import Any

from sim.engine.compiled.asking import PLAN_DECIDED, ask_instruments
from sim.engine.compiled.books import enqueue, note, note_post
from sim.engine.compiled.compiling import DONE, call_entry, compiled, entry
from sim.engine.compiled.crossings import (
    ALERT,
    WANT,
)
from sim.engine.compiled.injects import begin_injects
from sim.engine.compiled.instruments import before_decisions
from sim.engine.compiled.markers import wait_for_wear
from sim.engine.compiled.plans import committed
from sim.engine.compiled.reading import read_reports
from sim.engine.compiled.scheduling import commit
from sim.engine.compiled.surroundings import open_shift
from sim.engine.compiled.telling import tell_plan
from sim.engine.compiled.walking import is_covered, send_out, stop_lawful
from sim.engine.compiled.watching import keep_watch
from sim.engine.events import Kind
from sim.rules.ties import total

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
    while (
        run.shift < until
        and run.clock < settings.end - 1e-9
        and 3 * run.logged < 2 * s.log.shape[0]
        and not run.raised
    ):
        call_entry(settings.begin_shift, s)
        _let_posts_decide(s)
        _send_out_patrols(s)
        _observe_coverage(s)
        _observe_pictures(s)
        _commit_ahead(s)
        call_entry(settings.let_happen, s)
        run.shift += 1


@entry
def begin_shift(s: Any) -> int:
    """Do what comes before posts decide: the sky changes, instruments act, posts watch and read."""
    open_shift(s)
    begin_injects(s)
    keep_watch(s)
    before_decisions(s)
    read_reports(s)
    return DONE


@compiled
def _let_posts_decide(s: Any) -> None:
    """Let posts choose beats for the shift, unless they have committed themselves to some."""
    shift = s.run[0].shift
    call_entry(s.settings[0].decide, s, 0, s.posts.shape[0], shift, shift + 1, 0)


@compiled
def _send_out_patrols(s: Any) -> None:
    """Let posts send out their patrols, which cover some segments and stop some lawful people."""
    run = s.run[0]
    hours = run.stop - run.start
    run.uncovered += s.segments.shape[0]
    for side in range(s.taken_hours.shape[0]):
        s.work_late[side], s.work_teams[side] = 0, 0
    for number in range(s.posts.shape[0]):
        post = s.posts[number]
        side = post.side
        taken = send_out(s, number)
        if taken > 0.0:
            s.work_taken_hours[side, s.work_late[side]] = taken
            s.work_late[side] += 1
        s.work_teams[side] += post.team
        stopped = stop_lawful(s, number)
        if stopped:
            s.stops[side] += stopped
            note_post(s, run.start, _LAWFUL_STOPPED, number, -1, float(stopped))
    for side in range(s.taken_hours.shape[0]):
        s.taken_hours[side] += total(s.work_taken_hours[side], s.work_late[side])
        s.duty_hours[side] += s.work_teams[side] * hours


@compiled
def _observe_coverage(s: Any) -> None:
    """Add up the time of patrols on beats where the other side has patrols on each segment."""
    run, doubled = s.run[0], 0
    for number in range(s.posts.shape[0]):
        post = s.posts[number]
        for rank in range(s.plans[number].teams):
            beat = s.beats[post.beats + s.plan_beats[number, rank]]
            first = post.cells + beat.first
            both = True
            for cell in range(first, first + beat.segments):
                both = both and is_covered(s, s.cell_half[cell] ^ 1)
            doubled += both
    run.doubled_hours += (run.stop - run.start) * doubled


@compiled
def _observe_pictures(s: Any) -> None:
    """Add up how old the information of each post about its partners is."""
    run = s.run[0]
    age, pictures, known, valid = run.picture_age, 0, 0, 0
    for row in range(s.links.shape[0]):
        link = s.links[row]
        if link.facing:
            age += run.start - link.heard
            pictures += 1
        if link.plan >= 0:
            known += 1
            valid += _same_beats(s, link.row, link.partner)
    run.picture_age = age
    run.pictures += pictures
    run.plans_known += known
    run.plans_valid += valid


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
            commit(s, number, ahead, ahead + 1)
    for number in range(s.posts.shape[0]):
        if s.posts[number].leads == ahead % 2:
            row = committed(s, number, ahead)
            s.asked[0].plan, s.asked[0].time = row, run.start
            ask_instruments(s, PLAN_DECIDED, -1, number)
            tell_plan(s, number, row)


@entry
def begin_run(s: Any) -> None:
    """Let groups want their first attempts, and markers wear."""
    for number in range(s.groups.shape[0]):
        enqueue(s, s.groups[number].next_wanted, WANT, number, 0, -1)
    for segment in range(s.segments.shape[0]):
        wait_for_wear(s, segment, 0)


@entry
def let_alert(s: Any, time: float, post: int, row: int) -> None:
    """Let a post hear of an attempt at a time."""
    enqueue(s, time, ALERT, s.attempts[row].number, post, row)


@entry
def write(
    s: Any, time: float, kind: int, segment: int, side: int, post: int, partner: int, value: float
) -> None:
    """Write an event into the log that is about no attempt."""
    note(s, time, kind, -1, -1, segment, side, post, partner, value)

"""How attempts end, and who learns of it; see `sim.engine.crossings`."""

from typing import Any

from sim.agents import Outcome
from sim.draws import exponential
from sim.engine.compiled.attempts import forget_attempt, note_attempt
from sim.engine.compiled.books import enqueue, note
from sim.engine.compiled.chance import LEARNED_LATER, draw
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.detections import found_by
from sim.engine.compiled.groups import tries_again
from sim.engine.compiled.instruments import on_handover
from sim.engine.compiled.learning import hear, learn, take_in
from sim.engine.compiled.line import cell_of, post_at
from sim.engine.compiled.pools import grown
from sim.engine.compiled.watching import INLAND_FINDS
from sim.engine.crossings import ENDINGS
from sim.engine.due import Due
from sim.engine.events import Kind

_LEARNED, _RETRY = int(Due.LEARNED), int(Due.RETRY)
_LEARNED_LATER = int(Kind.LEARNED_LATER)
_PASSED, TURNED_BACK = int(Outcome.PASSED), int(Outcome.TURNED_BACK)
_INTERCEPTED, _JOINTLY = int(Outcome.INTERCEPTED), int(Outcome.INTERCEPTED_JOINTLY)
_HANDED_OVER = int(Outcome.HANDED_OVER)
_ENDING_KINDS = (
    0,
    *(int(ENDINGS[outcome]) for outcome in Outcome if outcome is not Outcome.UNDER_WAY),
)


@compiled
def intercept(s: Any, row: int, other: int) -> None:
    """End an attempt by interception: by those who found it, or by those who were told."""
    posts = s.posts.shape[0]
    post = other % posts
    if other >= posts:
        end(s, row, _JOINTLY, post)
    elif found_by(s, s.attempts[row], post):
        end(s, row, _INTERCEPTED, post)
    else:
        on_handover(s, row, post)
        end(s, row, _HANDED_OVER, post)


@compiled
def pass_through(s: Any, row: int) -> None:
    """End an attempt that got through; the side of arrival may learn of it later."""
    attempt, settings, clock = s.attempts[row], s.settings[0], s.run[0].clock
    number, crime, segment = attempt.number, attempt.crime, attempt.segment
    destination, known = attempt.destination, attempt.found_there == 1
    s.came_through[attempt.origin, destination] += 1
    s.causes[attempt.cause] += 1
    end(s, row, _PASSED, -1)
    if known or draw(s, LEARNED_LATER, number, 0, 0) >= settings.learned_later:
        return
    delay = settings.learned_later_hours * exponential(draw(s, LEARNED_LATER, number, 1, 0))
    if draw(s, LEARNED_LATER, number, 2, 0) < settings.misplaced:
        segment = _misplaced(s, number, segment, destination)
    post = post_at(s, segment, destination)
    if post >= 0:
        what = crime * s.segments.shape[0] + segment
        enqueue(s, clock + delay, _LEARNED, post, what, -1)


@compiled
def _misplaced(s: Any, number: int, segment: int, side: int) -> int:
    """Give the neighbouring segment of a side that a crossing is ascribed to; itself if none."""
    here = s.segments[segment]
    count = 0
    for index in range(here.near_from, here.near_to):
        near = s.segments[s.near[index]]
        count += near.first_side == side or near.second_side == side
    if not count:
        return segment
    which = int(draw(s, LEARNED_LATER, number, 3, 0) * count)
    for index in range(here.near_from, here.near_to):
        near = s.segments[s.near[index]]
        if near.first_side == side or near.second_side == side:
            if which == 0:
                return s.near[index]
            which -= 1
    return segment


@compiled
def end(s: Any, row: int, outcome: int, post: int) -> None:
    """Record how an attempt ended, and let the group learn, tell and perhaps try again."""
    run, attempt = s.run[0], s.attempts[row]
    note_attempt(s, _ENDING_KINDS[outcome], attempt, post, -1)
    intercepted = outcome != _PASSED and outcome != TURNED_BACK
    if intercepted and attempt.detected >= 0.0:
        run.caught += 1
        run.hours_to_catch += run.clock - attempt.detected
    if outcome != TURNED_BACK:
        _observe_displacement(s, attempt)
        _let_group_know(s, attempt, intercepted)
    forget_attempt(s, row)


@compiled
def _observe_displacement(s: Any, attempt: Any) -> None:
    """Note where an attempt was that ended, if that was not where the group is at home."""
    run = s.run[0]
    if attempt.segment == attempt.home_segment:
        return
    if run.displaced == s.displaced.shape[0]:
        s.displaced = grown(s.displaced)
    s.displaced[run.displaced] = attempt.home_segment * s.segments.shape[0] + attempt.segment
    run.displaced += 1


@compiled
def _let_group_know(s: Any, attempt: Any, intercepted: bool) -> None:
    """Let a group learn from its attempt, tell others of its kind, and perhaps try again."""
    now, number = s.run[0].clock, attempt.group
    kind = s.kinds[s.groups[number].kind]
    take_in(s, number, now)
    learn(s, number, attempt.option, attempt.daypart, intercepted, True)
    if kind.shares > 0.0:
        for other in range(kind.groups, kind.groups + kind.n_groups):
            if other != number:
                hear(s, other, attempt, intercepted, now + kind.shares_after)
    if intercepted and tries_again(s, attempt):
        enqueue(s, now + kind.retry_after, _RETRY, number, attempt.number, -1)


@compiled
def learn_later(s: Any, post: int, what: int) -> None:
    """Let a post learn of a crossing that got through some days ago."""
    segments = s.segments.shape[0]
    crime, segment = what // segments, what % segments
    cell = cell_of(s, post, segment)
    s.alpha[cell, crime] += 1.0
    s.observed[INLAND_FINDS, cell, crime] += 1.0
    s.has_news[post] = 1
    side = s.posts[post].side
    note(s, s.run[0].clock, _LEARNED_LATER, -1, crime, segment, side, post, -1, 1.0)

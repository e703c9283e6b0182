"""Aid in a surge; see `sim.coordination.aid`."""

import math
from typing import Any

from sim.coordination.aid import PARTNERS_PROVINCE, PROVINCE, TWIN
from sim.engine.compiled.books import note, note_post
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.messages import is_linked
from sim.engine.compiled.names import AID, HOTLINE, SHARING
from sim.engine.compiled.pools import grown
from sim.engine.compiled.rosters import call_up, charge_beyond_turn, give
from sim.engine.events import Kind

_CALLED, _CAME = int(Kind.AID_CALLED), int(Kind.AID_CAME)


@compiled
def count_find(s: Any, row: int, post_number: int) -> None:
    """Count a find of a post, and call for aid if there were many within a day."""
    settings, attempt, post = s.settings[0], s.attempts[row], s.posts[post_number]
    now = s.run[0].clock
    for index in range(settings.aid_trigger - 1):
        s.finds[post_number, index] = s.finds[post_number, index + 1]
    s.finds[post_number, settings.aid_trigger - 1] = now
    if s.finds[post_number, 0] <= now - 24.0 or now < post.aided_until:
        return
    post.aided_until = now + settings.aid_hours
    note(s, now, _CALLED, -1, -1, attempt.segment, post.side, post_number, -1, 0.0)
    for rank in range(s.mobilisation.shape[0]):
        if _can_be_asked(s, rank, now):
            _wait_for(s, now + s.mobilisation[rank], rank, post_number)


@compiled
def _can_be_asked(s: Any, rank: int, time: float) -> bool:
    """Whether there is a link by which to ask one kind of helper."""
    settings = s.settings[0]
    by_hotline, by_reports = is_linked(s, HOTLINE, time), is_linked(s, SHARING, time)
    if rank == TWIN:
        return by_hotline or by_reports
    if rank == PARTNERS_PROVINCE:
        return (by_hotline and settings.aid_by_hotline == 1) or (
            by_reports and settings.aid_by_reports == 1
        )
    return True


@compiled
def _wait_for(s: Any, ready: float, rank: int, post_number: int) -> None:
    """Note that helpers of a post will be ready at a time."""
    run = s.run[0]
    if run.waiting == s.waiting.shape[0]:
        s.waiting = grown(s.waiting)
    each = s.waiting[run.waiting]
    each.ready, each.rank, each.post = ready, rank, post_number
    run.waiting += 1


@compiled
def bring_aid(s: Any) -> None:
    """Send home those whose time is over; let those come who are ready, in order."""
    run = s.run[0]
    _send_home(s)
    first = _first_ready(s)
    while first >= 0:
        rank, post_number = s.waiting[first].rank, s.waiting[first].post
        run.waiting -= 1
        s.waiting[first] = s.waiting[run.waiting]
        _come(s, rank, post_number)
        first = _first_ready(s)
    for post_number in range(s.posts.shape[0]):
        charge_beyond_turn(s, post_number, run.shift, AID, run.stop - run.start)


@compiled
def _send_home(s: Any) -> None:
    """Give back the patrols that were lent until now."""
    run, row = s.run[0], 0
    while row < run.lent:
        each = s.lent[row]
        if each.until <= run.start:
            give(s, each.patrol, each.borrower, each.lender)
            run.lent -= 1
            s.lent[row] = s.lent[run.lent]
        else:
            row += 1


@compiled
def _first_ready(s: Any) -> int:
    """Row of the helpers that were ready first, -1 if none is ready."""
    first = -1
    for row in range(s.run[0].waiting):
        each = s.waiting[row]
        if each.ready <= s.run[0].start and (first < 0 or _comes_before(each, s.waiting[first])):
            first = row
    return first


@compiled
def _comes_before(one: Any, other: Any) -> bool:
    """Whether some helpers come before others."""
    if one.ready != other.ready:
        return one.ready < other.ready
    if one.rank != other.rank:
        return one.rank < other.rank
    return one.post < other.post


@compiled
def _come(s: Any, rank: int, post_number: int) -> None:
    """Let one kind of helper come."""
    run, settings = s.run[0], s.settings[0]
    last = run.shift + math.ceil(settings.aid_hours / (run.stop - run.start)) - 1
    begin = s.helper_range[post_number, rank, 0]
    for index in range(begin, s.helper_range[post_number, rank, 1]):
        helper = s.helpers[index]
        if rank == PROVINCE:
            _lend(s, helper, post_number)
        else:
            call_up(s, helper, settings.aid_teams, run.shift, last, AID)
        note_post(s, run.start, _CAME, post_number, helper, float(rank))


@compiled
def _lend(s: Any, lender: int, borrower: int) -> None:
    """Let a post give patrols of its own to another, the last first; at least one stays."""
    run, settings = s.run[0], s.settings[0]
    here = max(0, s.posts[lender].patrols - s.posts[lender].lacking)
    own = 0
    for place in range(here):
        own += s.patrols[s.roster[lender, place]].home == lender
    stay = max(1, own - settings.aid_teams)
    place = here - 1
    # From the end, so that those who go do not shift those still to be looked at.
    while place >= 0 and own > stay:
        number = s.roster[lender, place]
        if s.patrols[number].home == lender:
            own -= 1
            give(s, number, lender, borrower)
            _note_lent(s, run.start + settings.aid_hours, borrower, lender, number)
        place -= 1


@compiled
def _note_lent(s: Any, until: float, borrower: int, lender: int, patrol: int) -> None:
    """Note who has which patrol until when."""
    run = s.run[0]
    if run.lent == s.lent.shape[0]:
        s.lent = grown(s.lent)
    each = s.lent[run.lent]
    each.until, each.borrower, each.lender, each.patrol = until, borrower, lender, patrol
    run.lent += 1

"""Aid in a surge; see `sim.coordination.aid`."""

import math
from typing import Any

from sim.coordination.aid import PARTNERS_PROVINCE, PROVINCE, TWIN
from sim.engine.compiled.books import note, note_post
from sim.engine.compiled.messages import is_linked
from sim.engine.compiled.names import AID, HOTLINE, SHARING
from sim.engine.compiled.pools import grown
from sim.engine.compiled.rosters import call_up, charge_beyond_turn, give
from sim.engine.compiled.state import compiled
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
    row = 0
    while row < s.waiting.shape[0] and s.waiting[row].post >= 0:
        row += 1
    if row == s.waiting.shape[0]:
        s.waiting = grown(s.waiting)
        for new in range(row, s.waiting.shape[0]):
            s.waiting[new].post = -1
    each = s.waiting[row]
    each.ready, each.rank, each.post = ready, rank, post_number


@compiled
def bring_aid(s: Any) -> None:
    """Send home those whose time is over; let those come who are ready, in order."""
    run = s.run[0]
    for row in range(s.lent.shape[0]):
        each = s.lent[row]
        if each.borrower >= 0 and each.until <= run.start:
            give(s, each.patrol, each.borrower, each.lender)
            each.borrower = -1
    first = _first_ready(s)
    while first >= 0:
        each = s.waiting[first]
        post_number, rank = each.post, each.rank
        each.post = -1
        _come(s, rank, post_number)
        first = _first_ready(s)
    for post_number in range(s.posts.shape[0]):
        charge_beyond_turn(s, post_number, run.shift, AID, run.stop - run.start)


@compiled
def _first_ready(s: Any) -> int:
    """Row of the helpers that were ready first, -1 if none is ready."""
    first = -1
    for row in range(s.waiting.shape[0]):
        each = s.waiting[row]
        if each.post < 0 or each.ready > s.run[0].start:
            continue
        best = s.waiting[first]
        if first < 0 or (
            each.ready < best.ready
            or (each.ready == best.ready and each.rank < best.rank)
            or (each.ready == best.ready and each.rank == best.rank and each.post < best.post)
        ):
            first = row
    return first


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
    row = 0
    while row < s.lent.shape[0] and s.lent[row].borrower >= 0:
        row += 1
    if row == s.lent.shape[0]:
        s.lent = grown(s.lent)
        for new in range(row, s.lent.shape[0]):
            s.lent[new].borrower = -1
    each = s.lent[row]
    each.until, each.borrower, each.lender, each.patrol = until, borrower, lender, patrol

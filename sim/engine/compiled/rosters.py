"""Who of a post is on duty; see `sim.agents.roster`."""

from typing import Any

from sim.engine.compiled.books import charge
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.pools import extended, give_back, is_full, take_row


@compiled
def _is_called(s: Any, post_number: int, number: int, first: int, last: int) -> bool:
    """Whether a patrol of a post is called up for any shift of a period."""
    row = s.called_up[post_number]
    while row >= 0:
        each = s.call_ups[row]
        if each.patrol == number and each.first <= last and first <= each.last:
            return True
        row = each.after
    return False


@compiled
def find_on_duty(s: Any, post_number: int, shift: int) -> int:
    """Find the patrols of a post that work in a shift.

    Returns
    -------
    How many; who is in `s.duty`, those by turn or call-up first.
    """
    post, turn = s.posts[post_number], s.shift_turns[shift]
    if not (post.accounts or post.lacking or post.more):
        count = s.regulars[post_number, turn]
        for place in range(count):
            s.duty[place] = s.regular[post_number, turn, place]
        return count
    here = max(0, post.patrols - post.lacking)
    count = 0
    for place in range(here):
        number = s.roster[post_number, place]
        by_turn = s.turns[number] == turn and not s.owed[number]
        if by_turn or _is_called(s, post_number, number, shift, shift):
            s.duty[count] = number
            count += 1
    regular, spare = count, 0
    for place in range(here):
        if spare == post.more:
            break
        number = s.roster[post_number, place]
        if not s.owed[number] and not _is_among(s.duty, regular, number):
            s.duty[count] = number
            count += 1
            spare += 1
    return count


@compiled
def _note_regulars(s: Any, post_number: int) -> None:
    """Note whose turn it is in each shift of the duty cycle."""
    for turn in range(s.regulars.shape[1]):
        s.regulars[post_number, turn] = 0
    for place in range(s.posts[post_number].patrols):
        number = s.roster[post_number, place]
        turn = s.turns[number]
        s.regular[post_number, turn, s.regulars[post_number, turn]] = number
        s.regulars[post_number, turn] += 1


@compiled
def _is_among(numbers: Any, count: int, number: int) -> bool:
    """Whether a number is among the first of a row."""
    for index in range(count):
        if numbers[index] == number:
            return True
    return False


@compiled
def keep_account(s: Any, post_number: int, shift: int, team: int) -> None:
    """Note who worked beyond their turn, and who rested for it; the team is in `s.duty`."""
    post, turn = s.posts[post_number], s.shift_turns[shift]
    owing = False
    for place in range(post.patrols):
        number = s.roster[post_number, place]
        by_turn = s.turns[number] == turn
        works = _is_among(s.duty, team, number)
        if works and not by_turn and _is_called(s, post_number, number, shift, shift):
            s.owed[number] += 1
        elif s.owed[number] and by_turn and not works:
            s.owed[number] -= 1
        owing = owing or s.owed[number] > 0
    before, row = -1, s.called_up[post_number]
    while row >= 0:
        each = s.call_ups[row]
        after = each.after
        if each.last >= shift:
            before = row
        else:
            if before >= 0:
                s.call_ups[before].after = after
            else:
                s.called_up[post_number] = after
            give_back(s.call_ups, row)
        row = after
    if not owing and s.called_up[post_number] < 0:
        post.accounts = 0
        _note_regulars(s, post_number)


@compiled
def call_up(s: Any, post_number: int, count: int, first: int, last: int, cause: int) -> None:
    """Have patrols of a post work in every shift of a period, those whose turn it is last."""
    post, turn = s.posts[post_number], s.shift_turns[first]
    post.accounts = 1
    here = max(0, post.patrols - post.lacking)
    chosen = 0
    for by_turn in range(2):
        for place in range(here):
            number = s.roster[post_number, place]
            if chosen == count or s.owed[number] or (s.turns[number] == turn) != (by_turn == 1):
                continue
            if not _is_called(s, post_number, number, first, last):
                _add_call_up(s, post_number, number, first, last, cause)
                chosen += 1


@compiled
def _add_call_up(s: Any, post_number: int, number: int, first: int, last: int, cause: int) -> None:
    """Note that a patrol of a post is called up."""
    if is_full(s.call_ups):
        s.call_ups = extended(s.call_ups)
    row = take_row(s.call_ups)
    each = s.call_ups[row]
    each.first, each.last, each.patrol, each.cause = first, last, number, cause
    each.after = s.called_up[post_number]
    s.called_up[post_number] = row


@compiled
def charge_beyond_turn(s: Any, post_number: int, shift: int, cause: int, hours: float) -> None:
    """Charge an instrument for patrols on duty for it, and not because it is their turn."""
    row = s.called_up[post_number]
    if row < 0:
        return
    turn = s.shift_turns[shift]
    team = find_on_duty(s, post_number, shift)
    beyond = 0
    while row >= 0:
        each = s.call_ups[row]
        if each.cause == cause and each.first <= shift <= each.last:
            by_turn = s.turns[each.patrol] == turn
            beyond += not by_turn and _is_among(s.duty, team, each.patrol)
        row = each.after
    if beyond:
        charge(s, cause, post_number, beyond * hours, False)


@compiled
def give(s: Any, number: int, source: int, to: int) -> None:
    """Move a patrol from one post to another, where what it does is up to that post alone."""
    patrol = s.patrols[number]
    if s.posts[to].patrols == s.roster.shape[1]:
        s.run[0].broken = 1
        return
    _remove(s.roster[source], s.posts[source].patrols, number)
    s.posts[source].patrols -= 1
    if _is_among(s.team[source], s.posts[source].team, number):
        _remove(s.team[source], s.posts[source].team, number)
        s.posts[source].team -= 1
    place = s.posts[to].patrols
    while place > 0 and s.roster[to, place - 1] > number:
        s.roster[to, place] = s.roster[to, place - 1]
        place -= 1
    s.roster[to, place] = number
    s.posts[to].patrols += 1
    s.posts[to].accounts, s.posts[source].accounts = 1, 1
    patrol.post = to
    patrol.beat, patrol.joint = -1, 0


@compiled
def _remove(numbers: Any, count: int, number: int) -> None:
    """Take a number out of the first of a row; the others keep their order."""
    place = 0
    for index in range(count):
        if numbers[index] != number:
            numbers[place] = numbers[index]
            place += 1

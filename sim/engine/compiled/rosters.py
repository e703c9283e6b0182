"""Who of a post is on duty; see `sim.agents.roster`."""

from typing import Any

from sim.engine.compiled.books import charge
from sim.engine.compiled.state import compiled


@compiled
def find_on_duty(s: Any, post_number: int, shift: int) -> int:
    """Find the patrols of a post that work in a shift.

    Returns
    -------
    How many; who is in `s.duty`, those by turn or call-up first.
    """
    post, cycle = s.posts[post_number], s.settings[0].duty_cycle
    here = max(0, post.patrols - post.lacking)
    count = 0
    for place in range(here):
        number = s.roster[post_number, place]
        patrol = s.patrols[number]
        called = s.called_from[number] <= shift <= s.called_to[number]
        if called or ((shift + patrol.turn) % cycle == 0 and not patrol.owes):
            s.duty[count] = number
            count += 1
    regular, spare = count, 0
    for place in range(here):
        if spare == post.more:
            break
        number = s.roster[post_number, place]
        on_duty = False
        for index in range(regular):
            on_duty = on_duty or s.duty[index] == number
        if not on_duty and not s.patrols[number].owes:
            s.duty[count] = number
            count += 1
            spare += 1
    return count


@compiled
def keep_account(s: Any, post_number: int, shift: int, team: int) -> None:
    """Note who worked beyond their turn, and who rested for it; the team is in `s.duty`."""
    post, cycle = s.posts[post_number], s.settings[0].duty_cycle
    for place in range(post.patrols):
        number = s.roster[post_number, place]
        patrol = s.patrols[number]
        called = s.called_from[number] <= shift <= s.called_to[number]
        if not called and not patrol.owes:
            continue
        works = False
        for index in range(team):
            works = works or s.duty[index] == number
        by_turn = (shift + patrol.turn) % cycle == 0
        if called and works and not by_turn:
            patrol.owes += 1
        elif patrol.owes and by_turn and not works:
            patrol.owes -= 1


@compiled
def call_up(s: Any, post_number: int, count: int, first: int, last: int, cause: int) -> None:
    """Have patrols of a post work in every shift of a period, those whose turn it is last."""
    post, cycle = s.posts[post_number], s.settings[0].duty_cycle
    here = max(0, post.patrols - post.lacking)
    chosen = 0
    for by_turn in range(2):
        for place in range(here):
            number = s.roster[post_number, place]
            patrol = s.patrols[number]
            taken = s.called_from[number] <= last and first <= s.called_to[number]
            if chosen == count or taken or patrol.owes:
                continue
            if ((first + patrol.turn) % cycle == 0) == (by_turn == 1):
                s.called_from[number] = first
                s.called_to[number] = last
                s.called_for[number] = cause
                chosen += 1


@compiled
def charge_beyond_turn(s: Any, post_number: int, shift: int, cause: int, hours: float) -> None:
    """Charge an instrument for patrols on duty for it, and not because it is their turn."""
    cycle = s.settings[0].duty_cycle
    team = -1
    beyond = 0
    for place in range(s.posts[post_number].patrols):
        number = s.roster[post_number, place]
        if s.called_for[number] != cause or not (
            s.called_from[number] <= shift <= s.called_to[number]
        ):
            continue
        if team < 0:
            team = find_on_duty(s, post_number, shift)
        for index in range(team):
            if s.duty[index] == number and (shift + s.patrols[number].turn) % cycle != 0:
                beyond += 1
    if beyond:
        charge(s, cause, post_number, beyond * hours, False)

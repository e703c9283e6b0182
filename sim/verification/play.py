"""Allocations that scenarios of the ladder name: mixed strategies of games on a line.

Chance is drawn by number of the game, so that both engines and all machines play alike.
"""

from functools import cache
from math import comb

from sim.agents.allocation import Outlook
from sim.draws import Purpose


def inspection_value(shifts: int, inspections: int) -> float:
    """Value to the inspector of Dresher's game: 1 if he catches a violation, −1 if he misses it.

    Source
    ------
    Dresher, A sampling inspection problem in arms control agreements, RAND RM-2972 (1962).
    """
    if inspections >= shifts:
        return 0.0
    ways = sum(comb(shifts, each) for each in range(inspections + 1))
    return -comb(shifts - 1, inspections) / ways


@cache
def inspection_chance(shifts: int, inspections: int) -> float:
    """Probability that the inspector inspects in the first of the shifts that are left.

    It makes a violation now worth as much as one later: p − (1 − p) is p times the value with an
    inspection less, and 1 − p times that with as many.
    """
    if inspections in (0, shifts):
        return float(inspections > 0)
    less = inspection_value(shifts - 1, inspections - 1)
    as_many = inspection_value(shifts - 1, inspections)
    return (1.0 + as_many) / (2.0 - less + as_many)


def _inspect(outlook: Outlook, shifts: int, inspections: int) -> tuple[int, ...]:
    """Play games of so many shifts one after the other, with so many inspections in each."""
    game, now = divmod(outlook.shift.number, shifts)
    left = inspections
    for turn in range(now + 1):
        share = outlook.stage.chance.uniform(Purpose.EXTENSION, outlook.post, game, turn)
        if share < inspection_chance(shifts - turn, left):
            if turn == now:
                return outlook.beats
            left -= 1
    return ()


def once_in_two(outlook: Outlook) -> tuple[int, ...]:
    """Inspect one of two shifts."""
    return _inspect(outlook, 2, 1)


def once_in_three(outlook: Outlook) -> tuple[int, ...]:
    """Inspect one of three shifts."""
    return _inspect(outlook, 3, 1)


def twice_in_four(outlook: Outlook) -> tuple[int, ...]:
    """Inspect two of four shifts."""
    return _inspect(outlook, 4, 2)

"""Allocations that scenarios of the ladder name: mixed strategies of games on a line.

Chance is drawn by number of the game, so that both engines and all machines play alike.
"""

from functools import cache
from math import comb

import numpy as np

from sim.agents.allocation import Outlook
from sim.draws import Purpose
from sim.optimum import PatrolGame, patrol_game

WALK_SHIFTS = 40
"""Time after which a patrol draws another walk, shifts."""

_GOLDEN = 0.6180339887498949
"""Step at which walks are drawn, as a share: they come evenly, in an order that nobody learns."""

solved = cache(patrol_game)


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


def _patrol(outlook: Outlook, attack: int) -> tuple[int, ...]:
    """Walk optimally against attacks of so many shifts, from a random place in the walk."""
    game: PatrolGame = solved(len(outlook.covers), attack)
    draw, now = divmod(outlook.shift.number, WALK_SHIFTS)
    chance = outlook.stage.chance.uniform
    share = (chance(Purpose.EXTENSION, outlook.post) + draw * _GOLDEN) % 1.0
    walk = game.walks[int(np.searchsorted(np.cumsum(game.probabilities)[:-1], share))]
    first = int(chance(Purpose.EXTENSION, outlook.post, draw + 1) * len(walk))
    return (int(walk[(first + now) % len(walk)]),)


def against_one(outlook: Outlook) -> tuple[int, ...]:
    """Patrol optimally against attacks that last one shift."""
    return _patrol(outlook, 1)


def against_two(outlook: Outlook) -> tuple[int, ...]:
    """Patrol optimally against attacks that last two shifts."""
    return _patrol(outlook, 2)


def against_three(outlook: Outlook) -> tuple[int, ...]:
    """Patrol optimally against attacks that last three shifts."""
    return _patrol(outlook, 3)

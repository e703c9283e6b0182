"""The cycle of greatest mean reward in a graph of states, by policy iteration."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BETTER = 1e-11
"""By how much a step must be better before it is taken instead of another."""


@dataclass(frozen=True)
class Moves:
    """A graph in which every state has some steps to others, and can be reached from all.

    Attributes
    ----------
    target : state that each step leads to, shape (states, steps); -1 for no step
    reward : of each step, same shape
    """

    target: Ints
    reward: Floats


def longest_mean_cycle(moves: Moves) -> tuple[Ints, float]:
    """Find a cycle of greatest mean reward.

    Parameters
    ----------
    moves : the graph

    Returns
    -------
    States of the cycle in order, and its mean reward per step.

    Source
    ------
    Howard's policy iteration (Cochet-Terrasson, Cohen, Gaubert, McGettrick & Quadrat, IFAC 1998).
    """
    states = np.arange(len(moves.target))
    blocked = moves.target < 0
    chosen = np.where(blocked, -np.inf, moves.reward).argmax(axis=1)
    while True:
        following = moves.target[states, chosen]
        mean, bias = _evaluate(following, moves.reward[states, chosen])
        gain = np.where(blocked, -np.inf, mean[moves.target])
        better = gain.max(axis=1) > mean + BETTER
        if better.any():
            chosen = np.where(better, gain.argmax(axis=1), chosen)
            continue
        worth = moves.reward - mean[:, None] + bias[moves.target]
        worth[blocked | (gain < mean[:, None] - BETTER)] = -np.inf
        better = worth.max(axis=1) > worth[states, chosen] + BETTER
        if not better.any():
            return _cycle_from(following, int(mean.argmax())), float(mean.max())
        chosen = np.where(better, worth.argmax(axis=1), chosen)


def _evaluate(following: Ints, reward: Floats) -> tuple[Floats, Floats]:
    """Follow one step from each state for ever.

    Parameters
    ----------
    following, reward : the state that comes next, and the reward on the way, shape (states,)

    Returns
    -------
    Mean reward of the cycle that each state ends in, and what it gets beyond that mean until it
    comes to the first state of that cycle.
    """
    states = len(following)
    # After as many steps as there are states each is on its cycle, and `least` is that cycle's
    # first state: jumps double, and so does the stretch that the least is taken over.
    jump, least = following, np.arange(states)
    for _ in range(states.bit_length()):
        least = np.minimum(least, least[jump])
        jump = jump[jump]
    first = least[jump]
    on_cycle = np.zeros(states, dtype=bool)
    on_cycle[jump] = True
    length = np.bincount(first[on_cycle], minlength=states)
    total = np.bincount(first[on_cycle], weights=reward[on_cycle], minlength=states)
    mean = total[first] / length[first]
    ends = first == np.arange(states)
    bias = np.where(ends, 0.0, reward - mean)
    jump = np.where(ends, np.arange(states), following)
    for _ in range(states.bit_length()):
        bias = bias + bias[jump]
        jump = jump[jump]
    return mean, bias


def _cycle_from(following: Ints, state: int) -> Ints:
    """Give the states of the cycle that a state ends in, in order."""
    for _ in range(len(following)):
        state = int(following[state])
    cycle = [state]
    while following[cycle[-1]] != state:
        cycle.append(int(following[cycle[-1]]))
    return np.array(cycle)

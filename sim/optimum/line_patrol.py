"""Patrolling a line: the value of the zero-sum patrolling game, and patrols that attain it.

Nodes lie in a row. Each period the patrol stays where it is or goes on to a neighbouring node; an
attack lasts some periods at one node and is stopped if the patrol visits that node meanwhile. The
attacker knows how patrols are drawn, and nobody knows when he comes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.optimum.linear import minimise
from sim.optimum.longest_cycle import Moves, longest_mean_cycle

TOLERANCE = 1e-9
"""Gap of the value below which the game counts as solved."""

MOST_WALKS = 1000
"""Walks after which a solution is given up; a few dozen are needed up to a dozen nodes."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class PatrolGame:
    """Value of a patrolling game on a line, and optimal play of both.

    Attributes
    ----------
    nodes, attack : of the line, and periods that an attack lasts
    value : probability that an attack is stopped if both play their best
    walks : closed walks of the patrol, each an array of nodes from 0, of its own period; the last
        node is the first's neighbour or the first itself. A patrol draws one of them and a uniform
        place in it to start from, and walks it over and over
    probabilities : of the walks, shape (walks,)
    attacks : probability of an attack on each node, at a uniform time, shape (nodes,)
    bound : probability that no patrol can exceed against `attacks`, within 1e-9 of the value
    """

    nodes: int
    attack: int
    value: float
    walks: tuple[Ints, ...]
    probabilities: Floats
    attacks: Floats
    bound: float


def patrol_game(nodes: int, attack: int) -> PatrolGame:
    """Solve the patrolling game on a line.

    Parameters
    ----------
    nodes : of the line, at least 1
    attack : periods that an attack lasts, at least 1

    Returns
    -------
    The value, with optimal patrols and attacks.

    Raises
    ------
    InputError : no node, or an attack that takes no time

    Notes
    -----
    Patrols drawn with a uniform phase stop an attack on a node with the same probability whenever
    it comes, and an attack at a uniform time meets patrols of every phase alike, so neither loses
    by it. What is left is a matrix game of nodes against closed walks, solved by linear programming
    with generated columns. The best walk against attacks on given nodes is a longest mean cycle
    among states (place, periods since each attacked node was visited), of which there are finitely
    many, so that the optimum is proved, not searched for.

    Source
    ------
    Papadaki, Alpern, Lidbetter & Morton, Patrolling a border, Operations Research 64 (2016), 1256.
    """
    if nodes < 1 or attack < 1:
        raise InputError(
            f"a line of {nodes} nodes under attacks of {attack} periods is no game",
            where="patrol_game",
            remedy="at least one of each",
        )
    walks = [_back_and_forth(nodes)]
    for _ in range(MOST_WALKS):
        shares = np.array([_evenly_covered(walk, nodes, attack) for walk in walks])
        value, probabilities, attacks = _matrix_game(shares)
        walk, bound = best_walk(attacks, attack)
        if bound <= value + TOLERANCE:
            break
        walks.append(walk)
    else:
        raise InputError(
            f"{nodes} nodes are too many to solve exactly", where="nodes", remedy="take fewer"
        )
    used = np.flatnonzero(probabilities > TOLERANCE)
    both_ways = [way for index in used for way in (walks[index], nodes - 1 - walks[index])]
    halves = np.repeat(probabilities[used] / probabilities[used].sum() / 2.0, 2)
    return PatrolGame(nodes, attack, value, tuple(both_ways), halves, attacks, bound)


def covered_share(walk: Ints, nodes: int, attack: int) -> Floats:
    """Probability that a patrol on a closed walk stops an attack on each node.

    Parameters
    ----------
    walk : nodes of one round
    nodes : of the line
    attack : periods that an attack lasts

    Returns
    -------
    By node, for a uniform time of the attack.
    """
    period = len(walk)
    shares = np.zeros(nodes)
    for node in np.unique(walk):
        visits = np.flatnonzero(walk == node)
        gaps = np.diff(visits, append=visits[0] + period)
        shares[node] = np.minimum(gaps, attack).sum() / period
    return shares


def _evenly_covered(walk: Ints, nodes: int, attack: int) -> Floats:
    """Give what a walk covers if it is walked in either direction equally often."""
    shares = covered_share(walk, nodes, attack)
    return (shares + shares[::-1]) / 2.0


def _back_and_forth(nodes: int) -> Ints:
    """Give the walk from one end to the other and back."""
    return np.concatenate([np.arange(nodes), np.arange(nodes - 2, 0, -1)])


def _matrix_game(shares: Floats) -> tuple[float, Floats, Floats]:
    """Solve the game of walks (rows) against attacked nodes (columns).

    Returns
    -------
    Value, probabilities of the walks, and probabilities of the nodes, evenly on both halves.
    """
    walks, nodes = shares.shape
    found = minimise(
        np.append(np.zeros(walks), -1.0),
        A_ub=np.hstack([-shares.T, np.ones((nodes, 1))]),
        b_ub=np.zeros(nodes),
        A_eq=np.append(np.ones(walks), 0.0)[None, :],
        b_eq=[1.0],
    )
    assert found is not None  # any one walk satisfies the constraints
    attacks = -found.prices
    attacks = (attacks + attacks[::-1]) / (2.0 * attacks.sum())
    return -found.value, found.x[:-1], attacks


def best_walk(attacks: Floats, attack: int) -> tuple[Ints, float]:
    """Find the closed walk that stops most attacks.

    Parameters
    ----------
    attacks : probability of an attack on each node, at a uniform time, shape (nodes,)
    attack : periods that an attack lasts

    Returns
    -------
    The walk, and the share of attacks that it stops; no patrol whatever stops more.
    """
    tracked = np.flatnonzero(attacks > 1e-12)
    states, moves = _states(len(attacks), tracked, attack)
    # A visit stops the attacks begun since the last one, as far as they still go on.
    rewards = np.where(moves.rank >= 0, attacks[tracked][moves.rank] * moves.waited, 0.0)
    cycle, share = longest_mean_cycle(Moves(moves.target, rewards))
    return states[cycle, 0], share


@dataclass(frozen=True)
class _Steps:
    """Where each step leads and whom it visits, all of shape (states, 3).

    Attributes
    ----------
    target : state that it leads to; -1 where the line ends
    rank : of the visited node among the tracked ones, -1 if it is none
    waited : periods since its last visit, at most those of an attack
    """

    target: Ints
    rank: Ints
    waited: Ints


def _states(nodes: int, tracked: Ints, attack: int) -> tuple[Ints, _Steps]:
    """List all states that a patrol can come to, and the steps between them.

    Parameters
    ----------
    nodes : of the line
    tracked : nodes whose last visit matters
    attack : periods after which a last visit does not matter any more

    Returns
    -------
    States, shape (states, 1 + tracked), each a place and the periods since each tracked node was
    visited; and the steps from each.
    """
    first = np.full((1, 1 + len(tracked)), attack)
    first[0, 0] = 0
    first[0, 1:][tracked == 0] = 0
    number = {first[0].tobytes(): 0}
    states, frontier = [first], first
    targets, ranks, waits = [], [], []
    while len(frontier):
        reached = np.repeat(frontier[:, None, :], 3, axis=1)
        reached[:, :, 0] += np.array([-1, 0, 1])
        place = reached[:, :, 0]
        reached[:, :, 1:] = np.minimum(reached[:, :, 1:] + 1, attack)
        visited = place[:, :, None] == tracked
        rank = np.where(visited.any(axis=2), visited.argmax(axis=2), -1)
        ranks.append(rank)
        waits.append((reached[:, :, 1:] * visited).sum(axis=2))
        reached[:, :, 1:][visited] = 0
        target = np.full(place.shape, -1)
        fresh = []
        for index in zip(*np.nonzero((place >= 0) & (place < nodes)), strict=True):
            key = reached[index].tobytes()
            if key not in number:
                number[key] = len(number)
                fresh.append(reached[index])
            target[index] = number[key]
        targets.append(target)
        frontier = np.array(fresh, dtype=np.int64).reshape(len(fresh), first.shape[1])
        states.append(frontier)
    steps = _Steps(np.concatenate(targets), np.concatenate(ranks), np.concatenate(waits))
    return np.concatenate(states), steps

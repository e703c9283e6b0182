"""The patrolling game on a line has its published values, and play that attains them."""

from itertools import product
from math import ceil

import numpy as np
import pytest

from sim.errors import InputError
from sim.optimum.line_patrol import best_walk, covered_share, patrol_game


def published_value(nodes: int, attack: int) -> float:
    """Value by Papadaki, Alpern, Lidbetter & Morton (2016)."""
    if attack == 1:
        return 1 / nodes
    if attack == 2:
        return 1 / ceil(nodes / 2)
    if nodes <= attack / 2 + 1:
        return 1.0
    if nodes <= attack + 1:
        return attack / (2 * (nodes - 1))
    if nodes == attack + 2 and attack % 2 == 0:
        return 0.5
    return attack / (nodes + attack - 1)


@pytest.mark.parametrize("nodes", range(1, 13))
def test_value_is_the_published_one_however_long_attacks_last(nodes):
    """Every attack, from one period to longer than a round of the line."""
    found = [patrol_game(nodes, attack).value for attack in range(1, 2 * nodes + 1)]
    expected = [published_value(nodes, attack) for attack in range(1, 2 * nodes + 1)]
    assert found == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(("nodes", "attack", "value"), [(5, 3, 3 / 7), (6, 2, 1 / 3)])
def test_examples_of_the_paper(nodes, attack, value):
    """Two values given in the paper itself."""
    assert patrol_game(nodes, attack).value == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(("nodes", "attack"), [(2, 1), (5, 3), (6, 2), (6, 4), (7, 5), (9, 4)])
def test_drawn_walks_stop_an_attack_on_any_node_at_any_time_as_often_as_the_value(nodes, attack):
    """Counted period by period along the walks, not by the formula that the solution uses."""
    game = patrol_game(nodes, attack)
    stopped = np.zeros(nodes)
    for walk, probability in zip(game.walks, game.probabilities, strict=True):
        for phase in range(len(walk)):
            seen = {int(walk[(phase + step) % len(walk)]) for step in range(attack)}
            stopped[list(seen)] += probability / len(walk)
    assert game.probabilities.sum() == pytest.approx(1.0)
    assert stopped.min() == pytest.approx(game.value, abs=1e-8)


@pytest.mark.parametrize(("nodes", "attack"), [(3, 2), (5, 3), (8, 4)])
def test_walks_are_closed_and_never_jump(nodes, attack):
    """So that a patrol can walk them over and over."""
    for walk in patrol_game(nodes, attack).walks:
        assert set(np.abs(np.diff(walk, append=walk[0]))) <= {0, 1}
        assert 0 <= walk.min() <= walk.max() < nodes


@pytest.mark.parametrize(("nodes", "attack"), [(3, 2), (4, 2), (4, 3), (5, 3)])
def test_no_walk_of_up_to_eight_periods_stops_more_of_the_optimal_attacks(nodes, attack):
    """Every closed walk there is, listed one by one."""
    game = patrol_game(nodes, attack)
    for period in range(1, 9):
        for start, steps in product(range(nodes), product((-1, 0, 1), repeat=period - 1)):
            walk = start + np.cumsum((0, *steps))
            if walk.min() >= 0 and walk.max() < nodes and abs(walk[-1] - walk[0]) <= 1:
                assert game.attacks @ covered_share(walk, nodes, attack) <= game.value + 1e-8


def test_best_walk_against_uneven_attacks_is_the_best_of_all_short_ones():
    """On three nodes under attacks of two periods no round of more than six periods is needed."""
    attacks = np.array([0.5, 0.2, 0.3])
    shares = [
        attacks @ covered_share(walk, 3, 2)
        for period in range(1, 7)
        for walk in map(np.array, product(range(3), repeat=period))
        if (np.abs(np.diff(walk, append=walk[0])) <= 1).all()
    ]
    walk, share = best_walk(attacks, 2)
    assert share == pytest.approx(max(shares))
    assert attacks @ covered_share(walk, 3, 2) == pytest.approx(share)


@pytest.mark.parametrize(("nodes", "attack"), [(0, 3), (4, 0)])
def test_a_game_of_nothing_is_refused(nodes, attack):
    """With what would do instead."""
    with pytest.raises(InputError, match="at least one of each"):
        patrol_game(nodes, attack)

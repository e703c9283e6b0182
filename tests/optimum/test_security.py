"""Security games are solved as their theory says, and nobody gains by doing otherwise."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from sim.errors import BordersimError
from sim.optimum.security import SecurityGame, general, opposed, standard_game
from sim.rules.security import coverage_at, water_level


def random_game(seed: int, targets: int = 6, types: int = 1, patrols: float = 2.0) -> SecurityGame:
    """Give a game of general payoffs in which patrols stop attacks with different chances."""
    chance = np.random.default_rng(seed)
    attacks = targets * types
    effects = chance.uniform(0.3, 1.0, attacks)
    here = np.tile(np.arange(targets), types)
    return SecurityGame(
        stopped=sparse.csr_array((effects, (np.arange(attacks), here)), shape=(attacks, targets)),
        limits=sparse.csr_array(np.ones((1, targets))),
        limit=np.array([patrols]),
        upper=np.ones(targets),
        types=np.repeat(np.arange(types), targets),
        weights=chance.uniform(0.5, 2.0, types),
        passes=chance.uniform(1.0, 10.0, attacks),
        caught=chance.uniform(-5.0, 0.0, attacks),
        lost=chance.uniform(-10.0, -1.0, attacks),
        kept=chance.uniform(0.0, 5.0, attacks),
    )


def by_multiple_programmes(game: SecurityGame) -> float:
    """Value for one type of attacker: for each target, the best placement that makes it his choice.

    Conitzer & Sandholm (EC 2006).
    """
    stopped = game.stopped.toarray()
    at_stake = (game.passes - game.caught)[:, None] * stopped
    best = -np.inf
    for chosen in range(len(stopped)):
        gain = (game.kept[chosen] - game.lost[chosen]) * stopped[chosen]
        found = linprog(
            -gain,
            A_ub=np.vstack([at_stake[chosen] - at_stake, game.limits.toarray()]),
            b_ub=np.append(game.passes[chosen] - game.passes, game.limit),
            bounds=list(zip(np.zeros(len(gain)), game.upper, strict=True)),
        )
        if found.status == 0:
            best = max(best, game.lost[chosen] - found.fun)
    return float(best)


def test_five_targets_and_one_patrol_have_the_value_worked_out_by_hand():
    """(k − B)/Σ 1/V over the k targets attacked, here three: 240/47."""
    found = opposed(standard_game(np.array([10.0, 8.0, 6.0, 4.0, 2.0]), 1))
    assert found.value == pytest.approx(-240 / 47)
    assert found.placed == pytest.approx([0.48936, 0.36170, 0.14894, 0.0, 0.0], abs=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_the_programme_and_the_rule_of_posts_give_the_same_coverage(seed):
    """A post plays its game by water level; the two are written apart."""
    chance = np.random.default_rng(seed)
    worths, effects = chance.uniform(1, 10, 12), chance.uniform(0.2, 1.0, 12)
    game = replace(standard_game(worths, 4), stopped=sparse.diags_array(effects, format="csr"))
    level = water_level(worths.tolist(), effects.tolist(), 4.0)
    expected = [coverage_at(level, *each) for each in zip(worths, effects, strict=True)]
    assert opposed(game).value == pytest.approx(-game.worth(np.array(expected)).max())


@pytest.mark.parametrize("seed", range(12))
def test_general_payoffs_agree_with_a_programme_for_each_target(seed):
    """Two methods that share no line."""
    game = random_game(seed)
    expected = game.weights[0] * by_multiple_programmes(game)
    assert general(game).value == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("types", [1, 3])
@pytest.mark.parametrize("seed", range(4))
def test_no_type_of_attacker_gains_by_moving(seed, types):
    """Whatever an equilibrium lets a type attack is worth most to it."""
    game = random_game(seed, types=types)
    for found in (general(game), opposed(game)):
        worth = game.worth(found.placed)
        for each in range(types):
            mine = game.types == each
            attacked = mine & (found.attacks > 1e-6)
            assert found.attacks[mine].sum() == pytest.approx(1.0)
            assert worth[attacked] == pytest.approx(worth[mine].max(), abs=1e-4)


@pytest.mark.parametrize("types", [1, 3])
@pytest.mark.parametrize("seed", range(4))
def test_no_feasible_shift_of_coverage_helps(seed, types):
    """Neither against attackers who answer, nor against the attacks of the equilibrium itself."""
    game = random_game(seed, types=types)
    found = opposed(game)

    def losses(placed: np.ndarray) -> float:
        worth = game.worth(placed)
        return sum(w * worth[game.types == t].max() for t, w in enumerate(game.weights))

    against = game.weights[game.types] * found.attacks
    assert losses(found.placed) == pytest.approx(-found.value)
    tried = 0
    for one in range(len(found.placed)):
        for other in range(len(found.placed)):
            shift = 0.05 * (np.arange(6) == one) - 0.05 * (np.arange(6) == other)
            placed = found.placed + shift
            if one != other and placed.min() >= 0 and placed.max() <= 1:
                tried += 1
                assert losses(placed) >= -found.value - 1e-9
                assert against @ game.worth(placed) >= -found.value - 1e-9
    assert tried


@pytest.mark.parametrize("seed", range(6))
def test_general_payoffs_that_are_opposed_give_the_same_value(seed):
    """So the two ways to solve agree where both apply, with several types too."""
    game = replace(random_game(seed, types=2), lost=None, kept=None)
    assert general(game).value == pytest.approx(opposed(game).value, abs=1e-4)


def test_general_payoffs_favour_the_leader_where_attackers_do_not_mind():
    """Two targets alike to the attacker; the one where the leader has less to lose is attacked."""
    game = replace(
        standard_game(np.array([5.0, 5.0]), 1),
        lost=np.array([-9.0, -1.0]),
        kept=np.zeros(2),
    )
    assert general(game).value == pytest.approx(-0.5, abs=1e-5)


def test_limits_that_nothing_keeps_to_are_an_error():
    """With a word for what is wrong."""
    game = replace(standard_game(np.array([1.0, 2.0]), 1), limit=np.array([-1.0]))
    with pytest.raises(BordersimError, match="no placement"):
        opposed(game)


def test_five_thousand_targets_are_solved():
    """Whose value is (k − B)/Σ 1/V over the k attacked, which are those worth more than it."""
    worths = np.sort(np.random.default_rng(7).uniform(1, 10, 5000))[::-1]
    levels = (np.arange(1, 5001) - 400) / np.cumsum(1 / worths)
    assert opposed(standard_game(worths, 400)).value == pytest.approx(-levels.max())

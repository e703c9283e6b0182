"""Security games: where to patrol against attackers who know how often each place is covered.

The strong Stackelberg equilibrium of games with several types of attackers, whatever limits how
patrols can be placed: with opposed payoffs by one linear programme, with general ones by a mixed
integer one.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from sim.errors import BordersimError
from sim.optimum.linear import minimise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class SecurityGame:
    """A game of one leader, who places patrols, against attackers of several types.

    An attack is a type's choice of a target. Placements x are variables between 0 and `upper` that
    satisfy limits · x ≤ limit; they stop attack r with probability (stopped · x)_r.

    Attributes
    ----------
    stopped : how much one unit of each placement adds to the probability, sparse, shape (attacks,
        placements)
    limits, limit : what placements must keep to, sparse, shape (limits, placements), and (limits,)
    upper : greatest value of each placement, shape (placements,)
    types : type that each attack is of, from 0, shape (attacks,)
    weights : how often, or how likely, a type attacks, shape (types,)
    passes, caught : what an attack is worth to the attacker if it passes and if it is stopped,
        passes above caught, shape (attacks,)
    lost, kept : what it is worth to the leader if it passes and if it is stopped, same shape; None
        where the leader loses what attackers gain
    """

    stopped: Any
    limits: Any
    limit: Floats
    upper: Floats
    types: Ints
    weights: Floats
    passes: Floats
    caught: Floats
    lost: Floats | None = None
    kept: Floats | None = None

    def worth(self, placed: Floats) -> Floats:
        """Give what each attack is worth to the attacker, shape (attacks,)."""
        stopped: Floats = self.stopped @ placed
        return self.passes - (self.passes - self.caught) * stopped

    def worth_to_leader(self, placed: Floats) -> Floats:
        """Give what each attack is worth to the leader, shape (attacks,)."""
        if self.lost is None or self.kept is None:
            return -self.worth(placed)
        stopped: Floats = self.stopped @ placed
        return self.lost + (self.kept - self.lost) * stopped


@dataclass(frozen=True)
class Equilibrium:
    """A strong Stackelberg equilibrium.

    Attributes
    ----------
    value : expected payoff of the leader, weighted by type
    placed : of each placement, shape (placements,)
    attacks : probability of each attack, given its type, shape (attacks,); of one type they sum to
        one. With opposed payoffs they are such that no other placement would do better against them
    """

    value: float
    placed: Floats
    attacks: Floats


def standard_game(values: Floats, patrols: float) -> SecurityGame:
    """Give the game of one attacker where a patrol on a target always stops him.

    Parameters
    ----------
    values : of an attack on each target that nobody stops, above 0
    patrols : to share out, at most one on each target

    Returns
    -------
    With opposed payoffs, 0 if the attack is stopped.
    """
    targets = len(values)
    return SecurityGame(
        stopped=sparse.eye_array(targets, format="csr"),
        limits=sparse.csr_array(np.ones((1, targets))),
        limit=np.array([float(patrols)]),
        upper=np.ones(targets),
        types=np.zeros(targets, dtype=np.int64),
        weights=np.ones(1),
        passes=np.asarray(values, dtype=float),
        caught=np.zeros(targets),
    )


FAVOUR = 1e-6
"""Weight of what is favoured among equilibria, relative to the value."""


def opposed(game: SecurityGame, favoured: Floats | None = None) -> Equilibrium:
    """Solve a game in which the leader loses what attackers gain, to optimality.

    Parameters
    ----------
    game : its `lost` and `kept` do not count
    favoured : of equilibria, take one whose placements have most of this, shape (placements,); any
        if missing

    Raises
    ------
    BordersimError : no placement keeps to the limits, or HiGHS gave up

    Source
    ------
    Minimax by linear programming (von Neumann 1928); a leader who commits himself loses nothing by
    it where payoffs are opposed (Conitzer & Sandholm, EC 2006). Marginal coverage in place of
    deployments is ERASER's (Kiekintveld et al., AAMAS 2009).
    """
    attacks, placements = game.stopped.shape
    types = len(game.weights)
    at_stake = sparse.diags_array(game.passes - game.caught) @ game.stopped
    of_type = sparse.csr_array(
        (np.ones(attacks), (np.arange(attacks), game.types)), shape=(attacks, types)
    )
    limits = sparse.hstack([game.limits, sparse.csr_array((len(game.limit), types))])
    nudge = np.zeros(placements) if favoured is None else -FAVOUR * favoured
    found = minimise(
        np.concatenate([nudge, game.weights]),
        A_ub=sparse.vstack([sparse.hstack([-at_stake, -of_type]), limits], format="csr"),
        b_ub=np.concatenate([-game.passes, game.limit]),
        bounds=np.column_stack(
            [
                np.append(np.zeros(placements), np.full(types, -np.inf)),
                np.append(game.upper, np.full(types, np.inf)),
            ]
        ),
    )
    if found is None:
        raise BordersimError("no placement of patrols keeps to the limits", where="security game")
    placed, weights = found.x[:placements], game.weights[game.types]
    shares = np.divide(-found.prices[:attacks], weights, out=np.zeros(attacks), where=weights > 0.0)
    value = -float(game.weights @ found.x[placements:])
    return Equilibrium(value, placed, np.maximum(shares, 0.0))


def general(game: SecurityGame, seconds: float = 60.0, gap: float = 1e-6) -> Equilibrium:
    """Solve a game with general payoffs; attackers to whom targets are alike do the leader's will.

    Parameters
    ----------
    game : with `lost` and `kept`; without them the payoffs are opposed
    seconds : after which the search ends
    gap : relative distance of the value from its bound at which it may end before

    Raises
    ------
    BordersimError : not solved within the time, or no placement keeps to the limits

    Source
    ------
    One binary choice for each attack, as in DOBSS (Paruchuri et al., AAMAS 2008) and ERASER
    (Kiekintveld et al., AAMAS 2009). Finding this equilibrium is NP-hard with several types.
    """
    attacks, placements = game.stopped.shape
    types = len(game.weights)
    lost = -game.passes if game.lost is None else game.lost
    kept = -game.caught if game.kept is None else game.kept
    choice = sparse.csr_array(
        (np.ones(attacks), (np.arange(attacks), game.types)), shape=(attacks, types)
    )
    at_stake = sparse.diags_array(game.passes - game.caught) @ game.stopped
    gained = sparse.diags_array(kept - lost) @ game.stopped
    # Where an attack is not chosen, what binds its worth is loosened by all that payoffs span.
    span = np.ptp(np.concatenate([game.passes, game.caught]))
    leader_span = np.ptp(np.concatenate([lost, kept]))
    all_attacks = sparse.eye_array(attacks)
    # Columns: placements, whether each attack is chosen, its worth by type, the leader's by type.
    rows = sparse.block_array(
        [
            [at_stake, None, choice, None],
            [at_stake, span * all_attacks, choice, None],
            [-gained, leader_span * all_attacks, None, choice],
            [None, choice.T, None, None],
            [game.limits, None, None, None],
        ],
        format="csr",
    )
    unbounded = np.full(len(game.limit), -np.inf), np.full(attacks, -np.inf)
    least = [game.passes, unbounded[1], unbounded[1], np.ones(types), unbounded[0]]
    most = [np.full(attacks, np.inf), game.passes + span, lost + leader_span, np.ones(types)]
    free = np.full(2 * types, np.inf)
    found: Any = milp(
        np.concatenate([np.zeros(placements + attacks + types), -game.weights]),
        constraints=LinearConstraint(
            rows, np.concatenate(least), np.concatenate([*most, game.limit])
        ),
        integrality=np.concatenate([np.zeros(placements), np.ones(attacks), np.zeros(2 * types)]),
        bounds=Bounds(
            np.concatenate([np.zeros(placements + attacks), -free]),
            np.concatenate([game.upper, np.ones(attacks), free]),
        ),
        options={"time_limit": seconds, "mip_rel_gap": gap},
    )
    if found.status != 0:
        raise BordersimError(
            f"no equilibrium found: {found.message}",
            where="security game",
            remedy="more time, or opposed payoffs",
        )
    chosen = np.round(found.x[placements : placements + attacks])
    return Equilibrium(-float(found.fun), found.x[:placements], chosen)

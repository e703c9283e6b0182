"""What could have been: games solved, and how near a policy comes to the best."""

from sim.optimum.achievable import (
    METRICS,
    Hand,
    Limits,
    Trial,
    Tried,
    as_one,
    best_alone,
    directed,
    limits_of,
    most_runs,
    run_trial,
    without_policy,
)
from sim.optimum.board import Board
from sim.optimum.border_game import Coverage, best_coverage, everybody, links_in
from sim.optimum.line_patrol import PatrolGame, patrol_game
from sim.optimum.placement import Journey, Placed, place
from sim.optimum.scores import Score, score
from sim.optimum.security import Equilibrium, SecurityGame, general, opposed

__all__ = [
    "METRICS",
    "Board",
    "Coverage",
    "Equilibrium",
    "Hand",
    "Journey",
    "Limits",
    "PatrolGame",
    "Placed",
    "Score",
    "SecurityGame",
    "Trial",
    "Tried",
    "as_one",
    "best_alone",
    "best_coverage",
    "directed",
    "everybody",
    "general",
    "limits_of",
    "links_in",
    "most_runs",
    "opposed",
    "patrol_game",
    "place",
    "run_trial",
    "score",
    "without_policy",
]

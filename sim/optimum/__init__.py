"""What could have been: games solved, and how near a policy comes to the best."""

from sim.optimum.achievable import Limits, as_one, best_alone, directed, limits_of
from sim.optimum.board import Board
from sim.optimum.border_game import Coverage, best_coverage, everybody, links_in
from sim.optimum.line_patrol import PatrolGame, patrol_game
from sim.optimum.placement import Journey, Placed, place
from sim.optimum.scores import Score, score
from sim.optimum.security import Equilibrium, SecurityGame, general, opposed

__all__ = [
    "Board",
    "Coverage",
    "Equilibrium",
    "Journey",
    "Limits",
    "PatrolGame",
    "Placed",
    "Score",
    "SecurityGame",
    "as_one",
    "best_alone",
    "best_coverage",
    "directed",
    "everybody",
    "general",
    "limits_of",
    "links_in",
    "opposed",
    "patrol_game",
    "place",
    "score",
]

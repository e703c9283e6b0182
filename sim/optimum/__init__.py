"""What could have been: games solved, and how near a policy comes to the best."""

from sim.optimum.board import Board
from sim.optimum.border_game import Coverage, best_coverage, everybody, links_in
from sim.optimum.line_patrol import PatrolGame, patrol_game
from sim.optimum.placement import Journey, Placed, place
from sim.optimum.security import Equilibrium, SecurityGame, general, opposed

__all__ = [
    "Board",
    "Coverage",
    "Equilibrium",
    "Journey",
    "PatrolGame",
    "Placed",
    "SecurityGame",
    "best_coverage",
    "everybody",
    "general",
    "links_in",
    "opposed",
    "patrol_game",
    "place",
]

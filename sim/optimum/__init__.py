"""What could have been: games solved, and how near a policy comes to the best."""

from sim.optimum.line_patrol import PatrolGame, patrol_game

__all__ = ["PatrolGame", "patrol_game"]

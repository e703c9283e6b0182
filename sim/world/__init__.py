"""Where: the border graph, the sites along it, and who can speak with whom."""

from sim.world.world import World, build_world

__all__ = ["World", "build_world"]

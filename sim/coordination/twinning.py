"""Station twinning: a direct link between stations of one side and a company of the other."""

from functools import cache

from sim.coordination.instrument import Instrument, Theatre
from sim.scenario.doses import Twinning
from sim.world.communication import post_node, twin_pairs


class StationTwinning(Instrument):
    """Adds ties between twinned posts to the communication graph; others make use of them.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy
    """

    name = "twinning"

    def __init__(self, theatre: Theatre, dose: Twinning) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        world = self.stage.world
        facing = dose.groups == "facing"
        pairs = world.twins if facing else twin_pairs(world.posts, self.stage.scenario, dose.groups)
        joins = cache(self.joins)
        self.twins = [
            (first, second)
            for first, second in pairs
            if joins(world.posts[first].side, world.posts[second].side)
        ]

    def connect(self) -> None:
        """Tie twinned posts to each other."""
        world = self.stage.world
        for first, second in self.twins:
            ends = post_node(world.posts[first]), post_node(world.posts[second])
            world.communication.add_edge(*ends, tie="twin")
            world.communication.add_edge(*reversed(ends), tie="twin")

    def money(self) -> float:
        """Upkeep of every pair."""
        return self.dose.money_per_group * len(self.twins) * self.days / 365.0

"""Multilateral extension: further sides join what two practise."""

from sim.coordination.instrument import Instrument, Theatre
from sim.scenario import doses
from sim.world.communication import post_node


class MultilateralExtension(Instrument):
    """Ties posts of different sides that meet at a tripoint; others ask it who takes part.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy, with at least one member
    """

    name = "multilateral"
    key = 12

    def __init__(self, theatre: Theatre, dose: doses.Multilateral) -> None:
        self.dose = dose
        super().__init__(theatre, dose)

    def connect(self) -> None:
        """Tie posts that meet at a tripoint, so that neighbours there can report to each other."""
        world, members = self.stage.world, set(self.members)
        for number, others in world.meeting.items():
            for other in others:
                here, there = world.posts[number], world.posts[other]
                if here.side != there.side and {here.side, there.side} <= members:
                    ends = post_node(here), post_node(there)
                    if not world.communication.has_edge(*ends):
                        world.communication.add_edge(*ends, tie="facing")

    @property
    def members(self) -> tuple[str, ...]:
        """Sides that take part in anything the extension covers."""
        world = self.stage.world
        joined = set(self.dose.members) & set(world.sides)
        return tuple(sorted(set(world.segments[0].sides) | joined))

    def money(self) -> float:
        """Cost of the members that the first two sides did not have without it."""
        more = set(self.members) - set(self.stage.world.segments[0].sides)
        return self.dose.money_per_member * len(more) * self.days / 365.0

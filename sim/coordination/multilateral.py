"""Multilateral extension: further sides join what two practise."""

from sim.coordination.instrument import Instrument, Theatre
from sim.scenario import doses


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
        super().__init__(theatre, dose)
        self.dose = dose

    def money(self) -> float:
        """Cost of the members that the first two sides did not have without it."""
        more = set(self.members) - set(self.stage.world.segments[0].sides)
        return self.dose.money_per_member * len(more) * self.days / 365.0

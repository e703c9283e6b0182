"""Health coordination: outbreaks are told, and people are screened jointly."""

from sim.agents import Shift
from sim.coordination.instrument import Instrument, Theatre
from sim.scenario import doses


class HealthCoordination(Instrument):
    """Lets sides know of outbreaks at once, and screens at gates and away from them.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy, with a level above 0
    """

    name = "health"
    key = 11

    def __init__(self, theatre: Theatre, dose: doses.Health) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        self.post_days = 0.0

    def prepare(self) -> None:
        """Put the level in force."""
        self.theatre.infection.coordinate(self.dose, self.members)

    def end(self) -> None:
        """Leave every side to itself again."""
        self.theatre.infection.coordinate(None, ())

    def before_decisions(self, shift: Shift) -> None:
        """Take the time that screening takes while there is something to screen for."""
        if self.dose.level < 2:
            return
        hours = self.dose.hours_per_day * (self.dose.level - 1) * shift.days
        for post in self.theatre.posts_by_number:
            if post.side in self.members and self.theatre.infection.screening(post.side):
                self.charge(post, hours)
                self.post_days += shift.days

    def money(self) -> float:
        """What screening cost."""
        return self.dose.money_per_day * self.post_days

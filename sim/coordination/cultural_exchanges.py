"""Cultural and sport exchanges: posts that face each other get to know each other."""

from sim.agents import Shift
from sim.coordination.instrument import Instrument, Theatre
from sim.scenario import doses


class CulturalExchanges(Instrument):
    """Raises trust between the posts of each pair on regular dates.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy
    """

    name = "cultural_exchanges"
    key = 7

    def __init__(self, theatre: Theatre, dose: doses.CulturalExchanges) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        self.events = 0

    def before_decisions(self, shift: Shift) -> None:
        """Meet where the date has come."""
        for pair in self.pairs:
            for _ in self.occasions(pair.number, self.dose.per_year, shift):
                for post, partner in (self.posts_of(pair), self.posts_of(pair)[::-1]):
                    post.partners.experience(partner.number, True, self.dose.trust_gain)
                    self.charge(post, self.dose.hours_each)
                self.events += 1
                self.theatre.note("exchange", shift.start, pair.first, pair.second)

    def money(self) -> float:
        """What the events cost."""
        return self.dose.money_each * self.events

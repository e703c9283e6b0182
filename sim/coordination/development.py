"""Local development: where people live better, fewer carry for groups."""

from math import fsum

from sim.agents import Attempt, SmugglingGroup
from sim.coordination.instrument import Instrument, Theatre
from sim.draws import Purpose
from sim.rules.cooperation import lacking_carriers, saturating
from sim.scenario import doses


class LocalDevelopment(Instrument):
    """Keeps some of the attempts that are wanted from being made, for lack of carriers.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy, with a budget above 0
    """

    name = "development"
    key = 10

    def __init__(self, theatre: Theatre, dose: doses.Development) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        self.effect = saturating(dose.budget, dose.most, dose.half_budget)
        self.at_first = 0.0

    def turns_back(self, attempt: Attempt) -> bool:
        """Whether a group that wants to cross finds nobody to carry."""
        if not self.acts_on(self.theatre.groups_by_number[attempt.group]):
            return False
        lacking = self._lacking(attempt.wanted)
        return self.stage.chance.uniform(Purpose.CARRIERS, attempt.number) < lacking

    def acts_on(self, group: SmugglingGroup) -> bool:
        """Whether it is spent where a group lives."""
        return group.home.side in self.members and self._spent_in(group.home.province)

    def _lacking(self, time: float) -> float:
        """Share of attempts that find no carriers at a time."""
        elapsed, delay = time - self.since, 24.0 * self.dose.delay_days
        return lacking_carriers(self.effect, self.at_first, elapsed, delay)

    def succeed(self, before: Instrument) -> None:
        """Start from what the spending so far has brought about."""
        if isinstance(before, LocalDevelopment):
            self.at_first = before._lacking(self.since)

    def _spent_in(self, province: str) -> bool:
        return not self.dose.provinces or province in self.dose.provinces

    def money_by_side(self) -> dict[str, float]:
        """What each side spends along its own part of the line."""
        spent = dict.fromkeys(self.members, 0.0)
        for segment in self.stage.world.segments:
            for side in segment.sides:
                if side in spent and self._spent_in(segment.province_of(side)):
                    spent[side] += self.dose.budget * segment.length_km * self.days / 365.0
        return spent

    def money(self) -> float:
        """What all sides spend."""
        return fsum(self.money_by_side().values())

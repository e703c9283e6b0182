"""Marker management: both sides survey the markers together, and sign what is to be repaired."""

from math import fsum

from sim.agents import Shift
from sim.coordination.instrument import Instrument, Pair, Theatre
from sim.scenario import doses


class MarkerManagement(Instrument):
    """Surveys the common line of each pair of posts on regular dates.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy
    """

    name = "markers"
    key = 3

    def __init__(self, theatre: Theatre, dose: doses.MarkerManagement) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        self.surveys = 0

    def before_decisions(self, shift: Shift) -> None:
        """Survey where the date has come."""
        for pair in self.pairs:
            for _ in self.occasions(pair.number, self.dose.surveys_per_year, shift):
                self._survey(pair, shift)

    def _survey(self, pair: Pair, shift: Shift) -> None:
        posts = self.posts_of(pair)
        hours = self.hours_along(pair)
        for post in posts:
            self.theatre.markers.inspect(post.side, pair.segments, shift, self.dose.found)
            self.charge(post, hours)
        sides = frozenset(post.side for post in posts)
        self.theatre.markers.sign(sides, pair.segments, shift.end)
        self.surveys += 1
        self.theatre.note("marker_survey", shift.start, pair.first, pair.second)

    def hours_along(self, pair: Pair) -> float:
        """Time to walk the common line once."""
        world = self.stage.scenario.world
        segments = (self.stage.world.segments[number] for number in pair.segments)
        return fsum(each.length_km / world.speed_kmh[each.relief - 1] for each in segments)

    def money(self) -> float:
        """What the surveys cost."""
        return self.dose.money_per_survey * self.surveys

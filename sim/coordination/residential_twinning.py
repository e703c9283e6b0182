"""Residential twinning: people of twinned villages tell the posts of both sides what they see."""

from sim.agents import Attempt, Post, Shift
from sim.coordination.instrument import Instrument, Theatre
from sim.draws import Purpose
from sim.scenario import doses


class ResidentialTwinning(Instrument):
    """Pairs villages across the line; where there is a pair, more is told, and to both sides.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy, with at least one pair
    """

    name = "residential_twinning"
    key = 9

    def __init__(self, theatre: Theatre, dose: doses.ResidentialTwinning) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        self.villages = self._villages()

    def _villages(self) -> list[int]:
        """Segments with a pair of villages; more pairs are always those of fewer, and others."""
        world, draw = self.stage.world, self.stage.chance.uniform
        lived_at = {place.segment for place in world.settlements}
        candidates = [s for s in sorted(lived_at) if self.joins(*world.segments[s].sides)]
        candidates.sort(key=lambda segment: draw(Purpose.VILLAGE, segment))
        return sorted(candidates[: self.dose.pairs])

    def prepare(self) -> None:
        """Let people along the line tell more."""
        ordinary = self.stage.scenario.community.reports
        for post, segment in self.holders():
            post.watch.ears[segment] = max(self.dose.reports, ordinary)

    def end(self) -> None:
        """Let people tell what they told before."""
        for post, segment in self.holders():
            post.watch.ears.pop(segment, None)

    def holders(self) -> list[tuple[Post, int]]:
        """Posts of both sides with each segment of theirs that has a pair of villages."""
        world, posts = self.stage.world, self.theatre.posts_by_number
        return [
            (posts[world.holder[side, segment]], segment)
            for segment in self.villages
            for side in world.segments[segment].sides
        ]

    def before_decisions(self, shift: Shift) -> None:
        """Meet with the villagers on regular dates."""
        for post, segment in self.holders():
            for _ in self.occasions(segment, self.dose.meetings_per_year, shift):
                self.charge(post, self.dose.meeting_hours)

    def on_told(self, attempt: Attempt, post: Post, time: float) -> None:
        """Let the villages across the line tell the post there as well."""
        if attempt.segment in self.villages and post.side == attempt.origin:
            partner = self.stage.world.holder[attempt.destination, attempt.segment]
            self.theatre.schedule_alert(partner, attempt, time)

    def money(self) -> float:
        """Upkeep of the pairs."""
        return self.dose.money_per_pair * len(self.villages) * self.days / 365.0

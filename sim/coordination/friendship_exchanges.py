"""Friendship exchanges: commands meet, and the posts under them trust each other more."""

from sim.agents import Shift
from sim.coordination.instrument import Instrument, Pair, Theatre
from sim.scenario import doses


class FriendshipExchanges(Instrument):
    """Raises trust between all pairs of posts whose commands meet, on regular dates.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy
    """

    name = "friendship_exchanges"
    key = 8

    def __init__(self, theatre: Theatre, dose: doses.FriendshipExchanges) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        self.meetings = 0
        self.under: dict[tuple[str, ...], list[Pair]] = {}
        for pair in self.pairs:
            self.under.setdefault(self._commands(pair), []).append(pair)

    def _commands(self, pair: Pair) -> tuple[str, ...]:
        """Who meets on behalf of a pair of posts."""
        sites = [self.stage.world.posts[number] for number in pair.posts]
        if self.dose.level == "post":
            return tuple(site.name for site in sites)
        if self.dose.level == "province":
            return tuple(f"{site.side} {site.province}" for site in sites)
        return tuple(site.side for site in sites)

    def before_decisions(self, shift: Shift) -> None:
        """Meet where the date has come."""
        for pairs in self.under.values():
            for _ in self.occasions(pairs[0].number, self.dose.per_year, shift):
                self._meet(pairs, shift)

    def _meet(self, pairs: list[Pair], shift: Shift) -> None:
        gain = self.dose.gain
        present = sorted({number for pair in pairs for number in pair.posts})
        for number in present:
            self.charge(self.theatre.posts_by_number[number], self.dose.hours_each)
        for pair in pairs:
            for post, partner in (self.posts_of(pair), self.posts_of(pair)[::-1]):
                post.partners.experience(partner.number, True, gain)
        self.meetings += 1
        self.theatre.note("exchange", shift.start, pairs[0].first, pairs[0].second)

    def money(self) -> float:
        """What the meetings cost."""
        return self.dose.money_each * self.meetings

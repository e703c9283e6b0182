"""Professional exchanges: forces learn from each other how a type of crime is recognised."""

from sim.agents import Post, Shift
from sim.coordination.instrument import Instrument, Theatre
from sim.rules.belief import keep_share
from sim.rules.cooperation import skill_after
from sim.rules.ties import in_hundredths
from sim.scenario import doses

REVIEW_HOURS = 30.0 * 24.0
"""How often what was forgotten is taken into account."""


class ProfessionalExchanges(Instrument):
    """Raises the skill of posts, by crime type; skill fades.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy
    """

    name = "professional_exchanges"
    key = 4

    def __init__(self, theatre: Theatre, dose: doses.ProfessionalExchanges) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        self.days_held = 0
        self.next_review = self.since + REVIEW_HOURS

    def before_decisions(self, shift: Shift) -> None:
        """Hold the exchanges whose date has come; forget."""
        if shift.start >= self.next_review:
            self.next_review += REVIEW_HOURS
            self._forget()
        for pair in self.pairs:
            for day in self.occasions(pair.number, self.dose.days_per_year, shift):
                for post, partner in (self.posts_of(pair), self.posts_of(pair)[::-1]):
                    self._learn(post, day)
                    self.charge(post, self.dose.hours_per_day)
                    step = self.stage.scenario.posts.trust.kept
                    post.partners.experience(partner.number, True, step)
                self.days_held += 1
                self.theatre.note("exchange", shift.start, pair.first, pair.second)

    def _learn(self, post: Post, day: int) -> None:
        """Teach a post for a day about the topic, or the types in turn."""
        crimes = self.stage.crimes
        topic = crimes[day % len(crimes)] if self.dose.topic == "all" else self.dose.topic
        if topic not in crimes:
            # Nobody commits it here, so that there is nothing to be better at.
            return
        place = crimes.index(topic)
        post.skill[place] = skill_after(post.skill[place], self.dose.learned, 1.0)
        self._sharpen(post)

    def _forget(self) -> None:
        keep = keep_share(REVIEW_HOURS, 24.0 * self.dose.half_life_days)
        for post in self.theatre.posts_by_number:
            if any(post.skill):
                post.skill = [keep * skill for skill in post.skill]
                self._sharpen(post)

    def _sharpen(self, post: Post) -> None:
        # In steps of a hundredth, so that what a shift covers is not worked out anew each time.
        factors = [1.0 + self.dose.most * in_hundredths(skill) for skill in post.skill]
        post.sharpen(self.name, factors)

    def succeed(self, before: Instrument) -> None:
        """Build on what was learned."""
        if isinstance(before, ProfessionalExchanges):
            self.next_review = before.next_review
        for post in self.theatre.posts_by_number:
            self._sharpen(post)

    def end(self) -> None:
        """Lose the advantage when exchanges are given up; skill starts again from nothing."""
        for post in self.theatre.posts_by_number:
            post.skill = [0.0] * len(post.skill)
            self._sharpen(post)

    def money(self) -> float:
        """What the days of exchange cost."""
        return self.dose.money_per_day * self.days_held

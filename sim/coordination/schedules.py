"""Coordinated schedules: posts that face each other agree beforehand who walks where and when."""

from sim.agents import Post, Shift
from sim.agents.report import Plan
from sim.coordination.instrument import Instrument, Pair, Theatre
from sim.scenario import doses


class CoordinatedSchedules(Instrument):
    """Splits the common line, keeps patrols half a round apart, or fixes plans ahead.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy, with a kind other than "none"
    """

    name = "schedules"
    key = 2

    def __init__(self, theatre: Theatre, dose: doses.Schedules) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        ahead = dose.kind == "complementary"
        self.period_hours = 24.0 * (dose.days_ahead if ahead else dose.meeting_days)
        self.next_meeting = self.since
        self.meetings = 0

    def prepare(self) -> None:
        """Agree on what holds for good."""
        taking_part = sorted({number for pair in self.pairs for number in pair.posts})
        self.posts = [self.theatre.posts_by_number[number] for number in taking_part]
        if self.dose.kind == "antiphase":
            for post in self.posts:
                post.in_step = True
        if self.dose.kind == "split":
            for post in self.posts:
                post.choice = self._own_part(post)

    def end(self) -> None:
        """Let posts choose freely again, and be bound by nothing."""
        for post in self.posts:
            post.in_step = False
            post.choice = tuple(range(len(post.beats)))
            if self.dose.kind == "complementary":
                post.plans.clear()
                post.partners.agreed.clear()

    def _own_part(self, post: Post) -> tuple[int, ...]:
        """Beats of a post that lie in its own half of every common line, all of them if none do."""
        left = {segment for pair in self.pairs for segment in _half_of_partner(pair, post)}
        own = tuple(index for index, beat in enumerate(post.beats) if not left & set(beat.segments))
        return own or tuple(range(len(post.beats)))

    def before_decisions(self, shift: Shift) -> None:
        """Meet when it is time; for complementary plans, let one side fix its own."""
        if shift.start < self.next_meeting - 1e-9:
            return
        self.next_meeting += self.period_hours
        for pair in self.pairs:
            for post in self.posts_of(pair):
                self.charge(post, self.dose.meeting_hours)
        if self.dose.kind == "complementary":
            self._fix_plans(shift)
        self.meetings += 1

    def _fix_plans(self, shift: Shift) -> None:
        """Let the side whose turn it is fix its plans for the period, and tell its partners."""
        turn = self.meetings % 2
        length = self.stage.scenario.time.shift_hours
        shifts = max(1, round(self.period_hours / length))
        for post in self.posts:
            post.partners.forget_agreements(shift.number)
        for pair in self.pairs:
            for post, partner in (self.posts_of(pair), self.posts_of(pair)[::-1]):
                if post.site.pair[turn] != post.side:
                    continue
                for ahead in range(shifts):
                    partner.partners.agree(post.number, self._plan(post, shift, ahead))

    def _plan(self, post: Post, shift: Shift, ahead: int) -> Plan:
        """Give the plan of a post for a shift ahead; it binds itself to it."""
        then = self.theatre.shift_ahead(shift, ahead)
        if then.number not in post.plans:
            post.plans[then.number] = post.decide(then)
        return post.plans[then.number]


def _half_of_partner(pair: Pair, post: Post) -> tuple[int, ...]:
    """The part of a common line that a post leaves to its partner; nothing if it is not in it."""
    if post.number not in pair.posts:
        return ()
    middle = (len(pair.segments) + 1) // 2
    return pair.segments[middle:] if post.number == pair.first else pair.segments[:middle]

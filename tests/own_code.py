"""Code of a user's own, as a file may name it: what it may do on either engine."""

from collections import Counter
from typing import Any

from sim.agents import Attempt, Post, Shift
from sim.agents.adversaries import ExperienceWeighted
from sim.agents.allocation import Outlook, posterior_mean
from sim.agents.report import Plan
from sim.coordination import Instrument, Theatre
from sim.draws import Purpose


def as_believed(outlook: Outlook) -> tuple[int, ...]:
    """Choose as the package's own allocation does."""
    return posterior_mean(outlook)


def beyond(outlook: Outlook) -> tuple[int, ...]:
    """Choose a beat that there is not."""
    return (len(outlook.covers),)


def failing(outlook: Outlook) -> tuple[int, ...]:
    """Go wrong."""
    raise ZeroDivisionError(f"post {outlook.post}")


class Learning(ExperienceWeighted):
    """Chooses and learns as the package's own adversary does."""


class Busy(Instrument):
    """Acts whenever an instrument may."""

    name = "busy"
    key = 1002

    def __init__(self, theatre: Theatre, dose: object) -> None:
        super().__init__(theatre, dose)
        self.calls: Counter[str] = Counter()

    def _act(self, what: str, post: Post, hours: float) -> None:
        self.calls[what] += 1
        self.charge(post, hours)

    def before_decisions(self, shift: Shift) -> None:
        """Take time from everybody on some days, and let everybody expect more."""
        for _ in self.occasions(1, 200.0, shift):
            for post in self.theatre.posts_by_number:
                post.belief.evidence[0] *= 1.1
                self._act("before", post, 1.5)

    def plan_decided(self, post: Post, plan: Plan, time: float) -> None:
        """Take time by what was planned."""
        self._act("plan", post, 0.01 * len(plan.beats) + 0.001 * sum(plan.coverage))

    def turns_back(self, attempt: Attempt) -> bool:
        """Turn back one in ten."""
        self.calls["turned"] += 1
        return self.stage.chance.uniform(Purpose.EXTENSION, attempt.number, self.key) < 0.1

    def on_detection(self, attempt: Attempt, post: Post, time: float) -> None:
        """Believe more, write it down, and call across the line."""
        post.belief.add(0.01 * post.belief.evidence)
        self._act("detected", post, 0.1 * len(attempt.found_by) + 0.01 * post.debt_hours)
        self.theatre.note("storage_found", time, post.number, segment=attempt.segment, value=2.0)
        if time < attempt.line and post.side == attempt.origin:
            partner = self.stage.world.holder[attempt.destination, attempt.segment]
            self.theatre.schedule_alert(partner, attempt, time + 0.01)

    def on_told(self, attempt: Attempt, post: Post, time: float) -> None:
        """Take time by how long it goes on."""
        self._act("told", post, attempt.end - time)

    def on_handover(self, attempt: Attempt, post: Post) -> None:
        """Take time by how it ended."""
        self._act("handover", post, 0.1 * int(attempt.outcome))

    def after_shift(self, shift: Shift) -> None:
        """Take time by where patrols went."""
        for post in self.theatre.posts_by_number:
            walked = [patrol.route for patrol in post.team if patrol.route is not None]
            self._act("after", post, 0.001 * len(post.plan.beats) * len(walked))


class Reaching(Instrument):
    """Changes what only the agents can let it change."""

    name = "reaching"
    key = 1003

    def after_shift(self, shift: Shift) -> None:
        """Let trust grow."""
        for post in self.theatre.posts_by_number:
            for partner in self.stage.world.facing[post.number]:
                post.partners.experience(partner, True, 0.01)


class Carrying(Instrument):
    """Says that it carries reports."""

    name = "carrying"
    key = 1004

    def carries(self, author: int, reader: int) -> Any:
        """All of them."""
        return True

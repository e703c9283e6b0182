"""Agents that act as ever, and let it be taken down what they do."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any

import mesa

from sim.agents import Attempt, Cause, Patrol, Post, Shift, SmugglingGroup, Stage
from sim.agents.partners import Partners
from sim.agents.report import Plan, Report
from sim.engine import BorderModel
from sim.replay.messages import Postbag
from sim.replay.pictures import Pictures
from sim.world.sites import PostSite


@dataclass
class Notebook:
    """What is taken down of a run while it goes on.

    Attributes
    ----------
    attempts : all that groups chose, in that order
    pauses : begin and end of each patrol's pursuits, h, by its number
    passers : for attempts on the beat of a patrol that did not see them, the post of the patrol
        that their cause is about, and when it passed, h, infinite if it did not; by their number
    postbag : messages and the reports in them
    pictures : what posts believed
    """

    attempts: list[Attempt] = field(default_factory=list)
    pauses: dict[int, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    passers: dict[int, tuple[int, float]] = field(default_factory=dict)
    postbag: Postbag = field(default_factory=Postbag)
    pictures: Pictures = field(default_factory=Pictures)

    def model_class(self) -> type[BorderModel]:
        """Make a model that shows when messages are read, and what is lost."""
        postbag = self.postbag

        class WatchedModel(BorderModel):
            def note(
                self,
                event: str,
                time: float,
                post: int = -1,
                partner: int = -1,
                segment: int = -1,
                value: float = 0.0,
            ) -> None:
                super().note(event, time, post, partner, segment, value)
                postbag.note(event, time, post)

        return WatchedModel

    def agent_classes(self) -> dict[str, type[mesa.Agent]]:
        """Make the agents of a run that is taken down."""
        return {
            "group": _watched_group(self.attempts),
            "patrol": _watched_patrol(self.pauses, self.passers),
            "post": _watched_post(self.postbag, self.pictures),
        }


def _watched_group(attempts: list[Attempt]) -> type[SmugglingGroup]:
    """Make groups that show every attempt they choose."""

    class WatchedGroup(SmugglingGroup):
        def choose_crossing(self) -> Attempt:
            attempts.append(super().choose_crossing())
            return attempts[-1]

        def choose_again(self, failed: Attempt, now: float) -> Attempt:
            attempts.append(super().choose_again(failed, now))
            return attempts[-1]

    return WatchedGroup


def _watched_patrol(
    pauses: dict[int, list[tuple[float, float]]], passers: dict[int, tuple[int, float]]
) -> type[Patrol]:
    """Make patrols that show when they are taken up by a pursuit, and whom they pass and miss."""

    class WatchedPatrol(Patrol):
        def __setattr__(self, name: str, value: Any) -> None:
            if name == "busy_until" and value > 0.0:
                pauses[self.number].append((self.model.clock, value))
            super().__setattr__(name, value)

        def come_by(self, attempt: Attempt, shift: Shift) -> float | None:
            time = super().come_by(attempt, shift)
            if time == inf and attempt.cause > Cause.ELSEWHERE_ON_BEAT:
                passers[attempt.number] = self.post, inf
            return time

        def miss(self, attempt: Attempt, time: float) -> None:
            before = attempt.cause
            super().miss(attempt, time)
            if attempt.cause < before:
                passers[attempt.number] = self.post, time

    return WatchedPatrol


def _watched_post(postbag: Postbag, pictures: Pictures) -> type[Post]:
    """Make posts that show what they believe when they send patrols out, and what they are told."""

    class WatchedPost(Post):
        def __init__(self, model: mesa.Model, stage: Stage, site: PostSite) -> None:
            super().__init__(model, stage, site)
            self.partners = _Told(stage, site, self.belief, postbag, lambda: model.clock)

        def send_out(self, shift: Shift, plan: Plan) -> float:
            pictures.take(self.number, self.belief)
            return super().send_out(shift, plan)

    return WatchedPost


class _Told(Partners):
    """Partners of a post, which show each report that the post takes in, and each agreed plan."""

    def __init__(
        self, stage: Stage, site: PostSite, belief: Any, postbag: Postbag,
        clock: Callable[[], float],
    ) -> None:  # fmt: skip
        super().__init__(stage, site, belief)
        self._postbag, self._clock = postbag, clock

    def read_report(self, report: Report, now: float) -> None:
        super().read_report(report, now)
        self._postbag.tell(report, self.site.number, now)

    def agree(self, partner: int, plan: Plan) -> None:
        super().agree(partner, plan)
        self._postbag.agree(partner, plan, self.site.number, self._clock())

"""What an adversary must provide: what options are worth to it, and how it learns."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from sim.agents.stage import Stage
from sim.rules.learning import logit_utility
from sim.scenario.schema import Groups

DAYPARTS = 3
"""Parts of the day a group tells apart, of eight hours each, from midnight."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a group has to choose among.

    Attributes
    ----------
    stage : setting of the run
    kind : the group's table in the scenario
    options : segments it considers, those that take least time first
    costs : of the way over each, in values of a load
    """

    stage: Stage
    kind: Groups
    options: tuple[int, ...]
    costs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What befell an attempt.

    Attributes
    ----------
    option : index of the segment among the group's options
    daypart : part of the day, index
    intercepted : whether the load was lost
    weight : how much it counts, 0 to 1
    own : whether it was the group's own attempt
    """

    option: int
    daypart: int
    intercepted: bool
    weight: float = 1.0
    own: bool = True


class Sightings:
    """How often scouts saw patrols on each option, fading.

    Parameters
    ----------
    options : how many there are

    Attributes
    ----------
    seen : shifts in which a patrol was seen, by option
    watched : shifts watched, each counted by the share of patrols that scouts notice
    """

    def __init__(self, options: int) -> None:
        self.seen = [0.0] * options
        self.watched = 0.0

    def add(self, seen: Sequence[bool], share: float, keep: float) -> None:
        """Let what is known fade, and add a shift."""
        self.seen = [keep * old + new for old, new in zip(self.seen, seen, strict=True)]
        self.watched = keep * self.watched + share

    @property
    def coverage(self) -> list[float]:
        """Share of shifts in which a patrol is believed to be on each option; 0 if unknown."""
        if not self.watched:
            return [0.0] * len(self.seen)
        return [min(1.0, each / self.watched) for each in self.seen]


class Adversary(ABC):
    """How a group values its options, chooses among them and learns.

    A subclass gives utilities; it may overwrite how it learns and how it chooses. Nothing in it may
    draw chance: the group brings the noise of a choice along, keyed by option and occasion.

    Parameters
    ----------
    situation : what the group has to choose among

    Attributes
    ----------
    sensitivity : logit sensitivity to utilities
    sightings : what scouts saw, as far as it has come in
    """

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.kind = situation.kind
        self.sensitivity = self.kind.learning.sensitivity
        self.sightings = Sightings(len(situation.options))

    @abstractmethod
    def utilities(self) -> list[float]:
        """Utility of each option."""

    @abstractmethod
    def daypart_utilities(self) -> list[float]:
        """Utility of each part of the day."""

    def learn(self, lesson: Lesson) -> None:  # noqa: B027  learning is not a must
        """Learn from what befell an attempt; nothing, unless a subclass does."""

    def choose(self, utilities: Sequence[float], noise: Sequence[float]) -> int:
        """Choose among utilities; by logit, unless a subclass does otherwise.

        Parameters
        ----------
        utilities : of each option
        noise : standard Gumbel draw of each option

        Returns
        -------
        Index of the option; of options alike the first.
        """
        best, chosen = float("-inf"), 0
        for index, (value, gumbel) in enumerate(zip(utilities, noise, strict=True)):
            utility = logit_utility(value, self.sensitivity, gumbel)
            if utility > best:
                best, chosen = utility, index
        return chosen

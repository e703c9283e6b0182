"""Adversaries whose options have attractions: fixed ones, and experience-weighted ones (EWA)."""

from sim.agents.adversaries.adversary import DAYPARTS, Adversary, Lesson, Situation
from sim.rules.learning import attraction, experience, payoff, stake_in_sightings


class Static(Adversary):
    """Goes by the cost of the way, whatever happens."""

    def __init__(self, situation: Situation) -> None:
        super().__init__(situation)
        loss = self.kind.loss
        self.attractions = [payoff(False, cost, loss) for cost in situation.costs]
        self.daypart_attractions = [payoff(False, 0.0, loss)] * DAYPARTS

    def utilities(self) -> list[float]:
        """Attraction of each option."""
        return self.attractions

    def daypart_utilities(self) -> list[float]:
        """Attraction of each part of the day."""
        return self.daypart_attractions


class ExperienceWeighted(Static):
    """Learns by experience-weighted attraction (Camerer & Ho 1999).

    What it is only told of is a round that counts less than one of its own; where scouts see
    patrols the attraction is lower by what an interception costs, times its believed chance.

    Attributes
    ----------
    rewards, daypart_rewards : what each option paid last
    experience : weight of the past
    """

    def __init__(self, situation: Situation) -> None:
        super().__init__(situation)
        self.attractions = list(self.attractions)
        self.rewards = list(self.attractions)
        self.daypart_rewards = list(self.daypart_attractions)
        self.experience = 1.0

    def utilities(self) -> list[float]:
        """Attraction of each option, less what patrols seen there make one expect to lose."""
        scouts, settings = self.kind.scouts, self.kind.estimate
        if scouts is None or not self.sightings.watched:
            return self.attractions
        watched = scouts.weight * self.sightings.watched
        prior = settings.prior_attempts
        at_stake = stake_in_sightings(settings.caught, watched, prior, self.kind.loss)
        return [
            value - seen * at_stake
            for value, seen in zip(self.attractions, self.sightings.coverage, strict=True)
        ]

    def learn(self, lesson: Lesson) -> None:
        """Update the attraction of where and when it tried, and of what it did not try."""
        kind, costs = self.kind, self.situation.costs
        before = self.experience
        self.experience = experience(before, kind.learning.rho**lesson.weight, lesson.weight)
        option, daypart = lesson.option, lesson.daypart
        self.rewards[option] = payoff(lesson.intercepted, costs[option], kind.loss)
        self._reinforce(self.attractions, self.rewards, option, before, lesson.weight)
        self.daypart_rewards[daypart] = payoff(lesson.intercepted, 0.0, kind.loss)
        self._reinforce(
            self.daypart_attractions, self.daypart_rewards, daypart, before, lesson.weight
        )

    def _reinforce(
        self,
        attractions: list[float],
        rewards: list[float],
        chosen: int,
        before: float,
        weight: float,
    ) -> None:
        """Apply EWA to a table of options."""
        learning = self.kind.learning
        decay = learning.phi**weight
        for index, reward in enumerate(rewards):
            weighted = reward if index == chosen else learning.delta * reward
            attractions[index] = attraction(
                attractions[index], before, self.experience, decay, weight * weighted
            )

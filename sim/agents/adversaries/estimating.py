"""Adversaries that reckon with a chance of interception, and differ in what they make of it."""

from abc import abstractmethod
from collections.abc import Sequence

from sim.agents.adversaries.adversary import DAYPARTS, Adversary, Lesson, Situation
from sim.rules.belief import keep_share
from sim.rules.choice import (
    expected_payoff,
    prospect_outcome,
    prospect_value,
    subjective_utility,
)
from sim.rules.learning import estimated_risk, payoff
from sim.rules.ties import in_steps


class Record:
    """Interceptions and attempts that a group remembers, for each of some options.

    Parameters
    ----------
    options : how many there are
    """

    def __init__(self, options: int) -> None:
        self.caught = [0.0] * options
        self.trials = [0.0] * options

    def fade(self, keep: float) -> None:
        """Forget part of it."""
        self.caught = [keep * each for each in self.caught]
        self.trials = [keep * each for each in self.trials]

    def add(self, option: int, intercepted: bool, weight: float) -> None:
        """Remember an attempt."""
        self.trials[option] += weight
        if intercepted:
            self.caught[option] += weight


class Estimating(Adversary):
    """Acts on estimates of the chance of interception on each option and part of the day.

    The estimate is the mean of a beta belief: a prior, what its own attempts met with, faded with
    each further one, what others told, and what scouts saw. A subclass says what an option is worth
    at a risk.
    """

    def __init__(self, situation: Situation) -> None:
        super().__init__(situation)
        self.record = Record(len(situation.options))
        self.daypart_record = Record(DAYPARTS)
        self.keep = keep_share(1.0, self.kind.estimate.memory_attempts)

    @abstractmethod
    def worth(self, risk: float, cost: float) -> float:
        """Utility of an option with a chance of interception and a cost of the way."""

    def learn(self, lesson: Lesson) -> None:
        """Remember where and when an attempt was intercepted or passed."""
        for record, index in (
            (self.record, lesson.option),
            (self.daypart_record, lesson.daypart),
        ):
            if lesson.own:
                record.fade(self.keep)
            record.add(index, lesson.intercepted, lesson.weight)

    def priors(self) -> list[float]:
        """Chance of interception on each option before anything is known."""
        return [self.kind.estimate.prior_risk] * len(self.situation.options)

    def risks(self, priors: Sequence[float]) -> list[float]:
        """Estimated chance of interception on each option."""
        settings, scouts, record = self.kind.estimate, self.kind.scouts, self.record
        weight = scouts.weight if scouts else 0.0
        watched = weight * self.sightings.watched
        return [
            estimated_risk(
                caught + watched * settings.caught * coverage,
                trials + watched,
                prior,
                settings.prior_attempts,
            )
            for caught, trials, coverage, prior in zip(
                record.caught, record.trials, self.sightings.coverage, priors, strict=True
            )
        ]

    def utilities(self) -> list[float]:
        """Worth of each option at the risk that is estimated."""
        risks = self.risks(self.priors())
        return [
            self.worth(risk, cost) for risk, cost in zip(risks, self.situation.costs, strict=True)
        ]

    def daypart_utilities(self) -> list[float]:
        """Worth of each part of the day at the risk that is estimated; none costs more."""
        settings, record = self.kind.estimate, self.daypart_record
        return [
            self.worth(
                estimated_risk(caught, trials, settings.prior_risk, settings.prior_attempts), 0.0
            )
            for caught, trials in zip(record.caught, record.trials, strict=True)
        ]

    def payoffs(self, cost: float) -> tuple[float, float]:
        """Payoff of an attempt that passes, and of one that is intercepted."""
        return payoff(False, cost, self.kind.loss), payoff(True, cost, self.kind.loss)


class BestResponse(Estimating):
    """Takes the option of greatest expected payoff, of options alike the nearest.

    It learns only of options that it tries, and keeps away from one for as long as the prior says
    that others are better.
    """

    def worth(self, risk: float, cost: float) -> float:
        """Expected payoff."""
        return expected_payoff(risk, *self.payoffs(cost))

    def choose(self, utilities: Sequence[float], noise: Sequence[float]) -> int:
        """Choose the best, without noise."""
        # Options alike are a tie on every machine, which goes to the first.
        rounded = [in_steps(each) for each in utilities]
        return rounded.index(max(rounded))


class SubjectiveUtility(Estimating):
    """Chooses by subjective utility quantal response, SUQR (Nguyen et al. 2013)."""

    def __init__(self, situation: Situation) -> None:
        super().__init__(situation)
        self.sensitivity = 1.0

    def worth(self, risk: float, cost: float) -> float:
        """Weighted sum of risk, reward and penalty."""
        weights = self.kind.suqr
        return subjective_utility(
            risk, *self.payoffs(cost), weights.coverage, weights.reward, weights.penalty
        )


class ProspectTheory(Estimating):
    """Chooses by cumulative prospect value (Tversky & Kahneman 1992) and logit."""

    def __init__(self, situation: Situation) -> None:
        super().__init__(situation)
        self.sensitivity = self.kind.prospect.sensitivity

    def worth(self, risk: float, cost: float) -> float:
        """Prospect value of passing or being intercepted."""
        theory = self.kind.prospect
        better, worse = (
            prospect_outcome(each, theory.alpha, theory.beta, theory.loss_aversion)
            for each in self.payoffs(cost)
        )
        return prospect_value(risk, better, worse, theory.gamma, theory.delta)

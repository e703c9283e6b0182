"""What the runs support: each difference with its interval, corrected for many policies."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sim.lab import Comparison, PairedDifference, holm
from sim.outcomes import MEASURES

LEVEL = 0.05
"""Chance of any false alarm among all policies that an outcome is compared for."""

Verdict = Literal["same", "small", "open", "probable", "clear", "important"]


@dataclass(frozen=True)
class Evidence:
    """What the runs say of one policy and outcome against the baseline.

    Attributes
    ----------
    name : of the policy
    point : its index
    metric : the outcome
    paired : difference to the baseline, with its 95 % interval for this comparison alone
    corrected : its p-value, corrected by Holm for all policies of the outcome
    matters : smallest difference that matters, none if nobody has said
    of_worlds : whether pairs are uncertain worlds, and not runs in the one given
    """

    name: str
    point: int
    metric: str
    paired: PairedDifference
    corrected: float
    matters: float | None
    of_worlds: bool = False

    @property
    def verdict(self) -> Verdict:
        """How much the interval supports.

        Returns
        -------
        "same" : no run differs; "small" : the interval lies within what does not matter; "open" :
        it holds zero; "probable" : it leaves out zero, but not after the correction; "clear" : it
        does then, too; "important" : the same, and all of it is beyond what matters.
        """
        paired, matters = self.paired, self.matters
        if paired.is_zero:
            return "same"
        if matters is not None and -matters < paired.low and paired.high < matters:
            return "small"
        if not paired.clear:
            return "open"
        if self.corrected >= LEVEL:
            return "probable"
        beyond = matters is not None and min(abs(paired.low), abs(paired.high)) >= matters
        return "important" if beyond else "clear"

    @property
    def is_clear(self) -> bool:
        """Whether there is a difference after the correction, however small."""
        return self.paired.clear and self.corrected < LEVEL

    @property
    def is_better(self) -> bool | None:
        """Whether the mean is better than the baseline; none if neither way is."""
        better = MEASURES[self.metric].better
        return {"more": self.paired.mean > 0.0, "less": self.paired.mean < 0.0}.get(better)

    @property
    def better_pairs(self) -> float:
        """In how many pairs it is better, or higher where neither is; ties count half."""
        is_less = MEASURES[self.metric].better == "less"
        share = 1.0 - self.paired.share_above if is_less else self.paired.share_above
        return round(2.0 * share * self.paired.pairs) / 2.0


class Findings:
    """What the runs of a comparison support, outcome by outcome, worked out once.

    Parameters
    ----------
    comparison : what was compared
    """

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self._known: dict[str, list[Evidence]] = {}

    def of(self, metric: str) -> list[Evidence]:
        """Give the evidence on an outcome of each point but the baseline, in order."""
        if metric not in self._known:
            self._known[metric] = self._weigh(metric)
        return self._known[metric]

    def values(self, point: int, metric: str) -> list[float]:
        """Give an outcome of a point, one value for each seed or uncertain world in order."""
        return self.comparison.values(point, metric)

    def mean(self, point: int, metric: str) -> float:
        """Give the mean of an outcome."""
        return float(np.mean(self.values(point, metric)))

    def difference(self, point: int, metric: str) -> PairedDifference:
        """Give the paired difference of an outcome to the baseline."""
        return self.comparison.difference(point, metric)

    def about(self, point: int, metric: str) -> Evidence | None:
        """Give the evidence on a point; none for the baseline."""
        return next((each for each in self.of(metric) if each.point == point), None)

    @cached_property
    def effect(self) -> str:
        """The outcome that policies are judged by first: the first that has a better way."""
        directed = (name for name in self.comparison.experiment.metrics if MEASURES[name].better)
        return next(directed, "interdiction_rate")

    @cached_property
    def numbers(self) -> dict[int, int]:
        """What each point is called in charts: 0 the baseline, the others from 1 on."""
        others = [n for n, point in enumerate(self.comparison.points) if not point.is_baseline]
        return {self.comparison.baseline: 0} | {n: index for index, n in enumerate(others, 1)}

    def _weigh(self, metric: str) -> list[Evidence]:
        comparison = self.comparison
        others = [n for n, point in enumerate(comparison.points) if not point.is_baseline]
        told = [self.difference(n, metric) for n in others]
        return [
            Evidence(
                name=comparison.points[n].name,
                point=n,
                metric=metric,
                paired=paired,
                corrected=corrected,
                matters=comparison.experiment.important.get(metric),
                of_worlds=bool(comparison.worlds),
            )
            for n, paired, corrected in zip(
                others, told, holm([each.p_value for each in told]), strict=True
            )
        ]


def chances_of(differences: ArrayLike) -> NDArray[np.float64]:
    """Two-sided p of Student's t that mean differences are zero; of constants, 0 or 1.

    Parameters
    ----------
    differences : (comparisons, pairs), at least two pairs
    """
    sample = np.atleast_2d(np.asarray(differences, dtype=float))
    if not sample.size:
        return np.empty(0)
    pairs = sample.shape[1]
    mean, error = sample.mean(axis=1), sample.std(axis=1, ddof=1) / pairs**0.5
    varies = error > 0.0
    ratio = np.divide(np.abs(mean), error, out=np.zeros_like(mean), where=varies)
    chances: NDArray[np.float64] = 2.0 * stats.t.sf(ratio, pairs - 1)
    return np.where(varies, chances, np.where(mean == 0.0, 1.0, 0.0))

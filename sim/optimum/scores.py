"""Scores between a floor and a ceiling, with their intervals."""

from dataclasses import dataclass
from math import inf, isfinite, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from sim.errors import InputError


@dataclass(frozen=True)
class Score:
    """Where a policy lies between floor and ceiling: 0 at the floor, 1 at the ceiling.

    Attributes
    ----------
    share : of the way from floor to ceiling; nan if they are alike
    low, high : ends of its interval; infinite if floor and ceiling are not clearly apart
    seeds : runs that it is from
    """

    share: float
    low: float
    high: float
    seeds: int

    @property
    def is_told(self) -> bool:
        """Whether anything can be told: floor and ceiling are clearly apart."""
        return isfinite(self.low)


def score(values: ArrayLike, floor: ArrayLike, ceiling: ArrayLike, level: float = 0.95) -> Score:
    """Give a policy's share of what lies between floor and ceiling.

    Parameters
    ----------
    values, floor, ceiling : an outcome by seed, the same seeds in the same order, at least two
    level : confidence level

    Returns
    -------
    The ratio of mean differences to the floor on the same seeds. It is below 0 if a policy does
    worse than each side alone, and may be above 1 if it has means that the ceiling has not.

    Source
    ------
    Fieller's interval of a ratio of means of pairs (Fieller, Journal of the Royal Statistical
    Society B 16, 1954, 175), with Student's t.
    """
    ours, least, most = (np.asarray(each, dtype=float) for each in (values, floor, ceiling))
    if not len(ours) == len(least) == len(most) >= 2:
        raise InputError(
            f"{len(ours)}, {len(least)} and {len(most)} runs are no pairs",
            where="score",
            remedy="the same seeds for policy, floor and ceiling, at least two",
        )
    gained, possible = ours - least, most - least
    seeds = len(ours)
    above, below = float(gained.mean()), float(possible.mean())
    if below == 0.0:
        return Score(nan, -inf, inf, seeds)
    covariance = np.cov(gained, possible) / seeds
    quantile = float(stats.t.ppf(0.5 + level / 2.0, seeds - 1)) ** 2
    # Ratios r for which the mean of gained − r·possible is not clearly other than 0.
    square = below**2 - quantile * covariance[1, 1]
    linear = above * below - quantile * covariance[0, 1]
    constant = above**2 - quantile * covariance[0, 0]
    if square <= 0.0:
        return Score(above / below, -inf, inf, seeds)
    root = sqrt(max(0.0, linear**2 - square * constant))
    return Score(above / below, (linear - root) / square, (linear + root) / square, seeds)

"""Intervals by resampling: of means that are far from normal, and of what pairing gains."""

import hashlib
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sim.errors import InputError
from sim.lab.statistics import mean_interval

RESAMPLES = 4999
"""Resamples of an interval; more would move its ends by less than a hundredth of its width."""

FEWEST = 8
"""Values below which nothing can be told by resampling them, nor skewness from chance."""


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval.

    Attributes
    ----------
    estimate : from all values
    low, high : ends of the interval; nan where there is none
    method : "t" (Student) or "BCa" (bootstrap, bias-corrected and accelerated)
    """

    estimate: float
    low: float
    high: float
    method: str


@dataclass(frozen=True)
class VarianceRatio:
    """What pairing by seed gains, as measured.

    Attributes
    ----------
    ratio : variance that the difference of two means would have on independent runs, over the one
        it has on paired runs; above 1 pairing gains, below 1 it loses, infinite if all pairs differ
        by the same
    low, high : its interval, nan if the ratio is not finite or there are fewer than eight pairs
    pairs : number of seeds
    """

    ratio: float
    low: float
    high: float
    pairs: int

    @property
    def times_narrower(self) -> float:
        """How many times narrower the paired interval is than one of independent runs."""
        return math.sqrt(self.ratio)


def is_far_from_normal(values: ArrayLike) -> bool:
    """Whether a mean of some values needs more than Student's t.

    So it is if the values are skewed beyond chance (D'Agostino's test, 1 %) and fewer than 25 times
    their squared skewness, below which a 95 % t interval misses in more than 6 of 100 cases.

    Source
    ------
    Cochran (1977), Sampling Techniques, 2.15; D'Agostino (1970), Biometrika 57, 679.
    """
    sample = np.asarray(values, dtype=float)
    if len(sample) < FEWEST or np.ptp(sample) == 0.0:
        return False
    skewness = float(stats.skew(sample, bias=False))
    if len(sample) >= 25.0 * skewness**2:
        return False
    return float(stats.skewtest(sample).pvalue) < 0.01


def interval_of_mean(values: ArrayLike, level: float = 0.95, key: str = "") -> Interval:
    """Give a mean with its interval: Student's t, or a bootstrap where normality fails.

    In trials the two cover about equally often where values are skewed (at 20 values 90 % of the
    time for exponential, 87 % for lognormal ones; neither reaches 95 %), but the misses of the
    bootstrap lie more evenly on both sides. Of normal values the bootstrap covers too seldom (91 %
    at 10), which is why it is not used always.

    Parameters
    ----------
    values : one for each replication, or paired differences, at least two
    level : confidence level
    key : what it is an interval of, so that chance in it is its own and the same every time

    Source
    ------
    Efron (1987), Journal of the American Statistical Association 82, 171, by scipy.stats.bootstrap.
    """
    sample = np.asarray(values, dtype=float)
    mean, half_width = mean_interval(sample, level)
    if not is_far_from_normal(sample):
        return Interval(mean, mean - half_width, mean + half_width, "t")
    found = stats.bootstrap(
        (sample,),
        np.mean,
        n_resamples=RESAMPLES,
        confidence_level=level,
        method="BCa",
        random_state=_chance(key),
    ).confidence_interval
    return Interval(mean, float(found.low), float(found.high), "BCa")


def variance_ratio(
    values: ArrayLike, baseline: ArrayLike, level: float = 0.95, key: str = ""
) -> VarianceRatio:
    """Measure what running two points on the same seeds gains over independent runs.

    Parameters
    ----------
    values, baseline : one for each seed, in the same order, at least three
    level : confidence level; in trials on 15 to 40 pairs of normal values a 95 % interval covers
        in 90 to 96 of 100 cases
    key : what it is an interval of, so that chance in it is its own and the same every time

    Source
    ------
    Law (2015), Simulation Modeling and Analysis, 11.2: the variance of the difference is that of
    either, less twice their covariance; the interval is a BCa bootstrap over pairs.
    """
    ours, theirs = np.asarray(values, dtype=float), np.asarray(baseline, dtype=float)
    if len(ours) != len(theirs) or len(ours) < 3:
        raise InputError(
            f"{len(ours)} and {len(theirs)} values are no three pairs", where="replications"
        )
    if np.ptp(ours - theirs) == 0.0:
        return VarianceRatio(math.inf, math.nan, math.nan, len(ours))
    left = float(_variance_left(ours, theirs))
    if len(ours) < FEWEST:
        return VarianceRatio(1.0 / left, math.nan, math.nan, len(ours))
    if np.ptp(ours) == 0.0 or np.ptp(theirs) == 0.0:
        # What never varies has nothing to share with its pair.
        return VarianceRatio(1.0, 1.0, 1.0, len(ours))
    found = stats.bootstrap(
        (ours, theirs),
        _variance_left,
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        confidence_level=level,
        method="BCa",
        random_state=_chance(key),
    ).confidence_interval
    low, high = (1.0 / float(end) if end else math.inf for end in (found.high, found.low))
    return VarianceRatio(1.0 / left, low, high, len(ours))


def _variance_left(
    ours: NDArray[np.float64], theirs: NDArray[np.float64], axis: int = -1
) -> NDArray[np.float64]:
    """Variance of paired differences over that of independent ones, along an axis.

    The inverse of what is told, since it stays finite where few pairs are resampled so that all
    differ by the same; where nothing varies at all, pairing neither gains nor loses.
    """
    apart = ours.var(axis=axis, ddof=1) + theirs.var(axis=axis, ddof=1)
    together = (ours - theirs).var(axis=axis, ddof=1)
    ones = np.ones_like(apart)
    return np.asarray(np.divide(together, apart, out=ones, where=apart > 0.0))


def _chance(key: str) -> np.random.Generator:
    """Give the chance that belongs to a key."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]))

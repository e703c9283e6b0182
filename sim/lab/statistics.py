"""What replications show: means and paired differences on common chance, with their intervals."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from sim.errors import InputError

RESAMPLES = 9999
"""Resamples of an interval; more would move its ends by less than a hundredth of its width."""

FEWEST = 20
"""Values below which a mean keeps Student's t: resampling so few covers no better."""

FEWEST_APART = 10
"""Values other than the most frequent one below which a mean keeps Student's t, too."""

Method = Literal["t", "BCa"]


@dataclass(frozen=True)
class Interval:
    """A mean with its interval.

    Attributes
    ----------
    mean : of all values
    low, high : ends of the interval
    method : "t" (Student) or "BCa" (bootstrap, bias-corrected and accelerated)
    p_value : probability of a mean as far from zero if there were none, by the same method: an
        interval of level 1 − p ends at zero
    """

    mean: float
    low: float
    high: float
    method: Method
    p_value: float

    @property
    def reach(self) -> tuple[float, float]:
        """How far the interval goes below and above the mean."""
        return max(0.0, self.mean - self.low), max(0.0, self.high - self.mean)

    @property
    def is_resampled(self) -> bool:
        """Whether it is by bootstrap, since the values are far from normal."""
        return self.method == "BCa"

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0.0 or self.high < 0.0

    @property
    def is_zero(self) -> bool:
        """Whether every value is zero, so that there is no doubt."""
        return self.mean == self.low == self.high == 0.0


@dataclass(frozen=True)
class PairedDifference(Interval):
    """How much an outcome differs from the baseline on the same seeds, with its 95 % interval.

    Attributes
    ----------
    share_above : share of pairs in which it is above the baseline; ties count half
    pairs : number of seeds
    """

    share_above: float
    pairs: int


def mean_interval(values: ArrayLike, level: float = 0.95) -> tuple[float, float]:
    """Give a mean and the half-width of its interval.

    Parameters
    ----------
    values : one for each replication, at least two
    level : confidence level

    Source
    ------
    Student's t distribution.
    """
    sample = np.asarray(values, dtype=float)
    if len(sample) < 2:
        raise InputError("an interval needs two replications", where="replications")
    error = float(stats.sem(sample))
    quantile = float(stats.t.ppf(0.5 + level / 2.0, len(sample) - 1))
    return float(sample.mean()), quantile * error


def is_far_from_normal(values: ArrayLike) -> bool:
    """Whether a mean of some values needs more than Student's t.

    So it is of at least twenty values, ten of them other than the most frequent one, that are
    skewed beyond chance (D'Agostino's test, 1 %) and fewer than 25 times their squared skewness,
    below which a 95 % t interval misses in more than 6 of 100 cases. Of values of which nearly all
    are alike, those that are not may all lie on one side by chance; a bootstrap takes that for
    certain, and calls nothing a difference in 9 of 100 cases, Student's t in 3 to 5.

    Source
    ------
    Cochran (1977), Sampling Techniques, 2.15; D'Agostino (1970), Biometrika 57, 679.
    """
    sample = np.asarray(values, dtype=float)
    _, counts = np.unique(sample, return_counts=True)
    if len(sample) < FEWEST or len(sample) - counts.max() < FEWEST_APART:
        return False
    skewness = float(stats.skew(sample, bias=False))
    if len(sample) >= 25.0 * skewness**2:
        return False
    return float(stats.skewtest(sample).pvalue) < 0.01


def interval_of_mean(values: ArrayLike, level: float = 0.95, key: str = "") -> Interval:
    """Give a mean with its interval: Student's t, or a bootstrap where normality fails.

    A bootstrap is little help where values are few, and costs coverage where they are normal or
    merely have heavy tails, so that it is for skewed ones alone. In 1,000 trials or more each, the
    share of intervals that cover, and of those that lie below and above the truth, in per cent:

    ==================  ======  ==============  ================
    values              number  Student's t     this rule
    ==================  ======  ==============  ================
    normal              30      95 (3, 2)       95 (3, 2)
    Student's t of 5    30      94 (3, 3)       93 (3, 4)
    exponential         30      92 (7, 1)       92 (5, 3)
    gamma of shape 0.5  20      88 (12, 0)      90 (9, 1)
    lognormal           30      88 (12, 0)      89 (8, 3)
    Poisson of 0.3      60      94 (5, 1)       96 (3, 1)
    ==================  ======  ==============  ================

    Neither reaches 95 % of what is very skewed, but the bootstrap's misses lie on both sides.

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
        chance = _chance_by_t(sample)
        return Interval(mean, mean - half_width, mean + half_width, "t", chance)
    found = stats.bootstrap(
        (sample,),
        np.mean,
        n_resamples=RESAMPLES,
        confidence_level=level,
        method="BCa",
        random_state=chance_of(key),
    )
    low, high = map(float, found.confidence_interval)
    return Interval(mean, low, high, "BCa", _chance_by_bca(sample, found.bootstrap_distribution))


def _chance_by_t(sample: NDArray[np.float64]) -> float:
    """Two-sided p of Student's t that a mean is zero; of constants, 0 or 1."""
    error = float(stats.sem(sample))
    if error == 0.0:
        return 1.0 if sample[0] == 0.0 else 0.0
    return float(2.0 * stats.t.sf(abs(sample.mean()) / error, len(sample) - 1))


def _chance_by_bca(sample: NDArray[np.float64], resampled: NDArray[np.float64]) -> float:
    """Two-sided p that a mean is zero, by turning its BCa interval round.

    Where zero lies beyond all resamples these only bound it, and that of Student's t counts if it
    is smaller.

    Parameters
    ----------
    sample : the values, not all alike
    resampled : means of its resamples
    """
    apart = sample - sample.mean()
    acceleration = (apart**3).sum() / (6.0 * (apart**2).sum() ** 1.5)
    least = 1.0 / (len(resampled) + 1.0)
    bias = special.ndtri(_share_below(resampled, sample.mean()))
    below = _share_below(resampled, 0.0)
    at = special.ndtri(np.clip(below, least, 1.0 - least)) - bias
    chance = float(special.ndtr(at / (1.0 + acceleration * at) - bias))
    chance = 2.0 * min(chance, 1.0 - chance)
    return min(chance, _chance_by_t(sample)) if below in (0.0, 1.0) else chance


def _share_below(values: NDArray[np.float64], limit: float) -> float:
    """Share of values below a limit; ties count half."""
    return float(((values < limit).mean() + (values <= limit).mean()) / 2.0)


def chance_of(key: str) -> np.random.Generator:
    """Give the chance that belongs to what an interval is of."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]))


def paired_difference(values: ArrayLike, baseline: ArrayLike, key: str = "") -> PairedDifference:
    """Compare an outcome with the baseline, seed by seed.

    Parameters
    ----------
    values, baseline : one for each seed, in the same order, at least two
    key : what is compared, for chance in its interval
    """
    differences = np.asarray(values, dtype=float) - np.asarray(baseline, dtype=float)
    return PairedDifference(
        **vars(interval_of_mean(differences, key=key)),
        share_above=1.0 - _share_below(differences, 0.0),
        pairs=len(differences),
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values of several comparisons made at once.

    Whoever calls clear what has an adjusted p-value of at most 0.05 calls anything wrongly clear in
    at most one family of comparisons in twenty, however they depend on each other.

    Parameters
    ----------
    p_values : one for each comparison of the family; the baseline itself is none

    Returns
    -------
    Adjusted p-values in the same order, never below the given ones.

    Source
    ------
    Holm (1979), Scandinavian Journal of Statistics 6, 65.
    """
    adjusted = [0.0] * len(p_values)
    reached = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        reached = max(reached, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = reached
    return adjusted


def clear_after_holm(differences: Sequence[PairedDifference], level: float = 0.95) -> list[bool]:
    """Say which of several differences are clear when all are looked at.

    Parameters
    ----------
    differences : of every point but the baseline, of one outcome
    level : confidence level of the whole family
    """
    return [p <= 1.0 - level for p in holm([each.p_value for each in differences])]

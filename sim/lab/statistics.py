"""What replications show: paired differences on common chance, with their intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from sim.errors import InputError


@dataclass(frozen=True)
class PairedDifference:
    """How much an outcome differs from the baseline on the same seeds.

    Attributes
    ----------
    mean : mean difference
    half_width : of its 95 % interval
    share_above : share of pairs in which it is above the baseline; ties count half
    pairs : number of seeds
    """

    mean: float
    half_width: float
    share_above: float
    pairs: int

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.mean + self.half_width

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0.0 or self.high < 0.0

    @property
    def p_value(self) -> float:
        """Probability of a mean as far from zero if there were no difference, by Student's t."""
        if self.half_width == 0.0:
            return 1.0 if self.mean == 0.0 else 0.0
        freedom = self.pairs - 1
        error = self.half_width / stats.t.ppf(0.975, freedom)
        return float(2.0 * stats.t.sf(abs(self.mean) / error, freedom))


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


def paired_difference(values: ArrayLike, baseline: ArrayLike) -> PairedDifference:
    """Compare an outcome with the baseline, seed by seed.

    Parameters
    ----------
    values, baseline : one for each seed, in the same order, at least two
    """
    differences = np.asarray(values, dtype=float) - np.asarray(baseline, dtype=float)
    mean, half_width = mean_interval(differences)
    above = float((differences > 0).mean() + 0.5 * (differences == 0).mean())
    return PairedDifference(mean, half_width, above, len(differences))


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

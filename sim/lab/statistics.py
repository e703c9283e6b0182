"""What replications show: paired differences on common chance, with their intervals."""

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

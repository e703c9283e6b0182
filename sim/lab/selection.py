"""Ranking and selection: which of several policies is best, with a stated probability."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError

Values = NDArray[np.float64]

Sample = Callable[[Sequence[int], int, int], Values]
"""Runs some systems: (their indices, replications done so far, how many more) → values as
(systems, replications), on the same chance across systems if they are to be paired."""


@dataclass(frozen=True)
class Selection:
    """What ranking and selection found.

    Attributes
    ----------
    best : index of the system with the best mean of those that are left
    contenders : systems that could not be told from the best, itself included, in order
    replications : runs made of each system
    means : mean of the runs of each system that were looked at
    is_certain : whether the stated probability holds; not if the budget ended before
    """

    best: int
    contenders: tuple[int, ...]
    replications: tuple[int, ...]
    means: tuple[float, ...]
    is_certain: bool


def select_best(
    sample: Sample,
    systems: int,
    indifference: float,
    level: float = 0.95,
    better: Literal["more", "less"] = "more",
    first: int = 10,
    batch: int = 1,
    maximum: int = 10_000,
) -> Selection:
    """Find the best of several systems by running those that may still be best.

    If the best is better than every other by at least `indifference`, it is found with at least the
    probability `level`, for normal outcomes, on common chance or not; common chance saves runs.

    Parameters
    ----------
    sample : gives more replications
    systems : how many there are, at least 2
    indifference : smallest difference of means worth finding, in units of the outcome, above 0
    level : probability of a correct selection, between 1/systems and 1
    better : whether more or less of the outcome is
    first : replications of every system before any is ruled out, at least 2
    batch : replications asked for at once after that; more than one keeps workers busy, and may run
        a system a little longer than need be, with the same result
    maximum : replications of a system at most

    Raises
    ------
    InputError : an argument is out of its bounds

    Source
    ------
    Procedure KN with c = 1: Kim & Nelson (2001), ACM Transactions on Modeling and Computer
    Simulation 11, 251.
    """
    _check(systems, indifference, level, first, batch, maximum)
    sign = 1.0 if better == "more" else -1.0
    eta = 0.5 * ((2.0 * (1.0 - level) / (systems - 1)) ** (-2.0 / (first - 1)) - 1.0)
    values = [sign * row for row in _asked(sample, range(systems), 0, first)]
    spread = _variances(np.stack(values))
    # Replications after which a pair of systems is as good as equal.
    reach = 2.0 * eta * (first - 1) * spread / indifference**2
    left, done = list(range(systems)), first
    while True:
        means = np.array([row[:done].mean() for row in values])
        left = _screened(left, means, indifference / (2.0 * done) * np.maximum(reach - done, 0.0))
        ends = len(left) == 1 or done > reach[np.ix_(left, left)].max()
        if ends or done >= maximum:
            break
        done += 1
        if len(values[left[0]]) < done:
            more = min(batch, maximum - done + 1)
            for index, row in zip(left, _asked(sample, left, done - 1, more), strict=True):
                values[index] = np.append(values[index], sign * row)
    return Selection(
        best=max(left, key=lambda index: (means[index], -index)),
        contenders=tuple(left),
        replications=tuple(len(row) for row in values),
        means=tuple(float(sign * mean) for mean in means),
        is_certain=ends,
    )


def _check(
    systems: int, indifference: float, level: float, first: int, batch: int, maximum: int
) -> None:
    bounds = [
        ("systems", systems, systems >= 2, "2 or more"),
        ("indifference", indifference, indifference > 0.0, "above 0"),
        ("level", level, 1.0 / max(systems, 1) < level < 1.0, "above 1/systems and below 1"),
        ("first", first, first >= 2, "2 or more"),
        ("batch", batch, batch >= 1, "1 or more"),
        ("maximum", maximum, maximum >= first, "no fewer than the first replications"),
    ]
    for name, value, fits, remedy in bounds:
        if not fits:
            raise InputError(f"cannot be {value}", where=name, remedy=remedy)


def _asked(sample: Sample, systems: Sequence[int], done: int, more: int) -> Values:
    """Get more replications, and see that these are what was asked for."""
    given = np.asarray(sample(systems, done, more), dtype=float)
    if given.shape != (len(systems), more):
        raise InputError(
            f"gave values of shape {given.shape} for {len(systems)} systems of {more} replications",
            where="sample",
        )
    return given


def _variances(values: Values) -> Values:
    """Sample variance of the difference of each pair of systems."""
    differences = values[:, None, :] - values[None, :, :]
    return np.asarray(differences.var(axis=-1, ddof=1))


def _screened(left: list[int], means: Values, slack: Values) -> list[int]:
    """Keep the systems that are not behind any other by more than the slack of the pair."""
    return [
        index
        for index in left
        if all(means[index] >= means[other] - slack[index, other] for other in left)
    ]

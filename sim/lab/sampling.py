"""Sampled designs: where in the ranges of factors the points of an experiment lie."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.errors import InputError
from sim.scenario import Factor, Scenario
from sim.scenario.keys import NOTHING, assumed_range, declared_at

Sampled = Literal["lhs", "sobol", "morris"]

MORRIS_LEVELS = 4
"""Levels of the grid that Morris' trajectories walk on, his own choice and SALib's default."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Axis:
    """The values of one factor, laid along the unit interval.

    Attributes
    ----------
    key : key path that it sets
    low, high : ends of the range, in units of the parameter
    is_log : whether equal ratios are equally likely, and not equal steps
    is_whole : whether only whole numbers are, each from `low` to `high` equally
    values : what is chosen among, each equally likely, in place of a range
    """

    key: str
    low: float = 0.0
    high: float = 1.0
    is_log: bool = False
    is_whole: bool = False
    values: tuple[Any, ...] = ()

    def value(self, share: float) -> Any:
        """Give the value at a share of the way along the axis, 0 to 1."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        high = self.high + 1.0 if self.is_whole else self.high
        if self.is_log:
            value = self.low * math.exp(share * math.log(high / self.low))
        else:
            value = self.low + share * (high - self.low)
        # Rounding must not leave the range.
        value = min(max(value, self.low), self.high)
        return math.floor(value) if self.is_whole else value


def axis_of(factor: Factor, scenario: Scenario, where: str) -> Axis:
    """Lay out the values of a factor.

    Parameters
    ----------
    factor : with values or a range, or of a parameter that is assumed to lie in one
    scenario : whose sources tell the ranges of what it assumes
    where : file and place for messages

    Raises
    ------
    InputError : there is no range, or none of this parameter
    """
    if factor.values:
        return Axis(factor.key, values=factor.values)
    sources = {**scenario.sources, **scenario.policy.sources}
    limits = factor.range or assumed_range(factor.key, sources)
    declared = declared_at(factor.key)
    if declared == NOTHING:
        # Whoever loads the scenario will refuse the key, and name the nearest that there is.
        return Axis(factor.key)
    if limits is None:
        raise InputError(
            f"{factor.key} has no range, and none is declared for it",
            where=where,
            remedy="give `range` or `values`",
        )
    low, high = limits
    if not declared.is_number:
        raise InputError(f"{factor.key} is no number", where=where, remedy="give `values`")
    if declared.is_whole and not (low.is_integer() and high.is_integer()):
        raise InputError(
            f"{factor.key} is a whole number, and {low:g} to {high:g} are not",
            where=f"{where}.range",
            remedy="give whole numbers",
        )
    if factor.scale == "log" and low <= 0.0:
        raise InputError(
            f"{factor.key} goes from {low:g} to {high:g}, and a log scale has no {low:g}",
            where=f"{where}.scale",
            remedy="give a `range` above 0",
        )
    return Axis(factor.key, low, high, factor.scale == "log", declared.is_whole)


def unit_sample(design: Sampled, factors: int, samples: int, seed: int) -> Matrix:
    """Draw the points of a design in the unit cube.

    Parameters
    ----------
    design : "lhs", a Latin hypercube; "sobol", Saltelli's cross-sampling of a scrambled Sobol'
        sequence, for first and total order; "morris", trajectories on a grid of four levels
    factors : dimensions of the cube
    samples : points, base samples or trajectories
    seed : the same seed gives the same points

    Returns
    -------
    Array of (points, factors): `samples` points for lhs, `samples` × (factors + 2) for sobol,
    `samples` × (factors + 1) for morris, in the order that the analysis needs.

    Source
    ------
    scipy.stats.qmc for lhs, SALib for the others: Saltelli (2002), Computer Physics Communications
    145, 280; Morris (1991), Technometrics 33, 161.
    """
    if design == "lhs":
        cube = qmc.LatinHypercube(d=factors, seed=np.random.default_rng(seed))
        return np.asarray(cube.random(samples), dtype=float)
    problem = problem_of([f"factor {number}" for number in range(factors)])
    if design == "morris":
        from SALib.sample import morris

        return np.asarray(morris.sample(problem, samples, num_levels=MORRIS_LEVELS, seed=seed))
    from SALib.sample import sobol

    generator = np.random.default_rng(seed)
    return np.asarray(sobol.sample(problem, samples, calc_second_order=False, seed=generator))


def problem_of(names: list[str]) -> dict[str, Any]:
    """Describe the unit cube as SALib wants it."""
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}

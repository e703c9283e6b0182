"""Uncertain worlds: what no policy decides, drawn from ranges, for every policy alike."""

from typing import Any

import numpy as np
from scipy.stats import qmc

from sim.errors import InputError, InputErrors
from sim.lab.sampling import Axis, Matrix, axis_of, unit_sample
from sim.scenario import Experiment, Factor, Scenario
from sim.scenario.files import collecting
from sim.scenario.keys import POLICY_KEYS

SHARED = (
    "time.days",
    "world.borders",
    "world.provinces",
    "world.within_km",
    "world.around",
    "world.tripoint_km",
)
"""Keys that all worlds have in common, so that runs are of one line and one length."""


def axes_of_factors(factors: tuple[Factor, ...], scenario: Scenario, where: str) -> list[Axis]:
    """Lay out the values of each factor that is drawn.

    Parameters
    ----------
    factors : with values or a range, or of parameters that are assumed to lie in one
    scenario : whose sources tell the ranges of what it assumes
    where : file and place for messages

    Raises
    ------
    InputErrors : every factor that has no range it could be drawn from
    """
    axes: list[Axis] = []
    errors: list[InputError] = []
    for index, factor in enumerate(factors):
        with collecting(errors):
            axes.append(axis_of(factor, scenario, f"{where}.{index}"))
    if errors:
        raise InputErrors(errors)
    return axes


def settings_of_worlds(experiment: Experiment, scenario: Scenario) -> list[dict[str, Any]]:
    """Draw the uncertain worlds of an experiment.

    Parameters
    ----------
    experiment : with [worlds]; its seed decides what is drawn
    scenario : whose sources tell the ranges of what it assumes

    Returns
    -------
    For each world the value of each factor, by key path.

    Raises
    ------
    InputErrors : every factor that a policy decides, that worlds must share, or without a range
    """
    worlds = experiment.worlds
    assert worlds is not None
    where = f"{experiment.path}: worlds.factors"
    errors: list[InputError] = []
    for index, factor in enumerate(worlds.factors):
        with collecting(errors):
            _check_key(factor.key, f"{where}.{index}.key")
    if errors:
        raise InputErrors(errors)
    axes = axes_of_factors(worlds.factors, scenario, where)
    return [
        {axis.key: axis.value(float(at)) for axis, at in zip(axes, row, strict=True)}
        for row in _sample(worlds.design, len(axes), worlds.samples, experiment.seed)
    ]


def _check_key(key: str, where: str) -> None:
    if key.split(".")[0] in POLICY_KEYS:
        raise InputError(
            f"{key} is decided by policies, and a world is what no policy decides",
            where=where,
            remedy="set it in [[policies]]",
        )
    if any(key == each or key.startswith(f"{each}.") for each in SHARED):
        raise InputError(
            f"{key} must be the same in all worlds that are compared",
            where=where,
            remedy="leave it out, or make an experiment for each of its values",
        )


def _sample(design: str, factors: int, samples: int, seed: int) -> Matrix:
    """Draw worlds in the unit cube, as (worlds, factors); the same seed gives the same."""
    if design == "lhs":
        return unit_sample("lhs", factors, samples, seed)
    cube = qmc.Sobol(d=factors, seed=np.random.default_rng(seed))
    return np.asarray(cube.random(samples), dtype=float)

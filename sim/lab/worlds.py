"""Uncertain worlds: what no policy decides, drawn from ranges, for every policy alike."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.stats import qmc

from sim.errors import InputError, InputErrors
from sim.lab.sampling import Axis, Matrix, axis_of, unit_sample
from sim.scenario import Experiment, Factor, Scenario
from sim.scenario.files import collecting
from sim.scenario.keys import NOTHING, POLICY_KEYS, declared_at, value_at

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


def axes_of_worlds(experiment: Experiment, policies: Mapping[str, Scenario]) -> list[Axis]:
    """Lay out what is drawn of uncertain worlds.

    Parameters
    ----------
    experiment : with [worlds]
    policies : the scenario of each policy in the world given, by name; their sources tell the
        ranges of what they assume

    Raises
    ------
    InputErrors : every factor that a policy decides, that worlds must share, or without a range
    """
    assert experiment.worlds is not None
    where = f"{experiment.path}: worlds.factors"
    axes: list[Axis] = []
    errors: list[InputError] = []
    for index, factor in enumerate(experiment.worlds.factors):
        with collecting(errors):
            _check_shared(factor.key, f"{where}.{index}.key")
            holders = {name: each for name, each in policies.items() if acts_on(each, factor.key)}
            _check_undecided(factor.key, holders, f"{where}.{index}.key")
            holder = next(iter(holders.values()), next(iter(policies.values())))
            axes.append(axis_of(factor, holder, f"{where}.{index}"))
    if errors:
        raise InputErrors(errors)
    return axes


def settings_of_worlds(
    experiment: Experiment, policies: Mapping[str, Scenario]
) -> list[dict[str, Any]]:
    """Draw the uncertain worlds of an experiment.

    Parameters
    ----------
    experiment : with [worlds]; its seed decides what is drawn
    policies : the scenario of each policy in the world given, by name

    Returns
    -------
    For each world the value of each factor, by key path.

    Raises
    ------
    InputErrors : as of `axes_of_worlds`
    """
    worlds = experiment.worlds
    assert worlds is not None
    axes = axes_of_worlds(experiment, policies)
    return [
        {axis.key: axis.value(float(at)) for axis, at in zip(axes, row, strict=True)}
        for row in _sample(worlds.design, len(axes), worlds.samples, experiment.seed)
    ]


def acts_on(scenario: Scenario, key: str) -> bool:
    """Whether what is drawn for a key path means anything under a scenario's policy.

    What belongs to the scenario always does; what belongs to an instrument, as how often a
    telephone is answered, only where the policy has that instrument. Without it there is nothing to
    set, and setting it would switch it on.
    """
    first = key.split(".")[0]
    return first not in POLICY_KEYS or getattr(scenario.policy, first) is not None


def _check_shared(key: str, where: str) -> None:
    if any(key == each or key.startswith(f"{each}.") for each in SHARED):
        raise InputError(
            f"{key} must be the same in all worlds that are compared",
            where=where,
            remedy="leave it out, or make an experiment for each of its values",
        )


def _check_undecided(key: str, holders: Mapping[str, Scenario], where: str) -> None:
    """See that no policy decides what is drawn: all that have it agree, and it is no dose."""
    if key.split(".")[0] not in POLICY_KEYS:
        return
    remedy = "draw how well an instrument works, and set in [[policies]] how much there is of it"
    declared = declared_at(key)
    if declared == NOTHING:
        # Whoever loads the scenario will refuse the key, and name the nearest that there is.
        return
    if declared.is_choice:
        raise InputError(
            f"{key} is decided by policies, and a world is what no policy decides",
            where=where,
            remedy=remedy,
        )
    if not holders:
        raise InputError(f"no policy has {key.split('.')[0]}", where=where, remedy="leave it out")
    if any(each.later_policies for each in holders.values()):
        raise InputError(
            f"{key} cannot be drawn where the scenario changes its policy in mid-run",
            where=where,
            remedy="leave the inject or this factor out",
        )
    values = {name: value_at(each.policy, key) for name, each in holders.items()}
    (first, one), *others = values.items()
    for name, other in others:
        if other != one:
            raise InputError(
                f"{key} is decided by policies: it is {one!r} in {first!r} and {other!r} in "
                f"{name!r}, and a world is what no policy decides",
                where=where,
                remedy=remedy,
            )


def _sample(design: str, factors: int, samples: int, seed: int) -> Matrix:
    """Draw worlds in the unit cube, as (worlds, factors); the same seed gives the same."""
    if design == "lhs":
        return unit_sample("lhs", factors, samples, seed)
    cube = qmc.Sobol(d=factors, seed=np.random.default_rng(seed))
    return np.asarray(cube.random(samples), dtype=float)

"""From an experiment to its points: the scenarios that are to be run side by side."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.scenario import Experiment, Scenario


@dataclass(frozen=True)
class Point:
    """One of the scenarios that an experiment compares.

    Attributes
    ----------
    name : what it is called in tables
    settings : value of each factor, by key path; empty for named policies
    scenario : what to run
    is_baseline : whether the others are compared with it
    """

    name: str
    settings: dict[str, Any]
    scenario: Scenario
    is_baseline: bool


def points_of(experiment: Experiment, allow_code: bool = False) -> list[Point]:
    """Give the points of an experiment, the baseline among them exactly once.

    Parameters
    ----------
    experiment : what is asked
    allow_code : whether names of Python code in its files are honoured

    Raises
    ------
    InputError : a policy or scenario cannot be used, or the design does not fit
    """
    make = _policies if experiment.policies else _factors
    points = make(experiment, allow_code)
    if sum(point.is_baseline for point in points) != 1:
        raise InputError(
            "no point, or more than one, is the baseline",
            where=f"{experiment.path}: baseline",
            remedy="name a policy, or give each factor one of its values",
        )
    return points


def _policies(experiment: Experiment, allow_code: bool) -> list[Point]:
    if experiment.design != "paired":
        raise InputError(
            f"design {experiment.design!r} is for factors",
            where=f"{experiment.path}: design",
            remedy='use design = "paired"',
        )
    return [
        Point(
            name=choice.name,
            settings={},
            scenario=_scenario(
                experiment, experiment.policy_path(choice.file), choice.set, allow_code
            ),
            is_baseline=choice.name == experiment.baseline,
        )
        for choice in experiment.policies
    ]


def _factors(experiment: Experiment, allow_code: bool) -> list[Point]:
    keys = [factor.key for factor in experiment.factors]
    baseline = experiment.baseline if isinstance(experiment.baseline, dict) else {}
    if experiment.design == "factorial":
        grid = itertools.product(*(factor.values for factor in experiment.factors))
        settings = [dict(zip(keys, values, strict=True)) for values in grid]
    elif experiment.design == "one_at_a_time":
        settings = [dict(baseline)]
        for factor in experiment.factors:
            settings += [
                baseline | {factor.key: value}
                for value in factor.values
                if value != baseline[factor.key]
            ]
    else:
        raise InputError(
            f"design {experiment.design!r} is for [[policies]]",
            where=f"{experiment.path}: design",
            remedy='use design = "factorial" or "one_at_a_time"',
        )
    return [
        Point(
            name=_name(experiment, each, baseline),
            settings=each,
            scenario=_scenario(experiment, experiment.policy_path(None), each, allow_code),
            is_baseline=each == baseline,
        )
        for each in settings
    ]


def _name(experiment: Experiment, settings: dict[str, Any], baseline: dict[str, Any]) -> str:
    """Say what a point sets; where each sets one of several factors, only what it changes."""
    told = list(experiment.factors)
    if experiment.varies_one_of_several:
        told = [each for each in told if settings[each.key] != baseline[each.key]]
    said = [f"{each.label or each.key}: {each.name_of(settings[each.key])}" for each in told]
    return ", ".join(said) or "nothing changed"


def _scenario(
    experiment: Experiment, policy: Path | None, changes: dict[str, Any], allow_code: bool
) -> Scenario:
    """Load the scenario of a point."""
    changes = dict(changes)
    if experiment.days is not None:
        changes["time.days"] = experiment.days
    return Scenario.load(
        experiment.scenario_path, policy=policy, overrides=changes, allow_code=allow_code
    )

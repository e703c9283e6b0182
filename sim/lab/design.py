"""From an experiment to its points: the scenarios that are to be run side by side."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.errors import InputError, InputErrors
from sim.lab.sampling import Axis, Matrix, unit_sample
from sim.lab.worlds import acts_on, axes_of_factors, settings_of_worlds
from sim.outcomes import MEASURES
from sim.scenario import Experiment, Scenario
from sim.scenario.files import nearest


@dataclass(frozen=True)
class Point:
    """One of the scenarios that an experiment compares.

    Attributes
    ----------
    name : what it is called in tables
    settings : value of each factor, by key path; empty for named policies in the world given
    scenario : what to run
    is_baseline : whether the others are compared with it
    world : number from 0 of the uncertain world that it is in, none if there is but the one given
    """

    name: str
    settings: dict[str, Any]
    scenario: Scenario
    is_baseline: bool
    world: int | None = None


def points_of(experiment: Experiment, allow_code: bool = False) -> list[Point]:
    """Give the points of an experiment.

    Parameters
    ----------
    experiment : what is asked
    allow_code : whether names of Python code in its files are honoured

    Returns
    -------
    Points in order, the baseline among them exactly once, or once in each uncertain world, which
    follow each other with all policies in each; none is the baseline in a sampled design, whose
    points follow the rows of `sample_of`.

    Raises
    ------
    InputError : a policy or scenario cannot be used, or the design does not fit
    """
    _check_stop(experiment)
    if experiment.is_sampled:
        return _sampled(experiment, allow_code)
    make = _policies if experiment.policies else _factors
    points = make(experiment, allow_code)
    if sum(point.is_baseline for point in points) != count_of_worlds(points):
        raise InputError(
            "no point, or more than one, is the baseline",
            where=f"{experiment.path}: baseline",
            remedy="name a policy, or give each factor one of its values",
        )
    return points


def count_of_worlds(points: Sequence[Point]) -> int:
    """Say in how many worlds points lie, 1 if no worlds were drawn."""
    return len({point.world for point in points})


def require_baseline(experiment: Experiment) -> None:
    """See that an experiment has a baseline to compare with.

    Raises
    ------
    InputError : its design is sampled
    """
    if experiment.is_sampled:
        raise InputError(
            f"design {experiment.design!r} compares nothing with a baseline",
            where=f"{experiment.path}: design",
            remedy='use "factorial", "paired" or "one_at_a_time", or `bordersim sensitivity`',
        )


def sample_of(experiment: Experiment) -> Matrix:
    """Give the points of a sampled design in the unit cube, as (points, factors).

    The experiment's seed alone decides them.
    """
    assert experiment.samples is not None
    assert experiment.design in ("lhs", "sobol", "morris")
    return unit_sample(
        experiment.design, len(experiment.factors), experiment.samples, experiment.seed
    )


def axes_of(experiment: Experiment, allow_code: bool = False) -> list[Axis]:
    """Lay out the values of each factor of a sampled design.

    Raises
    ------
    InputErrors : every factor that has no range it could be drawn from
    """
    scenario = scenario_with(experiment, experiment.policy_path(None), {}, allow_code)
    return axes_of_factors(experiment.factors, scenario, f"{experiment.path}: factors")


def _sampled(experiment: Experiment, allow_code: bool) -> list[Point]:
    axes = axes_of(experiment, allow_code)
    points = []
    for number, row in enumerate(sample_of(experiment), start=1):
        settings = {axis.key: axis.value(float(at)) for axis, at in zip(axes, row, strict=True)}
        points.append(
            Point(
                name=f"sample {number}: {_name(experiment, settings, {})}",
                settings=settings,
                scenario=_drawn(experiment, experiment.policy_path(None), {}, settings, allow_code),
                is_baseline=False,
            )
        )
    return points


def _drawn(
    experiment: Experiment,
    policy: Path | None,
    changes: dict[str, Any],
    settings: dict[str, Any],
    allow_code: bool,
) -> Scenario:
    """Load a scenario with what was drawn; what is wrong with it is wrong with that."""
    try:
        return scenario_with(experiment, policy, changes | settings, allow_code)
    except InputErrors as found:
        drawn = ", ".join(f"{key} = {value!r}" for key, value in settings.items())
        table = "factors" if experiment.worlds is None else "worlds.factors"
        raise InputErrors(
            [
                InputError(
                    f"{error.what}, in a sample with {drawn}",
                    where=f"{experiment.path}: {table}: {error.where}",
                    remedy=error.remedy or "give a `range` that fits",
                )
                for error in found.errors
            ]
        ) from None


def _check_stop(experiment: Experiment) -> None:
    if experiment.stop is not None and experiment.stop.metric not in MEASURES:
        raise InputError(
            f"no outcome {experiment.stop.metric!r}",
            where=f"{experiment.path}: stop.metric",
            remedy=nearest(experiment.stop.metric, list(MEASURES)),
        )


def _policies(experiment: Experiment, allow_code: bool) -> list[Point]:
    if experiment.design != "paired":
        raise InputError(
            f"design {experiment.design!r} is for factors",
            where=f"{experiment.path}: design",
            remedy='use design = "paired"',
        )
    given = [
        Point(
            name=choice.name,
            settings={},
            scenario=scenario_with(
                experiment, experiment.policy_path(choice.file), choice.set, allow_code
            ),
            is_baseline=choice.name == experiment.baseline,
        )
        for choice in experiment.policies
    ]
    if experiment.worlds is None:
        return given
    drawn = settings_of_worlds(experiment, {point.name: point.scenario for point in given})
    return [
        replace(
            point,
            settings=settings,
            scenario=_drawn(
                experiment,
                experiment.policy_path(choice.file),
                choice.set,
                {key: value for key, value in settings.items() if acts_on(point.scenario, key)},
                allow_code,
            ),
            world=world,
        )
        for world, settings in enumerate(drawn)
        for choice, point in zip(experiment.policies, given, strict=True)
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
            scenario=scenario_with(experiment, experiment.policy_path(None), each, allow_code),
            is_baseline=each == baseline,
        )
        for each in settings
    ]


def _name(experiment: Experiment, settings: dict[str, Any], baseline: dict[str, Any]) -> str:
    """Say what a point sets; where each sets one of several factors, only what it changes."""
    told = list(experiment.factors)
    if experiment.varies_one_of_several:
        told = [each for each in told if settings[each.key] != baseline[each.key]]
    said = [f"{each.title}: {each.name_of(settings[each.key])}" for each in told]
    return ", ".join(said) or "nothing changed"


def scenario_with(
    experiment: Experiment, policy: Path | None, changes: dict[str, Any], allow_code: bool
) -> Scenario:
    """Load the scenario of an experiment with changes to it, for as long as the experiment says.

    Parameters
    ----------
    experiment : what is asked
    policy : policy file to start from; the scenario's own if missing
    changes : key paths to values
    allow_code : whether names of Python code in its files are honoured

    Raises
    ------
    InputErrors : everything that is wrong with it
    """
    changes = dict(changes)
    if experiment.days is not None:
        changes["time.days"] = experiment.days
    return Scenario.load(
        experiment.scenario_path, policy=policy, overrides=changes, allow_code=allow_code
    )

"""A scenario as a model of EMA Workbench, for scenario discovery and robust decision making.

Needs the extra `ema`: `pip install 'bordersim[ema]'`.
"""

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from scipy.stats import loguniform

from sim.engine.engines import Engine
from sim.errors import InputError
from sim.lab.design import axes_of, points_of, scenario_with
from sim.lab.sampling import Axis
from sim.lab.statistics import mean_interval
from sim.outcomes import run
from sim.scenario import Experiment

HALF_WIDTH = "_half_width"
"""Ends the name of the outcome that is the half-width of another's 95 % interval."""


def ema_workbench() -> ModuleType:
    """Import EMA Workbench.

    Raises
    ------
    InputError : it is not installed
    """
    try:
        with warnings.catch_warnings():
            # It tells of each of its own optional parts that is missing.
            warnings.simplefilter("ignore")
            return import_module("ema_workbench")
    except ImportError as error:
        raise InputError(
            "EMA Workbench is not installed", remedy="pip install 'bordersim[ema]'"
        ) from error


def parameter_name(key: str) -> str:
    """Give the name of a key path in EMA Workbench, where names are Python's: `__` for a dot."""
    return key.replace(".", "__")


@dataclass(frozen=True)
class PairedRuns:
    """What EMA Workbench calls: factors in, outcomes out, averaged over the experiment's seeds.

    Attributes
    ----------
    experiment : its factors are the parameters, its metrics the outcomes
    against : settings, by key path, of the run that each is compared with on the same chance;
        outcomes are paired differences to it, or the values themselves if there are none
    engine : which engine runs it; "compiled" pays for hundreds of runs
    allow_code : whether names of Python code in its files are honoured
    """

    experiment: Experiment
    against: Mapping[str, Any] = field(default_factory=dict)
    engine: Engine = "auto"
    allow_code: bool = False

    def __call__(self, **parameters: Any) -> dict[str, float]:
        """Run one setting of all factors.

        Parameters
        ----------
        parameters : value of each factor by its `parameter_name`

        Returns
        -------
        For each metric its mean, and under its name with `_half_width` that of the 95 % interval.
        """
        keys = {parameter_name(factor.key): factor.key for factor in self.experiment.factors}
        settings = {keys[name]: _plain(value) for name, value in parameters.items()}
        values = self._values(settings)
        if self.against:
            values = values - self._values(settings | dict(self.against))
        found = {}
        for metric, row in zip(self.experiment.measured, values, strict=True):
            found[metric], found[metric + HALF_WIDTH] = mean_interval(row)
        return found

    def _values(self, settings: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Give outcomes as (metrics, seeds)."""
        experiment = self.experiment
        policy = experiment.policy_path(None)
        scenario = scenario_with(experiment, policy, settings, self.allow_code)
        seeds = range(experiment.seed, experiment.seed + experiment.replications)
        results = [run(scenario, seed, self.engine).outcomes for seed in seeds]
        return np.array([[each[metric] for each in results] for metric in experiment.measured])


def ema_model(
    experiment: Experiment,
    against: Mapping[str, Any] | None = None,
    levers: Collection[str] = (),
    engine: Engine = "auto",
    allow_code: bool = False,
) -> Any:
    """Make an experiment with a sampled design a model of EMA Workbench.

    Parameters
    ----------
    experiment : its factors with their ranges, its metrics, its seeds and replications
    against : settings of a run to compare with on the same chance, by key path
    levers : keys of factors that are choices of a policy; the others are uncertainties
    engine : which engine runs it
    allow_code : whether names of Python code in its files are honoured

    Returns
    -------
    An `ema_workbench.Model`.

    Raises
    ------
    InputError : EMA Workbench is missing, or the experiment cannot be sampled
    """
    ema = ema_workbench()
    _check_sampled(experiment)
    unknown = set(levers) - {factor.key for factor in experiment.factors}
    if unknown:
        raise InputError(f"{sorted(unknown)} are no factors", where="levers")
    runs = PairedRuns(experiment, dict(against or {}), engine, allow_code)
    model = ema.Model("bordersim", function=runs)
    axes = axes_of(experiment, allow_code)
    model.uncertainties = [_parameter(ema, axis) for axis in axes if axis.key not in levers]
    model.levers = [_parameter(ema, axis) for axis in axes if axis.key in levers]
    model.outcomes = [
        ema.ScalarOutcome(metric + suffix)
        for metric in experiment.measured
        for suffix in ("", HALF_WIDTH)
    ]
    return model


def ema_scenarios(experiment: Experiment, allow_code: bool = False) -> list[Any]:
    """Draw the points of an experiment as scenarios of EMA Workbench, by its own seed.

    EMA Workbench's samplers use NumPy's global chance, which no file can repeat.

    Raises
    ------
    InputError : EMA Workbench is missing, or the experiment cannot be sampled
    """
    ema = ema_workbench()
    _check_sampled(experiment)
    return [
        ema.Scenario(
            f"sample {number}",
            **{parameter_name(key): value for key, value in point.settings.items()},
        )
        for number, point in enumerate(points_of(experiment, allow_code), start=1)
    ]


def _check_sampled(experiment: Experiment) -> None:
    if not experiment.is_sampled:
        raise InputError(
            f"design {experiment.design!r} has no ranges to sample",
            where=f"{experiment.path}: design",
            remedy='use design = "lhs", with `samples`',
        )


def _parameter(ema: ModuleType, axis: Axis) -> Any:
    """Say in the terms of EMA Workbench which values a factor can have."""
    name = parameter_name(axis.key)
    if axis.values:
        return ema.CategoricalParameter(name, list(axis.values))
    if axis.is_whole:
        return ema.IntegerParameter(name, int(axis.low), int(axis.high))
    if axis.is_log:
        return ema.RealParameter.from_dist(name, loguniform(axis.low, axis.high))
    return ema.RealParameter(name, axis.low, axis.high)


def _plain(value: Any) -> Any:
    """Take a value out of what NumPy wraps it in."""
    return value.item() if isinstance(value, np.generic) else value

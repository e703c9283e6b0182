"""The main job: run an experiment and compare its points with the baseline."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from sim.errors import InputError, InputErrors
from sim.lab.achieved import Achieved, achieved_on
from sim.lab.design import Point, points_of, require_baseline
from sim.lab.keys import model_version
from sim.lab.places import place_of
from sim.lab.runner import run_points
from sim.lab.sequential import run_until_known
from sim.lab.statistics import PairedDifference, mean_interval, paired_difference
from sim.lab.tables import NAMES, Tables
from sim.lab.trials import InMemory
from sim.outcomes import MEASURES
from sim.scenario import Experiment, Factor
from sim.scenario.files import nearest

LARGEST_SEED = 2**63 - 1
"""Whole numbers in tables have 64 bits."""


@dataclass(frozen=True)
class SampledWorld:
    """One of the uncertain worlds that policies were compared in.

    Attributes
    ----------
    number : what it is called, from 1
    settings : value of each factor that was drawn, by key path
    points : all policies in it, in order
    seeds : those that each of them was run on
    """

    number: int
    settings: dict[str, Any]
    points: tuple[Point, ...]
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Comparison:
    """What an experiment showed.

    Where uncertain worlds were drawn, a point is a policy and a value of it is its mean over the
    seeds of one world. Means, paired differences and their intervals are then over worlds, and so
    tell of chance and of what was drawn; that worlds of a Latin hypercube are spread evenly makes
    the intervals, which take them for independent, rather too wide than too narrow.

    Attributes
    ----------
    experiment : what was asked
    points : what was compared; a policy in uncertain worlds has the scenario of the first of them
    tables : what the runs gave; runs say in the column world which one they were in, if any
    worlds : uncertain worlds, each with as many seeds; none if there was but the world given
    achieved : where points lie between floor and ceilings, if that was asked for and is known
    """

    experiment: Experiment
    points: list[Point]
    tables: Tables
    worlds: tuple[SampledWorld, ...] = ()
    achieved: Achieved | None = None

    @classmethod
    def of(cls, experiment: Experiment, points: list[Point], tables: Tables) -> "Comparison":
        """Compare what was run, policy by policy if it was in uncertain worlds.

        Parameters
        ----------
        experiment : what was asked
        points : what was run, as of `points_of`
        tables : what the runs gave; worlds without any are left out
        """
        if experiment.worlds is None:
            return cls(experiment, points, tables)
        policies = len(experiment.policies)
        seeds = tables.runs.groupby(tables.runs["point"] // policies)["seed"].unique()
        worlds = []
        for world, own in seeds.items():
            first = int(str(world)) * policies
            there = tuple(points[first : first + policies])
            told = tuple(sorted(int(seed) for seed in own))
            worlds.append(SampledWorld(int(str(world)) + 1, there[0].settings, there, told))
        folded = [replace(point, settings={}, world=None) for point in worlds[0].points]
        return cls(experiment, folded, _by_policy(tables, policies), tuple(worlds))

    @property
    def pairs(self) -> int:
        """Over how many values intervals are: worlds, or seeds if there is but one world."""
        return len(self.worlds) or int(self.runs["seed"].nunique())

    @property
    def runs(self) -> pd.DataFrame:
        """One row for each run: point, seed, and every outcome."""
        return self.tables.runs

    @property
    def baseline(self) -> int:
        """Index of the point that others are compared with."""
        require_baseline(self.experiment)
        return next(index for index, point in enumerate(self.points) if point.is_baseline)

    @cached_property
    def _by_point(self) -> dict[int, pd.DataFrame]:
        """Runs of each point, in order of seeds."""
        in_order = self.runs.sort_values("seed", kind="stable")
        groups: Any = in_order.groupby("point")
        return {int(point): runs for point, runs in groups}

    @cached_property
    def _differences(self) -> dict[tuple[int, str], PairedDifference]:
        """Paired differences that were asked for, by point and outcome."""
        return {}

    def values(self, point: int, metric: str) -> list[float]:
        """Give an outcome of a point, one value for each seed in order.

        In uncertain worlds, one for each world in order: the mean over its seeds.
        """
        runs = self._by_point[point]
        told = runs.groupby("world")[metric].mean() if self.worlds else runs[metric]
        return [float(value) for value in told]

    def values_in(self, world: SampledWorld, point: int, metric: str) -> list[float]:
        """Give an outcome of a point in one of the worlds, one value for each seed in order."""
        runs = self._by_point[point]
        return [float(value) for value in runs.loc[runs["world"] == world.number, metric]]

    def mean(self, point: int, metric: str) -> tuple[float, float]:
        """Mean of an outcome and the half-width of its 95 % interval, Student's t."""
        return mean_interval(self.values(point, metric))

    def difference(self, point: int, metric: str) -> PairedDifference:
        """Paired difference of an outcome to the baseline, worked out once."""
        if (point, metric) not in self._differences:
            self._differences[point, metric] = paired_difference(
                self.values(point, metric),
                self.values(self.baseline, metric),
                key=f"{self.points[point].name}: {metric}",
            )
        return self._differences[point, metric]

    def doses(self, factor: Factor) -> list[int]:
        """Points that differ from the baseline in nothing but a factor, in the order of its values.

        The baseline is one of them.
        """
        base = self.points[self.baseline].settings
        fixed = {key: value for key, value in base.items() if key != factor.key}
        alike = [
            index
            for index, point in enumerate(self.points)
            if all(point.settings[key] == value for key, value in fixed.items())
        ]
        return sorted(
            alike, key=lambda index: factor.values.index(self.points[index].settings[factor.key])
        )

    def table(self) -> pd.DataFrame:
        """Give one row for each point and metric.

        Returns
        -------
        Columns point, metric (those of factors included), mean, mean_half_width, difference, low,
        high (95 % interval of the paired difference), interval (how that was found: t for
        Student's, BCa for a bootstrap), share_above, pairs; the difference is 0 for the baseline
        itself.
        """
        rows = []
        for index, point in enumerate(self.points):
            for metric in self.experiment.measured:
                mean, half_width = self.mean(index, metric)
                paired = self.difference(index, metric)
                rows.append(
                    {
                        "point": point.name,
                        "metric": metric,
                        "mean": mean,
                        "mean_half_width": half_width,
                        "difference": paired.mean,
                        "low": paired.low,
                        "high": paired.high,
                        "interval": paired.method,
                        "share_above": paired.share_above,
                        "pairs": paired.pairs,
                    }
                )
        return pd.DataFrame(rows)


def compare(
    experiment: Experiment,
    replications: int | None = None,
    workers: int = -1,
    progress: Callable[[int, int], None] | None = None,
    allow_code: bool = False,
) -> Comparison:
    """Run all points of an experiment on common chance.

    Parameters
    ----------
    experiment : what to ask
    replications : in place of the experiment's own, at least two, or one in uncertain worlds
    workers : processes to use, -1 for all cores
    progress : called after each run with the number of runs done and of all
    allow_code : whether names of Python code in its files are honoured

    Raises
    ------
    InputError : the experiment cannot be run as it is
    """
    require_baseline(experiment)
    points, count = prepare(experiment, replications, allow_code)
    if experiment.stop is not None and replications is None:
        tables = run_until_known(points, experiment.stop, experiment.seed, workers, progress)
    else:
        tables = run_points(points, count, experiment.seed, workers, progress)
    comparison = Comparison.of(experiment, points, tables)
    if experiment.achievable is None:
        return comparison
    with place_of(workers) as place:
        trials = InMemory(place, model_version())
        return replace(comparison, achieved=achieved_on(experiment, points, tables, trials))


def _by_policy(tables: Tables, policies: int) -> Tables:
    """Number what runs in uncertain worlds gave by policy, and say which world each was in."""
    frames = {}
    for name in NAMES:
        frame = getattr(tables, name)
        policy, world = frame["point"] % policies, frame["point"] // policies + 1
        frame = frame.assign(point=policy)
        if name == "runs":
            frame.insert(1, "world", world)
        frames[name] = frame.sort_values(["point", "seed"], ignore_index=True, kind="stable")
    return Tables(**frames)


def prepare(
    experiment: Experiment, replications: int | None = None, allow_code: bool = False
) -> tuple[list[Point], int]:
    """Check all that can be checked before hours are spent.

    Returns
    -------
    The points, and the number of runs of each, in a world if there are uncertain ones.

    Raises
    ------
    InputError : the experiment cannot be run as it is
    """
    worlds = experiment.worlds
    own = experiment.replications if worlds is None else worlds.replications
    count = own if replications is None else replications
    if worlds is not None and count < 1:
        raise InputError(
            f"{count} replications are no runs", where="--replications", remedy="1 or more"
        )
    if worlds is None and count < 2:
        raise InputError(
            f"{count} replications give no interval", where="--replications", remedy="2 or more"
        )
    if experiment.seed + count * (1 if worlds is None else worlds.samples) > LARGEST_SEED:
        raise InputError(
            f"seeds from {experiment.seed} on are too large for tables",
            where=f"{experiment.path}: seed",
            remedy=f"stay below {LARGEST_SEED}",
        )
    unknown = unknown_metrics(experiment)
    if unknown:
        raise InputErrors(unknown)
    return points_of(experiment, allow_code), count


def unknown_metrics(experiment: Experiment) -> list[InputError]:
    """Find metrics of an experiment that are no outcome of a run."""
    named = [("metrics", metric) for metric in experiment.metrics]
    for index, factor in enumerate(experiment.factors):
        if factor.metric is not None:
            named.append((f"factors.{index}.metric", factor.metric))
    return [
        InputError(
            f"no outcome {metric!r}",
            where=f"{experiment.path}: {key}",
            remedy=nearest(metric, list(MEASURES)),
        )
        for key, metric in named
        if metric not in MEASURES
    ]

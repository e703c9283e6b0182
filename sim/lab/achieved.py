"""How much of what can be achieved the points of a comparison do: scores on their own seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, nan

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.lab.design import Point
from sim.lab.tables import Tables
from sim.optimum import METRICS, Limits, Score, Trial, Tried, limits_of, most_runs, score
from sim.optimum.achievable import without_policy
from sim.scenario import Achievable, Experiment


@dataclass(frozen=True)
class Achieved:
    """Where points lie between floor and ceiling, each in the world that it is of.

    Attributes
    ----------
    asked : what the experiment asks
    limits : floor and ceilings of each world that points differ in besides their policy
    world_of : index of the limits of each point
    runs : of all points on the seeds of the limits, as in `Tables`
    """

    asked: Achievable
    limits: tuple[Limits, ...]
    world_of: tuple[int, ...]
    runs: pd.DataFrame

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds that all of it is on."""
        return self.limits[0].seeds

    @property
    def metrics(self) -> tuple[str, ...]:
        """Outcomes that are scored, first the one that the floor is chosen by."""
        return tuple(sorted(METRICS, key=lambda metric: metric != self.asked.metric))

    def values(self, point: int, metric: str) -> list[float]:
        """Give an outcome of a point, one value for each seed."""
        runs = self.runs[self.runs["point"] == point]
        return [float(value) for value in runs.set_index("seed")[metric].loc[list(self.seeds)]]

    def limit(self, world: int, name: str, metric: str) -> float:
        """Give the mean of an outcome at the "floor", by the "equilibrium" or by the "oracle"."""
        return float(np.mean([each[metric] for each in getattr(self.limits[world], name)]))

    def score(self, point: int, metric: str) -> Score:
        """Say where a point lies between floor and the higher ceiling.

        Nothing is told if that lies below the floor, as it may where patrols hardly matter.
        """
        world = self.world_of[point]
        limits = self.limits[world]
        if self.limit(world, limits.ceiling(metric), metric) <= self.limit(world, "floor", metric):
            return Score(nan, -inf, inf, len(self.seeds))
        return score(
            self.values(point, metric),
            [each[metric] for each in limits.floor],
            [each[metric] for each in getattr(limits, limits.ceiling(metric))],
        )

    def table(self, points: Sequence[Point]) -> pd.DataFrame:
        """Give one row for each point and outcome.

        Parameters
        ----------
        points : those that were compared

        Returns
        -------
        Columns point, metric, mean, floor, equilibrium, oracle (means), ceiling (which of the two),
        share (of the way from floor to ceiling), low, high (its 95 % interval; missing if the
        ceiling is not clearly above the floor), seeds, floor_allocation (by side), oracle_slack (as
        of `Limits`).
        """
        rows = []
        for index, point in enumerate(points):
            world = self.world_of[index]
            limits = self.limits[world]
            for metric in self.metrics:
                found = self.score(index, metric)
                rows.append(
                    {
                        "point": point.name,
                        "metric": metric,
                        "mean": float(np.mean(self.values(index, metric))),
                        "floor": self.limit(world, "floor", metric),
                        "equilibrium": self.limit(world, "equilibrium", metric),
                        "oracle": self.limit(world, "oracle", metric),
                        "ceiling": limits.ceiling(metric),
                        "share": found.share,
                        "low": found.low if found.is_told else np.nan,
                        "high": found.high if found.is_told else np.nan,
                        "seeds": found.seeds,
                        "floor_allocation": "; ".join(
                            f"{side}: {kind}" for side, kind in limits.alone.items()
                        ),
                        "oracle_slack": limits.slack,
                    }
                )
        return pd.DataFrame(rows)


def asked_for(experiment: Experiment, replications: int) -> Experiment:
    """Give an experiment that asks for what is achievable, on so many seeds.

    Parameters
    ----------
    experiment : which may ask for it already
    replications : in place of its own; 0 not to ask

    Raises
    ------
    InputError : these are too few, or what it compares has no floor and ceilings
    """
    if replications == 0:
        return experiment.model_copy(update={"achievable": None})
    if replications < 2:
        raise InputError(
            f"{replications} seeds give no interval",
            where="--achievable",
            remedy="two or more, or 0 for none",
        )
    if experiment.worlds is not None or experiment.is_sampled:
        raise InputError(
            "floor and ceilings are not to be had for uncertain worlds and sampled designs",
            where="--achievable",
            remedy="leave it out",
        )
    own = experiment.achievable or Achievable()
    return experiment.model_copy(
        update={"achievable": own.model_copy(update={"replications": replications})}
    )


def achieved_on(
    experiment: Experiment,
    points: Sequence[Point],
    tables: Tables,
    trials: Callable[[Sequence[Trial]], Sequence[Tried]],
) -> Achieved:
    """Simulate floor and ceilings, once for all points that differ in their policy alone.

    Parameters
    ----------
    experiment : with [achievable]
    points : what is compared
    tables : what their runs gave, on seeds on which all of them are done; the first are taken
    trials : makes runs, or knows them already

    Raises
    ------
    BordersimError : what `trials` raises
    """
    asked = experiment.achievable
    assert asked is not None
    seeds = sorted({int(seed) for seed in tables.runs["seed"]})[: asked.replications]
    world_of, first = worlds_among(points)
    limits = [
        limits_of(points[index].scenario, seeds, asked.metric, trials=trials) for index in first
    ]
    runs = tables.runs[tables.runs["seed"].isin(seeds)]
    return Achieved(asked, tuple(limits), world_of, runs)


def worlds_among(points: Sequence[Point]) -> tuple[tuple[int, ...], list[int]]:
    """Find the worlds that points differ in besides their policy.

    Returns
    -------
    The number of each point's world, and the first point of each world.
    """
    told = [without_policy(point.scenario).inputs_sha256 for point in points]
    numbers = {each: number for number, each in enumerate(dict.fromkeys(told))}
    return tuple(numbers[each] for each in told), [told.index(each) for each in numbers]


def runs_of_limits(points: Sequence[Point], seeds: int) -> int:
    """Say how many runs floors and ceilings take at most.

    Parameters
    ----------
    points : what is compared
    seeds : of each floor and ceiling
    """
    _, first = worlds_among(points)
    return sum(most_runs(points[index].scenario, seeds) for index in first)

"""Which of the varied factors an outcome hangs on: Morris' screening and Sobol' indices."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sim.errors import InputError
from sim.lab.compare import prepare
from sim.lab.design import Point, sample_of
from sim.lab.runner import run_points
from sim.lab.sampling import MORRIS_LEVELS, Matrix, problem_of
from sim.lab.study import Study
from sim.lab.tables import Tables
from sim.scenario import Experiment

STRENGTH = {"morris": "mu_star", "sobol": "ST"}
"""The index that factors are sorted by, with its half-width in the column of the same name + _conf:
Morris' mean absolute effect, Sobol's total order."""


@dataclass(frozen=True)
class Sensitivity:
    """What a study of sensitivity showed.

    Attributes
    ----------
    experiment : what was asked
    points : what was run
    tables : what the runs gave
    """

    experiment: Experiment
    points: list[Point]
    tables: Tables

    @property
    def replications(self) -> int:
        """Runs of each point."""
        return int(self.tables.runs["seed"].nunique())

    def indices(self, metric: str) -> pd.DataFrame:
        """Give the indices of one outcome, a row for each factor, the strongest first.

        Parameters
        ----------
        metric : name of an outcome

        Returns
        -------
        Columns factor (its key path), label, and those of `indices_of`.
        """
        experiment = self.experiment
        means = self.tables.runs.groupby("point")[metric].mean().sort_index()
        found = indices_of(experiment.design, sample_of(experiment), means, experiment.seed)
        found.insert(0, "factor", [factor.key for factor in experiment.factors])
        found.insert(1, "label", [factor.title for factor in experiment.factors])
        by = STRENGTH[experiment.design]
        return found.sort_values(by, ascending=False, ignore_index=True, kind="stable")

    def table(self) -> pd.DataFrame:
        """Give the indices of all outcomes, with the column metric in front."""
        parts = []
        for metric in self.experiment.measured:
            part = self.indices(metric)
            part.insert(0, "metric", metric)
            parts.append(part)
        return pd.concat(parts, ignore_index=True)


def indices_of(design: str, sample: Matrix, values: ArrayLike, seed: int = 1) -> pd.DataFrame:
    """Give how much each factor moves a value.

    Parameters
    ----------
    design : "morris" or "sobol"
    sample : points in the unit cube as `unit_sample` gives them, (points, factors)
    values : the outcome at each point, in that order
    seed : of the resampling behind the intervals

    Returns
    -------
    A row for each factor in order. For morris: mu_star, mean absolute effect of a step by two
    thirds of the factor's range, as if it went on across the whole of it, in units of the outcome;
    mu, the same with its sign; sigma, standard deviation of these effects, large where the effect
    bends or hangs on other factors. For sobol: S1, share of the variance that the factor explains
    by itself; ST, with all that it does together with others. Columns that end in _conf are
    half-widths of 95 % intervals. All are 0 if the outcome never varies.

    Raises
    ------
    InputError : another design, or not one finite value for each point

    Source
    ------
    SALib: Campolongo, Cariboni & Saltelli (2007), Environmental Modelling & Software 22, 1509;
    Saltelli et al. (2010), Computer Physics Communications 181, 259.
    """
    outcome = np.asarray(values, dtype=float)
    if outcome.shape != (len(sample),) or not np.isfinite(outcome).all():
        raise InputError(
            f"values of shape {outcome.shape} are not one number for each of {len(sample)} points",
            where="values",
        )
    problem = problem_of([f"factor {number}" for number in range(sample.shape[1])])
    # A seed of 0 would be none to SALib.
    chance = seed + 1
    if design == "morris":
        from SALib.analyze import morris

        found = morris.analyze(problem, sample, outcome, num_levels=MORRIS_LEVELS, seed=chance)
        columns = ["mu_star", "mu_star_conf", "mu", "sigma"]
    elif design == "sobol":
        from SALib.analyze import sobol

        columns = ["S1", "S1_conf", "ST", "ST_conf"]
        if np.ptp(outcome) == 0.0:
            found = dict.fromkeys(columns, np.zeros(sample.shape[1]))
        else:
            found = sobol.analyze(
                problem, outcome, calc_second_order=False, num_resamples=1000, seed=chance
            )
    else:
        raise InputError(f"no indices of design {design!r}", remedy='use "morris" or "sobol"')
    return pd.DataFrame({name: np.asarray(found[name], dtype=float) for name in columns})


def sensitivity(
    experiment: Experiment,
    replications: int | None = None,
    workers: int = -1,
    progress: Callable[[int, int], None] | None = None,
    allow_code: bool = False,
) -> Sensitivity:
    """Run all points of a Morris or Sobol' design on common chance.

    Since every point meets the same seeds, what is analysed is the mean over these seeds, a
    function of the factors alone. Other seeds would give another function; more replications make
    it nearer to the true mean, of which intervals here know nothing.

    Parameters
    ----------
    experiment : what to ask, of design "morris" or "sobol"
    replications : in place of the experiment's own, at least two
    workers : processes to use, -1 for all cores
    progress : called after each run with the number of runs done and of all
    allow_code : whether names of Python code in its files are honoured

    Raises
    ------
    InputError : the experiment cannot be run as it is, or has another design
    """
    require_indices(experiment)
    points, count = prepare(experiment, replications, allow_code)
    tables = run_points(points, count, experiment.seed, workers, progress)
    return Sensitivity(experiment, points, tables)


def sensitivity_of(study: Study) -> Sensitivity:
    """Give what a stored study of sensitivity shows, on the seeds on which every point is done.

    Parameters
    ----------
    study : of a Morris or Sobol' design

    Raises
    ------
    InputError : it has another design, or there is no such seed
    """
    require_indices(study.experiment)
    seeds = study.complete_seeds
    if not seeds:
        raise InputError(
            f"none of {study.replications} seeds is done for every point, and indices need all "
            "points",
            where=str(study.folder),
            remedy="run bordersim sensitivity again; --retry-failed tries again what failed",
        )
    return Sensitivity(study.experiment, study.points, study.tables.of_seeds(seeds))


def require_indices(experiment: Experiment) -> None:
    """See that an experiment has a design that indices can be told from.

    Raises
    ------
    InputError : it has another
    """
    if experiment.design not in STRENGTH:
        raise InputError(
            f"design {experiment.design!r} tells no sensitivity",
            where=f"{experiment.path}: design",
            remedy='use design = "morris" or "sobol", with `samples`',
        )


def are_told_apart(indices: pd.DataFrame, strength: str) -> bool:
    """Whether the strongest factor's interval lies above that of the next.

    Parameters
    ----------
    indices : the strongest first
    strength : column that they are sorted by
    """
    if len(indices) < 2:
        return True
    value, error = indices[strength], indices[f"{strength}_conf"]
    return math.isfinite(error[0]) and bool(value[0] - error[0] > value[1] + error[1])

"""Running points until their differences to the baseline are known well enough."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.lab.design import Point
from sim.lab.runner import run_points
from sim.lab.stopping import next_replications
from sim.lab.tables import Tables
from sim.scenario import Stop


def run_until_known(
    points: list[Point],
    stop: Stop,
    seed: int = 1,
    workers: int = -1,
    progress: Callable[[int, int], None] | None = None,
) -> Tables:
    """Run every point on the same seeds, as many as a rule of stopping asks for.

    Parameters
    ----------
    points : what to run, one of them the baseline
    stop : the rule
    seed : the first seed; the others follow it
    workers : processes to use, -1 for all cores
    progress : called after each run with the number of runs done and of all as far as known

    Returns
    -------
    What the runs gave, the same whatever the number of workers.
    """
    baseline = next(index for index, point in enumerate(points) if point.is_baseline)
    tables: Tables | None = None
    done = 0
    while (
        wanted := next_replications(values_of(tables, points, stop), baseline, stop)
    ) is not None:
        before = done * len(points)
        told = None if progress is None else _counted_from(before, progress)
        more = run_points(points, wanted - done, seed + done, workers, told)
        tables = more if tables is None else _together(tables, more)
        done = wanted
    assert tables is not None  # every rule asks for two runs of a point at least
    return tables


def _counted_from(before: int, progress: Callable[[int, int], None]) -> Callable[[int, int], None]:
    return lambda done, total: progress(before + done, before + total)


def values_of(tables: Tables | None, points: list[Point], stop: Stop) -> NDArray[np.float64]:
    """Give the outcome that decides, as (points, replications so far)."""
    if tables is None:
        return np.empty((len(points), 0))
    wide = tables.runs.pivot_table(index="point", columns="seed", values=stop.metric)
    return wide.to_numpy(dtype=float)


def _together(first: Tables, second: Tables) -> Tables:
    """Put tables of earlier and later seeds together, in the order of points and seeds."""
    frames = {
        name: pd.concat([getattr(first, name), getattr(second, name)]).sort_values(
            ["point", "seed"], ignore_index=True, kind="stable"
        )
        for name in ("runs", "sides", "segments")
    }
    return Tables(**frames)

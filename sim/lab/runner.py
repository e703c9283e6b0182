"""Running many points on common chance, on all cores."""

from collections.abc import Callable, Iterator
from typing import Any

import joblib
import pandas as pd

from sim.engine.engines import Engine, choose_engine, make_ready
from sim.errors import InputError
from sim.lab.design import Point
from sim.outcomes import run
from sim.scenario import Scenario


def run_points(
    points: list[Point],
    replications: int,
    seed: int = 1,
    workers: int = -1,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Run every point on the same seeds.

    Parameters
    ----------
    points : what to run
    replications : seeds for each point: seed, seed + 1, …
    seed : the first of them
    workers : processes to use, -1 for all cores
    progress : called after each run with the number of runs done and of all

    Returns
    -------
    One row for each run, in the order of points and seeds whatever the number of workers:
    point (its index), seed, and every outcome.

    Raises
    ------
    InputError : there are no workers
    """
    if workers == 0 or workers < -1:
        raise InputError(f"{workers} workers", where="--workers", remedy="1 or more, -1 for all")
    jobs = [
        (index, seed + replication)
        for replication in range(replications)
        for index in range(len(points))
    ]
    rows = []
    for done, row in enumerate(_finished(points, jobs, workers), start=1):
        rows.append(row)
        if progress is not None:
            progress(done, len(jobs))
    return pd.DataFrame(rows).sort_values(["point", "seed"], ignore_index=True)


def _finished(
    points: list[Point], jobs: list[tuple[int, int]], workers: int
) -> Iterator[dict[str, Any]]:
    """Give the rows of runs as they end."""
    if workers == 1:
        yield from (_run_one(*job) for job in _with_engines(points, jobs))
        return
    tasks = (joblib.delayed(_run_one)(*job) for job in _with_engines(points, jobs))
    yield from joblib.Parallel(n_jobs=workers, return_as="generator_unordered")(tasks)


def _with_engines(
    points: list[Point], jobs: list[tuple[int, int]]
) -> list[tuple[int, Scenario, int, Engine]]:
    """Say what each job runs and on which engine; compile it, if need be, before workers start."""
    engines = [choose_engine(point.scenario, runs=len(jobs))[0] for point in points]
    for point, engine in zip(points, engines, strict=True):
        if engine == "compiled":
            make_ready(point.scenario)
            break
    return [(index, points[index].scenario, seed, engines[index]) for index, seed in jobs]


def _run_one(index: int, scenario: Scenario, seed: int, engine: Engine) -> dict[str, Any]:
    """Run one point on one seed; the tables stay where they were made."""
    return {"point": index, "seed": seed, **run(scenario, seed=seed, engine=engine).outcomes}

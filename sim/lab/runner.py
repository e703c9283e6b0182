"""Running many points on common chance, on all cores."""

from collections.abc import Callable, Iterator

import joblib

from sim.engine.engines import Engine, choose_engine, make_ready
from sim.errors import InputError
from sim.lab.design import Point
from sim.lab.tables import Parts, Tables, parts_of
from sim.outcomes import run
from sim.scenario import Scenario


def run_points(
    points: list[Point],
    replications: int,
    seed: int = 1,
    workers: int = -1,
    progress: Callable[[int, int], None] | None = None,
) -> Tables:
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
    What the runs gave, the same whatever the number of workers.

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
    parts = []
    for done, part in enumerate(_finished(points, jobs, workers), start=1):
        parts.append(part)
        if progress is not None:
            progress(done, len(jobs))
    return Tables.of(parts)


def _finished(points: list[Point], jobs: list[tuple[int, int]], workers: int) -> Iterator[Parts]:
    """Give what runs add to the tables, as they end."""
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
    if "compiled" in engines:
        make_ready()
    return [(index, points[index].scenario, seed, engines[index]) for index, seed in jobs]


def _run_one(index: int, scenario: Scenario, seed: int, engine: Engine) -> Parts:
    """Run one point on one seed; its events stay where they were made."""
    return parts_of(index, run(scenario, seed=seed, engine=engine))

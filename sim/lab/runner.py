"""Running many points on common chance, wherever there is room."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing

from sim.engine.engines import choose_engine, make_ready
from sim.errors import BordersimError
from sim.lab.design import Point, count_of_worlds
from sim.lab.keys import model_version, run_key
from sim.lab.places import Place, place_of
from sim.lab.tables import Cell, Tables, arrow_tables
from sim.lab.work import Chunks, Ended, Job


def run_points(
    points: list[Point],
    replications: int,
    seed: int = 1,
    workers: int = -1,
    progress: Callable[[int, int], None] | None = None,
) -> Tables:
    """Run every point on the same seeds, and keep what they gave in memory.

    Parameters
    ----------
    points : what to run
    replications : seeds for each point, as of `cells_of`
    seed : the first of them
    workers : processes to use, -1 for all cores
    progress : called as runs end with the number of runs done and of all

    Returns
    -------
    What the runs gave, the same whatever the number of workers.

    Raises
    ------
    InputError : there are no workers
    BordersimError : a run failed
    """
    cells = cells_of(points, replications, seed, model_version())
    parts = []
    with place_of(workers) as place:
        jobs = jobs_of(points, cells)
        for ended in made(place, jobs):
            for each in ended:
                if each.parts is None:
                    raise BordersimError(
                        f"a run failed\n{each.error}", remedy="bordersim batch keeps the others"
                    )
                parts.append(each.parts)
            if progress is not None:
                progress(len(parts), len(jobs))
    return Tables.of(arrow_tables(parts), cells)


def cells_of(points: Sequence[Point], replications: int, seed: int, model: str) -> list[Cell]:
    """List all runs of a study, replication by replication, so that pairs are complete early.

    All points of a world run on the same seeds, and each world on its own, so that worlds are
    independent of each other: in world w of W, seed + w, seed + w + W and so on.
    """
    inputs = [point.scenario.inputs_sha256 for point in points]
    worlds = count_of_worlds(points)
    told = []
    for replication in range(replications):
        for index, point in enumerate(points):
            own = seed + replication * worlds + (point.world or 0)
            told.append(Cell(index, own, run_key(inputs[index], own, model)))
    return told


def jobs_of(points: Sequence[Point], cells: Iterable[Cell]) -> list[Job]:
    """Say how runs are made, each once, and compile the engine if they need it.

    That is done before workers start, so that they find it.
    """
    wanted = {cell.key: cell for cell in reversed(tuple(cells))}
    ordered = list(reversed(wanted.values()))
    scenarios = [points[index].scenario for index in sorted({cell.point for cell in ordered})]
    if any(choose_engine(each, runs=len(ordered))[0] == "compiled" for each in scenarios):
        make_ready()
    return [Job(cell.key, points[cell.point].scenario, cell.seed, len(ordered)) for cell in ordered]


def made(place: Place, jobs: list[Job]) -> Iterator[list[Ended]]:
    """Make runs somewhere, and give how they ended, as they do."""
    chunks = Chunks(jobs, place.workers)
    with closing(place.work(chunks)) as results:
        for ended in results:
            chunks.learn(ended)
            yield ended

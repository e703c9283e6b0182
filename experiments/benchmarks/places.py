"""Part 8: what a run costs beside its simulation where two processes or a Dask cluster make it."""

import json
import tempfile
from pathlib import Path

from batches import write_experiment
from engines import COMPILED, engines
from measuring import Row, left_out, python

PLACES = {
    "this process": "one",
    "two processes": "two",
    "a Dask cluster of two workers on loopback": "dask",
}

MEASURE = """
import resource, sys
from contextlib import nullcontext
from pathlib import Path
from joblib.externals.loky import get_reusable_executor
from sim import Experiment
from sim.lab import run_batch, study_of

def cluster():
    from distributed import LocalCluster
    return LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)

experiment, folder, place = Experiment.load(sys.argv[1]), Path(sys.argv[2]), sys.argv[4]
study = study_of(experiment, folder / f"{place} {sys.argv[3]}", int(sys.argv[3]) // 10)
with cluster() if place == "dask" else nullcontext() as there:
    workers = 1 if place == "one" else 2
    run_batch(study, workers, there.scheduler_address if there else None)
    if place == "two":
        get_reusable_executor().shutdown(wait=True)
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(sum(each.ru_utime + each.ru_stime for each in used))
"""


def measure(quick: bool) -> list[Row]:
    """Make few and many runs at each place; what a run more costs leaves out starting it."""
    if COMPILED not in engines():
        return [left_out("a run more", "ms", "needs the compiled engine")]
    few, many, days = (20, 60, 5) if quick else (200, 1400, 90)
    with tempfile.TemporaryDirectory() as folder:
        path = write_experiment(Path(folder), days)
        _spent(path, few, "one")  # compiles
        told = {
            name: [_spent(path, runs, place) for runs in (few, many)]
            for name, place in PLACES.items()
            if place != "dask" or _has_dask()
        }
    rows = []
    for name, (less, more) in told.items():
        each = 1e3 * (more - less) / (many - few)
        start = less - few * each / 1e3
        rows.append(Row(f"{name}: a run of {days} days more, processor", each, "ms/run"))
        rows.append(Row(f"{name}: starting and ending, processor", start, "s"))
    if len(told) < len(PLACES):
        rows.append(left_out("a Dask cluster", "ms/run", "distributed is not installed"))
    return rows


def _spent(path: Path, runs: int, place: str) -> float:
    """Processor time of a batch in a new process and all that it starts, s."""
    return float(json.loads(python("-c", MEASURE, str(path), str(path.parent), str(runs), place)))


def _has_dask() -> bool:
    try:
        import distributed
    except ImportError:
        return False
    return bool(distributed.__version__)

"""Part 7: what storing a batch costs beside the runs, in time and memory, and reading it."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engines import COMPILED, engines
from measuring import ROOT, Row, left_out, python

SCENARIO = ROOT / "scenarios" / "dien_bien_phongsaly.toml"

POLICIES = 10

MEASURE = """
import json, resource, sys, time
from pathlib import Path
from sim import Experiment
from sim.lab import open_study, run_batch, study_of
from sim.lab.ledger import Ledger
experiment, folder, runs = Experiment.load(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
study = study_of(experiment, folder / "warm", 2)
run_batch(study, workers=1)
study = study_of(experiment, folder / "out", runs // len(study.points))
before = peak()
begin = time.perf_counter()
run_batch(study, workers=1)
whole, memory = time.perf_counter() - begin, peak()
with Ledger.reading(study.folder) as ledger:
    inputs = [point.scenario.inputs_sha256 for point in study.points]
    seconds = {key: mean for (key, _), mean in ledger.seconds().items()}
simulating = sum(seconds[inputs[cell.point]] for cell in study.cells)
begin = time.perf_counter()
opened = open_study(study.folder)
sums = [getattr(opened, name)["attempts"].sum() for name in ("runs", "segments")]
opened.sides["value"].sum()
reading = time.perf_counter() - begin
assert sums[0] == sums[1]
files = len(list((study.folder / "shards").iterdir()))
told = {"runs": len(study.cells), "whole": whole, "simulating": simulating, "memory": memory,
        "before": before, "reading": reading, "files": files}
print(json.dumps(told))
"""


def measure(quick: bool) -> list[Row]:
    """Run a few and ten times as many on one worker, each in a process of its own."""
    if COMPILED not in engines():
        return [left_out("a batch", "s", "needs the compiled engine")]
    few, many = (20, 40) if quick else (200, 2000)
    days = 5 if quick else 90
    told = {runs: _batch(runs, days) for runs in (few, many)}
    return [row for each in told.values() for row in _rows(each, days)]


def _rows(told: Mapping[str, Any], days: int) -> list[Row]:
    runs = told["runs"]
    what = f"{runs} runs of {days} days"
    beyond = 1e3 * (told["whole"] - told["simulating"]) / runs
    return [
        Row(f"{what}: simulating", 1e3 * told["simulating"] / runs, "ms/run"),
        Row(f"{what}: all else", beyond, "ms/run", note=f"{told['files']} files of shards"),
        Row(f"{what}: peak memory", told["memory"], "MiB", note=f"{told['before']:.0f} before"),
        Row(f"{what}: opening and summing", told["reading"], "s"),
    ]


def _batch(runs: int, days: int) -> dict[str, Any]:
    """Run a batch on one worker, so that time and memory are those of one process."""
    with tempfile.TemporaryDirectory(dir=ROOT / "results") as folder:
        path = Path(folder) / "experiment.toml"
        doses = [7.0 * (number + 1) for number in range(POLICIES)]
        path.write_text(
            f'format = 1\nscenario = "../../scenarios/{SCENARIO.name}"\ndays = {days}\n'
            f'[[factors]]\nkey = "sharing.interval_days"\nvalues = {doses}\n'
            f'[baseline]\n"sharing.interval_days" = {doses[0]}\n',
            encoding="utf-8",
        )
        return dict(json.loads(python("-c", MEASURE, str(path), folder, str(runs))))

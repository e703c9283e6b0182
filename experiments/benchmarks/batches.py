"""Part 7: what storing a batch costs beside the runs, in time and memory, and reading it."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engines import COMPILED, engines
from measuring import ROOT, Row, left_out, python

SCENARIO = ROOT / "scenarios" / "dien_bien_phongsaly.toml"

POLICIES = 10

MEASURE = """
import json, sys, time
from pathlib import Path
from measuring import peak_mib
from sim import Experiment
from sim.lab import open_study, run_batch, study_of, work

def clocks():
    return time.perf_counter(), time.process_time()

def since(begin):
    return [now - then for now, then in zip(clocks(), begin)]

run_one, spent = work._run_one, [0.0, 0.0]

def timed(job):
    begin = clocks()
    ended = run_one(job)
    spent[:] = [known + more for known, more in zip(spent, since(begin))]
    return ended

experiment, folder, runs = Experiment.load(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
run_batch(study_of(experiment, folder / "warm", 2), workers=1)
study = study_of(experiment, folder / "out", runs // 10)
before = peak_mib()
work._run_one = timed
begin = clocks()
run_batch(study, workers=1)
whole = since(begin)
memory = peak_mib()
begin = clocks()
opened = open_study(study.folder)
sums = [getattr(opened, name)["attempts"].sum() for name in ("runs", "segments")]
opened.sides["value"].sum()
reading = since(begin)[0]
assert sums[0] == sums[1]
files = len(list((study.folder / "shards").iterdir()))
told = {"whole": whole, "runs": spent, "memory": memory, "before": before}
print(json.dumps(told | {"reading": reading, "files": files}))
"""


def measure(quick: bool) -> list[Row]:
    """Run a few and ten times as many on one worker, each in a process of its own."""
    if COMPILED not in engines():
        return [left_out("a batch", "s", "needs the compiled engine")]
    few, many = (20, 40) if quick else (200, 2000)
    days = 5 if quick else 90
    told = {runs: _batch(runs, days) for runs in (few, many)}
    return [row for runs, each in told.items() for row in _rows(each, runs, days)]


def _rows(told: Mapping[str, Any], runs: int, days: int) -> list[Row]:
    what = f"{runs} runs of {days} days"
    files, before = f"{told['files']} files of shards", f"{told['before']:.0f} before"
    simulating, working = (1e3 * seconds / runs for seconds in told["runs"])
    wall, processor = (1e3 * seconds / runs for seconds in told["whole"])
    return [
        Row(f"{what}: making them", simulating, "ms/run"),
        Row(f"{what}: beyond that", wall - simulating, "ms/run", note=files),
        Row(f"{what}: beyond that, processor", processor - working, "ms/run"),
        Row(f"{what}: peak memory", told["memory"], "MiB", note=before),
        Row(f"{what}: opening and summing", told["reading"], "s"),
    ]


def _batch(runs: int, days: int) -> dict[str, Any]:
    """Run a batch on one worker, so that time and memory are those of one process."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_experiment(Path(folder), days)
        return dict(json.loads(python("-c", MEASURE, str(path), folder, str(runs))))


def write_experiment(folder: Path, days: int) -> Path:
    """Write an experiment of ten points on the stretch for teaching into a folder of its own."""
    path = folder / "experiment.toml"
    doses = [7.0 * (number + 1) for number in range(POLICIES)]
    path.write_text(
        f'format = 1\nscenario = "scenarios/{SCENARIO.name}"\ndays = {days}\n'
        f'[[factors]]\nkey = "sharing.interval_days"\nvalues = {doses}\n'
        f'[baseline]\n"sharing.interval_days" = {doses[0]}\n',
        encoding="utf-8",
    )
    shutil.copytree(SCENARIO.parent, folder / "scenarios")
    return path

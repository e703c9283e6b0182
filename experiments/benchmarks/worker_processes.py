"""Part 6: runs of a batch on two worker processes against one."""

import os
from functools import partial

from border_year import border
from engines import COMPILED, engines
from measuring import Row, compared, interleaved, row_of

from sim.lab.design import Point
from sim.lab.runner import run_points


def measure(quick: bool) -> list[Row]:
    """Time the same batch with one worker and with two, in turn."""
    compiled = COMPILED in engines()
    days = (30 if quick else 365) if compiled else (2 if quick else 30)
    # So many that handing them out to processes is little beside them.
    runs, repetitions = (4, 1) if quick else ((32, 7) if compiled else (8, 3))
    for workers in (1, 2):
        _batch(2, runs, workers)  # the warm-up: processes start, and load what is compiled
    calls = {f"worker processes: {n}": partial(_batch, days, runs, n) for n in (1, 2)}
    times = interleaved(calls, dict.fromkeys(calls, repetitions))
    note = f"{runs} runs of {days} days, engine auto; {os.cpu_count()} cores"
    return compared([row_of(name, each, "s", note=note) for name, each in times.items()])


def _batch(days: float, runs: int, workers: int) -> None:
    """Run the Vietnam–Laos line with every instrument on several seeds."""
    run_points([Point("everything", {}, border(days), True)], runs, workers=workers)

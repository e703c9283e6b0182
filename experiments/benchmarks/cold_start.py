"""Part 5: how long one waits in a new process, and for the very first run of all."""

import tempfile
from collections.abc import Callable
from functools import partial

from engines import COMPILED, lacks_compiled
from measuring import SCENARIOS, Row, interleaved, left_out, python, row_of, seconds


def month(engine: str) -> str:
    """Give a program that runs a month of the stretch for teaching."""
    path = str(SCENARIOS / "dien_bien_phongsaly.toml")
    return f"""
from sim import Scenario, run
run(Scenario.load({path!r}, overrides={{"time.days": 30}}), engine={engine!r})
"""


STARTS: dict[str, Callable[[], object]] = {
    "Python alone": partial(python, "-c", "pass"),
    "import sim": partial(python, "-c", "import sim"),
    "bordersim --help": partial(python, "-c", "from sim.cli.app import main; main()", "--help"),
    "30 days of Điện Biên, engine auto": partial(python, "-c", month("auto")),
}


def measure(quick: bool) -> list[Row]:
    """Measure each start in turn, in new processes; files are in the system's cache already."""
    repetitions = 3 if quick else 11
    for call in STARTS.values():
        call()  # the warm-up
    times = interleaved(STARTS, dict.fromkeys(STARTS, repetitions))
    return [row_of(name, each, "s") for name, each in times.items()] + [first_run()]


def first_run() -> Row:
    """Time a run of the compiled engine that has to be compiled first."""
    name = "first run ever, 30 days of Điện Biên, compiled engine"
    if reason := lacks_compiled():
        return left_out(name, "s", reason)
    with tempfile.TemporaryDirectory() as folder:
        call = partial(python, "-c", month(COMPILED), more={"NUMBA_CACHE_DIR": folder})
        return Row(name, seconds(call), "s")

"""Part 4: where the time of the compiled engine goes, by the processor's counter of cycles.

Called as a command, `python compiled_shares.py DAYS`, it compiles the engine with a clock in the
functions named here, runs it, and prints the share of each process as JSON. The benchmark calls it
in a new process. What is compiled is forgotten with that, since the clock is in its memory.
"""

import gc
import json
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import numpy as np
from border_year import border
from llvmlite import ir
from numba import config, njit, types
from numba.extending import intrinsic
from processes import AROUND, DECIDING, ENCOUNTERS, EVENTS, INSTRUMENTS, LOG, REPORTS, ROUTES

from sim.engine.compiled import compiling
from sim.engine.compiled.compiling import compiled

PROCESS_OF = {
    "shifts._let_posts_decide": DECIDING,
    "scheduling.commit": DECIDING,
    "watching.draw_conclusions": DECIDING,
    "groups.choose_crossing": DECIDING,
    "groups.choose_again": DECIDING,
    "learning.learn": DECIDING,
    "scouting.scout": DECIDING,
    "walking.send_out": ROUTES,
    "walking.stop_lawful": ROUTES,
    "covering.cover_beats": ROUTES,
    "rosters.find_on_duty": ROUTES,
    "crossings.open_crossings": ENCOUNTERS,
    "detections.look_out_for": ENCOUNTERS,
    "encounters.pursue": ENCOUNTERS,
    "telling.send_reports": REPORTS,
    "telling.tell_find": REPORTS,
    "telling.tell_plan": REPORTS,
    "reading.read_reports": REPORTS,
    "trust.fade_trust": REPORTS,
    "instruments.before_decisions": INSTRUMENTS,
    "instruments.turns_back": INSTRUMENTS,
    "instruments.on_detection": INSTRUMENTS,
    "instruments.on_told": INSTRUMENTS,
    "instruments.on_handover": INSTRUMENTS,
    "joint_work.end_joint_patrols": INSTRUMENTS,
    "books.note": LOG,
    "shifts._observe_coverage": LOG,
    "shifts._observe_pictures": LOG,
    "surroundings.open_shift": AROUND,
    "watching.keep_watch": AROUND,
    "markers.damage": AROUND,
    "markers.repair": AROUND,
    "markers.inspect_walked": AROUND,
    "infection.spread_disease": AROUND,
    "injects.begin_injects": AROUND,
}
"""Process by module and function; what these call is part of it, unless it is named itself."""

PROCESSES = (EVENTS, DECIDING, ROUTES, ENCOUNTERS, REPORTS, INSTRUMENTS, LOG, AROUND)
"""The first has what no other has: the frame of a run, its queue, and attempts."""

_NOW, _SINCE = 0, 1
_CYCLES = 2
_SWITCHES = _CYCLES + len(PROCESSES)
_BOOK = np.zeros(_SWITCHES + len(PROCESSES), np.int64)
"""The process under way, since when, and what each has had: cycles, and switches to another."""

RUNS = 7


def _switch(typing_context: Any, process: Any) -> Any:
    """Let another process have the time from now on; gives the one that had it until now."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = ir.IntType(64)
        book = builder.inttoptr(ir.Constant(word, _BOOK.ctypes.data), word.as_pointer())

        def place(at: Any) -> Any:
            return builder.gep(book, [at])

        def add(at: Any, more: Any) -> None:
            builder.store(builder.add(builder.load(place(at)), more), place(at))

        counter = ir.FunctionType(word, [])
        name = "llvm.readcyclecounter"
        time = builder.call(builder.module.declare_intrinsic(name, (), counter), [])
        now, since = (place(ir.Constant(word, at)) for at in (_NOW, _SINCE))
        before = builder.load(now)
        spent = builder.sub(time, builder.load(since))
        add(builder.add(before, ir.Constant(word, _CYCLES)), spent)
        add(builder.add(before, ir.Constant(word, _SWITCHES)), ir.Constant(word, 1))
        builder.store(arguments[0], now)
        builder.store(time, since)
        return before

    return types.int64(types.int64), generate


switch: Any = intrinsic(_switch)


@njit
def hand_over(process: int) -> int:
    """Switch from Python."""
    return switch(process)


@njit
def _switch_often(times: int) -> None:
    for _ in range(times):
        switch(0)


def start() -> None:
    """Let nobody have had any time."""
    hand_over(PROCESSES.index(LOG))
    _BOOK[_CYCLES:] = 0


def cycles() -> dict[str, float]:
    """Give what each process has had, without what the clock itself has taken."""
    spent, switches = _BOOK[_CYCLES:_SWITCHES].copy(), _BOOK[_SWITCHES:].copy()
    times = 1_000_000
    start()
    _switch_often(times)
    each = _BOOK[_CYCLES] / times
    net = np.maximum(0.0, spent - each * switches)
    return dict(zip(PROCESSES, net.tolist(), strict=True))


def clocked(function: Callable[..., Any], process: str) -> Callable[..., Any]:
    """Compile a function so that the time it takes is that of a process."""
    part, number = compiled(function), PROCESSES.index(process)

    def timed(*given: Any) -> Any:
        before = switch(number)
        told = part(*given)
        switch(before)
        return told

    return compiled(timed)


def clocked_if_named(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function of the engine, with a clock if `PROCESS_OF` has it."""
    module = function.__module__.rpartition(".")[2]
    process = PROCESS_OF.get(f"{module}.{function.__name__}")
    return compiled(function) if process is None else clocked(function, process)


def shares(days: float, folder: str) -> dict[str, float]:
    """Compile the engine with clocks, and give the share of each process in a simulation.

    Only once in a process, in which nothing of the engine has been imported yet.

    Parameters
    ----------
    days : length of a simulation; several are made, and the least that each process takes counts
    folder : for what is compiled, which no other process may use
    """
    config.CACHE_DIR = folder
    compiling.compiled = clocked_if_named
    from sim.engine.compiled import building, model

    building._build_half()
    building.build_other_half()
    advance = model.advance

    def timed(state: Any, until: int) -> None:
        before = hand_over(PROCESSES.index(EVENTS))
        advance(state, until)
        hand_over(before)

    model.advance = timed
    model.CompiledModel(border(2), 1).run_model()
    # A look at all garbage takes as long as a run, and would be somebody's.
    gc.disable()
    runs = []
    for _ in range(RUNS):
        simulate = model.CompiledModel(border(days), 1).run_model
        start()
        simulate()
        hand_over(0)
        runs.append(cycles())
        # What memory it had serves the next; new memory would be the log's to pay for.
        del simulate
        gc.collect()
    # What else the machine does can only add to it.
    least = {process: min(spent[process] for spent in runs) for process in PROCESSES}
    return {process: spent / sum(least.values()) for process, spent in least.items()}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as own:
        print(json.dumps(shares(float(sys.argv[1]), own)))

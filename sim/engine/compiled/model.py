"""The model run by compiled code: the same events, a hundred times as fast."""

import sys
from math import ceil
from pathlib import Path
from typing import Any

from sim.engine.compiled.layout import lay_out
from sim.engine.compiled.read_back import read_agents, read_books, read_log
from sim.engine.compiled.shifts import advance, begin_run, pools_of
from sim.engine.compiled.state import FINGERPRINT, POOLS
from sim.engine.model import BorderModel
from sim.errors import BrokenRunError, InputError
from sim.scenario import Policy, Scenario


class CompiledModel(BorderModel):
    """A border with its forces, groups and community, run by compiled code.

    What happens is in columns; agents are as they were made until they are asked for, and then show
    what the columns hold. To change them has no effect on the run.

    Parameters
    ----------
    scenario : what to run, of which `sim.engine.engines.obstacle` finds nothing that must be Python
    rng : seed of all chance in the run, a whole number

    Attributes
    ----------
    columns : tables and arrays by name, as `sim.engine.compiled.columns` describes them
    """

    def __init__(self, scenario: Scenario, rng: int = 1) -> None:
        super().__init__(scenario, rng)
        self._compiles = not is_ready()
        if self._compiles:
            print(NOTICE, file=sys.stderr, flush=True)
        layout = lay_out(self)
        self.columns = layout.columns
        self._state = layout.state()
        begin_run(self._state)

    def step(self) -> None:
        """Run one shift; after the end, do nothing."""
        self._advance(1)
        read_agents(self, self.columns)

    def run_model(self) -> None:
        """Run until the end, and check that every attempt is accounted for."""
        length = self.stage.scenario.time.shift_hours
        self._advance(ceil(self.end / length) + 1)
        self._check_conservation()

    def put_in_force(self, policy: Policy) -> None:
        """Put the policy in force that the run has from the start to the end."""
        if self.shift_number:
            raise InputError(
                "compiled code cannot change its policy during a run",
                where="policy",
                remedy="use a BorderModel, or engine agents",
            )
        super().put_in_force(policy)

    def _advance(self, shifts: int) -> None:
        """Run so many shifts, and take over what came of them."""
        if self.clock >= self.end - 1e-9:
            return
        run: Any = self.columns["run"][0]
        until = self.shift_number + shifts
        while run["shift"] < until and run["clock"] < self.end - 1e-9:
            advance(self._state, until)
            self.columns.update(zip(POOLS, pools_of(self._state), strict=True))
            read_log(self, self.columns)
        if self._compiles:
            _marker().touch()
            self._compiles = False
        if run["broken"]:
            raise BrokenRunError(
                f"a post got more patrols than there is room for, by aid, at {run['clock']} h",
                where=f"seed {self.stage.chance.seed}",
            )
        self.clock, self.shift_number = float(run["clock"]), int(run["shift"])
        last = self.shift_number - 1
        start = last * self.stage.scenario.time.shift_hours
        self.shift = self.surroundings.shift(last, start, self.clock)
        read_books(self, self.columns)
        self.running = self.clock < self.end - 1e-9


_dispatcher: Any = advance

NOTICE = "bordersim compiles its engine, once on this machine; that takes about a minute …"


def is_ready() -> bool:
    """Whether the compiled engine has been made on this machine already."""
    return bool(_dispatcher.overloads) or _marker().exists()


def _marker() -> Path:
    """Give the file that says that all has been compiled, beside what has been."""
    folder = Path(_dispatcher.stats.cache_path)
    folder.mkdir(parents=True, exist_ok=True)
    version = ".".join(map(str, sys.version_info[:2]))
    return folder / f"{FINGERPRINT}-{version}.ready"

"""The model run by compiled code: the same events, a hundred times as fast."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np

from sim.agents import Attempt
from sim.engine.compiled.answering import Answers
from sim.engine.compiled.building import build
from sim.engine.compiled.layout import lay_out
from sim.engine.compiled.read_back import (
    UnderWay,
    read_infection,
    read_instruments,
    read_log,
    read_markers,
    read_tally,
    when_asked,
)
from sim.engine.compiled.shifts import advance, begin_run, let_alert, write
from sim.engine.compiled.state import GROWING
from sim.engine.compiled.views import VIEWS, Kept, as_it_is, evidence_of, row_under_way
from sim.engine.engines import in_python
from sim.engine.events import Kind
from sim.engine.model import BorderModel
from sim.errors import BrokenRunError, InputError
from sim.scenario import Policy, Scenario


class CompiledModel(BorderModel):
    """A border with its forces, groups and community, run by compiled code.

    What happens is in columns, and agents are views on them. Code of a user's own that a file names
    is asked when its turn comes, and is a `NeedsAgents` error if it reaches for what is not there.

    Parameters
    ----------
    scenario : what to run, of which `sim.engine.engines.obstacle` finds nothing that must be Python
    rng : seed of all chance in the run, a whole number

    Attributes
    ----------
    columns : tables and arrays by name, as `sim.engine.compiled.columns` describes them
    state : what compiled code sees of them
    asking : whether compiled code is waiting for an answer of Python
    books_read : what has been read from the columns since compiled code last went on
    """

    columns: Any = None
    state: Any = None
    asking = False
    markers: Any = Kept(when_asked(read_markers))
    infection: Any = Kept(when_asked(read_infection))
    crossings: Any = Kept(as_it_is)
    tally: Any = Kept(when_asked(read_tally))
    log: Any = Kept(as_it_is)
    instruments: Any = Kept(when_asked(read_instruments))

    def __init__(self, scenario: Scenario, rng: int = 1) -> None:
        super().__init__(scenario, rng, agent_classes=VIEWS)
        self.books_read: set[Any] = set()
        layout = lay_out(self)
        self.state = layout.state()
        self.columns = layout.columns
        for post in self.posts_by_number:
            belief: Any = post.belief
            belief.move_to(evidence_of(self.columns, post.number))
        settings: Any = self.columns["settings"][0]
        for name, address in build().items():
            settings[name] = address
        self._answers = Answers(self) if in_python(scenario) else None
        if self._answers is not None:
            settings["answers"], settings["asks"] = self._answers.address, self._answers.wanted
        self.crossings.under_way = UnderWay(self)
        begin_run(self.state)

    def step(self) -> None:
        """Run one shift; after the end, do nothing."""
        self._advance(1)

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

    def commit(self, shift: int, beats: Sequence[Sequence[int]]) -> None:
        """Bind each post to a beat for each of its patrols in a shift to come."""
        plans, ahead = self.columns["plans"], int(self.columns["run"]["ahead"][0])
        rows = len(beats) + ahead * np.arange(len(beats)) + shift % ahead
        plans["shift"][rows], plans["standing"][rows] = shift, 1
        plans["teams"][rows] = [len(chosen) for chosen in beats]
        plans["average"][rows] = 0.0
        self.columns["plan_cover"][rows] = 0.0
        for row, chosen in zip(rows, beats, strict=True):
            self.columns["plan_beats"][row, : len(chosen)] = chosen

    def _advance(self, shifts: int) -> None:
        """Run so many shifts, and take over what came of them."""
        if self.clock >= self.end - 1e-9:
            return
        run: Any = self.columns["run"][0]
        until = self.shift_number + shifts
        while run["shift"] < until and run["clock"] < self.end - 1e-9:
            stop = until
            if self.before_shift is not None:
                self.read_grown()
                self.before_shift(int(run["shift"]))
                stop = int(run["shift"]) + 1
            advance(self.state, stop)
            if self._answers is not None and self._answers.failure is not None:
                raise self._answers.failure
            self.books_read.clear()
            read_log(self)
        self.read_grown()
        if run["broken"]:
            raise BrokenRunError(
                f"a post got more patrols than there is room for, by aid, at {run['clock']} h",
                where=f"seed {self.stage.chance.seed}",
            )
        self.clock, self.shift_number = float(run["clock"]), int(run["shift"])
        last = self.shift_number - 1
        start = last * self.stage.scenario.time.shift_hours
        self.shift = self.surroundings.shift(last, start, self.clock)
        self.running = self.clock < self.end - 1e-9

    def _count_events(self) -> dict[Kind, int]:
        """Count the events of each kind, as compiled code has."""
        return {kind: int(self.columns["noted"][kind]) for kind in Kind}

    def read_grown(self) -> None:
        """Have at hand the columns that compiled code has replaced by longer ones.

        The log is left to `read_log`, which takes care that no event is in a page that is let go.
        """
        self.columns.update(self.state.columns(GROWING - {"log"}))

    # What instruments may do

    def schedule_alert(self, post: int, attempt: Attempt, time: float) -> None:
        """Let a post hear of an attempt at a time."""
        row = row_under_way(self.columns, attempt.number)
        # Of what has ended, nobody need hear any more.
        if row >= 0:
            let_alert(self.state, time, post, row)

    def note(
        self,
        event: str,
        time: float,
        post: int = -1,
        partner: int = -1,
        segment: int = -1,
        value: float = 0.0,
    ) -> None:
        """Write an event into the log, by the name of its kind; the side is the post's."""
        if not self.asking:
            super().note(event, time, post, partner, segment, value)
            return
        side = self.side_index[self.posts_by_number[post].side] if post >= 0 else -1
        kind = int(Kind[event.upper()])
        write(self.state, time, kind, segment, side, post, partner, value)

"""A run as a value: what was asked, what came of it, and how to get the same again."""

import json
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.agents import Stage
from sim.engine import BorderModel, EventLog, events_sha256
from sim.engine.engines import Engine, choose_engine, model_of, remember_reach
from sim.errors import NeedsAgents, os_error_as_input_error
from sim.outcomes.metrics import Accounts, daily_series
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RunResult:
    """What came of a run.

    Attributes
    ----------
    scenario, policy : names of the files
    seed : of all chance in the run
    days : length of the run
    engine : which engine ran it
    engine_reason : why the agents did, or what was Python even so; "" if there is nothing to say
    version : of bordersim
    inputs_sha256 : hash of everything that determines the run but its seed
    outcomes : the truth, by the names in `sim.outcomes.MEASURES`, with `events_sha256`
    records : what each side would record, by side
    sides : burden and benefit of each side, as they truly were
    costs : hours and money that each instrument took, by side
    segments : attempts ended on each segment, and what came of them, as in `Accounts.segments`
    log, stage : what tables are made from when they are asked for
    """

    scenario: str
    policy: str
    seed: int
    days: float
    engine: str
    engine_reason: str
    version: str
    inputs_sha256: str
    outcomes: dict[str, Any]
    records: dict[str, dict[str, float]]
    sides: dict[str, dict[str, float]]
    costs: dict[str, dict[str, dict[str, float]]]
    segments: dict[str, NDArray[np.int64]] = field(repr=False)
    log: EventLog = field(repr=False)
    stage: Stage = field(repr=False)

    @cached_property
    def events(self) -> "pd.DataFrame":
        """The event log, columns as in `sim.engine.COLUMNS`."""
        return self.log.frame()

    @cached_property
    def daily(self) -> "pd.DataFrame":
        """Counts by day, side, province and crime type."""
        return daily_series(self.stage, self.log.columns())

    def summary(self) -> dict[str, Any]:
        """Give everything but the tables, ready for JSON."""
        return {
            "scenario": self.scenario,
            "policy": self.policy,
            "seed": self.seed,
            "days": self.days,
            "engine": self.engine,
            "engine_reason": self.engine_reason,
            "version": self.version,
            "inputs_sha256": self.inputs_sha256,
            "outcomes": self.outcomes,
            "records": self.records,
            "sides": self.sides,
            "costs": self.costs,
        }

    def save(self, folder: Path) -> None:
        """Write `outcomes.json`, `daily.csv` and `events.csv` into a folder.

        Raises
        ------
        InputError : the folder cannot be written to
        """
        with os_error_as_input_error("cannot be written to", where=folder, remedy="--out DIR"):
            folder.mkdir(parents=True, exist_ok=True)
            text = json.dumps(self.summary(), indent=2, ensure_ascii=False)
            (folder / "outcomes.json").write_text(text + "\n", encoding="utf-8")
            self.daily.to_csv(folder / "daily.csv", index=False)
            self.events.to_csv(folder / "events.csv", index=False)


def run(scenario: Scenario, seed: int = 1, engine: Engine = "auto", runs: int = 1) -> RunResult:
    """Run a scenario once.

    Parameters
    ----------
    scenario : what to run
    seed : of all chance in the run; the same seed gives the same result anywhere
    engine : "agents", "compiled", or "auto" for what is done first; all give the same result
    runs : how often this process will run it, or others like it, for "auto" to know

    Raises
    ------
    InputError : the scenario, the seed or the engine cannot be used
    NeedsAgents : compiled code is wanted, and code of a user's own reaches beyond it
    BrokenRunError : the run broke an invariant of the model
    """
    chosen, reason = choose_engine(scenario, engine, runs)
    model = model_of(scenario, seed, chosen)
    try:
        model.run_model()
    except NeedsAgents as failure:
        if engine == "compiled":
            raise
        remember_reach(scenario, failure)
        return run(scenario, seed, engine, runs)
    return result_of(model, chosen, reason)


def result_of(model: BorderModel, engine: Engine = "agents", engine_reason: str = "") -> RunResult:
    """Sum up a model as far as it has run."""
    scenario = model.stage.scenario
    columns = model.log.columns()
    accounts = Accounts(model, columns)
    return RunResult(
        scenario=scenario.name,
        policy=scenario.policy_name,
        seed=model.stage.chance.seed,
        days=scenario.time.days,
        engine=engine,
        engine_reason=engine_reason,
        version=_version(),
        inputs_sha256=scenario.inputs_sha256,
        outcomes={**accounts.truth, "events_sha256": events_sha256(columns)},
        records=accounts.records,
        sides=accounts.sides,
        costs=accounts.costs,
        segments=accounts.segments,
        log=model.log,
        stage=model.stage,
    )


@cache
def _version() -> str:
    """Look up the version of bordersim, which is slow, once."""
    return version("bordersim")

"""Runs of floors and ceilings: made where there is room, and stored with those of a study."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from sim.engine.engines import choose_engine, make_ready
from sim.errors import BordersimError, InputError
from sim.lab.intake import Intake
from sim.lab.keys import directed_key, run_key
from sim.lab.ledger import Asked, Ledger
from sim.lab.places import Place
from sim.lab.runner import made
from sim.lab.shards import read_shards
from sim.lab.tables import ORACLE, arrow_tables
from sim.lab.work import Ended, Job
from sim.optimum import Trial, Tried
from sim.optimum.achievable import RUNS

Progress = Callable[[int, int], None]
"""Called as runs end with the number of runs that are there and of those that failed."""


def key_of(trial: Trial, model: str) -> str:
    """Give the key of a run, which is that of any run unless one hand places its patrols."""
    inputs, seed = trial.scenario.inputs_sha256, trial.seed
    if trial.hand is None:
        return run_key(inputs, seed, model)
    return directed_key(inputs, seed, model, trial.hand)


class InMemory:
    """Makes runs and keeps nothing.

    Parameters
    ----------
    place : where they are made
    model : version of the model
    """

    def __init__(self, place: Place, model: str) -> None:
        self._place = place
        self._model = model

    def __call__(self, trials: Sequence[Trial]) -> list[Tried]:
        """Make runs.

        Raises
        ------
        BordersimError : one failed
        """
        wanted = {key_of(trial, self._model): trial for trial in trials}
        if not wanted:
            return []
        parts = []
        for each in _ended(self._place, wanted):
            if each.parts is None:
                raise BordersimError(
                    f"a run of floor or ceilings failed\n{each.error}",
                    remedy="bordersim batch keeps the others",
                )
            parts.append(each.parts)
        return _told(arrow_tables(parts), list(wanted))


class Stored:
    """Looks up what runs gave that are stored with those of a study.

    Parameters
    ----------
    folder : of the study
    ledger : of the study
    model : version of the model
    """

    def __init__(self, folder: Path, ledger: Ledger, model: str) -> None:
        self._folder = folder
        self._ledger = ledger
        self._model = model

    def __call__(self, trials: Sequence[Trial]) -> list[Tried]:
        """Give what runs gave.

        Raises
        ------
        InputError : one is not stored
        """
        keys = [key_of(trial, self._model) for trial in trials]
        if not keys:
            return []
        shards = self._ledger.shards()
        missing = sum(key not in shards for key in keys)
        if missing:
            raise InputError(
                f"{missing} runs of floor and ceilings are not stored",
                where=str(self._folder),
                remedy="run bordersim compare or batch again, which makes them",
            )
        return _told(read_shards(self._folder, {key: shards[key] for key in keys}), keys)


class Kept:
    """Makes runs that are not stored yet, and stores them with those of a study.

    Parameters
    ----------
    folder : of the study
    ledger : of the study, to write to
    model : version of the model
    place : where they are made
    retry_failed : whether runs that failed before are made again
    progress : called as they end
    """

    def __init__(
        self,
        folder: Path,
        ledger: Ledger,
        model: str,
        place: Place,
        retry_failed: bool,
        progress: Progress,
    ) -> None:
        self._folder = folder
        self._ledger = ledger
        self._model = model
        self._place = place
        self._retry_failed = retry_failed
        self._progress = progress
        self._there = 0

    def __call__(self, trials: Sequence[Trial]) -> list[Tried]:
        """Give what runs gave, once all of them are made.

        Raises
        ------
        BordersimError : one failed, now or before
        InputError : the folder cannot be written to
        """
        wanted = {key_of(trial, self._model): trial for trial in trials}
        self._ledger.ask(
            Asked(key, trial.scenario.inputs_sha256, trial.seed, self._model)
            for key, trial in wanted.items()
        )
        if self._retry_failed:
            self._ledger.ask_again(wanted)
        states = self._ledger.states()
        left = {key: trial for key, trial in wanted.items() if states[key] == "waiting"}
        self._there += len(wanted) - len(left)
        self._make(left)
        self._check(wanted)
        return Stored(self._folder, self._ledger, self._model)(trials)

    def _make(self, left: dict[str, Trial]) -> None:
        intake, failed = Intake(self._folder, self._ledger), 0
        try:
            for each in _ended(self._place, left):
                intake.add([each])
                self._there += 1
                failed += each.parts is None
                self._progress(self._there, failed)
        finally:
            intake.store()

    def _check(self, wanted: dict[str, Trial]) -> None:
        failures = [each for each in self._ledger.failures() if each.key in wanted]
        if failures:
            reason = failures[0].error.strip().rpartition("\n")[2]
            raise BordersimError(
                f"{len(failures)} runs of floor and ceilings failed: {reason}",
                where=str(self._folder),
                remedy="their tracebacks are in its ledger.sqlite; bordersim batch --retry-failed "
                "tries them again",
            )


def _ended(place: Place, wanted: dict[str, Trial]) -> Iterator[Ended]:
    """Make runs somewhere, the engine being compiled first if they need it."""
    jobs = [Job(key, scenario, seed, RUNS, hand) for key, (scenario, seed, hand) in wanted.items()]
    if any(choose_engine(job.scenario, runs=job.runs)[0] == "compiled" for job in jobs):
        make_ready()
    for some in made(place, jobs):
        yield from some


def _told(tables: dict[str, pa.Table], keys: Sequence[str]) -> list[Tried]:
    """Read what runs gave off the tables that hold them."""
    rows = tables["runs"].drop_columns(["inputs_sha256", "seed"]).to_pylist()
    outcomes = {row.pop("key"): row for row in rows}
    sides = tables["sides"]
    reached: dict[str, dict[str, float]] = {}
    for row in sides.filter(pc.equal(sides["part"], ORACLE)).to_pylist():
        reached.setdefault(row["key"], {})[row["figure"]] = row["value"]
    return [Tried(outcomes[key], **reached.get(key, {})) for key in keys]

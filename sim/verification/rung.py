"""A rung of the verification ladder: what is simulated, what is counted, and what must come out."""

import json
import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.engine import BorderModel, events_sha256
from sim.engine.engines import Engine, model_of
from sim.scenario import Scenario

SCENARIOS = Path(__file__).parent / "scenarios"

STANDARD_ERRORS = 4.0
"""How far from the expected value a simulated one may be, where runs are many."""

MANY_RUNS = 40
"""Runs from which on their spread gives the standard error well enough for that."""

LARGEST_ERROR = 0.002
"""Standard error that the runs of a rung are enough for, of a share or relative to the value."""

FEWEST_RUNS = 10
"""Runs below which their spread says little about the standard error."""


def standard_errors_allowed(runs: int) -> float:
    """Give how many standard errors, as estimated from so many runs, a value may be off.

    Where runs are few, as many as are as seldom exceeded by Student's t as `STANDARD_ERRORS` are by
    a normal deviate: 7 of ten runs.
    """
    if runs >= MANY_RUNS:
        return STANDARD_ERRORS
    return float(stats.t.isf(stats.norm.sf(STANDARD_ERRORS), runs - 1))


Counts = Mapping[str, tuple[float, float]]
"""What is counted in a run, by quantity: a sum, and what it is divided by once runs are pooled."""

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Rung:
    """Something that is known exactly, and the runs that must reproduce it.

    Attributes
    ----------
    name : section of the ladder and what is looked at, with dots between
    title : the same in words
    source : where the expected values come from
    scenario : file in the folder `scenarios` beside this module
    expected : values by quantity
    count : what is counted in a model that has run to its end
    settings : changes of the scenario; several are taken in turn, so that they count alike
    runs : how many, with seeds in a row
    slack : how far simulated values may be off for a reason that is no chance, and that the title
        or a comment names
    error : largest standard error that the runs are enough for, relative to values above 1
    """

    name: str
    title: str
    source: str
    scenario: str
    expected: Mapping[str, float]
    count: Callable[[BorderModel], Counts]
    settings: Sequence[Settings] = field(default=({},))
    runs: int = 40
    slack: float = 0.0
    error: float = LARGEST_ERROR

    @property
    def seed(self) -> int:
        """Seed of the first run; each rung has its own, so that they do not share their luck."""
        return zlib.crc32(self.name.encode())

    def scenario_of(self, run: int) -> Scenario:
        """Give what the run of a number simulates."""
        return _load(self.scenario, json.dumps(self.settings[run % len(self.settings)]))

    def short_scenario(self) -> Scenario:
        """Give what its first run simulates, over a tenth of the time."""
        days = self.scenario_of(0).time.days / 10.0
        return _load(self.scenario, json.dumps({**self.settings[0], "time.days": days}))


def of_submodel(
    name: str,
    title: str,
    source: str,
    expected: Mapping[str, float],
    count: Callable[[BorderModel], Counts],
    settings: Mapping[str, Any],
    **more: Any,
) -> Rung:
    """Describe a rung on a submodel of the model's description, by one setting of the line."""
    return Rung(
        name=name,
        title=title,
        source=f"submodels of sim/ODD.md; {source}",
        scenario="line.toml",
        expected=expected,
        count=count,
        settings=[settings],
        **more,
    )


@dataclass(frozen=True)
class Reading:
    """What came of a quantity of a rung.

    Attributes
    ----------
    rung : the rung
    quantity : which
    expected, simulated : the values
    error : standard error of the simulated one, between runs
    runs : how many
    """

    rung: Rung
    quantity: str
    expected: float
    simulated: float
    error: float
    runs: int = MANY_RUNS

    @property
    def tolerance(self) -> float:
        """How far apart the two may be."""
        # Sums over many attempts are not exact in their last bits.
        return standard_errors_allowed(self.runs) * self.error + self.rung.slack + 1e-9

    @property
    def holds(self) -> bool:
        """Whether the simulation reproduces the value."""
        return abs(self.simulated - self.expected) <= self.tolerance


def climb(rung: Rung, engine: Engine, part: float = 1.0) -> list[Reading]:
    """Make the runs of a rung, and compare what comes of them with what is known.

    Parameters
    ----------
    rung : the rung
    engine : "agents" or "compiled"
    part : how much of its runs to make, above 0, at most 1, but no fewer than `FEWEST_RUNS`; the
        standard error grows accordingly

    Returns
    -------
    A reading of each quantity.
    """
    kinds = len(rung.settings)
    wanted = max(math.ceil(part * rung.runs), FEWEST_RUNS)
    runs = min(kinds * math.ceil(wanted / kinds), rung.runs)
    counted = [
        rung.count(_finished(rung.scenario_of(run), rung.seed + run, engine)) for run in range(runs)
    ]
    readings = []
    for quantity, expected in rung.expected.items():
        table = np.array([counts[quantity] for counts in counted])
        simulated, error = pooled(table, kinds)
        readings.append(Reading(rung, quantity, expected, simulated, error, runs))
    return readings


def same_events(rung: Rung) -> bool:
    """Whether both engines give the same events in the first run of a rung, over a tenth of it."""
    engines: tuple[Engine, ...] = ("agents", "compiled")
    first, second = (
        events_sha256(_finished(rung.short_scenario(), rung.seed, engine).log.columns())
        for engine in engines
    )
    return first == second


def _finished(scenario: Scenario, seed: int, engine: Engine) -> BorderModel:
    """Make a run."""
    model = model_of(scenario, seed, engine)
    model.run_model()
    return model


def pooled(table: NDArray[np.float64], kinds: int = 1) -> tuple[float, float]:
    """Pool the counts of runs into a ratio, and give its standard error.

    Parameters
    ----------
    table : sum and divisor of each run, shape (runs, 2)
    kinds : of settings, which runs take in turn

    Returns
    -------
    The ratio of the sums, and its standard error between runs of like settings (linearised;
    Cochran, Sampling Techniques, 1977, 6.3).
    """
    total, divisor = table.sum(axis=0)
    ratio = float(total / divisor)
    rest = table[:, 0] - ratio * table[:, 1]
    each = len(rest) // kinds
    squares = sum(
        float(((rest[kind::kinds] - rest[kind::kinds].mean()) ** 2).sum()) for kind in range(kinds)
    )
    return ratio, math.sqrt(squares * each / max(each - 1, 1)) / abs(float(divisor))


@cache
def _load(name: str, settings: str) -> Scenario:
    """Load a scenario of the ladder; code that it names is the package's own."""
    return Scenario.load(SCENARIOS / name, overrides=json.loads(settings), allow_code=True)

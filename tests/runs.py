"""Runs of the small world for tests, and what can be read off them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from small_world import small_scenario, write_border

from sim import BorderModel
from sim.agents import Shift
from sim.coordination import Instrument
from sim.engine import Kind, events_sha256

FATES = (
    Kind.WANTED,
    Kind.STARTED,
    Kind.DETECTED,
    Kind.INTERCEPTED,
    Kind.HANDED_OVER,
    Kind.INTERCEPTED_JOINTLY,
    Kind.PASSED,
    Kind.LEARNED_LATER,
    Kind.TURNED_BACK,
)
"""What befalls attempts."""


def begun(home: Path, seed: int = 1, **overrides: Any) -> BorderModel:
    """Set up the small world."""
    return BorderModel(small_scenario(home, **overrides), rng=seed)


def finished(home: Path, seed: int = 1, **overrides: Any) -> BorderModel:
    """Run the small world to its end."""
    model = begun(home, seed, **overrides)
    model.run_model()
    return model


def steps(model: BorderModel) -> Iterator[Shift]:
    """Run shift by shift."""
    while model.running:
        model.step()
        assert model.shift is not None
        yield model.shift


def gated(home: Path) -> Path:
    """Put a main gate on the first and on the fourth segment of the small world."""
    write_border(home / "border")
    rows = "gate,kind,segment\nOne,main,0\nTwo,main,3\n"
    (home / "border" / "gates.csv").write_text(rows)
    return home


def rows(model: BorderModel, *kinds: Kind) -> pd.DataFrame:
    """Events of some kinds."""
    frame = model.log.frame()
    return frame[frame["kind"].isin([kind.name.lower() for kind in kinds])]


def count(model: BorderModel, *kinds: Kind) -> int:
    """How many events there are of some kinds."""
    return len(rows(model, *kinds))


def fates(model: BorderModel) -> list[tuple[Any, ...]]:
    """What befell attempts, event by event."""
    return list(rows(model, *FATES).itertuples(index=False, name=None))


def instrument(model: BorderModel, name: str) -> Any:
    """Find an instrument in force."""
    found: list[Instrument] = [each for each in model.instruments if each.name == name]
    assert len(found) == 1
    return found[0]


def sha(model: BorderModel) -> str:
    """Hash of what happened."""
    return events_sha256(model.log.columns())

"""Climbing the ladder: many rungs, on all cores, on one engine or both."""

import difflib
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from joblib import Parallel, delayed

from sim.engine.engines import Engine, make_ready
from sim.errors import InputError
from sim.verification.ladder import LADDER
from sim.verification.rung import Reading, Rung, climb, same_events

Engines = Literal["compiled", "agents", "both"]

QUICK = 0.25
"""Part of the runs that are enough for standard errors of twice the size."""


@dataclass(frozen=True)
class Climbed:
    """A rung that was climbed.

    Attributes
    ----------
    rung : the rung
    readings : of its quantities
    same : whether both engines gave the same events; None if that was not looked at
    """

    rung: Rung
    readings: list[Reading]
    same: bool | None

    @property
    def holds(self) -> bool:
        """Whether everything came out as it must."""
        return self.same is not False and all(each.holds for each in self.readings)


def rungs_named(names: Sequence[str]) -> list[str]:
    """Find the rungs of some names or beginnings of names; all of them if there are none.

    Raises
    ------
    InputError : no rung has that name
    """
    found = []
    for name in names:
        here = [each for each in LADDER if each == name or each.startswith(f"{name}.")]
        if not here:
            sections = {each.rsplit(".", cut)[0] for each in LADDER for cut in range(1, 4)}
            close = difflib.get_close_matches(name, [*LADDER, *sections], n=1)
            raise InputError(
                f"no rung {name!r}",
                where="--rung",
                remedy=f"did you mean {close[0]}?"
                if close
                else f"sections: {', '.join(sorted({each.split('.')[0] for each in LADDER}))}",
            )
        found += here
    return list(dict.fromkeys(found)) if names else list(LADDER)


def climb_ladder(
    names: Sequence[str], engines: Engines, part: float = 1.0, workers: int = -1
) -> Iterator[Climbed]:
    """Climb rungs, and give each when it and those before it are done.

    Parameters
    ----------
    names : of rungs, as in `LADDER`
    engines : "compiled" or "agents" for all runs; or "both" for all runs compiled, and a short one
        of each rung by the agents, which must give the same events
    part : of the runs of each rung
    workers : processes, -1 for all cores
    """
    if engines != "agents":
        make_ready()
    tasks = (delayed(_climb_named)(name, engines, part) for name in names)
    with warnings.catch_warnings():
        # joblib warns of workers that it starts anew because they have become large.
        warnings.filterwarnings("ignore", category=UserWarning, module="joblib")
        yield from Parallel(n_jobs=workers, return_as="generator")(tasks)


def _climb_named(name: str, engines: Engines, part: float) -> Climbed:
    """Climb the rung of a name."""
    rung = LADDER[name]
    engine: Engine = "agents" if engines == "agents" else "compiled"
    return Climbed(
        rung, climb(rung, engine, part), same_events(rung) if engines == "both" else None
    )

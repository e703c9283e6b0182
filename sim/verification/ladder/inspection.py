"""Section 5: Dresher's inspection game.

A violator who has seen all inspections so far may violate once in n shifts, of which m are
inspected. Against an optimal inspector all his plans are worth the same: to violate in shift k,
whichever, unless by then all shifts that are left will be inspected.
"""

from collections.abc import Callable

import numpy as np

from sim.engine import BorderModel
from sim.verification.counting import Attempts
from sim.verification.play import inspection_value
from sim.verification.rung import Counts, Rung


def _plans(shifts: int, inspections: int) -> Callable[[BorderModel], Counts]:
    """Count what each plan of the violator is worth to the inspector."""

    def count(model: BorderModel) -> Counts:
        attempts = Attempts(model)
        hours = model.stage.scenario.time.shift_hours
        shift = (attempts.start // hours).astype(int)
        games = int(model.end / hours) // shifts
        seen = np.bincount(shift, minlength=games * shifts)[: games * shifts]
        caught = np.bincount(shift[attempts.detected()], minlength=games * shifts)
        inspected = (caught[: games * shifts] > 0).reshape(games, shifts)
        # A shift in which nobody came tells nothing.
        inspected = inspected[seen.reshape(games, shifts).all(axis=1)]
        left = inspections - inspected.cumsum(axis=1) + inspected
        counts = {}
        for turn in range(shifts):
            payoff = np.where(inspected[:, turn], 1.0, -1.0)
            payoff[left[:, turn] >= shifts - turn] = 0.0
            counts[f"violate_in_{turn + 1}"] = (float(payoff.sum()), float(len(payoff)))
        return counts

    return count


def _game(name: str, shifts: int, inspections: int) -> Rung:
    """Describe a rung of this section."""
    value = inspection_value(shifts, inspections)
    return Rung(
        name=f"inspection.{shifts}.{inspections}",
        title=f"{inspections} inspection(s) in {shifts} shifts, worth to the inspector",
        source="verification ladder 5; Dresher, RAND RM-2972 (1962)",
        scenario="inspection.toml",
        expected={f"violate_in_{turn + 1}": value for turn in range(shifts)},
        count=_plans(shifts, inspections),
        settings=[{"allocation.kind": f"sim.verification.play:{name}"}],
        runs=20,
        error=0.006,
    )


RUNGS = (
    _game("once_in_two", 2, 1),
    _game("once_in_three", 3, 1),
    _game("twice_in_four", 4, 2),
)

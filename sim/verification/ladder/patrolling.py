"""Section 2: patrolling a line of nodes against a group that answers best."""

from math import ceil

import numpy as np

from sim.engine import BorderModel
from sim.verification.counting import Attempts
from sim.verification.play import WALK_SHIFTS
from sim.verification.rung import Counts, Rung

MOMENT = 1e-4
"""Window of an attack of one shift, h."""

PLAYERS = {1: "against_one", 2: "against_two", 3: "against_three"}


def game_value(nodes: int, attack: int) -> float:
    """Value of the patrolling game on a line: the share of attacks that is stopped."""
    if attack == 1:
        return 1.0 / nodes
    if attack == 2:
        return 1.0 / ceil(nodes / 2)
    if nodes <= attack / 2 + 1:
        return 1.0
    if nodes <= attack + 1:
        return attack / (2.0 * (nodes - 1))
    if nodes == attack + 2 and attack % 2 == 0:
        return 0.5
    return attack / (nodes + attack - 1.0)


def _stopped(model: BorderModel) -> Counts:
    """Count attacks stopped in the later half, of those that met one walk only."""
    attempts = Attempts(model)
    stage = model.stage
    hours = stage.scenario.time.shift_hours
    window = stage.exposure_hours(stage.crimes.index("crossing"), "AAA")
    first, last = ((attempts.start + more) // (hours * WALK_SHIFTS) for more in (0.0, window))
    counted = (attempts.start >= model.end / 2.0) & np.equal(first, last)
    return {"stopped": (float(attempts.intercepted[counted].sum()), float(counted.sum()))}


def _patrolling(nodes: int, stretch: str, attack: int) -> Rung:
    """Describe a rung of this section."""
    window = (attack - 1.0) or MOMENT
    return Rung(
        name=f"patrolling.{nodes}.{attack}",
        title=f"optimal patrols of {nodes} nodes, attacks of {attack} shift(s) that answer best",
        source="verification ladder 2; Papadaki et al., Operations Research 64 (2016)",
        scenario="patrolling.toml",
        expected={"stopped": game_value(nodes, attack)},
        count=_stopped,
        settings=[
            {
                "world.provinces": [stretch],
                "allocation.kind": f"sim.verification.play:{PLAYERS[attack]}",
                "crimes.crossing.exposure_hours": {"AAA": window, "BBB": 0.0},
            }
        ],
        runs=20,
        error=0.003,
        slack=0.005,  # learners still try nodes that are guarded better
    )


RUNGS = (
    _patrolling(5, "Five", 1),
    _patrolling(6, "Six", 2),
    _patrolling(5, "Five", 3),
    _patrolling(6, "Six", 3),
)

"""The verification ladder: what is known exactly, and whether the simulation reproduces it."""

from sim.verification.climbing import QUICK, Climbed, climb_ladder, rungs_named
from sim.verification.ladder import LADDER
from sim.verification.rung import LARGEST_ERROR, STANDARD_ERRORS, Reading, Rung, climb, same_events

__all__ = [
    "LADDER",
    "LARGEST_ERROR",
    "QUICK",
    "STANDARD_ERRORS",
    "Climbed",
    "Reading",
    "Rung",
    "climb",
    "climb_ladder",
    "rungs_named",
    "same_events",
]

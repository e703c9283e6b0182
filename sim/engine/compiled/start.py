"""What falls due before anything has happened."""

from typing import Any

from sim.engine.compiled.books import enqueue
from sim.engine.compiled.crossings import WANT
from sim.engine.compiled.markers import wait_for_wear
from sim.engine.compiled.state import compiled


@compiled
def begin_run(s: Any) -> None:
    """Let groups want their first attempts, and markers wear."""
    for number in range(s.groups.shape[0]):
        enqueue(s, s.groups[number].next_wanted, WANT, number, 0, -1)
    for segment in range(s.segments.shape[0]):
        wait_for_wear(s, segment, 0)

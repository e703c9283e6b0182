"""An attempt to cross: what a group wants, and what becomes of it."""

from dataclasses import dataclass, field
from enum import IntEnum

GROUP_BITS = 20
"""Bits of an attempt's number that count the attempts of its group."""


class Outcome(IntEnum):
    """How an attempt ended; each ends in exactly one way."""

    UNDER_WAY = 0
    PASSED = 1
    INTERCEPTED = 2
    HANDED_OVER = 3
    INTERCEPTED_JOINTLY = 4
    TURNED_BACK = 5


@dataclass(slots=True)
class Attempt:
    """One crossing from side to side at a place.

    Attributes
    ----------
    number : group·2^GROUP_BITS + how many the group wanted before; the same under every policy
    group, crime : indices
    wanted : when the group wanted it, h
    segment : where, number of the segment
    place : where along the segment, 0 to 1
    origin, destination : sides
    start, line, end : when it is first exposed, reaches the line, is out of reach, h
    value : harm if it passes
    daypart : part of the day chosen, index
    detections : how often it was detected
    first_detected : when for the first time, h; None if it was not
    found_by : posts that detected it
    alerted : posts that were told of it
    outcome : how it ended
    """

    number: int
    group: int
    crime: int
    wanted: float
    segment: int
    place: float
    origin: str
    destination: str
    start: float
    line: float
    end: float
    value: float
    daypart: int
    detections: int = 0
    first_detected: float | None = None
    found_by: set[int] = field(default_factory=set)
    alerted: set[int] = field(default_factory=set)
    outcome: Outcome = Outcome.UNDER_WAY

    def window(self, sides: frozenset[str]) -> tuple[float, float]:
        """When it is exposed to somebody with authority on some sides, h.

        Returns
        -------
        Begin and end; empty (end before begin) if the authority covers neither side.
        """
        begin = self.start if self.origin in sides else self.line
        end = self.end if self.destination in sides else self.line
        return begin, end

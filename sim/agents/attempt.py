"""An attempt to cross: what a group wants, and what becomes of it."""

from dataclasses import dataclass, field
from enum import IntEnum

GROUP_BITS, RETRY_BITS = 20, 40
"""Bits of an attempt's number from which on the group, and the count of retries, stand."""


def group_of(number: int) -> int:
    """Give the number of the group that an attempt is of, by the attempt's number."""
    return (number >> GROUP_BITS) & ((1 << (RETRY_BITS - GROUP_BITS)) - 1)


class Outcome(IntEnum):
    """How an attempt ended; each ends in exactly one way."""

    UNDER_WAY = 0
    PASSED = 1
    INTERCEPTED = 2
    HANDED_OVER = 3
    INTERCEPTED_JOINTLY = 4
    TURNED_BACK = 5


class Cause(IntEnum):
    """Why an attempt got through: the first of these that is so.

    A side saw it and alerted a post across the line, where nobody met it in time; a side saw it,
    and no alert followed; a free patrol passed it within its sweep, and did not see it; a patrol
    would have passed it, but was after somebody else; a patrol walked the segment's beat while it
    could have acted, and did not come by; no patrol did, though one post had found something there
    of which the post across the line had not heard when the shift began; no patrol did.
    """

    ALERT_TOO_LATE = 1
    GOT_AWAY = 2
    OVERLOOKED = 3
    IN_PURSUIT = 4
    ELSEWHERE_ON_BEAT = 5
    NOT_SHARED = 6
    NOBODY_NEAR = 7


@dataclass(slots=True)
class Attempt:
    """One crossing from side to side at a place.

    Attributes
    ----------
    number : group·2^GROUP_BITS + how many the group wanted before; the same under every policy. A
        retry has 2^RETRY_BITS more than the attempt that failed
    group, crime : indices
    wanted : when the group wanted it, h
    segment : where, number of the segment
    place : where along the segment, 0 to 1
    origin, destination : sides
    start, line, end : when it is first exposed, reaches the line, is out of reach, h
    value : harm if it passes
    daypart : part of the day chosen, index
    home_segment : where the group would have gone on the same chance, had it learned nothing
    retry_of : number of the attempt whose failure it follows, -1 if it was wanted of itself
    first_detected : when for the first time, h; None if it was not
    found_by : posts that detected it
    alerted : posts that were told of it
    outcome : how it ended
    cause : why it gets through, if it does, as far as it has come
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
    home_segment: int = -1
    retry_of: int = -1
    first_detected: float | None = None
    found_by: set[int] = field(default_factory=set)
    alerted: set[int] = field(default_factory=set)
    outcome: Outcome = Outcome.UNDER_WAY
    cause: Cause = Cause.NOBODY_NEAR

    def window(self, sides: frozenset[str]) -> tuple[float, float]:
        """When it is exposed to somebody with authority on some sides, h.

        Returns
        -------
        Begin and end; empty (end before begin) if the authority covers neither side.
        """
        begin = self.start if self.origin in sides else self.line
        end = self.end if self.destination in sides else self.line
        return begin, end

    def note_cause(self, cause: Cause) -> None:
        """Note why it may get through; what comes first in `Cause` is kept."""
        self.cause = min(self.cause, cause)

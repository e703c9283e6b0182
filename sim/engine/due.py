"""What can fall due in a run."""

from enum import IntEnum


class Due(IntEnum):
    """What falls due; the order in which things due at the same time are done."""

    WANT = 0
    START = 1
    DETECTION = 2
    TOLD = 3
    ALERT = 4
    CONTACT = 5
    PASS = 6
    END = 7
    LEARNED = 8
    WEAR = 9
    REPAIR = 10
    RETRY = 11

"""The event log read once: events counted, and what befell attempts."""

import numpy as np
from numpy.typing import NDArray

from sim.agents import Stage
from sim.engine import Columns, Kind

CAUGHT = (Kind.INTERCEPTED, Kind.HANDED_OVER, Kind.INTERCEPTED_JOINTLY)
ENDINGS = (Kind.PASSED, *CAUGHT)
"""The kinds of event that end an attempt that was made; each has exactly one in the end."""


class Counts:
    """How many events there are of each kind, side and crime type.

    Parameters
    ----------
    stage : setting of the run
    columns : its event log
    """

    def __init__(self, stage: Stage, columns: Columns) -> None:
        # A first place stands for no side, and for no crime type.
        sides, crimes = 1 + len(stage.world.sides), 1 + len(stage.crimes)
        cells = columns["kind"].astype(np.int64) * sides + (columns["side"] + 1)
        cells = cells * crimes + (columns["crime"] + 1)
        shape = 1 + max(Kind), sides, crimes
        self._table = np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape)
        self._referred = np.array([False, *_referred(stage)])

    def of(self, *kinds: Kind, side: int | None = None, referred: bool | None = None) -> int:
        """Count events of some kinds.

        Parameters
        ----------
        side : index of the side that they are of; all, if missing
        referred : only those of crime types whose people are referred, or only of others
        """
        table = self._table[list(kinds)]
        if side is not None:
            table = table[:, side + 1]
        if referred is not None:
            table = table[..., self._referred == referred]
        return int(table.sum())


class Fates:
    """Detections and endings of attempts, one entry for each event in the order of the log.

    Parameters
    ----------
    stage : setting of the run
    columns : its event log

    Attributes
    ----------
    attempt, side, segment, value : as in the log
    detected, passed, caught, jointly, turned_back : whether that is what happened
    ended : whether it is one of `ENDINGS`
    referred : whether people of its crime type are referred
    """

    def __init__(self, stage: Stage, columns: Columns) -> None:
        is_fate = np.zeros(1 + max(Kind), dtype=bool)
        is_fate[[Kind.DETECTED, *ENDINGS, Kind.TURNED_BACK]] = True
        chosen = np.flatnonzero(is_fate[columns["kind"]])
        kind = columns["kind"][chosen]
        self.attempt = columns["attempt"][chosen]
        self.side = columns["side"][chosen]
        self.segment = columns["segment"][chosen]
        self.value = columns["value"][chosen]
        self.detected = kind == Kind.DETECTED
        self.passed = kind == Kind.PASSED
        self.turned_back = kind == Kind.TURNED_BACK
        self.jointly = kind == Kind.INTERCEPTED_JOINTLY
        self.caught = np.isin(kind, CAUGHT)
        self.ended = self.passed | self.caught
        self.referred = np.array([*_referred(stage), False])[columns["crime"][chosen]]
        numbers, self._index = np.unique(self.attempt, return_inverse=True)
        self._none = np.zeros(len(numbers), dtype=bool)

    def attempts(self, chosen: NDArray[np.bool_]) -> int:
        """Count the attempts that some of the events are of."""
        return int(np.count_nonzero(self._among(chosen)))

    def befell(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether the attempt that each event is of is one that some of the events are of."""
        return self._among(chosen)[self._index]

    def _among(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        among = self._none.copy()
        among[self._index[chosen]] = True
        return among


def _referred(stage: Stage) -> list[bool]:
    """Whether people of each crime type are referred."""
    return [stage.crime(index).referred for index in range(len(stage.crimes))]

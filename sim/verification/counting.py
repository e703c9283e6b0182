"""What a rung counts in a run: sums, and what they are divided by once runs are pooled."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.engine import BorderModel
from sim.engine.events import Kind
from sim.outcomes import result_of
from sim.verification.rung import Counts

ENDINGS = (Kind.PASSED, Kind.INTERCEPTED, Kind.HANDED_OVER, Kind.INTERCEPTED_JOINTLY)

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]


class Attempts:
    """The attempts of a run that have ended, one row each, in the order of their numbers.

    Parameters
    ----------
    model : that has run

    Attributes
    ----------
    number, segment : of each attempt
    start : when its exposure began, h
    intercepted : whether it was
    """

    def __init__(self, model: BorderModel) -> None:
        log = model.log.columns()
        self._kind, self._attempt, self._side = log["kind"], log["attempt"], log["side"]
        ended = np.isin(self._kind, ENDINGS)
        self.number, order = np.unique(self._attempt[ended], return_index=True)
        self.segment: Numbers = log["segment"][ended][order]
        self.intercepted: Flags = self._kind[ended][order] != Kind.PASSED
        started = self._kind == Kind.STARTED
        rows = np.argsort(self._attempt[started], kind="stable")
        places = np.searchsorted(self._attempt[started][rows], self.number)
        self.start = log["time"][started][rows][places]

    def __len__(self) -> int:
        """Count them."""
        return len(self.number)

    def detected(self, *sides: int) -> Flags:
        """Whether posts of any of some sides, by index, detected each; of all sides if none."""
        found = self._kind == Kind.DETECTED
        if sides:
            found &= np.isin(self._side, sides)
        return np.isin(self.number, self._attempt[found])


def detected_by(**sides: tuple[int, ...]) -> Callable[[BorderModel], Counts]:
    """Count attempts detected by posts of some sides, by index; one quantity for each keyword."""

    def count(model: BorderModel) -> Counts:
        attempts = Attempts(model)
        return {
            name: (float(attempts.detected(*which).sum()), float(len(attempts)))
            for name, which in sides.items()
        }

    return count


def detected_on(segment: int | None) -> Callable[[BorderModel], Counts]:
    """Count attempts on a segment, or on all, that anybody detected."""

    def count(model: BorderModel) -> Counts:
        attempts = Attempts(model)
        here = attempts.segment == segment if segment is not None else attempts.number >= 0
        return {"detected": (float((attempts.detected() & here).sum()), float(here.sum()))}

    return count


def chosen(options: Sequence[str], after_days: float = 1.0) -> Callable[[BorderModel], Counts]:
    """Count on which segment groups start, from a day on; a quantity for each segment."""

    def count(model: BorderModel) -> Counts:
        attempts = Attempts(model)
        late = attempts.start >= 24.0 * after_days
        return {
            name: (float((late & (attempts.segment == segment)).sum()), float(late.sum()))
            for segment, name in enumerate(options)
        }

    return count


def outcome(**measures: str) -> Callable[[BorderModel], Counts]:
    """Take outcomes of a run, by the names of `sim.outcomes.MEASURES`; means over runs."""

    def count(model: BorderModel) -> Counts:
        outcomes = result_of(model).outcomes
        return {name: (float(outcomes[measure]), 1.0) for name, measure in measures.items()}

    return count

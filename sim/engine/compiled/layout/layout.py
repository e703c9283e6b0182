"""What is laid out, and for which run."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.compiled.columns import MATRICES
from sim.engine.compiled.names import INSTRUMENT_NUMBERS
from sim.engine.compiled.state import State

if TYPE_CHECKING:
    from sim.engine.model import BorderModel


def period(inject: Any) -> dict[str, float]:
    """Give when an inject that lasts begins and ends, h, by the names of such columns."""
    return {"begin": 24.0 * inject.day, "end": 24.0 * (inject.day + inject.days)}


@dataclass
class Layout:
    """Columns of a run, filled from a model whose agents have just been raised.

    Attributes
    ----------
    model : the model, before its first shift
    columns : tables and arrays by name
    sides : index of each side
    instruments : those of the package that are in force, by name
    forms : kinds of shift for which a post keeps what its beats cover
    longest : most segments of a beat
    most : most patrols a post can have
    shifts_ahead : shifts that schedules fix plans for, no more than the run has
    """

    model: "BorderModel"
    columns: dict[str, Any] = field(default_factory=dict)
    forms: int = 1
    longest: int = 1
    most: int = 1
    shifts_ahead: int = 1

    def __post_init__(self) -> None:
        """Have at hand what all parts use."""
        self.stage = self.model.stage
        self.scenario, self.world = self.stage.scenario, self.stage.world
        self.policy = self.stage.policy
        self.crimes = len(self.stage.crimes)
        self.sides = {side: index for index, side in enumerate(self.world.sides)}
        self.instruments: dict[str, Any] = {
            each.name: each for each in self.model.instruments if each.name in INSTRUMENT_NUMBERS
        }
        self.posts = self.model.posts_by_number

    @property
    def ahead(self) -> int:
        """Shifts for whose plans there is room."""
        return self.shifts_ahead + 2

    def state(self) -> State:
        """Put the columns together for compiled code."""
        for matrix in MATRICES:
            array = self.columns[matrix.name]
            self.columns[matrix.name] = np.ascontiguousarray(array, dtype=matrix.dtype)
        return State(self.columns)

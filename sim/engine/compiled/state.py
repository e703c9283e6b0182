"""The state of a run as compiled code sees it: one record whose fields are the columns."""

from typing import Any

from numba import njit, types
from numba.experimental import structref

from sim.engine.compiled.columns import MATRICES, TABLES

compiled = njit(cache=True, error_model="numpy", nogil=True)
"""Compile a function when it is first called, and keep the result for other processes."""

NAMES = (*TABLES, *(matrix.name for matrix in MATRICES), "log")


@structref.register
class StateType(types.StructRef):  # type: ignore[misc]
    """Type of `State` to the compiler."""

    def preprocess_fields(self, fields: Any) -> Any:
        """Let fields be known by what they are, not by their values."""
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


class State(structref.StructRefProxy):  # type: ignore[misc]
    """All columns of a run."""


structref.define_boxing(StateType, State)
structref.define_constructor(State, StateType, list(NAMES))


@compiled
def state_of(columns: Any) -> Any:
    """Put columns, in the order of `NAMES`, together."""
    return State(*columns)

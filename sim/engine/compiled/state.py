"""The state of a run as compiled code sees it: one record whose fields are the columns."""

import ctypes
import weakref
from collections.abc import Iterable
from functools import cache
from math import prod
from typing import Any

import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.datamodel.registry import default_manager
from numba.core.runtime.nrt import MemInfo
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    lower_setattr_generic,
    typeof_impl,
    unbox,
)
from numba.np.numpy_support import as_dtype, from_dtype
from numpy.typing import NDArray

from sim.engine.compiled.column_types import Column, Row, mark
from sim.engine.compiled.columns import MATRICES, TABLES, dtype_of, row_of
from sim.engine.events import COLUMNS
from sim.engine.fingerprint import sources_sha256

NAMES = (*TABLES, *(matrix.name for matrix in MATRICES), "log")

GROWING = frozenset(
    (
        "log",
        "queue",
        "dues",
        "attempts",
        "under_way",
        "displaced",
        "damages",
        "messages",
        "issues",
        "issue_seen",
        "issue_since",
        "issue_found",
        "issue_plan",
        "plans",
        "plan_beats",
        "plan_cover",
        "lessons",
        "call_ups",
        "waiting",
        "lent",
    )
)
"""Columns that compiled code replaces by longer ones when they are full; all others stay."""


def _fingerprint() -> str:
    """Hash the texts that compiled code is made from.

    What was compiled is kept by function, and looked up by the types of its arguments alone; with
    the hash in the type of the state, a change of any rule, or of a number that compiled code takes
    from agents and instruments, makes all of it anew.
    """
    return sources_sha256(
        "draws.py", "rules/*.py", "agents/**/*.py", "coordination/*.py", "engine/**/*.py"
    )[:16]


FINGERPRINT = _fingerprint()

LOG = row_of(COLUMNS)
"""A row of the event log."""

LOG_ROOM, MOST_LOG_ROOM = 3 << 15, 3 << 20
"""Events that the first page of the log has room for, and a page of a long log has at most.

Python takes over a page when two thirds of it are full, so that the shift in which they become so
is on it as well.
"""


def _row(table: str, kind: np.dtype[Any]) -> Row:
    """Give the type of a table's rows."""
    record: Any = from_dtype(kind)
    return Row(table, record)


@cache
def _types() -> dict[str, Column]:
    """Type of each column, by its name."""
    tables = {name: dtype_of(name) for name in TABLES} | {"log": LOG}
    kinds = {name: Column(name, _row(name, row), 1) for name, row in tables.items()}
    for matrix in MATRICES:
        number = from_dtype(np.dtype(matrix.dtype))
        kinds[matrix.name] = Column(matrix.name, number, matrix.axes)
    return {name: kinds[name] for name in NAMES}


@cache
def _rows() -> dict[str, np.dtype[Any]]:
    """NumPy type of the rows or numbers of each column, by its name."""
    return {name: as_dtype(kind.dtype) for name, kind in _types().items()}


@cache
def _begins() -> dict[str, int]:
    """Where what a state holds of each column begins, in words of memory.

    That is its owner, its address, and its length along each axis. Only what compiled code has made
    has an owner; what was there before is kept by the state as Python sees it.
    """
    lengths = [2 + kind.ndim for kind in _types().values()]
    return dict(zip(NAMES, [0, *np.cumsum(lengths).tolist()], strict=False))


class StateType(types.Type):
    """Type of `State` to the compiler: an address, which nobody owns."""

    def __init__(self) -> None:
        # The name is part of the name of every compiled function.
        super().__init__(f"State_{FINGERPRINT}")


KIND = StateType()
"""The type of the state of any run."""

default_manager.register(StateType, models.OpaqueModel)


class State:
    """All columns of a run.

    Parameters
    ----------
    columns : the columns it begins with, by name

    Attributes
    ----------
    address : where compiled code finds what the state holds of the columns

    Raises
    ------
    TypeError : a column is not of its declared type
    """

    def __init__(self, columns: dict[str, NDArray[Any]]) -> None:
        self._kept = {name: columns[name] for name in NAMES}
        words = [word for name, column in self._kept.items() for word in _held(name, column)]
        self._words = np.array(words, np.int64)
        self.address = self._words.ctypes.data
        weakref.finalize(self, _let_go, self._words, GROWING)

    def columns(self, names: Iterable[str]) -> dict[str, NDArray[Any]]:
        """Give columns as they are now; compiled code may have replaced them by longer ones.

        Those it has made are to be used only until it goes on.
        """
        found = {}
        for name in names:
            kind, begin = _types()[name], _begins()[name]
            owner, address, *shape = self._words[begin : begin + 2 + kind.ndim].tolist()
            if not owner:
                found[name] = self._kept[name]
                continue
            row = _rows()[name]
            memory: Any = (ctypes.c_char * (row.itemsize * prod(shape))).from_address(address)
            found[name] = np.frombuffer(memory, row).reshape(shape)
        return found

    def replace(self, name: str, column: NDArray[Any]) -> NDArray[Any]:
        """Put another column in the place of one of the `GROWING`, and give it."""
        held, begin = _held(name, column), _begins()[name]
        _let_go(self._words, (name,))
        self._words[begin : begin + len(held)] = held
        self._kept[name] = column
        return column


def _held(name: str, column: NDArray[Any]) -> list[int]:
    """Give what a state holds of a column that is not compiled code's."""
    if (column.dtype, column.ndim) != (_rows()[name], _types()[name].ndim):
        raise TypeError(f"column {name} is {column.ndim} × {column.dtype}")
    if not column.flags.c_contiguous:
        raise TypeError(f"column {name} is in pieces")
    return [0, column.ctypes.data, *column.shape]


def _let_go(words: NDArray[np.int64], names: Iterable[str]) -> None:
    """Let go of columns that compiled code has made for a state."""
    for name in names:
        owner = int(words[_begins()[name]])
        if owner:
            # It takes the place of the owner, and is gone at once.
            MemInfo(owner)


@typeof_impl.register(State)
def _type_of(value: State, context: Any) -> StateType:
    """Tell the compiler what a state is."""
    return KIND


@unbox(StateType)
def _find(kind: Any, value: Any, context: Any) -> NativeValue:
    """Give compiled code the address of a state."""
    address = context.pyapi.object_getattr_string(value, "address")
    number = context.pyapi.long_as_voidptr(address)
    context.pyapi.decref(address)
    failed = cgutils.is_not_null(context.builder, context.pyapi.err_occurred())
    return NativeValue(number, is_error=failed)


@infer_getattr
class _ColumnTypes(AttributeTemplate):
    """What type the columns of a state are of."""

    key = StateType

    def generic_resolve(self, value: Any, attr: str) -> Any:  # type: ignore[override]
        """Give the type of a column."""
        return _types().get(attr)


def _word(builder: Any, state: Any, place: int) -> Any:
    """Give where a word of a state is."""
    words = builder.bitcast(state, cgutils.intp_t.as_pointer())
    return cgutils.gep_inbounds(builder, words, place)


@lower_getattr_generic(StateType)
def _load_column(context: Any, builder: Any, state: Any, value: Any, name: str) -> Any:
    """Load where a column is, which is known for good unless it grows."""
    kind, begin = _types()[name], _begins()[name]

    def load(place: int) -> Any:
        loaded = builder.load(_word(builder, value, begin + place))
        if name not in GROWING:
            loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
        return mark(builder, loaded, "state")

    here = context.make_array(kind)(context, builder)
    size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    here.itemsize = step = cgutils.intp_t(size)
    here.nitems = cgutils.intp_t(1)
    steps: list[Any] = []
    shape = [load(2 + axis) for axis in range(kind.ndim)]
    for length in reversed(shape):
        steps.insert(0, step)
        step = builder.mul(step, length)
        here.nitems = builder.mul(here.nitems, length)
    here.shape = cgutils.pack_array(builder, shape)
    here.strides = cgutils.pack_array(builder, steps)
    here.data = builder.inttoptr(load(1), here.data.type)
    here.meminfo = cgutils.get_null_value(here.meminfo.type)
    here.parent = cgutils.get_null_value(here.parent.type)
    return here._getvalue()


@lower_setattr_generic(StateType)
def _replace_column(context: Any, builder: Any, sig: Any, args: Any, name: str) -> None:
    """Put a column in the place of one that was full."""
    kind, begin = _types()[name], _begins()[name]
    column = context.make_array(kind)(context, builder, args[1])
    owned = types.MemInfoPointer(kind.dtype)
    owner = _word(builder, args[0], begin)
    before = mark(builder, builder.load(owner), "state")
    context.nrt.incref(builder, owned, column.meminfo)
    addresses = [builder.ptrtoint(each, cgutils.intp_t) for each in (column.meminfo, column.data)]
    for place, word in enumerate((*addresses, *cgutils.unpack_tuple(builder, column.shape))):
        mark(builder, builder.store(word, _word(builder, args[0], begin + place)), "state")
    context.nrt.decref(builder, owned, builder.inttoptr(before, cgutils.voidptr_t))

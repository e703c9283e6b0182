"""The state of a run as compiled code sees it: one record whose fields are the columns."""

import ctypes
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, ParamSpec, TypeVar

import numpy as np
from llvmlite.ir import Constant
from numba import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.datamodel import models
from numba.core.datamodel.registry import default_manager
from numba.core.registry import CPUDispatcher, cpu_target
from numba.core.runtime.nrt import rtsys
from numba.core.typing.templates import AttributeTemplate
from numba.experimental import structref
from numba.extending import infer_getattr, lower_getattr_generic, lower_setattr_generic
from numba.np.numpy_support import as_dtype, from_dtype
from numpy.typing import NDArray

from sim.engine.compiled.columns import MATRICES, TABLES, dtype_of
from sim.engine.events import COLUMNS
from sim.engine.fingerprint import sources_sha256

P = ParamSpec("P")
R = TypeVar("R")


class _Part(JITCodeLibrary):
    """Code that is used only within other code, so that it need not be optimised by itself."""

    @property
    def codegen(self) -> "_Part":
        """What generates machine code, for which there is none yet."""
        return self

    def set_env(self, name: str, environment: object) -> None:
        """Leave the constants of the Python function alone, which compiled code does not use."""

    def get_pointer_to_function(self, name: str) -> int:
        """Give no address, since there is no machine code."""
        self._ensure_finalized()
        return 0

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


class _PartCompiler(Compiler):
    """Compiles a function into a part."""

    def define_pipelines(self) -> Any:
        """Give the usual passes, and where they put the code."""
        codegen = self.state.targetctx.codegen()
        self.state.library = _Part(codegen, self.state.func_id.func_qualname)
        return super().define_pipelines()


class _Compiled(CPUDispatcher):
    """A compiled function, made once for all values of a type.

    Numba would make one for each constant that some caller gives, which takes much longer.
    """

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Let a caller's constants be numbers like others."""
        return super().get_call_template([types.unliteral(each) for each in args], kws)


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function as a part of those that call it, when these are."""
    options = {
        "nopython": True,
        "error_model": "numpy",
        "no_cpython_wrapper": True,
        "no_cfunc_wrapper": True,
    }
    part: Callable[P, R] = _Compiled(function, targetoptions=options, pipeline_class=_PartCompiler)
    return part


def entry(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function with all its parts when it is first called, for all processes to come."""
    dispatcher = _Compiled(function, targetoptions={"nopython": True, "error_model": "numpy"})
    dispatcher.enable_caching()
    result: Callable[P, R] = dispatcher
    return result


NAMES = (*TABLES, *(matrix.name for matrix in MATRICES), "log")

GROWING = frozenset(
    (
        "log",
        "queue",
        "attempts",
        "under_way",
        "displaced",
        "damages",
        "messages",
        "issues",
        "issue_seen",
        "issue_since",
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


class StateType(types.StructRef):
    """Type of `State` to the compiler."""

    def __init__(self, fields: Any) -> None:
        super().__init__(fields)
        # The name is part of the name of every compiled function. What follows from the fields is
        # worked out once, since the compiler asks for it wherever a column is used.
        self.name = f"State_{FINGERPRINT}"
        self._payload = super().get_data_type()
        self._payload.name = f"{self.name}.payload"
        self._by_name = dict(self._fields)

    @property
    def field_dict(self) -> Any:
        """Type of each field."""
        return self._by_name

    def get_data_type(self) -> Any:
        """Type of what the reference refers to."""
        return self._payload

    def preprocess_fields(self, fields: Any) -> Any:
        """Let fields be known by what they are, not by their values."""
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


class State(structref.StructRefProxy):
    """All columns of a run.

    Attributes
    ----------
    kept : the columns it began with, to which it only points
    """

    kept: list[Any]


FINGERPRINT = _fingerprint()

default_manager.register(StateType, models.StructRefModel)


@infer_getattr
class _ColumnTypes(AttributeTemplate):
    """What type the columns of a state are of."""

    key = StateType

    def generic_resolve(self, value: Any, attr: str) -> Any:  # type: ignore[override]
        """Give the type of a column."""
        return value.field_dict.get(attr)


@lower_getattr_generic(StateType)
def _load_column(context: Any, builder: Any, state: Any, value: Any, name: str) -> Any:
    """Load where a column is, which is known for good unless it grows.

    The state owns its columns for as long as it is used, so that references need not be counted.
    """
    kind = state.field_dict[name]
    data = structref._Utils(context, builder, state).get_data_struct(value)
    there = context.make_array(kind)(context, builder, ref=data._get_ptr_by_name(name))
    here = context.make_array(kind)(context, builder)
    for part in ("nitems", "itemsize", "data", "shape", "strides"):
        loaded = builder.load(there._get_ptr_by_name(part))
        if name not in GROWING:
            loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
        setattr(here, part, loaded)
    here.meminfo = Constant(here.meminfo.type, None)
    here.parent = Constant(here.parent.type, None)
    return here._getvalue()


@lower_setattr_generic(StateType)
def _replace_column(context: Any, builder: Any, sig: Any, args: Any, name: str) -> None:
    """Put a column in the place of one that was full."""
    state, kind = sig.args
    data = structref._Utils(context, builder, state).get_data_struct(args[0])
    before = getattr(data, name)
    context.nrt.incref(builder, kind, args[1])
    setattr(data, name, args[1])
    context.nrt.decref(builder, kind, before)


structref.define_boxing(StateType, State)

LOG = np.dtype([(column.name, column.dtype) for column in COLUMNS], align=True)
"""A row of the event log."""


@cache
def _types() -> dict[str, Any]:
    """Type of each column, by its name."""
    rows = {name: (dtype_of(name), 1) for name in TABLES}
    rows |= {matrix.name: (np.dtype(matrix.dtype), matrix.axes) for matrix in MATRICES}
    rows["log"] = LOG, 1
    return {name: types.Array(from_dtype(rows[name][0]), rows[name][1], "C") for name in NAMES}


KIND = StateType(tuple(_types().items()))
"""The type of the state of any run."""


def state_of(columns: dict[str, NDArray[Any]]) -> State:
    """Let compiled code have columns, by name.

    To put them together in compiled code would take long to compile; so their places in memory are
    written down one by one.

    Raises
    ------
    TypeError : a column is not of its declared type
    """
    rtsys.initialize(cpu_target.target_context)
    state: State = _blank(State._numba_box_(KIND, rtsys.meminfo_alloc(8)))
    state.kept = [columns[name] for name in NAMES]
    for name, column, place in zip(NAMES, state.kept, _places(state), strict=True):
        kind = _types()[name]
        if (column.dtype, column.ndim) != (as_dtype(kind.dtype), kind.ndim):
            raise TypeError(f"column {name} is {column.ndim} × {column.dtype}")
        if not column.flags.c_contiguous:
            raise TypeError(f"column {name} is in pieces")
        address = column.ctypes.data
        place[2:] = column.size, column.itemsize, address, *column.shape, *column.strides
    return state


def columns_in(state: State, names: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Give columns as they are now; compiled code may have replaced them by longer ones.

    They are to be used only until compiled code goes on.
    """
    places, found = dict(zip(NAMES, _places(state), strict=True)), {}
    for name in names:
        kind = _types()[name]
        items, size, address, *more = places[name][2:].tolist()
        memory: Any = (ctypes.c_char * (items * size)).from_address(address)
        column = np.frombuffer(memory, as_dtype(kind.dtype))
        found[name] = column.reshape(more[: kind.ndim])
    return found


def _places(state: State) -> list[NDArray[np.int64]]:
    """Give what the state holds of each column, in the order of `NAMES`.

    That is what Numba holds of an array: its owners (none, for the state keeps it), number of
    items, size of each, address, shape and steps.
    """
    ends = _ends()
    held: Any = state
    words: Any = (ctypes.c_int64 * ends[-1]).from_address(held._meminfo.data)
    return np.split(np.frombuffer(words, np.int64), ends[:-1])


@cache
def _ends() -> list[int]:
    """Where what a state holds of each column ends, in words of memory."""
    return np.cumsum([5 + 2 * kind.ndim for kind in _types().values()]).tolist()


_new: Any = structref.new


@entry
def _blank(like: Any) -> Any:
    """Make a state of which nothing is known yet; its type tells which code may use it."""
    return _new(KIND)

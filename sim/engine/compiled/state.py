"""The state of a run as compiled code sees it: one record whose fields are the columns."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from llvmlite.ir import Constant
from numba import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.datamodel import models
from numba.core.datamodel.registry import default_manager
from numba.core.registry import CPUDispatcher
from numba.core.typing.templates import AttributeTemplate
from numba.experimental import structref
from numba.extending import infer_getattr, lower_getattr_generic, lower_setattr_generic

from sim.engine.compiled.columns import MATRICES, TABLES
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

POOLS = (
    "log",
    "attempts",
    "under_way",
    "damages",
    "displaced",
    "plans",
    "plan_beats",
    "plan_cover",
)
"""Those of them that a model reads back."""


def _fingerprint() -> str:
    """Hash the texts that compiled code is made from.

    What was compiled is kept by function, and looked up by the types of its arguments alone; with
    the hash in the type of the state, a change of any rule makes all of it anew.
    """
    return sources_sha256("draws.py", "rules/*.py", "engine/**/*.py")[:16]


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
    """All columns of a run."""


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
structref.define_constructor(State, StateType, list(NAMES))


@entry
def state_of(columns: Any) -> Any:
    """Put columns, in the order of `NAMES`, together."""
    return State(*columns)

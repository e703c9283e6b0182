"""The state of a run as compiled code sees it: one record whose fields are the columns."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from numba import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.registry import CPUDispatcher
from numba.experimental import structref

import sim
from sim.engine.compiled.columns import MATRICES, TABLES

P = ParamSpec("P")
R = TypeVar("R")


class _Part(JITCodeLibrary):  # type: ignore[misc]
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


class _PartCompiler(Compiler):  # type: ignore[misc]
    """Compiles a function into a part."""

    def define_pipelines(self) -> Any:
        """Give the usual passes, and where they put the code."""
        codegen = self.state.targetctx.codegen()
        self.state.library = _Part(codegen, self.state.func_id.func_qualname)
        return super().define_pipelines()


class _Compiled(CPUDispatcher):  # type: ignore[misc]
    """A compiled function, made once for all values of a type.

    Numba would make one for each constant that some caller gives, which takes several times as
    long.
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
"""Columns that grow, and so are elsewhere after a while than where they were laid out."""


def _fingerprint() -> str:
    """Hash the texts that compiled code is made from.

    What was compiled is kept by function, and looked up by the types of its arguments alone; with
    the hash in the type of the state, a change of any rule makes all of it anew.
    """
    home = Path(sim.__file__).parent
    files = [home / "draws.py", *home.glob("rules/*.py"), *home.glob("engine/**/*.py")]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@structref.register
class StateType(types.StructRef):  # type: ignore[misc]
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


class State(structref.StructRefProxy):  # type: ignore[misc]
    """All columns of a run."""


FINGERPRINT = _fingerprint()

structref.define_boxing(StateType, State)
structref.define_constructor(State, StateType, list(NAMES))


@entry
def state_of(columns: Any) -> Any:
    """Put columns, in the order of `NAMES`, together."""
    return State(*columns)

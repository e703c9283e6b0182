"""How the functions of the engine are compiled: parts, and the few entries they end up in."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from llvmlite import ir
from llvmlite.binding import Linkage
from numba import types
from numba.core import cgutils
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.registry import CPUDispatcher
from numba.extending import intrinsic

from sim.engine.compiled.column_types import Column

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


class _Whole(JITCodeLibrary):
    """Code with all its parts, of which nothing is called from outside but the whole."""

    def __init__(self, codegen: Any, name: str) -> None:
        super().__init__(codegen, name)
        # So that it can be kept for other processes.
        self.enable_object_caching()

    def _optimize_final_module(self) -> None:
        # What is known to be called only here need not be kept as a function of its own, and of
        # what is kept, whether it fails and which arguments it uses is known where it is called.
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == Linkage.linkonce_odr:
                function.linkage = Linkage.internal
        super()._optimize_final_module()


def _compiler(library: type[JITCodeLibrary]) -> type[Compiler]:
    """Give what compiles functions by the usual passes, into a library of a class."""

    class CompilerInto(Compiler):
        def define_pipelines(self) -> Any:
            """Give the passes, and where they put the code."""
            codegen = self.state.targetctx.codegen()
            self.state.library = library(codegen, self.state.func_id.func_qualname)
            return super().define_pipelines()

    return CompilerInto


class _Compiled(CPUDispatcher):
    """A compiled function, made once for all values of a type.

    Numba would make one for each constant and each column that some caller gives, which takes much
    longer.
    """

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Let a caller's constants be numbers like others, and its columns be any."""
        return super().get_call_template([_of_any(each) for each in args], kws)


def _of_any(kind: Any) -> Any:
    """Give the type of all values like one of a type, of whatever value or column."""
    if isinstance(kind, Column):
        return kind.of_any_name()
    kind = types.unliteral(kind)
    return types.int64 if kind == types.int32 else kind


_OPTIONS = {"nopython": True, "error_model": "numpy"}
_PART_OPTIONS = {**_OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_PartCompiler, _WholeCompiler = _compiler(_Part), _compiler(_Whole)

RULE: Any = {**_PART_OPTIONS, "error_model": "python", "pipeline_class": _PartCompiler}
"""How Numba is to compile functions that Python calls as well: as parts, and what divides by zero
fails as it does there."""


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function as a part of those that call it, when these are."""
    part: Callable[P, R] = _Compiled(
        function, targetoptions=_PART_OPTIONS, pipeline_class=_PartCompiler
    )
    return part


def entry(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function with all its parts when it is first called, for all processes to come."""
    dispatcher = _Compiled(function, targetoptions=_OPTIONS, pipeline_class=_WholeCompiler)
    dispatcher.enable_caching()
    result: Callable[P, R] = dispatcher
    return result


def _calling(checked: bool) -> Any:
    """Compile calls of functions at an address, which give a whole number.

    Parameters
    ----------
    checked : whether they have failed if they give 0, so that the caller fails as well
    """

    def called(typing_context: Any, address: Any, *kinds: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            given = cgutils.unpack_tuple(builder, arguments[1])
            kind = ir.FunctionType(cgutils.intp_t, [each.type for each in given])
            number = builder.call(builder.inttoptr(arguments[0], kind.as_pointer()), given)
            if checked:
                with cgutils.if_unlikely(builder, cgutils.is_null(builder, number)):
                    said = "compiled code has failed, as was said before"
                    context.call_conv.return_user_exc(builder, RuntimeError, (said,))
            return number

        given = types.StarArgTuple([_widest(each) for each in kinds])
        return types.int64(types.int64, given), generate

    return intrinsic(called)


def _widest(kind: Any) -> Any:
    """Give the type that a number is handed over as."""
    if isinstance(kind, types.Integer):
        return types.int64
    return types.float64 if isinstance(kind, types.Float) else kind


call: Any = _calling(checked=False)
"""Call a function of Python at an address."""

call_entry: Any = _calling(checked=True)
"""Call an entry at an address; what it raises is printed, and it gives 0 in place of `DONE`."""

DONE = 1

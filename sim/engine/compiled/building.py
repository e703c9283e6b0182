"""Getting ready to run compiled code, which is made once on a machine by two processes."""

import ctypes
import os
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from numba import types

from sim.engine.compiled.deciding import decide
from sim.engine.compiled.happening import let_happen
from sim.engine.compiled.shifts import advance, begin_run, begin_shift
from sim.engine.compiled.state import FINGERPRINT, KIND
from sim.lock import alone_in

NOTICE = "bordersim compiles its engine, once on this machine; that takes about a minute …"

_OTHER_HALF = f"from {__name__} import build_other_half; build_other_half()"

_WHOLE = types.int64

_CALLED: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "begin_shift": (begin_shift, (KIND,)),
    "decide": (decide, (KIND, *[_WHOLE] * 5)),
    "let_happen": (let_happen, (KIND,)),
}
"""What the rest calls by its address, and the types of its arguments."""

_advance: Any = advance
_begin_run: Any = begin_run


def is_built() -> bool:
    """Whether the compiled engine has been made on this machine already."""
    return bool(_advance.overloads) or _marker().exists()


@cache
def build() -> dict[str, int]:
    """Compile the engine, or load what has been compiled; one process does it, others wait.

    Returns
    -------
    Addresses of what the rest calls, by the names of the settings that they become.
    """
    if not is_built():
        with alone_in(_folder(), _say_nothing, "set NUMBA_CACHE_DIR to a folder of yours"):
            if not is_built():
                _build_in_two()
    _build_half()
    # Should the other process have failed, this compiles it as well.
    build_other_half()
    _marker().touch()
    _keep_memory()
    return {name: address_of(*called) for name, called in _CALLED.items()}


def address_of(function: Any, kinds: tuple[Any, ...]) -> int:
    """Compile an entry for types of its arguments, and give its address."""
    function.compile(kinds)
    made = function.overloads[kinds]
    address: int = made.library.get_pointer_to_function(made.fndesc.llvm_cfunc_wrapper_name)
    return address


def _build_in_two() -> None:
    """Compile a half in another process, and the other half here meanwhile."""
    print(NOTICE, file=sys.stderr, flush=True)
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": paths}
    with subprocess.Popen([sys.executable, "-c", _OTHER_HALF], env=environment):
        _build_half()


def _build_half() -> None:
    """Compile the frame of a run, and what happens in a shift."""
    _begin_run.compile((KIND,))
    _advance.compile((KIND, _WHOLE))
    _compile("let_happen")


def build_other_half() -> None:
    """Compile how a shift begins, and how posts choose their beats."""
    _compile("begin_shift")
    _compile("decide")


def _compile(name: str) -> None:
    function, kinds = _CALLED[name]
    function.compile(kinds)


def _marker() -> Path:
    """Give the file that says that all has been compiled, beside what has been."""
    version = ".".join(map(str, sys.version_info[:2]))
    return _folder() / f"{FINGERPRINT}-{version}.ready"


def _folder() -> Path:
    """Give the folder that Numba keeps compiled code in."""
    folder = Path(_advance.stats.cache_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _say_nothing() -> None:
    """Wait without a word: whoever is at work has said that it takes a while."""


_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Names of what `mallopt` sets, from <malloc.h>: what is kept, and what is asked for by itself."""

_KEPT_BYTES, _ALONE_BYTES = 1 << 28, 1 << 25


def _keep_memory() -> None:
    """Let memory that a run gives back serve the next one, and not go to the system in between.

    The system clears what is new to a process, page by page, which takes a twentieth of a run. Up
    to 256 MiB stay with the process; blocks of 32 MiB and more are given back as before. Only the C
    library of GNU takes such advice; with others this does nothing.
    """
    with suppress(AttributeError, OSError, TypeError):
        advise = ctypes.CDLL(None).mallopt
        advise(_MMAP_THRESHOLD, _ALONE_BYTES)
        advise(_TRIM_THRESHOLD, _KEPT_BYTES)

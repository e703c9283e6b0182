"""Compiling the engine, once on a machine: in two processes, each a half of it."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from numba import types

from sim.engine.compiled.happening import let_happen
from sim.engine.compiled.shifts import advance, begin_run
from sim.engine.compiled.state import FINGERPRINT, KIND

NOTICE = "bordersim compiles its engine, once on this machine; that takes about a minute …"

_OTHER_HALF = f"from {__name__} import build_other_half; build_other_half()"

_advance: Any = advance
_begin_run: Any = begin_run
_let_happen: Any = let_happen


def is_built() -> bool:
    """Whether the compiled engine has been made on this machine already."""
    return bool(_advance.overloads) or _marker().exists()


@cache
def build() -> int:
    """Compile the engine, or load what has been compiled.

    Returns
    -------
    The address of what lets a shift happen, which the rest calls.
    """
    other = None
    if not is_built():
        print(NOTICE, file=sys.stderr, flush=True)
        paths = os.pathsep.join(path for path in sys.path if path)
        other = subprocess.Popen(
            [sys.executable, "-c", _OTHER_HALF], env={**os.environ, "PYTHONPATH": paths}
        )
    _begin_run.compile((KIND,))
    _advance.compile((KIND, types.int64))
    if other is not None:
        other.wait()
    # Should the other process have failed, this compiles it as well.
    build_other_half()
    _marker().touch()
    made = _let_happen.overloads[(KIND,)]
    address: int = made.library.get_pointer_to_function(made.fndesc.llvm_cfunc_wrapper_name)
    return address


def build_other_half() -> None:
    """Compile what happens in a shift."""
    _let_happen.compile((KIND,))


def _marker() -> Path:
    """Give the file that says that all has been compiled, beside what has been."""
    folder = Path(_advance.stats.cache_path)
    folder.mkdir(parents=True, exist_ok=True)
    version = ".".join(map(str, sys.version_info[:2]))
    return folder / f"{FINGERPRINT}-{version}.ready"

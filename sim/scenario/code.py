"""Names of Python code in files: what a researcher adds without editing the package.

A name is `package.module:Name`, importable from where the command is called. It is honoured only if
the caller allows it, because importing a module runs it.
"""

import importlib
import importlib.util
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field

from sim.errors import InputError

CodeName = Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")]
"""`package.module:Name`."""


def is_code(name: object) -> bool:
    """Whether a word names code, and nothing that the package has itself."""
    return isinstance(name, str) and ":" in name


@cache
def load_code(name: str) -> Any:
    """Import what a name stands for.

    Raises
    ------
    InputError : there is no such module, it does not import, or it has no such name
    """
    module_name, _, attribute = name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        raise InputError(
            f"cannot import {module_name}: {error}",
            where=name,
            remedy="call from the folder that holds it, or install it",
        ) from error
    if not hasattr(module, attribute):
        raise InputError(f"{module_name} has no {attribute}", where=name)
    return getattr(module, attribute)


def source_of(name: str) -> bytes:
    """Give the source text of the module that a name is in; nothing if it has none."""
    spec = importlib.util.find_spec(name.partition(":")[0])
    if spec is None or spec.origin is None or not Path(spec.origin).is_file():
        return b""
    return Path(spec.origin).read_bytes()


def code_in(tables: object, where: str = "") -> list[tuple[str, str]]:
    """List key path and name of all code that tables name, in order."""
    members: Iterable[tuple[str, object]] = ()
    if isinstance(tables, BaseModel):
        members = tables
    elif isinstance(tables, tuple):
        members = ((str(index), each) for index, each in enumerate(tables))
    elif isinstance(tables, dict) and where.rpartition(".")[2] in _KEYS:
        # A per-side table, where the key above tells what the value is.
        return [(f"{where}.{key}", str(name)) for key, name in tables.items() if is_code(name)]
    found = []
    for key, member in members:
        path = f"{where}.{key}" if where else key
        if key in _KEYS and is_code(member):
            found.append((path, str(member)))
        elif isinstance(member, BaseModel | dict | tuple):
            found += code_in(member, path)
    return found


_KEYS = frozenset({"adversary", "kind", "instrument"})
"""Keys whose values may name code."""

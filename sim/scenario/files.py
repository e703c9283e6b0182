"""Reading files: TOML, inheritance, paths that stay inside the library, errors that help."""

import copy
import difflib
import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from sim.errors import InputError, InputErrors

LARGEST_FILE = 1_000_000
"""Bytes; a scenario of a whole continent is under a tenth of this."""

DEEPEST_KEY = 100
"""Dots in a key path; tomllib takes time in the square of them."""

EVERY = "*"
"""What stands for all members of an array in a key path."""

Model = TypeVar("Model", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    InputError : the file is missing, a folder, too large, not text, or not TOML
    """
    where = str(path)
    try:
        if path.is_dir():
            raise InputError("is a folder, not a file", where=where, remedy="name a .toml file")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise InputError(
                f"is longer than the {LARGEST_FILE:,} bytes a TOML file may have",
                where=where,
                remedy="is this the right file?",
            )
        text = content.decode("utf-8")
    except FileNotFoundError:
        raise InputError("no such file", where=where, remedy=_siblings(path)) from None
    except UnicodeDecodeError as error:
        raise InputError(
            f"is not UTF-8 text (byte {error.start})", where=where, remedy="name a .toml file"
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"cannot be read: {reason}", where=where, remedy="check it") from None
    if any(piece.count(".") > DEEPEST_KEY for piece in re.split("[=,\n]", text)):
        raise InputError("is nested too deeply", where=where, remedy="flatten it")
    try:
        return copy.deepcopy(_parsed(text))
    except ValueError as error:
        raise InputError(f"is not TOML: {error}", where=where, remedy="mend it there") from None
    except RecursionError:
        raise InputError("is nested too deeply", where=where, remedy="flatten it") from None


@lru_cache(maxsize=32)
def _parsed(text: str) -> dict[str, Any]:
    """Parse TOML; a design has the same few files read once for each of its points."""
    return tomllib.loads(text)


def _siblings(path: Path) -> str:
    """Name the files that the user may have meant."""
    try:
        names = sorted(entry.name for entry in path.parent.iterdir() if entry.suffix == ".toml")
    except OSError:
        return "check the path"
    close = difflib.get_close_matches(path.name, names, n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"there are {', '.join(names[:8])}" if names else "check the path"


def library_root(path: Path) -> Path:
    """Give the folder that references in a file may not leave.

    The nearest folder above the file that has a `scenarios` folder in it; without one, the file's
    own folder.
    """
    folder = path.resolve().parent
    for candidate in (folder, *folder.parents):
        if (candidate / "scenarios").is_dir():
            return candidate
    return folder


def resolve_reference(reference: str, origin: Path, key: str) -> Path:
    """Find what a path in a file refers to.

    Parameters
    ----------
    reference : the path as written, relative to the folder of `origin`
    origin : the file it is written in
    key : under which key, for the message

    Raises
    ------
    InputError : the path is absolute or climbs out of the library
    """
    where = f"{origin}: {key}"
    if not reference or "\0" in reference:
        raise InputError("is not a path", where=where, remedy="give a relative path")
    if Path(reference).is_absolute():
        raise InputError(
            f"{reference!r} is an absolute path", where=where, remedy="give a relative path"
        )
    target = Path(os.path.realpath(origin.resolve().parent / reference))
    root = library_root(origin)
    if not target.is_relative_to(root):
        raise InputError(
            f"{reference!r} climbs out of {root}", where=where, remedy="move the file into it"
        )
    return target


def inherit(path: Path) -> dict[str, Any]:
    """Read a file with all it extends, nearer tables winning key by key.

    Raises
    ------
    InputError : a file cannot be read, `extends` is no path, or files extend each other in a circle
    """
    chain: list[Path] = []
    layers: list[dict[str, Any]] = []
    current = path
    while True:
        try:
            layer = read_toml(current)
        except InputError as error:
            where = f"{chain[-1]}: extends: {error.where}" if chain else error.where
            raise InputError(error.what, where=where, remedy=error.remedy) from None
        if current.resolve() in chain:
            names = " → ".join(each.name for each in [*chain, current])
            raise InputError(
                f"files extend each other in a circle: {names}",
                where=f"{path}: extends",
                remedy="remove one `extends`",
            )
        chain.append(current.resolve())
        _anchor(layer, current, path)
        layers.append(layer)
        parent = layer.get("extends")
        if parent is None:
            break
        if not isinstance(parent, str):
            raise InputError(
                "must be a path in quotes", where=f"{current}: extends", remedy="put it in quotes"
            )
        current = resolve_reference(parent, current, "extends")
    merged: dict[str, Any] = {}
    for layer in reversed(layers):
        merged = _merge(merged, {k: v for k, v in layer.items() if k != "extends"})
    return merged


def _anchor(layer: dict[str, Any], origin: Path, reader: Path) -> None:
    """Rewrite paths of an inherited file so that they hold from the file that inherits."""
    if origin == reader:
        return
    here = reader.resolve().parent

    def rebase(reference: Any, key: str) -> Any:
        if not isinstance(reference, str):
            return reference
        target = resolve_reference(reference, origin, key)
        return os.path.relpath(target, here)

    for key in ("policy", "scenario"):
        if key in layer:
            layer[key] = rebase(layer[key], key)
    world = layer.get("world")
    if isinstance(world, dict) and isinstance(world.get("borders"), list):
        world["borders"] = [rebase(folder, "world.borders") for folder in world["borders"]]


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay one tree of tables over another; arrays and values are replaced whole."""
    merged = dict(base)
    for key, value in over.items():
        known = merged.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            merged[key] = _merge(known, value)
        else:
            merged[key] = value
    return merged


def parse_setting(text: str) -> tuple[str, Any]:
    """Split `KEY=VALUE` of the command line; the value is TOML, or a word without quotes.

    Raises
    ------
    InputError : there is no `=` or no key
    """
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise InputError(
            f"{text!r} is not KEY=VALUE", where="--set", remedy="e.g. sharing.interval_days=7"
        )
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except (ValueError, RecursionError):
        return key.strip(), value.strip()


def set_key(tree: dict[str, Any], key: str, value: Any) -> None:
    """Set a value by its key path, making missing tables on the way.

    Parameters
    ----------
    tree : nested tables; what is changed of those below it is copied first
    key : names joined by dots; members of an array by number, or all of them by `*`, as in
        `groups.0.count` and `groups.*.count`
    value : what to put there

    Raises
    ------
    InputError : the path leads through something that is not a table or array, or is too long
    """
    if key.count(".") > DEEPEST_KEY:
        raise InputError(f"more than {DEEPEST_KEY} dots in a key path", where=f"{key[:40]} …")
    first, *rest = key.split(".")
    tree[first] = _with(tree.get(first, {}), rest, value, key)


def _with(node: Any, path: list[str], value: Any, key: str) -> Any:
    """Give a copy of a node in which a value stands at a path below it."""
    if not path:
        return value
    part, *rest = path
    if isinstance(node, dict) and part != EVERY:
        return node | {part: _with(node.get(part, {}), rest, value, key)}
    indices = _array_indices(node, part, key)
    return [
        _with(member, rest, value, key) if index in indices else member
        for index, member in enumerate(node)
    ]


def _array_indices(node: Any, part: str, key: str) -> list[int]:
    if isinstance(node, dict):
        raise InputError(f"{EVERY!r} stands for members of an array: there is none", where=key)
    if not isinstance(node, list):
        raise InputError(f"{part!r} leads into a value, not a table", where=key)
    valid = [str(index) for index in range(len(node))]
    if part not in (*valid, EVERY) or not valid:
        remedy = f"0 to {valid[-1]}, or {EVERY} for all" if valid else "the array is empty"
        raise InputError(f"{part!r} is not an index of this array", where=key, remedy=remedy)
    return list(range(len(node))) if part == EVERY else [int(part)]


@contextmanager
def collecting(errors: list[InputError]) -> Iterator[None]:
    """Keep errors for later, so that all of them can be told at once."""
    try:
        yield
    except InputErrors as found:
        errors += found.errors
    except InputError as found:
        errors.append(found)


def check(model: type[Model], tree: dict[str, Any], where: str) -> Model:
    """Validate a tree of tables against its schema.

    Parameters
    ----------
    model : pydantic class of the whole file
    tree : what was read
    where : file name for messages

    Raises
    ------
    InputErrors : every error found, each with file, key path and what to do
    """
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        found: dict[str, InputError] = {}
        for detail in error.errors():
            path = _true_path(tree, detail["loc"])
            problem = _explain(model, path, detail)
            key = ".".join(map(str, path))
            if key in found and detail["type"] != "extra_forbidden":
                known = found[key]
                what = f"{known.what}, or {problem.what}"
                problem = InputError(what, where=known.where, remedy=known.remedy)
            else:
                problem = InputError(
                    problem.what, where=f"{where}: {key}" if key else where, remedy=problem.remedy
                )
            found[key] = problem
        raise InputErrors(list(found.values())) from None
    except RecursionError:
        raise InputError("is nested too deeply", where=where, remedy="flatten it") from None


def _true_path(tree: Any, location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Drop the names of union members that pydantic puts into a location."""
    path: list[int | str] = []
    node = tree
    for part in location:
        if isinstance(node, dict) and part in node:
            node = node[part]
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            node = node[part]
        elif isinstance(node, dict) and part == location[-1] and isinstance(part, str):
            path.append(part)
            break
        else:
            continue
        path.append(part)
    return tuple(path)


def _explain(model: type[BaseModel], path: tuple[int | str, ...], detail: Any) -> InputError:
    """Say one pydantic error in words, with the nearest valid name where one is missing."""
    if detail["type"] == "extra_forbidden":
        return InputError("unknown key", remedy=nearest(str(path[-1]), names_at(model, path[:-1])))
    if detail["type"] == "missing":
        return InputError("is missing", remedy="add it")
    message = str(detail["msg"]).removeprefix("Value error, ")
    message = message.replace("Input should", "should")
    value = detail.get("input")
    if isinstance(value, (str, int, float, bool)):
        message += f", not {value!r}"
    return InputError(message)


def names_at(model: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """Give the valid keys of the table at a path of a schema."""
    for part in path:
        if isinstance(part, int) or part not in model.model_fields:
            continue
        inner = table_in(model.model_fields[part].annotation)
        if inner is None:
            return []
        model = inner
    return list(model.model_fields)


def table_in(annotation: Any) -> type[BaseModel] | None:
    """Find the table class inside Optional, tuple, dict and Annotated."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = table_in(inner)
        if found is not None:
            return found
    return None


def nearest(name: str, valid: list[str]) -> str:
    """Advise on a name that is not valid."""
    close = difflib.get_close_matches(name, valid, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]}?"
    return f"valid here: {', '.join(valid[:20])}" if valid else "remove it"

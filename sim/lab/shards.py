"""Shards: Parquet files, each with what some runs gave, written whole or not at all."""

import contextlib
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from sim.errors import InputError
from sim.lab.tables import NAMES, Parts, arrow_tables, joined

_FOLDER = "shards"
_UNFINISHED = ".part"


def write_shard(folder: Path, parts: Sequence[Parts]) -> str:
    """Write what some runs gave; a crash leaves the whole of a file or none of it.

    Returns
    -------
    The name of the shard: the files are `shards/NAME.runs.parquet` and so on.

    Raises
    ------
    OSError : the folder cannot be written to; nothing of the shard is left in it
    """
    name = uuid.uuid4().hex[:16]
    tables = arrow_tables(parts)
    (folder / _FOLDER).mkdir(exist_ok=True)
    try:
        for table in NAMES:
            _write(_file(folder, name, table), tables[table])
    except BaseException:
        remove_shard(folder, name)
        raise
    return name


def _write(path: Path, table: pa.Table) -> None:
    write_whole(path, lambda unfinished: parquet.write_table(table, unfinished))


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under another name, and give it its own when it is on disk.

    Raises
    ------
    OSError : it cannot be written; a file that was there before is still there
    """
    unfinished = path.with_name(f"{path.name}.{os.getpid()}{_UNFINISHED}")
    try:
        write(unfinished)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """Let new names in a folder outlast a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove_shard(folder: Path, name: str) -> None:
    """Remove the files of a shard that nobody refers to."""
    for table in NAMES:
        with contextlib.suppress(OSError):
            _file(folder, name, table).unlink(missing_ok=True)


def remove_others(folder: Path, names: set[str]) -> None:
    """Remove what a crash left: files that are not finished, or of shards with other names."""
    others = {
        file for file in (folder / _FOLDER).glob("*") if file.name.partition(".")[0] not in names
    }
    for file in others.union(folder.rglob(f"*{_UNFINISHED}")):
        with contextlib.suppress(OSError):
            file.unlink()


def read_shards(folder: Path, shards: Mapping[str, str]) -> dict[str, pa.Table]:
    """Read what some runs gave.

    Parameters
    ----------
    folder : of the study
    shards : by the key of each run, the shard it is in; at least one

    Returns
    -------
    Tables as of `arrow_tables`, of these runs and no others.

    Raises
    ------
    InputError : a shard is missing or damaged
    """
    keys_of: dict[str, list[str]] = {}
    for key, shard in shards.items():
        keys_of.setdefault(shard, []).append(key)
    return {
        table: joined([_read(_file(folder, shard, table), keys) for shard, keys in keys_of.items()])
        for table in NAMES
    }


def _read(path: Path, keys: list[str]) -> pa.Table:
    try:
        table = parquet.read_table(path, partitioning=None)
    except (OSError, pa.ArrowException) as error:
        raise InputError(
            f"cannot be read: {error}",
            where=str(path),
            remedy="bring it back from a copy, or begin again with another --out",
        ) from error
    return table.filter(pc.is_in(table["key"], pa.array(keys)))


def _file(folder: Path, shard: str, table: str) -> Path:
    return folder / _FOLDER / f"{shard}.{table}.parquet"

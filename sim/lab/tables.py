"""What many runs gave, as tables: outcomes, figures of each side, and where attempts were made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from sim.errors import os_error_as_input_error
from sim.outcomes import RunResult

NAMES = ("runs", "sides", "segments")

ORACLE = "oracle"
"""Part of the figures of sides that is of an oracle who places all patrols."""

Parts = dict[str, dict[str, Any]]
"""What one run adds to each table: its columns, lists or arrays of one length."""

_TOLD = pa.dictionary(pa.int32(), pa.string())
_TYPES = {
    "key": _TOLD,
    "side": _TOLD,
    "part": _TOLD,
    "instrument": _TOLD,
    "figure": _TOLD,
    "value": pa.float64(),
}
"""Types of columns that would not follow from their values, or would take more room."""


class Cell(NamedTuple):
    """A run in its place in a study.

    Attributes
    ----------
    point : index of the point that it is a run of
    seed : of all its chance
    key : of the run; points with the same inputs share their runs
    """

    point: int
    seed: int
    key: str


@dataclass(frozen=True)
class Tables:
    """What many runs gave, in the order of points and seeds.

    Attributes
    ----------
    runs : one row for each run: point (its index), seed, and every outcome
    sides : one row for each run, side and figure: point, seed, side, part ("record", what its books
        show; "side", what it truly meant to it; "cost", what an instrument took), instrument (of a
        cost, else ""), figure (its name in the result of a run), value
    segments : one row for each run and segment: point, seed, segment, attempts, detected,
        intercepted, referred
    """

    runs: pd.DataFrame
    sides: pd.DataFrame
    segments: pd.DataFrame

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table], cells: Iterable[Cell]) -> "Tables":
        """Put what runs gave in order.

        Parameters
        ----------
        tables : as of `arrow_tables`, runs in whatever order
        cells : runs that are wanted, each of which is in the tables once
        """
        ordered = sorted(cells)
        return cls(**{name: _in_order(tables[name], ordered) for name in NAMES})

    def of_seeds(self, seeds: Sequence[int]) -> "Tables":
        """Give what runs on some seeds gave."""
        frames = {name: getattr(self, name) for name in NAMES}
        return Tables(
            **{
                name: frame[frame["seed"].isin(seeds)].reset_index(drop=True)
                for name, frame in frames.items()
            }
        )

    def write(self, folder: Path) -> None:
        """Write the tables as CSV, the same bytes for the same runs, into a folder that it makes.

        Raises
        ------
        InputError : the folder cannot be written to
        """
        with os_error_as_input_error(
            "cannot be written to", where=folder, remedy="free some space, or choose another folder"
        ):
            folder.mkdir(parents=True, exist_ok=True)
            for name in NAMES:
                table = pa.Table.from_pandas(getattr(self, name), preserve_index=False)
                csv.write_csv(table, folder / f"{name}.csv")


def parts_of(key: str, result: RunResult, reached: Mapping[str, float] | None = None) -> Parts:
    """Give what a run adds to the tables.

    Parameters
    ----------
    key : of the run
    result : of the run
    reached : what its oracle was to prevent and could have, if one placed its patrols; stands among
        the figures of sides, as those of no side, part "oracle"
    """
    figures = [
        (side, part, "", figure, value)
        for part, by_side in (("record", result.records), ("side", result.sides))
        for side, told in by_side.items()
        for figure, value in told.items()
    ]
    figures += [
        (side, "cost", instrument, figure, value)
        for instrument, by_side in result.costs.items()
        for side, told in by_side.items()
        for figure, value in told.items()
    ]
    figures += [("", ORACLE, "", figure, value) for figure, value in (reached or {}).items()]
    names = ("side", "part", "instrument", "figure", "value")
    count = len(result.segments["attempts"])
    whose = {"inputs_sha256": [result.inputs_sha256], "seed": [result.seed]}
    outcomes = {name: [value] for name, value in result.outcomes.items()}
    return {
        "runs": {"key": [key], **whose, **outcomes},
        "sides": {
            "key": [key] * len(figures),
            **dict(zip(names, map(list, zip(*figures, strict=True)), strict=True)),
        },
        "segments": {
            "key": [key] * count,
            "segment": np.arange(count),
            **result.segments,
        },
    }


def arrow_tables(parts: Sequence[Parts]) -> dict[str, pa.Table]:
    """Put what runs gave together as it is stored, by the name of the table.

    Parameters
    ----------
    parts : of one run or more
    """
    return {name: _stacked([part[name] for part in parts]) for name in NAMES}


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Put tables of one name below each other; a column of whole numbers may be of others later."""
    return pa.concat_tables(tables, promote_options="permissive")


def _stacked(parts: list[dict[str, Any]]) -> pa.Table:
    """Put columns of several runs below each other."""
    columns = {}
    for name, first in parts[0].items():
        if isinstance(first, np.ndarray):
            values: Any = np.concatenate([part[name] for part in parts])
        else:
            values = [value for part in parts for value in part[name]]
        columns[name] = pa.array(values, type=_TYPES.get(name))
    return pa.table(columns)


def _in_order(table: pa.Table, cells: list[Cell]) -> pd.DataFrame:
    """Give the rows of some runs, in the order of the runs, with point and seed in front."""
    keys, codes = _keys_of(table)
    counts = np.bincount(codes, minlength=len(keys))
    starts = np.cumsum(counts) - counts
    code_of = {key: code for code, key in enumerate(keys)}
    runs = np.array([code_of[cell.key] for cell in cells], dtype=np.int64)
    lengths = counts[runs]
    before = np.cumsum(lengths) - lengths
    within = np.arange(lengths.sum()) - np.repeat(before, lengths)
    rows = np.argsort(codes, kind="stable")[np.repeat(starts[runs], lengths) + within]
    told = [name for name in table.column_names if name not in ("key", "inputs_sha256", "seed")]
    frame: pd.DataFrame = _plain(table.select(told).take(pa.array(rows))).to_pandas()
    for name in ("seed", "point"):
        values = np.array([getattr(cell, name) for cell in cells], dtype=np.int64)
        frame.insert(0, name, np.repeat(values, lengths))
    return frame


def _keys_of(table: pa.Table) -> tuple[list[str], NDArray[np.int64]]:
    """Give the keys of a table, each once, and the number of the key of each row."""
    column = table["key"].unify_dictionaries().combine_chunks()
    return column.dictionary.to_pylist(), column.indices.to_numpy().astype(np.int64)


def _plain(table: pa.Table) -> pa.Table:
    """Give words as words, not as numbers of them."""
    fields = [
        field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))

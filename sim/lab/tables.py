"""What many runs gave, as tables: outcomes, figures of each side, and where attempts were made."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.outcomes import RunResult

Parts = dict[str, dict[str, Any]]
"""What one run adds to each table: its columns, lists or arrays, or one value for all."""


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
    def of(cls, parts: Iterable[Parts]) -> "Tables":
        """Put together what runs gave, in whatever order they ended."""
        listed = list(parts)
        frames = {
            name: pd.concat([pd.DataFrame(part[name]) for part in listed]).sort_values(
                ["point", "seed"], ignore_index=True, kind="stable"
            )
            for name in ("runs", "sides", "segments")
        }
        return cls(**frames)


def parts_of(point: int, result: RunResult) -> Parts:
    """Give what a run adds to the tables.

    Parameters
    ----------
    point : index of the point that it is a run of
    result : of the run
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
    names = ("side", "part", "instrument", "figure", "value")
    columns = dict(zip(names, zip(*figures, strict=True), strict=True))
    whose = {"point": point, "seed": result.seed}
    outcomes = {name: [value] for name, value in result.outcomes.items()}
    return {
        "runs": {**whose, **outcomes},
        "sides": {**whose, **columns},
        "segments": {
            **whose,
            "segment": range(len(result.segments["attempts"])),
            **result.segments,
        },
    }

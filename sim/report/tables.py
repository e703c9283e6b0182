"""Tables of the page: what stands in each cell, and by which number it is sorted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.outcomes import MEASURES
from sim.report.evidence import Findings
from sim.report.figures import period_text
from sim.report.ledgers import BURDENS, name_of_side, sides_frame, sides_of
from sim.report.regret import Regrets
from sim.report.tradeoff import BURDEN, COSTS
from sim.report.words import (
    direction_text,
    figure_text,
    interval_text,
    label_of,
    number_text,
    resampled_mark,
)

MOST_ROWS = 60
"""Rows of data under a figure; the file beside the page has all."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes
    ----------
    text : what it says first
    lines : what it says below
    value : what its column is sorted by
    is_strong : whether its lines are set in bold
    """

    text: str
    lines: tuple[str, ...] = ()
    value: float | str = ""
    is_strong: bool = False


@dataclass(frozen=True)
class Column:
    """The head of a column: its name, what it means, its unit and which way is better."""

    name: str
    meaning: str = ""
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a table: its head, its cells, and whether it is the baseline or a summary."""

    head: Cell
    cells: list[Cell]
    is_marked: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table of the page.

    Attributes
    ----------
    caption : what it shows
    corner : head of the column of heads
    columns, lines : as named
    is_sortable : whether a column can be sorted by
    left_out : rows that are not shown
    has_resampled : whether an interval in it is by bootstrap
    """

    caption: str
    corner: str
    columns: list[Column]
    lines: list[Line]
    is_sortable: bool = True
    left_out: int = 0
    has_resampled: bool = False


def policy_table(findings: Findings) -> Sheet:
    """Give the policy table: means, and differences to the baseline with their intervals."""
    comparison = findings.comparison
    metrics = tuple(dict.fromkeys((*comparison.experiment.measured, *COSTS, BURDEN)))
    return outcome_table(findings, metrics, "Outcomes by policy")


def outcome_table(findings: Findings, metrics: Sequence[str], title: str) -> Sheet:
    """Give means of outcomes by policy, with the differences to the baseline below them."""
    comparison = findings.comparison
    base = comparison.points[comparison.baseline].name
    return Sheet(
        caption=f"{title}: mean, and below it the paired difference to “{base}” with its 95 % "
        f"interval. Bold: clear when corrected for all policies",
        corner="policy",
        columns=[_column(metric) for metric in metrics],
        lines=[
            Line(
                _head(findings, index),
                [_cell(findings, index, metric) for metric in metrics],
                point.is_baseline,
            )
            for index, point in enumerate(comparison.points)
        ],
        has_resampled=any(
            each.paired.is_resampled for metric in metrics for each in findings.of(metric)
        ),
    )


def _column(metric: str) -> Column:
    measure = MEASURES[metric]
    unit = "%" if measure.share else measure.unit
    note = ", ".join(filter(None, (unit, direction_text(metric) if measure.better else "")))
    return Column(label_of(metric), measure.meaning, note)


def _head(findings: Findings, index: int) -> Cell:
    point = findings.comparison.points[index]
    name = f"{point.name} (baseline)" if point.is_baseline else point.name
    number = findings.numbers[index]
    return Cell(f"{number} {name}", value=number)


def _cell(findings: Findings, index: int, metric: str) -> Cell:
    mean = findings.mean(index, metric)
    evidence = findings.about(index, metric)
    if evidence is None:
        return Cell(number_text(metric, mean), value=mean)
    return Cell(
        number_text(metric, mean),
        (
            figure_text(metric, evidence.paired.mean, signed=True),
            f"[{interval_text(metric, evidence.paired)}]{resampled_mark(evidence.paired)}",
        ),
        mean,
        evidence.is_clear,
    )


def side_table(findings: Findings) -> Sheet:
    """Give burden and benefit of each side under each policy."""
    comparison = findings.comparison
    frame = sides_frame(comparison).set_index(["point", "side"])
    told = {name: frame[name].to_dict() for name in BURDENS}
    sides = sides_of(comparison)
    scales = {"harm_prevented_share": 100.0}
    keys = [(side, name) for name in BURDENS for side in sides]
    lines = []
    for index, point in enumerate(comparison.points):
        values = [told[name][point.name, side] * scales.get(name, 1.0) for side, name in keys]
        cells = [
            Cell(f"{value:,.{0 if abs(value) >= 100.0 else 1}f}", value=value) for value in values
        ]
        lines.append(Line(_head(findings, index), cells, point.is_baseline))
    return Sheet(
        caption="Burden and benefit of each side, means of all runs",
        corner="policy",
        columns=[Column(name_of_side(comparison, side), "", BURDENS[name]) for side, name in keys],
        lines=lines,
    )


def regret_table(findings: Findings, regrets: Regrets, summed_up: bool = False) -> Sheet:
    """Give what each policy loses against the best one in each world, and the worst at the end.

    Parameters
    ----------
    findings, regrets : of one comparison
    summed_up : leave the worlds out
    """
    effect = findings.effect
    lost, last = regrets.by_world, regrets.summary
    wins = regrets.wins
    lines = [
        Line(
            Cell(str(world)),
            [
                Cell(number_text(effect, value), ("best",) * (value == 0.0), value, value == 0.0)
                for value in row
            ],
        )
        for world, row in (
            [] if summed_up else zip(lost.index, lost.to_numpy().tolist(), strict=True)
        )
    ]
    for name, row in zip(last.index, last.to_numpy().tolist(), strict=True):
        least = min(row)
        lines.append(
            Line(
                Cell(f"{name} of {len(lost)} {'runs' if regrets.are_seeds else 'worlds'}"),
                [
                    Cell(
                        number_text(effect, value),
                        ("least",) * (value == least),
                        value,
                        value == least,
                    )
                    for value in row
                ],
                is_marked=True,
            )
        )
    what = "run of the one world sampled" if regrets.are_seeds else "world sampled"
    unit = "points" if MEASURES[effect].share else MEASURES[effect].unit
    return Sheet(
        caption=f"Regret: {label_of(effect)} lost against the best policy of each {what}"
        + (f", {unit}" if unit else "")
        + (f"; {period_text(findings.comparison)}" if findings.comparison.worlds else ""),
        corner="run" if regrets.are_seeds else "world",
        columns=[
            Column(str(name), "", f"best in {wins[name]:g} of {len(lost)}") for name in lost.columns
        ],
        lines=lines,
        is_sortable=False,
    )


def data_table(frame: pd.DataFrame) -> Sheet:
    """Give the data of a figure, as many rows as can be read."""
    shown = frame.head(MOST_ROWS)
    return Sheet(
        caption="What this figure is drawn from",
        corner=str(frame.columns[0]).replace("_", " ") if len(frame.columns) else "",
        columns=[Column(str(name).replace("_", " ")) for name in frame.columns[1:]],
        lines=[
            Line(Cell(_told(first)), [Cell(_told(value)) for value in rest])
            for first, *rest in shown.itertuples(index=False)
        ],
        is_sortable=False,
        left_out=len(frame) - len(shown),
    )


def _told(value: object) -> str:
    """Write a value of data."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return f"{value:.4g}".replace("-", "−") if isinstance(value, float) else str(value)

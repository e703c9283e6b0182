"""Differences to the baseline: of named policies side by side, and of what was varied."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.lab import Comparison
from sim.outcomes import MEASURES
from sim.report.evidence import Evidence, Findings
from sim.report.exhibits import (
    COLOURS,
    MARKERS,
    WIDTH,
    Exhibit,
    plain,
    short,
    tidy,
    wrapped,
)
from sim.report.words import direction_text, headline, label_of, method_text, scale_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_ROWS = 16
"""Policies that may stand below each other in several panels; of more, one outcome is drawn."""

MOST_PANELS = 3

CHARACTERS = 62
"""Characters of a line of a title."""


def difference_exhibit(findings: Findings) -> Exhibit:
    """Show paired differences to the baseline: along what was varied, or policy by policy."""
    comparison = findings.comparison
    metrics = drawn_metrics(findings)
    title = headline(findings, metrics[0])
    figure = dose_figure(comparison, metrics) if _is_dose(comparison) else _forest(findings)
    figure.suptitle(
        wrapped(title, CHARACTERS + 6), fontsize=10, fontweight="bold", x=0.01, ha="left"
    )
    told = [each for metric in metrics for each in findings.of(metric)]
    important = any(each.matters is not None for each in told)
    base = comparison.points[comparison.baseline].name
    method = method_text([each.paired for each in told])
    caption = (
        f"Difference to “{base}” on the same seeds: mean and 95 % interval ({method}) of "
        f"{period_text(comparison)}. Filled: clear when corrected for all policies (Holm); hollow: "
        f"not." + (" Band: too small to matter, as the experiment says." if important else "")
    )
    return Exhibit("differences", title, caption, figure, evidence_frame(told))


def drawn_metrics(findings: Findings) -> tuple[str, ...]:
    """Choose the outcomes to draw: the first of the experiment, fewer where policies are many."""
    metrics = findings.comparison.experiment.metrics
    several = _is_dose(findings.comparison) or len(findings.comparison.points) <= MOST_ROWS
    return metrics[: MOST_PANELS if several else 1]


def period_text(comparison: Comparison) -> str:
    """Say how many runs of which length stand behind each number."""
    days = f"{comparison.points[0].scenario.time.days:g} days, in this model"
    if comparison.worlds:
        seeds = len(comparison.worlds[0].seeds)
        told = f"{comparison.pairs} uncertain worlds × {seeds} seed{'s' * (seeds > 1)}"
        return f"{told}{', averaged within each world,' if seeds > 1 else ''} of {days}"
    return f"{comparison.pairs} paired runs of {days}"


def evidence_frame(told: list[Evidence]) -> pd.DataFrame:
    """Give evidence as a table, a row for each policy and outcome, in the units of outcomes."""
    return pd.DataFrame(
        [
            {
                "point": each.name,
                "metric": each.metric,
                "difference": each.paired.mean,
                "low": each.paired.low,
                "high": each.paired.high,
                "interval": each.paired.method,
                "better_pairs": each.better_pairs,
                "pairs": each.paired.pairs,
                "holm_p": each.corrected,
                "verdict": each.verdict,
            }
            for each in told
        ]
    )


def dose_figure(comparison: Comparison, metrics: tuple[str, ...] | None = None) -> "Figure":
    """Draw paired differences to the baseline against what was varied, one panel an outcome.

    Parameters
    ----------
    comparison : of factors, the first on the axis, the others as lines
    metrics : outcomes to draw; the first three of the experiment if missing

    Returns
    -------
    A figure with 95 % intervals; the zero line is the baseline.
    """
    from matplotlib.figure import Figure

    findings = Findings(comparison)
    chosen = metrics or comparison.experiment.metrics[:MOST_PANELS]
    figure = Figure(figsize=(WIDTH, 1.2 + 2.1 * len(chosen)), layout="constrained")
    panels = figure.subplots(len(chosen), 1, sharex=True, squeeze=False)
    for axes, metric in zip(panels[:, 0], chosen, strict=True):
        _draw_doses(axes, findings, metric)
    factor = comparison.experiment.factors[0]
    panels[-1, 0].set_xlabel(plain(factor.label or factor.key), fontsize=9)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    if len(handles) > 1:
        columns = max(1, min(len(handles), CHARACTERS // (6 + max(map(len, labels)))))
        figure.legend(
            handles, labels, loc="outside lower center", ncols=columns, frameon=False, fontsize=8
        )
    return figure


def difference_unit(metric: str) -> str:
    """Give the unit of a difference of an outcome as it is drawn."""
    measure = MEASURES[metric]
    return "percentage points" if measure.share else measure.unit or "count"


def _lines(comparison: Comparison) -> tuple[list[str], dict[str, list[tuple[int, int]]]]:
    """Sort points into lines.

    Returns
    -------
    Names on the axis, and for each line its points as (place on the axis, index of the point).
    """
    first, *others = comparison.experiment.factors
    lines: dict[str, list[tuple[int, int]]] = {}
    for index, point in enumerate(comparison.points):
        label = ", ".join(
            f"{factor.label or factor.key}: {factor.name_of(point.settings[factor.key])}"
            for factor in others
        )
        place = first.values.index(point.settings[first.key])
        lines.setdefault(label, []).append((place, index))
    return [first.name_of(value) for value in first.values], lines


def _is_dose(comparison: Comparison) -> bool:
    """Whether the axis has the values of one factor, so that points on a line follow each other."""
    experiment = comparison.experiment
    return bool(experiment.factors) and not experiment.varies_one_of_several


def _draw_doses(axes: "Axes", findings: Findings, metric: str) -> None:
    comparison, scale = findings.comparison, scale_of(metric)
    names, lines = _lines(comparison)
    axes.axhline(0.0, color="0.4", linewidth=1.0)
    matters = comparison.experiment.important.get(metric)
    if matters is not None:
        axes.axhspan(-matters * scale, matters * scale, color="0.93", zorder=0)
    for number, (label, line) in enumerate(lines.items()):
        nudge = 0.12 * (number - (len(lines) - 1) / 2.0)
        at = [place + nudge for place, _ in line]
        differences = [findings.difference(index, metric) for _, index in line]
        told = [findings.about(index, metric) for _, index in line]
        colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
        axes.errorbar(
            at,
            [scale * each.mean for each in differences],
            yerr=scale * np.transpose([each.reach for each in differences]),
            label=plain(label),
            color=colour,
            marker=marker,
            capsize=3,
        )
        hollow: dict[str, Any] = {
            "color": colour,
            "marker": marker,
            "markerfacecolor": "white",
            "zorder": 3,
        }
        for place, paired, each in zip(at, differences, told, strict=True):
            if each is None or not each.is_clear:
                axes.plot(place, scale * paired.mean, **hollow)
    axes.set_xticks(range(len(names)), [plain(short(name, 14)) for name in names])
    axes.set_ylabel(f"{difference_unit(metric)}\n({direction_text(metric)})", fontsize=8)
    axes.set_title(_panel_title(metric, CHARACTERS), fontsize=9, loc="left")
    tidy(axes)


def _forest(findings: Findings) -> "Figure":
    """Draw a row for each policy, a panel for each outcome."""
    from matplotlib.figure import Figure

    metrics = drawn_metrics(findings)
    rows = len(findings.comparison.points) - 1
    height = 0.9 + len(metrics) * (0.85 + 0.2 * rows)
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    panels = figure.subplots(len(metrics), 1, squeeze=False)
    for axes, metric in zip(panels[:, 0], metrics, strict=True):
        _draw_rows(axes, findings, metric)
    return figure


def _draw_rows(axes: "Axes", findings: Findings, metric: str) -> None:
    scale, told = scale_of(metric), findings.of(metric)
    axes.axvline(0.0, color="0.4", linewidth=1.0)
    matters = findings.comparison.experiment.important.get(metric)
    if matters is not None:
        axes.axvspan(-matters * scale, matters * scale, color="0.93", zorder=0)
    for row, each in enumerate(told):
        colour = COLOURS[1] if each.is_clear else COLOURS[0]
        axes.errorbar(
            scale * each.paired.mean,
            row,
            xerr=scale * np.transpose([each.paired.reach]),
            color=colour,
            marker="o",
            markersize=5,
            markerfacecolor=colour if each.is_clear else "white",
            capsize=2.5,
        )
    names = [f"{findings.numbers[each.point]} · {short(each.name, 30)}" for each in told]
    axes.set_yticks(range(len(told)), [plain(name) for name in names])
    axes.set_ylim(len(told) - 0.5, -0.5)
    axes.set_xlabel(f"{difference_unit(metric)} ({direction_text(metric)})", fontsize=8)
    axes.set_title(_panel_title(metric, CHARACTERS - 14), fontsize=9, loc="left")
    tidy(axes, grid="x")


def _panel_title(metric: str, most: int) -> str:
    return wrapped(f"{label_of(metric).capitalize()}: {MEASURES[metric].meaning}", most)

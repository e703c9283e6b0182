"""Figures: one finding each, with its uncertainty, readable in print and by the colour-blind."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.lab import Comparison
from sim.outcomes import MEASURES
from sim.report.words import finding

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe & Ito (2008), told apart by most colour-blind people; markers differ as well."""

MARKERS = ("o", "s", "^", "D", "v", "P")

MOST_LEVEL = 100
"""Characters of names on an axis that fit beside each other; more are turned upright."""


def dose_figure(comparison: Comparison, metrics: tuple[str, ...] | None = None) -> "Figure":
    """Draw paired differences to the baseline against what was varied, one panel an outcome.

    Parameters
    ----------
    comparison : of factors (the first on the axis, the others as lines) or of named policies
    metrics : outcomes to draw; the first three of the experiment if missing

    Returns
    -------
    A figure with 95 % intervals; the zero line is the baseline.
    """
    from matplotlib.figure import Figure

    chosen = metrics or comparison.experiment.metrics[:3]
    names, _ = _lines(comparison)
    upright = _are_upright(names)
    width = max(8.0, 0.22 * len(names)) if upright else 8.0
    height = 1.4 + 2.4 * len(chosen) + 1.6 * upright
    figure = Figure(figsize=(width, height), layout="constrained")
    panels = figure.subplots(len(chosen), 1, sharex=True, squeeze=False)
    for axes, metric in zip(panels[:, 0], chosen, strict=True):
        _draw(axes, comparison, metric)
    panels[-1, 0].set_xlabel(_axis_label(comparison))
    handles, labels = panels[0, 0].get_legend_handles_labels()
    if len(handles) > 1:
        figure.legend(
            handles, labels, loc="outside lower center", ncols=len(handles), frameon=False
        )
    pairs = comparison.runs["seed"].nunique()
    days = comparison.points[0].scenario.time.days
    figure.suptitle(
        f"{plain(textwrap.fill(finding(comparison, chosen[0]), 100))}\n"
        f"Difference to “{comparison.points[comparison.baseline].name}”, mean and 95 % interval "
        f"of {pairs} paired runs of {days:g} days, in this model",
        fontsize=10,
    )
    return figure


def plain(text: str) -> str:
    """Keep matplotlib from reading dollars in names as mathematics."""
    return text.replace("$", r"\$")


def _axis_label(comparison: Comparison) -> str:
    factors = comparison.experiment.factors
    if comparison.experiment.varies_one_of_several:
        return "what differs from the baseline"
    return (factors[0].label or factors[0].key) if factors else "policy"


def _lines(comparison: Comparison) -> tuple[list[str], dict[str, list[tuple[int, int]]]]:
    """Sort points into lines.

    Returns
    -------
    Names on the axis, and for each line its points as (place on the axis, index of the point).
    """
    factors = comparison.experiment.factors
    if not factors or comparison.experiment.varies_one_of_several:
        names = [point.name for point in comparison.points]
        return names, {"": [(place, place) for place in range(len(names))]}
    first, others = factors[0], factors[1:]
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


def _are_upright(names: list[str]) -> bool:
    """Whether the names on an axis are too long to stand beside each other."""
    return sum(len(name) for name in names) > MOST_LEVEL


def difference_unit(metric: str) -> str:
    """Give the unit of a difference of an outcome as it is drawn."""
    measure = MEASURES[metric]
    return "percentage points" if measure.share else measure.unit or "count"


def _draw(axes: "Axes", comparison: Comparison, metric: str) -> None:
    measure = MEASURES[metric]
    scale = 100.0 if measure.share else 1.0
    names, lines = _lines(comparison)
    axes.axhline(0.0, color="0.4", linewidth=1.0)
    for number, (label, line) in enumerate(lines.items()):
        nudge = 0.12 * (number - (len(lines) - 1) / 2.0)
        differences = [comparison.difference(index, metric) for _, index in line]
        axes.errorbar(
            [place + nudge for place, _ in line],
            [scale * each.mean for each in differences],
            yerr=[scale * each.half_width for each in differences],
            label=label,
            color=COLOURS[number % len(COLOURS)],
            marker=MARKERS[number % len(MARKERS)],
            linestyle="-" if _is_dose(comparison) else "none",
            capsize=3,
        )
    axes.set_xticks(range(len(names)), [plain(name) for name in names])
    if _are_upright(names):
        axes.tick_params(axis="x", labelrotation=90, labelsize=7)
    axes.set_ylabel(difference_unit(metric))
    title = f"{metric.replace('_', ' ').capitalize()}: {measure.meaning}"
    axes.set_title(title, fontsize=9, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="0.9")


def save_figure(figure: "Figure", path: Path) -> list[Path]:
    """Write a figure as PNG and SVG beside each other.

    Returns
    -------
    The two files.
    """
    files = [path.with_suffix(".png"), path.with_suffix(".svg")]
    metadata: dict[str, Any] = {"Date": None}
    figure.savefig(files[0], dpi=150)
    figure.savefig(files[1], metadata=metadata)
    return files

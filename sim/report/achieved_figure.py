"""How much of what can be achieved each policy does, as a figure."""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.lab import Achieved
from sim.report.achieved import LIMITS, UNTOLD, achievable_headline, place_of_limit, seeds_text
from sim.report.evidence import Findings
from sim.report.exhibits import COLOURS, WIDTH, Exhibit, plain, short, tidy, wrapped
from sim.report.figures import CHARACTERS, MOST_ROWS
from sim.report.words import label_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINES: dict[str, tuple[str, Any]] = {
    "floor": ("0.2", "-"),
    "equilibrium": (COLOURS[2], "--"),
    "oracle": (COLOURS[3], "-."),
}
"""Colour and style of the line of each limit."""


def achievable_exhibit(findings: Findings, achieved: Achieved) -> Exhibit:
    """Show where each policy lies between floor and ceilings, with its interval."""
    from matplotlib.figure import Figure

    comparison = findings.comparison
    rows = len(comparison.points)
    metrics = achieved.metrics if rows <= MOST_ROWS else achieved.metrics[:1]
    figure = Figure(figsize=(WIDTH, 1.3 + len(metrics) * (0.75 + 0.2 * rows)), layout="constrained")
    panels = figure.subplots(len(metrics), 1, squeeze=False)
    for axes, metric in zip(panels[:, 0], metrics, strict=True):
        _draw(axes, findings, achieved, metric)
    title = achievable_headline(comparison, achieved)
    figure.suptitle(wrapped(title, CHARACTERS), fontsize=10, fontweight="bold", x=0.01, ha="left")
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=1, frameon=False, fontsize=8)
    caption = (
        f"Share of the way from floor (0 %) to the higher ceiling (100 %), means with Fieller's "
        f"95 % intervals of {seeds_text(comparison, achieved)}, in this model, on the same chance. "
        f"Filled: the interval leaves out the floor; hollow: it does not."
    )
    return Exhibit("achievable", title, caption, figure, achieved.table(comparison.points))


def _draw(axes: "Axes", findings: Findings, achieved: Achieved, metric: str) -> None:
    order = sorted(findings.numbers, key=findings.numbers.__getitem__)
    rows = np.arange(len(order))
    for name, (colour, style) in LINES.items():
        at = [
            100.0 * place_of_limit(achieved, achieved.world_of[index], name, metric)
            for index in order
        ]
        label = f"{'floor: ' * (name == 'floor')}{LIMITS[name]}"
        axes.vlines(at, rows - 0.5, rows + 0.5, colors=colour, linestyles=style, label=label)
    for row, index in enumerate(order):
        found = achieved.score(index, metric)
        if not found.is_told:
            axes.annotate(
                UNTOLD, (0.0, row), xytext=(4, -3), textcoords="offset points", fontsize=7
            )
            continue
        is_off = found.low > 0.0 or found.high < 0.0
        colour = COLOURS[1] if is_off else COLOURS[0]
        axes.errorbar(
            100.0 * found.share,
            row,
            xerr=[[100.0 * (found.share - found.low)], [100.0 * (found.high - found.share)]],
            color=colour,
            marker="o",
            markersize=5,
            markerfacecolor=colour if is_off else "white",
            capsize=2.5,
            zorder=3,
        )
    names = [
        f"{findings.numbers[index]} · {short(findings.comparison.points[index].name, 30)}"
        for index in order
    ]
    axes.set_yticks(range(len(order)), [plain(name) for name in names])
    axes.set_ylim(len(order) - 0.5, -0.5)
    axes.set_xlabel("% of the way from floor to ceiling (more is better)", fontsize=8)
    axes.set_title(plain(label_of(metric).capitalize()), fontsize=9, loc="left")
    tidy(axes, grid="x")

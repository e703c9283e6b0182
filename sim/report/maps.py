"""The line on a map and straightened, small multiples on the same axes and scales."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.report.exhibits import COLOURS, WIDTH, Exhibit, plain, short, tidy, wrapped
from sim.report.figures import CHARACTERS, period_text
from sim.report.places import Along
from sim.report.words import number_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Normalize

COLUMNS = 3

MOST_POLICIES, FEWER = 5, 4
"""Policies beside the baseline that are drawn along the line, and on maps."""

MOST_CORNERS = 5
"""Points of a segment's course on a map; all of them make the page several times as large."""

MORE, LESS = "#B35806", "#542788"
"""Of attempts: the ends of ColorBrewer's PuOr, safe for the colour-blind."""


def strip_exhibit(along: Along) -> Exhibit:
    """Show along the kilometres of the line what the baseline has, and what policies change."""
    from matplotlib.figure import Figure

    chosen = along.chosen(MOST_POLICIES)
    figure = Figure(figsize=(WIDTH, 1.3 + 1.05 * len(chosen)), layout="constrained")
    heights = [1.5, *[1.0] * (len(chosen) - 1)]
    panels = figure.subplots(len(chosen), 1, sharex=True, squeeze=False, height_ratios=heights)
    panels = panels[:, 0]
    _draw_counts(panels[0], along)
    others = chosen[1:]
    most = max((np.abs(_ends(along, point)).max() for point in others), default=1.0) or 1.0
    for axes, point in zip(panels[1:], others, strict=True):
        _draw_change(axes, along, point)
        axes.set_ylim(-1.08 * most, 1.08 * most)
    panels[-1].set_xlabel("km along the line", fontsize=8)
    title = _title(along)
    figure.suptitle(
        wrapped(title, CHARACTERS + 6), fontsize=10, fontweight="bold", x=0.01, ha="left"
    )
    caption = (
        f"Attempts on each stretch of line, and their difference to the baseline; means of "
        f"{period_text(along.comparison)}. Full bars: clear when corrected for all stretches "
        f"(Holm); pale: not. Black line: difference of attempts detected. "
        f"{_who(along, MOST_POLICIES)}"
    )
    return Exhibit("along", title, caption, figure, along.frame())


def map_exhibit(along: Along) -> Exhibit:
    """Show on maps where attempts are made and detected, and where policies move them."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

    layers = _layers(along)
    rows = math.ceil(len(layers) / COLUMNS)
    lines = _projected(along)
    tall = min(3.0, max(0.8, WIDTH / COLUMNS * _aspect(lines)) + 0.4)
    figure = Figure(figsize=(WIDTH, 1.1 + rows * tall), layout="constrained")
    grid = figure.add_gridspec(rows + 1, COLUMNS, height_ratios=[*[1.0] * rows, 0.03])
    scales: dict[str, Any] = {}
    for place, layer in enumerate(layers):
        axes = figure.add_subplot(grid[place // COLUMNS, place % COLUMNS])
        scales.setdefault(layer.unit, (_scale(layers, layer.unit), layer.colours))
        _draw_map(axes, along, lines, layer.values, *scales[layer.unit])
        axes.set_title(wrapped(layer.title, 24), fontsize=8)
    for place, (unit, (scale, colours)) in enumerate(scales.items()):
        axes = figure.add_subplot(grid[rows, place])
        figure.colorbar(ScalarMappable(scale, colours), cax=axes, orientation="horizontal")
        axes.set_xlabel(unit, fontsize=8)
        axes.tick_params(labelsize=7)
    title = _map_title(along)
    figure.suptitle(
        wrapped(title, CHARACTERS + 6), fontsize=10, fontweight="bold", x=0.01, ha="left"
    )
    caption = (
        f"The line in its true shape: attempts and the share detected under the baseline, and the "
        f"change of attempts under policies, on one scale; means of "
        f"{period_text(along.comparison)}, by stretches of "
        f"{float(np.median(along.stretches.length)):.0f} km, chance included. {_who(along, FEWER)}"
    )
    return Exhibit("map", title, caption, figure, along.frame())


class Layer(NamedTuple):
    """A map: its title, a value for each stretch, what it counts, and its colours."""

    title: str
    values: NDArray[np.float64]
    unit: str
    colours: str


def _layers(along: Along) -> list[Layer]:
    """Choose what to map: the baseline twice, and the changes under some policies."""
    base, *others = along.chosen(FEWER)
    attempts, length = along.mean(base, "attempts"), along.stretches.length / 10.0
    detected = 100.0 * along.mean(base, "detected") / np.maximum(attempts, 1e-9)
    name = short(along.comparison.points[base].name, 30)
    return [
        Layer(f"0 {name}: attempts", attempts / length, "attempts for 10 km", "cividis_r"),
        Layer(f"0 {name}: share detected", detected, "detected, %", "YlGn"),
        *(
            Layer(
                f"{along.findings.numbers[point]} "
                f"{short(along.comparison.points[point].name, 30)}: change",
                along.change(point, "attempts") / length,
                "change of attempts for 10 km",
                "PuOr_r",
            )
            for point in others
        ),
    ]


def _scale(layers: list[Layer], unit: str) -> "Normalize":
    """Give one scale for all maps of a unit: from zero, or to both sides of it."""
    from matplotlib.colors import Normalize

    values = np.concatenate([layer.values for layer in layers if layer.unit == unit])
    most = float(np.abs(values).max()) or 1.0
    return Normalize(-most if values.min() < 0.0 else 0.0, most)


def _ends(along: Along, point: int) -> NDArray[np.float64]:
    return np.concatenate([along.change(point, "attempts"), along.change(point, "detected")])


def _who(along: Along, most: int) -> str:
    """Say which policies are drawn, if not all are."""
    others = len(along.comparison.points) - 1
    drawn = len(along.chosen(most)) - 1
    if drawn == others:
        return ""
    return f"Of {others} policies the {drawn} that move most attempts are drawn."


def _title(along: Along) -> str:
    """Say under which policy most stretches clearly gain or lose attempts."""
    drawn = along.chosen(MOST_POLICIES)[1:]
    point = max(drawn, key=lambda n: int(along.is_clear(n).sum()), default=None)
    if point is None or not along.is_clear(point).any():
        return "No stretch clearly gains or loses attempts under any policy drawn"
    name = along.comparison.points[point].name
    clear = along.is_clear(point)
    change = along.change(point, "attempts")
    gains, losses = int((clear & (change > 0)).sum()), int((clear & (change < 0)).sum())
    return (
        f"Under “{name}” {losses} of {len(clear)} stretches clearly lose attempts, "
        f"{gains or 'none'} clearly {'gain' if gains != 1 else 'gains'} some"
    )


def _map_title(along: Along) -> str:
    base = along.mean(along.comparison.baseline, "attempts")
    order = np.sort(base)[::-1]
    share = order[: max(1, len(order) // 4)].sum() / max(order.sum(), 1e-9)
    return f"A quarter of the stretches has {100.0 * share:.0f} % of the baseline's attempts"


def _draw_counts(axes: "Axes", along: Along) -> None:
    stretches, base = along.stretches, along.comparison.baseline
    attempts, detected = along.mean(base, "attempts"), along.mean(base, "detected")
    caught = along.mean(base, "intercepted") + along.mean(base, "referred")
    kinds: tuple[tuple[NDArray[np.float64], str, str], ...] = (
        (attempts, "0.8", "attempts"),
        (detected, COLOURS[5], "detected"),
        (caught, COLOURS[0], "intercepted or referred"),
    )
    for values, colour, label in kinds:
        axes.bar(stretches.begin, values, stretches.length, align="edge", color=colour, label=label)
    axes.set_ylabel("attempts", fontsize=8)
    name = along.comparison.points[base].name
    axes.set_title(plain(f"0 {short(name, 60)} (baseline)"), fontsize=9, loc="left")
    axes.legend(fontsize=7, frameon=False, ncols=3, loc="lower right", bbox_to_anchor=(1.0, 0.97),
                borderpad=0.0, columnspacing=1.0, handlelength=1.2)  # fmt: skip
    _mark_lines(axes, along)
    tidy(axes)


def _draw_change(axes: "Axes", along: Along, point: int) -> None:
    stretches, change = along.stretches, along.change(point, "attempts")
    clear = along.is_clear(point)
    for is_clear in (True, False):
        for colour, chosen in ((MORE, change > 0), (LESS, change <= 0)):
            shown = chosen & (clear == is_clear)
            axes.bar(
                stretches.begin[shown],
                change[shown],
                stretches.length[shown],
                align="edge",
                color=colour,
                alpha=1.0 if is_clear else 0.35,
            )
    detected = along.change(point, "detected")
    edges = np.append(stretches.begin, stretches.end[-1])
    axes.stairs(detected, edges, color="black", linewidth=0.9, baseline=None)
    axes.axhline(0.0, color="0.4", linewidth=0.8)
    name = along.comparison.points[point].name
    total = number_text("attempts", float(change.sum()), signed=True)
    told = f"{along.findings.numbers[point]} {short(name, 40)}: {total} attempts in all"
    axes.set_title(plain(told), fontsize=9, loc="left")
    axes.set_ylabel("change", fontsize=8)
    _mark_lines(axes, along)
    tidy(axes)


def _mark_lines(axes: "Axes", along: Along) -> None:
    """Draw where one pair of sides ends and another begins."""
    lines = along.stretches.lines
    for index in range(1, len(lines)):
        if lines[index] != lines[index - 1]:
            axes.axvline(along.stretches.begin[index], color="0.5", linewidth=0.8, linestyle=":")


def _projected(along: Along) -> list[NDArray[np.float64]]:
    """Lay each segment's course out in a local equirectangular projection."""
    courses = [_thinned(np.array(segment.polyline)) for segment in along.world.segments]
    start = courses[0][0, 0]
    everything = np.concatenate(courses)
    middle = math.radians(float(everything[:, 1].min() + everything[:, 1].max()) / 2.0)
    return [
        np.column_stack(
            [((each[:, 0] - start + 180.0) % 360.0 - 180.0) * math.cos(middle), each[:, 1]]
        )
        for each in courses
    ]


def _thinned(course: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep both ends of a course, and a few points between."""
    kept = np.unique(np.linspace(0, len(course) - 1, MOST_CORNERS).round().astype(int))
    thinned: NDArray[np.float64] = course[kept]
    return thinned


def _aspect(lines: list[NDArray[np.float64]]) -> float:
    """Height of the line by its width."""
    everything = np.concatenate(lines)
    width, height = everything.max(axis=0) - everything.min(axis=0)
    return float(height / max(width, 1e-9))


def _draw_map(
    axes: "Axes",
    along: Along,
    lines: list[NDArray[np.float64]],
    values: NDArray[np.float64],
    scale: "Normalize",
    colours: str,
) -> None:
    from matplotlib.collections import LineCollection

    for line in np.unique(along.stretches.lines):
        own = [
            n
            for n, of in enumerate(along.stretches.of_segment)
            if along.stretches.lines[of] == line
        ]
        course = np.concatenate([lines[n] for n in own])
        axes.plot(course[:, 0], course[:, 1], color="0.35", linewidth=4.6)
    drawn = LineCollection(list(lines), linewidths=3.4, capstyle="round", cmap=colours, norm=scale)
    drawn.set_array(values[along.stretches.of_segment])
    axes.add_collection(drawn)
    axes.set_axis_off()
    axes.autoscale_view()
    axes.set_aspect("equal")
    axes.margins(0.05)

"""The line on a map and straightened, small multiples on the same axes and scales."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.report.exhibits import COLOURS, WIDTH, Exhibit, plain, short, tidy, wrapped
from sim.report.figures import CHARACTERS, period_text
from sim.report.places import Along

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = 3

MORE, LESS = "#B35806", "#542788"
"""Of attempts: the ends of ColorBrewer's PuOr, safe for the colour-blind."""


def strip_exhibit(along: Along) -> Exhibit:
    """Show along the kilometres of the line what the baseline has, and what policies change."""
    from matplotlib.figure import Figure

    chosen = along.chosen()
    figure = Figure(figsize=(WIDTH, 1.3 + 1.05 * len(chosen)), layout="constrained")
    panels = figure.subplots(
        len(chosen), 1, sharex=True, squeeze=False, height_ratios=[1.5] + [1.0] * (len(chosen) - 1)
    )[:, 0]
    _draw_counts(panels[0], along)
    others = chosen[1:]
    most = max((np.abs(_ends(along, point)).max() for point in others), default=1.0) or 1.0
    for axes, point in zip(panels[1:], others, strict=True):
        _draw_change(axes, along, point)
        axes.set_ylim(-1.08 * most, 1.08 * most)
    panels[-1].set_xlabel("km along the line", fontsize=8)
    title = _title(along)
    figure.suptitle(wrapped(title, CHARACTERS), fontsize=10, fontweight="bold", x=0.01, ha="left")
    caption = (
        f"Attempts on each stretch of line, and their difference to the baseline; means of "
        f"{period_text(along.comparison)}. Full bars: clear when corrected for all stretches "
        f"(Holm); pale: not. Black line: difference of attempts detected. {_who(along)}"
    )
    return Exhibit("along", title, caption, figure, along.frame())


def map_exhibit(along: Along) -> Exhibit:
    """Show on maps where attempts are made, and where policies move them."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.figure import Figure

    chosen = along.chosen()
    rows = math.ceil(len(chosen) / COLUMNS)
    lines = _projected(along)
    tall = _aspect(lines)
    panel = WIDTH / COLUMNS
    height = 1.5 + rows * min(3.0, max(0.8, panel * tall) + 0.35)
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    grid = figure.subplots(rows, COLUMNS, squeeze=False)
    panels = grid.ravel()
    length = along.stretches.length / 10.0
    base = along.mean(chosen[0], "attempts") / length
    changes = {point: along.change(point, "attempts") / length for point in chosen[1:]}
    most = max((float(np.abs(each).max()) for each in changes.values()), default=1.0) or 1.0
    scales = (Normalize(0.0, float(base.max()) or 1.0), Normalize(-most, most))
    for place, axes in enumerate(panels):
        axes.set_axis_off()
        if place >= len(chosen):
            continue
        point = chosen[place]
        values = base if place == 0 else changes[point]
        _draw_map(axes, along, lines, values, "cividis_r" if place == 0 else "PuOr_r",
                  scales[min(place, 1)])  # fmt: skip
        name = along.comparison.points[point].name
        number = along.findings.numbers[point]
        told = f"{number} {short(name, 40)}" + (" (all attempts)" if place == 0 else " (change)")
        axes.set_title(wrapped(told, 26), fontsize=8)
    told = (
        ("cividis_r", scales[0], "attempts for each 10 km, baseline"),
        ("PuOr_r", scales[1], "change of attempts for each 10 km"),
    )
    for colours, scale, label in told[: 1 + bool(changes)]:
        bar = figure.colorbar(
            ScalarMappable(scale, colours), ax=grid, location="bottom", shrink=0.8, aspect=40
        )
        bar.set_label(label, fontsize=8)
        bar.ax.tick_params(labelsize=7)
    title = _map_title(along)
    figure.suptitle(wrapped(title, CHARACTERS), fontsize=10, fontweight="bold", x=0.01, ha="left")
    caption = (
        f"The line in its true shape: attempts under the baseline, and the change under each "
        f"policy, on one scale; means of {period_text(along.comparison)}, by stretches of "
        f"{float(np.median(along.stretches.length)):.0f} km, chance included. {_who(along)}"
    )
    return Exhibit("map", title, caption, figure, along.frame())


def _ends(along: Along, point: int) -> NDArray[np.float64]:
    return np.concatenate([along.change(point, "attempts"), along.change(point, "detected")])


def _who(along: Along) -> str:
    """Say which policies are drawn, if not all are."""
    others = len(along.comparison.points) - 1
    drawn = len(along.chosen()) - 1
    if drawn == others:
        return ""
    return f"Of {others} policies the {drawn} that move most attempts are drawn."


def _title(along: Along) -> str:
    """Say which policy clearly moves attempts most, and from where to where."""
    moving = [n for n in along.chosen()[1:] if along.is_clear(n).any()]
    if not moving:
        return "No stretch clearly gains or loses attempts under any policy drawn"
    point = max(moving, key=along.moved)
    name = along.comparison.points[point].name
    clear = along.is_clear(point)
    change = along.change(point, "attempts")
    gains, losses = int((clear & (change > 0)).sum()), int((clear & (change < 0)).sum())
    return (
        f"Under “{name}” {losses} of {len(clear)} stretches clearly lose attempts, "
        f"{gains} clearly gain some"
    )


def _map_title(along: Along) -> str:
    base = along.mean(along.comparison.baseline, "attempts")
    order = np.sort(base)[::-1]
    share = order[: max(1, len(order) // 4)].sum() / max(order.sum(), 1e-9)
    return f"A quarter of the stretches has {share:.0%} of the baseline's attempts"


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
    axes.set_title(
        plain(f"{along.findings.numbers[point]} {short(name, 60)}"), fontsize=9, loc="left"
    )
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
    courses = [np.array(segment.polyline) for segment in along.world.segments]
    start = courses[0][0, 0]
    everything = np.concatenate(courses)
    middle = math.radians(float(everything[:, 1].min() + everything[:, 1].max()) / 2.0)
    return [
        np.column_stack(
            [((each[:, 0] - start + 180.0) % 360.0 - 180.0) * math.cos(middle), each[:, 1]]
        )
        for each in courses
    ]


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
    colours: str,
    scale: Any,
) -> None:
    from matplotlib.collections import LineCollection

    for colour, width in (("0.35", 4.6), ("", 3.4)):
        drawn = LineCollection(lines, linewidths=width, capstyle="round")  # type: ignore[arg-type]
        if colour:
            drawn.set_color(colour)
        else:
            drawn.set_cmap(colours)
            drawn.set_norm(scale)
            drawn.set_array(values[along.stretches.of_segment])
        axes.add_collection(drawn)
    axes.autoscale_view()
    axes.set_aspect("equal")
    axes.margins(0.05)

"""The figure: cost against size, on logarithmic scales."""

import re
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure
from measuring import Row

NAMED = re.compile(r"(\w+) engine, ([\d,]+) segments: (set-up|run)")


def draw(rows: Sequence[Row], path: Path) -> None:
    """Draw set-up and run time of each engine against the number of segments."""
    lines: dict[tuple[str, str], list[tuple[int, float]]] = {}
    notes: dict[tuple[str, str], str] = {}
    for row in rows:
        named = NAMED.fullmatch(row.what)
        if named and row.value:
            key = named[1], named[3]
            lines.setdefault(key, []).append((int(named[2].replace(",", "")), row.value))
            notes[key] = f" ({row.note})" if named[3] == "run" else ""
    figure = Figure(figsize=(7.0, 4.5), layout="constrained")
    axes = figure.subplots()
    for (engine, what), points in lines.items():
        style = {"agents": "C0", "compiled": "C1"}[engine] + ("o-" if what == "run" else "s--")
        axes.plot(*zip(*points, strict=True), style, label=f"{engine}: {what}{notes[engine, what]}")
    sizes = sorted({size for points in lines.values() for size, _ in points})
    axes.set(xscale="log", yscale="log", xlabel="segments of line", ylabel="s")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.set_xticks([], minor=True)
    axes.set_title("Cost of a run against the length of the line", loc="left")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(path, dpi=150)

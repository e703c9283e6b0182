"""How things look: shapes and colours that every kind of colour vision tells apart."""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path as Path2D
from matplotlib.transforms import IdentityTransform

from sim.replay.layout import HEIGHT
from sim.replay.recording import Floats
from sim.replay.sides import SIDE_COLOURS, SIDE_SHAPES

INK, DIM, PAPER, DAY, NIGHT = "#1B1F24", "#5B6470", "#FFFFFF", "#F7F7F3", "#C9D0DF"
VERMILION = "#D55E00"
ALERT = "#F0E442"


class Mark(NamedTuple):
    """How an ending is shown: its name, shape, fill and colour."""

    name: str
    shape: str
    fill: Any
    colour: str


MARKS = {
    "own_side": Mark("intercepted, own side", "o", "full", INK),
    "handed_over": Mark("handed over", "o", "left", INK),
    "jointly": Mark("intercepted jointly", "P", "full", INK),
    "referred": Mark("met and referred", "D", "full", "#56B4E9"),
    "passed": Mark("passed", "o", "none", VERMILION),
}


class Marks:
    """Marks that move; drawn without an artist in between, which takes a third of the time.

    Parameters
    ----------
    line : how they look
    renderer : of the canvas they are drawn on
    """

    def __init__(self, line: Line2D, renderer: Any) -> None:
        style = MarkerStyle(line.get_marker(), line.get_fillstyle())
        self._renderer, self._scale = renderer, renderer.height / HEIGHT
        self._pen = renderer.new_gc()
        self._pen.set_foreground(line.get_markeredgecolor())
        width = line.get_markeredgewidth()
        self._pen.set_linewidth(renderer.points_to_pixels(width))
        self._pen.set_alpha(line.get_alpha())
        size = renderer.points_to_pixels(line.get_markersize())
        face = line.get_markerfacecolor()
        is_hollow = not style.is_filled() or face == "none"
        colour = None if is_hollow else to_rgb(face)
        self._parts = [(style.get_path(), _scaled(style.get_transform(), size), colour)]
        half = style.get_alt_path()
        if half is not None:
            other = _scaled(style.get_alt_transform(), size)
            self._parts.append((half, other, to_rgb(line.get_markerfacecoloralt())))

    def draw(self, places: Floats) -> None:
        """Draw them where they are, canvas coordinates; those that are not shown are left out."""
        places = places[np.isfinite(places[:, 0])]
        if len(places):
            path = Path2D(places * self._scale)
            for shape, transform, colour in self._parts:
                self._renderer.draw_markers(
                    self._pen, shape, transform, path, IdentityTransform(), colour
                )


RING = {
    "marker": "o", "markerfacecolor": "none", "markeredgecolor": INK, "markeredgewidth": 1.2,
}  # fmt: skip
FOUND = {
    "marker": "o", "markerfacecolor": ALERT, "markeredgecolor": INK, "markeredgewidth": 0.6,
}  # fmt: skip
TOGETHER = {
    "marker": "o", "markerfacecolor": PAPER, "markeredgecolor": INK, "markeredgewidth": 1.2,
}  # fmt: skip
ENVELOPE = {
    "marker": Path2D(
        [(-1, -0.7), (1, -0.7), (1, 0.7), (-1, 0.7), (-1, -0.7), (-1, 0.7), (0, -0.15), (1, 0.7)],
        [Path2D.MOVETO, *[Path2D.LINETO] * 4, Path2D.MOVETO, *[Path2D.LINETO] * 2],
    ),
    "markerfacecolor": PAPER, "markeredgecolor": INK, "markeredgewidth": 0.8,
}  # fmt: skip
CROSSER = {"marker": "x", "markeredgecolor": INK, "markeredgewidth": 1.6}


def _scaled(transform: Any, size: float) -> Any:
    return transform.frozen().scale(size)


def patrol_style(side: int) -> dict[str, Any]:
    """Give the look of a side's patrols."""
    colour = SIDE_COLOURS[side % len(SIDE_COLOURS)]
    shape = SIDE_SHAPES[side % len(SIDE_SHAPES)]
    return {"marker": shape, "markerfacecolor": colour, "markeredgewidth": 0.0}


def post_style(side: int) -> dict[str, Any]:
    """Give the look of a side's posts: as its patrols, larger and pale."""
    colour = SIDE_COLOURS[side % len(SIDE_COLOURS)]
    pale = tuple(0.4 * part + 0.6 for part in to_rgb(colour))
    return {**patrol_style(side), "markerfacecolor": pale, "markeredgecolor": colour,
            "markeredgewidth": 0.9}  # fmt: skip


def ending_style(mark: Mark) -> dict[str, Any]:
    """Give the look of the end of an attempt."""
    is_hollow = mark.fill == "none"
    return {
        "marker": mark.shape, "fillstyle": "full" if is_hollow else mark.fill,
        "markerfacecolor": PAPER if is_hollow else mark.colour, "markerfacecoloralt": PAPER,
        "markeredgecolor": mark.colour if is_hollow else INK,
        "markeredgewidth": 1.6 if is_hollow else 1.0,
    }  # fmt: skip


def darker(side: int) -> tuple[float, ...]:
    """Give a side's colour, dark enough to write with."""
    return tuple(0.62 * part for part in to_rgb(SIDE_COLOURS[side % len(SIDE_COLOURS)]))

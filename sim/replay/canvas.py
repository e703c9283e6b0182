"""What is drawn with: a sheet of 720 points high, whatever its size in pixels."""

from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from sim.replay.course import Box
from sim.replay.layout import HEIGHT
from sim.replay.marks import INK, PAPER


class Canvas:
    """A sheet to write and draw on.

    Parameters
    ----------
    width : of the sheet, points
    height : of what is drawn, pixels

    Attributes
    ----------
    scale : pixels to a point
    buffer : red, green, blue and alpha of what is drawn, (height, width, 4)
    """

    def __init__(self, width: int, height: int) -> None:
        self.scale = height / HEIGHT
        figure = Figure((width / 100.0, HEIGHT / 100.0), dpi=100.0 * self.scale, facecolor=PAPER)
        self._canvas: Any = FigureCanvasAgg(figure)
        self.axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set(xlim=(0, width), ylim=(0, HEIGHT))
        self.axes.set_axis_off()
        self.renderer: Any = self._canvas.get_renderer()  # type: ignore[no-untyped-call]
        self.buffer = np.asarray(self._canvas.buffer_rgba())  # type: ignore[no-untyped-call]

    def draw(self) -> None:
        """Draw all that is not animated."""
        self._canvas.draw()

    def write(self, x: float, y: float, text: str, size: float = 11.0, **style: Any) -> Text:
        """Write plain text: nothing in it is markup."""
        style = {"color": INK, "parse_math": False, **style}
        return self.axes.text(x, y, text, fontsize=size, **style)

    def fitted(
        self, x: float, y: float, text: str, width: float, size: float, **style: Any
    ) -> Text:
        """Write as much of a text as there is room for."""
        label = self.write(x, y, text, size, **style)
        while self.width_of(label) > width and len(text) > 1:
            text = text[:-1]
            label.set_text(text.rstrip() + "…")
        return label

    def width_of(self, label: Text) -> float:
        """How wide a text is."""
        return label.get_window_extent(self.renderer).width / self.scale

    def number(self, x: float, y: float, size: float, align: str = "right") -> Text:
        """Make ready a number that will change."""
        return self.write(x, y, "", size, weight="bold", ha=align, animated=True)

    def rule(self, x: Any, y: Any, colour: str = INK, width: float = 1.0, **style: Any) -> None:
        """Draw a line through points."""
        self.axes.add_line(Line2D(x, y, color=colour, linewidth=width, **style))

    def sign(self, x: float, y: float, size: float, style: dict[str, Any]) -> None:
        """Draw one mark."""
        self.axes.add_line(Line2D([x], [y], linestyle="none", markersize=size, **style))

    def sheet(self, box: Box) -> Rectangle:
        """Draw a framed box."""
        sheet = Rectangle((box.x, box.y), box.width, box.height, edgecolor="#D4D7DC", linewidth=0.8)
        self.axes.add_patch(sheet)
        return sheet


def plain(text: str) -> str:
    """Put a text from a file on one line, without control characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())

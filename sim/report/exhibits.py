"""An exhibit: a figure that says its finding, what it is drawn from, and files of both."""

import re
import textwrap
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe & Ito (2008), told apart by most colour-blind people; markers differ as well."""

MARKERS = ("o", "s", "^", "D", "v", "P")

WIDTH = 5.4
"""Of a figure, inches: text of 8 points can be read on a phone, and on half a printed page."""

DOTS_PER_INCH = 150


@dataclass(frozen=True)
class Exhibit:
    """A figure of the report.

    Attributes
    ----------
    name : of its files, without ending
    title : its finding, about ten words
    caption : measure, unit, runs and period, so that it stands alone
    figure : as drawn
    data : what it is drawn from
    """

    name: str
    title: str
    caption: str
    figure: "Figure"
    data: pd.DataFrame

    def write(self, folder: Path) -> str:
        """Write NAME.png, NAME.svg and NAME.csv.

        Returns
        -------
        The SVG element, with title and description, to put into a page.
        """
        save_figure(self.figure, folder / self.name)
        self.data.to_csv(folder / f"{self.name}.csv", index=False)
        path = folder / f"{self.name}.svg"
        text = _described(path.read_text(encoding="utf-8"), self)
        path.write_text(text, encoding="utf-8")
        return text[text.index("<svg") :]


def save_figure(figure: "Figure", path: Path) -> list[Path]:
    """Write a figure as PNG and SVG beside each other.

    Returns
    -------
    The two files.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    files = [path.with_suffix(".png"), path.with_suffix(".svg")]
    # `Figure.savefig` works out where things go, and draws all of it, twice for each file.
    figure.set_dpi(DOTS_PER_INCH)
    if (layout := figure.get_layout_engine()) is not None:
        layout.execute(figure)
        figure.set_layout_engine("none")
    png: Any = FigureCanvasAgg(figure)
    png.print_png(files[0])
    # What it is salted with keeps the names of clips apart where a page holds several figures.
    with mpl.rc_context({"svg.hashsalt": path.name}):
        svg: Any = FigureCanvasSVG(figure)
        svg.print_svg(files[1], metadata={"Date": None})
    return files


def _described(svg: str, exhibit: Exhibit) -> str:
    """Give an SVG a title and a description that screen readers find."""
    start = svg.index("<svg")
    head = svg.index(">", start) + 1
    names = f'role="img" aria-labelledby="{exhibit.name}-title {exhibit.name}-text"'
    told = (
        f'<title id="{exhibit.name}-title">{escape(exhibit.title)}</title>'
        f'<desc id="{exhibit.name}-text">{escape(exhibit.caption)}</desc>'
    )
    # A page holds several figures, and matplotlib numbers the groups of each from 1.
    body = re.sub(r'<g id="[^"]*_\d+">', "<g>", svg[head:])
    return f"{svg[:start]}<svg {names}{svg[start + 4 : head]}{told}{body}"


def plain(text: str) -> str:
    """Keep matplotlib from reading dollars in names as mathematics."""
    return text.replace("$", r"\$")


def short(text: str, most: int) -> str:
    """Cut a name to so many characters, in its middle: names of doses differ at the end."""
    if len(text) <= most:
        return text
    tail = most // 3
    return f"{text[: most - 1 - tail].rstrip()}…{text[-tail:].lstrip()}"


def wrapped(text: str, most: int) -> str:
    """Break text into lines of so many characters, safe to draw."""
    return plain(textwrap.fill(text, most))


def tidy(axes: "Axes", grid: Any = "y") -> None:
    """Take away what carries nothing, and make numbers small enough."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
    axes.set_axisbelow(True)
    axes.grid(axis=grid, color="0.9")

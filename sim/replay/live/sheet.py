"""What stands still on the map of a shift: the line, posts, a stretch straightened, and the key."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from sim.replay.canvas import plain
from sim.replay.course import Box, View, straightened, true_shape
from sim.replay.layout import HEIGHT
from sim.replay.marks import (
    CROSSER,
    DIM,
    FOUND,
    INK,
    MARKS,
    PAPER,
    darker,
    ending_style,
    patrol_style,
    post_style,
)
from sim.replay.recording import Spot
from sim.replay.sides import SIDE_COLOURS, letters
from sim.world import World

WIDTH = 1640
"""Points; wider than a film, since it stands above the curves."""

PIXELS = 80.0
"""To a hundred points: as sharp as a page of 1280 needs it, and drawn in two thirds of the time."""

ROOMY = 40
"""Posts on a map that leave room between each other."""

STRETCH, TIE, FRAME = "#CC79A7", "#8A5A83", "#D4D7DC"


class Room(NamedTuple):
    """Where the map, the close-up and the key are."""

    map: Box
    close: Box
    key: Box


TALL = Room(Box(10, 10, 560, 700), Box(600, 250, 1030, 410), Box(600, 10, 1030, 180))
WIDE = Room(Box(10, 420, 1620, 290), Box(10, 60, 990, 300), Box(1040, 10, 590, 390))


class Sheet:
    """A sheet of paper with all that stands still.

    Parameters
    ----------
    world : where
    names : of the sides, in their order
    homes : where each post is
    stretch : segments in the close-up

    Attributes
    ----------
    views : the line in its true shape, and the stretch of it
    crowding : size of posts and patrols on the map, less than 1 where they would hide each other
    axes, renderer, buffer : to draw on what stands still
    """

    def __init__(
        self, world: World, names: Sequence[str], homes: Sequence[Spot], stretch: range
    ) -> None:
        self.world, self.homes, self.stretch = world, homes, stretch
        self.names = [plain(name) for name in names]
        figure = Figure((WIDTH / 100.0, HEIGHT / 100.0), dpi=PIXELS, facecolor=PAPER)
        canvas: Any = FigureCanvasAgg(figure)
        self.axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
        self.axes.set_axis_off()
        self.renderer: Any = canvas.get_renderer()
        lon, lat = np.concatenate([each.polyline for each in world.segments]).T
        is_wide = np.ptp(lon) * math.cos(math.radians(lat.mean())) > 1.6 * np.ptp(lat)
        self.room = WIDE if is_wide else TALL
        shape, self.km_per_point = true_shape(world, self.room.map)
        self.views: tuple[View, View] = (shape, straightened(world, stretch, self.room.close))
        for box in (self.room.map, self.room.close):
            frame = Rectangle((box.x, box.y), box.width, box.height, fc=PAPER, ec=FRAME, lw=0.8)
            self.axes.add_patch(frame)
        self.crowding = min(1.0, (ROOMY / len(world.posts)) ** 0.5)
        self._draw_map()
        self._draw_close_up()
        self._draw_key()
        canvas.draw()
        self.buffer = np.asarray(canvas.buffer_rgba())

    def _write(self, x: float, y: float, text: str, size: float = 15, **style: Any) -> Any:
        style = {"color": INK, "parse_math": False, **style}
        return self.axes.text(x, y, text, fontsize=size, **style)

    def _rule(self, x: Any, y: Any, colour: str, width: float, **style: Any) -> None:
        self.axes.add_line(Line2D(x, y, color=colour, linewidth=width, **style))

    def _sign(self, x: float, y: float, size: float, style: dict[str, Any]) -> None:
        self.axes.add_line(Line2D([x], [y], linestyle="none", markersize=size, **style))

    def _draw_map(self) -> None:
        shape = self.views[0]
        for x, y in shape.points[self.stretch.start : self.stretch.stop].transpose(0, 2, 1):
            self._rule(x, y, STRETCH, 16, alpha=0.4, solid_capstyle="butt")
        for x, y in shape.points.transpose(0, 2, 1):
            self._rule(x, y, INK, 1.6)
        for site in self.world.posts:
            side = self.world.sides.index(site.side)
            place = shape.spot(self.homes[site.number], side)
            self._sign(place[0], place[1], 7.5 * self.crowding, post_style(side))
        for side, name in enumerate(self.names):
            place = self._free_place(side)
            self._write(place[0], place[1], name, 18, weight="bold", color=darker(side),
                        ha="center", va="center")  # fmt: skip

    def _free_place(self, side: int) -> Any:
        """Find where on a side's own side there is most room for its name."""
        shape, box = self.views[0], self.room.map
        line = shape.points[:, ::6].reshape(-1, 2)
        left = shape.left[:, ::6].reshape(-1, 2)
        sign = np.repeat(shape.signs[side], len(line) // len(shape.points))[:, None]
        spots = np.concatenate([line + away * sign * left for away in (60.0, 100.0, 140.0, 180.0)])
        low = [box.x + 80, box.y + 30]
        high = [box.x + box.width - 80, box.y + box.height - 30]
        spots = spots[((spots > low) & (spots < high)).all(axis=1)]
        spots = np.concatenate([spots, [[box.x + box.width / 2.0, box.y + 25]]])[::2]
        gaps = np.abs(spots[:, None, :] - line[None, :, :])
        # A name is wider than it is high.
        room = np.hypot(gaps[..., 0] * 0.5, gaps[..., 1]).min(axis=1)
        return spots[np.minimum(room, 90.0).argmax()]

    def _draw_close_up(self) -> None:
        box, view = self.room.close, self.views[1]
        middle = box.y + box.height / 2.0
        length = sum(self.world.segments[number].length_km for number in self.stretch)
        self._write(box.x, box.y + box.height + 14, "Close-up", 17, weight="bold")
        told = f"{length:,.0f} km of the line, straightened (pink on the map)"
        self._write(box.x + 128, box.y + box.height + 14, told, 15, color=DIM)
        self._rule([box.x, box.x + box.width], [middle, middle], INK, 2.6)
        for number in self.stretch:
            x = view.points[number, 0, 0]
            self._rule([x, x], [middle - 5, middle + 5], INK, 1.0)
        for number in self.stretch:
            if self.world.segments[number].gate:
                x = view.points[number, :, 0].mean()
                self._write(x, middle - 20, "gate", 12, color=DIM, ha="center", va="center")
        marks = letters(self.names, self.world.sides)
        for site in self.world.posts:
            held = [number for number in site.sector if number in self.stretch]
            if held:
                self._draw_sector(site.number, held, marks)

    def _draw_sector(self, number: int, held: list[int], marks: list[str]) -> None:
        """Draw the part of a post's sector in the close-up, and the post if it is there."""
        site, view, box = self.world.posts[number], self.views[1], self.room.close
        side = self.world.sides.index(site.side)
        sign = view.signs[side, held[0]]
        low = min(view.points[each, 0, 0] for each in held) + 4
        high = max(view.points[each, -1, 0] for each in held) - 4
        y = view.points[held[0], 0, 1] + sign * view.posts
        tick = y - sign * 9
        colour = SIDE_COLOURS[side % len(SIDE_COLOURS)]
        self._rule([low, low, high, high], [tick, y, y, tick], colour, 2.0, alpha=0.7)
        home = self.homes[number]
        if home.segment in self.stretch:
            x = float(np.clip(view.spot(home, side)[0], box.x + 18, box.x + box.width - 18))
            self._sign(x, y, 24, post_style(side))
            self._write(x, y, marks[side], 11, weight="bold", color=darker(side), ha="center",
                        va="center_baseline")  # fmt: skip
        name = plain(site.name)
        if high - low >= 11 * len(name):
            under = y + sign * 32
            self._write((low + high) / 2.0, under, name, 13.5, color=darker(side), ha="center",
                        va="center")  # fmt: skip

    def _draw_key(self) -> None:
        """Say what the signs mean, in columns."""
        entries: list[tuple[str, list[tuple[float, dict[str, Any]]]]] = []
        for side, name in enumerate(self.names):
            entries.append((f"{name}: post", [(12, post_style(side))]))
            entries.append((f"{name}: patrol, and its beat", [(7, patrol_style(side))]))
        entries += [
            ("joint patrol", [(15, JOINT), (6, {"marker": "o", "color": INK})]),
            ("direct link between posts", [(22, {"marker": "_", "color": TIE, "mew": 2.0})]),
            ("attempt under way", [(9, CROSSER)]),
            ("detected", [(19, FOUND), (9, CROSSER)]),
        ]
        entries += [(mark.name, [(11, ending_style(mark))]) for mark in MARKS.values()]
        box = self.room.key
        columns = 3 if box.width > 700 else 2
        rows = -(-len(entries) // columns)
        for index, (told, signs) in enumerate(entries):
            x = box.x + 14 + box.width / columns * (index // rows)
            y = box.y + box.height - 22 - index % rows * min(36.0, (box.height - 20) / rows)
            for size, style in signs:
                self._sign(x, y, size, style)
            self._write(x + 20, y, told, 14, va="center_baseline")


JOINT = {
    "marker": "o", "markerfacecolor": PAPER, "markeredgecolor": INK, "markeredgewidth": 1.4,
}  # fmt: skip

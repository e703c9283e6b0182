"""What stands still in a picture: the title, the map, the close-up and the legend."""

import math

import numpy as np
from matplotlib.colors import to_rgb

from sim.replay.canvas import Canvas, plain
from sim.replay.course import Box
from sim.replay.layout import Layout
from sim.replay.marks import (
    DAY,
    DIM,
    INK,
    NIGHT,
    RING,
    darker,
    patrol_style,
    post_style,
)
from sim.replay.recording import Recording
from sim.replay.sides import SIDE_COLOURS, SIDE_SHAPES, letters


class Backdrop:
    """What stands still in a picture; only the sky over it changes.

    Parameters
    ----------
    canvas : what it is drawn on
    recording : whose world it shows
    layout : where everything is
    """

    def __init__(self, canvas: Canvas, recording: Recording, layout: Layout) -> None:
        self.canvas, self.layout = canvas, layout
        self.recording, self.world = recording, recording.world
        names = recording.scenario.world.names
        self.names = [plain(names.get(side, side)) for side in self.world.sides]
        self.letters = letters(self.names, self.world.sides)
        self._sheets = [canvas.sheet(layout.boxes[name]) for name in ("map", "close")]
        self._draw_title()
        self._draw_map()
        self._draw_close_up()
        self._draw_legend()

    def darken(self, dark: float) -> None:
        """Put a sky over it, 0 day to 1 night."""
        day, night = np.array(to_rgb(DAY)), np.array(to_rgb(NIGHT))
        for sheet in self._sheets:
            sheet.set_facecolor(tuple((day + dark * (night - day)).tolist()))

    def _draw_title(self) -> None:
        scenario = self.recording.scenario
        title = plain(scenario.title) or scenario.name
        policy = plain(scenario.policy.title) or scenario.policy_name
        self.canvas.fitted(20, 683, title, 940, 19, weight="bold")
        told = f"Policy: {policy}  ·  seed {self.recording.seed}  ·  simulated, not observed"
        self.canvas.fitted(20, 654, told, 940, 12, color=DIM)

    def _draw_map(self) -> None:
        shape, box = self.layout.map, self.layout.boxes["map"]
        near = slice(self.layout.stretch.start, self.layout.stretch.stop)
        for x, y in shape.points[near].transpose(0, 2, 1):
            self.canvas.rule(x, y, "#CC79A7", 11, alpha=0.4, solid_capstyle="butt")
        for x, y in shape.points.transpose(0, 2, 1):
            self.canvas.rule(x, y, INK, 1.3)
        for post in self.world.posts:
            side = self.world.sides.index(post.side)
            place = shape.spot(self.recording.homes[post.number], side)
            self.canvas.sign(place[0], place[1], 5.5, post_style(side))
        self._name_sides(box)
        self._draw_scale(box)

    def _name_sides(self, box: Box) -> None:
        """Write each side's name where there is most room on its side of the line."""
        shape = self.layout.map
        points = shape.points[:, ::6].reshape(-1, 2)
        left = shape.left[:, ::6].reshape(-1, 2)
        owner = np.repeat(np.arange(len(shape.points)), shape.points[:, ::6].shape[1])
        grid = np.stack(
            np.meshgrid(
                np.linspace(box.x + 90, box.x + box.width - 90, 24),
                np.linspace(box.y + 25, box.y + box.height - 25, 24),
            ),
            axis=-1,
        ).reshape(-1, 2)
        away = grid[:, None, :] - points[None, :, :]
        distance = np.hypot(away[..., 0] * 0.5, away[..., 1])
        nearest = distance.argmin(axis=1)
        room = distance[np.arange(len(grid)), nearest]
        across = (away[np.arange(len(grid)), nearest] * left[nearest]).sum(axis=1)
        score = np.minimum(room, 70.0) - 0.05 * np.hypot(*(grid - points.mean(axis=0)).T)
        for side, name in enumerate(self.names):
            own = (across * shape.signs[side, owner[nearest]] > 0.0) & (room > 25.0)
            if not own.any():
                continue
            x, y = grid[np.where(own, score, -np.inf).argmax()]
            told, colour = f"{self.letters[side]} · {name}", darker(side)
            self.canvas.fitted(x, y, told, 170, 14, ha="center", weight="bold", color=colour,
                               zorder=1)  # fmt: skip
            score[np.hypot((grid[:, 0] - x) * 0.5, grid[:, 1] - y) < 40.0] = -np.inf

    def _draw_scale(self, box: Box) -> None:
        """Draw a scale of a round length in the corner that is furthest from the line."""
        most = self.layout.km_per_point * 130.0
        unit = 10.0 ** math.floor(math.log10(most))
        km = unit * max(step for step in (1, 2, 5) if step * unit <= most)
        length = km / self.layout.km_per_point
        corners = [
            (x, y)
            for y in (box.y + 16, box.y + box.height - 34)
            for x in (box.x + 16, box.x + box.width - 16 - length)
        ]
        points = self.layout.map.points.reshape(-1, 2)
        x, y = max(
            corners,
            key=lambda at: np.hypot(*(points - [at[0] + length / 2.0, at[1]]).T).min(),
        )
        self.canvas.rule([x, x, x + length, x + length], [y + 5, y, y, y + 5], DIM, 1.2)
        self.canvas.write(x + length / 2.0, y + 6, f"{km:g} km", 9.5, color=DIM, ha="center")

    def _draw_close_up(self) -> None:
        box, view = self.layout.boxes["close"], self.layout.close
        world, middle = self.world, box.y + box.height / 2.0
        first = self.layout.stretch.start
        sides = world.segments[first].sides
        line = [each for each in world.segments if each.sides == sides]
        before = sum(each.length_km for each in line if each.number < first)
        length = sum(world.segments[number].length_km for number in self.layout.stretch)
        head = self.canvas.write(box.x, box.y + box.height + 10, "Close-up", 12, weight="bold")
        start = box.x + self.canvas.width_of(head) + 12
        stretch = f"km {before:,.0f} to {before + length:,.0f}"
        if len(world.sides) > 2:
            stretch = (
                "–".join(self.names[world.sides.index(each)] for each in sides) + f" {stretch}"
            )
        told = f"straightened, {stretch} (pink on the map)"
        room = box.x + box.width - start
        self.canvas.fitted(start, box.y + box.height + 10, told, room, 11, color=DIM)
        step = next(each for each in (1, 2, 5, 10, 20, 50, 100, 500, 5000) if length / each <= 8)
        for km in range(math.ceil(before / step) * step, math.floor(before + length) + 1, step):
            x = box.x + box.width * (km - before) / length
            self.canvas.rule([x, x], [box.y, box.y - 5], DIM, 0.8)
            inside = min(max(x, box.x + 26), box.x + box.width - 26)
            self.canvas.write(inside, box.y - 18, f"km {km:,}", 9, color=DIM, ha="center")
        self.canvas.rule([box.x, box.x + box.width], [middle, middle], INK, 2.2)
        for number in self.layout.stretch:
            x = view.points[number, 0, 0]
            self.canvas.rule([x, x], [middle - 4, middle + 4], INK, 0.8)
        for post in world.posts:
            held = [number for number in post.sector if number in self.layout.stretch]
            if held:
                self._draw_sector(post.number, held)

    def _draw_sector(self, number: int, held: list[int]) -> None:
        """Draw the part of a post's sector that the close-up shows, and the post if it is there."""
        post, view, box = self.world.posts[number], self.layout.close, self.layout.boxes["close"]
        side = self.world.sides.index(post.side)
        sign = view.signs[side, held[0]]
        low = min(view.points[each, 0, 0] for each in held) + 3
        high = max(view.points[each, -1, 0] for each in held) - 3
        y = view.points[held[0], 0, 1] + sign * view.posts
        tick = y - sign * 7
        colour = SIDE_COLOURS[side % len(SIDE_COLOURS)]
        self.canvas.rule([low, low, high, high], [tick, y, y, tick], colour, 1.6, alpha=0.7)
        home = self.recording.homes[number]
        if home.segment in self.layout.stretch:
            place = view.spot(home, side)
            place[0] = np.clip(place[0], box.x + 14, box.x + box.width - 14)
            is_triangle = SIDE_SHAPES[side % len(SIDE_SHAPES)] in "^v"
            self.canvas.sign(place[0], place[1], 19 if is_triangle else 15, post_style(side))
            drop = {"^": -3.5, "v": 3.5}.get(SIDE_SHAPES[side % len(SIDE_SHAPES)], -0.5)
            self.canvas.write(place[0], place[1] + drop, self.letters[side], 8, weight="bold",
                              color=darker(side), ha="center", va="center")  # fmt: skip
        if high - low >= 62:
            middle, under = (low + high) / 2.0, y + sign * view.posts * 0.26
            self.canvas.fitted(middle, under, plain(post.name), high - low, 9.5, ha="center",
                               va="center", color=darker(side))  # fmt: skip

    def _draw_legend(self) -> None:
        box = self.layout.boxes["legend"]
        x, y, edge = box.x, box.y + 22, box.x + box.width
        for side, name in enumerate(self.names):
            entry = 22 + min(7.5 * len(name), 150) + 160
            if x + entry > edge and side:
                x, y = box.x, y - 22
            self.canvas.sign(x + 6, y + 4, 9, post_style(side))
            label = self.canvas.fitted(x + 18, y, f"{name}: post", 200, 10.5)
            x += 18 + self.canvas.width_of(label) + 14
            self.canvas.sign(x, y + 4, 5, patrol_style(side))
            label = self.canvas.write(x + 9, y, "patrol", 10.5)
            x += 9 + self.canvas.width_of(label) + 26
        if x + 140 > edge:
            x, y = box.x + 4, y - 22
        self.canvas.sign(x + 2, y + 4, 9, RING)
        self.canvas.write(x + 13, y, "patrol in pursuit", 10.5)

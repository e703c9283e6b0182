"""What stands still in a picture: the title, the map, the close-up and the legend."""

import math
from typing import Any

import numpy as np
from matplotlib.colors import to_rgb

from sim.replay.canvas import Canvas, plain
from sim.replay.course import Box
from sim.replay.layout import WIDTH, Layout
from sim.replay.marks import (
    CROSSER,
    DAY,
    DIM,
    ENVELOPE,
    INK,
    NIGHT,
    RING,
    TOGETHER,
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
        sheet = layout.sheet
        self._skies = [canvas.sheet(box) for box in (sheet.map, sheet.close)]
        self._names_at: list[tuple[float, float]] = []
        self._draw_title()
        self._draw_map()
        self._draw_close_up()
        self._draw_legend()

    def darken(self, dark: float) -> None:
        """Put a sky over it, 0 day to 1 night."""
        day, night = np.array(to_rgb(DAY)), np.array(to_rgb(NIGHT))
        for sky in self._skies:
            sky.set_facecolor(tuple((day + dark * (night - day)).tolist()))

    def _draw_title(self) -> None:
        scenario = self.recording.scenario
        title = plain(scenario.title) or scenario.name
        policy = plain(scenario.policy.title) or scenario.policy_name
        told = f"simulated, not observed  ·  seed {self.recording.seed}"
        x, y, width, _ = self.layout.sheet.title
        if self.layout.sheet.width < WIDTH:
            # What two beside each other differ in comes first.
            title, told, size = policy, f"{told}  ·  {title}", 16
        else:
            told, size = f"Policy: {policy}  ·  {told}", 19
        self.canvas.fitted(x, y + 37, title, width, size, weight="bold")
        self.canvas.fitted(x, y + 8, told, width, 12 if size > 16 else 10, color=DIM)

    def _draw_map(self) -> None:
        shape, box = self.layout.map, self.layout.sheet.map
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
            self._names_at.append((x, y))
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
        names = [(x + aside, y) for x, y in self._names_at for aside in (-40.0, 0.0, 40.0)]
        points = np.array([*self.layout.map.points.reshape(-1, 2), *names])
        x, y = max(
            corners,
            key=lambda at: np.hypot(*(points - [at[0] + length / 2.0, at[1]]).T).min(),
        )
        self.canvas.rule([x, x, x + length, x + length], [y + 5, y, y, y + 5], DIM, 1.2)
        self.canvas.write(x + length / 2.0, y + 6, f"{km:g} km", 9.5, color=DIM, ha="center")

    def _draw_close_up(self) -> None:
        box, view = self.layout.sheet.close, self.layout.close
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
        told = f"{stretch}, straightened (pink on the map)"
        if box.width < 400:
            told = f"{stretch} (pink)"
        room = box.x + box.width - start
        self.canvas.fitted(start, box.y + box.height + 10, told, room, 11, color=DIM)
        steps, most = (1, 2, 5, 10, 20, 50, 100, 500, 5000), box.width / 78
        step = next(each for each in steps if length / each <= most)
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
        post, view, box = self.world.posts[number], self.layout.close, self.layout.sheet.close
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
        """Write the key of what moves, in as many rows as there is room for."""
        box = self.layout.sheet.legend
        room, x, y = 21, box.x, box.y + 22
        entries: list[tuple[str, list[tuple[float, float, dict[str, Any]]]]] = []
        for side, name in enumerate(self.names):
            entries.append((f"{name}: post", [(0, 9, post_style(side))]))
            entries.append(("patrol", [(0, 5, patrol_style(side))]))
        if any(leg.company >= 0 for legs in self.recording.legs for leg in legs):
            pair = [(each, 5, patrol_style(side)) for side, each in enumerate((-4.0, 4.0))]
            entries.append(("joint patrol", [(0, 13.5, TOGETHER), *pair]))
        entries.append(("in pursuit", [(0, 9, RING), (0, 4, {**CROSSER, "marker": "."})]))
        if len(self.recording.messages.sent):
            entries.append(("report on its way", [(0, 11, ENVELOPE)]))
        for told, signs in entries:
            label = self.canvas.write(x + room, y, told, 10)
            wide = room + self.canvas.width_of(label)
            if x + wide > box.x + box.width and x > box.x:
                x, y = box.x, y - 22
                label.set_position((x + room, y))
            for aside, size, style in signs:
                self.canvas.sign(x + 8 + aside, y + 4, size, style)
            x += wide + 14

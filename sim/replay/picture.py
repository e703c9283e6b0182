"""A canvas on which any moment of a recording can be drawn."""

import math
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import NDArray

from sim.agents import Outcome
from sim.replay.course import Box, busiest_stretch, straightened, true_shape
from sim.replay.marks import (
    CROSSER,
    DAY,
    DIM,
    FOUND,
    HEIGHT,
    INK,
    MARKS,
    NIGHT,
    PAPER,
    RING,
    SIDE_COLOURS,
    SIDE_SHAPES,
    Marks,
    darker,
    ending_style,
    patrol_style,
    post_style,
)
from sim.replay.recording import Counts, Floats, Leg, Recording

WIDTH = 1280
FADE_HOURS = 12.0
STEPS = 5
"""Degrees of darkness, and of fading."""

TALL = {
    "map": Box(20, 20, 530, 606),
    "counts": Box(580, 452, 680, 174),
    "close": Box(580, 104, 680, 300),
    "legend": Box(580, 20, 680, 40),
}
WIDE = {
    "map": Box(20, 378, 1240, 248),
    "counts": Box(580, 190, 680, 174),
    "close": Box(20, 62, 530, 270),
    "legend": Box(580, 62, 680, 40),
}
CLOCK = Box(1000, 652, 260, 54)


class Picture:
    """A canvas on which any moment of a recording can be drawn.

    Parameters
    ----------
    recording : what to draw
    width : of the picture, pixels; the height is 9/16 of it
    """

    def __init__(self, recording: Recording, width: int = WIDTH) -> None:
        self.recording, self.world = recording, recording.world
        figure = Figure(figsize=(12.8, 7.2), dpi=width / 12.8, facecolor=PAPER)
        self.canvas: Any = FigureCanvasAgg(figure)
        self.axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
        self.axes.set_axis_off()
        names = recording.scenario.world.names
        self.names = [plain(names.get(side, side)) for side in self.world.sides]
        self.letters = letters_of(self.names, self.world.sides)
        lon, lat = np.concatenate([each.polyline for each in self.world.segments]).T
        is_wide = np.ptp(lon) * math.cos(math.radians(lat.mean())) > 1.6 * np.ptp(lat)
        self.boxes = WIDE if is_wide else TALL
        self.map, self.km_per_point = true_shape(self.world, self.boxes["map"])
        self.stretch = busiest_stretch(recording)
        self.close = straightened(self.world, self.stretch, self.boxes["close"])
        self.views = (self.map, self.close)
        self.sheets = [self._sheet(self.boxes["map"]), self._sheet(self.boxes["close"])]
        self._draw_header()
        self._draw_map()
        self._draw_close_up()
        self._draw_legend()
        self._prepare_counts()
        self._prepare_marks()
        self._kinds = _kinds(recording)
        self._ranks = [_ranks(legs) for legs in recording.legs]
        self._buffer = np.asarray(self.canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        self._backgrounds = [self._background(step / (STEPS - 1)) for step in range(STEPS)]

    def frame(self, time: float) -> NDArray[np.uint8]:
        """Draw a moment.

        Parameters
        ----------
        time : h since the start of the run

        Returns
        -------
        Red, green, blue and alpha, (height, width, 4); overwritten by the next call.
        """
        buffer = self._buffer
        np.copyto(buffer, self._backgrounds[round(self._darkness(time) * (STEPS - 1))])
        self._show_clock(time)
        self._show_counts(self.recording.counts_at(time))
        self._show_patrols(time)
        self._show_crossings(time)
        return buffer

    def _background(self, dark: float) -> NDArray[np.uint8]:
        """Draw what stands still, under a sky."""
        day, night = np.array(to_rgb(DAY)), np.array(to_rgb(NIGHT))
        for sheet in self.sheets:
            sheet.set_facecolor(tuple((day + dark * (night - day)).tolist()))
        self.canvas.draw()
        return self._buffer.copy()

    def _darkness(self, time: float) -> float:
        """How dark it is, 0 day to 1 night, with an hour of twilight."""
        world, hour = self.recording.scenario.world, time % 24.0
        dark = max(world.dawn_hour + 0.5 - hour, hour - world.dusk_hour + 0.5)
        return min(1.0, max(0.0, dark))

    # What stands still

    def _write(self, x: float, y: float, text: str, size: float = 11.0, **style: Any) -> Text:
        """Write plain text: nothing in it is markup."""
        style = {"color": INK, "parse_math": False, **style}
        return self.axes.text(x, y, text, fontsize=size, **style)

    def _fitted(
        self, x: float, y: float, text: str, width: float, size: float, **style: Any
    ) -> Text:
        """Write as much of a text as there is room for."""
        label = self._write(x, y, text, size, **style)
        while self._width(label) > width and len(text) > 1:
            text = text[:-1]
            label.set_text(text.rstrip() + "…")
        return label

    def _width(self, label: Text) -> float:
        scale = WIDTH / self.axes.get_window_extent().width
        return label.get_window_extent(self.canvas.get_renderer()).width * scale

    def _number(self, x: float, y: float, size: float, align: str = "right") -> Text:
        return self._write(x, y, "", size, weight="bold", ha=align, animated=True)

    def _rule(self, x: Any, y: Any, colour: str = INK, width: float = 1.0, **style: Any) -> None:
        self.axes.add_line(Line2D(x, y, color=colour, linewidth=width, **style))

    def _sheet(self, box: Box) -> Rectangle:
        sheet = Rectangle((box.x, box.y), box.width, box.height, edgecolor="#D4D7DC", linewidth=0.8)
        self.axes.add_patch(sheet)
        return sheet

    def _draw_header(self) -> None:
        scenario = self.recording.scenario
        title = plain(scenario.title) or scenario.name
        policy = plain(scenario.policy.title) or scenario.policy_name
        self._fitted(20, 683, title, 940, 19, weight="bold")
        told = f"Policy: {policy}  ·  seed {self.recording.seed}  ·  simulated, not observed"
        self._fitted(20, 654, told, 940, 12, color=DIM)
        x, y, width, _ = CLOCK
        bar = scenario.world
        for begin, end, colour in (
            (0.0, bar.dawn_hour, "#33415C"),
            (bar.dawn_hour, bar.dusk_hour, "#F3E6B3"),
            (bar.dusk_hour, 24.0, "#33415C"),
        ):
            left, right = x + width * begin / 24.0, x + width * end / 24.0
            self.axes.add_patch(Rectangle((left, y), right - left, 12, color=colour, linewidth=0))
        self._stamps: dict[tuple[str, str], NDArray[np.uint8]] = {}
        self._texts = {
            "day": (self._number(x + 150, 683, 20), Box(x, 674, 152, 32)),
            "hour": (self._number(x + width, 683, 20), Box(x + 160, 674, 101, 32)),
        }

    def _draw_map(self) -> None:
        shape, box = self.map, self.boxes["map"]
        near = shape.points[self.stretch.start : self.stretch.stop]
        for each in near:
            self._rule(each[:, 0], each[:, 1], "#CC79A7", 11, alpha=0.4, solid_capstyle="butt")
        for each in shape.points:
            self._rule(each[:, 0], each[:, 1], INK, 1.3)
        for post in self.world.posts:
            side = self.world.sides.index(post.side)
            place = shape.spot(self.recording.homes[post.number], side)
            self._sign(place[0], place[1], 5.5, post_style(side))
        self._name_sides(box)
        self._draw_scale(box)

    def _sign(self, x: float, y: float, size: float, style: dict[str, Any]) -> None:
        self.axes.add_line(Line2D([x], [y], linestyle="none", markersize=size, **style))

    def _name_sides(self, box: Box) -> None:
        """Write each side's name where there is most room on its side of the line."""
        shape = self.map
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
            label = self._fitted(x, y, f"{self.letters[side]} · {name}", 170, 14, ha="center",
                                 weight="bold", color=darker(side))  # fmt: skip
            score[np.hypot((grid[:, 0] - x) * 0.5, grid[:, 1] - y) < 40.0] = -np.inf
            label.set_zorder(1)

    def _draw_scale(self, box: Box) -> None:
        """Draw a scale of a round length in the corner that is furthest from the line."""
        most = self.km_per_point * 130.0
        unit = 10.0 ** math.floor(math.log10(most))
        km = unit * max(step for step in (1, 2, 5) if step * unit <= most)
        length = km / self.km_per_point
        corners = [
            (x, y)
            for y in (box.y + 16, box.y + box.height - 34)
            for x in (box.x + 16, box.x + box.width - 16 - length)
        ]
        points = self.map.points.reshape(-1, 2)
        x, y = max(
            corners,
            key=lambda at: np.hypot(*(points - [at[0] + length / 2.0, at[1]]).T).min(),
        )
        self._rule([x, x, x + length, x + length], [y + 5, y, y, y + 5], DIM, 1.2)
        self._write(x + length / 2.0, y + 6, f"{km:g} km", 9.5, color=DIM, ha="center")

    def _draw_close_up(self) -> None:
        box, view = self.boxes["close"], self.close
        world, middle = self.world, box.y + box.height / 2.0
        sides = world.segments[self.stretch.start].sides
        line = [each for each in world.segments if each.sides == sides]
        before = sum(each.length_km for each in line if each.number < self.stretch.start)
        length = sum(world.segments[number].length_km for number in self.stretch)
        head = self._write(box.x, box.y + box.height + 10, "Close-up", 12, weight="bold")
        start = box.x + self._width(head) + 12
        stretch = f"km {before:,.0f} to {before + length:,.0f}"
        if len(self.names) > 2:
            stretch = (
                "–".join(self.names[world.sides.index(each)] for each in sides) + f" {stretch}"
            )
        told = f"straightened, {stretch} (pink on the map)"
        room = box.x + box.width - start
        self._fitted(start, box.y + box.height + 10, told, room, 11, color=DIM)
        step = next(each for each in (1, 2, 5, 10, 20, 50, 100, 500, 5000) if length / each <= 8)
        for km in range(math.ceil(before / step) * step, math.floor(before + length) + 1, step):
            x = box.x + box.width * (km - before) / length
            self._rule([x, x], [box.y, box.y - 5], DIM, 0.8)
            inside = min(max(x, box.x + 26), box.x + box.width - 26)
            self._write(inside, box.y - 18, f"km {km:,}", 9, color=DIM, ha="center")
        self._rule([box.x, box.x + box.width], [middle, middle], INK, 2.2)
        for number in self.stretch:
            x = view.points[number, 0, 0]
            self._rule([x, x], [middle - 4, middle + 4], INK, 0.8)
        for post in world.posts:
            held = [number for number in post.sector if number in self.stretch]
            if held:
                self._draw_sector(post.number, held)

    def _draw_sector(self, number: int, held: list[int]) -> None:
        """Draw the part of a post's sector that the close-up shows, and the post if it is there."""
        post, view, view_box = self.world.posts[number], self.close, self.boxes["close"]
        side = self.world.sides.index(post.side)
        sign = view.signs[side, held[0]]
        middle = view.points[held[0], 0, 1]
        low = min(view.points[each, 0, 0] for each in held) + 3
        high = max(view.points[each, -1, 0] for each in held) - 3
        y = middle + sign * view.posts
        tick = y - sign * 7
        colour = SIDE_COLOURS[side % len(SIDE_COLOURS)]
        self._rule([low, low, high, high], [tick, y, y, tick], colour, 1.6, alpha=0.7)
        home = self.recording.homes[number]
        if home.segment in self.stretch:
            place = view.spot(home, side)
            place[0] = np.clip(place[0], view_box.x + 14, view_box.x + view_box.width - 14)
            is_triangle = SIDE_SHAPES[side % len(SIDE_SHAPES)] in "^v"
            self._sign(place[0], place[1], 19 if is_triangle else 15, post_style(side))
            drop = {"^": -3.5, "v": 3.5}.get(SIDE_SHAPES[side % len(SIDE_SHAPES)], -0.5)
            self._write(place[0], place[1] + drop, self.letters[side], 8, weight="bold",
                        color=darker(side), ha="center", va="center")  # fmt: skip
        under = y + sign * view.posts * 0.26
        if high - low < 62:
            return
        self._fitted((low + high) / 2.0, under, plain(post.name), high - low, 9.5, ha="center",
                     va="center", color=darker(side))  # fmt: skip

    def _draw_legend(self) -> None:
        x, y = self.boxes["legend"].x, self.boxes["legend"].y + 22
        edge = x + self.boxes["legend"].width
        for side, name in enumerate(self.names):
            entry = 22 + min(7.5 * len(name), 150) + 160
            if x + entry > edge and side:
                x, y = self.boxes["legend"].x, y - 22
            self._sign(x + 6, y + 4, 9, post_style(side))
            label = self._fitted(x + 18, y, f"{name}: post", 200, 10.5)
            x += 18 + self._width(label) + 14
            self._sign(x, y + 4, 5, patrol_style(side))
            label = self._write(x + 9, y, "patrol", 10.5)
            x += 9 + self._width(label) + 26
        if x + 140 > edge:
            x, y = self.boxes["legend"].x + 4, y - 22
        self._sign(x + 2, y + 4, 9, RING)
        self._write(x + 13, y, "patrol in pursuit", 10.5)

    def _prepare_counts(self) -> None:
        """Lay out the counts; the marks beside them are the legend of the attempts."""
        x, y, width, height = self.boxes["counts"]
        self._sheet(self.boxes["counts"]).set_facecolor(PAPER)
        top = y + height - 34
        self._write(x + 20, top, "Interdiction rate so far", 11, color=DIM)
        refers = self.recording.refers
        of, aside = ("crimes", "people referred not counted") if refers else ("attempts", "")
        self._write(x + 20, y + 40, f"of {of} that ended", 9.5, color=DIM)
        self._write(x + 20, y + 24, aside, 9.5, color=DIM)
        rate = self._number(x + 18, y + 74, 34, "left")
        self._texts["interdiction_rate"] = rate, Box(x + 4, y + 64, 190, 54)
        used = [name for name in MARKS if self._used(name)]
        moving = {"begun": "attempts begun", "under_way": "under way", "detected": "detected"}
        rows = [(name, x + 204, label, index) for index, (name, label) in enumerate(moving.items())]
        rows += [(name, x + 416, MARKS[name].name, index) for index, name in enumerate(used)]
        spacing = min(34.0, (height - 28) / max(len(used), 3))
        for name, left, label, row in rows:
            level = top - row * spacing
            self._fitted(left + 68, level, label, x + width - left - 70, 10.5)
            box = Box(left + 14, level - 5, 49, 22)
            self._texts[name] = self._number(left + 60, level, 13), box
            if name in MARKS:
                self._sign(left, level + 5, 9, ending_style(MARKS[name]))
            elif name != "begun":
                if name == "detected":
                    self._sign(left, level + 5, 14, FOUND)
                self._sign(left, level + 5, 7, CROSSER)

    def _used(self, name: str) -> bool:
        """Whether an ending can occur, or at least is worth showing as none."""
        if name == "referred":
            return self.recording.refers
        if name == "jointly":
            return bool((self.recording.crossings.outcome == Outcome.INTERCEPTED_JOINTLY).any())
        return True

    def _prepare_marks(self) -> None:
        """Make ready what moves, in each view."""
        renderer = self.canvas.get_renderer()

        def marks(size: float, **style: Any) -> Marks:
            return Marks(Line2D([], [], markersize=size, **style), renderer)

        self._hand = marks(8, marker="v", markerfacecolor=INK, markeredgecolor=PAPER)
        self._patrols, self._rings, self._found, self._crossers = [], [], [], []
        self._endings: list[dict[tuple[str, int], Marks]] = []
        for view in self.views:
            sides = range(len(self.world.sides))
            self._patrols.append([marks(3.0 * view.size, **patrol_style(side)) for side in sides])
            self._rings.append(marks(6.5 * view.size, **RING))
            self._found.append(marks(10.0 * view.size, **FOUND))
            self._crossers.append(marks(5.0 * view.size, **CROSSER))
            self._endings.append(
                {
                    (name, step): marks(
                        6.5 * view.size**0.6, alpha=1.0 - step / STEPS, **ending_style(mark)
                    )
                    for name, mark in MARKS.items()
                    for step in range(STEPS)
                }
            )

    # What moves

    def _show_clock(self, time: float) -> None:
        # The last moment of a day belongs to it, or a film of a week would end on its eighth day.
        last = time >= self.recording.hours and time > 0.0
        day = math.ceil(time / 24.0) if last else int(time // 24.0) + 1
        minutes = int((time - 24.0 * (day - 1)) * 6.0 + 1e-6) * 10
        self._stamp("day", f"Day {day:,}")
        self._stamp("hour", f"{minutes // 60:02d}:{minutes % 60:02d}")
        share = (time / 24.0) % 1.0 if not last else time / 24.0 - (day - 1)
        self._hand.draw(np.array([[CLOCK.x + CLOCK.width * share, CLOCK.y + 17]]))

    def _show_counts(self, counts: Counts) -> None:
        rate = counts.interdiction_rate
        self._stamp("interdiction_rate", "–" if rate is None else f"{100.0 * rate:.0f} %")
        for name in self._texts.keys() - {"interdiction_rate", "day", "hour"}:
            self._stamp(name, f"{getattr(counts, name):,}")

    def _stamp(self, name: str, text: str) -> None:
        """Write a text that changes, or copy what it looked like before, which is far quicker."""
        label, box = self._texts[name]
        buffer = self._buffer
        scale = len(buffer) / HEIGHT
        bottom, top = (round((HEIGHT - y) * scale) for y in (box.y, box.y + box.height))
        part = buffer[top:bottom, round(box.x * scale) : round((box.x + box.width) * scale)]
        if (name, text) not in self._stamps:
            label.set_text(text)
            self.axes.draw_artist(label)
            self._stamps[name, text] = part.copy()
        np.copyto(part, self._stamps[name, text])

    def _show_patrols(self, time: float) -> None:
        shift = self.recording.shift_at(time)
        legs = self.recording.legs[shift]
        if not legs:
            return
        ways = [leg.whereabouts(time) for leg in legs]
        share = np.array([way[2] for way in ways])[:, None]
        side = np.array([leg.side for leg in legs])
        busy = np.array([leg.busy_at(time) for leg in legs])
        ends = [np.array([way[end] for way in ways]) for end in (0, 1)]
        for index, view in enumerate(self.views):
            begin, end = (
                view.at(
                    spots[:, 0],
                    spots[:, 1],
                    view.signs[side, spots[:, 0].astype(int)]
                    * (
                        (view.patrols + view.spread * self._ranks[shift]) * (1.0 - spots[:, 2])
                        + view.posts * spots[:, 2]
                    ),
                )
                for spots in ends
            )
            places = begin + share * (end - begin)
            for number, line in enumerate(self._patrols[index]):
                line.draw(places[side == number])
            self._rings[index].draw(places[busy])

    def _show_crossings(self, time: float) -> None:
        crossings = self.recording.crossings
        seen = (crossings.begin <= time) & (time < crossings.stopped + FADE_HOURS)
        if not seen.any():
            return
        depth = crossings.depth_at(time)
        moving = seen & (time < crossings.stopped)
        found = moving & (crossings.found <= time)
        ended = seen & ~moving
        age = np.where(ended, time - crossings.stopped, 0.0)
        step = np.minimum((age / FADE_HOURS * STEPS).astype(int), STEPS - 1)
        shown = sorted(set(zip(self._kinds[ended].tolist(), step[ended].tolist(), strict=True)))
        for index, view in enumerate(self.views):
            signs = view.signs[crossings.destination, crossings.segment]
            places = view.at(crossings.segment, crossings.place, depth * view.reach * signs)
            for name, level in shown:
                here = ended & (self._kinds == name) & (step == level)
                self._endings[index][name, level].draw(places[here])
            self._found[index].draw(places[found])
            self._crossers[index].draw(places[moving])


def plain(text: str) -> str:
    """Put a text from a file on one line, without control characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def letters_of(names: list[str], codes: tuple[str, ...]) -> list[str]:
    """Give each side a letter of its own, or its code where initials clash."""
    initials = [name[:1].upper() for name in names]
    return [
        initial if initial and initials.count(initial) == 1 else code
        for initial, code in zip(initials, codes, strict=True)
    ]


def _ranks(legs: list[Leg]) -> Floats:
    """Count the patrols of each post from 0, at most three abreast."""
    counts: dict[int, int] = {}
    ranks = []
    for leg in legs:
        ranks.append(counts.get(leg.post, 0) % 3)
        counts[leg.post] = counts.get(leg.post, 0) + 1
    return np.array(ranks, dtype=float)


def _kinds(recording: Recording) -> NDArray[np.str_]:
    """Say of each attempt with which of `MARKS` its end is shown."""
    crossings = recording.crossings
    names = {
        Outcome.UNDER_WAY: "",
        Outcome.PASSED: "passed",
        Outcome.INTERCEPTED: "own_side",
        Outcome.HANDED_OVER: "handed_over",
        Outcome.INTERCEPTED_JOINTLY: "jointly",
    }
    kinds = np.array([names[Outcome(each)] for each in crossings.outcome], dtype="<U16")
    caught = crossings.outcome > Outcome.PASSED
    return np.where(crossings.referred & caught, "referred", kinds)

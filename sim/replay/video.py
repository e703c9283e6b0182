"""A recording as a film or a still: the line in its true shape, a close-up, and the counts.

What stands still is drawn once for each degree of darkness; a frame is a copy of that with what
moves on top. All drawing is in points of a canvas of 1280 by 720, whatever size it comes out.
"""

import math
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Rectangle
from matplotlib.path import Path as Path2D
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from sim.agents import Outcome
from sim.errors import BordersimError, InputError
from sim.replay.recording import Counts, Floats, Leg, Recording, Spot
from sim.world import World

WIDTH, HEIGHT = 1280, 720
FORMATS = (".mp4", ".gif", ".png")
FRAMES_PER_SECOND = {".mp4": 30, ".gif": 10}
GIF_WIDTH = 800
MOST_FRAMES = 20_000
"""Eleven minutes of film; more is a slip of the pen."""
CLOSE_UP_KM = 60.0
FADE_HOURS = 12.0
STEPS = 5
"""Degrees of darkness, and of fading."""
SAMPLES = 24
"""Points to a segment, so that what moves along the line follows its bends."""

# Okabe & Ito (2008): told apart with every kind of colour vision.
SIDE_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
SIDE_SHAPES = ("s", "^", "D", "p", "v", "h")
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
    "referred": Mark("people met and referred", "D", "full", "#56B4E9"),
    "passed": Mark("passed", "o", "none", VERMILION),
}


class Box(NamedTuple):
    """A part of the canvas: its left, bottom, width and height in points of 1280 by 720."""

    x: float
    y: float
    width: float
    height: float


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


class View:
    """The line laid out on paper, in its true shape or straight.

    Parameters
    ----------
    points : canvas coordinates, (segments, SAMPLES + 1, 2); not a number where it is not shown
    left : unit vectors to the left of the line there, the same shape
    signs : 1 where a side is to the left of a segment, -1 to the right, (sides, segments)
    patrols, posts, reach : how far off the line patrols, posts and crossers are drawn
    spread : between patrols of one post
    size : of marks
    """

    def __init__(
        self, points: Floats, left: Floats, signs: Floats, *,
        patrols: float, posts: float, reach: float, spread: float, size: float,
    ) -> None:  # fmt: skip
        self.points, self.left, self.signs = points, left, signs
        self.patrols, self.posts, self.reach = patrols, posts, reach
        self.spread, self.size = spread, size

    def at(self, segment: Any, share: Any, offset: Any) -> Floats:
        """Canvas coordinates of places so far to the left of the line, (places, 2)."""
        index = np.asarray(segment, dtype=int)
        along = np.asarray(share, dtype=float) * SAMPLES
        low = np.clip(along.astype(int), 0, SAMPLES - 1)
        part = (along - low)[:, None]
        points = self.points[index, low] * (1.0 - part) + self.points[index, low + 1] * part
        left = self.left[index, low] * (1.0 - part) + self.left[index, low + 1] * part
        spots: Floats = points + left * np.asarray(offset, dtype=float)[:, None]
        return spots

    def spot(self, spot: Spot, side: int, extra: float = 0.0) -> Floats:
        """Canvas coordinates of one place on a side's own side."""
        off = self.patrols * (1.0 - spot.away) + self.posts * spot.away + extra
        place: Floats = self.at(
            [spot.segment], [spot.share], [off * self.signs[side, spot.segment]]
        )[0]
        return place


def signs_of(world: World) -> Floats:
    """On which hand of the line each side is: 1 left, -1 right, 0 not there, (sides, segments).

    Border data name no hand; by convention the first side of a segment is to the left as the line
    runs.
    """
    return np.array(
        [
            [
                0.0 if side not in each.sides else 1.0 if side == each.sides[0] else -1.0
                for each in world.segments
            ]
            for side in world.sides
        ]
    )


def true_shape(world: World, box: Box) -> tuple[View, float]:
    """Lay out the line in a local equirectangular projection.

    Returns
    -------
    The view, and the kilometres to a point of the canvas.
    """
    degrees = np.stack([_evenly(np.array(each.polyline)) for each in world.segments])
    east = (degrees[..., 0] - degrees[0, 0, 0] + 180.0) % 360.0 - 180.0
    latitude = degrees[..., 1]
    middle = math.radians((latitude.min() + latitude.max()) / 2.0)
    km = np.stack([east * 111.32 * math.cos(middle), latitude * 110.57], axis=-1)
    low, high = km.min(axis=(0, 1)), km.max(axis=(0, 1))
    width, height = np.maximum(high - low, 1e-6)
    per_point = max(width / (box.width - 70), height / (box.height - 70))
    centre = np.array([box.x + box.width / 2.0, box.y + box.height / 2.0])
    points = (km - (low + high) / 2.0) / per_point + centre
    view = View(points, _left(points), signs_of(world),
                patrols=4.5, posts=11.0, reach=15.0, spread=1.2, size=1.0)  # fmt: skip
    return view, per_point


def _evenly(line: Floats) -> Floats:
    """Points at even distances along a polyline of lon/lat, its ends included."""
    step = np.diff(line, axis=0)
    step[:, 0] *= np.cos(np.radians(line[:-1, 1]))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*step.T))])
    places = np.linspace(0.0, along[-1], SAMPLES + 1)
    return np.column_stack([np.interp(places, along, axis) for axis in line.T])


def _left(points: Floats, smooth: float = 16.0) -> Floats:
    """Give unit vectors to the left of the line, smoothed over some points of the canvas.

    Without smoothing, what is drawn off the line would jump about at every bend.
    """
    joined = [0, *(1 + np.flatnonzero(np.hypot(*(points[1:, 0] - points[:-1, -1]).T) > 0.5))]
    left = np.zeros_like(points)
    for first, last in zip(joined, [*joined[1:], len(points)], strict=True):
        run = points[first:last].reshape(-1, 2)
        spacing = np.hypot(*np.diff(run, axis=0).T).sum() / len(run)
        reach = max(2, round(smooth / 2.0 / max(spacing, 1e-9)))
        place = np.arange(len(run))
        ahead, behind = np.minimum(place + reach, len(run) - 1), np.maximum(place - reach, 0)
        chord = run[ahead] - run[behind]
        chord /= np.maximum(np.hypot(*chord.T), 1e-9)[:, None]
        left[first:last] = np.column_stack([-chord[:, 1], chord[:, 0]]).reshape(-1, SAMPLES + 1, 2)
    return left


def busiest_stretch(recording: Recording, half_km: float = CLOSE_UP_KM) -> range:
    """Segments within some km of where most attempts are, all between the same two sides."""
    world = recording.world
    segments = world.segments
    busy = np.bincount(recording.crossings.segment, minlength=len(segments))
    best, most = range(1), -1
    for middle in range(len(segments)):
        ends = []
        for step in (-1, 1):
            here, left = middle, half_km - segments[middle].length_km / 2.0
            while (
                0 <= here + step < len(segments)
                and world.border.has_edge(here, here + step)
                and segments[here + step].sides == segments[middle].sides
                and segments[here + step].length_km <= left
            ):
                here += step
                left -= segments[here].length_km
            ends.append(here)
        stretch = range(ends[0], ends[1] + 1)
        score = int(busy[stretch.start : stretch.stop].sum()) * 1000 + len(stretch)
        if score > most:
            best, most = stretch, score
    return best


def straightened(world: World, stretch: range, box: Box) -> View:
    """Lay out a stretch from left to right in a box; the rest of the line is not shown."""
    lengths = np.array([world.segments[number].length_km for number in stretch])
    ends = box.x + box.width * np.concatenate([[0.0], np.cumsum(lengths)]) / lengths.sum()
    points = np.full((len(world.segments), SAMPLES + 1, 2), np.nan)
    share = np.linspace(0.0, 1.0, SAMPLES + 1)
    for number, low, high in zip(stretch, ends[:-1], ends[1:], strict=True):
        points[number, :, 0] = low + share * (high - low)
        points[number, :, 1] = box.y + box.height / 2.0
    left = np.broadcast_to([0.0, 1.0], points.shape)
    unit = box.height / 300.0
    return View(points, left, signs_of(world),
                patrols=26 * unit, posts=104 * unit, reach=84 * unit, spread=20 * unit,
                size=1.9)  # fmt: skip


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
            self._sign(place[0], place[1], 5.5, _post(side))
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
                                 weight="bold", color=_darker(side))  # fmt: skip
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
        before = sum(each.length_km for each in world.segments[: self.stretch.start])
        length = sum(world.segments[number].length_km for number in self.stretch)
        head = self._write(box.x, box.y + box.height + 10, "Close-up", 12, weight="bold")
        start = box.x + self._width(head) + 12
        stretch = f"km {before:,.0f} to {before + length:,.0f}"
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
            self._sign(place[0], place[1], 19 if is_triangle else 15, _post(side))
            drop = {"^": -3.5, "v": 3.5}.get(SIDE_SHAPES[side % len(SIDE_SHAPES)], -0.5)
            self._write(place[0], place[1] + drop, self.letters[side], 8, weight="bold",
                        color=_darker(side), ha="center", va="center")  # fmt: skip
        under = y + sign * view.posts * 0.26
        if high - low < 62:
            return
        self._fitted((low + high) / 2.0, under, plain(post.name), high - low, 9.5, ha="center",
                     va="center", color=_darker(side))  # fmt: skip

    def _draw_legend(self) -> None:
        x, y = self.boxes["legend"].x, self.boxes["legend"].y + 22
        edge = x + self.boxes["legend"].width
        for side, name in enumerate(self.names):
            entry = 22 + min(7.5 * len(name), 150) + 160
            if x + entry > edge and side:
                x, y = self.boxes["legend"].x, y - 22
            self._sign(x + 6, y + 4, 9, _post(side))
            label = self._fitted(x + 18, y, f"{name}: post", 200, 10.5)
            x += 18 + self._width(label) + 14
            self._sign(x, y + 4, 5, _patrol(side))
            label = self._write(x + 9, y, "patrol", 10.5)
            x += 9 + self._width(label) + 26
        if x + 140 > edge:
            x, y = self.boxes["legend"].x + 4, y - 22
        self._sign(x + 2, y + 4, 9, _RING)
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
                self._sign(left, level + 5, 9, _ending(MARKS[name]))
            elif name != "begun":
                if name == "detected":
                    self._sign(left, level + 5, 14, _FOUND)
                self._sign(left, level + 5, 7, _CROSSER)

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
            self._patrols.append([marks(3.0 * view.size, **_patrol(side)) for side in sides])
            self._rings.append(marks(6.5 * view.size, **_RING))
            self._found.append(marks(10.0 * view.size, **_FOUND))
            self._crossers.append(marks(5.0 * view.size, **_CROSSER))
            self._endings.append(
                {
                    (name, step): marks(
                        6.5 * view.size**0.6, alpha=1.0 - step / STEPS, **_ending(mark)
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


_RING = {
    "marker": "o", "markerfacecolor": "none", "markeredgecolor": INK, "markeredgewidth": 1.2,
}  # fmt: skip
_FOUND = {
    "marker": "o", "markerfacecolor": ALERT, "markeredgecolor": INK, "markeredgewidth": 0.6,
}  # fmt: skip
_CROSSER = {"marker": "x", "markeredgecolor": INK, "markeredgewidth": 1.6}


def _scaled(transform: Any, size: float) -> Any:
    return transform.frozen().scale(size)


def _patrol(side: int) -> dict[str, Any]:
    """Give the look of a side's patrols."""
    colour = SIDE_COLOURS[side % len(SIDE_COLOURS)]
    shape = SIDE_SHAPES[side % len(SIDE_SHAPES)]
    return {"marker": shape, "markerfacecolor": colour, "markeredgewidth": 0.0}


def _post(side: int) -> dict[str, Any]:
    """Give the look of a side's posts: as its patrols, larger and pale."""
    colour = SIDE_COLOURS[side % len(SIDE_COLOURS)]
    pale = tuple(0.4 * part + 0.6 for part in to_rgb(colour))
    return {**_patrol(side), "markerfacecolor": pale, "markeredgecolor": colour,
            "markeredgewidth": 0.9}  # fmt: skip


def _ending(mark: Mark) -> dict[str, Any]:
    """Give the look of the end of an attempt."""
    is_hollow = mark.fill == "none"
    return {
        "marker": mark.shape, "fillstyle": "full" if is_hollow else mark.fill,
        "markerfacecolor": PAPER if is_hollow else mark.colour, "markerfacecoloralt": PAPER,
        "markeredgecolor": mark.colour if is_hollow else INK,
        "markeredgewidth": 1.6 if is_hollow else 1.0,
    }  # fmt: skip


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


def _darker(side: int) -> tuple[float, ...]:
    """Give a side's colour, dark enough to write with."""
    return tuple(0.62 * part for part in to_rgb(SIDE_COLOURS[side % len(SIDE_COLOURS)]))


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


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Give a path to write to beside `out`, and put the file in place when all went well.

    Raises
    ------
    InputError : the ending is not one of `FORMATS`, or the folder cannot be written
    """
    if out.suffix.lower() not in FORMATS:
        raise InputError(
            f"ends in {out.suffix!r}, which says no kind of picture",
            where=str(out),
            remedy=f"end it in {', '.join(FORMATS)}",
        )
    if out.is_dir():
        raise InputError("is a folder", where=str(out), remedy="name a file in it")
    if not out.parent.is_dir():
        raise InputError("no such folder", where=str(out.parent), remedy="make it first")
    try:
        folder = tempfile.TemporaryDirectory(prefix=f".{out.stem}-", dir=out.parent)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}",
            where=str(out.parent),
            remedy="name a folder you may write to",
        ) from None
    with folder as name:
        part = Path(name) / f"film{out.suffix.lower()}"
        yield part
        part.replace(out)


def moments(hours: float, hours_per_second: float, fps: int) -> Floats:
    """Give the times of the frames of a film, h: evenly through the run, then a second of its end.

    Raises
    ------
    InputError : the film would be endless
    """
    if not (math.isfinite(hours_per_second) and hours_per_second > 0.0):
        raise InputError(
            f"{hours_per_second:g} is not above 0", where="--hours-per-second", remedy="e.g. 6"
        )
    count = math.ceil(hours / hours_per_second * fps) + 1 + fps
    if count > MOST_FRAMES:
        slowest = hours * fps / (MOST_FRAMES - fps - 1)
        raise InputError(
            f"{hours / 24.0:g} days at {hours_per_second:g} h a second make {count:,} frames, "
            f"more than {MOST_FRAMES:,}",
            where="--days",
            remedy=f"fewer days, or at least --hours-per-second {math.ceil(slowest)}",
        )
    return np.minimum(np.arange(count) * hours_per_second / fps, hours)


def draw_still(recording: Recording, out: Path, at: float) -> None:
    """Draw one moment of a recording, h since its start, as a PNG."""
    from PIL import Image

    with _own_style():
        frame = Picture(recording).frame(at)
        Image.fromarray(frame).convert("RGB").save(out)


def draw_film(
    recording: Recording,
    out: Path,
    times: Floats,
    fps: int,
    advance: Callable[[], None] = lambda: None,
) -> None:
    """Draw moments of a recording one after the other, as MP4 or GIF by the ending of `out`.

    Parameters
    ----------
    recording : what to draw
    out : file to write
    times : of the frames, h since the start of the run
    fps : frames a second
    advance : is called after each frame

    Raises
    ------
    BordersimError : the film cannot be encoded or written
    """
    is_gif = out.suffix == ".gif"
    with _own_style():
        picture = Picture(recording, GIF_WIDTH if is_gif else WIDTH)

        def frames() -> Iterator[NDArray[np.uint8]]:
            for time in times.tolist():
                yield picture.frame(time)
                advance()

        try:
            if is_gif:
                some = times[np.linspace(0, len(times) - 1, 8).astype(int)]
                _write_gif(frames(), out, fps, [picture.frame(time).copy() for time in some])
            else:
                _write_mp4(frames(), out, fps)
        except (OSError, RuntimeError) as error:
            reason = str(error).strip().split("\n")[0]
            raise BordersimError(
                f"the film cannot be written: {reason}",
                where=str(out.parent.parent),
                remedy="is the disk full?",
            ) from None


@contextmanager
def _own_style() -> Iterator[None]:
    """Draw the same whatever the user's settings; letters no font has become boxes in silence."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def _write_mp4(frames: Iterator[NDArray[np.uint8]], out: Path, fps: int) -> None:
    import imageio_ffmpeg

    writer = imageio_ffmpeg.write_frames(
        str(out), (WIDTH, HEIGHT), pix_fmt_in="rgba", fps=fps, codec="libx264", quality=None,
        output_params=["-preset", "veryfast", "-crf", "20", "-movflags", "+faststart"],
    )  # fmt: skip
    writer.send(None)
    try:
        for frame in frames:
            writer.send(frame)
    finally:
        writer.close()
    if not out.exists() or not out.stat().st_size:
        raise RuntimeError("ffmpeg wrote nothing")


def _write_gif(
    frames: Iterator[NDArray[np.uint8]], out: Path, fps: int, some: list[NDArray[np.uint8]]
) -> None:
    """Write a GIF with one palette for all frames: the colours of the key, and those of some."""
    from PIL import Image

    inks = (INK, DIM, PAPER, VERMILION, ALERT, MARKS["referred"].colour, *SIDE_COLOURS)
    # The commonest colours alone would lose the rings of those that passed, and their fading.
    rings = [
        alpha * np.array(to_rgb(VERMILION)) + (1.0 - alpha) * np.array(to_rgb(ground))
        for ground in (PAPER, DAY, NIGHT)
        for alpha in np.arange(1, STEPS) / STEPS
    ]
    key = [*(to_rgb(ink) for ink in inks), *rings]
    common = Image.fromarray(np.concatenate(some)).convert("RGB")
    common = common.quantize(240 - len(key), dither=Image.Dither.NONE)
    colours = [round(255 * part) for colour in key for part in colour]
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours + (common.getpalette() or []))
    images = _reduced(frames, palette)
    next(images).save(
        out, save_all=True, append_images=images, duration=round(1000 / fps), loop=0,
        optimize=False,
    )  # fmt: skip


def _reduced(frames: Iterator[NDArray[np.uint8]], palette: Any) -> Iterator[Any]:
    """Give frames in the colours of a palette, undithered, which moves better and packs smaller."""
    from PIL import Image

    for frame in frames:
        image = Image.fromarray(frame).convert("RGB")
        yield image.quantize(palette=palette, dither=Image.Dither.NONE)

"""The line laid out on paper: in its true shape, and a stretch of it straightened."""

import math
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from sim.replay.recording import Floats, Recording, Spot
from sim.world import World

CLOSE_UP_KM = 60.0
SAMPLES = 24
"""Points to a segment, so that what moves along the line follows its bends."""


class Box(NamedTuple):
    """A part of the canvas: its left, bottom, width and height in points of 1280 by 720."""

    x: float
    y: float
    width: float
    height: float


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
    """On which hand of the line each side is: 1 left, -1 right, 0 not there, (sides, segments)."""
    return np.array(
        [
            [
                0.0 if side not in each.sides else 1.0 if side == each.left else -1.0
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
    left = _left(points, [each.sides for each in world.segments])
    view = View(points, left, signs_of(world),
                patrols=4.5, posts=11.0, reach=15.0, spread=1.2, size=1.0)  # fmt: skip
    return view, per_point


def _evenly(line: Floats) -> Floats:
    """Points at even distances along a polyline of lon/lat, its ends included."""
    step = np.diff(line, axis=0)
    step[:, 0] *= np.cos(np.radians(line[:-1, 1]))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*step.T))])
    places = np.linspace(0.0, along[-1], SAMPLES + 1)
    return np.column_stack([np.interp(places, along, axis) for axis in line.T])


def _left(points: Floats, sides: list[tuple[str, str]], smooth: float = 16.0) -> Floats:
    """Give unit vectors to the left of the line, smoothed over some points of the canvas.

    Without smoothing, what is drawn off the line would jump about at every bend. Lines of different
    pairs of countries may meet at any angle and are smoothed apart.
    """
    is_apart = np.hypot(*(points[1:, 0] - points[:-1, -1]).T) > 0.5
    is_apart |= np.array([one != other for one, other in pairwise(sides)], dtype=bool)
    joined = [0, *(1 + np.flatnonzero(is_apart))]
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


def stretch_around(world: World, middle: int, half_km: float = CLOSE_UP_KM) -> range:
    """Segments within some km of one, all between the same two sides."""
    segments = world.segments
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
    return range(ends[0], ends[1] + 1)


def busiest_stretch(recording: Recording) -> range:
    """Give the stretch in which most attempts are."""
    segments = recording.world.segments
    busy = np.bincount(recording.crossings.segment, minlength=len(segments))
    best, most = range(1), -1
    for middle in range(len(segments)):
        stretch = stretch_around(recording.world, middle)
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

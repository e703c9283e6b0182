"""How a sheet is shared out between the map, the close-up, the counts and the key."""

import math
from typing import NamedTuple

import numpy as np

from sim.replay.course import Box, View, busiest_stretch, straightened, true_shape
from sim.replay.recording import Recording

WIDTH, HEIGHT = 1280, 720
"""Size of a picture in points; two runs beside each other have half the width each."""


class Sheet(NamedTuple):
    """A sheet of paper, and where what is on it.

    Parameters
    ----------
    width : points; all are of the same height
    title, clock : above the rest
    map, close, counts, legend : the line, a stretch of it straightened, and so on
    """

    width: int
    title: Box
    clock: Box
    map: Box
    counts: Box
    close: Box
    legend: Box


TALL = Sheet(
    width=WIDTH, title=Box(20, 646, 940, 64), clock=Box(1000, 652, 260, 54),
    map=Box(20, 20, 530, 606), counts=Box(580, 452, 680, 174),
    close=Box(580, 104, 680, 300), legend=Box(580, 20, 680, 40),
)  # fmt: skip
WIDE = TALL._replace(
    map=Box(20, 378, 1240, 248), counts=Box(580, 190, 680, 174),
    close=Box(20, 62, 530, 270), legend=Box(580, 62, 680, 40),
)  # fmt: skip
TALL_HALF = Sheet(
    width=WIDTH // 2, title=Box(20, 646, 390, 64), clock=Box(430, 652, 190, 54),
    map=Box(20, 232, 270, 400), counts=Box(20, 66, 600, 146),
    close=Box(310, 256, 310, 340), legend=Box(20, 10, 600, 40),
)  # fmt: skip
WIDE_HALF = TALL_HALF._replace(map=Box(20, 446, 600, 186), close=Box(20, 256, 600, 154))


class Layout(NamedTuple):
    """Where everything is.

    Parameters
    ----------
    sheet : what it is drawn on
    map : the whole line in its true shape
    km_per_point : kilometres to a point of the canvas on the map
    stretch : the segments in the close-up
    close : the close-up
    """

    sheet: Sheet
    map: View
    km_per_point: float
    stretch: range
    close: View


def lay_out(recording: Recording, stretch: range | None = None) -> Layout:
    """Lay out a recording: the map to the left of the rest, or above it if the line is wide.

    Parameters
    ----------
    recording : what to lay out
    stretch : what the close-up shows, if this is one of two beside each other; else the busiest
    """
    world = recording.world
    lon, lat = np.concatenate([each.polyline for each in world.segments]).T
    is_wide = np.ptp(lon) * math.cos(math.radians(lat.mean())) > 1.6 * np.ptp(lat)
    if stretch is None:
        sheet, stretch = WIDE if is_wide else TALL, busiest_stretch(recording)
    else:
        sheet = WIDE_HALF if is_wide else TALL_HALF
    close = straightened(world, stretch, sheet.close)
    return Layout(sheet, *true_shape(world, sheet.map), stretch, close)

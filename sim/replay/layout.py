"""How the canvas is shared out between the map, the close-up, the counts and the key."""

import math
from typing import NamedTuple

import numpy as np

from sim.replay.course import Box, View, busiest_stretch, straightened, true_shape
from sim.replay.recording import Recording

WIDTH, HEIGHT = 1280, 720

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


class Layout(NamedTuple):
    """Where everything is.

    Parameters
    ----------
    boxes : of the map, the counts, the close-up and the legend
    map : the whole line in its true shape
    km_per_point : kilometres to a point of the canvas on the map
    stretch : the segments in the close-up
    close : the close-up
    """

    boxes: dict[str, Box]
    map: View
    km_per_point: float
    stretch: range
    close: View


def lay_out(recording: Recording) -> Layout:
    """Lay out a recording: the map to the left of the rest, or above it if the line is wide."""
    world = recording.world
    lon, lat = np.concatenate([each.polyline for each in world.segments]).T
    is_wide = np.ptp(lon) * math.cos(math.radians(lat.mean())) > 1.6 * np.ptp(lat)
    boxes = WIDE if is_wide else TALL
    stretch = busiest_stretch(recording)
    close = straightened(world, stretch, boxes["close"])
    return Layout(boxes, *true_shape(world, boxes["map"]), stretch, close)

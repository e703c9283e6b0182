"""One run in a picture, or two beside each other at the same moment."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.replay.course import busiest_stretch
from sim.replay.layout import HEIGHT
from sim.replay.picture import Picture
from sim.replay.recording import Recording

GREY = 150


class Pictures:
    """Pictures of one run, or of two of the same world, in one frame of 16 to 9.

    Parameters
    ----------
    recordings : one, or two; both show the stretch that is busiest in the first
    height : of the frame, pixels
    """

    def __init__(self, recordings: Sequence[Recording], height: int = HEIGHT) -> None:
        stretch = busiest_stretch(recordings[0]) if len(recordings) > 1 else None
        self._pictures = [Picture(each, height, stretch) for each in recordings]
        self._frame: NDArray[np.uint8] | None = None

    def frame(self, time: float) -> NDArray[np.uint8]:
        """Draw a moment, h, as by `Picture.frame`: (height, width, 4), overwritten by the next."""
        parts = [picture.frame(time) for picture in self._pictures]
        if len(parts) == 1:
            return parts[0]
        self._frame = np.concatenate(parts, axis=1, out=self._frame)
        self._frame[:, parts[0].shape[1], :3] = GREY
        return self._frame

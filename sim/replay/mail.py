"""Messages on their way at any time, from post to post."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.replay.recording import Floats, Recording


class OnTheirWay(NamedTuple):
    """Messages at a time.

    Attributes
    ----------
    author, reader : numbers of the posts between which each goes; of several authors, the first
    part : how far each is, 0 to 1
    """

    author: NDArray[np.int64]
    reader: NDArray[np.int64]
    part: Floats


class Mail:
    """The messages of a recording in order of sending, with where they go.

    Parameters
    ----------
    recording : the run
    """

    def __init__(self, recording: Recording) -> None:
        messages = recording.messages
        self._sent, self._arrival = messages.sent, messages.arrival
        self._longest = float((self._arrival - self._sent).max(initial=0.0))
        first = messages.authors[messages.author_offsets[:-1]]
        self._author = first[messages.channel]
        self._reader = messages.reader[messages.channel]

    def at(self, time: float) -> OnTheirWay:
        """Say which are on their way at a time, h."""
        low, high = np.searchsorted(self._sent, [time - self._longest, time], side="right")
        rows = low + np.flatnonzero(self._arrival[low:high] > time)
        way = self._arrival[rows] - self._sent[rows]
        part: Floats = (time - self._sent[rows]) / np.maximum(way, 1e-9)
        return OnTheirWay(self._author[rows], self._reader[rows], part)

"""What posts believed, shift by shift, in a byte for each segment in view."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.agents.belief import Belief

LOWEST = 5e-4
"""Attempts a day; below it, nothing is told apart."""

STEP = 1.04
"""One level is four per cent above the one below, so that 255 levels reach 11 attempts a day."""


def levels_of(means: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Round believed attempts a day to levels: 0 up to `LOWEST`, and a factor `STEP` for each."""
    steps = np.log(np.maximum(means, LOWEST) / LOWEST) / np.log(STEP)
    levels: NDArray[np.uint8] = np.clip(np.rint(steps), 0, 255).astype(np.uint8)
    return levels


@dataclass(frozen=True)
class Beliefs:
    """What each post believed when a shift began.

    Attributes
    ----------
    views : the segments in view of each post, one post after another
    offsets : where those of each post begin; one more than there are posts
    levels : believed attempts a day of all kinds, as by `levels_of`, (shifts, segments in view)
    """

    views: NDArray[np.int64]
    offsets: NDArray[np.int64]
    levels: NDArray[np.uint8]


class Pictures:
    """Takes down what posts believe as they decide."""

    def __init__(self) -> None:
        self._views: dict[int, tuple[int, ...]] = {}
        self._shifts: list[dict[int, NDArray[np.uint8]]] = []

    def open(self) -> None:
        """Begin a shift."""
        self._shifts.append({})

    def take(self, post: int, belief: Belief) -> None:
        """Take down the belief of a post."""
        self._views[post] = belief.view
        self._shifts[-1][post] = levels_of(belief.mean.sum(axis=0))

    def beliefs(self) -> Beliefs:
        """Give all that was taken down."""
        posts = sorted(self._views)
        lengths = [len(self._views[post]) for post in posts]
        return Beliefs(
            views=np.array([each for post in posts for each in self._views[post]], dtype=np.int64),
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            levels=np.array(
                [np.concatenate([shift[post] for post in posts]) for shift in self._shifts],
                dtype=np.uint8,
            ),
        )

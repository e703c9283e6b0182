"""Where the patrols of a shift are: all at once, which a film needs thirty times a second."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.replay.recording import Flags, Floats, Leg

GLIDE_HOURS = 0.5
"""Time in which a patrol that was held up is drawn back to its round; the model has it jump."""


class Whereabouts(NamedTuple):
    """Where patrols are at a time: between two places each.

    Attributes
    ----------
    first, second : segment, share of it (0 to 1) and `away` (0 on a beat, 1 at a post), (legs, 3)
    part : how far from the first place to the second, 0 to 1
    busy : whether each is taken up by a pursuit
    """

    first: Floats
    second: Floats
    part: Floats
    busy: Flags


class Walks:
    """The legs of one shift in columns.

    Parameters
    ----------
    legs : what each patrol does in the shift

    Attributes
    ----------
    side : index of the side of each
    company : number of the post across the line that walks along, -1 if none
    rank : counts the patrols of each post from 0, at most three abreast
    """

    def __init__(self, legs: Sequence[Leg]) -> None:
        routes = [leg.route for leg in legs]
        longest = max((len(route.beat.segments) for route in routes), default=1)
        pauses = max((len(leg.pauses) for leg in legs), default=0)
        self.side = np.array([leg.side for leg in legs], dtype=np.int64)
        self.company = np.array([leg.company for leg in legs], dtype=np.int64)
        self.rank = _ranks(legs)
        self._home = np.array([leg.home for leg in legs], dtype=float).reshape(-1, 3)
        self._arrive = np.array([route.arrive for route in routes])
        self._leave = np.array([route.leave for route in routes])
        self._phase = np.array([route.phase for route in routes])
        self._slowdown = np.array([route.slowdown for route in routes])
        self._hours = np.array([route.beat.hours for route in routes])
        self._access = np.maximum([route.beat.access_hours for route in routes], 1e-9)
        # Beats differ in length, and patrols in pursuits: what is missing never comes.
        self._segments = np.zeros((len(legs), longest))
        self._bounds = np.full((len(legs), longest, 2), np.inf)
        self._pauses = np.full((len(legs), pauses + 1, 2), np.inf)
        for row, leg in enumerate(legs):
            count = len(leg.route.beat.segments)
            self._segments[row, :count] = leg.route.beat.segments
            self._bounds[row, :count] = leg.route.beat.bounds
            self._pauses[row, : len(leg.pauses)] = np.reshape(leg.pauses, (-1, 2))

    def at(self, time: float) -> Whereabouts:
        """Say where all are at a time in the shift, h.

        The model knows only how long the way to the beat takes; it is drawn as a straight one.
        """
        on_way, back = time < self._arrive, time > self._leave
        before = (self._pauses[..., 0] <= time).sum(axis=1) - 1
        begin, end = self._pauses[np.arange(len(before)), before].T
        held = (before >= 0) & ~on_way & ~back
        start = np.where(held, np.maximum(begin, self._arrive), time)
        first = self._walking(np.where(back, self._leave, start))
        second = self._walking(np.where(on_way, self._arrive, time))
        part = np.where(held, np.clip((time - end) / GLIDE_HOURS, 0.0, 1.0), 0.0)
        part = np.where(on_way, np.maximum(0.0, 1.0 - (self._arrive - time) / self._access), part)
        part = np.where(back, np.minimum(1.0, (time - self._leave) / self._access), part)
        idle = self._leave <= self._arrive
        part[idle] = 0.0
        first[on_way | idle] = self._home[on_way | idle]
        second[back | idle] = self._home[back | idle]
        taken = (self._pauses[..., 0] <= time) & (time < self._pauses[..., 1])
        return Whereabouts(first, second, part, np.asarray(taken.any(axis=1)))

    def _walking(self, time: Floats) -> Floats:
        """Where all would be on their beats, each at a time of its own."""
        length = self._hours * self._slowdown
        turn = (self._phase + time - self._arrive) % (2.0 * length)
        place = np.minimum(turn, 2.0 * length - turn) / self._slowdown
        last = np.isfinite(self._bounds[..., 1]).sum(axis=1) - 1
        at = np.minimum((place[:, None] > self._bounds[..., 1]).sum(axis=1), last)
        everyone = np.arange(len(at))
        low, high = self._bounds[everyone, at].T
        share = np.clip((place - low) / (high - low), 0.0, 1.0)
        return np.column_stack([self._segments[everyone, at], share, np.zeros(len(at))])


def _ranks(legs: Sequence[Leg]) -> NDArray[np.int64]:
    """Count the patrols of each post from 0, at most three abreast."""
    counts: dict[int, int] = {}
    ranks = []
    for leg in legs:
        ranks.append(counts.get(leg.post, 0) % 3)
        counts[leg.post] = counts.get(leg.post, 0) + 1
    return np.array(ranks, dtype=np.int64)

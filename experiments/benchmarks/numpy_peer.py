"""The moves of `moves.py` in plain NumPy: an agent is a place in arrays, a tick some operations."""

import numpy as np
from moves import Moves


class NumpyPeer:
    """Patrols and groups on a line.

    Attributes
    ----------
    attempts, detected : so far
    """

    def __init__(self, moves: Moves, rng: int = 1):
        self.random = np.random.default_rng(rng)
        self.beat = np.array(moves.beats)
        self.beat_km = np.array(moves.beat_km)
        directions = self.random.choice((-1.0, 1.0), len(self.beat))
        self.step_km = np.array(moves.step_km) * directions
        self.place = self.random.random(len(self.beat)) * self.beat_km
        self.options = np.array(moves.options)
        self.option_km = np.array(moves.option_km)
        self.chance = np.array(moves.chances)
        self.exposed_ticks = np.array(moves.exposed_ticks)
        self.ticks_left = np.zeros(len(self.chance), dtype=int)
        self.segment = np.zeros(len(self.chance), dtype=int)
        self.km = np.zeros(len(self.chance))
        self.detection = moves.detection
        self.attempts = self.detected = 0

    def step(self):
        """Let a tick pass."""
        self._set_out()
        low, high = self._walk()
        self._meet(low, high)

    def _set_out(self):
        """Let groups under way go on and others set out."""
        home = self.ticks_left == 0
        self.ticks_left[~home] -= 1
        out = np.flatnonzero(home & (self.random.random(len(home)) < self.chance))
        choice = self.random.integers(self.options.shape[1], size=len(out))
        self.segment[out] = self.options[out, choice]
        self.km[out] = self.random.random(len(out)) * self.option_km[out, choice]
        self.ticks_left[out] = self.exposed_ticks[out]
        self.attempts += len(out)

    def _walk(self):
        """Let patrols walk on; give between which places."""
        begin = self.place
        end = begin + self.step_km
        under, over = end < 0.0, end > self.beat_km
        end = np.where(under, -end, np.where(over, 2.0 * self.beat_km - end, end))
        self.step_km = np.where(under | over, -self.step_km, self.step_km)
        self.place = end
        return np.minimum(begin, end), np.maximum(begin, end)

    def _meet(self, low, high):
        """Let patrols detect groups that they pass, or not; patrols are in order of segment."""
        crossing = np.flatnonzero(self.ticks_left)
        first = np.searchsorted(self.beat, self.segment[crossing])
        count = np.searchsorted(self.beat, self.segment[crossing], side="right") - first
        group = np.repeat(crossing, count)
        offset = np.arange(len(group)) - np.repeat(np.cumsum(count) - count, count)
        patrol = np.repeat(first, count) + offset
        passed = (low[patrol] <= self.km[group]) & (self.km[group] < high[patrol])
        seen = passed & (self.random.random(len(group)) < self.detection)
        found = np.unique(group[seen])
        self.ticks_left[found] = 0
        self.detected += len(found)

    def advance(self, ticks):
        """Let so many ticks pass."""
        for _ in range(ticks):
            self.step()

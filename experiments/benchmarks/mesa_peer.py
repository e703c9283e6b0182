"""The moves of `moves.py` in Mesa: an agent is an object, a tick calls each once."""

from collections import defaultdict

import mesa
from moves import Moves


class Patrol(mesa.Agent):
    """Walks back and forth on its segment."""

    def __init__(self, model, beat, beat_km, step_km):
        super().__init__(model)
        self.beat = beat
        self.beat_km = beat_km
        self.step_km = step_km * self.random.choice((-1.0, 1.0))
        self.km = self.random.random() * beat_km

    def step(self):
        """Walk on, and look at those passed."""
        begin = self.km
        end = begin + self.step_km
        if not 0.0 <= end <= self.beat_km:
            self.step_km = -self.step_km
            end = -end if end < 0.0 else 2.0 * self.beat_km - end
        self.km = end
        low, high = min(begin, end), max(begin, end)
        for group in tuple(self.model.crossing[self.beat]):
            if group.ticks_left and low <= group.km < high:
                self.model.meet(group)


class Group(mesa.Agent):
    """Sets out now and then, and is exposed for a while."""

    def __init__(self, model, options, option_km, chance, exposed_ticks):
        super().__init__(model)
        self.options = list(zip(options, option_km, strict=True))
        self.chance = chance
        self.exposed_ticks = exposed_ticks
        self.ticks_left = 0

    def step(self):
        """Go on, or set out."""
        if self.ticks_left:
            self.ticks_left -= 1
            if not self.ticks_left:
                self.model.crossing[self.segment].remove(self)
        elif self.random.random() < self.chance:
            self.segment, length = self.random.choice(self.options)
            self.km = self.random.random() * length
            self.ticks_left = self.exposed_ticks
            self.model.crossing[self.segment].append(self)
            self.model.attempts += 1


class MesaPeer(mesa.Model):
    """Patrols and groups on a line.

    Attributes
    ----------
    crossing : groups under way, by segment
    attempts, detected : so far
    """

    def __init__(self, moves: Moves, rng: int = 1):
        super().__init__(rng=rng)
        self.detection = moves.detection
        self.crossing = defaultdict(list)
        self.attempts = self.detected = 0
        for each in zip(moves.beats, moves.beat_km, moves.step_km, strict=True):
            Patrol(self, *each)
        groups = (moves.options, moves.option_km, moves.chances, moves.exposed_ticks)
        for each in zip(*groups, strict=True):
            Group(self, *each)

    def meet(self, group):
        """Let a patrol detect a group that it passes, or not."""
        if self.random.random() < self.detection:
            self.detected += 1
            group.ticks_left = 0
            self.crossing[group.segment].remove(group)

    def step(self):
        """Let a tick pass."""
        self.agents_by_type[Group].do("step")
        self.agents_by_type[Patrol].do("step")

    def advance(self, ticks):
        """Let so many ticks pass."""
        for _ in range(ticks):
            self.step()

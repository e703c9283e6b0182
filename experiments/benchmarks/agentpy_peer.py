"""The moves of `moves.py` in agentpy: lists of agents whose methods are called as one."""

from collections import defaultdict

import agentpy
from moves import Moves


class Patrol(agentpy.Agent):
    """Walks back and forth on its segment."""

    def setup(self, beat, beat_km, step_km):
        """Begin somewhere on a segment."""
        self.beat = beat
        self.beat_km = beat_km
        self.step_km = step_km * self.model.random.choice((-1.0, 1.0))
        self.km = self.model.random.random() * beat_km

    def walk(self):
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


class Group(agentpy.Agent):
    """Sets out now and then, and is exposed for a while."""

    def setup(self, options, chance, exposed_ticks):
        """Stay at home."""
        self.options = options
        self.chance = chance
        self.exposed_ticks = exposed_ticks
        self.ticks_left = 0

    def act(self):
        """Go on, or set out."""
        if self.ticks_left:
            self.ticks_left -= 1
            if not self.ticks_left:
                self.model.crossing[self.segment].remove(self)
        elif self.model.random.random() < self.chance:
            self.segment, length = self.model.random.choice(self.options)
            self.km = self.model.random.random() * length
            self.ticks_left = self.exposed_ticks
            self.model.crossing[self.segment].append(self)
            self.model.attempts += 1


class _Border(agentpy.Model):
    """Patrols and groups on a line, from the parameter `moves`."""

    def setup(self):
        """Create them."""
        moves = self.p.moves
        self.crossing = defaultdict(list)
        self.attempts = self.detected = 0
        self.patrols = agentpy.AgentList(
            self,
            len(moves.beats),
            Patrol,
            beat=agentpy.AttrIter(moves.beats),
            beat_km=agentpy.AttrIter(moves.beat_km),
            step_km=agentpy.AttrIter(moves.step_km),
        )
        options = [
            list(zip(*each, strict=True))
            for each in zip(moves.options, moves.option_km, strict=True)
        ]
        self.groups = agentpy.AgentList(
            self,
            len(options),
            Group,
            options=agentpy.AttrIter(options),
            chance=agentpy.AttrIter(moves.chances),
            exposed_ticks=agentpy.AttrIter(moves.exposed_ticks),
        )

    def meet(self, group):
        """Let a patrol detect a group that it passes, or not."""
        if self.random.random() < self.p.moves.detection:
            self.detected += 1
            group.ticks_left = 0
            self.crossing[group.segment].remove(group)

    def step(self):
        """Let a tick pass."""
        self.groups.act()
        self.patrols.walk()


class AgentpyPeer:
    """Patrols and groups on a line; attributes as of `mesa_peer.MesaPeer`."""

    def __init__(self, moves: Moves, rng: int = 1):
        self.model = _Border({"moves": moves, "seed": rng})
        self.model.sim_setup()

    @property
    def attempts(self):
        """How often a group set out."""
        return self.model.attempts

    @property
    def detected(self):
        """How often one was detected."""
        return self.model.detected

    def advance(self, ticks):
        """Let so many ticks pass."""
        for _ in range(ticks):
            self.model.sim_step()

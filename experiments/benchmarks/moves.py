"""The same agents and moves for three frameworks: what is walked, by whom, and where.

Every quarter of an hour each patrol on duty walks on, back and forth on its segment. A group at
home sets out with a chance that follows from its rate, to one of its segments and a place on it,
and is exposed there for as long as its crime takes on the side it starts from. If the way a patrol
walked in the tick leads past the place, it detects the group with a fixed chance, and the group is
back home; so it is when it is through. There is no deciding, believing, telling and learning, which
leaves what a framework costs by itself.
"""

from dataclasses import dataclass

from sim import Scenario
from sim.scenario.parameters import for_side
from sim.world import build_world

TICK_HOURS = 0.25


@dataclass(frozen=True)
class Moves:
    """Who moves where.

    Attributes
    ----------
    beats : segment of each patrol on duty, ascending
    beat_km : length of that segment
    step_km : way of each patrol in a tick
    options : for each group, its segments
    option_km : their lengths
    chances : for each group, of setting out in a tick
    exposed_ticks : for each group, how long a crossing takes
    detection : chance that a patrol detects a group that it passes
    """

    beats: list[int]
    beat_km: list[float]
    step_km: list[float]
    options: list[list[int]]
    option_km: list[list[float]]
    chances: list[float]
    exposed_ticks: list[int]
    detection: float

    @property
    def agents(self) -> int:
        """Patrols and groups; each takes a step in each tick."""
        return len(self.beats) + len(self.options)

    @property
    def attempts_per_day(self) -> float:
        """How many attempts are to be expected; who is under way does not set out again."""
        per_tick = [
            chance / (1.0 + chance * ticks)
            for chance, ticks in zip(self.chances, self.exposed_ticks, strict=True)
        ]
        return sum(per_tick) * 24.0 / TICK_HOURS


def moves_of(scenario: Scenario, lines: int = 1) -> Moves:
    """Take patrols and groups from a scenario.

    Parameters
    ----------
    scenario : whose line, posts, patrols, groups and rates they are
    lines : how many such lines there are, side by side
    """
    world, patrols = build_world(scenario), scenario.patrols
    kilometres = [segment.length_km for segment in world.segments]
    speeds = [scenario.world.speed_kmh[segment.relief - 1] for segment in world.segments]
    beats = [
        post.sector[turn % len(post.sector)]
        for post in world.posts
        for turn in range(for_side(patrols.per_post, post.side) // patrols.duty_cycle_shifts)
    ]
    size = len(world.segments)
    moves = Moves([], [], [], [], [], [], [], patrols.detection)
    for line in range(lines):
        for beat in sorted(beats):
            moves.beats.append(line * size + beat)
            moves.beat_km.append(kilometres[beat])
            moves.step_km.append(speeds[beat] * TICK_HOURS)
        for kind in scenario.groups:
            exposed = for_side(scenario.crimes[kind.crime].exposure_hours, kind.origin)
            for turn in range(kind.count):
                middle = (2 * turn + 1) * size // (2 * kind.count)
                near = sorted(range(size), key=lambda each: abs(each - middle))
                near = near[: kind.reach_segments]
                moves.options.append([line * size + each for each in near])
                moves.option_km.append([kilometres[each] for each in near])
                moves.chances.append(kind.attempts_per_day * TICK_HOURS / 24.0)
                moves.exposed_ticks.append(round(exposed / TICK_HOURS))
    return moves

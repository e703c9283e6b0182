"""The markers of the line: what is damaged, who noticed, what is signed and repaired."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.agents import Post, Shift, Stage
from sim.draws import Purpose, exponential
from sim.rules.encounter import wear_rate


@dataclass(slots=True)
class Damage:
    """A marker that is damaged.

    Attributes
    ----------
    number : occasion·segments + segment, the same under every policy
    segment : where
    since : when it was damaged, h
    noticed : when each side noticed or was told, h
    signed : when minutes on it were signed, h; None if they were not
    """

    number: int
    segment: int
    since: float
    noticed: dict[str, float] = field(default_factory=dict)
    signed: float | None = None


class Markers:
    """Damage from its beginning to its repair, which needs minutes signed by both sides.

    Parameters
    ----------
    stage : setting of the run

    Attributes
    ----------
    open : damage that is not repaired, by number
    to_repair : damage signed lately, with the time at which it will be repaired
    repaired, days_to_repair : how many were repaired, and how long that took in all
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.open: dict[int, Damage] = {}
        self.on: dict[int, list[Damage]] = {}
        self.to_repair: list[tuple[float, Damage, frozenset[str]]] = []
        self.repaired = 0
        self.days_to_repair = 0.0

    def wait(self, segment: int, occasion: int) -> float | None:
        """Time until the next damage on a segment, a Poisson process, h; None if there is none."""
        world = self.stage.scenario.world
        length = self.stage.world.segments[segment].length_km
        rate = wear_rate(world.markers_per_km, length, world.marker_damage_per_year)
        if rate <= 0.0:
            return None
        return exponential(self.stage.chance.uniform(Purpose.WEAR, segment, occasion)) / rate

    def damage(self, segment: int, occasion: int, time: float) -> None:
        """Take note that a marker is damaged."""
        number = occasion * len(self.stage.world.segments) + segment
        self.open[number] = damage = Damage(number, segment, time)
        self.on.setdefault(segment, []).append(damage)

    def inspect(self, side: str, segments: Sequence[int], shift: Shift, chance: float) -> None:
        """Let a side look for damage, and find each with a probability."""
        part = self.stage.world.sides.index(side)
        for segment in segments:
            for damage in self.on.get(segment, ()):
                if side not in damage.noticed:
                    draw = self.stage.chance.uniform(
                        Purpose.MARKER, damage.number, shift.number, part
                    )
                    if draw < chance:
                        damage.noticed[side] = shift.end

    def inspect_walked(self, post: Post, shift: Shift) -> None:
        """Let the patrols of a post that went out look at the markers they pass."""
        walked = {
            segment
            for patrol in post.team
            if patrol.route is not None and patrol.route.leave > patrol.route.arrive
            for segment in patrol.route.beat.segments
        }
        chance = self.stage.scenario.world.marker_inspection
        self.inspect(post.side, sorted(walked), shift, chance)

    def tell(self, author: str, reader: str, segments: Sequence[int], until: float) -> None:
        """Let a side know of the damage that another had noticed by a time."""
        for segment in segments:
            for damage in self.on.get(segment, ()):
                noticed = damage.noticed.get(author)
                if noticed is not None and noticed <= until:
                    damage.noticed.setdefault(reader, until)

    def sign(self, sides: frozenset[str], segments: Sequence[int], time: float) -> None:
        """Let two sides sign minutes on all damage that both have noticed."""
        days = self.stage.scenario.world.marker_repair_days
        for segment in segments:
            for damage in self.on.get(segment, ()):
                if damage.signed is None and sides <= set(damage.noticed):
                    damage.signed = time
                    share = self.stage.chance.uniform(Purpose.REPAIR, damage.number)
                    done = time + 24.0 * days * exponential(share)
                    self.to_repair.append((done, damage, sides))

    def repair(self, number: int, time: float) -> int:
        """Take note of a repair.

        Returns
        -------
        The segment.
        """
        damage = self.open.pop(number)
        self.on[damage.segment].remove(damage)
        self.repaired += 1
        self.days_to_repair += (time - damage.since) / 24.0
        return damage.segment

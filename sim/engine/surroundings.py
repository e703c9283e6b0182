"""What happens around the agents whatever they do: nights, weather, lawful people."""

from dataclasses import dataclass

from sim.agents import Shift, Stage
from sim.draws import Purpose, poisson
from sim.rules.encounter import darkness
from sim.scenario.injects import GateClosure
from sim.world.border import Segment

ENDINGS_OF_MONTHS = (31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)


@dataclass(frozen=True, slots=True)
class LawfulDay:
    """Lawful people that cross on a day.

    Attributes
    ----------
    by_segment : away from gates, by segment
    by_gate : at gates, by segment
    """

    by_segment: dict[int, int]
    by_gate: dict[int, int]

    @property
    def at_gates(self) -> int:
        """At all gates together."""
        return sum(self.by_gate.values())

    @property
    def away(self) -> int:
        """Away from gates, on all segments together."""
        return sum(self.by_segment.values())


class Surroundings:
    """The nights, the weather and the lawful traffic of a run; no policy changes them.

    Parameters
    ----------
    stage : setting of the run
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        injects = stage.scenario.injects
        self._closures = [each for each in injects if isinstance(each, GateClosure)]
        self._day = -1
        self._lawful = LawfulDay({}, {})

    def shift(
        self, number: int, start: float, end: float, slowdown: dict[str, float] | None = None
    ) -> Shift:
        """Lay out a shift.

        Parameters
        ----------
        number : of the shift
        start, end : h since the start of the run
        slowdown : by province, as expected beforehand; as the weather is, if missing
        """
        world = self.stage.scenario.world
        dark = darkness(start, end, world.dusk_hour, world.dawn_hour)
        return Shift(number, start, end, dark, slowdown or self._weather(int(start // 24.0)))

    def _weather(self, day: int) -> dict[str, float]:
        """Slowdown of ways by province; provinces under one sky share it."""
        world, month = self.stage.scenario.world, self._month(day)
        draw, likely = self.stage.chance.uniform, world.wet_days[month]
        return {
            province: world.wet_slowdown if draw(Purpose.WEATHER, sky, day) < likely else 1.0
            for province, sky in self.stage.world.skies.items()
        }

    def _month(self, day: int) -> int:
        """Month of a day of the run, 0 for January; years have 365 days."""
        before = (0, *ENDINGS_OF_MONTHS)[self.stage.scenario.time.start_month - 1]
        date = (before + day) % 365
        return next(month for month, end in enumerate(ENDINGS_OF_MONTHS) if date < end)

    def lawful_on(self, day: int) -> LawfulDay:
        """Give the lawful people that cross on a day."""
        if day != self._day:
            self._day = day
            self._lawful = self._draw_lawful(day)
        return self._lawful

    def _draw_lawful(self, day: int) -> LawfulDay:
        community, draw = self.stage.scenario.community, self.stage.chance.uniform
        segments = self.stage.world.segments
        by_segment = {
            segment.number: poisson(
                community.lawful_per_segment, draw(Purpose.LAWFUL, segment.number, day)
            )
            for segment in segments
        }
        by_gate: dict[int, int] = {}
        means = community.people_at_gates
        for segment in segments:
            if segment.gate in means:
                people = poisson(means[segment.gate], draw(Purpose.LAWFUL, segment.number, day, 1))
                closure = self._closure(segment, 24.0 * day)
                if closure is None:
                    by_gate[segment.number] = people
                else:
                    by_segment[segment.number] += round(closure.diverted * people)
        return LawfulDay(by_segment, by_gate)

    def _closure(self, segment: Segment, hour: float) -> GateClosure | None:
        """The inject that keeps the gate of a segment closed at an hour, if there is one."""
        return next(
            (
                closure
                for closure in self._closures
                if closure.covers(hour)
                and (not closure.provinces or set(closure.provinces) & set(segment.provinces))
            ),
            None,
        )

"""Beats and routes: where a patrol walks, in hours of walking."""

from dataclasses import dataclass, field
from functools import lru_cache
from math import fsum

from sim.rules.barrier import pass_time, patrol_exposure, place_on_beat
from sim.scenario import Scenario
from sim.world import World
from sim.world.sites import PostSite

_exposure = lru_cache(maxsize=100_000)(patrol_exposure)


@dataclass(frozen=True, slots=True)
class Beat:
    """A run of segments that a patrol walks back and forth.

    Attributes
    ----------
    segments : their numbers, along the line
    bounds : where each begins and ends, h of walking on a dry day from the start of the beat
    access_hours : the way from the post, h
    """

    segments: tuple[int, ...]
    bounds: tuple[tuple[float, float], ...]
    access_hours: float

    @property
    def hours(self) -> float:
        """One-way length, h of walking on a dry day."""
        return self.bounds[-1][1]

    def bounds_of(self, segment: int) -> tuple[float, float]:
        """Where a segment begins and ends on the beat, h of walking on a dry day."""
        return self.bounds[self.segments.index(segment)]

    def exposure(
        self, segment: int, window: float, on_site: float, slowdown: float, chance: float
    ) -> float:
        """Hours of crossing starts on a segment that one patrol on the beat would detect."""
        begin, end = self.bounds_of(segment)
        return _exposure(
            window, on_site, self.hours * slowdown, begin * slowdown, end * slowdown, chance
        )


def beats_of(site: PostSite, scenario: Scenario, world: World) -> list[Beat]:
    """Give the beats of a post: every run of so many neighbouring segments of its sector."""
    count = min(scenario.patrols.beat_segments, len(site.sector))
    return [
        beat_of(site, first, count, scenario, world)
        for first in range(len(site.sector) - count + 1)
    ]


def beat_of(site: PostSite, first: int, count: int, scenario: Scenario, world: World) -> Beat:
    """Give the beat over so many segments of a post's sector from the one at an index."""
    lengths = [world.segments[number].length_km for number in site.sector]
    bounds = []
    walked = 0.0
    for number in site.sector[first : first + count]:
        segment = world.segments[number]
        hours = segment.length_km / scenario.world.speed_kmh[segment.relief - 1]
        bounds.append((walked, walked + hours))
        walked += hours
    middle = fsum(lengths[:first]) + fsum(lengths[first : first + count]) / 2.0
    access = abs(middle - fsum(lengths) / 2.0) / scenario.world.vehicle_kmh
    return Beat(site.sector[first : first + count], tuple(bounds), access)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task that takes one team of a post out of the post's own plan for a shift.

    Attributes
    ----------
    beat : where
    authority : sides on which the team may act
    leads : whether this team walks the route; the partner's team goes along with it
    shift : number of the shift
    """

    beat: Beat
    authority: frozenset[str]
    leads: bool
    # What a task covers does not depend on when it is.
    shift: int = field(compare=False)


@dataclass(slots=True)
class Route:
    """A patrol's walk in one shift.

    Attributes
    ----------
    beat : where
    arrive, leave : when it is on its beat, h; empty if leave is not after arrive
    phase : how far into its round it is at `arrive`, h
    slowdown : time its ways take relative to a dry day
    """

    beat: Beat
    arrive: float
    leave: float
    phase: float
    slowdown: float

    def place_at(self, time: float) -> float:
        """Where it is on its beat, h of walking on a dry day from the start of the beat."""
        length = self.beat.hours * self.slowdown
        return place_on_beat(self.phase + time - self.arrive, length) / self.slowdown

    def segment_at(self, time: float) -> tuple[int, float]:
        """On which segment it is, and where along that, 0 to 1."""
        place = self.place_at(time)
        for segment, (begin, end) in zip(self.beat.segments, self.beat.bounds, strict=True):
            if place <= end:
                return segment, (place - begin) / (end - begin)
        return self.beat.segments[-1], 1.0

    def pass_within(
        self, segment: int, place: float, begin: float, end: float, reach: float, number: int
    ) -> float | None:
        """When it passes a place for the n-th time in a window.

        Parameters
        ----------
        segment, place : where, 0 to 1 along the segment
        begin, end : the window, h
        reach : time before and after a pass in which the place is within its sweep, h
        number : 0 for the first pass

        Returns
        -------
        Time at which patrol and crosser are both there, h; None if there is no such pass.
        """
        first = max(begin - reach, self.arrive)
        last = min(end + reach, self.leave)
        if first >= last:
            return None
        low, high = self.beat.bounds_of(segment)
        spot = (low + place * (high - low)) * self.slowdown
        length = self.beat.hours * self.slowdown
        time = pass_time(number, first, spot, length, self.phase, self.arrive)
        return min(max(time, begin), end) if time < last else None

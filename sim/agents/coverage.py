"""What patrols cover: the chance to detect, and the exposure that beliefs grow by."""

from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from sim.agents.beat import Assignment, Beat, beats_of
from sim.agents.belief import Belief, Table
from sim.agents.stage import Shift, Stage
from sim.rules.cooperation import covered_together
from sim.rules.encounter import sensor_chance
from sim.world.sites import PostSite

Seen = NDArray[np.float64]
"""Finds, and days of full exposure, (2, crime types, segments in view)."""

_KEPT = 5_000
"""Searches kept at most; beyond that the ways a shift can be hardly repeat."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a post's patrols cover in a shift.

    Attributes
    ----------
    patrol : exposure by patrols, sensors and what people tell in time, (2, crime types, segments in
        view), finds left at 0
    inland : exposure by what is learnt later inland, of what they miss
    both : their sum
    lawful : days of lawful crossings that patrols would stop, each person once, by segment
    """

    patrol: Seen
    inland: Seen
    both: Seen
    lawful: dict[int, float]


class Coverage:
    """What the means of a post can cover, worked out once for each way a shift can be.

    A crosser exposed across a change of shift counts towards the exposure of both shifts though it
    is found once, so that beliefs of posts that stay on a beat are a few per cent low.

    Parameters
    ----------
    stage : setting of the run
    site : the post
    belief : its belief, for the segments in view

    Attributes
    ----------
    beats : the beats its patrols can walk
    keenness : how well each crime type is detected, relative to the untrained
    mobility : speed of its vehicles, relative to those it started with
    sensors : segments with a sensor, one entry for each
    told : share of crossings that people tell the post of in time, by segment of the sector
    """

    def __init__(self, stage: Stage, site: PostSite, belief: Belief) -> None:
        self.stage = stage
        self.site = site
        self.shape = belief.shape
        self.index = belief.index
        self.beats = beats_of(site, stage.scenario, stage.world)
        self.keenness = [1.0] * len(stage.crimes)
        self.mobility = 1.0
        self.sensors: tuple[int, ...] = ()
        self.told: tuple[float, ...] = (0.0,) * len(site.sector)
        self._covers: dict[tuple[float, ...], tuple[Table, list[list[float]]]] = {}
        self._searches: dict[tuple[object, ...], Search] = {}
        self.arrivals = np.array(
            [
                [stage.arrival_share(crime, site.side, site.across)]
                for crime in range(len(stage.crimes))
            ]
        )

    def change(self) -> None:
        """Work everything out anew, after a change of keenness or mobility."""
        self._covers.clear()
        self._searches.clear()

    def access(self, beat: Beat) -> float:
        """Time of the way to a beat, h."""
        return beat.access_hours / self.mobility

    def by_beat(self, shift: Shift) -> tuple[Table, list[list[float]]]:
        """Detection probability by one patrol on each beat.

        Returns
        -------
        By beat, crime type and segment in view; and the mean over crime types, by beat and
        segment of the sector.
        """
        slowdown = shift.slowdown[self.site.province]
        key = (shift.hours, slowdown, shift.dark)
        if key not in self._covers:
            covers = np.array(
                [
                    self._cover(beat, shift.hours - 2.0 * self.access(beat), shift)
                    for beat in self.beats
                ]
            )
            averages = covers.mean(axis=1)[:, : len(self.site.sector)]
            self._covers[key] = covers, averages.tolist()
        return self._covers[key]

    def _cover(
        self, beat: Beat, on_site: float, shift: Shift, sides: frozenset[str] | None = None
    ) -> Table:
        """Detection probability by one patrol on a beat, (crime types, segments in view)."""
        authority = sorted(sides or {self.site.side})
        stage, patrols = self.stage, self.stage.scenario.patrols
        slowdown = shift.slowdown[self.site.province]
        table = np.zeros(self.shape)
        for segment in beat.segments:
            relief = stage.world.segments[segment].relief
            reach = patrols.sweep_km / stage.scenario.world.speed_kmh[relief - 1] * slowdown
            for crime in range(len(stage.crimes)):
                exposed = [stage.exposure_hours(crime, side) for side in authority]
                window = fsum(exposed) + 2.0 * reach
                chance = stage.detection(crime, self.keenness[crime], shift.dark)
                hours = beat.exposure(segment, window, max(0.0, on_site), slowdown, chance)
                share = hours / shift.hours
                table[crime, self.index[segment]] = min(1.0, share)
        return table

    def search(
        self,
        shift: Shift,
        beats: tuple[int, ...],
        pauses: tuple[float, ...],
        assignments: tuple[Assignment, ...] = (),
    ) -> Search:
        """Work out what the routes of a shift cover, once for each way they can be.

        Parameters
        ----------
        shift : the shift
        beats : index of the beat of each patrol on its own beat
        pauses : how much later each goes out, h
        assignments : tasks of other teams
        """
        slowdown = shift.slowdown[self.site.province]
        ways = (beats, pauses, assignments, self.sensors, self.told)
        key = (*ways, slowdown, shift.dark, shift.hours)
        if key not in self._searches:
            if len(self._searches) > _KEPT:
                self._searches.clear()
            self._searches[key] = self._new_search(shift, beats, pauses, assignments)
        return self._searches[key]

    def _new_search(
        self,
        shift: Shift,
        beats: tuple[int, ...],
        pauses: tuple[float, ...],
        assignments: tuple[Assignment, ...],
    ) -> Search:
        slowdown = shift.slowdown[self.site.province]
        community = self.stage.scenario.community
        missed = np.ones(self.shape)
        lawful: dict[int, float] = {}
        walks = [(self.beats[n], pause, None) for n, pause in zip(beats, pauses, strict=True)]
        joint = [(each.beat, 0.0, each.authority) for each in assignments if each.leads]
        for each in assignments:
            if not each.leads:
                on_site = shift.hours - 2.0 * each.beat.access_hours
                missed *= 1.0 - self._cover(each.beat, max(0.0, on_site), shift, each.authority)
        for beat, pause, authority in [*walks, *joint]:
            on_site = max(0.0, shift.hours - 2.0 * self.access(beat) - pause)
            missed *= 1.0 - self._cover(beat, on_site, shift, authority)
            for segment in beat.segments:
                window = community.lawful_exposure_hours
                met = beat.exposure(segment, window, on_site, slowdown, 1.0) / shift.hours
                stopped = min(1.0, met) * community.false_stop
                lawful[segment] = covered_together(lawful.get(segment, 0.0), stopped)
        missed *= self._unnoticed()
        patrol, inland = np.zeros((2, 2, *missed.shape))
        patrol[1] = (1.0 - missed) * shift.days
        inland[1] = community.learned_later * self.arrivals * missed * shift.days
        inland[1, :, len(self.site.sector) :] = 0.0
        stops = {segment: share * shift.days for segment, share in lawful.items()}
        return Search(patrol, inland, patrol + inland, stops)

    def _unnoticed(self) -> Table:
        """Share that neither sensors notice nor people who tell in time."""
        unnoticed = np.ones(self.shape)
        for segment in sorted(set(self.sensors)):
            for crime in range(len(self.stage.crimes)):
                unnoticed[crime, self.index[segment]] *= 1.0 - self.by_sensors(crime, segment)
        for place, share in enumerate(self.told):
            unnoticed[:, place] *= 1.0 - share
        return unnoticed

    def by_sensors(self, crime: int, segment: int) -> float:
        """Probability that the sensors on a segment detect a crosser somewhere on it."""
        sensors = self.stage.scenario.posts.sensors
        detectability = self.stage.crime(crime).detectability
        length = self.stage.world.segments[segment].length_km
        each = sensor_chance(sensors.detection, detectability, sensors.range_km, length)
        together = 0.0
        for _ in range(self.sensors.count(segment)):
            together = covered_together(together, each)
        return together

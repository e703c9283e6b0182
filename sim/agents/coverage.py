"""What patrols cover: the chance to detect, and the exposure that beliefs grow by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.agents.beat import Beat, beats_of
from sim.agents.belief import Belief, Table
from sim.agents.stage import Shift, Stage
from sim.rules.encounter import detection_chance
from sim.world.sites import PostSite

Seen = NDArray[np.float64]
"""Finds, and days of full exposure, (2, crime types, segments in view)."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a post's patrols cover in a shift.

    Attributes
    ----------
    patrol : exposure by patrols, (2, crime types, segments in view), finds left at 0
    inland : exposure by what is learnt later inland, of what patrols miss
    both : their sum
    lawful : days of lawful crossings that patrols would stop, by segment
    """

    patrol: Seen
    inland: Seen
    both: Seen
    lawful: dict[int, float]


class Coverage:
    """What the patrols of a post can cover, worked out once for each way a shift can be.

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
    """

    def __init__(self, stage: Stage, site: PostSite, belief: Belief) -> None:
        self.stage = stage
        self.site = site
        self.shape = belief.shape
        self.index = belief.index
        self.beats = beats_of(site, stage.scenario, stage.world)
        self._covers: dict[tuple[float, ...], tuple[Table, list[list[float]]]] = {}
        self._searches: dict[tuple[object, ...], Search] = {}
        self._arrivals = np.array(
            [
                [stage.arrival_share(crime, site.side, site.across)]
                for crime in range(len(stage.crimes))
            ]
        )

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
                    self._cover(beat, shift.hours - 2.0 * beat.access_hours, shift)
                    for beat in self.beats
                ]
            )
            averages = covers.mean(axis=1)[:, : len(self.site.sector)]
            self._covers[key] = covers, averages.tolist()
        return self._covers[key]

    def _cover(self, beat: Beat, on_site: float, shift: Shift) -> Table:
        """Detection probability by one patrol on a beat, (crime types, segments in view)."""
        stage, patrols = self.stage, self.stage.scenario.patrols
        slowdown = shift.slowdown[self.site.province]
        table = np.zeros(self.shape)
        for segment in beat.segments:
            relief = stage.world.segments[segment].relief
            reach = patrols.sweep_km / stage.scenario.world.speed_kmh[relief - 1] * slowdown
            for crime in range(len(stage.crimes)):
                window = stage.exposure_hours(crime, self.site.side) + 2.0 * reach
                chance = detection_chance(
                    patrols.detection,
                    stage.crime(crime).detectability,
                    patrols.night_penalty,
                    shift.dark,
                )
                hours = beat.exposure(segment, window, max(0.0, on_site), slowdown, chance)
                share = hours / shift.hours
                table[crime, self.index[segment]] = min(1.0, share)
        return table

    def search(self, shift: Shift, beats: tuple[int, ...], pauses: tuple[float, ...]) -> Search:
        """Work out what the routes of a shift cover, once for each way they can be.

        Parameters
        ----------
        shift : the shift
        beats : index of the beat of each patrol on duty
        pauses : how much later each goes out, h
        """
        slowdown = shift.slowdown[self.site.province]
        key = (beats, pauses, slowdown, shift.dark, shift.hours)
        if key not in self._searches:
            self._searches[key] = self._new_search(shift, beats, pauses)
        return self._searches[key]

    def _new_search(
        self, shift: Shift, beats: tuple[int, ...], pauses: tuple[float, ...]
    ) -> Search:
        slowdown = shift.slowdown[self.site.province]
        community = self.stage.scenario.community
        missed = np.ones(self.shape)
        lawful: dict[int, float] = {}
        for index, pause in zip(beats, pauses, strict=True):
            beat = self.beats[index]
            on_site = max(0.0, shift.hours - 2.0 * beat.access_hours - pause)
            missed *= 1.0 - self._cover(beat, on_site, shift)
            for segment in beat.segments:
                window = community.lawful_exposure_hours
                met = beat.exposure(segment, window, on_site, slowdown, 1.0) / 24.0
                lawful[segment] = lawful.get(segment, 0.0) + met * community.false_stop
        patrol, inland = np.zeros((2, 2, *missed.shape))
        patrol[1] = (1.0 - missed) * shift.days
        inland[1] = community.learned_later * self._arrivals * missed * shift.days
        inland[1, :, len(self.site.sector) :] = 0.0
        return Search(patrol, inland, patrol + inland, lawful)

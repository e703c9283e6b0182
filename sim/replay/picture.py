"""Any moment of a recording, drawn: what moves, over what stands still."""

from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from sim.agents import Outcome
from sim.replay.backdrop import Backdrop
from sim.replay.canvas import Canvas
from sim.replay.dials import Dials
from sim.replay.layout import WIDTH, lay_out
from sim.replay.marks import CROSSER, FOUND, MARKS, RING, Marks, ending_style, patrol_style
from sim.replay.recording import Floats, Leg, Recording

FADE_HOURS = 12.0
STEPS = 5
"""Degrees of darkness, and of fading."""


class Picture:
    """A picture that can show any moment of a recording.

    Parameters
    ----------
    recording : what to draw
    width : of the picture, pixels; the height is 9/16 of it
    """

    def __init__(self, recording: Recording, width: int = WIDTH) -> None:
        self.recording, self.world = recording, recording.world
        self.layout = lay_out(recording)
        self.views = (self.layout.map, self.layout.close)
        self.canvas = Canvas(width)
        self.backdrop = Backdrop(self.canvas, recording, self.layout)
        self.dials = Dials(self.canvas, recording, self.layout.boxes["counts"])
        self._prepare_marks()
        self._kinds = _kinds(recording)
        self._ranks = [_ranks(legs) for legs in recording.legs]
        self._backgrounds = [self._background(step / (STEPS - 1)) for step in range(STEPS)]

    def frame(self, time: float) -> NDArray[np.uint8]:
        """Draw a moment.

        Parameters
        ----------
        time : h since the start of the run

        Returns
        -------
        Red, green, blue and alpha, (height, width, 4); overwritten by the next call.
        """
        buffer = self.canvas.buffer
        np.copyto(buffer, self._backgrounds[round(self._darkness(time) * (STEPS - 1))])
        self.dials.show_clock(time)
        self.dials.show_counts(self.recording.counts_at(time))
        self._show_patrols(time)
        self._show_crossings(time)
        return buffer

    def _background(self, dark: float) -> NDArray[np.uint8]:
        """Draw what stands still, under a sky."""
        self.backdrop.darken(dark)
        self.canvas.draw()
        return self.canvas.buffer.copy()

    def _darkness(self, time: float) -> float:
        """How dark it is, 0 day to 1 night, with an hour of twilight."""
        world, hour = self.recording.scenario.world, time % 24.0
        dark = max(world.dawn_hour + 0.5 - hour, hour - world.dusk_hour + 0.5)
        return min(1.0, max(0.0, dark))

    def _prepare_marks(self) -> None:
        """Make ready what moves, in each view."""
        renderer = self.canvas.renderer

        def marks(size: float, **style: Any) -> Marks:
            return Marks(Line2D([], [], markersize=size, **style), renderer)

        self._patrols, self._rings, self._found, self._crossers = [], [], [], []
        self._endings: list[dict[tuple[str, int], Marks]] = []
        for view in self.views:
            sides = range(len(self.world.sides))
            self._patrols.append([marks(3.0 * view.size, **patrol_style(side)) for side in sides])
            self._rings.append(marks(6.5 * view.size, **RING))
            self._found.append(marks(10.0 * view.size, **FOUND))
            self._crossers.append(marks(5.0 * view.size, **CROSSER))
            self._endings.append(
                {
                    (name, step): marks(
                        6.5 * view.size**0.6, alpha=1.0 - step / STEPS, **ending_style(mark)
                    )
                    for name, mark in MARKS.items()
                    for step in range(STEPS)
                }
            )

    def _show_patrols(self, time: float) -> None:
        shift = self.recording.shift_at(time)
        legs = self.recording.legs[shift]
        if not legs:
            return
        ways = [leg.whereabouts(time) for leg in legs]
        share = np.array([way[2] for way in ways])[:, None]
        side = np.array([leg.side for leg in legs])
        busy = np.array([leg.busy_at(time) for leg in legs])
        ends = [np.array([way[end] for way in ways]) for end in (0, 1)]
        for index, view in enumerate(self.views):
            begin, end = (
                view.at(
                    spots[:, 0],
                    spots[:, 1],
                    view.signs[side, spots[:, 0].astype(int)]
                    * (
                        (view.patrols + view.spread * self._ranks[shift]) * (1.0 - spots[:, 2])
                        + view.posts * spots[:, 2]
                    ),
                )
                for spots in ends
            )
            places = begin + share * (end - begin)
            for number, line in enumerate(self._patrols[index]):
                line.draw(places[side == number])
            self._rings[index].draw(places[busy])

    def _show_crossings(self, time: float) -> None:
        crossings = self.recording.crossings
        seen = (crossings.begin <= time) & (time < crossings.stopped + FADE_HOURS)
        if not seen.any():
            return
        depth = crossings.depth_at(time)
        moving = seen & (time < crossings.stopped)
        found = moving & (crossings.found <= time)
        ended = seen & ~moving
        age = np.where(ended, time - crossings.stopped, 0.0)
        step = np.minimum((age / FADE_HOURS * STEPS).astype(int), STEPS - 1)
        shown = sorted(set(zip(self._kinds[ended].tolist(), step[ended].tolist(), strict=True)))
        for index, view in enumerate(self.views):
            signs = view.signs[crossings.destination, crossings.segment]
            places = view.at(crossings.segment, crossings.place, depth * view.reach * signs)
            for name, level in shown:
                here = ended & (self._kinds == name) & (step == level)
                self._endings[index][name, level].draw(places[here])
            self._found[index].draw(places[found])
            self._crossers[index].draw(places[moving])


def _ranks(legs: list[Leg]) -> Floats:
    """Count the patrols of each post from 0, at most three abreast."""
    counts: dict[int, int] = {}
    ranks = []
    for leg in legs:
        ranks.append(counts.get(leg.post, 0) % 3)
        counts[leg.post] = counts.get(leg.post, 0) + 1
    return np.array(ranks, dtype=float)


def _kinds(recording: Recording) -> NDArray[np.str_]:
    """Say of each attempt with which of `MARKS` its end is shown."""
    crossings = recording.crossings
    names = {
        Outcome.UNDER_WAY: "",
        Outcome.PASSED: "passed",
        Outcome.INTERCEPTED: "own_side",
        Outcome.HANDED_OVER: "handed_over",
        Outcome.INTERCEPTED_JOINTLY: "jointly",
    }
    kinds = np.array([names[Outcome(each)] for each in crossings.outcome], dtype="<U16")
    caught = crossings.outcome > Outcome.PASSED
    return np.where(crossings.referred & caught, "referred", kinds)

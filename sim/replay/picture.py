"""Any moment of a recording, drawn: what moves, over what stands still."""

from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from sim.agents import Outcome
from sim.replay.backdrop import Backdrop
from sim.replay.canvas import Canvas
from sim.replay.course import View
from sim.replay.dials import Dials
from sim.replay.layout import HEIGHT, lay_out
from sim.replay.mail import Mail
from sim.replay.marks import (
    CROSSER,
    ENVELOPE,
    FOUND,
    MARKS,
    RING,
    TOGETHER,
    Marks,
    ending_style,
    patrol_style,
)
from sim.replay.recording import Floats, Recording
from sim.replay.walks import Walks

FADE_HOURS = 12.0
STEPS = 5
"""Degrees of darkness, and of fading."""


class Picture:
    """A picture that can show any moment of a recording.

    Parameters
    ----------
    recording : what to draw
    height : of the picture, pixels; the width is 16/9 of it, or half of that beside another one
    stretch : what the close-up shows, if it is one of two beside each other
    """

    def __init__(
        self, recording: Recording, height: int = HEIGHT, stretch: range | None = None
    ) -> None:
        self.recording, self.world = recording, recording.world
        self.layout = lay_out(recording, stretch)
        self.views = (self.layout.map, self.layout.close)
        self.canvas = Canvas(self.layout.sheet.width, height)
        self.backdrop = Backdrop(self.canvas, recording, self.layout)
        self.dials = Dials(self.canvas, recording, self.layout.sheet)
        self._prepare_marks()
        self._kinds = _kinds(recording)
        self._mail = Mail(recording)
        self._sides = np.array([self.world.sides.index(post.side) for post in self.world.posts])
        self._homes = [self._places_of_posts(view) for view in self.views]
        self._shift, self._walks = 0, Walks(recording.legs[0])
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
        self._show_mail(time)
        self._show_patrols(time)
        self._show_crossings(time)
        return buffer

    def _places_of_posts(self, view: View) -> Floats:
        """Where posts are in a view, canvas coordinates, (posts, 2)."""
        spots = zip(self.recording.homes, self._sides.tolist(), strict=True)
        return np.array([view.spot(home, side) for home, side in spots])

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
        self._together, self._letters = [], []
        self._endings: list[dict[tuple[str, int], Marks]] = []
        for view in self.views:
            sides = range(len(self.world.sides))
            self._patrols.append([marks(3.0 * view.size, **patrol_style(side)) for side in sides])
            self._rings.append(marks(6.5 * view.size, **RING))
            self._together.append(marks(8.5 * view.size, **TOGETHER))
            self._letters.append(marks(7.0 * view.size**0.6, **ENVELOPE))
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

    def _show_mail(self, time: float) -> None:
        """Show messages between their posts, on a straight way."""
        letters = self._mail.at(time)
        part = letters.part[:, None]
        for homes, marks in zip(self._homes, self._letters, strict=True):
            marks.draw(homes[letters.author] * (1.0 - part) + homes[letters.reader] * part)

    def _show_patrols(self, time: float) -> None:
        shift = self.recording.shift_at(time)
        if not self.recording.legs[shift]:
            return
        if self._shift != shift:
            self._shift, self._walks = shift, Walks(self.recording.legs[shift])
        walks, now = self._walks, self._walks.at(time)
        joint = walks.company >= 0
        partners = np.where(joint, self._sides[walks.company], -1)
        for index, view in enumerate(self.views):
            begin, end = (
                view.at(
                    spots[:, 0],
                    spots[:, 1],
                    view.signs[walks.side, spots[:, 0].astype(int)]
                    * (
                        (view.patrols + view.spread * walks.rank) * (1.0 - spots[:, 2])
                        + view.posts * spots[:, 2]
                    ),
                )
                for spots in (now.first, now.second)
            )
            places = begin + now.part[:, None] * (end - begin)
            # Those who walk together stand beside each other, on a sheet of their own.
            aside = np.array([2.3 * view.size, 0.0])
            self._together[index].draw(places[joint])
            own = places - joint[:, None] * aside
            for number, marks in enumerate(self._patrols[index]):
                partner = places[partners == number] + aside
                marks.draw(np.concatenate([own[walks.side == number], partner]))
            self._rings[index].draw(places[now.busy])

    def _show_crossings(self, time: float) -> None:
        crossings = self.recording.crossings
        # In order of their start; whoever started long ago has ended, and faded.
        rows = np.flatnonzero((crossings.begin <= time) & (time < crossings.stopped + FADE_HOURS))
        if not len(rows):
            return
        stopped, segment = crossings.stopped[rows], crossings.segment[rows]
        depth = crossings.depth_of(rows, np.full(len(rows), time))
        ended = stopped <= time
        found = ~ended & (crossings.found[rows] <= time)
        age = np.where(ended, time - stopped, 0.0)
        step = np.minimum((age / FADE_HOURS * STEPS).astype(int), STEPS - 1)
        kinds = self._kinds[rows]
        shown = sorted(set(zip(kinds[ended].tolist(), step[ended].tolist(), strict=True)))
        for index, view in enumerate(self.views):
            signs = view.signs[crossings.destination[rows], segment]
            places = view.at(segment, crossings.place[rows], depth * view.reach * signs)
            for name, level in shown:
                here = ended & (kinds == name) & (step == level)
                self._endings[index][name, level].draw(places[here])
            self._found[index].draw(places[found])
            self._crossers[index].draw(places[~ended])


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

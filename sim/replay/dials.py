"""The clock and the counts of a picture: texts that change."""

import math

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import NDArray

from sim.agents import Outcome
from sim.replay.canvas import Canvas
from sim.replay.course import Box
from sim.replay.layout import HEIGHT, Sheet
from sim.replay.marks import CROSSER, DIM, FOUND, INK, MARKS, PAPER, Marks, ending_style
from sim.replay.recording import Counts, Recording


class Dials:
    """The clock and the counts.

    Parameters
    ----------
    canvas : what they are drawn on
    recording : whose time and attempts they show
    sheet : where they are
    """

    def __init__(self, canvas: Canvas, recording: Recording, sheet: Sheet) -> None:
        self.canvas, self.recording, self._clock = canvas, recording, sheet.clock
        self._texts: dict[str, tuple[Text, Box]] = {}
        self._stamps: dict[tuple[str, str], NDArray[np.uint8]] = {}
        self._lay_out_clock()
        self._lay_out_counts(sheet.counts)

    def show_clock(self, time: float) -> None:
        """Show a time, h since the start of the run."""
        # The last moment of a day belongs to it, or a film of a week would end on its eighth day.
        last = time >= self.recording.hours and time > 0.0
        day = math.ceil(time / 24.0) if last else int(time // 24.0) + 1
        minutes = int((time - 24.0 * (day - 1)) * 6.0 + 1e-6) * 10
        self._stamp("day", f"Day {day:,}")
        self._stamp("hour", f"{minutes // 60:02d}:{minutes % 60:02d}")
        share = (time / 24.0) % 1.0 if not last else time / 24.0 - (day - 1)
        self._hand.draw(np.array([[self._clock.x + self._clock.width * share, self._clock.y + 17]]))

    def show_counts(self, counts: Counts) -> None:
        """Show what has been counted."""
        rate = counts.interdiction_rate
        self._stamp("interdiction_rate", "–" if rate is None else f"{100.0 * rate:.0f} %")
        for name in self._texts.keys() - {"interdiction_rate", "day", "hour"}:
            self._stamp(name, f"{getattr(counts, name):,}")

    def _lay_out_clock(self) -> None:
        """Draw a bar of day and night, and make ready the day, the hour and the hand."""
        x, y, width, _ = self._clock
        world = self.recording.scenario.world
        for begin, end, colour in (
            (0.0, world.dawn_hour, "#33415C"),
            (world.dawn_hour, world.dusk_hour, "#F3E6B3"),
            (world.dusk_hour, 24.0, "#33415C"),
        ):
            left, right = x + width * begin / 24.0, x + width * end / 24.0
            part = Rectangle((left, y), right - left, 12, color=colour, linewidth=0)
            self.canvas.axes.add_patch(part)
        size = 20 if width > 200 else 15
        day, left = 0.58 * width, x + 0.61 * width
        self._texts["day"] = self.canvas.number(x + day, 683, size), Box(x, 674, day + 2, 32)
        hour = Box(left, 674, x + width + 1 - left, 32)
        self._texts["hour"] = self.canvas.number(x + width, 683, size), hour
        hand = Line2D([], [], markersize=8, marker="v", markerfacecolor=INK, markeredgecolor=PAPER)
        self._hand = Marks(hand, self.canvas.renderer)

    def _lay_out_counts(self, box: Box) -> None:
        """Lay out the counts; the marks beside them are the legend of the attempts."""
        x, y, width, height = box
        self.canvas.sheet(box).set_facecolor(PAPER)
        top = y + height - 34
        self.canvas.write(x + 20, top, "Interdiction rate so far", 11, color=DIM)
        refers = self.recording.refers
        of, aside = ("crimes", "people referred not counted") if refers else ("attempts", "")
        self.canvas.write(x + 20, y + 40, f"of {of} that ended", 9.5, color=DIM)
        self.canvas.write(x + 20, y + 24, aside, 9.5, color=DIM)
        level, second, third = y + 0.43 * height, x + 0.3 * width, x + 0.59 * width
        rate = self.canvas.number(x + 18, level, 34, "left")
        self._texts["interdiction_rate"] = rate, Box(x + 4, level - 10, second - x - 14, 54)
        used = [name for name in MARKS if self._used(name)]
        moving = {"begun": "begun", "under_way": "under way", "detected": "detected"}
        rows = [(name, second, label, index) for index, (name, label) in enumerate(moving.items())]
        rows += [(name, third, MARKS[name].name, index) for index, name in enumerate(used)]
        spacing = min(34.0, (height - 28) / max(len(used), 3))
        room = max(46.0, self._most_room(13))
        for name, left, label, row in rows:
            level, right = top - row * spacing, left + 14 + room
            self.canvas.fitted(right + 6, level, label, x + width - right - 8, 10.5)
            place = Box(left + 14, level - 5, room + 3, 22)
            self._texts[name] = self.canvas.number(right, level, 13), place
            if name in MARKS:
                self.canvas.sign(left, level + 5, 9, ending_style(MARKS[name]))
            elif name != "begun":
                if name == "detected":
                    self.canvas.sign(left, level + 5, 14, FOUND)
                self.canvas.sign(left, level + 5, 7, CROSSER)

    def _most_room(self, size: float) -> float:
        """How wide a count gets, at most."""
        label = self.canvas.number(0, 0, size)
        label.set_text(f"{len(self.recording.crossings.begin):,}")
        width = self.canvas.width_of(label)
        label.remove()
        return width

    def _used(self, name: str) -> bool:
        """Whether an ending can occur, or at least is worth showing as none."""
        if name == "referred":
            return self.recording.refers
        if name == "jointly":
            return bool((self.recording.crossings.outcome == Outcome.INTERCEPTED_JOINTLY).any())
        return True

    def _stamp(self, name: str, text: str) -> None:
        """Write a text that changes, or copy what it looked like before, which is far quicker."""
        label, box = self._texts[name]
        buffer = self.canvas.buffer
        scale = len(buffer) / HEIGHT
        bottom, top = (round((HEIGHT - y) * scale) for y in (box.y, box.y + box.height))
        part = buffer[top:bottom, round(box.x * scale) : round((box.x + box.width) * scale)]
        if (name, text) not in self._stamps:
            label.set_text(text)
            self.canvas.axes.draw_artist(label)
            self._stamps[name, text] = part.copy()
        np.copyto(part, self._stamps[name, text])

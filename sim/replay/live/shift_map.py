"""The map of a shift: where patrols walked, and which attempts there were."""

import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from PIL import Image

from sim.agents import Attempt, Outcome, Patrol
from sim.replay.course import View, stretch_around
from sim.replay.live.model import LiveModel
from sim.replay.live.sheet import JOINT, TIE, Sheet
from sim.replay.marks import CROSSER, FOUND, MARKS, Marks, ending_style, patrol_style
from sim.replay.recording import Floats, home_of, ties_of
from sim.replay.sides import SIDE_COLOURS

KINDS = {
    Outcome.PASSED: "passed",
    Outcome.INTERCEPTED: "own_side",
    Outcome.HANDED_OVER: "handed_over",
    Outcome.INTERCEPTED_JOINTLY: "jointly",
}


class ShiftMap:
    """A map that can show any shift of a run; only what moves is drawn anew.

    Parameters
    ----------
    model : the run, or another on the same line
    post : number of the post around which the close-up is
    """

    def __init__(self, model: LiveModel, post: int) -> None:
        scenario, world = model.stage.scenario, model.stage.world
        homes = [home_of(site, world) for site in world.posts]
        names = [scenario.world.names.get(side, side) for side in world.sides]
        self.world = world
        self.sheet = Sheet(world, names, homes, stretch_around(world, homes[post].segment))
        self._background = self.sheet.buffer.copy()
        sizes = (self.sheet.crowding, 1.0)
        self._signs = [
            self._signs_of(view, size) for view, size in zip(self.sheet.views, sizes, strict=True)
        ]

    def _signs_of(self, view: View, size: float) -> dict[str, Marks]:
        """Make ready what is drawn in a view."""

        def marks(points: float, **style: Any) -> Marks:
            return Marks(Line2D([], [], markersize=points, **style), self.sheet.renderer)

        scale = view.size**0.6
        sides = range(len(self.world.sides))
        return {
            **{f"patrol {side}": marks(5.5 * size * scale, **patrol_style(side)) for side in sides},
            "joint": marks(10.0 * size * scale, **JOINT),
            "found": marks(15.0 * scale, **FOUND),
            "under way": marks(7.5 * scale, **CROSSER),
            **{name: marks(9.0 * scale, **ending_style(mark)) for name, mark in MARKS.items()},
        }

    def draw(self, model: LiveModel) -> bytes:
        """Draw the last shift of a run as a PNG."""
        with model.lock:
            np.copyto(self.sheet.buffer, self._background)
            patrols, known = _walking(model), _begun(model)
            for index, view in enumerate(self.sheet.views):
                self._draw_ties(view, model)
                self._draw_patrols(index, view, patrols)
                self._draw_attempts(index, view, model, known)
        return _png(self.sheet.buffer)

    def _draw_ties(self, view: View, model: LiveModel) -> None:
        """Draw direct links between posts that are both shown."""
        homes, sides, posts = self.sheet.homes, self.world.sides, self.world.posts
        ends = [
            [view.spot(homes[each], sides.index(posts[each].side)) for each in pair]
            for pair in sorted(ties_of(model.stage.world))
        ]
        shown = [pair for pair in ends if np.isfinite(pair).all()]
        self._stroke(np.array(shown).reshape(-1, 2, 2), TIE, 1.2)

    def _draw_patrols(self, index: int, view: View, patrols: Sequence[Patrol]) -> None:
        """Draw the beats that were walked, those of one post beside each other."""
        ranks: dict[int, int] = {}
        rows = []
        for patrol in patrols:
            rank = ranks[patrol.post] = ranks.get(patrol.post, -1) + 1
            segments = patrol.route.beat.segments if patrol.route else ()
            side = self.world.sides.index(patrol.side)
            middle = len(segments) // 2
            for at, segment in enumerate(segments):
                rows.append((side, segment, rank % 3, at == middle, len(patrol.authority) > 1))
        if not rows:
            return
        side, segment, rank, is_middle, is_joint = np.array(rows).T
        off = (view.patrols + view.spread * rank) * view.signs[side, segment]
        lines = view.points[segment] + view.left[segment] * off[:, None, None]
        middles = lines[:, lines.shape[1] // 2]
        signs, width = self._signs[index], 2.0 * view.size
        for number in range(len(self.world.sides)):
            own = side == number
            colour = SIDE_COLOURS[number % len(SIDE_COLOURS)]
            self._stroke(lines[own & np.isfinite(middles[:, 0])], colour, width)
            signs["joint"].draw(middles[own & (is_middle & is_joint == 1)])
            signs[f"patrol {number}"].draw(middles[own & (is_middle == 1)])

    def _draw_attempts(
        self, index: int, view: View, model: LiveModel, attempts: Sequence[Attempt]
    ) -> None:
        """Draw attempts where they ended, or are."""
        if not attempts:
            return
        sides = self.world.sides
        segment = np.array([each.segment for each in attempts])
        towards = view.signs[[sides.index(each.destination) for each in attempts], segment]
        depth = np.array([_depth(each, model) for each in attempts])
        places = view.at(segment, [each.place for each in attempts], depth * view.reach * towards)
        kinds = np.array([_kind(each, model) for each in attempts])
        found = np.array([each.first_detected is not None for each in attempts])
        signs = self._signs[index]
        signs["found"].draw(places[found])
        for name in ("under way", *MARKS):
            signs[name].draw(places[kinds == name])

    def _stroke(self, lines: Floats, colour: str, width: float) -> None:
        """Draw lines through points, (lines, points, 2)."""
        if len(lines):
            axes = self.sheet.axes
            strokes = LineCollection(list(lines), colors=colour, linewidths=width)
            strokes.set_transform(axes.transData)
            strokes.set_figure(axes.figure)
            strokes.draw(self.sheet.renderer)


def in_words(model: LiveModel) -> str:
    """Say what the map shows of the last shift of a run."""
    with model.lock:
        patrols, attempts = _walking(model), _begun(model)
        kinds = Counter(_kind(each, model) for each in attempts)
    if model.shift is None:
        return "No shift yet: Step runs one, ▶ one after the other."
    joint = sum(len(each.authority) > 1 for each in patrols)
    found = sum(each.first_detected is not None for each in attempts)
    endings = {"under way": "under way", **{name: mark.name for name, mark in MARKS.items()}}
    told = [f"{kinds[name]} {words}" for name, words in endings.items() if kinds[name]]
    return (
        f"In this shift: {len(patrols)} patrols out, {joint} of them joint. "
        f"Attempts: {len(attempts)}, {found} of them detected"
        + (f"; {', '.join(told)}." if told else ".")
    )


def _walking(model: LiveModel) -> list[Patrol]:
    """Give the patrols that were out in the last shift."""
    return [each for each in model.patrols_by_number if each.route is not None]


def _begun(model: LiveModel) -> list[Attempt]:
    """Give the attempts of the last shift that were made."""
    return [
        each
        for each in model.attempts
        if each.start < model.clock and each.outcome is not Outcome.TURNED_BACK
    ]


def _kind(attempt: Attempt, model: LiveModel) -> str:
    """Say with which sign an attempt is shown."""
    kind = KINDS.get(attempt.outcome, "under way")
    is_caught = attempt.outcome > Outcome.PASSED
    return "referred" if is_caught and model.stage.crime(attempt.crime).referred else kind


def _depth(attempt: Attempt, model: LiveModel) -> float:
    """How far across an attempt is or got: -1 at its start, 0 on the line, 1 out of reach."""
    if attempt.outcome is Outcome.PASSED:
        return 1.0
    if attempt.outcome is Outcome.INTERCEPTED_JOINTLY:
        return 0.0
    if attempt.outcome is Outcome.UNDER_WAY:
        now, line = model.clock, attempt.line
        length = line - attempt.start if now < line else attempt.end - line
        return float(np.clip((now - line) / max(length, 1e-9), -1.0, 1.0))
    posts = model.stage.world.posts
    before = attempt.outcome is Outcome.INTERCEPTED and any(
        posts[each].side == attempt.origin for each in attempt.found_by
    )
    return -0.5 if before else 0.5


def _png(buffer: NDArray[np.uint8]) -> bytes:
    """Write what was drawn as a PNG of few colours, which takes a third of the time and space."""
    file = io.BytesIO()
    image = Image.fromarray(buffer).convert("RGB")
    few = image.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(file, "png", compress_level=1)
    return file.getvalue()

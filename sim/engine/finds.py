"""Who found something where, and whether the post across the line has heard of it."""

from typing import TYPE_CHECKING

from sim.agents import Shift
from sim.rules.cooperation import is_untold

if TYPE_CHECKING:
    from sim.engine.model import BorderModel


class Finds:
    """When posts last found something on each segment of their sectors.

    Parameters
    ----------
    model : the run
    """

    def __init__(self, model: "BorderModel") -> None:
        self._model = model
        # The latest of all, and the latest before the shift that it was in, h.
        self._times: dict[tuple[int, int], tuple[float, float]] = {}

    def add(self, post: int, segment: int) -> None:
        """Let a post find something on a segment now."""
        shift = self._model.shift
        assert shift is not None
        self._times[post, segment] = self._model.clock, self._before(post, segment, shift)

    def is_untold(self, segment: int, shift: Shift) -> bool:
        """Whether one of the two posts of a segment has not heard of what the other found there.

        It is about the latest find before a shift. A post has heard of it if the latest observation
        of the other that reached it, by whatever way, is not older: a find in a report that was
        lost counts as heard of once a later report is read.
        """
        world = self._model.stage.world
        holders = [world.holder.get((side, segment)) for side in world.segments[segment].sides]
        first, second = holders
        if first is None or second is None:
            return False
        found = {post: self._before(post, segment, shift) for post in (first, second)}
        # What both found at one time, walking together, both know.
        if found[first] == found[second]:
            return False
        author, reader = (first, second) if found[first] > found[second] else (second, first)
        heard = self._model.posts_by_number[reader].partners.heard.get(author, 0.0)
        return is_untold(found[author], heard, shift.start)

    def _before(self, post: int, segment: int, shift: Shift) -> float:
        """When a post last found something on a segment before a shift, h; 0 if it never did."""
        latest, before = self._times.get((post, segment), (0.0, 0.0))
        return latest if latest < shift.start else before

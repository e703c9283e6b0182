"""Who found something where, and whether others have heard of it; see `sim.engine.finds`."""

from typing import Any

from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.trust import link_of
from sim.rules.cooperation import is_untold


@compiled
def add_find(s: Any, segment: int, post: int) -> None:
    """Let a post find something on a segment now."""
    here, run = s.segments[segment], s.run[0]
    if here.first_post == post:
        here.first_before = _before(here.first_found, here.first_before, run.start)
        here.first_found = run.clock
    else:
        here.second_before = _before(here.second_found, here.second_before, run.start)
        here.second_found = run.clock


@compiled
def has_untold_find(s: Any, segment: int) -> bool:
    """Whether one of the two posts of a segment has not heard of what the other found there."""
    here, now = s.segments[segment], s.run[0].start
    if here.first_post < 0 or here.second_post < 0:
        return False
    first = _before(here.first_found, here.first_before, now)
    second = _before(here.second_found, here.second_before, now)
    # What both found at one time, walking together, both know.
    if first == second:
        return False
    if first > second:
        return is_untold(first, _heard(s, here.second_post, here.first_post), now)
    return is_untold(second, _heard(s, here.first_post, here.second_post), now)


@compiled
def _before(latest: float, before: float, now: float) -> float:
    """When something was last found before the shift, h; 0 if it never was."""
    return latest if latest < now else before


@compiled
def _heard(s: Any, reader: int, author: int) -> float:
    """Latest observation of a post that reached another, h."""
    link = link_of(s, reader, author)
    return s.links[link].heard if link >= 0 else 0.0

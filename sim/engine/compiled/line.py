"""Who holds a segment of the line, and where it is in a post's view."""

from typing import Any

from sim.engine.compiled.compiling import compiled


@compiled
def cell_of(s: Any, number: int, segment: int) -> int:
    """Cell of a post for a segment of its sector."""
    place = s.segments[segment]
    return place.first_cell if place.first_post == number else place.second_cell


@compiled
def post_at(s: Any, segment: int, side: int) -> int:
    """Post of a side that holds a segment, -1 if none."""
    here = s.segments[segment]
    if side == here.first_side:
        return here.first_post
    return here.second_post if side == here.second_side else -1


@compiled
def post_opposite(s: Any, segment: int, post: int) -> int:
    """Post across the line from one that holds a segment, -1 if none."""
    here = s.segments[segment]
    return here.second_post if here.first_post == post else here.first_post

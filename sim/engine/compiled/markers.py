"""The markers of the line, from damage to repair; see `sim.engine.markers`."""

from typing import Any

from sim.draws import exponential
from sim.engine.compiled.books import enqueue, note
from sim.engine.compiled.chance import MARKER, REPAIR, WEAR, draw
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.pools import extended, give_back, is_full, take_row
from sim.engine.due import Due
from sim.engine.events import Kind
from sim.rules.encounter import wear_rate

_WEAR, _REPAIR = int(Due.WEAR), int(Due.REPAIR)
_DAMAGED, _SIGNED, _REPAIRED = (
    int(Kind.MARKER_DAMAGED),
    int(Kind.MARKER_SIGNED),
    int(Kind.MARKER_REPAIRED),
)


@compiled
def wait_for_wear(s: Any, segment: int, occasion: int) -> None:
    """Let the next marker on a segment be damaged in its time."""
    settings = s.settings[0]
    length = s.segments[segment].length
    rate = wear_rate(settings.markers_per_km, length, settings.marker_damage)
    if rate > 0.0:
        wait = exponential(draw(s, WEAR, segment, occasion, 0)) / rate
        enqueue(s, s.run[0].clock + wait, _WEAR, segment, occasion, -1)


@compiled
def damage(s: Any, segment: int, occasion: int) -> None:
    """Damage a marker."""
    run = s.run[0]
    if is_full(s.damages):
        s.damages = extended(s.damages)
    row = take_row(s.damages)
    here = s.damages[row]
    here.number = occasion * s.segments.shape[0] + segment
    here.segment, here.since = segment, run.clock
    here.first_noticed, here.second_noticed = -1.0, -1.0
    here.signed = 0
    here.after = s.damage[segment]
    s.damage[segment] = row
    run.damaged += 1
    note(s, run.clock, _DAMAGED, -1, -1, segment, -1, -1, -1, 0.0)
    wait_for_wear(s, segment, occasion + 1)


@compiled
def inspect(s: Any, side: int, segment: int, chance: float) -> None:
    """Let a side look for damage on a segment, and find each with a probability."""
    run, place = s.run[0], s.segments[segment]
    row = s.damage[segment]
    while row >= 0:
        here = s.damages[row]
        known = here.first_noticed if side == place.first_side else here.second_noticed
        if known < 0.0 and draw(s, MARKER, here.number, run.shift, side) < chance:
            if side == place.first_side:
                here.first_noticed = run.stop
            else:
                here.second_noticed = run.stop
        row = here.after


@compiled
def inspect_walked(s: Any) -> None:
    """Let patrols that went out look at the markers they passed."""
    if not s.run[0].damaged:
        return
    for segment in range(s.damage.shape[0]):
        if s.damage[segment] >= 0:
            here = s.segments[segment]
            for post, cell in (
                (here.first_post, here.first_cell),
                (here.second_post, here.second_cell),
            ):
                if post >= 0 and _was_passed(s, post, cell):
                    inspect(s, s.posts[post].side, segment, s.settings[0].marker_inspection)


@compiled
def _was_passed(s: Any, number: int, cell: int) -> bool:
    """Whether any patrol of a post went out to a beat with a cell of its sector."""
    post = s.posts[number]
    for rank in range(post.team):
        patrol = s.patrols[s.team[number, rank]]
        if patrol.beat >= 0 and patrol.leave > patrol.arrive:
            index = cell - post.cells - s.beats[patrol.beat].first
            if 0 <= index < s.beats[patrol.beat].segments:
                return True
    return False


@compiled
def tell(s: Any, author: int, reader: int, until: float) -> None:
    """Let the side of a reader know of the damage in an author's sector that his side noticed."""
    post, side = s.posts[author], s.posts[reader].side
    for place in range(post.sector):
        row = s.damage[s.cell_segment[post.cells + place]]
        if row < 0:
            continue
        segment = s.segments[s.cell_segment[post.cells + place]]
        while row >= 0:
            here = s.damages[row]
            if post.side == segment.first_side:
                known = 0.0 <= here.first_noticed <= until
                if known and side == segment.second_side and here.second_noticed < 0.0:
                    here.second_noticed = until
            else:
                known = 0.0 <= here.second_noticed <= until
                if known and side == segment.first_side and here.first_noticed < 0.0:
                    here.first_noticed = until
            row = here.after


@compiled
def sign(s: Any, segment: int) -> None:
    """Let both sides sign minutes on all damage of a segment that both have noticed."""
    run = s.run[0]
    row = s.damage[segment]
    while row >= 0:
        here = s.damages[row]
        if not here.signed and here.first_noticed >= 0.0 and here.second_noticed >= 0.0:
            here.signed = 1
            wait = s.settings[0].marker_repair_hours * exponential(
                draw(s, REPAIR, here.number, 0, 0)
            )
            note(s, run.stop, _SIGNED, -1, -1, segment, -1, -1, -1, 2.0)
            enqueue(s, max(run.stop + wait, run.stop), _REPAIR, here.number, 0, row)
        row = here.after


@compiled
def repair(s: Any, row: int) -> None:
    """Repair a marker."""
    run, here = s.run[0], s.damages[row]
    segment = here.segment
    run.repaired += 1
    run.damaged -= 1
    run.days_to_repair += (run.clock - here.since) / 24.0
    note(s, run.clock, _REPAIRED, -1, -1, segment, -1, -1, -1, 0.0)
    if s.damage[segment] == row:
        s.damage[segment] = here.after
    else:
        before = s.damage[segment]
        while s.damages[before].after != row:
            before = s.damages[before].after
        s.damages[before].after = here.after
    give_back(s.damages, row)

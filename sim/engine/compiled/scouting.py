"""What scouts see of patrols, and when groups know it; see `sim.agents.group`."""

from typing import Any

from sim.engine.compiled.chance import SCOUT, draw
from sim.engine.compiled.compiling import compiled
from sim.rules.belief import keep_share
from sim.rules.encounter import noticed


@compiled
def scout(s: Any, number: int) -> None:
    """Watch the segments of a group for the shift that begins."""
    run, group = s.run[0], s.groups[number]
    kind = s.kinds[group.kind]
    # What has come in by now has to be heard of, before its room is used again.
    hear_scouts(s, number, run.start)
    slot = run.shift % s.sights.shape[0]
    s.sight_end[slot] = run.stop
    s.sight_hours[slot] = run.stop - run.start
    for index in range(group.options, group.options + group.n_options):
        segment = s.option_segment[index]
        patrols = _patrols_on(s, segment)
        chance = noticed(kind.share_seen, float(patrols))
        share = draw(s, SCOUT, number, run.shift, segment)
        s.sights[slot, index] = patrols > 0 and share < chance


@compiled
def _patrols_on(s: Any, segment: int) -> int:
    """Count the patrols with a route over a segment."""
    here = s.segments[segment]
    count = 0
    for post, cell in ((here.first_post, here.first_cell), (here.second_post, here.second_cell)):
        if post >= 0:
            count += s.present[cell]
    return count


@compiled
def hear_scouts(s: Any, number: int, now: float) -> None:
    """Let a group know what its scouts saw, as far as it has come in by now."""
    group, slots = s.groups[number], s.sights.shape[0]
    kind = s.kinds[group.kind]
    while group.scouted <= s.run[0].scouted:
        slot = group.scouted % slots
        if s.sight_end[slot] + kind.scout_lag > now:
            return
        keep = keep_share(s.sight_hours[slot], kind.scout_memory)
        for index in range(group.options, group.options + group.n_options):
            s.sighted[index] = keep * s.sighted[index] + s.sights[slot, index]
        group.watched = keep * group.watched + kind.share_seen
        group.scouted += 1

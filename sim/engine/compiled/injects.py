"""What a scenario lets happen on a date; see `sim.engine.injects`."""

from typing import Any

from sim.engine.compiled.books import note
from sim.engine.compiled.compiling import compiled
from sim.engine.events import Kind

_INJECT = int(Kind.INJECT)


@compiled
def begin_injects(s: Any) -> None:
    """Let happen what is due at the start of the shift, or during it."""
    run = s.run[0]
    for number in range(s.injects.shape[0]):
        time = s.injects[number].time
        if run.start <= time < run.stop:
            note(s, time, _INJECT, -1, -1, -1, -1, -1, -1, float(number))
    for row in range(s.tips.shape[0]):
        tip = s.tips[row]
        if run.start <= tip.time < run.stop:
            s.alpha[tip.cell, tip.crime] += tip.weight
    if s.losses.shape[0]:
        for number in range(s.posts.shape[0]):
            s.posts[number].lacking = 0
        for row in range(s.losses.shape[0]):
            loss = s.losses[row]
            if loss.begin <= run.start < loss.end:
                s.posts[loss.post].lacking += loss.patrols

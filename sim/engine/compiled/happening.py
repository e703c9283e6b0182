"""What happens in a shift at exact times, and what is concluded; see `sim.engine.model`."""

from typing import Any

from sim.engine.compiled.asking import AFTER_SHIFT, ask_instruments
from sim.engine.compiled.books import take_next
from sim.engine.compiled.compiling import DONE, compiled, entry
from sim.engine.compiled.crossings import (
    ALERT,
    BEGIN,
    CONTACT,
    DETECT,
    END,
    LEARNED,
    PASS,
    REPAIR,
    RETRY,
    TOLD,
    WANT,
    WEAR,
    begin,
    open_crossings,
    try_again,
    want,
)
from sim.engine.compiled.detections import be_alerted, be_told, detect
from sim.engine.compiled.encounters import miss
from sim.engine.compiled.endings import intercept, learn_later, pass_through
from sim.engine.compiled.infection import spread_disease
from sim.engine.compiled.joint_work import end_joint_patrols
from sim.engine.compiled.markers import damage, inspect_walked, repair
from sim.engine.compiled.pools import give_back
from sim.engine.compiled.telling import send_reports
from sim.engine.compiled.trust import fade_trust
from sim.engine.compiled.watching import draw_conclusions


@entry
def let_happen(s: Any) -> int:
    """Let what falls due in the shift that has been opened happen, and close it."""
    run = s.run[0]
    open_crossings(s)
    row = take_next(s)
    while row >= 0 and not run.raised:
        _happen(s, row)
        row = take_next(s)
    run.clock = run.stop
    _close_shift(s)
    return DONE


@compiled
def _happen(s: Any, due_row: int) -> None:
    """Do what has fallen due, which is in a row of `s.dues`."""
    fallen = s.dues[due_row]
    due, number, other, row = fallen.due, fallen.number, fallen.other, fallen.attempt
    s.run[0].clock = fallen.time
    give_back(s.dues, due_row)
    if due == WANT:
        want(s, number)
    elif due == LEARNED:
        learn_later(s, number, other)
    elif due == WEAR:
        damage(s, number, other)
    elif due == REPAIR:
        repair(s, row)
    elif due == RETRY:
        try_again(s, number, other)
    elif s.attempts[row].number == number:
        if due == BEGIN:
            begin(s, row)
        elif due == DETECT:
            detect(s, row, other)
        elif due == TOLD:
            be_told(s, row, other // 2, other % 2)
        elif due == ALERT:
            be_alerted(s, row, other)
        elif due == CONTACT:
            intercept(s, row, other)
        elif due == PASS:
            miss(s, row, other)
        elif due == END:
            pass_through(s, row)


@compiled
def _close_shift(s: Any) -> None:
    """Let posts draw their conclusions, instruments act, and the rest take its course."""
    draw_conclusions(s)
    fade_trust(s)
    inspect_walked(s)
    ask_instruments(s, AFTER_SHIFT, -1, -1)
    end_joint_patrols(s)
    send_reports(s)
    spread_disease(s)

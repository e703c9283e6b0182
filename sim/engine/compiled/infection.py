"""Disease that comes over the line; see `sim.engine.infection`."""

from typing import Any

from sim.draws import poisson
from sim.engine.compiled.books import note
from sim.engine.compiled.chance import INFECTION, draw
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.names import HEALTH
from sim.engine.events import Kind
from sim.rules.infection import imported_mean, screened_share

_CASES_IMPORTED = int(Kind.CASES_IMPORTED)


@compiled
def spread_disease(s: Any) -> None:
    """Let a shift bring cases over the line."""
    run = s.run[0]
    if not s.outbreaks.shape[0]:
        return
    for side in range(s.screening.shape[0]):
        s.screening[side] = 0
    for number in range(s.outbreaks.shape[0]):
        outbreak = s.outbreaks[number]
        if outbreak.begin <= run.start < outbreak.end:
            part = 0
            for side in range(s.screening.shape[0]):
                if s.neighbours[outbreak.side, side]:
                    _spread(s, number, side, part)
                    part += 1
    for origin in range(s.came_through.shape[0]):
        for destination in range(s.came_through.shape[1]):
            s.came_through[origin, destination] = 0


@compiled
def _spread(s: Any, number: int, side: int, part: int) -> None:
    """Let an outbreak come to a neighbouring side."""
    run, settings, outbreak = s.run[0], s.settings[0], s.outbreaks[number]
    days = (run.stop - run.start) / 24.0
    joint = 0
    if s.joined[HEALTH, outbreak.side, side]:
        joint = settings.health_level
    if run.start >= outbreak.begin + (0.0 if joint else settings.notice):
        s.screening[side] = 1
        if joint > 1:
            s.screening[outbreak.side] = 1
    at_gates, away = 0, 0
    for index in range(s.segments.shape[0]):
        segment = s.segments[index]
        here = segment.first_side == side and segment.second_side == outbreak.side
        if here or (segment.second_side == side and segment.first_side == outbreak.side):
            at_gates += segment.at_gate
            away += s.people[index]
    gates, elsewhere = 0.0, 0.0
    if s.screening[side]:
        gates = screened_share(settings.screened, settings.gate_screened if joint > 1 else 0.0)
        elsewhere = settings.post_screened if joint > 2 else 0.0
    unseen = s.came_through[outbreak.side, side] / days
    mean = days * (
        imported_mean(0.5 * at_gates, outbreak.prevalence, gates)
        + imported_mean(0.5 * away + unseen, outbreak.prevalence, elsewhere)
    )
    cases = poisson(mean, draw(s, INFECTION, number, run.shift, part))
    s.imported[side] += cases
    if cases:
        note(s, run.stop, _CASES_IMPORTED, -1, -1, -1, side, -1, -1, float(cases))

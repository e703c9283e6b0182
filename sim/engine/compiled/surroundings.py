"""The clock, the nights, the weather and the lawful people of a shift."""

from typing import Any

from sim.draws import LARGE_MEAN, poisson
from sim.engine.compiled.chance import LAWFUL, WEATHER, draw
from sim.engine.compiled.compiling import compiled
from sim.engine.surroundings import ENDINGS_OF_MONTHS
from sim.rules.encounter import darkness


@compiled
def open_shift(s: Any) -> None:
    """Lay out the next shift, and count the lawful people that cross in it."""
    run, settings = s.run[0], s.settings[0]
    run.start = run.shift * settings.shift_hours
    run.stop = min(run.start + settings.shift_hours, settings.end)
    run.dark = darkness(run.start, run.stop, settings.dusk, settings.dawn)
    day = int(run.start // 24.0)
    if day != run.day:
        run.day = day
        likely = s.wet_days[_month(settings.start_day, day)]
        for sky in range(s.slowdown.shape[0]):
            wet = draw(s, WEATHER, sky, day, 0) < likely
            s.slowdown[sky] = settings.wet_slowdown if wet else 1.0
        _draw_lawful(s, day)
    days = (run.stop - run.start) / 24.0
    run.lawful += (run.away + run.at_gates) * days
    run.gate_checks += run.at_gates * settings.gate_check * days


@compiled
def _month(start_day: int, day: int) -> int:
    """Month of a day of the run, 0 for January; years have 365 days."""
    date = (start_day + day) % 365
    month = 0
    while date >= ENDINGS_OF_MONTHS[month]:
        month += 1
    return month


@compiled
def _draw_lawful(s: Any, day: int) -> None:
    """Draw how many lawful people cross on a day, on each segment and at each gate."""
    run, mean = s.run[0], s.settings[0].lawful_per_segment
    away, at_gates = 0, 0
    for number in range(s.people.shape[0]):
        share = draw(s, LAWFUL, number, day, 0)
        if mean > LARGE_MEAN:
            walking = poisson(mean, share)
        else:
            # Without a branch for each person, which no processor can foresee.
            walking = 0
            for most in range(s.walking.shape[0]):
                walking += s.walking[most] < share
        s.people[number] = walking
        away += walking
    for index in range(s.gates.shape[0]):
        number = s.gates[index]
        segment = s.segments[number]
        people = poisson(segment.gate, draw(s, LAWFUL, number, day, 1))
        diverted = _diverted(s, segment, 24.0 * day)
        if diverted < 0.0:
            segment.at_gate = people
            at_gates += people
        else:
            segment.at_gate = 0
            elsewhere = round(diverted * people)
            s.people[number] += elsewhere
            away += elsewhere
    run.away, run.at_gates = away, at_gates


@compiled
def _diverted(s: Any, segment: Any, hour: float) -> float:
    """Share of those at a gate who cross elsewhere as it is closed; -1 if it is open."""
    for number in range(segment.closures, segment.closures_to):
        closure = s.closures[number]
        if closure.begin <= hour < closure.end:
            return closure.diverted
    return -1.0

"""The line itself, the clock, and what a scenario lets happen."""

from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray

from sim.coordination.residential_twinning import ResidentialTwinning
from sim.draws import LARGE_MEAN, Purpose, poisson_steps
from sim.engine.compiled.columns import filled, table
from sim.engine.compiled.layout.layout import Layout, period
from sim.engine.compiled.names import INSTRUMENT_NUMBERS
from sim.engine.injects import suffers
from sim.rules.encounter import darkness
from sim.scenario.injects import GateClosure, LinkOutage, LossOfPatrols, Outbreak, Tip

_FORMS = 12
"""Kinds of shift, by length and darkness, for which a post keeps what its beats cover."""


@lru_cache(maxsize=4)
def _shifts(
    end: float, length: float, dusk: float, dawn: float, ahead: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
    """Give the kind of each shift, the share of it that is night, and how many kinds there are.

    All have their full length, as is expected of shifts to come, even if the run ends within one.

    Parameters
    ----------
    end, length : of the run and of a shift, h
    dusk, dawn : hour of the day
    ahead : shifts that plans are made for, beyond the end too
    """
    forms: dict[tuple[float, float], int] = {}
    kinds = np.zeros(ceil(end / length) + ahead, dtype="i8")
    dark = np.zeros(len(kinds))
    for number in range(len(kinds)):
        start = number * length
        stop = start + length
        dark[number] = darkness(start, stop, dusk, dawn)
        kinds[number] = forms.setdefault((stop - start, dark[number]), len(forms))
    return kinds, dark, len(forms)


def lay_out_time(layout: Layout) -> None:
    """The clock and the skies."""
    time, world = layout.scenario.time, layout.scenario.world
    schedules, end, length = layout.policy.schedules, 24.0 * time.days, time.shift_hours
    if schedules is not None and schedules.kind == "complementary":
        wanted = max(1, round(24.0 * schedules.days_ahead / length))
        layout.shifts_ahead = min(wanted, ceil(end / length))
    kinds, dark, forms = _shifts(end, length, world.dusk_hour, world.dawn_hour, layout.ahead)
    layout.forms = min(forms, _FORMS)
    keys: dict[int, int] = {int(each): key for each, key in layout.stage.chance.keys.items()}
    skies = max(layout.world.skies.values(), default=-1) + 1
    layout.columns |= {
        "shift_forms": kinds,
        "shift_dark": dark,
        "shift_ways": kinds % layout.forms * 2,
        "shift_turns": np.arange(len(kinds)) % layout.scenario.patrols.duty_cycle_shifts,
        "slowdown": np.ones(skies),
        "wet_days": np.array(world.wet_days),
        "keys": np.array(
            [keys.get(purpose, 0) for purpose in range(max(Purpose) + 1)],
            dtype="u8",
        ),
    }


def lay_out_segments(layout: Layout) -> None:
    """The line."""
    world, settings = layout.world, layout.scenario
    rows = table("segments", len(world.segments))
    means = settings.community.people_at_gates
    gates: list[int] = []
    near: list[int] = []
    closures: list[dict[str, float]] = []
    shut = [each for each in settings.injects if isinstance(each, GateClosure)]
    for number, segment in enumerate(world.segments):
        row = rows[number]
        row["length"] = segment.length_km
        speed = settings.world.speed_kmh[segment.relief - 1]
        row["reach"] = settings.patrols.sweep_km / speed
        first, second = segment.sides
        row["first_side"], row["second_side"] = layout.sides[first], layout.sides[second]
        row["first_post"] = world.holder.get((first, number), -1)
        row["second_post"] = world.holder.get((second, number), -1)
        row["near_from"] = len(near)
        near += sorted(world.border[number])
        row["near_to"] = len(near)
        row["closures"] = len(closures)
        if segment.gate in means:
            row["gate"] = means[segment.gate]
            gates.append(number)
            for each in shut:
                if not each.provinces or set(each.provinces) & set(segment.provinces):
                    closures.append({**period(each), "diverted": each.diverted})
        row["closures_to"] = len(closures)
        row["first_cell"] = row["second_cell"] = -1
    twinning = layout.instruments.get("residential_twinning")
    if isinstance(twinning, ResidentialTwinning):
        rows["village"][twinning.villages] = 1
    pairs = np.zeros((len(layout.sides), len(layout.sides)))
    for segment in world.segments:
        here, there = (layout.sides[side] for side in segment.sides)
        pairs[here, there] = pairs[there, here] = 1
    layout.columns |= {
        "segments": rows,
        "people": np.zeros(len(rows)),
        "gates": np.array(gates),
        "walking": poisson_steps(min(LARGE_MEAN, settings.community.lawful_per_segment)),
        "damage": np.full(len(rows), -1),
        "patrolled": np.zeros(2 * len(rows)),
        "near": np.array(near or [0]),
        "neighbours": pairs,
        "closures": filled("closures", closures),
    }


def lay_out_injects(layout: Layout) -> None:
    """Outbreaks, and when links are down."""
    injects, posts = layout.scenario.injects, layout.columns["posts"]
    outbreaks = [
        {**period(each), "side": layout.sides[each.side], "prevalence": each.prevalence}
        for each in injects
        if isinstance(each, Outbreak)
    ]
    outages = [each for each in injects if isinstance(each, LinkOutage)]
    linked = np.zeros((len(INSTRUMENT_NUMBERS), len(outages), 2))
    for index, outage in enumerate(outages):
        for instrument in outage.instruments:
            linked[INSTRUMENT_NUMBERS[instrument], index] = list(period(outage).values())
    tips = [
        {
            "time": 24.0 * each.day,
            "cell": int(posts[post.number]["cells"]) + post.belief.index[each.segment],
            "crime": layout.stage.crimes.index(each.crime),
            "weight": each.weight,
        }
        for each in injects
        if isinstance(each, Tip) and each.crime in layout.stage.crimes
        for post in layout.posts
        if (not each.sides or post.side in each.sides) and each.segment in post.site.sector
    ]
    losses = [
        {**period(each), "post": post.number, "patrols": each.patrols}
        for each in injects
        if isinstance(each, LossOfPatrols)
        for post in layout.posts
        if suffers(each, post)
    ]
    joined = np.zeros((len(INSTRUMENT_NUMBERS), len(layout.sides), len(layout.sides)))
    for name, each in layout.instruments.items():
        for first, here in layout.sides.items():
            for second, there in layout.sides.items():
                joined[INSTRUMENT_NUMBERS[name], here, there] = each.joins(first, second)
    layout.columns |= {
        "injects": filled("injects", [{"time": 24.0 * each.day} for each in injects]),
        "tips": filled("tips", tips),
        "losses": filled("losses", losses),
        "outbreaks": filled("outbreaks", outbreaks),
        "linked": linked,
        "joined": joined,
    }

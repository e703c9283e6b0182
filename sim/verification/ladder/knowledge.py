"""What posts know: what exchanges taught them, what people tell, what they tell each other.

Sections 7.4, 7.17 and professional exchanges of sim/ODD.md.
"""

import math
from collections.abc import Sequence

import numpy as np

from sim.agents import Cause
from sim.agents.watch import MONTH_HOURS
from sim.engine import BorderModel
from sim.engine.events import Kind
from sim.rules.cooperation import FIND_COUNTS_DAYS
from sim.verification.counting import Attempts
from sim.verification.ladder.barrier import BEAT
from sim.verification.ladder.freshness import AT_ONCE
from sim.verification.rung import Counts, Rung, of_submodel


def _detected_by_days(model: BorderModel) -> Counts:
    """Count attempts detected, by days of exchange that the posts of the one segment have had.

    Who is out when a day is held is left aside.
    """
    attempts, columns = Attempts(model), model.log.columns()
    held = columns["time"][columns["kind"] == Kind.EXCHANGE]
    days = np.searchsorted(held, attempts.start, side="right")
    alike = days == np.searchsorted(held, attempts.start + BEAT, side="right")
    found = attempts.detected(0)
    counts = {}
    for day in range(3):
        here = alike & (days == day)
        counts[f"after_{day}"] = (float((found & here).sum()), float(here.sum()))
    return counts


def _skill(
    name: str,
    title: str,
    *,
    learned: float,
    skills: Sequence[float],
    most: float,
    detection: float,
) -> Rung:
    """Describe detection after no, one and two days of exchange, one in each half of a run.

    Parameters
    ----------
    name, title : of the rung
    learned : share of what is left to learn that a day teaches
    skills : what a post has learned after no, one and two days, in hundredths
    most : how much better who learned everything detects
    detection : probability of the untrained at a pass
    """
    days = 25.0
    chances = [detection * (1.0 + most * skill) for skill in skills]
    return of_submodel(
        f"knowledge.{name}",
        title,
        "exponential learning curve, in hundredths; barrier patrol",
        # The window is a beat, and each of two passes in a round is independent.
        {f"after_{day}": 1.0 - (1.0 - chance / 2.0) ** 2 for day, chance in enumerate(chances)},
        _detected_by_days,
        {
            "groups.0.attempts_per_day": 160.0,
            "time.days": days,
            "crimes.crossing.exposure_hours": {"AAA": BEAT, "BBB": 0.0},
            "patrols.detection": detection,
            "professional_exchanges.days_per_year": 365.0 / (days / 2.0),
            "professional_exchanges.learned": learned,
            "professional_exchanges.most": most,
            "professional_exchanges.half_life_days": 1e12,
            "professional_exchanges.hours_per_day": 0.0,
        },
        error=0.003,
    )


def _told(model: BorderModel) -> Counts:
    """Count attempts that people told each side of, once a month of stops has been felt."""
    attempts = Attempts(model)
    late = attempts.start >= MONTH_HOURS
    return {
        name: (float((attempts.detected(side) & late).sum()), float(late.sum()))
        for side, name in enumerate(("told_patrolling_side", "told_other_side"))
    }


def _goodwill() -> Rung:
    reports, false_stop, per_stop, a = 0.9, 0.4, 0.05, 0.25
    # A patrol passes as many lawful people as it would crossers with the same window.
    stopped = false_stop * (1.0 - (1.0 - a / 2.0) ** 2)
    return of_submodel(
        "knowledge.goodwill",
        "people tell a post whose patrol stops lawful people, and one without patrols",
        "barrier patrol; goodwill linear in the share stopped",
        {
            "told_patrolling_side": reports * (1.0 - 100.0 * per_stop * stopped),
            "told_other_side": reports,
        },
        _told,
        {
            "groups.0.attempts_per_day": 60.0,
            "time.days": 60.0,
            "patrols.detection": 0.0,
            "community.reports": reports,
            "community.lawful_per_segment": 5000.0,
            "community.lawful_exposure_hours": a * BEAT,
            "community.false_stop": false_stop,
            "community.goodwill_per_stop": per_stop,
        },
    )


def _not_shared(model: BorderModel) -> Counts:
    """Count attempts that got through though a find there might have been told of."""
    passed = (model.log.columns()["kind"] == Kind.PASSED).sum()
    return {"not_shared": (float(model.tally.missed[Cause.NOT_SHARED]), float(passed))}


def _untold() -> Rung:
    seen, finds_a_day, interval, shift = 1.0 / 6.0, 0.05, 20.0, 2.0
    # A report is a shift under way: when shifts begin, what was heard ends 2, 4, … 20 days before.
    # A find is untold if the latest came since, and counts for so long.
    ages = [shift * (number + 1) for number in range(round(interval / shift))]
    nothing = [math.exp(-finds_a_day * min(age, FIND_COUNTS_DAYS)) for age in ages]
    return of_submodel(
        "knowledge.untold",
        "attempts that got through where the other side had found something it had not yet told",
        "Poisson process of finds since the latest report",
        {"not_shared": (1.0 - seen) * (1.0 - sum(nothing) / len(nothing))},
        _not_shared,
        {
            "world.provinces": ["Six"],
            "groups.0.attempts_per_day": 6.0 * finds_a_day / seen,
            "time.days": 1500.0,
            "time.shift_hours": 24.0 * shift,
            "posts.sector_km": 1e3,
            "patrols.per_post": 0,
            "posts.sensors.fixed": {"AAA": 6, "BBB": 0},
            "posts.sensors.range_km": 1e3,
            "posts.sensors.detection": seen,
            "sharing.interval_days": interval,
            "sharing.latency_hours": 24.0 * shift - AT_ONCE,
            "sharing.reliability": 1.0,
            "sharing.report_hours": 0.0,
            "sharing.reports_per_day": 1e9,
        },
        error=0.0025,
    )


RUNGS = (
    _skill(
        "skill",
        "detection after days of exchange that each teach half of what is left to learn",
        learned=0.5,
        skills=(0.0, 0.5, 0.75),
        most=1.5,
        detection=0.4,
    ),
    _skill(
        "skill_in_hundredths",
        "detection after days of exchange of which one teaches less than half of a hundredth",
        learned=0.004,
        skills=(0.0, 0.0, 0.01),
        most=100.0,
        detection=0.3,
    ),
    _goodwill(),
    _untold(),
)

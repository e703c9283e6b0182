"""Section 6: how fresh shared information is.

Plans are looked at when shifts begin, and those told were made a shift before they are sent.
Against the formula, in which all this takes no time, latencies of a delay D and of a shift less are
too long and too short by half a shift; half of the runs have the one and half the other (trapezoid
rule). Ages of reports lie between latencies of D and of a shift more in the same way.
"""

import math
from typing import Any

from sim.engine import BorderModel
from sim.verification.counting import outcome
from sim.verification.ladder.processes import QUICK
from sim.verification.rung import Counts, Rung

SWITCHES_PER_DAY = 0.1
DELAY_DAYS = 1.0

SHIFT_HOURS = 1.0
"""Of the queue: short against the day that reading a report takes."""

AT_ONCE = 1e-3
"""Reading takes a moment, so that a report at the hour would wait for the next shift, h."""

PLAN_DAYS = 10
"""Between the plans that a partner tells."""

UNTOLD_DAYS = PLAN_DAYS + 1
"""Until the first of these plans is known: a day after it was sent."""


def still_valid(interval: float) -> float:
    """Probability that a plan shared every so many days still holds when it is used."""
    s, t = SWITCHES_PER_DAY, interval
    return math.exp(-s * DELAY_DAYS) * (1.0 - math.exp(-s * t)) / (s * t)


def queue_age(load: float) -> float:
    """Mean age of information of a queue M/M/1 of a service rate of 1 a day, days."""
    return 1.0 + 1.0 / load + load**2 / (1.0 - load)


def _plans(interval: float) -> Rung:
    """Plans told regularly, of routes that switch at random."""
    shift = min(12.0, 12.0 * interval)
    sharing: dict[str, Any] = {
        "time.shift_hours": shift,
        "time.days": 600.0 + 20.0 * interval,
        "allocation.kind": "rota",
        "allocation.rota_days": 1.0 / SWITCHES_PER_DAY,
        "allocation.rota_irregular": True,
        "sharing.interval_days": interval,
        "sharing.plans": True,
        "sharing.reliability": 1.0,
        "sharing.report_hours": 0.0,
        "sharing.reports_per_day": 1e9,
    }
    latency = 24.0 * DELAY_DAYS - AT_ONCE
    return Rung(
        name=f"freshness.plans.{interval:g}",
        title=f"plans shared every {interval:g} days, a day under way, of routes that switch once "
        "in ten days",
        source="verification ladder 6; renewal of a Poisson process",
        scenario="freshness.toml",
        expected={"still_valid": still_valid(interval)},
        count=outcome(still_valid="plans_valid_share"),
        runs=60,
        settings=[
            sharing | {"sharing.latency_hours": latency},
            sharing | {"sharing.latency_hours": latency - shift},
        ],
    )


def _age(interval: float) -> Rung:
    """Age of reports sent regularly."""
    shift = 12.0
    latency = 24.0 * DELAY_DAYS - AT_ONCE
    sharing: dict[str, Any] = {
        "time.shift_hours": shift,
        "time.days": 100.0 * interval,
        "sharing.interval_days": interval,
        "sharing.reliability": 1.0,
        "sharing.report_hours": 0.0,
        "sharing.reports_per_day": 1e9,
    }
    return Rung(
        name=f"freshness.age.{interval:g}",
        title=f"age of reports sent every {interval:g} days, a day under way",
        source="verification ladder 6; D + T/2",
        scenario="freshness.toml",
        expected={"age_days": DELAY_DAYS + interval / 2.0},
        count=outcome(age_days="mean_information_age_days"),
        settings=[
            sharing | {"sharing.latency_hours": latency},
            sharing | {"sharing.latency_hours": latency + shift},
        ],
        runs=2,
        # Until the first report arrives ages count from the start of the run.
        slack=0.02 * DELAY_DAYS,
    )


def _queue(load: float) -> Rung:
    """Reports that come at random and take time to read."""
    return Rung(
        name=f"freshness.queue.{load:g}",
        title=f"age of reports that load a reader to {load:g} of what he can read",
        source="verification ladder 6; M/M/1, Kaul, Yates & Gruteser, IEEE INFOCOM (2012)",
        scenario="queue.toml",
        expected={"age_days": queue_age(load)},
        count=outcome(age_days="mean_information_age_days"),
        settings=[
            {
                "sharing.interval_days": SHIFT_HOURS / 24.0,
                "sharing.reliability": load * SHIFT_HOURS / 24.0,
                "sharing.latency_hours": 0.0,
                "sharing.report_hours": 0.0,
                "sharing.reports_per_day": 1.0,
            }
        ],
        # Reports come and are looked at on the hour, and the queue is empty at first.
        slack=SHIFT_HOURS / 24.0,
        error=0.02,
        runs=48,
    )


def _where_partner_is(model: BorderModel) -> Counts:
    """Count shifts of a day with both sides on one segment, once a plan is known."""
    # Before, the post takes the better segment, and both are there.
    tally = model.tally
    return {"both_there": (tally.covered_twice - UNTOLD_DAYS, tally.shifts - UNTOLD_DAYS)}


def _believed(worth: float) -> Rung:
    """A post that was told where its partner is, and goes there once that has become doubtful.

    The partner was told to be on the first of two segments, where `worth` times as many cross. The
    plan still holds with probability v; if not, the partner is on either. So it is not on the first
    with probability (1 − v)/2, and not on the other with (1 + v)/2: the first is the better one as
    soon as v < (worth − 1)/(worth + 1).
    """
    half_life = 2.9
    doubtful = half_life * math.log2((worth + 1.0) / (worth - 1.0))
    ages = range(2, 2 + PLAN_DAYS)  # decided a day before they are sent, a day under way
    known = {"kind": "tip", "day": 0, "crime": "crossing", "sides": ["BBB"]}
    return Rung(
        name=f"freshness.believed.{worth:g}",
        title=f"a post keeps off where its partner said to go, with {worth:g} times the traffic of "
        "the other segment, until the plan is too old",
        source="verification ladder 6; mixture of a plan that holds and one that does not",
        scenario="freshness.toml",
        expected={"both_there": sum(age > doubtful for age in ages) / len(ages)},
        count=_where_partner_is,
        settings=[
            QUICK
            | {
                "world.provinces": ["Double"],
                "posts.sector_km": 9.045,
                # Nothing but what is known of the two segments weighs anything.
                "posts.belief.prior_days": 1e9,
                "posts.belief.prior_rate_per_day": 1e-9,
                "posts.belief.half_life_days": 1e12,
                "injects": [
                    {**known, "title": "more", "segment": 0, "weight": 1e9 * worth},
                    {**known, "title": "fewer", "segment": 1, "weight": 1e9},
                ],
                "crimes.crossing.exposure_hours": {"AAA": 0.001, "BBB": 0.001},
                "allocation.kind": {"AAA": "rota", "BBB": "posterior_mean"},
                "allocation.rota_days": 1e6,
                "sharing.interval_days": float(PLAN_DAYS),
                "sharing.plans": True,
                "sharing.plan_half_life_days": half_life,
                "sharing.reliability": 1.0,
                "sharing.report_hours": 0.0,
                "sharing.reports_per_day": 1e9,
                "sharing.latency_hours": 24.0 * DELAY_DAYS - AT_ONCE,
                "time.days": float(UNTOLD_DAYS + 20 * PLAN_DAYS),
                "time.shift_hours": 24.0,
            }
        ],
        runs=2,
    )


RUNGS = (
    *(_plans(interval) for interval in (1.0, 7.0, 30.0)),
    *(_believed(worth) for worth in (1.2, 1.5, 3.0)),
    *(_age(interval) for interval in (1.0, 7.0, 30.0)),
    *(_queue(load) for load in (0.2, 0.53, 0.7)),
)

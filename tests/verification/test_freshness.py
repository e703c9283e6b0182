"""Shared plans go stale as fast as the formula of renewed information says.

Routes switch at rate s; reports leave every T and arrive D later. With everything continuous, a
told plan still holds with probability e^(−sD) (1 − e^(−sT)) / (sT), and information is D + T/2 old
on average. In the simulation reports leave at the ends of shifts and plans are looked at when
shifts begin, one shift or more after the decision that a report tells of: the sums below say so
exactly.
"""

import math
from collections import defaultdict

import numpy as np
import pytest
from small_world import small_scenario

from sim import BorderModel, run
from sim.outcomes import result_of

SWITCHES_PER_DAY = 0.1
LATENCY_DAYS = 1.0


def told_at(day, interval):
    """When the latest report that has arrived was sent, days; None before the first."""
    sent = math.floor((day - LATENCY_DAYS) / interval + 1e-6) * interval
    return sent if sent > 0.0 else None


def expected(days, interval, shift):
    """Share of told plans that hold, and mean age of information, summed shift by shift."""
    starts = [number * shift for number in range(round(days / shift))]
    told = [told_at(start, interval) for start in starts]
    ages = [start - (sent or 0.0) for start, sent in zip(starts, told, strict=True)]
    # A report tells the plan of the shift that ended when it was sent, decided a shift before.
    holds = [
        math.exp(-SWITCHES_PER_DAY * (age + shift))
        for age, sent in zip(ages, told, strict=True)
        if sent is not None
    ]
    return sum(holds) / len(holds), sum(ages) / len(ages)


def continuous(interval):
    """Share of told plans that hold if reports and decisions take no time."""
    s, t, d = SWITCHES_PER_DAY, interval, LATENCY_DAYS
    return math.exp(-s * d) * (1.0 - math.exp(-s * t)) / (s * t)


@pytest.mark.parametrize(
    ("interval", "shift_hours", "days"),
    [(1.0, 4.0, 100.0), (7.0, 12.0, 281.0), (30.0, 24.0, 601.0)],
)
def test_told_plans_hold_as_often_as_the_formula_says(
    verification_line, interval, shift_hours, days
):
    """Rotas that switch at random times are known as well as latency and interval allow."""
    scenario = verification_line(
        {
            "world.provinces": ["Line"],
            "posts.sector_km": 12 * 9.045,
            "patrols.per_post": 1,
            "groups.0.attempts_per_day": 0.01,
            "time.days": days,
            "time.shift_hours": shift_hours,
            "allocation.kind": "rota",
            "allocation.rota_days": 1.0 / SWITCHES_PER_DAY,
            "allocation.rota_irregular": True,
            "sharing.interval_days": interval,
            "sharing.plans": True,
            "sharing.scope": "neighbours",
            "sharing.reliability": 1.0,
            "sharing.report_hours": 0.0,
            # Reading takes a moment, so that a report at a full day would wait for the next shift.
            "sharing.latency_hours": 24.0 * LATENCY_DAYS - 1e-3,
            "sharing.reports_per_day": 1e9,
        }
    )
    model = BorderModel(scenario, rng=21)
    assert len(model.posts_by_number) == 20
    known, valid = defaultdict(int), defaultdict(int)
    while model.running:
        model.step()
        for post in model.posts_by_number:
            for partner, plan in post.partners.known_plans.items():
                known[post.number] += 1
                valid[post.number] += plan.beats == model.posts_by_number[partner].plan.beats
    outcomes = result_of(model).outcomes
    by_post = np.array([valid[number] / known[number] for number in known])
    assert len(by_post) == 20
    error = by_post.std(ddof=1) / math.sqrt(len(by_post))
    share, age = expected(days, interval, shift_hours / 24.0)
    assert outcomes["plans_valid_share"] == pytest.approx(share, abs=4.0 * error)
    assert error < 0.02
    assert outcomes["mean_information_age_days"] == pytest.approx(age, abs=1e-6)
    # Near the continuous formula: plans are half a shift older than in it, ages half a shift less.
    half = 0.5 * shift_hours / 24.0
    assert share == pytest.approx(
        continuous(interval) * math.exp(-SWITCHES_PER_DAY * half), rel=0.02
    )
    assert age == pytest.approx(LATENCY_DAYS + interval / 2.0 - half, rel=0.01)


def test_sharing_more_often_than_can_be_read_makes_information_older(tmp_path):
    """With little capacity to read, frequent reports queue and the picture ages; with much not.

    The queue is the M/M/1 of the literature on the age of information, past its best load.
    """

    def age(interval: float, capacity: float) -> float:
        scenario = small_scenario(
            tmp_path,
            time__days=60,
            sharing__interval_days=interval,
            sharing__reports_per_day=capacity,
            sharing__reliability=1.0,
        )
        return run(scenario, seed=1).outcomes["mean_information_age_days"]

    assert age(0.5, capacity=1.0) > 2 * age(4.0, capacity=1.0)
    assert age(0.5, capacity=100.0) < age(4.0, capacity=100.0) / 2

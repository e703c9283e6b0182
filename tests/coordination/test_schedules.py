"""Coordinated schedules: a line split, patrols half a round apart, and plans fixed ahead."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from runs import begun, finished, instrument, steps

from sim import BorderModel, Scenario
from sim.agents.beat import Route
from sim.verification.rung import SCENARIOS

LINE = SCENARIOS / "line.toml"
BEAT_HOURS = 2.26125
SPLIT = {"schedules__kind": "split", "schedules__meeting_hours": 0.0}
AHEAD = {"schedules__kind": "complementary", "schedules__days_ahead": 2.0}


def line_model(**overrides: Any) -> BorderModel:
    """Set up a segment in the open sea with one patrol on each side."""
    changes = {"patrols.per_post": 1, "time.days": 20.0}
    changes |= {key.replace("__", "."): value for key, value in overrides.items()}
    return BorderModel(Scenario.load(LINE, overrides=changes), rng=5)


def routes(model: BorderModel) -> Iterator[tuple[Route, Route]]:
    """Run shift by shift, and give the routes of the two patrols."""
    for _ in steps(model):
        here, there = (patrol.route for patrol in model.patrols_by_number)
        assert here is not None
        assert there is not None
        yield here, there


def met_together(here: Route, there: Route, window: float, grid: int) -> float:
    """Share of crossers, evenly over places and times of a round, whom either patrol passes."""
    start = max(here.arrive, there.arrive) + 0.1
    met = 0
    for place in (np.arange(grid) + 0.5) / grid:
        for wait in (np.arange(grid) + 0.5) / grid * 2.0 * BEAT_HOURS:
            begin = start + wait
            passes = (
                route.pass_within(0, float(place), begin, begin + window, 0.0, 0)
                for route in (here, there)
            )
            met += any(time is not None for time in passes)
    return met / grid**2


def test_antiphase_keeps_patrols_half_a_round_apart() -> None:
    """However late each goes out, one is as far from one end as the other from the other end."""
    model = line_model(schedules__kind="antiphase", schedules__meeting_hours=1.5)
    model.posts_by_number[0].debt_hours = 2.0
    for here, there in routes(model):
        for time in np.linspace(max(here.arrive, there.arrive), min(here.leave, there.leave), 9):
            apart = here.place_at(time) + there.place_at(time)
            assert apart == pytest.approx(BEAT_HOURS, abs=1e-6)


@pytest.mark.parametrize("a", [0.25, 0.5, 1.0])
def test_antiphase_meets_as_much_as_a_split_sector(a: float) -> None:
    """Both together pass 1 − (1 − a)² of those who are exposed to both (verification.md, 1)."""
    model = line_model(schedules__kind="antiphase", time__days=2.0)
    for here, there in routes(model):
        met = met_together(here, there, a * BEAT_HOURS, grid=60)
        assert met == pytest.approx(1.0 - (1.0 - a) ** 2, abs=0.01)


@pytest.mark.parametrize("a", [0.25, 0.5, 1.0])
def test_without_schedules_both_meet_what_independent_patrols_do(a: float) -> None:
    """Both together pass 1 − ⅔(1 − a/2)³ − ⅓(1 − a)³ on average over phases."""
    model = line_model(patrols__phase="each_shift", time__days=200.0)
    shares = [met_together(*pair, a * BEAT_HOURS, grid=12) for pair in routes(model)]
    expected = 1.0 - 2.0 / 3.0 * (1.0 - a / 2.0) ** 3 - 1.0 / 3.0 * (1.0 - a) ** 3
    error = np.std(shares) / np.sqrt(len(shares))
    assert np.mean(shares) == pytest.approx(expected, abs=4.0 * error + 0.005)


def met_by_either(a: float, days: float) -> tuple[float, float, int]:
    """Run antiphase with windows of `a` beats on each side, one after the other.

    Returns
    -------
    Share of crossers whom some side detects, share of these whom both do, and how many crossed.
    """
    model = line_model(
        schedules__kind="antiphase",
        schedules__meeting_hours=0.0,
        crimes__crossing__exposure_hours=a * BEAT_HOURS,
        groups__0__attempts_per_day=40.0,
        time__days=days,
    )
    model.run_model()
    frame = model.log.frame()
    ended = set(frame.loc[frame["kind"] == "passed", "attempt"])
    found = frame[(frame["kind"] == "detected") & frame["attempt"].isin(ended)]
    sides = found.groupby("attempt")["side"].nunique()
    return len(sides) / len(ended), float((sides == 2).mean()), len(ended)


@pytest.mark.parametrize("a", [0.25, 0.5])
def test_each_side_in_its_own_window_meets_what_the_formula_says(a: float) -> None:
    """Up to half a beat's length on each side, 1 − (1 − a)² of the crossers are met by either."""
    share, _, crossed = met_by_either(a, days=100.0)
    expected = 1.0 - (1.0 - a) ** 2
    error = (expected * (1.0 - expected) / crossed) ** 0.5
    assert share == pytest.approx(expected, abs=4.0 * error)


def test_half_a_round_apart_is_in_step_for_long_crossings() -> None:
    """Who is exposed first here and then there, for a beat's length each, meets both or nobody.

    The two windows of a crossing follow each other, so that by the second one the other patrol has
    come round: antiphase then meets no more than one patrol does, 3/4 instead of all.
    """
    share, twice, crossed = met_by_either(1.0, days=40.0)
    assert twice > 0.97
    assert share == pytest.approx(0.75, abs=4.0 * (0.75 * 0.25 / crossed) ** 0.5)


def test_a_split_leaves_each_half_to_one_side(tmp_path: Path) -> None:
    """Two posts with a line of two segments in common never go to each other's half."""
    model = begun(tmp_path, time__days=10, allocation__kind="uniform", **SPLIT)
    line = next(pair for pair in instrument(model, "schedules").pairs if len(pair.segments) == 2)
    walked: dict[int, set[int]] = {number: set() for number in line.posts}
    for _ in steps(model):
        for number in line.posts:
            post = model.posts_by_number[number]
            walked[number] |= {n for beat in post.plan.beats for n in post.beats[beat].segments}
    assert walked[line.first] & set(line.segments) == {line.segments[0]}
    assert walked[line.second] & set(line.segments) == {line.segments[1]}


def test_complementary_plans_are_told_ahead_and_kept(tmp_path: Path) -> None:
    """What one side fixed for two days is what it walks, and its partners reckon with it."""
    model = begun(tmp_path, time__days=12, **AHEAD)
    promised: dict[tuple[int, int], tuple[int, ...]] = {}
    kept = 0
    for shift in steps(model):
        for post in model.posts_by_number:
            for (partner, number), plan in post.partners.agreed.items():
                promised[partner, number] = plan.beats
        for post in model.posts_by_number:
            if (post.number, shift.number) in promised:
                assert post.plan.beats == promised[post.number, shift.number]
                kept += 1
    sides = {model.posts_by_number[number].side for number, _ in promised}
    assert sides == {"AAA", "BBB"}
    assert kept > 60


def test_plans_fixed_on_the_day_of_a_joint_patrol_leave_nobody_at_home(tmp_path: Path) -> None:
    """A joint patrol takes teams of its own shift only, and not of all that are planned with it."""
    model = begun(
        tmp_path,
        time__days=30,
        patrols__per_post=2,
        patrols__duty_cycle_shifts=1,
        joint_patrols__per_month=10,
        # Five shifts, so that agreements are made by day as well.
        **(AHEAD | {"schedules__days_ahead": 5 / 3}),
    )
    for shift in steps(model):
        jointly = any(len(patrol.authority) > 1 for patrol in model.patrols)
        if not jointly:
            assert all(patrol.route is not None for patrol in model.patrols)
        for post in model.posts:
            for (_, number), plan in post.partners.agreed.items():
                assert len(plan.beats) == 2 or number <= shift.number
    assert instrument(model, "joint_patrols").kept > 20


def test_one_side_complements_the_other(tmp_path: Path) -> None:
    """Who knows what the other has bound itself to goes elsewhere: fewer segments twice."""
    common = {"time__days": 40, "posts__belief__prior_days": 1000.0}
    alone = finished(tmp_path, **common)
    agreed = finished(tmp_path, schedules__meeting_hours=0.0, **AHEAD, **common)
    assert agreed.tally.covered_twice < 0.8 * alone.tally.covered_twice


@pytest.mark.parametrize(
    ("dose", "meetings"),
    [
        ({"schedules__kind": "split", "schedules__meeting_days": 10.0}, 3),
        ({"schedules__kind": "antiphase", "schedules__meeting_days": 10.0}, 3),
        (AHEAD, 15),
    ],
)
def test_each_agreement_costs_both_posts_a_meeting(
    tmp_path: Path, dose: dict[str, Any], meetings: int
) -> None:
    """Four pairs of posts meet on every date, an hour and a half on each side."""
    model = finished(tmp_path, time__days=30, schedules__meeting_hours=1.5, **dose)
    assert instrument(model, "schedules").hours == {
        "AAA": 4 * 1.5 * meetings,
        "BBB": 4 * 1.5 * meetings,
    }


def test_giving_schedules_up_frees_everybody(tmp_path: Path) -> None:
    """After a change of policy nobody is in step, keeps to a half, or is bound by a plan."""
    for kind in ("split", "antiphase", "complementary"):
        model = begun(
            tmp_path,
            time__days=6,
            schedules__kind=kind,
            injects=[{"kind": "policy_change", "day": 5, "set": {"schedules.kind": "none"}}],
        )
        for shift in steps(model):
            if shift.start >= 5 * 24.0:
                for post in model.posts:
                    assert not post.in_step
                    assert post.choice == tuple(range(len(post.beats)))
                    assert not post.plans
                    assert not post.partners.agreed

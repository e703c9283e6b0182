"""Joint patrols: authority on both sides, on dates that are kept or missed, at a cost."""

from itertools import pairwise
from pathlib import Path

import pytest
from runs import begun, count, finished, instrument, rows, steps

from sim.engine import Kind

EAGER = {"joint_patrols__per_month": 8, "patrols__per_post": 6, "patrols__detection": 1.0}
"""Two teams of each post on duty, and two joint patrols a week."""


def test_a_joint_patrol_takes_a_team_of_both_posts_by_day(tmp_path: Path) -> None:
    """One team walks the common line with authority on both sides, one goes along, none is free."""
    model = begun(tmp_path, time__days=20, **EAGER)
    seen = 0
    for shift in steps(model):
        jointly = [patrol for patrol in model.patrols if len(patrol.authority) > 1]
        dates = rows(model, Kind.JOINT_PATROL)
        dates = dates[dates["time"] == shift.start]
        assert len(jointly) == len(dates)
        tasks = dict.fromkeys(range(len(model.posts)), 0)
        for post, partner in zip(dates["post"], dates["partner"], strict=True):
            tasks[post] += 1
            tasks[partner] += 1
            both = [set(model.posts_by_number[number].site.sector) for number in (post, partner)]
            leaders = [patrol for patrol in jointly if patrol.post == post]
            assert any(set(each.route.beat.segments) <= both[0] & both[1] for each in leaders)
        for post in model.posts_by_number:
            alone = [p for p in post.team if p.route is not None and len(p.authority) == 1]
            assert len(alone) == len(post.team) - tasks[post.number]
            assert len(post.plan.beats) == len(alone)
        assert not jointly or shift.dark < 0.5
        seen += len(jointly)
    assert seen > 10
    assert seen == instrument(model, "joint_patrols").kept


def test_a_joint_patrol_intercepts_on_both_sides(tmp_path: Path) -> None:
    """What it catches is intercepted jointly, before the line and beyond it; without it nothing."""
    model = finished(tmp_path, time__days=60, **EAGER)
    caught = rows(model, Kind.INTERCEPTED_JOINTLY)
    started = rows(model, Kind.STARTED).set_index("attempt")["time"]
    hours = caught["time"].to_numpy() - started[caught["attempt"]].to_numpy()
    assert (hours < 2.5).any()
    assert (hours > 2.5).any()
    assert count(finished(tmp_path, time__days=60), Kind.INTERCEPTED_JOINTLY) == 0


def test_it_costs_whole_teams_their_preparation_and_money(tmp_path: Path) -> None:
    """Each side pays for its team of each shift, and for preparing it."""
    model = finished(
        tmp_path, joint_patrols__preparation_hours=3.0, joint_patrols__money_each=7.0, **EAGER
    )
    joint = instrument(model, "joint_patrols")
    assert joint.kept > 3
    assert joint.hours == {"AAA": joint.kept * 11.0, "BBB": joint.kept * 11.0}
    assert joint.money() == joint.kept * 7.0
    owed = sum(post.debt_hours for post in model.posts)
    assert model.tally.coordination_hours == pytest.approx(joint.kept * 22.0 - owed)


def test_as_many_are_kept_as_were_agreed(tmp_path: Path) -> None:
    """Each of four pairs of posts walks as often as the dose says, give or take one."""
    model = finished(tmp_path, time__days=91.25, **EAGER)
    assert instrument(model, "joint_patrols").kept == pytest.approx(4 * 24, abs=4)


def test_a_missed_date_lowers_trust_and_is_arranged_again(tmp_path: Path) -> None:
    """A side without teams keeps no date; the next one is not before they have agreed on it."""
    model = finished(
        tmp_path,
        joint_patrols__per_month=8,
        joint_patrols__rearrange_days=10,
        patrols__per_post={"AAA": 3, "BBB": 0},
        time__days=60,
    )
    missed = rows(model, Kind.APPOINTMENT_MISSED)
    assert count(model, Kind.JOINT_PATROL) == 0
    assert instrument(model, "joint_patrols").hours == {"AAA": 0.0, "BBB": 0.0}
    for pair in instrument(model, "joint_patrols").pairs:
        times = missed.loc[missed["post"] == pair.first, "time"].tolist()
        assert len(times) >= 3
        gaps = [later - sooner for sooner, later in pairwise(times)]
        assert min(gaps) >= 240.0
    for post in model.posts_by_number:
        assert post.partners.trust
        assert all(trust < 0.5 for trust in post.partners.trust.values())


def test_kept_dates_raise_trust_between_those_who_kept_them(tmp_path: Path) -> None:
    """Trust moves by the same step for each date kept, on both sides, and for nobody else."""
    model = finished(
        tmp_path,
        posts__trust__half_life_days=1e9,
        posts__trust__kept=0.1,
        posts__trust__gain=0.0,
        **EAGER,
    )
    dates = rows(model, Kind.JOINT_PATROL)
    for pair in instrument(model, "joint_patrols").pairs:
        kept = int(dates[["post", "partner"]].isin(pair.posts).all(axis=1).sum())
        first, second = (model.posts_by_number[number].partners for number in pair.posts)
        assert first.trust_in(pair.second) == pytest.approx(1.0 - 0.5 * 0.9**kept)
        assert second.trust_in(pair.first) == pytest.approx(1.0 - 0.5 * 0.9**kept)
    assert set(model.posts_by_number[0].partners.trust) == {4}


def test_they_tell_each_other_what_they_know_unless_reports_do(tmp_path: Path) -> None:
    """Whoever walked together has heard of the other by the end of that shift, and not twice."""
    model = begun(tmp_path, time__days=20, **EAGER)
    for shift in steps(model):
        dates = rows(model, Kind.JOINT_PATROL)
        for row in dates[dates["time"] == shift.start].itertuples():
            for here, there in ((row.post, row.partner), (row.partner, row.post)):
                assert model.posts_by_number[here].partners.heard[there] == shift.end
    told = begun(tmp_path, time__days=20, sharing__interval_days=7, **EAGER)
    for shift in steps(told):
        for post in told.posts:
            assert all(heard <= shift.end - 4.0 for heard in post.partners.heard.values())


def test_a_joint_detection_is_in_the_pictures_of_both_posts(tmp_path: Path) -> None:
    """Where no patrol walks alone, posts of both sides know of the same finds."""
    model = finished(
        tmp_path,
        time__days=40,
        time__shift_hours=24,
        joint_patrols__per_month=60,
        posts__sector_km=60.0,
        patrols__per_post=1,
        patrols__duty_cycle_shifts=1,
        patrols__interception=0.0,
        community__reports=0.0,
        community__learned_later=0.0,
        posts__belief__half_life_days=1e9,
        posts__trust__start=0.0,
        posts__trust__gain=0.0,
        posts__trust__kept=0.0,
    )
    assert count(model, Kind.JOINT_PATROL) > 70
    for pair in instrument(model, "joint_patrols").pairs:
        first, second = (model.posts_by_number[number].belief for number in pair.posts)
        assert (first.evidence[0] > first.prior[0] + 2.0).any()
        for segment in pair.segments:
            here, there = first.index[segment], second.index[segment]
            assert first.evidence[:, :, here] == pytest.approx(second.evidence[:, :, there])


def test_minutes_are_signed_on_what_both_saw(tmp_path: Path) -> None:
    """Joint patrols get damaged markers repaired; patrols of two sides that never meet do not."""
    worn = {"world__marker_damage_per_year": 20.0, "world__marker_repair_days": 1.0}
    alone = finished(tmp_path, time__days=30, patrols__per_post=6, **worn)
    jointly = finished(tmp_path, time__days=30, **worn, **EAGER)
    assert count(alone, Kind.MARKER_SIGNED, Kind.MARKER_REPAIRED) == 0
    assert count(jointly, Kind.MARKER_REPAIRED) > 0
    assert count(jointly, Kind.MARKER_REPAIRED) <= count(jointly, Kind.MARKER_SIGNED)


def test_where_they_go_can_follow_belief(tmp_path: Path) -> None:
    """Where both expect most they go each time; otherwise they go along the line in turn."""
    where = {}
    for kind in ("rotate", "belief"):
        model = begun(
            tmp_path,
            time__days=20,
            joint_patrols__where=kind,
            injects=[{"kind": "tip", "day": 0, "crime": "goods", "segment": 4, "weight": 1e6}],
            **EAGER,
        )
        where[kind] = set()
        for _ in steps(model):
            where[kind] |= {
                patrol.route.beat.segments[0]
                for patrol in model.patrols
                if len(patrol.authority) > 1
            }
    assert where["rotate"] == set(range(6))
    assert where["belief"] & {4, 5} == {4}

"""Sensors and people who tell: where they are, what they give away, and who then acts."""

from pathlib import Path
from typing import Any

import pytest
from runs import begun, count, finished, rows, steps

from sim.engine import Kind

NO_PATROLS: dict[str, Any] = {
    "patrols__per_post": 0,
    "community__reports": 0.0,
    "community__learned_later": 0.0,
    "groups__0__adversary": "static",
    "groups__1__adversary": "static",
}


def test_fixed_sensors_are_spread_over_the_sector(tmp_path: Path) -> None:
    """One in the middle; three on one segment each; they never move."""
    for number, places in ((1, (1,)), (3, (0, 1, 2))):
        model = begun(tmp_path, posts__sensors__fixed=number, time__days=10)
        for _ in steps(model):
            assert model.posts_by_number[4].coverage.sensors == places


def test_mobile_sensors_follow_belief_when_they_are_moved(tmp_path: Path) -> None:
    """They stand where most is expected, and are moved every few days and not between."""
    model = begun(
        tmp_path,
        posts__sensors__mobile=1,
        posts__sensors__move_days=4.0,
        time__days=12,
        injects=[{"kind": "tip", "day": 1, "crime": "goods", "segment": 2, "weight": 1e6}],
    )
    places = [model.posts_by_number[4].coverage.sensors for _ in steps(model)]
    assert len(set(places[:12])) == 1
    assert set(places[12:24]) == {(2,)}
    assert places[0] != (2,)


def test_each_side_has_its_own_number_of_sensors(tmp_path: Path) -> None:
    """A table by side is read as such."""
    model = begun(tmp_path, posts__sensors__fixed={"AAA": 2, "BBB": 0}, time__days=1)
    model.step()
    assert {len(post.coverage.sensors) for post in model.posts if post.side == "AAA"} == {2}
    assert {len(post.coverage.sensors) for post in model.posts if post.side == "BBB"} == {0}


def test_a_sensor_detects_its_share_and_somebody_goes_there(tmp_path: Path) -> None:
    """Range over length times chance, on each side; the reaction team does the rest."""
    model = finished(
        tmp_path,
        time__days=200,
        posts__sector_km=10.0,
        posts__sensors__fixed={"AAA": 1, "BBB": 0},
        posts__sensors__range_km=4.0,
        posts__sensors__detection=0.5,
        crimes__goods__detectability=1.0,
        patrols__interception=1.0,
        **NO_PATROLS,
    )
    found, started = rows(model, Kind.DETECTED), count(model, Kind.STARTED)
    assert found["attempt"].is_unique
    assert set(found["partner"]) == {-1}
    assert len(found) / started == pytest.approx(0.2, abs=4 * (0.16 / started) ** 0.5)
    caught = rows(model, Kind.INTERCEPTED)
    assert 0 < len(caught) < len(found)
    assert set(caught["attempt"]) <= set(found["attempt"])


def test_people_tell_their_own_post_their_share(tmp_path: Path) -> None:
    """Each side's people tell of a share of what crosses, while it is on their side."""
    share = NO_PATROLS | {"community__reports": 0.3, "patrols__interception": 0.0}
    model = finished(tmp_path, time__days=100, **share)
    told = rows(model, Kind.COMMUNITY_REPORT)
    started = rows(model, Kind.STARTED).set_index("attempt")
    origins = {group.number: group.kind.origin for group in model.groups_by_number}
    for origin in (True, False):
        theirs = [
            (origins[row.attempt >> 20] == model.posts_by_number[row.post].side) is origin
            for row in told.itertuples()
        ]
        assert sum(theirs) / len(started) == pytest.approx(
            0.3, abs=4 * (0.21 / len(started)) ** 0.5
        )
    hours = told["time"].to_numpy() - started["time"][told["attempt"]].to_numpy()
    assert hours.min() >= 0.0
    assert hours.max() <= 5.0


def test_people_who_are_stopped_too_often_tell_less(tmp_path: Path) -> None:
    """Goodwill falls after a month of stops, and what is told with it; else it stays whole."""
    common = {
        "time__days": 31,
        "community__reports": 0.4,
        "community__lawful_exposure_hours": 2.0,
        "community__false_stop": 0.8,
        "patrols__per_post": 6,
    }
    model = begun(tmp_path, community__goodwill_per_stop=0.005, **common)
    before: list[set[float]] = []
    for shift in steps(model):
        if shift.start < 30 * 24.0:
            before.append({share for post in model.posts for share in post.coverage.told})
    assert all(shares == {0.4} for shares in before)
    assert all(0.0 < post.watch.goodwill < 1.0 for post in model.posts)
    for post in model.posts:
        assert set(post.coverage.told) == {0.4 * post.watch.goodwill}
    forgiving = finished(tmp_path, community__goodwill_per_stop=0.0, **common)
    assert all(post.watch.goodwill == 1.0 for post in forgiving.posts)


def test_a_patrol_without_response_time_detects_once(tmp_path: Path) -> None:
    """An attempt chosen in one shift that starts in the next is met once by each patrol a shift."""
    model = finished(
        tmp_path,
        time__days=60,
        patrols__per_post=6,
        patrols__response_hours=0.0,
        patrols__processing_hours=0.0,
        patrols__interception=0.0,
        patrols__detection=1.0,
    )
    found = rows(model, Kind.DETECTED)
    shifts = (found["time"] // 8.0).astype(int)
    assert not found.assign(shift=shifts).duplicated(["attempt", "partner", "shift"]).any()
    assert len(found) > 100


def test_harm_is_value_times_load(tmp_path: Path) -> None:
    """A crossing that carries three units does three times the harm, and posts reckon with that."""
    plain = begun(tmp_path)
    laden = begun(tmp_path, crimes__goods__load=3.0)
    goods = plain.stage.crimes.index("goods")
    assert (
        laden.posts_by_number[0].values[goods, 0] == 3.0 * plain.posts_by_number[0].values[goods, 0]
    )
    group = next(each for each in laden.groups_by_number if each.crime == goods)
    assert group.choose_crossing().value == 3.0 * plain.stage.crime(goods).value

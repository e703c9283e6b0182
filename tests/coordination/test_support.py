"""Material support, joint operations, residential twinning, development, health and markers."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from runs import begun, count, finished, gated, instrument, rows, steps

from sim.engine import Kind

UNITS: dict[str, Any] = {
    "material_support__units_per_year": 12.0,
    "material_support__handover_hours": 2.5,
    "material_support__money_per_unit": 100.0,
    "time__days": 61.0,
}


def test_units_are_handed_over_and_paid_for_by_the_giver(tmp_path: Path) -> None:
    """Two units in two months for each post of the side that receives; both sides spend time."""
    model = finished(tmp_path, material_support__receiver="BBB", **UNITS)
    support = instrument(model, "material_support")
    given = rows(model, Kind.SUPPORT)
    assert set(given["post"]) == {4, 5}
    assert len(given) == 4
    assert support.money_by_side() == {"AAA": 400.0, "BBB": 0.0}
    assert support.money() == 400.0
    assert support.hours == {"AAA": 10.0, "BBB": 10.0}
    mutual = instrument(finished(tmp_path, **UNITS), "material_support")
    assert mutual.money_by_side() == {"AAA": 400.0, "BBB": 800.0}


def test_vehicles_shorten_the_way_to_beats_and_of_the_reaction_team(tmp_path: Path) -> None:
    """Each unit adds its share of speed; a post without support keeps its own."""
    model = finished(
        tmp_path, material_support__receiver="BBB", material_support__speed_gain=0.25, **UNITS
    )
    with_two, without = model.posts_by_number[4], model.posts_by_number[1]
    assert with_two.coverage.mobility == pytest.approx(1.5)
    assert without.coverage.mobility == 1.0
    far = max(with_two.beats, key=lambda beat: beat.access_hours)
    assert with_two.coverage.access(far) == pytest.approx(far.access_hours / 1.5)
    slow = begun(tmp_path).posts_by_number[4]._reaction_hours(0)
    assert with_two._reaction_hours(0) == pytest.approx(slow / 1.5)


def test_sensors_given_are_placed_where_most_is_expected(tmp_path: Path) -> None:
    """Two units make a sensor; nobody has one before."""
    model = begun(
        tmp_path,
        material_support__kind="sensors",
        material_support__units_per_sensor=2.0,
        posts__sensors__move_days=1.0,
        **(UNITS | {"time__days": 62.0}),
    )
    held = []
    for _ in steps(model):
        held.append([len(post.coverage.sensors) for post in model.posts_by_number])
    assert held[0] == [0] * 6
    assert held[-1] == [1] * 6


def test_supplies_keep_more_patrols_on_duty(tmp_path: Path) -> None:
    """So many units put one more patrol on duty in every shift, until they are used up."""
    model = begun(
        tmp_path,
        material_support__kind="patrols",
        material_support__units_per_patrol=2.0,
        material_support__life_days=20.0,
        **(UNITS | {"material_support__units_per_year": 36.5}),
    )
    teams = []
    for shift in steps(model):
        teams.append(len(model.posts_by_number[0].team))
        if shift.start >= 30 * 24.0:
            units = instrument(model, "material_support").units[0]
            assert len(units) in (2, 3)
            assert len(model.posts_by_number[0].team) == 2
    assert teams[0] == 1


def test_what_is_worn_out_counts_no_more(tmp_path: Path) -> None:
    """With units that last shorter than the time between them, speed goes back in between."""
    model = begun(tmp_path, material_support__life_days=5.0, **UNITS)
    speeds = {tuple(p.coverage.mobility for p in model.posts_by_number) for _ in steps(model)}
    assert {speed for row in speeds for speed in row} == {1.0, 1.1}


def test_more_support_builds_on_what_was_given(tmp_path: Path) -> None:
    """A greater dose takes nothing away; without support units are not kept up."""

    def speeds(units_per_year: float) -> list[float]:
        change = {"material_support.units_per_year": units_per_year}
        model = finished(
            tmp_path, injects=[{"kind": "policy_change", "day": 60.5, "set": change}], **UNITS
        )
        return [post.coverage.mobility for post in model.posts_by_number]

    assert min(speeds(24.0)) >= 1.2
    assert speeds(0.0) == [1.0] * 6


OPERATION: dict[str, Any] = {
    "joint_operations__per_year": 6.0,
    "joint_operations__first_day": 10.0,
    "joint_operations__days": 4.0,
    "joint_operations__crimes": ["goods"],
    "joint_operations__storage_found": 0.0,
    "patrols__per_post": 6,
}


def test_an_operation_calls_patrols_up_and_they_rest_afterwards(tmp_path: Path) -> None:
    """One team more for four days; what it worked beyond its turns it rests on later ones."""
    model = begun(tmp_path, time__days=40, **OPERATION)
    worked = dict.fromkeys(range(len(model.patrols)), 0)
    turns = dict(worked)
    extra = 0
    for shift in steps(model):
        day = shift.start / 24.0
        on = 10.0 <= day < 14.0
        for post in model.posts_by_number:
            assert len(post.team) in (2, 3) if on else len(post.team) <= 2
            extra += len(post.team) == 3
        for patrol in model.patrols_by_number:
            turns[patrol.number] += patrol.on_duty(shift.number)
        for post in model.posts_by_number:
            for patrol in post.team:
                worked[patrol.number] += 1
        if on:
            assert any(patrol.owes for patrol in model.patrols)
    # Four of the twelve shifts are its own turns.
    assert extra == 6 * 8
    assert worked == turns
    assert not any(patrol.owes for patrol in model.patrols)


def test_an_operation_costs_its_call_ups_preparation_and_days(tmp_path: Path) -> None:
    """Four days in which one more team is on duty: eight of twelve shifts beyond its turn."""
    model = finished(
        tmp_path,
        time__days=40,
        joint_operations__preparation_hours=3.0,
        joint_operations__money_per_day=2.0,
        **OPERATION,
    )
    operations = instrument(model, "joint_operations")
    assert operations.hours == {"AAA": 4 * (3.0 + 64.0), "BBB": 2 * (3.0 + 64.0)}
    assert operations.money() == pytest.approx(2.0 * 4.0 * 6)
    assert count(model, Kind.OPERATION) == 6


def test_supplies_and_aid_are_not_put_on_an_operations_account(tmp_path: Path) -> None:
    """Patrols on duty beyond their turn for another cause cost the operation nothing."""
    common = OPERATION | {"time__days": 40, "joint_operations__teams": 0}
    model = finished(
        tmp_path,
        material_support__kind="patrols",
        material_support__units_per_year=12.0,
        material_support__units_per_patrol=0.5,
        joint_operations__preparation_hours=0.0,
        **common,
    )
    assert any(post.roster.more for post in model.posts)
    assert instrument(model, "joint_operations").hours == {"AAA": 0.0, "BBB": 0.0}


def test_an_operation_looks_harder_for_its_crimes_in_its_area(tmp_path: Path) -> None:
    """Keenness is up for goods, in the north, for four days, and not else."""
    model = begun(
        tmp_path,
        time__days=20,
        joint_operations__focus=0.5,
        joint_operations__provinces=["north of A", "north of B"],
        **OPERATION,
    )
    for shift in steps(model):
        on = 10.0 <= shift.start / 24.0 < 14.0
        for post in model.posts_by_number:
            keen = 1.5 if on and post.site.province.startswith("north") else 1.0
            assert post.coverage.keenness == [keen, 1.0]


def test_a_group_whose_storage_is_found_turns_back_until_it_has_another(tmp_path: Path) -> None:
    """All of its attempts for so many days, none before or later, and those of no other crime."""
    model = finished(
        tmp_path,
        time__days=60,
        **(OPERATION | {"joint_operations__storage_found": 1.0}),
        joint_operations__storage_days=15.0,
    )
    turned, wanted = rows(model, Kind.TURNED_BACK), rows(model, Kind.WANTED)
    assert count(model, Kind.STORAGE_FOUND) == 4
    lacking = wanted[
        (wanted["crime"] == 0) & (wanted["time"] >= 240.0) & (wanted["time"] < 240.0 + 360.0)
    ]
    assert set(turned["attempt"]) == set(lacking["attempt"])
    assert len(turned) > 30
    assert not set(turned["attempt"]) & set(rows(model, Kind.STARTED)["attempt"])


def test_who_turned_back_learns_nothing(tmp_path: Path) -> None:
    """Groups whose every attempt is turned back keep the attractions they began with."""
    model = begun(
        tmp_path,
        time__days=30,
        development__budget=1e12,
        development__most=1.0,
        development__delay_days=1e-6,
    )
    before = [list(group.adversary.utilities()) for group in model.groups_by_number]
    model.run_model()
    assert count(model, Kind.TURNED_BACK) == count(model, Kind.WANTED) > 100
    assert [list(group.adversary.utilities()) for group in model.groups_by_number] == before


def test_development_leaves_a_share_without_carriers(tmp_path: Path) -> None:
    """At half budget half of the most, where it is spent, and the same attempts whoever asks."""
    common = {"time__days": 100, "development__delay_days": 1e-3, "development__most": 0.6}
    model = finished(
        tmp_path,
        development__budget=200.0,
        development__provinces=["north of A"],
        **common,
    )
    homes = {group.number: group.home for group in model.groups_by_number}
    north = {n for n, home in homes.items() if home.province == "north of A"}
    wanted, turned = rows(model, Kind.WANTED), rows(model, Kind.TURNED_BACK)
    assert set(turned["attempt"] // 2**20) == north
    there = int((wanted["attempt"] // 2**20).isin(north).sum())
    assert len(turned) / there == pytest.approx(0.3, abs=4 * (0.21 / there) ** 0.5)
    assert instrument(model, "development").money_by_side() == {
        "AAA": pytest.approx(200.0 * 30.0 * 100 / 365),
        "BBB": 0.0,
    }
    more = finished(
        tmp_path, development__budget=400.0, development__provinces=["north of A"], **common
    )
    assert set(turned["attempt"]) < set(rows(more, Kind.TURNED_BACK)["attempt"])


def test_development_takes_its_time(tmp_path: Path) -> None:
    """The share without carriers grows towards its bound and starts from what there is."""
    change = {"development.budget": 400.0}
    model = begun(
        tmp_path,
        time__days=41,
        development__budget=200.0,
        development__most=0.6,
        development__delay_days=20.0,
        injects=[{"kind": "policy_change", "day": 40, "set": change}],
    )
    before = instrument(model, "development")
    shares = [before._lacking(24.0 * day) for day in (0, 20, 40)]
    assert shares == pytest.approx([0.0, 0.3 * (1 - 0.36788), 0.3 * (1 - 0.13534)], abs=1e-4)
    model.run_model()
    after = instrument(model, "development")
    assert after is not before
    assert after._lacking(960.0) == pytest.approx(shares[2])
    assert after._lacking(1e6) == pytest.approx(0.4)


TWINNED: dict[str, Any] = {
    "residential_twinning__pairs": 2,
    "residential_twinning__reports": 0.5,
    "patrols__per_post": 0,
    "time__days": 60,
}


def test_people_of_twinned_villages_tell_both_sides(tmp_path: Path) -> None:
    """Where there is a pair more is told, and the post across the line hears what this one does."""
    model = finished(tmp_path, community__reports=0.0, **TWINNED)
    villages = instrument(model, "residential_twinning").villages
    told = rows(model, Kind.COMMUNITY_REPORT)
    assert len(villages) == 2
    assert set(told["segment"]) == set(villages)
    started = rows(model, Kind.STARTED)
    there = int(started["segment"].isin(villages).sum())
    origins = {group.number: group.kind.origin for group in model.groups_by_number}
    sides = [model.posts_by_number[number].side for number in told["post"]]
    first = [
        origins[attempt >> 20] == side for attempt, side in zip(told["attempt"], sides, strict=True)
    ]
    assert sum(first) / there == pytest.approx(0.5, abs=4 * (0.25 / there) ** 0.5)
    alerted = rows(model, Kind.ALERTED)
    assert 0.9 * sum(first) <= len(alerted) <= sum(first)


def test_more_pairs_keep_the_villages_of_fewer(tmp_path: Path) -> None:
    """A greater dose adds places and moves none."""
    villages = [
        set(
            instrument(
                begun(tmp_path, residential_twinning__pairs=pairs), "residential_twinning"
            ).villages
        )
        for pairs in (1, 2, 3, 100)
    ]
    assert all(fewer < more for fewer, more in pairwise(villages))


def test_twinned_villages_never_tell_less_than_others(tmp_path: Path) -> None:
    """A share below the ordinary one leaves the ordinary one."""
    model = begun(
        tmp_path,
        residential_twinning__pairs=3,
        residential_twinning__reports=0.0,
        community__reports=0.2,
        time__days=1,
    )
    model.run_model()
    assert all(set(post.coverage.told) == {0.2} for post in model.posts)


def test_villages_cost_meetings_and_upkeep(tmp_path: Path) -> None:
    """Both posts meet with their people so often a year."""
    model = finished(
        tmp_path,
        **(TWINNED | {"time__days": 365, "groups": []}),
        residential_twinning__meetings_per_year=4.0,
        residential_twinning__meeting_hours=3.0,
        residential_twinning__money_per_pair=70.0,
    )
    twinning = instrument(model, "residential_twinning")
    assert twinning.hours == {"AAA": 24.0, "BBB": 24.0}
    assert twinning.money() == pytest.approx(140.0)


ILL = [{"kind": "outbreak", "day": 5, "days": 60, "side": "AAA", "prevalence": 0.05}]


def cases(home: Path, seed: int = 1, **overrides: Any) -> int:
    """Cases that came in from the other side, with gates on the line."""
    model = finished(gated(home), seed, injects=ILL, time__days=70, **overrides)
    assert model.infection.imported["AAA"] == 0
    assert rows(model, Kind.CASES_IMPORTED)["value"].sum() == model.infection.imported["BBB"]
    return model.infection.imported["BBB"]


def test_each_level_of_health_keeps_more_cases_out(tmp_path: Path) -> None:
    """Told at once, screened at gates, screened elsewhere: each adds to those before."""
    levels = [cases(tmp_path, health__level=level) for level in (0, 1, 2, 3)]
    assert levels == sorted(levels, reverse=True)
    assert len(set(levels)) == 4
    assert cases(tmp_path) == levels[0]


def test_a_side_screens_once_it_knows(tmp_path: Path) -> None:
    """Shared alerts start screening on the day of the outbreak instead of after the notice."""
    first = {}
    for level in (0, 1):
        model = begun(tmp_path, injects=ILL, time__days=30, health__level=level)
        screening = [shift.start for shift in steps(model) if model.infection.screening("BBB")]
        first[level] = screening[0] / 24.0
        assert not model.infection.screening("AAA")
    assert first == {0: 19.0, 1: 5.0}


def test_screening_costs_while_there_is_something_to_screen_for(tmp_path: Path) -> None:
    """Each post of both sides gives its time for each day, twice as much at the highest level."""
    for level, each in ((1, 0.0), (2, 0.5), (3, 1.0)):
        model = finished(tmp_path, injects=ILL, time__days=15, health__level=level, groups=[])
        health = instrument(model, "health")
        # From the shift after the outbreak became known to the end.
        days = 10 - 1 / 3 if level > 1 else 0.0
        assert health.hours["AAA"] == pytest.approx(4 * each * days)
        assert health.hours["BBB"] == pytest.approx(2 * each * days)
        assert health.money() == pytest.approx(5.0 * 6 * days)


WORN: dict[str, Any] = {
    "world__marker_damage_per_year": 20.0,
    "world__marker_repair_days": 2.0,
    "world__marker_inspection": 1.0,
    "time__days": 40,
}


def test_a_repair_needs_minutes_signed_after_both_noticed(tmp_path: Path) -> None:
    """Nothing is repaired that one side alone knows of, and nothing before it is signed."""
    model = begun(tmp_path, markers__surveys_per_year=12, markers__found=0.8, **WORN)
    signed: dict[int, float] = {}
    ended = 0
    for shift in steps(model):
        for damage in model.markers.open.values():
            assert damage.since <= min(damage.noticed.values(), default=shift.end)
            if damage.signed is not None:
                assert set(damage.noticed) == {"AAA", "BBB"}
                assert max(damage.noticed.values()) <= damage.signed
                signed[damage.number] = damage.signed
        gone = [number for number in signed if number not in model.markers.open]
        assert all(signed[number] <= shift.end for number in gone)
        ended = len(gone)
    assert ended == count(model, Kind.MARKER_REPAIRED) == model.markers.repaired > 5
    assert len(signed) <= count(model, Kind.MARKER_SIGNED)


@pytest.mark.parametrize(
    ("policy", "repaired"),
    [
        ({}, False),
        ({"sharing__interval_days": 1}, False),
        ({"markers__surveys_per_year": 12}, True),
    ],
)
def test_only_those_who_meet_sign(tmp_path: Path, policy: dict[str, Any], repaired: bool) -> None:
    """Patrols of both sides that notice, and reports about it, repair nothing without minutes."""
    model = finished(tmp_path, **WORN, **policy)
    assert (count(model, Kind.MARKER_REPAIRED) > 0) is repaired
    noticed = [len(damage.noticed) for damage in model.markers.open.values()]
    assert 2 in noticed or repaired


def test_reports_of_markers_tell_the_other_side(tmp_path: Path) -> None:
    """Damage that one side alone can notice is known to both if they share that heading."""
    half = WORN | {"patrols__per_post": {"AAA": 6, "BBB": 0}, "sharing__interval_days": 1}
    told = finished(tmp_path, **half)
    assert any("BBB" in damage.noticed for damage in told.markers.open.values())
    silent = finished(tmp_path, sharing__categories=["area_situation"], **half)
    assert not any("BBB" in damage.noticed for damage in silent.markers.open.values())


def test_a_survey_takes_both_sides_the_walk_along_the_line(tmp_path: Path) -> None:
    """Kilometres over speed, for each pair of posts; so much money for each."""
    model = finished(
        tmp_path,
        time__days=365,
        groups=[],
        markers__surveys_per_year=1,
        markers__money_per_survey=6.0,
    )
    walk = 2 * (10 / 4 + 10 / 3 + 10 / 2)
    markers = instrument(model, "markers")
    assert count(model, Kind.MARKER_SURVEY) == 4
    assert markers.hours == {"AAA": pytest.approx(walk), "BBB": pytest.approx(walk)}
    assert markers.money() == 24.0

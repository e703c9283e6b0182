"""Injects: what befalls a border on a date, and what does not change by it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from runs import begun, count, fates, finished, gated, rows, steps

from sim import BorderModel
from sim.engine import Kind

POLICY: dict[str, Any] = {
    "sharing__interval_days": 1,
    "sharing__plans": True,
    "twinning__groups": "facing",
    "hotline__works": 0.9,
    "joint_patrols__per_month": 8,
    "schedules__kind": "complementary",
    "professional_exchanges__days_per_year": 36,
    "joint_operations__per_year": 12,
    "joint_operations__first_day": 2.0,
    "joint_operations__crimes": ["goods"],
    "material_support__units_per_year": 12,
    "material_support__kind": "patrols",
    "material_support__units_per_patrol": 1.0,
    "cultural_exchanges__per_year": 24,
    "friendship_exchanges__per_year": 12,
    "residential_twinning__pairs": 2,
    "development__budget": 100.0,
    "health__level": 2,
    "markers__surveys_per_year": 12,
    "posts__aid__trigger_finds": 3,
    "patrols__per_post": 4,
    "time__days": 24,
}


def events(model: BorderModel) -> list[tuple[Any, ...]]:
    """Everything that happened but for injects themselves."""
    frame = model.log.frame()
    return list(frame[frame["kind"] != "inject"].itertuples(index=False, name=None))


def test_a_change_to_the_same_policy_changes_nothing(tmp_path: Path) -> None:
    """Bit for bit, on a day when everything is going on."""
    change = [{"kind": "policy_change", "day": day, "set": {}} for day in (4.5, 11)]
    changed, straight = finished(tmp_path, injects=change, **POLICY), finished(tmp_path, **POLICY)
    assert events(changed) == events(straight)
    assert changed.tally == straight.tally
    for here, there in zip(changed.posts_by_number, straight.posts_by_number, strict=True):
        assert np.array_equal(here.belief.evidence, there.belief.evidence)
        assert here.partners.trust == there.partners.trust
    money = [
        sum(each.money() for each in [*model.ended, *model.instruments])
        for model in (changed, straight)
    ]
    assert money[0] == money[1]


def test_a_change_at_the_start_is_the_other_policy(tmp_path: Path) -> None:
    """A policy that comes into force on day 0 does what it does when it was there before."""
    tables = {key: value for key, value in POLICY.items() if not key.startswith(("posts", "pat"))}
    forces = {key: value for key, value in POLICY.items() if key not in tables}
    forces["time__days"] = tables.pop("time__days")
    change = {key.replace("__", "."): value for key, value in tables.items()}
    changed = finished(
        tmp_path, injects=[{"kind": "policy_change", "day": 0, "set": change}], **forces
    )
    assert events(changed) == events(finished(tmp_path, **POLICY))


@pytest.mark.parametrize("day", [6, 12])
def test_a_policy_given_up_leaves_no_trace_in_what_posts_are_free_to_do(
    tmp_path: Path, day: int
) -> None:
    """From the change on, no instrument acts, charges, or holds anybody to anything."""
    off = {
        "sharing.interval_days": "never",
        "hotline.works": 0.0,
        "joint_patrols.per_month": 0.0,
        "schedules.kind": "none",
        "professional_exchanges.days_per_year": 0.0,
        "joint_operations.per_year": 0.0,
        "material_support.units_per_year": 0.0,
        "cultural_exchanges.per_year": 0.0,
        "friendship_exchanges.per_year": 0.0,
        "residential_twinning.pairs": 0,
        "development.budget": 0.0,
        "health.level": 0,
        "markers.surveys_per_year": 0.0,
    }
    calm = POLICY | {"posts__aid__trigger_finds": 0}
    model = begun(tmp_path, injects=[{"kind": "policy_change", "day": day, "set": off}], **calm)
    hours: dict[str, dict[str, float]] = {}
    for shift in steps(model):
        if shift.start < 24.0 * day:
            continue
        assert {each.name for each in model.instruments} == {"twinning"}
        if not hours:
            hours = {each.name: dict(each.hours) for each in model.ended}
        assert hours == {each.name: each.hours for each in model.ended}
        for post in model.posts:
            assert post.coverage.keenness == [1.0, 1.0]
            assert post.coverage.mobility == 1.0
            assert post.roster.more == 0
            assert all(patrol.on_duty(shift.number) for patrol in post.team)
            assert not post.watch.ears
            assert not post.in_step
            assert len(post.choice) == len(post.beats)
        assert all(len(patrol.authority) == 1 for patrol in model.patrols)
    after = rows(
        model, Kind.REPORT_SENT, Kind.JOINT_PATROL, Kind.EXCHANGE, Kind.SUPPORT, Kind.ALERTED
    )
    assert (after["time"] <= 24.0 * day).all()
    assert (rows(model, Kind.TURNED_BACK)["time"] < 24.0 * day).all()


def test_the_last_of_several_changes_holds(tmp_path: Path) -> None:
    """Changes come in the order of their days, whatever their order in the file."""
    changes = [
        {"kind": "policy_change", "day": 8, "set": {"hotline.level": "national"}},
        {"kind": "policy_change", "day": 3, "set": {"hotline.works": 0.5}},
    ]
    model = begun(tmp_path, injects=changes, time__days=10)
    doses = {}
    for shift in steps(model):
        line = model.stage.policy.hotline
        doses[shift.start / 24.0] = (line.level, line.works) if line else None
    assert doses[2.0] is None
    assert doses[3.0] == ("post", 0.5)
    assert doses[8.0] == ("national", 0.5)


def test_an_outage_stops_reports_and_calls_while_it_lasts(tmp_path: Path) -> None:
    """All that is sent then is lost, nobody is alerted, and both go on afterwards."""
    model = finished(
        tmp_path,
        time__days=30,
        sharing__interval_days=1,
        sharing__reliability=1.0,
        sharing__latency_hours=1.0,
        twinning__groups="facing",
        hotline__works=1.0,
        patrols__detection=1.0,
        injects=[{"kind": "link_outage", "day": 10, "days": 10}],
    )

    def days(kind: Kind) -> set[bool]:
        times = rows(model, kind)["time"] / 24.0
        return set(((times > 10.03) & (times < 20.0)).tolist())

    assert days(Kind.REPORT_LOST) == {True}
    assert days(Kind.REPORT_SENT) == {True, False}
    assert days(Kind.REPORT_READ) == {False}
    assert days(Kind.ALERTED) == {False}
    assert (rows(model, Kind.ALERTED)["time"] > 20 * 24.0).any()


def test_closed_gates_divert_a_share_of_the_people(tmp_path: Path) -> None:
    """Those who would have used the gate cross beside it, at that rate, in those provinces."""

    def lawful(**inject: Any) -> tuple[list[int], list[int]]:
        closure = {"kind": "gate_closure", "day": 2, "days": 5, "diverted": 0.5} | inject
        model = begun(gated(tmp_path), time__days=10, injects=[closure])
        days = [model.surroundings.lawful_on(day) for day in range(10)]
        return [day.at_gates for day in days], [day.away for day in days]

    gates, away = lawful()
    usual_gates, usual_away = lawful(day=90)
    assert gates[2:7] == [0] * 5
    assert gates[:2] + gates[7:] == usual_gates[:2] + usual_gates[7:]
    for day in range(10):
        diverted = away[day] - usual_away[day]
        assert diverted == pytest.approx(0.5 * (usual_gates[day] - gates[day]), abs=1.0)
    south, _ = lawful(provinces=["south of B"])
    assert all(0 < some < usual for some, usual in zip(south[2:7], usual_gates[2:7], strict=True))


def test_disease_comes_with_people_of_its_side_while_it_lasts(tmp_path: Path) -> None:
    """Cases come in on the other side only, from the day of the outbreak to its end."""
    outbreak = {"kind": "outbreak", "day": 5, "days": 10, "side": "BBB", "prevalence": 0.1}
    model = finished(tmp_path, time__days=30, injects=[outbreak])
    imported = rows(model, Kind.CASES_IMPORTED)
    assert set(imported["side"]) == {model.side_index["AAA"]}
    assert imported["time"].between(120.0, 360.0).all()
    assert model.infection.imported["AAA"] > 3


def test_cases_are_as_many_as_carriers_who_cross(tmp_path: Path) -> None:
    """Half of the lawful people, and those who got through unseen, times the prevalence."""
    outbreak = {"kind": "outbreak", "day": 0, "days": 300, "side": "AAA", "prevalence": 0.05}
    model = finished(
        tmp_path, time__days=300, injects=[outbreak], patrols__per_post=0, community__reports=0.0
    )
    passed = rows(model, Kind.PASSED)
    unseen = int((passed["side"] == model.side_index["BBB"]).sum())
    due = 0.05 * (0.5 * model.tally.lawful + unseen)
    assert model.infection.imported["BBB"] == pytest.approx(due, abs=4.0 * due**0.5)


def test_a_tip_counts_as_finds_of_those_who_are_told(tmp_path: Path) -> None:
    """The posts of the sides told that hold the segment believe more of that crime there."""
    tip = {"kind": "tip", "day": 1, "crime": "goods", "segment": 2, "sides": ["BBB"], "weight": 7.0}
    models = [
        begun(tmp_path, time__days=1.25, groups__0__adversary="static", injects=injects)
        for injects in ([tip], [])
    ]
    gained = {}
    for _ in range(3):
        for model in models:
            model.step()
    for model in models:
        model.injects.begin(model.surroundings.shift(3, 24.0, 32.0))
    for number, (told, untold) in enumerate(
        zip(models[0].posts_by_number, models[1].posts_by_number, strict=True)
    ):
        gain = told.belief.evidence - untold.belief.evidence
        if gain.any():
            gained[number] = gain
    assert set(gained) == {4}
    place = models[0].posts_by_number[4].belief.index[2]
    assert gained[4][0, 0, place] == pytest.approx(7.0)
    assert gained[4].sum() == pytest.approx(7.0)


def test_a_tip_of_a_crime_that_nobody_commits_is_nothing(tmp_path: Path) -> None:
    """It neither breaks a run nor changes it."""
    tip = {"kind": "tip", "day": 1, "crime": "weapons", "segment": 2}
    assert fates(finished(tmp_path, injects=[tip])) == fates(finished(tmp_path))


@pytest.mark.parametrize("policy", [{}, POLICY])
def test_a_surge_multiplies_what_is_wanted(tmp_path: Path, policy: dict[str, Any]) -> None:
    """Three times the attempts of that crime for those days, the same under every policy."""
    surge = {"kind": "surge", "day": 20, "days": 40, "factor": 3.0, "crimes": ["goods"]}
    model = finished(tmp_path, injects=[surge], **(policy | {"time__days": 60}))
    wanted = rows(model, Kind.WANTED)
    goods = wanted[wanted["crime"] == 0]["time"] / 24.0
    due = 4.0 * 40 * 3.0
    assert (goods >= 20).sum() == pytest.approx(due, abs=4.0 * due**0.5)
    assert (goods < 20).sum() == pytest.approx(80.0, abs=4.0 * 80.0**0.5)
    alone = rows(finished(tmp_path, injects=[surge], time__days=60), Kind.WANTED)
    names = ["time", "attempt", "crime"]
    assert wanted[names].to_numpy().tolist() == alone[names].to_numpy().tolist()


def test_posts_do_without_lost_patrols_while_they_are_lost(tmp_path: Path) -> None:
    """Two patrols less of each post of that side in that province, on those days."""
    loss = {
        "kind": "loss_of_patrols",
        "day": 3,
        "days": 4,
        "side": "BBB",
        "patrols": 2,
        "provinces": ["north of B"],
    }
    model = begun(tmp_path, patrols__per_post=3, patrols__duty_cycle_shifts=1, injects=[loss])
    for shift in steps(model):
        lost = 72.0 <= shift.start < 168.0
        teams = [len(post.team) for post in model.posts_by_number]
        assert teams == [3, 3, 3, 3, 1 if lost else 3, 3]


def test_injects_are_logged_on_their_date(tmp_path: Path) -> None:
    """One event each, at its hour, numbered as in the scenario."""
    model = finished(
        tmp_path,
        injects=[
            {"kind": "surge", "day": 2.3, "days": 1},
            {"kind": "link_outage", "day": 1, "days": 1},
        ],
    )
    logged = rows(model, Kind.INJECT)
    assert logged["time"].tolist() == pytest.approx([24.0, 55.2])
    assert logged["value"].tolist() == [1.0, 0.0]
    assert count(model, Kind.INJECT) == 2

"""Twinning, hotline, sharing and the multilateral extension: who is tied to whom, what passes."""

from pathlib import Path
from typing import Any

import pytest
from runs import begun, count, fates, finished, instrument, rows, sha, steps
from star_world import star_scenario

from sim import BorderModel
from sim.engine import Kind
from sim.world.communication import post_node

LINE_OPEN: dict[str, Any] = {"twinning__groups": "facing", "hotline__works": 1.0}
CALLS = LINE_OPEN | {"posts__trust__alert_weight": 0.0, "hotline__minutes": 30.0}


def tied(model: BorderModel) -> set[tuple[int, int]]:
    """Pairs of posts with a direct tie, in both directions."""
    graph, posts = model.stage.world.communication, model.posts_by_number
    return {
        (first.number, second.number)
        for first in posts
        for second in posts
        if graph.has_edge(post_node(first.site), post_node(second.site))
    }


def test_twinning_ties_each_post_with_the_one_it_faces_most(tmp_path: Path) -> None:
    """Two posts of one side share a twin; ties go both ways, and each pair costs its upkeep."""
    model = finished(
        tmp_path, time__days=73, groups=[], twinning__groups="facing", twinning__money_per_group=50
    )
    pairs = {(0, 4), (1, 4), (2, 5), (3, 5)}
    assert tied(model) == pairs | {pair[::-1] for pair in pairs}
    assert instrument(model, "twinning").money() == pytest.approx(4 * 50 * 0.2)
    assert instrument(model, "twinning").hours == {"AAA": 0.0, "BBB": 0.0}


def test_named_twins_are_those_of_the_scenario(tmp_path: Path) -> None:
    """With named groups only, posts without a name have no twin."""
    named = [{"segment": 0, "names": {"AAA": ["Alpha"], "BBB": ["Beta"]}}]
    model = begun(tmp_path, twinning__groups="named", posts__named=named)
    assert tied(model) == {(0, 4), (4, 0)}
    assert tied(begun(tmp_path, posts__named=named)) == set()


@pytest.mark.parametrize(("level", "hops"), [("post", 1), ("province", 3), ("national", 5)])
def test_a_call_takes_its_time_for_each_hop(tmp_path: Path, level: str, hops: int) -> None:
    """Alerts come so many half hours after the detection as there are hops on the way."""
    model = finished(tmp_path, time__days=30, hotline__level=level, **CALLS)
    alerts = rows(model, Kind.ALERTED)
    found = rows(model, Kind.DETECTED).groupby(["attempt", "time"]).size().reset_index()
    assert len(alerts) > 5
    for row in alerts.itertuples():
        waits = row.time - found.loc[found["attempt"] == row.attempt, "time"]
        assert (abs(waits - 0.5 * hops) < 1e-9).any()


def test_calls_take_time_on_both_sides_and_cost_upkeep(tmp_path: Path) -> None:
    """A call that gets through takes its time from both posts, another from the caller only."""
    for works in (1.0, 0.5):
        model = finished(
            tmp_path,
            time__days=30,
            **(CALLS | {"hotline__works": works, "hotline__call_hours": 0.5}),
        )
        line = instrument(model, "hotline")
        both = sum(line.hours.values())
        if works == 1.0:
            assert both == pytest.approx(line.calls)
        else:
            assert 0.55 * line.calls < both < 0.95 * line.calls
        assert line.money() == pytest.approx(
            50.0 * line.telephones.number_of_edges() / 2 * 30 / 365
        )


def test_a_handover_ends_across_the_line_and_raises_trust(tmp_path: Path) -> None:
    """Each is the work of a post of the other side that was alerted; both trust each other more."""
    model = finished(tmp_path, time__days=60, posts__trust__gain=0.0, **CALLS)
    handed, alerted = rows(model, Kind.HANDED_OVER), rows(model, Kind.ALERTED)
    assert len(handed) > 3
    told = set(zip(alerted["attempt"], alerted["post"], strict=True))
    assert set(zip(handed["attempt"], handed["post"], strict=True)) <= told
    for row in handed.itertuples():
        partners = model.posts_by_number[row.post].partners
        assert max(partners.trust.values()) > 0.5


def test_who_is_not_trusted_is_answered_less(tmp_path: Path) -> None:
    """With no trust at all and answers that depend on it wholly, no alert is acted on."""
    wary = LINE_OPEN | {"posts__trust__alert_weight": 1.0, "time__days": 30}
    assert count(finished(tmp_path, posts__trust__start=0.0, **wary), Kind.ALERTED) == 0
    half = count(finished(tmp_path, posts__trust__start=0.5, **wary), Kind.ALERTED)
    full = count(finished(tmp_path, posts__trust__start=1.0, **wary), Kind.ALERTED)
    assert 0 < half < full


def test_posts_without_a_twin_have_nobody_to_call(tmp_path: Path) -> None:
    """A hotline between posts needs twins or goes through commands, and so takes longer."""
    model = finished(
        tmp_path, hotline__works=1.0, hotline__level="post", posts__trust__alert_weight=0.0
    )
    line = instrument(model, "hotline")
    assert line.hops(0, 4) == 3
    assert begun(tmp_path, **CALLS).instruments[-1].hops(0, 4) == 1


SHARED: dict[str, Any] = {
    "sharing__interval_days": 1.0,
    "sharing__latency_hours": 2.0,
    "sharing__reliability": 1.0,
    "sharing__reports_per_day": 1e9,
}


@pytest.mark.parametrize(
    ("scope", "readers", "hops"),
    [("neighbours", {4}, 1), ("province", {4}, 3), ("all", {4, 5}, None)],
)
def test_scope_is_who_reads(tmp_path: Path, scope: str, readers: set[int], hops: int) -> None:
    """Reports of the first post reach those who face it, those of the province, or everybody."""
    model = begun(tmp_path, sharing__scope=scope, **SHARED)
    channels = instrument(model, "sharing").by_author[0]
    assert {channel.reader for channel in channels} == readers
    if hops:
        assert {channel.hops for channel in channels} == {hops}


def test_reports_among_twins_need_twins(tmp_path: Path) -> None:
    """Without twinning nobody is told; with it each post tells its own twin."""
    assert not instrument(begun(tmp_path, sharing__scope="twins", **SHARED), "sharing").channels
    model = begun(tmp_path, sharing__scope="twins", twinning__groups="facing", **SHARED)
    ties = {(a, c.reader) for c in instrument(model, "sharing").channels for a in c.authors}
    assert ties == tied(model)


def test_headings_that_are_not_passed_on_stay_at_home(tmp_path: Path) -> None:
    """A post that never looks itself learns of the crimes under the headings shared, no others."""
    model = finished(
        tmp_path,
        patrols__per_post={"AAA": 6, "BBB": 0},
        community__learned_later=0.0,
        community__reports=0.0,
        sharing__categories=["irregular_migration"],
        **SHARED,
    )
    for post in model.posts_by_number[4:]:
        goods, people = post.belief.evidence[1] - post.belief.prior[1]
        assert (goods == 0.0).all()
        assert people.max() > 0.0


def test_reports_are_written_read_and_paid_for(tmp_path: Path) -> None:
    """One a day from each post, so much time and money for each."""
    model = finished(
        tmp_path,
        time__days=10,
        sharing__report_hours=0.25,
        sharing__money_per_report=3.0,
        **SHARED,
    )
    sharing = instrument(model, "sharing")
    assert sharing.reports_written == 60
    assert sharing.money() == 180.0
    assert sharing.hours == {"AAA": 10.0, "BBB": 5.0}
    assert count(model, Kind.REPORT_SENT) == 10 * len(sharing.channels)


def test_a_report_that_never_comes_costs_trust(tmp_path: Path) -> None:
    """Each message lost is waited for in vain; each one read raises trust."""
    lost = finished(tmp_path, **(SHARED | {"sharing__reliability": 0.0}))
    read = finished(tmp_path, **SHARED)
    assert all(trust < 0.5 for post in lost.posts for trust in post.partners.trust.values())
    assert all(trust > 0.5 for post in read.posts for trust in post.partners.trust.values())


def test_finds_told_at_once_alert_the_other_side_in_time(tmp_path: Path) -> None:
    """Sharing without delay leads to handovers; with a delay above all windows to none."""
    at_once = SHARED | {"sharing__interval_days": 0, "time__days": 40}
    quick = finished(tmp_path, **(at_once | {"sharing__latency_hours": 0.1}))
    slow = finished(tmp_path, **(at_once | {"sharing__latency_hours": 6.0}))
    assert count(quick, Kind.HANDED_OVER) > 0
    assert count(slow, Kind.HANDED_OVER) == 0


def test_a_change_of_policy_tells_nothing_twice(tmp_path: Path) -> None:
    """What reports told is not told again face to face once reports are given up."""
    common = SHARED | {
        "joint_patrols__per_month": 30,
        "patrols__per_post": 6,
        "posts__belief__half_life_days": 1e9,
        "posts__trust__start": 1.0,
        "time__days": 24,
    }
    change = {"sharing.interval_days": "never"}
    changed = begun(
        tmp_path, injects=[{"kind": "policy_change", "day": 21, "set": change}], **common
    )
    for shift in steps(changed):
        if shift.end == 21 * 24.0:
            before = [post.belief.evidence[1].sum() for post in changed.posts_by_number]
    straight = finished(tmp_path, **common)
    for number, post in enumerate(changed.posts_by_number):
        grown = post.belief.evidence[1].sum() - before[number]
        same = straight.posts_by_number[number].belief.evidence[1].sum() - before[number]
        assert grown < 2.0 * same


def extended(home: Path, **overrides: Any) -> BorderModel:
    """Run three sides round a tripoint."""
    model = BorderModel(star_scenario(home, **overrides), rng=2)
    model.run_model()
    return model


TOGETHER: dict[str, Any] = {
    "cultural_exchanges__per_year": 24,
    "sharing__interval_days": 1,
    "hotline__works": 1.0,
    "twinning__groups": "facing",
    "time__days": 20.0,
}


def sides_of(model: BorderModel, number: int) -> str:
    """Side of a post."""
    return model.posts_by_number[number].side


def test_a_third_side_takes_part_only_if_it_has_joined(tmp_path: Path) -> None:
    """Without an extension only the first border's sides meet and report; with it all do."""
    two = extended(tmp_path, **TOGETHER)
    assert instrument(two, "cultural_exchanges").hours["CCC"] == 0.0
    sharing = instrument(two, "sharing")
    assert all(sides_of(two, c.reader) != "CCC" for c in sharing.channels)
    assert all(sides_of(two, a) != "CCC" for c in sharing.channels for a in c.authors)

    three = extended(tmp_path, multilateral__members=["CCC"], **TOGETHER)
    assert instrument(three, "cultural_exchanges").hours["CCC"] > 0.0
    readers = {sides_of(three, c.reader) for c in instrument(three, "sharing").channels}
    assert readers == {"AAA", "BBB", "CCC"}
    extension = instrument(three, "multilateral")
    assert extension.money() == pytest.approx(500.0 * 20 / 365)
    assert (
        extended(tmp_path, multilateral__members=["AAA", "BBB"], time__days=20.0)
        .instruments[0]
        .money()
        == 0.0
    )


def test_a_third_side_joins_what_it_is_said_to_join(tmp_path: Path) -> None:
    """A member of exchanges alone is neither told nor called."""
    model = extended(
        tmp_path,
        multilateral__members=["CCC"],
        multilateral__joins=["cultural_exchanges"],
        **TOGETHER,
    )
    assert instrument(model, "cultural_exchanges").hours["CCC"] > 0.0
    sharing = instrument(model, "sharing")
    assert all(sides_of(model, c.reader) != "CCC" for c in sharing.channels)
    alerted = rows(model, Kind.ALERTED)["post"]
    assert all(sides_of(model, number) != "CCC" for number in alerted)


def test_posts_at_the_tripoint_report_to_each_other(tmp_path: Path) -> None:
    """Members whose posts meet there are neighbours, although they face none of the same line."""
    model = extended(tmp_path, multilateral__members=["CCC"], **TOGETHER)
    world = model.stage.world
    met = [
        (author, channel.reader)
        for channel in instrument(model, "sharing").channels
        for author in channel.authors
        if channel.reader not in world.facing[author]
    ]
    assert met
    assert all(reader in world.meeting[author] for author, reader in met)


@pytest.mark.parametrize(
    "policy",
    [
        SHARED | {"sharing__plans": True},
        SHARED | {"sharing__interval_days": 0, "sharing__plans": True, "sharing__scope": "all"},
        CALLS,
        CALLS | SHARED,
    ],
)
def test_with_every_link_cut_nothing_comes_of_links(tmp_path: Path, policy: dict[str, Any]) -> None:
    """An outage from first to last leaves attempts to the fates they have without instruments."""
    free = {"sharing__report_hours": 0.0, "hotline__call_hours": 0.0, "time__days": 30}
    outage = [{"kind": "link_outage", "day": 0, "days": 30}]
    cut = finished(tmp_path, injects=outage, **(policy | free))
    assert fates(cut) == fates(finished(tmp_path, time__days=30))
    assert fates(finished(tmp_path, **(policy | free))) != fates(cut)


def test_exclusive_twins_practise_with_each_other_alone(tmp_path: Path) -> None:
    """Where twinning is exclusive, nobody else of the line patrols or meets jointly."""
    named = [{"segment": 2, "names": {"AAA": ["Old Post"], "BBB": ["New Post"]}}]
    common: dict[str, Any] = {"posts__named": named, "twinning__groups": "named"}
    common |= {"joint_patrols__per_month": 4.0, "cultural_exchanges__per_year": 4.0}
    for exclusive in (False, True):
        model = begun(tmp_path, twinning__exclusive=exclusive, **common)
        sites = model.stage.world.posts
        for name in ("joint_patrols", "cultural_exchanges"):
            instrument = next(each for each in model.instruments if each.name == name)
            names = {sites[number].name for pair in instrument.pairs for number in pair.posts}
            assert (names == {"Old Post", "New Post"}) is exclusive


def test_an_interval_too_short_to_be_counted_is_that_of_a_shift(tmp_path: Path) -> None:
    """Reports leave at the end of a shift, however many fall due in it."""
    shift = {"sharing__interval_days": 8.0 / 24.0}
    moment = {"sharing__interval_days": 1e-12}
    assert sha(finished(tmp_path, **moment)) == sha(finished(tmp_path, **shift))

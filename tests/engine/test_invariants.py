"""What must be true of every run (model charter, section 8)."""

import math
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from random_scenarios import forces, policies, scenario_of, seeds, worlds
from runs import fates, finished, sha
from small_world import small_scenario

from sim import BorderModel, run
from sim.agents import Post
from sim.agents.allocation import ALLOCATIONS
from sim.engine import Kind

ENDINGS = ("passed", "intercepted", "handed_over", "intercepted_jointly", "turned_back")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for a small world."""
    return tmp_path


@pytest.fixture(scope="module")
def worlds_at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for random scenarios."""
    folder = tmp_path_factory.mktemp("random")
    (folder / "line").mkdir()
    (folder / "star").mkdir()
    return folder


@settings(max_examples=30, deadline=None, derandomize=True)
@given(world=worlds, force=forces, policy=policies, seed=seeds)
def test_every_attempt_ends_in_exactly_one_way(
    worlds_at: Path, world: str, force: dict[str, Any], policy: dict[str, Any], seed: int
) -> None:
    """Each attempt, wanted or retried, has one ending or is under way; types and places add up."""
    model = BorderModel(scenario_of(worlds_at, world, force, policy), rng=seed)
    model.run_model()
    frame = model.log.frame()
    frame = frame[frame["attempt"] >= 0]
    wanted = frame[frame["kind"].isin(["wanted", "retried"])].set_index("attempt")
    ended = frame[frame["kind"].isin(ENDINGS)].set_index("attempt")
    open_now = model.crossings.under_way
    assert wanted.index.is_unique
    assert ended.index.is_unique
    assert set(wanted.index) == set(ended.index) | set(open_now)
    assert not set(ended.index) & set(open_now)
    for name in ("crime", "segment"):
        left = Counter(getattr(each, name) for each in open_now.values())
        assert Counter(wanted[name]) == Counter(ended[name]) + left
        assert frame.groupby("attempt")[name].nunique().max() in (1, np.nan) or frame.empty
    begun_by_day = Counter((wanted["time"] // 24.0).astype(int))
    ended_by_day = Counter((ended["time"] // 24.0).astype(int))
    for day in range(math.ceil(model.clock / 24.0)):
        so_far = sum(count for other, count in begun_by_day.items() if other <= day)
        assert sum(count for other, count in ended_by_day.items() if other <= day) <= so_far
    started = frame[frame["kind"] == "started"].set_index("attempt")
    turned = ended[ended["kind"] == "turned_back"]
    assert started.index.is_unique
    assert not set(started.index) & set(turned.index)
    assert set(ended.index) <= set(started.index) | set(turned.index)
    # Whoever ends an attempt found it or was told of it, on a side that it touches, before.
    events: dict[int, list[tuple[float, str, int]]] = defaultdict(list)
    for row in frame.itertuples():
        events[row.attempt].append((row.time, str(row.kind), row.post))
    for row in ended.itertuples():
        before = [each for each in events[row.Index] if each[0] <= row.time]
        kinds = {(kind, post) for _, kind, post in before}
        if row.kind == "handed_over":
            assert ("alerted", row.post) in kinds
        elif str(row.kind).startswith("intercepted"):
            assert any(kind == "detected" for kind, _ in kinds)
        if row.post >= 0:
            assert row.segment in model.posts_by_number[row.post].site.sector
    alerted = frame[frame["kind"] == "alerted"]
    for row in alerted.itertuples():
        others = [e for e in events[row.attempt] if e[2] != row.post and e[0] <= row.time]
        assert any(kind in ("detected", "community_report") for _, kind, _ in others)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(world=worlds, force=forces, policy=policies, seed=seeds)
def test_a_patrol_is_in_one_place_and_hours_are_never_overspent(
    worlds_at: Path, world: str, force: dict[str, Any], policy: dict[str, Any], seed: int
) -> None:
    """One roster, one team, one route, within the shift and within what there is to spend."""
    model = BorderModel(scenario_of(worlds_at, world, force, policy), rng=seed)
    hours, supplied = 0.0, 0
    turns: Counter[int] = Counter()
    worked: Counter[int] = Counter()
    while model.running:
        model.step()
        shift = model.shift
        assert shift is not None
        rosters = [patrol for post in model.posts_by_number for patrol in post.patrols]
        assert sorted(p.number for p in rosters) == list(range(len(model.patrols)))
        teams = [patrol for post in model.posts_by_number for patrol in post.team]
        assert len({patrol.number for patrol in teams}) == len(teams)
        out = {patrol.number for patrol in teams}
        for post in model.posts_by_number:
            assert all(patrol.post == post.number for patrol in post.patrols)
            assert all(patrol.side == post.side for patrol in post.patrols)
            alone = [p for p in post.team if p.route is not None and len(p.authority) == 1]
            assert len(alone) == len(post.plan.beats)
            supplied += post.roster.more
            assert post.debt_hours >= 0.0
            assert not post.assignments
        for patrol in model.patrols_by_number:
            turns[patrol.number] += patrol.on_duty(shift.number)
            worked[patrol.number] += patrol.number in out
            route = patrol.route
            if patrol.number not in out:
                assert route is None
                assert patrol.authority == {patrol.side}
            if route is not None:
                assert shift.start <= route.arrive
                assert route.leave <= shift.end
                sector = set(model.posts_by_number[patrol.post].site.sector)
                assert set(route.beat.segments) <= sector
        hours += shift.hours * len(teams)
    owed = {patrol.number: patrol.owes for patrol in model.patrols_by_number}
    beyond = sum(max(0, worked[n] - turns[n] - owed[n]) for n in owed)
    assert beyond <= supplied
    assert model.tally.patrol_hours == pytest.approx(hours)
    assert 0.0 <= model.tally.coordination_hours <= model.tally.patrol_hours + 1e-9
    for each in [*model.ended, *model.instruments]:
        assert all(spent >= 0.0 for spent in each.hours.values())
        assert each.money() >= 0.0
        assert sum(each.money_by_side().values()) == pytest.approx(each.money())


@settings(max_examples=15, deadline=None, derandomize=True)
@given(world=worlds, force=forces, policy=policies, other=policies, seed=seeds)
def test_two_policies_meet_the_same_world(
    worlds_at: Path,
    world: str,
    force: dict[str, Any],
    policy: dict[str, Any],
    other: dict[str, Any],
    seed: int,
) -> None:
    """Attempts wanted, weather, lawful people and wear are the same under any two policies."""
    met = []
    for each in (policy, other):
        model = BorderModel(scenario_of(worlds_at, world, force, each), rng=seed)
        weather, lawful = [], []
        while model.running:
            model.step()
            assert model.shift is not None
            weather.append(model.shift)
            lawful.append(model.surroundings.lawful_on(int(model.shift.start // 24.0)))
        frame = model.log.frame()
        wanted = frame[frame["kind"] == "wanted"]
        worn = frame[frame["kind"] == "marker_damaged"]
        names = ["time", "attempt", "crime", "side", "value"]
        met.append(
            (
                wanted[names].sort_values(names).to_numpy().tolist(),
                worn[["time", "segment"]].to_numpy().tolist(),
                weather,
                lawful,
                model.tally.lawful,
            )
        )
    assert met[0] == met[1]


class Shuffled(BorderModel):
    """A model whose posts act in another order every shift."""

    def step(self) -> None:
        """Shuffle, then run the shift."""
        self.posts.shuffle(inplace=True)
        super().step()


@settings(max_examples=15, deadline=None, derandomize=True)
@given(world=worlds, force=forces, policy=policies, seed=seeds)
def test_neither_order_nor_repetition_changes_anything(
    worlds_at: Path, world: str, force: dict[str, Any], policy: dict[str, Any], seed: int
) -> None:
    """Posts that act in another order do the same, with whatever instruments and injects."""
    scenario = scenario_of(worlds_at, world, force, policy)
    models = [kind(scenario, rng=seed) for kind in (BorderModel, Shuffled, BorderModel)]
    for model in models:
        model.run_model()
    straight, shuffled, again = models
    assert sha(shuffled) == sha(straight) == sha(again)
    assert shuffled.tally == straight.tally == again.tally
    for here, there in zip(straight.posts_by_number, shuffled.posts_by_number, strict=True):
        assert np.array_equal(here.belief.evidence, there.belief.evidence)
        assert here.partners.trust == there.partners.trust


@settings(max_examples=15, deadline=None, derandomize=True)
@given(world=worlds, force=forces, policy=policies, seed=seeds)
def test_with_every_link_cut_links_change_nothing(
    worlds_at: Path, world: str, force: dict[str, Any], policy: dict[str, Any], seed: int
) -> None:
    """Under an outage from first to last, sharing, hotline and twins leave attempts as they are."""
    outage = {"kind": "link_outage", "day": 0.0, "days": 30.0}
    rest = [each for each in force["injects"] if each["kind"] != "policy_change"]
    force = force | {"injects": [*rest, outage], "posts__trust__alert_weight": 0.0}
    links = ("sharing", "hotline", "twinning")
    linked = {key: value for key, value in policy.items() if key.split("__")[0] in links}
    linked |= {"allocation__kind": policy["allocation__kind"]}
    linked |= {"sharing__report_hours": 0.0, "hotline__call_hours": 0.0}
    none = {"allocation__kind": policy["allocation__kind"]}
    models = [
        BorderModel(scenario_of(worlds_at, world, force, each), rng=seed) for each in (linked, none)
    ]
    for model in models:
        model.run_model()
    assert fates(models[0]) == fates(models[1])


def test_same_scenario_and_seed_give_the_same_events(home: Path) -> None:
    """A run is a function of scenario and seed, and another seed is another run."""
    doses: dict[str, Any] = {"sharing__interval_days": 0, "hotline__works": 0.8}
    assert sha(finished(home, **doses)) == sha(finished(home, **doses))
    assert sha(finished(home, **doses)) != sha(finished(home, seed=2, **doses))


@pytest.mark.parametrize(
    "changes",
    [
        {"sharing__plans": False},
        {"sharing__plans": True},
        # Posts of one province tell plans on one channel at the same time.
        {"sharing__plans": True, "sharing__scope": "province", "sharing__reliability": 0.7},
        {"joint_patrols__per_month": 60.0, "markers__surveys_per_year": 100.0},
    ],
)
def test_the_order_of_agents_changes_nothing(home: Path, changes: dict[str, Any]) -> None:
    """Posts that act in another order each shift, and log in another order, do the same."""
    scenario = small_scenario(home, sharing__interval_days=0, hotline__works=1.0, **changes)
    shuffled = Shuffled(scenario, rng=5)
    straight = BorderModel(scenario, rng=5)
    shuffled.run_model()
    straight.run_model()
    assert [post.number for post in shuffled.posts] != [post.number for post in straight.posts]
    assert sha(shuffled) == sha(straight)
    assert shuffled.tally == straight.tally


POLICIES: list[dict[str, Any]] = [
    {"sharing__interval_days": 1},
    {"sharing__interval_days": 0, "sharing__plans": True},
    {"twinning__groups": "facing", "hotline__works": 1.0},
    {"allocation__kind": "uniform"},
]


@pytest.mark.parametrize("policy", POLICIES)
def test_the_same_attempts_are_wanted_under_every_policy(
    home: Path, policy: dict[str, Any]
) -> None:
    """Two policies under one seed meet the same attempts, hour by hour, and the same weather."""
    worlds = []
    for changes in ({}, policy):
        model = finished(home, **changes)
        columns = model.log.columns()
        wanted = columns["kind"] == Kind.WANTED
        names = ("time", "attempt", "crime", "value")
        worlds.append([columns[name][wanted].tolist() for name in names])
        worlds[-1].append(model.tally.lawful)
        worlds[-1].append(columns["time"][columns["kind"] == Kind.MARKER_DAMAGED].tolist())
    assert worlds[0] == worlds[1]
    assert len(worlds[0][0]) > 40


@pytest.mark.parametrize(
    "nothing",
    [
        {"sharing__interval_days": "never", "sharing__plans": True, "sharing__scope": "all"},
        {"hotline__works": 0.0},
        {"twinning__groups": "facing"},
        {"sharing__interval_days": 1, "sharing__scope": "twins", "sharing__report_hours": 0.0},
    ],
)
def test_a_dose_of_zero_is_the_absence_of_the_instrument(
    home: Path, nothing: dict[str, Any]
) -> None:
    """An instrument that does nothing leaves the event log as it is without it, bit for bit."""
    assert sha(finished(home, **nothing)) == sha(finished(home))


def test_without_links_a_side_depends_on_its_own_observations_alone(home: Path) -> None:
    """Whatever the other side does, a side without links that sees the same decides the same."""

    def plans_of_a(**changes: Any) -> list[tuple[int, ...]]:
        fixed = {"groups.0.adversary": "static", "groups.1.adversary": "static"}
        fixed |= {"patrols.interception": 0.0, "community.learned_later": 0.0}
        fixed |= {"allocation.kind": "thompson", "time.days": 20.0}
        overrides = {k.replace(".", "__"): v for k, v in fixed.items()} | changes
        model = BorderModel(small_scenario(home, **overrides), rng=3)
        plans = []
        while model.running:
            model.step()
            plans += [post.plan.beats for post in model.posts if post.side == "AAA"]
        return plans

    alone = plans_of_a()
    assert len(set(alone)) > 1
    assert plans_of_a(patrols__per_post={"AAA": 3, "BBB": 0}) == alone
    assert plans_of_a(allocation__kind={"AAA": "thompson", "BBB": "uniform"}) == alone
    assert plans_of_a(posts__sensors__mobile={"AAA": 0, "BBB": 3}) == alone
    aided = {"posts__aid__trigger_finds": 2}
    surge = plans_of_a(**aided)
    assert surge != alone
    assert plans_of_a(patrols__per_post={"AAA": 3, "BBB": 6}, **aided) == surge
    assert plans_of_a(patrols__per_post={"AAA": 3, "BBB": 6}, sharing__interval_days=0.5) != alone


def test_nothing_is_read_before_it_can_have_arrived(home: Path) -> None:
    """Every report is read at least its latency after it was sent, and acted on only then."""
    latency = 5.0
    model = finished(
        home, sharing__interval_days=0.5, sharing__latency_hours=latency, sharing__reliability=1.0
    )
    frame = model.log.frame()
    sent = frame[frame.kind == "report_sent"].groupby(["post", "partner"])["time"]
    read = frame[frame.kind == "report_read"].groupby(["post", "partner"])["time"]
    assert len(read) > 0
    for pair, times in read:
        departures = np.sort(sent.get_group(pair).to_numpy())[: len(times)]
        assert np.all(np.sort(times.to_numpy()) >= departures + latency - 1e-9)
    for post in model.posts:
        assert all(heard <= model.clock - latency for heard in post.partners.heard.values())


def test_a_hotline_hands_over_what_one_side_cannot_reach(home: Path) -> None:
    """With a telephone some crossings end across the line; without one none does."""
    doses: dict[str, Any] = {"time__days": 30, "twinning__groups": "facing", "hotline__works": 1.0}
    with_line = finished(home, **doses)
    without = finished(home, time__days=30)
    handed = (with_line.log.columns()["kind"] == Kind.HANDED_OVER).sum()
    assert handed > 0
    assert (without.log.columns()["kind"] == Kind.HANDED_OVER).sum() == 0


def test_plans_shared_lower_doubly_covered_time(home: Path) -> None:
    """Who knows where the partner goes, goes elsewhere (pattern 8 of the verification ladder)."""

    def twice(**changes: Any) -> float:
        scenario = small_scenario(home, time__days=40, **changes)
        return float(np.mean([run(scenario, seed).outcomes["doubly_covered"] for seed in (1, 2)]))

    assert twice(sharing__interval_days=1, sharing__plans=True) < twice(sharing__interval_days=1)


def test_a_border_without_groups_is_quiet(tmp_path: Path) -> None:
    """A world where nobody tries to cross runs, and nothing is found."""
    model = finished(tmp_path, groups=[], time__days=3, sharing__interval_days=0)
    kinds = set(model.log.columns()["kind"].tolist())
    assert not kinds & {Kind.WANTED, Kind.DETECTED, Kind.PASSED}


def test_agents_can_be_subclassed(home: Path) -> None:
    """A model built with other classes of agents uses them."""

    class Lazy(Post):
        def decide(self, shift: Any) -> Any:
            plan = super().decide(shift)
            return type(plan)(plan.shift, (0,) * len(plan.beats), plan.coverage)

    model = BorderModel(small_scenario(home), rng=1, agent_classes={"post": Lazy})
    model.step()
    assert all(isinstance(post, Lazy) for post in model.posts)
    assert {index for post in model.posts for index in post.plan.beats} == {0}


@pytest.mark.parametrize(
    "nothing",
    [
        {"twinning__groups": "none"},
        {"sharing__interval_days": "never", "sharing__scope": "province"},
        {"hotline__works": 0.0, "hotline__level": "province"},
    ],
)
def test_aid_does_not_come_over_links_of_dose_zero(home: Path, nothing: dict[str, Any]) -> None:
    """In a surge, a link that is switched off brings no more help than one that is not there."""
    surge = {"posts__aid__trigger_finds": 1, "posts__aid__mobilisation_hours": [1.0] * 4}
    assert sha(finished(home, **surge, **nothing)) == sha(finished(home, **surge))
    province = {"sharing__interval_days": 5, "sharing__scope": "province"}
    assert sha(finished(home, **surge, **province)) != sha(finished(home, **surge))


def test_who_is_not_of_this_world_neither_joins_nor_pays(home: Path) -> None:
    """A side that a policy invites costs nothing in a world that does not have it."""
    model = finished(home, multilateral__members=["CCC"])
    (extension,) = model.instruments
    assert extension.members == ("AAA", "BBB")
    assert extension.money() == 0.0


@pytest.mark.parametrize("kind", sorted(ALLOCATIONS))
def test_posts_that_split_the_line_keep_to_their_half(home: Path, kind: str) -> None:
    """However a post allocates, it walks only the beats that an agreed split leaves it."""
    changes: dict[str, Any] = {"schedules__kind": "split", "allocation__kind": kind}
    model = finished(home, **changes)
    parts = [len(post.choice) < len(post.beats) for post in model.posts]
    assert any(parts)
    assert all(set(post.plan.beats) <= set(post.choice) for post in model.posts)

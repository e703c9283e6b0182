"""What must be true of every run (model charter, section 8)."""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import small_scenario

from sim import BorderModel, run
from sim.agents import Post
from sim.agents.adversaries import ADVERSARIES
from sim.agents.allocation import ALLOCATIONS
from sim.engine import Kind, events_sha256
from sim.outcomes.metrics import CAUGHT, ENDINGS, truth_of

doses = st.fixed_dictionaries(
    {
        "allocation.kind": st.sampled_from(
            ["uniform", "rota", "posterior_mean", "thompson", "stackelberg"]
        ),
        "allocation.deconflict": st.sampled_from(["expected", "strict"]),
        "groups.0.adversary": st.sampled_from(sorted(ADVERSARIES)),
        "groups.1.adversary": st.sampled_from(sorted(ADVERSARIES)),
        "groups.0.retry": st.sampled_from([0.0, 0.5, 1.0]),
        "groups.0.retry_after_hours": st.sampled_from([0.0, 24.0]),
        "groups.0.shares": st.sampled_from([0.0, 0.5]),
        "groups.1.level_k.level": st.integers(0, 2),
        "patrols.beat_segments": st.integers(1, 3),
        "patrols.per_post": st.integers(0, 5),
        "patrols.spacing": st.sampled_from(["independent", "even", "same"]),
        "sharing.interval_days": st.sampled_from([0, 0.5, 1, 7, "never"]),
        "sharing.plans": st.booleans(),
        "sharing.scope": st.sampled_from(["twins", "neighbours", "province", "all"]),
        "sharing.reliability": st.sampled_from([0.0, 0.5, 1.0]),
        "sharing.reports_per_day": st.sampled_from([1.0, 24.0]),
        "time.shift_hours": st.sampled_from([6.0, 8.0, 12.0, 24.0]),
        "time.days": st.sampled_from([1.0, 3.5, 6.0]),
    },
    optional={
        "twinning.groups": st.just("facing"),
        "hotline.level": st.sampled_from(["post", "province", "national"]),
        "hotline.works": st.sampled_from([0.0, 0.5, 1.0]),
        "groups.0.scouts.lag_days": st.sampled_from([0.0, 1.0]),
    },
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for a small world."""
    return tmp_path


def finished(home: Path, seed: int = 1, **overrides: Any) -> BorderModel:
    """Run the small world to its end."""
    model = BorderModel(small_scenario(home, **overrides), rng=seed)
    model.run_model()
    return model


def sha(model: BorderModel) -> str:
    """Hash of what happened."""
    return events_sha256(model.log.columns())


@settings(max_examples=25, deadline=None)
@given(changes=doses, seed=st.integers(0, 2**40))
def test_every_attempt_ends_in_exactly_one_way(changes: dict[str, Any], seed: int) -> None:
    """Each attempt, wanted or retried, has one ending or is under way; types and places add up."""
    with tempfile.TemporaryDirectory() as folder:
        model = BorderModel(
            small_scenario(Path(folder), **{k.replace(".", "__"): v for k, v in changes.items()}),
            rng=seed,
        )
        model.run_model()
    columns = model.log.columns()
    begun = np.isin(columns["kind"], [Kind.WANTED, Kind.RETRIED])
    wanted = Counter(columns["attempt"][begun])
    ended = Counter(columns["attempt"][np.isin(columns["kind"], ENDINGS)])
    assert set(wanted.values()) <= {1}
    assert set(ended.values()) <= {1}
    assert set(wanted) == set(ended) | set(model.crossings.under_way)
    assert not set(ended) & set(model.crossings.under_way)
    truth = truth_of(model, columns)
    caught = truth["intercepted"] + truth["met_and_referred"]
    assert truth["attempts"] == truth["passed"] + caught
    assert truth["detected"] + truth["undetected"] == truth["attempts"]
    assert caught == int(np.isin(columns["kind"], CAUGHT).sum())


@settings(max_examples=15, deadline=None)
@given(changes=doses, seed=st.integers(0, 2**40))
def test_patrol_hours_are_never_overspent(changes: dict[str, Any], seed: int) -> None:
    """Patrols are on their beats within the shift, and coordination takes no more than there is."""
    with tempfile.TemporaryDirectory() as folder:
        model = BorderModel(
            small_scenario(Path(folder), **{k.replace(".", "__"): v for k, v in changes.items()}),
            rng=seed,
        )
        while model.running:
            model.step()
            assert model.shift is not None
            for patrol in model.patrols:
                route = patrol.route
                if route is not None:
                    assert model.shift.start <= route.arrive
                    assert route.leave <= model.shift.end
    assert 0.0 <= model.tally.coordination_hours <= model.tally.patrol_hours + 1e-9


def test_same_scenario_and_seed_give_the_same_events(home: Path) -> None:
    """A run is a function of scenario and seed, and another seed is another run."""
    doses: dict[str, Any] = {"sharing__interval_days": 0, "hotline__works": 0.8}
    assert sha(finished(home, **doses)) == sha(finished(home, **doses))
    assert sha(finished(home, **doses)) != sha(finished(home, seed=2, **doses))


@pytest.mark.parametrize("plans", [False, True])
def test_the_order_of_agents_changes_nothing(home: Path, plans: bool) -> None:
    """Posts that act in another order each shift, and log in another order, do the same."""

    class Shuffled(BorderModel):
        def step(self) -> None:
            self.posts.shuffle(inplace=True)
            super().step()

    changes = {"sharing.interval_days": 0, "sharing.plans": plans, "hotline.works": 1.0}
    scenario = small_scenario(home, **{k.replace(".", "__"): v for k, v in changes.items()})
    shuffled = Shuffled(scenario, rng=5)
    straight = BorderModel(scenario, rng=5)
    shuffled.run_model()
    straight.run_model()
    assert [post.number for post in shuffled.posts] != [post.number for post in straight.posts]
    assert sha(shuffled) == sha(straight)


POLICIES: list[dict[str, Any]] = [
    {"sharing__interval_days": 1},
    {"sharing__interval_days": 0, "sharing__plans": True},
    {"twinning__groups": "facing", "hotline__works": 1.0},
    {"allocation__kind": "uniform"},
    {"allocation__kind": "stackelberg", "allocation__deconflict": "strict"},
]


REACTIVE: dict[str, Any] = {
    "groups__0__adversary": "best_response",
    "groups__0__scouts": {"lag_days": 1.0},
    "groups__0__shares": 0.5,
    "groups__0__retry": 0.7,
}


@pytest.mark.parametrize("groups", [{}, REACTIVE])
@pytest.mark.parametrize("policy", POLICIES)
def test_the_same_attempts_are_wanted_under_every_policy(
    home: Path, policy: dict[str, Any], groups: dict[str, Any]
) -> None:
    """Two policies under one seed meet the same attempts, hour by hour, and the same weather."""
    worlds = []
    for changes in ({}, policy):
        model = finished(home, **changes, **groups)
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
        {"joint_patrols__per_month": 0.0},
        {"schedules__kind": "none"},
        {"markers__surveys_per_year": 0.0},
        {"professional_exchanges__days_per_year": 0.0},
        {"joint_operations__per_year": 0.0},
        {"material_support__units_per_year": 0.0},
        {"cultural_exchanges__per_year": 0.0},
        {"friendship_exchanges__per_year": 0.0},
        {"residential_twinning__pairs": 0},
        {"development__budget": 0.0},
        {"health__level": 0},
        {"multilateral__members": []},
    ],
)
def test_a_dose_of_zero_is_the_absence_of_the_instrument(
    home: Path, nothing: dict[str, Any]
) -> None:
    """An instrument that does nothing leaves the event log as it is without it, bit for bit."""
    assert sha(finished(home, **nothing)) == sha(finished(home))


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


@pytest.mark.parametrize("kind", sorted(ALLOCATIONS))
def test_posts_that_split_the_line_keep_to_their_half(home: Path, kind: str) -> None:
    """However a post allocates, it walks only the beats that an agreed split leaves it."""
    changes: dict[str, Any] = {"schedules__kind": "split", "allocation__kind": kind}
    model = finished(home, **changes)
    parts = [len(post.choice) < len(post.beats) for post in model.posts]
    assert any(parts)
    assert all(set(post.plan.beats) <= set(post.choice) for post in model.posts)

"""What groups know: from experience, from each other, from scouts; and when they know it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_world import small_scenario

from sim import BorderModel, run
from sim.agents import Post
from sim.engine import Kind, events_sha256


def both(**settings: Any) -> dict[str, Any]:
    """Settings for both kinds of groups of the small world."""
    return {f"groups__{kind}__{key}": value for kind in (0, 1) for key, value in settings.items()}


def finished(home: Path, seed: int = 3, **changes: Any) -> BorderModel:
    """Run the small world to its end, with patrols that do not mind what they find."""
    model = BorderModel(small_scenario(home, allocation__kind="uniform", **changes), rng=seed)
    model.run_model()
    return model


def sha(model: BorderModel) -> str:
    """Hash of what happened."""
    return events_sha256(model.log.columns())


class Standing(Post):
    """A post whose patrols stay on its first beat for ever, and see and stop all they meet."""

    def decide(self, shift: Any) -> Any:
        """Send everybody to the first beat."""
        plan = super().decide(shift)
        return type(plan)(plan.shift, (0,) * len(plan.beats), plan.coverage)


STRICT = {
    "patrols__detection": 1.0,
    "patrols__night_penalty": 0.0,
    "patrols__interception": 1.0,
    "patrols__response_hours": 0.0,
    "patrols__processing_hours": 0.0,
    "patrols__duty_cycle_shifts": 1,
    "world__vehicle_kmh": 1e9,
    "groups__0__cost_per_hour": 0.1,
    "groups__1__cost_per_hour": 0.1,
    "time__days": 120,
}


@pytest.mark.parametrize(
    ("adversary", "settings", "least"),
    [
        ("best_response", {}, 0.97),
        ("ewa", {"learning__sensitivity": 30.0}, 0.95),
        ("suqr", {"suqr__reward": 37.0, "suqr__penalty": 0.0, "suqr__coverage": -90.0}, 0.95),
        ("prospect", {"prospect__sensitivity": 40.0}, 0.9),
        ("level_k", {"level_k__sensitivity": 40.0}, 0.95),
    ],
)
def test_attempts_converge_to_the_best_response_against_a_static_allocation(
    tmp_path: Path, adversary: str, settings: dict[str, Any], least: float
) -> None:
    """Patrols always on segments 0, 1, 3 and 4: only 2 and 5 are free, and the nearer is best.

    Decisive learners end there; groups that do not learn stay where they began.
    """
    shares = {}
    for kind in (adversary, "static"):
        scenario = small_scenario(tmp_path, **STRICT, **both(adversary=kind, **settings))
        model = BorderModel(scenario, rng=3, agent_classes={"post": Standing})
        model.run_model()
        held = {segment for post in model.posts for segment in post.beats[0].segments}
        assert held == {0, 1, 3, 4}
        columns = model.log.columns()
        late = (columns["kind"] == Kind.WANTED) & (columns["time"] > 24.0 * 60.0)
        groups = columns["attempt"][late] >> 20
        answers = []
        for number, segment in zip(groups, columns["segment"][late], strict=True):
            group = model.groups_by_number[number]
            costs = dict(zip(group.options, group.costs, strict=True))
            free = [option for option in (2, 5) if option in costs]
            answers.append(costs[segment] == min(costs[option] for option in free))
            answers[-1] &= segment in free
        shares[kind] = np.mean(answers)
    assert shares[adversary] > least
    assert shares["static"] < 0.6


LAG = {"lag_days": 3.0, "share_seen": 1.0}


@pytest.mark.parametrize("adversary", ["ewa", "best_response", "suqr", "prospect", "level_k"])
def test_scouts_have_no_effect_before_the_lag_is_over(tmp_path: Path, adversary: str) -> None:
    """What is wanted is the same until the end of the first shift plus the lag, and then not."""
    wanted = []
    for scouts in ({}, {"scouts": LAG}):
        columns = finished(tmp_path, **both(adversary=adversary, **scouts)).log.columns()
        chosen = columns["kind"] == Kind.WANTED
        wanted.append(np.stack([columns[name][chosen] for name in ("time", "attempt", "segment")]))
    without, scouted = wanted
    assert np.array_equal(without[:2], scouted[:2])
    known = 8.0 + 24.0 * LAG["lag_days"]
    early = without[0] < known
    assert early.sum() > 10
    assert np.array_equal(without[2, early], scouted[2, early])
    assert not np.array_equal(without[2, ~early], scouted[2, ~early])


@pytest.mark.parametrize("adversary", ["ewa", "best_response", "suqr", "prospect", "level_k"])
def test_groups_keep_away_from_where_patrols_were_seen(tmp_path: Path, adversary: str) -> None:
    """A patrol seen on one segment lowers its utility, and that of no other."""
    scenario = small_scenario(tmp_path, **both(adversary=adversary, scouts=LAG | {"lag_days": 0.0}))
    group = BorderModel(scenario, rng=1).groups_by_number[0]
    shift = BorderModel(scenario, rng=1).surroundings.shift(0, 0.0, 8.0)
    group.scout(shift, {})
    group.next_wanted = 9.0
    group.choose_crossing()
    nowhere = list(group.adversary.utilities())
    assert group.adversary.sightings.coverage == [0.0] * len(group.options)
    group = BorderModel(scenario, rng=1).groups_by_number[0]
    group.scout(shift, {group.options[2]: ["patrol"]})
    group.next_wanted = 9.0
    group.choose_crossing()
    somewhere = group.adversary.utilities()
    assert somewhere[2] < nowhere[2]
    assert [*somewhere[:2], *somewhere[3:]] == [*nowhere[:2], *nowhere[3:]]


def test_what_scouts_saw_is_known_when_the_lag_is_over_and_no_sooner(tmp_path: Path) -> None:
    """A shift that ends at 8 h is known at 80 h with a lag of three days."""
    scenario = small_scenario(tmp_path, **both(scouts=LAG))
    model = BorderModel(scenario, rng=1)
    group = model.groups_by_number[0]
    group.scout(model.surroundings.shift(0, 0.0, 8.0), {group.options[2]: ["patrol"]})
    for time, coverage in ((79.99, 0.0), (80.0, 1.0)):
        group.next_wanted = time
        group.choose_crossing()
        assert group.adversary.sightings.coverage[2] == coverage


def test_scouts_notice_their_share_of_patrols(tmp_path: Path) -> None:
    """One patrol is noticed as often as the share says, two as often as at least one of them."""
    scouts = {"lag_days": 0.0, "share_seen": 0.3, "memory_days": 1e9}
    scenario = small_scenario(tmp_path, **both(scouts=scouts))
    model = BorderModel(scenario, rng=1)
    group, many = model.groups_by_number[0], 4_000
    first, second = group.options[:2]
    for number in range(many):
        shift = model.surroundings.shift(number, 8.0 * number, 8.0 * number + 8.0)
        group.scout(shift, {first: ["one"], second: ["one", "two"]})
    group.next_wanted = 8.0 * many
    group.choose_crossing()
    seen = np.array(group.adversary.sightings.seen) / many
    for share, expected in zip(seen, (0.3, 0.51, 0.0, 0.0), strict=False):
        error = np.sqrt(expected * (1.0 - expected) / many)
        assert share == pytest.approx(expected, abs=4.0 * error + 1e-6)
    # Patrols that go unnoticed are allowed for: a patrol always there is believed to be.
    assert group.adversary.sightings.coverage[0] == pytest.approx(1.0, abs=0.1)
    assert group.adversary.sightings.coverage[2] == 0.0


@pytest.mark.parametrize("adversary", ["ewa", "best_response"])
@pytest.mark.parametrize(
    "nothing",
    [
        {"scouts": {"share_seen": 0.0}},
        {"scouts": {"lag_days": 1000.0}},
        {"shares": 0.0, "shares_after_days": 0.0},
        {"shares": 1.0, "shares_after_days": 1000.0},
        {"retry": 0.0, "retry_after_hours": 0.0},
    ],
)
def test_a_dose_of_nothing_is_absence(
    tmp_path: Path, adversary: str, nothing: dict[str, Any]
) -> None:
    """Scouts that see nothing, words that count nothing: the events are the same, bit for bit."""
    plain = finished(tmp_path, **both(adversary=adversary))
    assert sha(finished(tmp_path, **both(adversary=adversary, **nothing))) == sha(plain)


@pytest.mark.parametrize("adversary", ["ewa", "suqr", "level_k"])
def test_scouts_whose_word_counts_nothing_change_nothing(tmp_path: Path, adversary: str) -> None:
    """A weight of 0 is no scouts, bit for bit."""
    plain = finished(tmp_path, **both(adversary=adversary))
    idle = finished(tmp_path, **both(adversary=adversary, scouts=LAG | {"weight": 0.0}))
    assert sha(idle) == sha(plain)


def test_an_attraction_falls_by_what_is_expected_to_be_lost(tmp_path: Path) -> None:
    """One shift watched, a patrol seen: .3 of load and loss, at weight 1 against a prior of 2.

    So .3 · (1 + 1) · 1/3 = .2 off the attraction where the patrol was.
    """
    scouts = {"lag_days": 0.0, "share_seen": 1.0, "weight": 1.0}
    model = BorderModel(small_scenario(tmp_path, **both(scouts=scouts)), rng=1)
    group = model.groups_by_number[0]
    before = np.array(group.adversary.utilities())
    group.scout(model.surroundings.shift(0, 0.0, 8.0), {group.options[1]: ["patrol"]})
    group.next_wanted = 9.0
    group.choose_crossing()
    lowered = before - np.array(group.adversary.utilities())
    assert lowered == pytest.approx([0.0, 0.2, 0.0, 0.0, 0.0, 0.0])


def test_an_estimate_counts_shifts_watched_as_attempts(tmp_path: Path) -> None:
    """One shift watched at weight 3: 1.1 / 5 where a patrol was, .2 / 5 where there was none."""
    scouts = {"lag_days": 0.0, "share_seen": 1.0, "weight": 3.0}
    changes = both(adversary="best_response", scouts=scouts)
    model = BorderModel(small_scenario(tmp_path, **changes), rng=1)
    group = model.groups_by_number[0]
    group.scout(model.surroundings.shift(0, 0.0, 8.0), {group.options[1]: ["patrol"]})
    group.next_wanted = 9.0
    group.choose_crossing()
    risks = np.array([0.04, 0.22, 0.04, 0.04, 0.04, 0.04])
    payoffs = 1.0 - np.array(group.costs) - 2.0 * risks
    assert np.array(group.adversary.utilities()) == pytest.approx(payoffs)


@pytest.mark.parametrize("adversary", ["ewa", "best_response", "prospect"])
def test_word_reaches_other_groups_after_its_lag(tmp_path: Path, adversary: str) -> None:
    """With sharing nothing changes until the first ending is two days old, and then it does."""
    settings = {"adversary": adversary, "shares_after_days": 2.0}
    alone = finished(tmp_path, **both(**settings)).log.columns()
    told = finished(tmp_path, **both(**settings, shares=1.0)).log.columns()
    endings = np.isin(alone["kind"], [Kind.PASSED, Kind.INTERCEPTED])
    known = alone["time"][endings].min() + 48.0
    chosen = [columns["kind"] == Kind.WANTED for columns in (alone, told)]
    times = alone["time"][chosen[0]]
    segments = [c["segment"][w] for c, w in zip((alone, told), chosen, strict=True)]
    early = times < known
    assert early.sum() > 10
    assert np.array_equal(segments[0][early], segments[1][early])
    assert not np.array_equal(segments[0][~early], segments[1][~early])


def test_word_goes_to_groups_of_the_same_kind_alone_and_counts_its_weight(tmp_path: Path) -> None:
    """With a memory that keeps all, what a group knows adds up: its own, and a share of others'.

    The share is a quarter for the first kind and a half for the second.
    """
    forever = {"adversary": "suqr", "estimate": {"memory_attempts": 1e12}}
    settings = both(**forever, shares=0.25, shares_after_days=0.0)
    model = finished(tmp_path, **settings | {"groups__1__shares": 0.5})
    columns = model.log.columns()
    ended = np.isin(columns["kind"], [Kind.PASSED, Kind.INTERCEPTED, Kind.HANDED_OVER])
    groups = columns["attempt"][ended] >> 20
    segments = columns["segment"][ended]
    for group in model.groups_by_number:
        group.choose_crossing()
        kin = {other.number for other in model.groups_by_number if other.kind is group.kind}
        weights = np.where(
            groups == group.number, 1.0, group.kind.shares * np.isin(groups, list(kin))
        )
        for option, segment in enumerate(group.options):
            expected = weights[segments == segment].sum()
            assert group.adversary.record.trials[option] == pytest.approx(expected)


def test_told_groups_are_caught_less_by_patrols_that_stand_still(tmp_path: Path) -> None:
    """Who hears what befell others learns sooner where patrols are."""
    caught = []
    for shares in (0.0, 1.0):
        rates = []
        for seed in range(4):
            changes = STRICT | {"time__days": 30} | both(shares=shares, shares_after_days=0.0)
            scenario = small_scenario(tmp_path, **changes, **both(adversary="best_response"))
            model = BorderModel(scenario, rng=seed, agent_classes={"post": Standing})
            model.run_model()
            kinds = model.log.columns()["kind"]
            rates.append((kinds == Kind.INTERCEPTED).sum() / (kinds == Kind.WANTED).sum())
        caught.append(np.mean(rates))
    assert caught[1] < 0.8 * caught[0]


def test_a_predictable_rota_is_exploited_by_scouts_and_a_random_one_is_not(tmp_path: Path) -> None:
    """Scouts cut what a weekly rota detects by far more than what random beats detect."""

    def detected(allocation: str, **scouts: Any) -> float:
        scenario = small_scenario(
            tmp_path,
            time__days=60,
            allocation__kind=allocation,
            allocation__rota_days=7.0,
            community__reports=0.0,
            **both(adversary="best_response", count=8, **scouts),
        )
        return float(np.mean([run(scenario, seed).outcomes["detection_rate"] for seed in range(4)]))

    scouts = {"lag_days": 0.0, "share_seen": 1.0, "memory_days": 1.0, "weight": 2.0}
    rota, random = detected("rota"), detected("uniform")
    watched_rota, watched_random = (detected(kind, scouts=scouts) for kind in ("rota", "uniform"))
    assert watched_rota < 0.75 * rota
    assert watched_random > 0.9 * random
    assert watched_rota < 0.9 * watched_random

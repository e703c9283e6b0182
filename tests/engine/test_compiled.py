"""The compiled engine runs the very model that the agents run."""

import math
import platform
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from mesa.agent import AgentSet
from numba import typeof
from numba.core.runtime import _nrt_python as _nrt
from numba.core.runtime.nrt import rtsys
from random_scenarios import (
    details,
    doses,
    forces,
    numbers,
    of_tables_in,
    policies,
    scenario_of,
    seeds,
    worlds,
)
from runs import gated, instrument, sha
from small_world import small_scenario

from sim import BorderModel, Scenario, draws, run
from sim.agents import Post
from sim.engine.compiled import deciding, happening, read_back, shifts
from sim.engine.compiled.building import address_of
from sim.engine.compiled.compiling import entry
from sim.engine.compiled.layout import room as room_of_a_run
from sim.engine.compiled.model import CompiledModel
from sim.engine.compiled.state import FINGERPRINT, KIND
from sim.engine.engines import Engine, choose_engine, model_of, obstacle
from sim.engine.events import Kind
from sim.errors import InputError, NeedsAgents
from sim.rules import (
    RULES,
    barrier,
    belief,
    choice,
    cooperation,
    encounter,
    infection,
    learning,
    security,
    ties,
)
from sim.verification.rung import SCENARIOS as VERIFICATION

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "scenarios"
LINE = VERIFICATION / "line.toml"
POLICIES = sorted([*(SHIPPED / "policies").glob("*.toml"), *SHIPPED.glob("policies/alone/*.toml")])

DAYS = {
    "bolivia_paraguay": 2.0,
    "dien_bien_phongsaly": 6.0,
    "dien_bien_phongsaly_exercise": 6.0,
    "tripoint": 2.0,
    "vietnam_laos": 1.0,
    "line": 3.0,
}
"""How long each shipped scenario runs under every policy."""

OFTEN: dict[str, dict[str, Any]] = {
    "joint_patrols": {"per_month": 30.0},
    "schedules": {"days_ahead": 1.0, "meeting_days": 2.0},
    "markers": {"surveys_per_year": 300.0},
    "professional_exchanges": {"days_per_year": 200.0},
    "joint_operations": {"per_year": 100.0, "first_day": 0.0, "days": 2.0},
    "material_support": {"units_per_year": 300.0},
    "cultural_exchanges": {"per_year": 200.0},
    "friendship_exchanges": {"per_year": 200.0},
    "development": {"delay_days": 0.5},
}
"""Doses with which something comes of an instrument within days."""


def same(here: Any, there: Any, path: str = "") -> None:
    """Check that numbers are equal but for the last bits, and all else is equal."""
    if isinstance(here, dict):
        assert here.keys() == there.keys(), path
        for key in here:
            same(here[key], there[key], f"{path}.{key}")
    elif isinstance(here, float):
        assert here == pytest.approx(there, rel=1e-9, abs=1e-12, nan_ok=True), path
    else:
        assert here == there, path


def check(scenario: Scenario, seed: int) -> None:
    """Check that both engines run a scenario to the same events, outcomes and costs."""
    agents, compiled = (run(scenario, seed, engine=each) for each in ("agents", "compiled"))
    assert agents.outcomes["events_sha256"] == compiled.outcomes["events_sha256"]
    for name in ("outcomes", "records", "sides", "costs"):
        same(getattr(agents, name), getattr(compiled, name), name)


def shipped(name: str, policy: Path | str, **changes: Any) -> Scenario:
    """Load a scenario that comes with the library; `__` in a keyword stands for a dot."""
    path = LINE if name == "line" else SHIPPED / f"{name}.toml"
    overrides = {key.replace("__", "."): value for key, value in changes.items()}
    return Scenario.load(path, policy=policy, overrides=overrides)


def often(scenario: Scenario) -> dict[str, Any]:
    """Give the doses of `OFTEN` for the instruments that a policy has."""
    return {
        f"{table}__{key}": value
        for table, dose in OFTEN.items()
        if getattr(scenario.policy, table) is not None
        for key, value in dose.items()
    }


@pytest.fixture(scope="module")
def worlds_at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for random scenarios."""
    folder = tmp_path_factory.mktemp("random")
    (folder / "line").mkdir()
    (folder / "star").mkdir()
    return folder


# The same events


def test_every_shipped_scenario_is_tried() -> None:
    """No scenario that comes with the library is left out."""
    assert {path.stem for path in [*SHIPPED.glob("*.toml"), LINE]} == set(DAYS)
    assert len(POLICIES) > 40


@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", DAYS)
def test_shipped_files_run_alike(name: str, policy: Path) -> None:
    """Every scenario under every policy, with rare things made frequent."""
    changes = often(shipped(name, policy))
    for seed in (1, 2**40 + 7):
        check(shipped(name, policy, time__days=DAYS[name], **changes), seed)


AREA, MIGRATION = ["area_situation"], "irregular_migration"
"""Headings of reports."""


@pytest.mark.parametrize(
    ("name", "policy", "days", "changes"),
    [
        ("dien_bien_phongsaly_exercise", "everything", 120.0, {}),
        ("vietnam_laos", "everything", 40.0, {}),
        ("dien_bien_phongsaly", "sharing_monthly", 70.0, {}),
        ("dien_bien_phongsaly", "weekly_sharing", 40.0, {"allocation__kind": "thompson"}),
        ("dien_bien_phongsaly", "sharing_daily", 40.0, {"sharing__categories": AREA}),
        (
            "dien_bien_phongsaly",
            "sharing_at_once",
            40.0,
            {"sharing__categories": [*AREA, MIGRATION]},
        ),
        ("tripoint", "twinning_and_hotline", 20.0, {"allocation__kind": "stackelberg"}),
        ("bolivia_paraguay", "everything", 30.0, {"allocation__kind": "rota"}),
        ("dien_bien_phongsaly", "everything", 45.0, {"schedules__days_ahead": 30.0}),
    ],
)
def test_long_runs_are_alike(name: str, policy: str, days: float, changes: dict[str, Any]) -> None:
    """Runs in which everything that a policy plans comes to pass as rarely as it does."""
    check(shipped(name, policy, time__days=days, **changes), seed=3)


@pytest.mark.parametrize("seed", range(1, 5))
def test_runs_that_end_within_a_shift_are_alike(seed: int) -> None:
    """Plans were made for all of it; what is done in it is what there is time for."""
    crowd = {"community__lawful_per_segment": 1e4}
    check(shipped("dien_bien_phongsaly", "everything", time__days=5.5, **crowd), seed)


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(
    world=worlds,
    force=forces,
    policy=policies,
    detail=details,
    dose=doses,
    number=numbers,
    seed=seeds,
)
def test_random_scenarios_run_alike(
    worlds_at: Path,
    world: str,
    force: dict[str, Any],
    policy: dict[str, Any],
    detail: dict[str, Any],
    dose: dict[str, Any],
    number: dict[str, Any],
    seed: int,
) -> None:
    """Whatever instruments, injects, means and groups there are."""
    # What the agents alone can run is of no use here.
    injects = [each for each in force["injects"] if each["kind"] != "policy_change"]
    finer = of_tables_in(policy, number | dose)
    force = force | {"injects": injects}
    try:
        scenario = scenario_of(worlds_at, world, force, policy, detail, finer)
    except InputError:
        assume(False)
    assert obstacle(scenario) == ""
    check(scenario, seed)


LOSS = {"kind": "loss_of_patrols", "day": 1, "days": 3, "side": "AAA", "patrols": 2**32}
OPERATION = {"per_year": 40.0, "first_day": 1.0, "days": 2.0**32 / 3.0}
OUTBREAK = {"kind": "outbreak", "day": 0.0, "days": 3.0, "side": "LAO", "prevalence": 1e-9}
SCOUTS = {"share_seen": 0.5, "lag_days": 1e9}
SUPPORT = {"units_per_year": 50.0, "kind": "patrols", "units_per_patrol": 2.0**-32}


@pytest.mark.parametrize(
    "changes",
    [
        {"injects": [LOSS]},
        {f"material_support__{key}": value for key, value in SUPPORT.items()},
        {f"joint_operations__{key}": value for key, value in OPERATION.items()},
        {"groups__0__scouts": SCOUTS},
        {"schedules__kind": "complementary", "schedules__days_ahead": 365.0},
        {"posts__belief__prior_rate_per_day": 1e9, "posts__sensors__mobile": 1},
    ],
)
def test_numbers_of_any_size_are_alike(tmp_path: Path, changes: dict[str, Any]) -> None:
    """What a file can make larger than four or eight bytes hold is not cut."""
    check(small_scenario(tmp_path, **changes), seed=3)


def test_any_number_of_people_at_a_gate_is_alike() -> None:
    """Who comes through a gate is counted in full, and brings as many cases."""
    crowd = {"community__lawful_per_gate__international": 2.0**33, "time__days": 3.0}
    check(shipped("dien_bien_phongsaly", "none", injects=[OUTBREAK], **crowd), seed=3)


# The same chance and the same rules


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The state of a run, whose type tells compiled code of one version from that of another."""
    scenario = small_scenario(tmp_path_factory.mktemp("state"), time__days=1.0)
    return CompiledModel(scenario, 1).state


@entry
def _draws(s: Any, keys: Any, others: Any, reals: Any, out: Any) -> None:
    """Make each draw of `sim.draws`, row by row."""
    for row in range(keys.shape[0]):
        key, (entity, occasion, part) = keys[row], others[row]
        share, shape, mean = reals[row]
        out[row, 0] = draws.uniform(key, entity, occasion, part)
        out[row, 1] = draws.uniform(key, entity)
        out[row, 2] = draws.exponential(share)
        out[row, 3] = draws.gumbel(share)
        out[row, 4] = draws.normal(share, out[row, 0])
        out[row, 5] = draws.poisson(mean, share)
        out[row, 6] = draws.normal_quantile(share)
        out[row, 7] = draws.gamma(shape, key, entity, occasion, part)


def test_compiled_draws_are_the_draws(state: Any) -> None:
    """Bit for bit, for any key, whatever the sign of who draws, which time and which part."""
    chance = np.random.default_rng(5)
    many = 5_000
    keys = chance.integers(0, 2**64, many, dtype=np.uint64)
    wide = chance.integers(-(2**62), 2**62, (many // 2, 3))
    others = np.concatenate([wide, chance.integers(-50, 50, (many - many // 2, 3))])
    reals = np.stack(
        [chance.random(many), chance.exponential(1.5, many) + 1e-3, chance.exponential(40.0, many)],
        axis=1,
    )
    here, there = np.empty((many, 8)), np.empty((many, 8))
    _draws(state, keys, others, reals, here)
    # Python's own whole numbers, as agents use them.
    _draws.py_func(state, _Rows(keys), _Rows(others), _Rows(reals), there)  # type: ignore[attr-defined]
    assert np.array_equal(here[:, :2], there[:, :2])
    assert (here[:, :2] > 0.0).all()
    assert (here[:, :2] < 1.0).all()
    np.testing.assert_allclose(here, there, rtol=1e-13)


class _Rows(list[Any]):
    """Plain numbers in rows, with the shape that an array has."""

    def __init__(self, array: Any) -> None:
        super().__init__(array.tolist())
        self.shape = array.shape


@entry
def _rules(s: Any, given: Any, out: Any) -> None:
    """Apply each rule to numbers from 0 to 1, stretched to what the rule takes."""
    for row in range(given.shape[0]):
        a, b, c, d, e, f = given[row]
        long, low, high = 0.1 + 5.0 * a, min(b, c), max(b, c)
        begin, end = low * long, high * long + 1e-3
        worths, effects, marginals = 0.01 + given[row], 0.05 + 0.9 * given[row][::-1], given[row]
        out[row, 0] = barrier.first_success(a, b)
        out[row, 1] = barrier.overlap_integral(9.0 * a, 4.0 * b, 8.0 * c)
        out[row, 2] = barrier.pass_time(
            int(9.0 * d), 30.0 * e, b * long, long, 90.0 * f - 45.0, 24.0 * c
        )
        out[row, 3] = barrier.patrol_exposure(4.0 * d, 8.0 * e, long, begin, end, f)
        out[row, 4] = barrier.place_on_beat(80.0 * b - 40.0, long)
        out[row, 5] = belief.forget(a, b, c)
        out[row, 6] = belief.keep_share(9.0 * a, 0.1 + b)
        out[row, 7] = belief.observe(a, b, c)
        out[row, 8] = belief.posterior_mean(a, 0.1 + b)
        out[row, 9] = choice.effort_concentrated(3.0 * a, 2.0, c)
        out[row, 10] = choice.effort_spread(3.0 * a, 2.0, 1.0 + 9.0 * c)
        out[row, 11] = choice.expected_payoff(a, b, -c)
        out[row, 12] = choice.probability_weight(a, 0.3 + 0.7 * b)
        out[row, 13] = choice.prospect_outcome(2.0 * a - 1.0, 0.5 + b / 2.0, 0.5 + c / 2.0, d)
        out[row, 14] = choice.prospect_value(a, high - d, low - d, 0.3 + 0.7 * e, 0.3 + 0.7 * f)
        out[row, 15] = choice.subjective_utility(a, b, -c, -9.0 * d, e, f)
        out[row, 16] = cooperation.acts_on_alert(a, b, c)
        out[row, 17] = cooperation.believed_coverage(a, b, c)
        out[row, 18] = cooperation.covered_together(a, b)
        out[row, 19] = cooperation.goodwill(20.0 * a, 100.0 * b, c)
        out[row, 20] = cooperation.saturating(9.0 * a, b, 0.1 + c)
        out[row, 21] = cooperation.skill_after(a, b, 9.0 * c)
        out[row, 22] = cooperation.trust_after(a, b, c)
        out[row, 23] = encounter.caught_in_time(2.0 * a, 2.0 * b, c, d)
        out[row, 24] = encounter.darkness(90.0 * a, 90.0 * a + 24.0 * b + 1.0, 12 + 12 * c, 12 * d)
        out[row, 25] = encounter.detection_chance(a, 2.0 * b, c, d)
        out[row, 26] = encounter.sensor_chance(a, 2.0 * b, 5.0 * c, 0.1 + 9.0 * d)
        out[row, 27] = encounter.wear_rate(a, 10.0 * b, c)
        out[row, 28] = infection.imported_mean(900.0 * a, b, c)
        out[row, 29] = infection.screened_share(a, b)
        out[row, 30] = learning.attraction(a, b, 0.1 + c, d, e)
        out[row, 31] = learning.estimated_risk(a, 9.0 * b, c, 0.1 + d)
        out[row, 32] = learning.experience(9.0 * a, b, c) + learning.experience(9.0 * a, b)
        out[row, 33] = learning.logit_utility(a, 6.0 * b, 9.0 * c - 3.0)
        out[row, 34] = learning.payoff(a < 0.5, b, 9.0 * c)
        out[row, 35] = security.coverage_at(a, 0.01 + b, 0.05 + 0.9 * c)
        out[row, 36] = security.patrols_for(a, worths, effects)
        out[row, 37] = security.water_level(worths, effects, 7.0 * f)
        chosen = security.comb_sample(marginals, e)
        out[row, 38] = len(chosen)
        for place in range(len(chosen)):
            out[row, 38] += chosen[place] * 10.0 ** (place + 1)
        out[row, 39] = ties.in_hundredths(9.0 * a)
        out[row, 40] = ties.in_steps(9.0 * a - 3.0)
        out[row, 41] = ties.total(given[row], 5)
        out[row, 42] = choice.start_in_part(int(4.0 * a), 6.0, 90.0 * b, c)
        out[row, 43] = cooperation.first_occasion(900.0 * a, 1.0 + 90.0 * b, c)
        out[row, 44] = cooperation.lacking_carriers(a, b, 9.0 * c, 0.1 + d)
        out[row, 45] = encounter.hours_by_vehicle(a, 90.0 * b, 9.0 + c, 1.0 + d)
        out[row, 46] = encounter.noticed(a, 9.0 * b)
        out[row, 47] = learning.stake_in_sightings(a, 9.0 * b, 0.1 + c, 3.0 * d)
        out[row, 48] = cooperation.is_untold(400.0 * a, 400.0 * b, 400.0 + 400.0 * c)
        out[row, 49] = barrier.into_round(900.0 * a - 450.0 * b, 0.1 + 9.0 * c)


RULES_TRIED = 50


def test_compiled_rules_are_the_rules(state: Any) -> None:
    """Each rule gives the same to compiled code as to Python, also at the ends of what it takes."""
    for module in (barrier, belief, choice, cooperation, encounter, infection, learning, security):
        assert module.__name__.startswith("sim.rules.")
    assert len(RULES) == RULES_TRIED
    chance = np.random.default_rng(6)
    some = chance.random((2_000, 6))
    ends = chance.choice([0.0, 0.5, 1.0], (500, 6))
    mixed = np.where(chance.random((500, 6)) < 0.5, chance.random((500, 6)), ends)
    given = np.concatenate([some, ends, mixed])
    # In the open interval where a rule takes a draw.
    given[:, 0] = np.clip(given[:, 0], 1e-9, 1.0 - 1e-9)
    here, there = (np.full((len(given), RULES_TRIED), np.nan) for _ in range(2))
    _rules(state, given, here)
    _rules.py_func(state, given, there)  # type: ignore[attr-defined]
    assert np.isfinite(there).all()
    np.testing.assert_allclose(here, there, rtol=1e-12, atol=1e-13)


# Which engine


def test_a_short_run_is_left_to_the_agents(tmp_path: Path) -> None:
    """Left to choose, a run of seconds is not worth loading compiled code, and says so."""
    result = run(small_scenario(tmp_path, time__days=2.0))
    assert (result.engine, result.engine_reason) == ("agents", "the run is short")
    asked = run(small_scenario(tmp_path, time__days=2.0), engine="agents")
    assert (asked.engine, asked.engine_reason) == ("agents", "")
    compiled = run(small_scenario(tmp_path, time__days=2.0), engine="compiled")
    assert (compiled.engine, compiled.engine_reason) == ("compiled", "")
    assert compiled.summary()["engine"] == "compiled"


def test_a_long_run_is_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long run, or many, takes compiled code; one not yet compiled has to be longer for that."""
    long = small_scenario(tmp_path, time__days=2_000.0)
    short = small_scenario(tmp_path, time__days=20.0)
    ready = "sim.engine.compiled.building.is_built"
    monkeypatch.setattr(ready, lambda: True)
    assert choose_engine(long) == ("compiled", "")
    assert choose_engine(short) == ("agents", "the run is short")
    assert choose_engine(short, runs=1_000) == ("compiled", "")
    monkeypatch.setattr(ready, lambda: False)
    assert choose_engine(long) == ("agents", "the run is short")
    assert choose_engine(long, runs=1_000) == ("compiled", "")


CHANGE = {"kind": "policy_change", "day": 1.0, "set": {"sharing.interval_days": 1}}
OBSTACLES: list[tuple[dict[str, Any], str]] = [
    ({"injects": [CHANGE]}, "the policy changes during the run"),
    (
        {"extensions": [{"instrument": "own_code:Carrying"}]},
        "an instrument written in Python carries reports",
    ),
]


@pytest.mark.parametrize(("changes", "reason"), OBSTACLES)
def test_what_compiled_code_cannot_do_is_for_the_agents(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    """However long it is; who insists on compiled code is told why not."""
    scenario = with_own_code(tmp_path, {"time.days": 2.0, **changes})
    assert obstacle(scenario) == reason
    assert choose_engine(scenario, runs=10**6) == ("agents", reason)
    result = run(scenario)
    assert (result.engine, result.engine_reason) == ("agents", reason)
    with pytest.raises(InputError, match=reason) as caught:
        run(scenario, engine="compiled")
    assert caught.value.where == "engine"


# Code of a user's own


def with_own_code(folder: Path, changes: dict[str, Any]) -> Scenario:
    """Load the small world with code that files name."""
    small_scenario(folder)
    return Scenario.load(folder / "small.toml", overrides=changes, allow_code=True)


TOLD_AT_ONCE = {"sharing.interval_days": 0, "sharing.plans": True, "hotline.works": 0.5}
SCOUTED = {"groups.0.scouts": {"share_seen": 0.5}, "groups.0.shares": 0.5, "groups.0.retry": 0.5}
OWN: list[tuple[dict[str, Any], str]] = [
    ({"allocation.kind": {"AAA": "rota", "BBB": "own_code:as_believed"}}, "an allocation"),
    ({"allocation.kind": "own_code:as_believed", **TOLD_AT_ONCE}, "an allocation"),
    (
        {
            "allocation.kind": "own_code:as_believed",
            "allocation.deconflict": "strict",
            "schedules.kind": "complementary",
            "schedules.days_ahead": 1.0,
            "patrols.beat_segments": 2,
        },
        "an allocation",
    ),
    ({"groups.1.adversary": "own_code:Learning"}, "an adversary"),
    ({"groups.0.adversary": "own_code:Learning", **SCOUTED}, "an adversary"),
    ({"extensions": [{"instrument": "own_code:Busy"}], **TOLD_AT_ONCE}, "an instrument"),
    (
        {
            "extensions": [{"instrument": "own_code:Busy"}],
            "allocation.kind": "own_code:as_believed",
            "posts.aid.trigger_finds": 2,
            "joint_patrols.per_month": 20.0,
        },
        "an instrument and an allocation",
    ),
]


@pytest.mark.parametrize(("changes", "what"), OWN)
def test_own_code_runs_alike_and_the_rest_is_compiled(
    tmp_path: Path, changes: dict[str, Any], what: str
) -> None:
    """Compiled code asks Python for what is Python, and the result says of what."""
    scenario = with_own_code(tmp_path, {"community.reports": 0.2, **changes})
    check(scenario, seed=3)
    assert run(scenario, 3, "compiled").engine_reason == f"but for {what} in Python"
    assert choose_engine(scenario, runs=10**6) == ("compiled", f"but for {what} in Python")


@pytest.mark.parametrize("kind", ["as_believed", "Learning"])
def test_own_code_that_does_the_same_makes_no_difference(tmp_path: Path, kind: str) -> None:
    """What the package has, written again in Python, is met with the same chance."""
    key = "allocation.kind" if kind == "as_believed" else "groups.0.adversary"
    own = run(with_own_code(tmp_path, {key: f"own_code:{kind}"}), 3, "compiled")
    packaged = run(with_own_code(tmp_path, {}), 3, "agents")
    assert own.outcomes == packaged.outcomes


def test_an_own_instrument_is_asked_whenever_it_may_act(tmp_path: Path) -> None:
    """Each of its hooks is called as often as by the agents, and its hours are its own."""
    changes = {
        "extensions": [{"instrument": "own_code:Busy"}],
        "community.reports": 0.2,
        **TOLD_AT_ONCE,
    }
    scenario = with_own_code(tmp_path, changes)
    busy: list[Any] = []
    for kind in (BorderModel, CompiledModel):
        model = kind(scenario, 3)
        model.run_model()
        busy.append(instrument(model, "busy"))
    assert busy[0].calls == busy[1].calls
    assert all(busy[0].calls[name] > 5 for name in ("before", "plan", "turned", "detected"))
    assert all(busy[0].calls[name] > 0 for name in ("told", "handover", "after"))
    assert busy[0].hours == pytest.approx(busy[1].hours)


def test_an_instrument_that_reaches_beyond_is_left_to_the_agents(tmp_path: Path) -> None:
    """What compiled code cannot give is no silent difference: the agents run it, and say why."""
    scenario = with_own_code(tmp_path, {"extensions": [{"instrument": "own_code:Reaching"}]})
    with pytest.raises(NeedsAgents, match=r"PostView\.partners"):
        CompiledModel(scenario, 3).step()
    with pytest.raises(NeedsAgents):
        run(scenario, 3, "compiled")
    result = run(scenario, 3, runs=10**6)
    assert result.engine == "agents"
    assert "PostView.partners" in result.engine_reason
    assert result.outcomes == run(scenario, 3, "agents").outcomes
    # Known from then on, so that no further run is begun in vain.
    assert choose_engine(scenario, runs=10**6)[0] == "agents"


@pytest.mark.parametrize("engine", ["agents", "compiled"])
def test_what_goes_wrong_in_own_code_is_said(tmp_path: Path, engine: Engine) -> None:
    """A choice that cannot be is an input error; any other failure comes through as it is."""
    with pytest.raises(InputError, match=r"chose beats \(\d+,\) for \d patrols"):
        run(with_own_code(tmp_path, {"allocation.kind": "own_code:beyond"}), 3, engine)
    with pytest.raises(ZeroDivisionError, match="post 0"):
        run(with_own_code(tmp_path, {"allocation.kind": "own_code:failing"}), 3, engine)


def test_attempts_and_posts_cannot_be_changed_in_vain(tmp_path: Path) -> None:
    """Of a view, what is no column is not to be set; what is one takes effect."""
    model = CompiledModel(small_scenario(tmp_path), 3)
    while not model.crossings.under_way:
        model.step()
    post = model.posts_by_number[0]
    with pytest.raises(NeedsAgents):
        post.plan = None
    with pytest.raises(NeedsAgents):
        _ = post.records
    post.debt_hours = 2.5
    assert model.columns["posts"]["debt"][0] == 2.5
    attempt = next(iter(model.crossings.under_way.values()))
    with pytest.raises(NeedsAgents):
        attempt.segment = 0
    model.run_model()
    assert attempt.number not in model.crossings.under_way
    with pytest.raises(KeyError):
        _ = model.crossings.under_way[attempt.number]


def test_engines_have_models_of_their_own(tmp_path: Path) -> None:
    """An engine's model is a BorderModel, of the compiled engine a CompiledModel."""
    scenario = small_scenario(tmp_path)
    assert type(model_of(scenario, 1, "agents")) is BorderModel
    assert type(model_of(scenario, 1, "compiled")) is CompiledModel


def test_a_change_of_a_rule_is_compiled_anew(state: Any) -> None:
    """All that is kept is looked up by a type that is named after the text of every rule."""
    assert FINGERPRINT in KIND.name
    assert typeof(state) == KIND
    made: list[Any] = [
        shifts.advance,
        shifts.begin_run,
        shifts.begin_shift,
        deciding.decide,
        happening.let_happen,
    ]
    for function in made:
        assert [signature[0] for signature in function.overloads] == [KIND]


@entry
def _failing(s: Any, first: int, last: int, begin: int, end: int, commits: int) -> int:
    raise ValueError("there is no such beat")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_fails_in_compiled_code_ends_the_run(tmp_path: Path) -> None:
    """What is called by its address cannot pass on its exceptions, and yet none is lost."""
    model = CompiledModel(small_scenario(tmp_path), 1)
    decide: Any = deciding.decide
    model.columns["settings"]["decide"] = address_of(_failing, *decide.signatures)
    with pytest.raises(RuntimeError, match="compiled code has failed"):
        model.step()


def test_columns_that_have_grown_are_let_go(tmp_path: Path) -> None:
    """What compiled code makes when a column is full goes with the state, but not before."""
    _nrt.memsys_enable_stats()
    model = CompiledModel(small_scenario(tmp_path, time__days=400.0), 1)

    def held() -> int:
        stats = rtsys.get_allocation_stats()
        return int(stats.alloc - stats.free)

    before = held()
    model.run_model()
    assert held() > before
    model.state = None  # type: ignore[assignment]
    assert held() == before


@pytest.mark.parametrize("room", [4, 32, 300])
@pytest.mark.parametrize("own", [False, True])
def test_a_log_of_many_pages_is_whole(
    room: int, own: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a page is replaced by another when it is full, or has had to grow before.

    Own code looks at the columns while the page grows, and memory that has been let go is written
    to again.
    """
    changes: dict[str, Any] = {"time.days": 20.0, "sharing.interval_days": 0.5}
    if own:
        changes["extensions"] = [{"instrument": "own_code:Busy"}]
    scenario = with_own_code(tmp_path, changes)
    at_once = CompiledModel(scenario, 3)
    at_once.run_model()
    for module in (read_back, room_of_a_run):
        monkeypatch.setattr(module, "LOG_ROOM", room)
    paged = CompiledModel(scenario, 3)
    while paged.running:
        paged.step()
        _ = [np.full(size, -1) for size in (64, 256, 1024, 4096)]
    assert len(paged.log) > 3 * room
    assert len(paged.columns["log"]) > room
    assert sha(paged) == sha(at_once)


_REUSE = """
import resource
import numpy as np
from sim.engine.compiled.building import build

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    blocks = [np.ones(1 << 21) for _ in range(6)]
    del blocks
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

before = faults()
build()
faults()
print(before, faults())
"""
"""Pages of memory that six blocks of 16 MiB take from the system, before a run and after it."""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only the C library of GNU is asked")
def test_memory_that_a_run_gives_back_serves_the_next() -> None:
    """Blocks of the size of a run's are not asked of the system again, once there is an engine."""
    done = subprocess.run([sys.executable, "-c", _REUSE], capture_output=True, check=True)
    before, after = map(int, done.stdout.split())
    assert after < before / 10


# Shift by shift


BUSY: dict[str, Any] = {
    "sharing__interval_days": 0.5,
    "sharing__plans": True,
    "sharing__reliability": 0.8,
    "hotline__works": 0.7,
    "twinning__groups": "facing",
    "joint_patrols__per_month": 20.0,
    "schedules__kind": "antiphase",
    "material_support__units_per_year": 100.0,
    "professional_exchanges__days_per_year": 60.0,
    "posts__aid__trigger_finds": 2,
    "posts__sensors__mobile": 1,
    "world__marker_damage_per_year": 20.0,
    "markers__surveys_per_year": 50.0,
    "groups__0__retry": 0.5,
    "groups__1__adversary": "best_response",
}


def patrol_of(patrol: Any) -> dict[str, Any]:
    """Give what a patrol is like, in plain numbers."""
    route = patrol.route
    return {
        "post": patrol.post,
        "owes": patrol.owes,
        "authority": patrol.authority,
        "busy until": patrol.busy_until,
        "keenness": list(patrol.keenness),
        "beat": None if route is None else tuple(route.beat.segments),
        "route": None
        if route is None
        else [route.arrive, route.leave, route.phase, route.slowdown],
    }


def post_of(post: Any) -> dict[str, Any]:
    """Give what a post is like, in plain numbers."""
    return {
        "evidence": post.belief.evidence,
        "numbers": [post.debt_hours, post.reaction_free, post.coverage.mobility],
        "goodwill": [post.watch.goodwill],
        "keenness": list(post.coverage.keenness),
        "plan": (post.plan.shift, tuple(post.plan.beats)),
        "coverage": post.plan.coverage,
        "roster": [patrol.number for patrol in post.patrols],
        "team": [patrol.number for patrol in post.team],
        "trust": dict(post.partners.trust),
        "heard": dict(post.partners.heard),
        "plans": {
            partner: (plan.shift, tuple(plan.beats), plan.coverage)
            for partner, plan in post.partners.known_plans.items()
        },
    }


def plain(thing: Any) -> dict[str, Any]:
    """Give the fields of a dataclass by name."""
    return {each.name: getattr(thing, each.name) for each in fields(thing)}


def counted(tally: Any) -> dict[str, Any]:
    """Give what a tally has counted, sides of which there is nothing left out."""
    return {
        name: {side: count for side, count in value.items() if count}
        if isinstance(value, dict)
        else value
        for name, value in plain(tally).items()
    }


def alike(here: Any, there: Any, path: str) -> None:
    """Check that nested plain values are equal but for the last bits."""
    if isinstance(here, dict):
        assert set(here) == set(there), path
        for key in here:
            alike(here[key], there[key], f"{path} {key}")
    elif isinstance(here, (tuple, list, np.ndarray)):
        assert len(here) == len(there), path
        if any(isinstance(each, (tuple, list)) for each in here):
            for index, (one, other) in enumerate(zip(here, there, strict=True)):
                alike(one, other, f"{path} {index}")
        else:
            np.testing.assert_allclose(
                np.array(here, float), np.array(there, float), rtol=1e-9, atol=1e-12, err_msg=path
            )
    elif isinstance(here, float):
        assert here == pytest.approx(there, rel=1e-9, abs=1e-12), path
    else:
        assert here == there, path


@pytest.mark.parametrize("steps", [1, 7, 23])
@pytest.mark.parametrize("sides", [{}, BUSY], ids=["nothing", "busy"])
def test_agents_look_as_compiled_code_left_them(
    tmp_path: Path, sides: dict[str, Any], steps: int
) -> None:
    """Beliefs, plans, routes, trust, rosters, learning and time, after some shifts."""
    scenario = small_scenario(gated(tmp_path), **sides)
    agents, compiled = (model_of(scenario, 5, each) for each in ("agents", "compiled"))
    for _ in range(steps):
        agents.step()
        compiled.step()
    assert (compiled.clock, compiled.shift_number) == (agents.clock, agents.shift_number)
    assert compiled.shift == agents.shift
    assert sha(compiled) == sha(agents)
    for here, there in zip(agents.posts_by_number, compiled.posts_by_number, strict=True):
        alike(post_of(here), post_of(there), f"post {here.number}")
    for one, other in zip(agents.patrols_by_number, compiled.patrols_by_number, strict=True):
        alike(patrol_of(one), patrol_of(other), f"patrol {one.number}")
    for group, counterpart in zip(agents.groups_by_number, compiled.groups_by_number, strict=True):
        assert counterpart.wanted_so_far == group.wanted_so_far
        assert counterpart.next_wanted == pytest.approx(group.next_wanted)
        ours: Any = group.adversary
        theirs: Any = counterpart.adversary
        for name in ("attractions", "record.caught", "record.trials"):
            head, _, rest = name.partition(".")
            if hasattr(ours, head):
                mine, other_ones = getattr(ours, head), getattr(theirs, head)
                if rest:
                    mine, other_ones = getattr(mine, rest), getattr(other_ones, rest)
                alike(list(mine), list(other_ones), f"group {group.number} {name}")
    assert set(compiled.crossings.under_way) == set(agents.crossings.under_way)
    for number, attempt in agents.crossings.under_way.items():
        alike(plain(attempt), plain(compiled.crossings.under_way[number]), f"attempt {number}")
    assert set(compiled.markers.open) == set(agents.markers.open)
    alike(counted(agents.tally), counted(compiled.tally), "tally")


@pytest.mark.parametrize("sides", [{}, BUSY], ids=["nothing", "busy"])
def test_steps_are_the_run(tmp_path: Path, sides: dict[str, Any]) -> None:
    """Shift by shift, or some shifts and then the rest, comes to what one call comes to."""
    scenario = small_scenario(tmp_path, time__days=6.0, **sides)
    at_once, stepped, mixed = (CompiledModel(scenario, 9) for _ in range(3))
    at_once.run_model()
    count = 0
    while stepped.running:
        stepped.step()
        count += 1
        assert stepped.tally.shifts == count
    assert count == 18
    mixed.step()
    mixed.step()
    mixed.run_model()
    assert sha(at_once) == sha(stepped) == sha(mixed)
    events = len(stepped.log)
    stepped.step()
    stepped.run_model()
    assert (len(stepped.log), stepped.clock) == (events, 144.0)
    agents = BorderModel(scenario, 9)
    agents.run_model()
    assert sha(agents) == sha(at_once)
    for model in (at_once, stepped, mixed):
        assert model.columns["noted"][list(Kind)].tolist() == list(model.log.counts().values())
        alike(counted(agents.tally), counted(model.tally), "tally")
        if sides:
            assert instrument(model, "sharing").reports_written > 0


def test_a_length_that_is_no_whole_number_of_shifts(tmp_path: Path) -> None:
    """The last shift ends with the run on both engines."""
    check(small_scenario(tmp_path, time__days=3.3, time__shift_hours=7.0), seed=4)


def test_mesa_knows_a_compiled_model(tmp_path: Path) -> None:
    """Agents are in AgentSets, and a data collector records what they show after each step."""
    scenario = small_scenario(tmp_path, sharing__interval_days=1, time__days=4.0)
    frames = []
    for kind in (BorderModel, CompiledModel):
        model = kind(scenario, 1)
        for agents in (model.posts, model.patrols, model.groups):
            assert isinstance(agents, AgentSet)
        assert len(model.posts.select(lambda post: post.side == "AAA")) > 0
        collector = mesa.DataCollector(
            model_reporters={"hours": "clock", "events": lambda model: len(model.log)},
            agenttype_reporters={
                Post: {
                    "debt": "debt_hours",
                    "trust": lambda post: math.fsum(post.partners.trust.values()),
                    "belief": lambda post: float(post.belief.evidence.sum()),
                }
            },
        )
        while model.running:
            model.step()
            collector.collect(model)
        frames.append(collector)
    of_model = [each.get_model_vars_dataframe() for each in frames]
    assert of_model[0].equals(of_model[1])
    of_posts = [each.get_agenttype_vars_dataframe(Post) for each in frames]
    np.testing.assert_allclose(of_posts[0].to_numpy(), of_posts[1].to_numpy(), rtol=1e-9)
    assert of_posts[1]["belief"].nunique() > 20

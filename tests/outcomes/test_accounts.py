"""Accounts made by columns are what one gets who reads the log event by event."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from random_scenarios import forces, policies, scenario_of, seeds, worlds

from sim import BorderModel
from sim.agents import Cause
from sim.agents.attempt import group_of
from sim.engine import Kind
from sim.outcomes import MEASURES, measure_of
from sim.outcomes.counts import CAUGHT, ENDINGS
from sim.outcomes.metrics import Accounts, daily_series


@pytest.fixture(scope="module")
def worlds_at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for random scenarios."""
    folder = tmp_path_factory.mktemp("random")
    (folder / "line").mkdir()
    (folder / "star").mkdir()
    return folder


@settings(max_examples=25, deadline=None, derandomize=True)
@given(world=worlds, force=forces, policy=policies, seed=seeds)
def test_columns_say_what_events_say(
    worlds_at: Path, world: str, force: dict[str, Any], policy: dict[str, Any], seed: int
) -> None:
    """Harm, ledgers and answers are the same to the last bit; every outcome is there."""
    model = BorderModel(scenario_of(worlds_at, world, force, policy), rng=seed)
    model.run_model()
    columns = model.log.columns()
    accounts = Accounts(model, columns)
    assert set(accounts.truth) == set(MEASURES)
    assert sum(model.tally.missed.values()) == accounts.truth["passed"]
    shares = sum(accounts.truth[measure_of(cause)] for cause in Cause)
    assert shares * accounts.truth["wanted"] == pytest.approx(accounts.truth["passed"])

    sides, stage = model.stage.world.sides, model.stage
    bound, passed, known, later = (defaultdict(float) for _ in range(4))
    alerted, waits, found, ended = {}, [], set(), []
    cases: dict[str, set[int]] = {side: set() for side in sides}
    for row in zip(*(values.tolist() for values in columns.values()), strict=True):
        time, kind, attempt, crime, segment, side, post, _, value = row
        if kind in (*ENDINGS, Kind.TURNED_BACK):
            destination = model.groups_by_number[group_of(attempt)].kind.destination
            bound[destination] += value
            passed[destination] += value if kind == Kind.PASSED else 0.0
        if kind in ENDINGS:
            ended.append(attempt)
        if kind == Kind.DETECTED:
            found.add(attempt)
        if kind in (Kind.DETECTED, *CAUGHT):
            cases[sides[side]].add(attempt)
        if kind == Kind.INTERCEPTED_JOINTLY:
            for each in stage.world.segments[segment].sides:
                cases[each].add(attempt)
        if kind == Kind.LEARNED_LATER:
            later[sides[side]] += 1
            known[sides[side]] += not stage.crime(crime).referred
        if kind == Kind.ALERTED:
            alerted[attempt, post] = time
        if kind == Kind.HANDED_OVER:
            waits.append(time - alerted[attempt, post])
    assert accounts.truth["detected"] == sum(attempt in found for attempt in ended)
    assert accounts.truth["hours_to_answer"] == pytest.approx(sum(waits) / max(len(waits), 1))
    for side in sides:
        ledger, benefit = accounts.records[side], accounts.sides[side]
        assert repr(benefit["harm_bound"]) == repr(bound[side])
        spared = bound[side] - passed[side]
        assert benefit["harm_prevented_share"] == (spared / bound[side] if bound[side] else 0.0)
        assert ledger["recorded_cases"] == len(cases[side]) + later[side]
        crimes = {a for a in cases[side] if not _referred(model, a)}
        assert ledger["recorded_crimes"] == len(crimes) + known[side]

    daily = daily_series(stage, columns)
    assert daily["passed"].sum() == accounts.truth["passed"]
    assert set(daily["province"]) <= {p for s in stage.world.segments for p in s.provinces}


def _referred(model: BorderModel, attempt: int) -> bool:
    """Whether the people of an attempt are referred."""
    return model.stage.crime(model.groups_by_number[group_of(attempt)].crime).referred

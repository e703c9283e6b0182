"""A dose of zero is the absence of the instrument, whatever else its table says."""

from pathlib import Path
from typing import Any

import pytest
from runs import finished, gated, sha

NOTHING: dict[str, dict[str, Any]] = {
    "sharing": {
        "interval_days": "never",
        "plans": True,
        "scope": "all",
        "latency_hours": 0.0,
        "reliability": 0.0,
        "reports_per_day": 0.1,
        "report_hours": 7.0,
        "plan_half_life_days": 99.0,
        "money_per_report": 1e6,
    },
    "twinning": {"groups": "named", "money_per_group": 1e6},
    "hotline": {
        "works": 0.0,
        "level": "national",
        "minutes": 0.0,
        "call_hours": 7.0,
        "money_per_link": 1e6,
    },
    "joint_patrols": {
        "per_month": 0.0,
        "teams": 3,
        "preparation_hours": 8.0,
        "where": "belief",
        "rearrange_days": 0.0,
        "money_each": 1e6,
    },
    "schedules": {"kind": "none", "days_ahead": 0.3, "meeting_hours": 8.0, "meeting_days": 0.5},
    "markers": {"surveys_per_year": 0.0, "found": 1.0, "money_per_survey": 1e6},
    "professional_exchanges": {
        "days_per_year": 0.0,
        "topic": "goods",
        "learned": 1.0,
        "most": 5.0,
        "half_life_days": 0.1,
        "hours_per_day": 40.0,
        "money_per_day": 1e6,
    },
    "joint_operations": {
        "per_year": 0.0,
        "first_day": 0.0,
        "days": 30.0,
        "teams": 4,
        "crimes": ["goods", "irregular"],
        "focus": 1.0,
        "storage_found": 1.0,
        "storage_days": 90.0,
        "preparation_hours": 24.0,
        "money_per_day": 1e6,
    },
    "material_support": {
        "units_per_year": 0.0,
        "kind": "patrols",
        "receiver": "AAA",
        "units_per_patrol": 0.01,
        "units_per_sensor": 0.01,
        "speed_gain": 5.0,
        "life_days": 0.5,
        "handover_hours": 8.0,
        "money_per_unit": 1e6,
    },
    "cultural_exchanges": {
        "per_year": 0.0,
        "trust_gain": 1.0,
        "hours_each": 40.0,
        "money_each": 1e6,
    },
    "friendship_exchanges": {
        "per_year": 0.0,
        "level": "national",
        "trust_gain": {"post": 1.0, "province": 1.0, "national": 1.0},
        "hours_each": 16.0,
        "money_each": 1e6,
    },
    "residential_twinning": {
        "pairs": 0,
        "reports": 1.0,
        "meetings_per_year": 300.0,
        "meeting_hours": 16.0,
        "money_per_pair": 1e6,
    },
    "development": {
        "budget": 0.0,
        "provinces": ["north of A"],
        "most": 1.0,
        "half_budget": 0.001,
        "delay_days": 0.001,
    },
    "health": {
        "level": 0,
        "gate_screened": 1.0,
        "post_screened": 1.0,
        "hours_per_day": 4.0,
        "money_per_day": 1e6,
    },
    "multilateral": {"members": [], "joins": ["sharing"], "money_per_member": 1e6},
}

EVENTFUL: dict[str, Any] = {
    "time__days": 20,
    "patrols__per_post": 4,
    "posts__aid__trigger_finds": 2,
    "posts__sensors__mobile": 1,
    "world__marker_damage_per_year": 5.0,
    "injects": [
        {"kind": "outbreak", "day": 2, "days": 20, "side": "AAA", "prevalence": 0.05},
        {"kind": "surge", "day": 4, "days": 3, "factor": 3.0},
    ],
}
"""A run in which whatever can be coordinated would show."""

BUSY: dict[str, Any] = EVENTFUL | {
    "sharing__interval_days": 0,
    "sharing__plans": True,
    "sharing__scope": "twins",
    "twinning__groups": "facing",
    "hotline__works": 0.9,
    "joint_patrols__per_month": 4,
    "residential_twinning__pairs": 1,
}


def outcome(home: Path, policy: dict[str, Any]) -> tuple[Any, ...]:
    """Everything that happened, and what it cost."""
    model = finished(gated(home), seed=4, **policy)
    tally = model.tally
    money = sum(each.money() for each in [*model.ended, *model.instruments])
    return sha(model), tally.patrol_hours, tally.coordination_hours, tally.false_stops, money


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    """What happens under no policy at all."""
    return outcome(tmp_path_factory.mktemp("none"), EVENTFUL)


@pytest.mark.parametrize("name", NOTHING)
def test_a_dose_of_zero_is_absence(tmp_path: Path, without: tuple[Any, ...], name: str) -> None:
    """An instrument of dose zero changes nothing, bit for bit, and costs nothing."""
    table = {f"{name}__{key}": value for key, value in NOTHING[name].items()}
    assert outcome(tmp_path, EVENTFUL | table) == without


@pytest.mark.parametrize("name", sorted(set(NOTHING) - {key.split("__")[0] for key in BUSY}))
def test_a_dose_of_zero_is_absence_beside_others(tmp_path: Path, name: str) -> None:
    """Nor does it change what others do."""
    table = {f"{name}__{key}": value for key, value in NOTHING[name].items()}
    assert outcome(tmp_path, BUSY | table) == outcome(tmp_path, BUSY)


def test_the_run_is_one_in_which_instruments_would_show(
    tmp_path: Path, without: tuple[Any, ...]
) -> None:
    """The doses of zero are looked at where doses above zero make a difference."""
    assert outcome(tmp_path, BUSY) != without

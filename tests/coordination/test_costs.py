"""Coordination costs patrol-hours: what is spent on it is not spent on the line."""

from pathlib import Path
from typing import Any

import pytest
from runs import finished

from sim.outcomes.metrics import costs_of

DOSES: list[tuple[str, str, Any, Any]] = [
    ("sharing", "interval_days", 7, 0.3),
    ("joint_patrols", "per_month", 1.0, 20.0),
    ("markers", "surveys_per_year", 6.0, 100.0),
    ("professional_exchanges", "days_per_year", 6.0, 150.0),
    ("cultural_exchanges", "per_year", 6.0, 150.0),
    ("friendship_exchanges", "per_year", 12.0, 400.0),
    ("material_support", "units_per_year", 12.0, 300.0),
    ("residential_twinning", "meetings_per_year", 4.0, 200.0),
]


@pytest.mark.parametrize(("name", "key", "low", "high"), DOSES, ids=lambda each: str(each))
def test_a_high_dose_eats_patrol_time(
    tmp_path: Path, name: str, key: str, low: Any, high: Any
) -> None:
    """More of an instrument takes more hours of each side, on its own account and off the beats."""
    taken, on_beats, own = [], [], []
    for dose in (low, high):
        changes = {f"{name}__{key}": dose, "time__days": 60}
        if name == "residential_twinning":
            changes["residential_twinning__pairs"] = 4
        if name == "material_support":
            changes["material_support__speed_gain"] = 0.0
        model = finished(tmp_path, **changes)
        tally = model.tally
        taken.append(tally.coordination_hours)
        on_beats.append(tally.patrol_hours - tally.coordination_hours)
        own.append([cost["hours"] for cost in costs_of(model)[name].values()])
        assert tally.coordination_hours <= tally.patrol_hours
    assert all(more > 4.0 * less for less, more in zip(*own, strict=True))
    assert taken[1] > 4.0 * taken[0]
    assert taken[1] > 0.02 * (taken[1] + on_beats[1])
    assert on_beats[1] < on_beats[0]

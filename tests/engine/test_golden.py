"""Golden runs: the same events on every machine, Python and NumPy.

If a change of the model is meant to change what happens, run this file's test, look at why, and put
the new hashes it prints in place of the old.
"""

from pathlib import Path
from typing import Any

import pytest
from small_world import small_scenario

from sim import run

GOLDEN: dict[str, tuple[dict[str, Any], str]] = {
    "nothing shared": ({}, "37a99647283418f3"),
    "everything at once": (
        {"sharing__interval_days": 0, "sharing__plans": True, "hotline__works": 0.7}
        | {"twinning__groups": "facing", "allocation__kind": "thompson"},
        "70a816b5516486d9",
    ),
    "weekly": (
        {"sharing__interval_days": 7, "sharing__plans": True, "time__days": 30},
        "27cf7c237a681fdf",
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_events_are_those_of_the_golden_run(tmp_path: Path, name: str) -> None:
    """What happens depends on scenario and seed alone, not on where it runs."""
    doses, golden = GOLDEN[name]
    outcomes = run(small_scenario(tmp_path, **doses), seed=11).outcomes
    assert outcomes["events_sha256"][:16] == golden

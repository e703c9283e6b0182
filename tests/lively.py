"""A lively stretch of line: every instrument, a change of policy in mid-run, a tip, questions."""

from pathlib import Path

from sim.scenario import Scenario

STRETCH = Path(__file__).parents[1] / "scenarios" / "dien_bien_phongsaly.toml"
SEED = 3

STOPS = [
    {"day": 12.0, "text": "twelve days on", "question": "who knows", "answer": "nobody at all"},
    {"day": 3.0, "text": "early", "question": "and now", "answer": "hidden reply"},
    {"day": 400.0, "question": "never reached"},
]
"""Questions, not in order of time; the last one after the end of the run."""

CHANGE = {
    "kind": "policy_change",
    "day": 8.0,
    "title": "a secret turn",
    "set": {"sharing.interval_days": 0, "sharing.latency_hours": 1.5},
}
"""From now on, finds and plans are told at once."""

TIP = {"kind": "tip", "day": 5.0, "title": "a secret hint", "crime": "goods", "segment": 12}


def lively_scenario() -> Scenario:
    """Load it."""
    overrides = {
        "time.days": 16.0, "injects": [CHANGE, TIP], "stops": STOPS, "joint_patrols.per_month": 8,
        "joint_operations.first_day": 2, "joint_operations.storage_found": 0.4,
        "sharing.interval_days": 1, "groups.2.attempts_per_day": 0.9, "patrols.detection": 0.9,
    }  # fmt: skip
    return Scenario.load(STRETCH, "everything", overrides)

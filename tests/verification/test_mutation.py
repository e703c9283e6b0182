"""Every rule of the model is noticed when it breaks (experiments/mutation.py)."""

import csv
from pathlib import Path

import pytest
from scripts import script

from sim.rules import RULES
from sim.rules import encounter as encounters
from sim.verification import LADDER

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def mutation():
    """Load the script as a module."""
    return script("mutation")


def test_every_rule_has_a_rung_that_leans_on_it(mutation):
    """The script names the rules and rungs that there are."""
    rules = {mutation.short(rule) for rule in RULES}
    assert set(mutation.LEANS) == rules
    assert set(mutation.CHANGES) <= rules
    assert set(mutation.LEANS.values()) <= set(LADDER)


def test_every_rule_is_in_the_stored_table_and_was_noticed(mutation):
    """The table was made of the rules there are, and a rung noticed each."""
    stored = ROOT / "results" / "reference" / "verification" / "mutation.csv"
    with stored.open(newline="", encoding="utf-8") as file:
        noticed = {row["rule"]: row["noticed by"] for row in csv.DictReader(file)}
    assert set(noticed) == {mutation.short(rule) for rule in RULES}
    assert noticed == mutation.LEANS


def test_a_broken_rule_is_broken_everywhere_and_mended(mutation):
    """Agents that imported a rule by name get the changed one, and the old one afterwards."""
    from sim.agents import coverage

    with mutation.broken("sim.rules.encounter.sensor_chance"):
        assert coverage.sensor_chance(1.0, 1.0, 1.0, 1.0) == mutation.SCALE
        assert encounters.sensor_chance(1.0, 1.0, 1.0, 1.0) == mutation.SCALE
    assert coverage.sensor_chance(1.0, 1.0, 1.0, 1.0) == 1.0


@pytest.mark.parametrize(
    "rule", ["encounter.sensor_chance", "cooperation.trust_after", "learning.payoff"]
)
def test_rungs_notice_rules_that_they_lean_on(mutation, rule):
    """The rung that the table names does not hold with the broken rule."""
    noticed = mutation.notice(f"sim.rules.{rule}")
    assert noticed.by == mutation.LEANS[rule]

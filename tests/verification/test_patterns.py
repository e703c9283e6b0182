"""Patterns that the model should show do show, and are those that are stored."""

from pathlib import Path

import pandas as pd
import pytest
from scripts import script

ROOT = Path(__file__).parents[2]
NAMES = [
    "balloon_here",
    "balloon_elsewhere",
    "wider_with_effort",
    "diminishing_returns",
    "recorded",
    "true_flow",
    "rota_exploited",
    "random_not_exploited",
    "visible_displaces",
    "intelligence_seizes",
    "finds_double",
    "plans_part",
    "links_cut",
    "beliefs_converge",
]


@pytest.fixture(scope="module")
def patterns():
    """Load the script as a module."""
    return script("patterns")


@pytest.fixture(scope="module")
def stored():
    """Read the table that the script wrote."""
    return pd.read_csv(ROOT / "results" / "reference" / "verification" / "patterns.csv")


def test_no_pattern_is_left_out(patterns):
    """Every pattern of the script is looked at here."""
    assert [pattern.name for pattern in patterns.PATTERNS] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_pattern_shows(patterns, stored, name):
    """On the seeds that are stored it moves as it should, clearly, and by as much as is stored."""
    pattern = next(each for each in patterns.PATTERNS if each.name == name)
    table = patterns.measured(pattern, range(1, 13))
    assert patterns.shows(pattern, table)
    old = stored[stored["pattern"] == name].reset_index(drop=True)
    pd.testing.assert_frame_equal(table, old, check_exact=False, atol=1e-4, rtol=0.0)

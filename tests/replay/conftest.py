"""A recording of a lively stretch of line, made once for all tests that look at it."""

import pytest
from lively import SEED, lively_scenario

from sim.replay import Recording, record
from sim.scenario import Scenario


@pytest.fixture(scope="session")
def lively() -> Scenario:
    """Every instrument, a change of policy in mid-run, a tip, and questions."""
    return lively_scenario()


@pytest.fixture(scope="session")
def recorded(lively: Scenario) -> Recording:
    """Record it."""
    return record(lively, SEED)

"""The verification line, with what a test changes of it."""

from collections.abc import Callable
from typing import Any

import pytest

from sim import Scenario
from sim.verification.rung import SCENARIOS

LINE = SCENARIOS / "line.toml"


@pytest.fixture(scope="session")
def verification_line() -> Callable[..., Scenario]:
    """Load the verification line with overrides, key paths to values."""

    def load(overrides: dict[str, Any]) -> Scenario:
        return Scenario.load(LINE, overrides=overrides)

    return load

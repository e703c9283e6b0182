"""Simulate how neighbouring border forces coordinate, and how much it matters.

Examples
--------
>>> from sim import Scenario, run
>>> scenario = Scenario.load("scenarios/vietnam_laos.toml", overrides={"time.days": 30})
>>> run(scenario, seed=1).outcomes["interdiction_rate"]  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.engine import BorderModel
    from sim.outcomes import RunResult, run
    from sim.scenario import Experiment, Scenario

__all__ = ["BorderModel", "Experiment", "RunResult", "Scenario", "run"]

_HOMES = {
    "BorderModel": "sim.engine",
    "Experiment": "sim.scenario",
    "RunResult": "sim.outcomes",
    "Scenario": "sim.scenario",
    "run": "sim.outcomes",
}


def __getattr__(name: str) -> Any:
    """Import the public names when they are first used, so that `import sim` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

"""Which engine runs a scenario: the agents themselves, or compiled code over columns."""

from typing import Literal

from sim.engine.model import BorderModel
from sim.errors import InputError
from sim.scenario import Scenario
from sim.scenario.code import is_code
from sim.scenario.injects import PolicyChange
from sim.world import build_world

Engine = Literal["auto", "agents", "compiled"]

_AGENTS_SECONDS = 2e-4
"""Time the agents take for a post and shift, as measured; a guide, nothing hangs on it."""

_COMPILED_SECONDS = 5e-6
"""The same of compiled code, once it is loaded."""

_WORTH_LOADING, _WORTH_COMPILING = 3.0, 120.0
"""From how long a task for the agents on it pays to load compiled code, and to compile it, s."""


def obstacle(scenario: Scenario) -> str:
    """Say what of a scenario only the agents can run, "" if there is nothing."""
    if any(isinstance(each, PolicyChange) for each in scenario.injects):
        return "the policy changes during the run"
    if scenario.policy.extensions:
        return "an instrument is written in Python"
    kind = scenario.policy.allocation.kind
    if any(is_code(each) for each in (kind.values() if isinstance(kind, dict) else (kind,))):
        return "an allocation is written in Python"
    if any(is_code(group.adversary) for group in scenario.groups):
        return "an adversary is written in Python"
    return ""


def choose_engine(scenario: Scenario, engine: Engine = "auto", runs: int = 1) -> tuple[Engine, str]:
    """Choose what runs a scenario.

    Parameters
    ----------
    scenario : what to run
    engine : "agents" or "compiled" if that is wanted, "auto" for what is done first
    runs : how often this process will run it, or others like it

    Returns
    -------
    "agents" or "compiled"; and why it is the agents, "" if they are wanted.

    Raises
    ------
    InputError : compiled code is wanted and cannot run it
    """
    if engine == "agents":
        return "agents", ""
    reason = obstacle(scenario)
    if engine == "compiled":
        if reason:
            raise InputError(
                f"only the agents can run this, since {reason}",
                where="engine",
                remedy="use agents or auto",
            )
        return "compiled", ""
    if not reason and not _pays(scenario, runs):
        reason = "the run is short"
    return ("agents", reason) if reason else ("compiled", "")


def _pays(scenario: Scenario, runs: int) -> bool:
    """Whether the agents would take longer than it takes to have compiled code at hand."""
    seconds = runs * expected_seconds(scenario, "agents")
    if seconds < _WORTH_LOADING:
        return False
    from sim.engine.compiled.model import is_ready

    return is_ready() or seconds >= _WORTH_COMPILING


def expected_seconds(scenario: Scenario, engine: Engine) -> float:
    """Say how long a run takes on an engine, s, within a factor of a few."""
    shifts = 24.0 * scenario.time.days / scenario.time.shift_hours
    each = _COMPILED_SECONDS if engine == "compiled" else _AGENTS_SECONDS
    return len(build_world(scenario).posts) * shifts * each


def model_of(scenario: Scenario, seed: int, engine: Engine) -> BorderModel:
    """Make the model of a run on one of the engines."""
    if engine == "agents":
        return BorderModel(scenario, rng=seed)
    from sim.engine.compiled.model import CompiledModel

    return CompiledModel(scenario, seed)


def make_ready(scenario: Scenario) -> None:
    """Compile what runs a scenario, unless that has been done on this machine."""
    from sim.engine.compiled.model import CompiledModel, is_ready

    if not is_ready():
        CompiledModel(scenario).step()

"""Which engine runs a scenario: the agents themselves, or compiled code over columns."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from sim.coordination import Instrument
from sim.engine.model import BorderModel
from sim.errors import InputError, NeedsAgents
from sim.scenario import Scenario
from sim.scenario.code import is_code, load_code
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
    for extension in scenario.policy.extensions:
        own = load_code(extension.instrument)
        if getattr(own, "carries", Instrument.carries) is not Instrument.carries:
            return "an instrument written in Python carries reports"
        if own in _reached_beyond:
            return _reached_beyond[own]
    return ""


def in_python(scenario: Scenario) -> list[str]:
    """Say what of a scenario is written in Python, outside the package."""
    policy = scenario.policy
    allocation = policy.allocation.kind
    kinds = allocation.values() if isinstance(allocation, dict) else (allocation,)
    found = {
        "an instrument": bool(policy.extensions),
        "an allocation": any(is_code(each) for each in kinds),
        "an adversary": any(is_code(group.adversary) for group in scenario.groups),
    }
    return [name for name, is_there in found.items() if is_there]


def choose_engine(scenario: Scenario, engine: Engine = "auto", runs: int = 1) -> tuple[Engine, str]:
    """Choose what runs a scenario.

    Parameters
    ----------
    scenario : what to run
    engine : "agents" or "compiled" if that is wanted, "auto" for what is done first
    runs : how often this process will run it, or others like it

    Returns
    -------
    "agents" or "compiled"; and why it is the agents, "" if they are wanted, or what is Python even
    so, "" if nothing is.

    Raises
    ------
    InputError : compiled code is wanted and cannot run it
    """
    if engine == "agents":
        return "agents", ""
    reason = obstacle(scenario)
    if engine == "compiled" and reason:
        raise InputError(
            f"only the agents can run this, since {reason}",
            where="engine",
            remedy="use agents or auto",
        )
    if engine == "auto" and not reason and not _pays(scenario, runs):
        reason = "the run is short"
    if reason:
        return "agents", reason
    own = " and ".join(in_python(scenario))
    return "compiled", f"but for {own} in Python" if own else ""


def remember_reach(scenario: Scenario, failure: NeedsAgents) -> None:
    """Leave it to the agents from now on to run the instruments of a scenario."""
    for extension in scenario.policy.extensions:
        _reached_beyond[load_code(extension.instrument)] = failure.what


_reached_beyond: dict[object, str] = {}
"""Instruments of users that reached for what compiled code does not give, and for what."""


def _pays(scenario: Scenario, runs: int) -> bool:
    """Whether the agents would take longer than it takes to have compiled code at hand."""
    seconds = runs * expected_seconds(scenario, "agents")
    if seconds < _WORTH_LOADING:
        return False
    from sim.engine.compiled.building import is_built

    return is_built() or seconds >= _WORTH_COMPILING


def expected_seconds(scenario: Scenario, engine: Engine) -> float:
    """Say how long a run takes on an engine, s, within a factor of a few."""
    shifts = 24.0 * scenario.time.days / scenario.time.shift_hours
    each = _COMPILED_SECONDS if engine == "compiled" else _AGENTS_SECONDS
    return len(build_world(scenario).posts) * shifts * each


def model_of(scenario: Scenario, seed: int, engine: Engine) -> BorderModel:
    """Make the model of a run on one of the engines."""
    with _collector_resting(scenario):
        if engine == "agents":
            return BorderModel(scenario, rng=seed)
        from sim.engine.compiled.model import CompiledModel

        return CompiledModel(scenario, seed)


_LARGE = 1_000
"""Posts from which on a model is large."""


@contextmanager
def _collector_resting(scenario: Scenario) -> Iterator[None]:
    """Do not look for garbage while a large model is made, all of which its run needs.

    Python would look through all there is again and again, for as long as making it takes. What
    earlier runs have left is let go of before.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        if len(build_world(scenario).posts) >= _LARGE:
            gc.collect()
        elif was_at_work:
            gc.enable()
        yield
    finally:
        if was_at_work:
            gc.enable()


def make_ready() -> None:
    """Compile what runs scenarios, unless that has been done on this machine."""
    from sim.engine.compiled.building import build

    build()

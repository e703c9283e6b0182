"""The engines that a run can be made with; what is particular to the compiled one is all here."""

from collections.abc import Callable
from functools import cache, partial

from measuring import SCENARIOS

from sim import BorderModel, Scenario, run
from sim.errors import InputError

AGENTS, COMPILED = "agents", "compiled"


def engines() -> tuple[str, ...]:
    """Give the engines there are, the compiled one first."""
    return (AGENTS,) if lacks_compiled() else (COMPILED, AGENTS)


@cache
def lacks_compiled() -> str:
    """Say why there is no compiled engine, "" if there is one; asking warms it up."""
    try:
        warm_up(COMPILED)
    except InputError as error:
        return str(error)
    return ""


def warm_up(engine: str) -> None:
    """Run a few days of every instrument, so that what is compiled or cached is."""
    path = SCENARIOS / "dien_bien_phongsaly.toml"
    run(Scenario.load(path, policy="everything", overrides={"time.days": 3}), seed=1, engine=engine)


def whole_run(engine: str, scenario: Scenario, seed: int = 1) -> Callable[[], object]:
    """Give the call that a user makes: from a scenario to its outcomes."""
    return partial(run, scenario, seed=seed, engine=engine)


def set_up(engine: str, scenario: Scenario, seed: int = 1) -> Callable[[], object] | None:
    """Build everything that a run needs.

    Returns
    -------
    The call that simulates, once, and sums nothing up; None if the engine cannot tell set-up and
    simulation apart.
    """
    if engine == AGENTS:
        return BorderModel(scenario, rng=seed).run_model
    return None


def compiled_calls(scenario: Scenario) -> dict[str, Callable[[int], object]]:
    """Give what the compiled engine does most, as calls that do it so many times.

    Parameters
    ----------
    scenario : where

    Returns
    -------
    By the names in `processes.COSTS`; none as long as the engine shows none. A loop inside a
    compiled function is meant, so that the way from Python into it does not count.
    """
    return {}

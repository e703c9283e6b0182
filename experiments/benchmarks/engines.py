"""The engines that a run can be made with; what is particular to the compiled one is all here."""

from collections.abc import Callable
from functools import cache, partial

from measuring import SCENARIOS

from sim import BorderModel, Scenario, run
from sim.engine.engines import model_of
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


def set_up(engine: str, scenario: Scenario, seed: int = 1) -> Callable[[], object]:
    """Build everything that a run needs.

    Returns
    -------
    The call that simulates, once, and sums nothing up.
    """
    return model_of(scenario, seed, engine).run_model


def compiled_calls(
    scenario: Scenario, shifts: int, meetings_of: Callable[[BorderModel], list[tuple]]
) -> dict[str, Callable[[int], object]]:
    """Give what the compiled engine does most, as calls that do it so many times.

    The loops are compiled themselves, so that the way from Python into them does not count.

    Parameters
    ----------
    scenario : where
    shifts : after how many
    meetings_of : finds patrols, and attempts that they may meet, in a model

    Returns
    -------
    By the names in `processes.COSTS`.
    """
    from compiled_loops import calls_after

    return calls_after(shifts, scenario, meetings_of)

"""Part 1: a year of the Vietnam–Laos line with every instrument, by engine, and in plain Mesa."""

import gc

from engines import AGENTS, COMPILED, engines, lacks_compiled, set_up, warm_up, whole_run
from idiomatic_mesa import TickModel
from measuring import EVERYTHING, SCENARIOS, Row, compared, interleaved, left_out, row_of, seconds

from sim import Scenario

TICKS = {"15 min": 0.25, "1 h": 1.0}


def measure(quick: bool) -> list[Row]:
    """Measure whole runs in turn, then simulations alone."""
    days = {
        COMPILED: 30 if quick else 365,
        AGENTS: 5 if quick else 365,
        "Mesa": 5 if quick else 365,
    }
    runs = {COMPILED: 3 if quick else 7, AGENTS: 1 if quick else 3, "Mesa": 1 if quick else 3}
    calls, kinds = {}, {}
    for engine in engines():
        name = f"{engine} engine, run()"
        calls[name], kinds[name] = whole_run(engine, border(days[engine])), engine
    for tick, hours in TICKS.items():
        name = f"idiomatic Mesa, ticks of {tick}"
        calls[name], kinds[name] = _ticking(days["Mesa"], hours), "Mesa"
    for engine in engines():
        warm_up(engine)
    for hours in TICKS.values():
        _ticking(1, hours)()
    times = interleaved(calls, {name: runs[kind] for name, kind in kinds.items()})
    rows = [_row(name, times[name], days[kind]) for name, kind in kinds.items()]
    for engine in engines():
        rows += simulation_alone(engine, days[engine], runs[engine])
    rows = compared(rows) + as_agent_steps(rows)
    if reason := lacks_compiled():
        rows.append(left_out("compiled engine, run()", "s/year", reason))
    return rows


def border(days: float) -> Scenario:
    """Load the line with every instrument."""
    path = SCENARIOS / "vietnam_laos.toml"
    return Scenario.load(path, policy=EVERYTHING, overrides={"time.days": days})


def _ticking(days: float, tick_hours: float):
    scenario = border(days)
    return lambda: TickModel(scenario, tick_hours).run_days(days)


def simulation_alone(engine: str, days: float, runs: int) -> list[Row]:
    """Time what is between set-up and summing up."""
    scenario, times = border(days), []
    for _ in range(runs):
        simulate = set_up(engine, scenario)
        times.append(seconds(simulate))
        # As in a batch, so that what memory it had serves the next.
        del simulate
        gc.collect()
    return [_row(f"{engine} engine, simulation alone", times, days, "")]


def as_agent_steps(rows: list[Row]) -> list[Row]:
    """Say the same as agent-steps a second: those the finer tick model takes for that border.

    For the engines, which have no ticks, it is what they would have to do to keep up with them.
    """
    days = 5
    model = TickModel(border(days), TICKS["15 min"])
    model.run_days(days)
    steps = model.agent_steps * 365.0 / days
    note = f"{steps / 1e6:.1f} million agent-steps a year with ticks of 15 min, by time"
    return compared(
        [
            Row(
                row.what, steps / row.value / 1e6, "million agent-steps/s", runs=row.runs, note=note
            )
            for row in rows
            if "1 h" not in row.what
        ]
    )


def _row(name: str, times: list[float], days: float, included: str = " with set-up") -> Row:
    note = "" if days == 365 else f"{days} days{included}, scaled to a year"
    return row_of(name, [time * 365.0 / days for time in times], "s/year", note=note)

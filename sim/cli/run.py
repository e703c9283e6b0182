"""`bordersim run`: one run, truth and record side by side."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sim.engine.engines import Engine
from sim.outcomes import MEASURES, RunResult, run
from sim.scenario import Scenario


def run_command(
    scenario: Path,
    policy: str | None,
    seed: int,
    overrides: dict[str, object],
    engine: Engine,
    out: Path | None,
    as_json: bool,
    twin: bool,
    allow_code: bool,
) -> None:
    """Run a scenario once and print what came of it."""
    loaded = Scenario.load(scenario, policy, overrides, allow_code)
    result = run(loaded, seed, engine)
    alone = run(loaded.twin(), seed, engine) if twin else None
    if out is not None:
        result.save(out)
        if alone is not None:
            alone.save(out / "twin")
    if as_json:
        document = result.summary() | ({"twin": alone.summary()} if alone else {})
        print(json.dumps(document, indent=2, ensure_ascii=False))
        return
    console = Console()
    console.print(_truth(result, alone))
    console.print(_by_side("What each side's records show", result.records))
    console.print(_by_side("What it meant to each side", result.sides))
    if result.costs:
        console.print(_costs(result))
    console.print(
        f"{result.scenario}, policy {result.policy}, seed {result.seed}, {result.days:g} days, "
        f"{_engine(result)}, bordersim {result.version}\n"
        f"inputs {result.inputs_sha256[:16]}, events {result.outcomes['events_sha256'][:16]}",
        style="dim",
        highlight=False,
    )


def _engine(result: RunResult) -> str:
    """Say which engine ran it, and why, if that was not asked for."""
    why = f" ({result.engine_reason})" if result.engine_reason else ""
    return f"{result.engine} engine{why}"


def shown(name: str, value: float) -> str:
    """Say an outcome in figures, shares in per cent."""
    measure = MEASURES[name]
    if measure.share:
        return f"{100.0 * value:.1f} %"
    text = f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:,.2f}"
    return f"{text} {measure.unit}".strip()


def _truth(result: RunResult, alone: RunResult | None) -> Table:
    table = Table(title="What happened", title_justify="left")
    table.add_column("outcome")
    table.add_column("value", justify="right")
    if alone is not None:
        table.add_column("without coordination", justify="right")
    table.add_column("meaning")
    for name, measure in MEASURES.items():
        runs = [result] if alone is None else [result, alone]
        table.add_row(name, *(shown(name, each.outcomes[name]) for each in runs), measure.meaning)
    return table


def _by_side(title: str, told: dict[str, dict[str, float]]) -> Table:
    """Figures of each side, side by side; rates and shares in per cent."""
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for side in told:
        table.add_column(side, justify="right")
    for name in next(iter(told.values())):
        values = (each[name] for each in told.values())
        share = name.endswith(("rate", "share"))
        table.add_row(name, *(f"{100 * v:.1f} %" if share else f"{v:,.0f}" for v in values))
    return table


def _costs(result: RunResult) -> Table:
    """Hours and money that each instrument took, by side."""
    table = Table(title="What coordination took", title_justify="left")
    table.add_column("instrument")
    for side in result.sides:
        table.add_column(f"{side}, patrol-hours", justify="right")
        table.add_column(f"{side}, money units", justify="right")
    for name, by_side in result.costs.items():
        cells = [f"{cost[key]:,.0f}" for cost in by_side.values() for key in ("hours", "money")]
        table.add_row(name, *cells)
    return table

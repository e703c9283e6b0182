"""`bordersim run`: one run, truth and record side by side."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sim.outcomes import MEASURES, RunResult, run
from sim.outcomes.result import Engine
from sim.scenario import Scenario


def run_command(
    scenario: Path,
    policy: str | None,
    seed: int,
    overrides: dict[str, object],
    engine: Engine,
    out: Path | None,
    as_json: bool,
) -> None:
    """Run a scenario once and print what came of it."""
    result = run(Scenario.load(scenario, policy=policy, overrides=overrides), seed, engine)
    if out is not None:
        result.save(out)
    if as_json:
        print(json.dumps(result.summary(), indent=2, ensure_ascii=False))
        return
    console = Console()
    console.print(_truth(result))
    console.print(_records(result))
    console.print(
        f"{result.scenario}, policy {result.policy}, seed {result.seed}, {result.days:g} days, "
        f"{result.engine} engine, bordersim {result.version}\n"
        f"inputs {result.inputs_sha256[:16]}, events {result.outcomes['events_sha256'][:16]}",
        style="dim",
        highlight=False,
    )


def shown(name: str, value: float) -> str:
    """Say an outcome in figures, shares in per cent."""
    measure = MEASURES[name]
    if measure.share:
        return f"{100.0 * value:.1f} %"
    text = f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:,.2f}"
    return f"{text} {measure.unit}".strip()


def _truth(result: RunResult) -> Table:
    table = Table(title="What happened", title_justify="left")
    table.add_column("outcome")
    table.add_column("value", justify="right")
    table.add_column("meaning")
    for name, measure in MEASURES.items():
        table.add_row(name, shown(name, result.outcomes[name]), measure.meaning)
    return table


def _records(result: RunResult) -> Table:
    table = Table(title="What each side's records show", title_justify="left")
    table.add_column("in the records")
    for side in result.records:
        table.add_column(side, justify="right")
    for name in next(iter(result.records.values())):
        values = (record[name] for record in result.records.values())
        rate = name.endswith("rate")
        table.add_row(name, *(f"{100 * v:.1f} %" if rate else f"{v:,.0f}" for v in values))
    return table

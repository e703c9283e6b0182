"""`bordersim compare`: run an experiment, print the table, write the report."""

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from sim.lab import Comparison, compare, prepare
from sim.report import figure_text, finding, write_report
from sim.report.page import make_folder, provenance
from sim.report.words import interval_text
from sim.scenario import Experiment


def compare_command(
    path: Path,
    out: Path | None,
    workers: int,
    replications: int | None,
    days: float | None,
    as_json: bool,
    allow_code: bool,
) -> None:
    """Run an experiment and compare its policies."""
    experiment = Experiment.load(path)
    if days is not None:
        experiment = experiment.model_copy(update={"days": days})
    folder = out or Path("results") / path.stem
    prepare(experiment, replications, allow_code)
    make_folder(folder)
    columns = (
        TextColumn("running"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("runs", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            if not console.is_terminal and (done == total or done % max(1, total // 10) == 0):
                print(f"{done} of {total} runs", file=sys.stderr)

        comparison = compare(experiment, replications, workers, show, allow_code)
    page = write_report(comparison, folder)
    if as_json:
        document = provenance(comparison) | {
            "table": comparison.table().to_dict(orient="records"),
            "report": str(page),
        }
        print(json.dumps(document, indent=2, ensure_ascii=False))
        return
    output = Console()
    output.print(_table(comparison))
    for metric in experiment.metrics[:3]:
        output.print(finding(comparison, metric), highlight=False)
    output.print(f"\nReport: {page}", highlight=False, soft_wrap=True)


def _table(comparison: Comparison) -> Table:
    """Policies by outcomes: the mean, and the paired difference with its interval."""
    baseline = comparison.points[comparison.baseline].name
    table = Table(
        title=f"{comparison.experiment.title}\nMean, and paired difference to “{baseline}” with "
        "its 95 % interval; * where it leaves out zero",
        title_justify="left",
    )
    table.add_column("policy")
    metrics = comparison.experiment.metrics[:3]
    for metric in metrics:
        table.add_column(metric.replace("_", " "), justify="right")
    for index, point in enumerate(comparison.points):
        cells = []
        for metric in metrics:
            mean = figure_text(metric, comparison.mean(index, metric)[0])
            paired = comparison.difference(index, metric)
            mark = "*" if paired.clear else " "
            cells.append(
                mean
                if point.is_baseline
                else f"{mean}\n{figure_text(metric, paired.mean, signed=True)}{mark}"
                f"\n{interval_text(metric, paired)} "
            )
        table.add_row(f"{point.name}{' (baseline)' * point.is_baseline}", *cells)
    return table

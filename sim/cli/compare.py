"""`bordersim compare`: run an experiment, print the table, write the report."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sim.cli.batch import batch_shown, end_by_failures, study_asked_for
from sim.errors import BordersimError, InputError
from sim.lab import Batch, Comparison
from sim.report import figure_text, finding, write_report
from sim.report.origin import provenance
from sim.report.words import interval_text


def compare_command(
    path: Path,
    out: Path | None,
    workers: int,
    replications: int | None,
    days: float | None,
    as_json: bool,
    allow_code: bool,
) -> None:
    """Run what is missing of an experiment, and compare its policies."""
    study = study_asked_for(path, out, replications, days, allow_code)
    batch = batch_shown(study, workers)
    comparison = _comparison(batch)
    batch.study.tables.write(study.folder / "tables")
    show_comparison(comparison, study.folder, as_json)
    end_by_failures(batch)


def _comparison(batch: Batch) -> Comparison:
    """Compare what the runs gave.

    Raises
    ------
    BordersimError : so many runs failed that nothing can be compared
    """
    try:
        return batch.study.comparison()
    except InputError as error:
        if not batch.failures:
            raise
        raise BordersimError(error.what, where=error.where, remedy=error.remedy) from None


def show_comparison(comparison: Comparison, folder: Path, as_json: bool) -> None:
    """Write the report of a comparison into a folder; print its table, and what it shows."""
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
    for metric in comparison.experiment.metrics[:3]:
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

"""`bordersim compare`: run an experiment, print the table, write the report."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from sim.cli.batch import batch_shown, end_by_failures, limits_shown, study_asked_for
from sim.errors import BordersimError, InputError
from sim.lab import Batch, Comparison
from sim.report import figure_text, finding, write_report
from sim.report.achieved import share_text, span_text
from sim.report.evidence import Findings
from sim.report.origin import provenance
from sim.report.words import RESAMPLED, interval_text, resampled_mark


def compare_command(
    path: Path,
    out: Path | None,
    workers: int,
    replications: int | None,
    days: float | None,
    achievable: int | None,
    as_json: bool,
    allow_code: bool,
) -> None:
    """Run what is missing of an experiment, and compare its policies."""
    study = study_asked_for(path, out, replications, days, allow_code, achievable)
    batch = batch_shown(study, workers)
    comparison = _comparison(batch)
    batch.study.tables.write(study.folder / "tables")
    achieved, failure = limits_shown(batch.study, workers)
    show_comparison(replace(comparison, achieved=achieved), study.folder, as_json)
    end_by_failures(batch, failure)


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
        if comparison.achieved is not None:
            document["achieved"] = _document(comparison.achieved.table(comparison.points))
        print(json.dumps(document, indent=2, ensure_ascii=False))
        return
    output = Console()
    output.print(_table(comparison))
    for metric in comparison.experiment.metrics[:3]:
        output.print(finding(comparison, metric), highlight=False)
    output.print(f"\nReport: {page}", highlight=False, soft_wrap=True)


def _document(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a table for programs; what is missing is null."""
    told = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in told.to_dict("records")]


def _table(comparison: Comparison) -> Table:
    """Policies by outcomes: the mean, and the paired difference with its interval."""
    findings = Findings(comparison)
    baseline = comparison.points[comparison.baseline].name
    metrics = comparison.experiment.metrics[:3]
    told = [each for metric in metrics for each in findings.of(metric)]
    note = f"; {RESAMPLED} by bootstrap" if any(each.paired.is_resampled for each in told) else ""
    achieved = comparison.achieved
    if achieved is not None:
        own = achieved.metrics[0].replace("_", " ")
        note += f"; achieved: {own} between floor and ceiling, by {len(achieved.seeds)} seeds"
    table = Table(
        title=f"{comparison.experiment.title}\nMean, and paired difference to “{baseline}” with "
        f"its 95 % interval; * clear when corrected for all policies (Holm){note}",
        title_justify="left",
    )
    table.add_column("policy")
    for metric in metrics:
        table.add_column(metric.replace("_", " "), justify="right")
    if achieved is not None:
        table.add_column("achieved", justify="right")
    for index, point in enumerate(comparison.points):
        cells = [_cell(findings, index, metric) for metric in metrics]
        if achieved is not None:
            found = achieved.score(index, achieved.metrics[0])
            cells.append(f"{share_text(found)}\n{span_text(found)}".strip())
        table.add_row(f"{point.name}{' (baseline)' * point.is_baseline}", *cells)
    return table


def _cell(findings: Findings, index: int, metric: str) -> str:
    """Give mean, difference and interval of a policy, below each other."""
    mean = figure_text(metric, findings.mean(index, metric))
    evidence = findings.about(index, metric)
    if evidence is None:
        return mean
    difference = figure_text(metric, evidence.paired.mean, signed=True)
    interval = interval_text(metric, evidence.paired)
    mark = resampled_mark(evidence.paired) or " "
    return f"{mean}\n{difference}{'*' if evidence.is_clear else ' '}\n{interval}{mark}"

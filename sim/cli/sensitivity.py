"""`bordersim sensitivity`: which of the varied factors outcomes hang on."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sim.cli.batch import batch_shown, end_by_failures, study_asked_for, tell_outlook
from sim.errors import BordersimError, InputError
from sim.lab.sensitivity import STRENGTH, Sensitivity, require_indices, sensitivity_of
from sim.report.sensitivity import (
    SHOWN,
    index_text,
    others_finding,
    sensitivity_finding,
    sensitivity_provenance,
    write_sensitivity,
)


def sensitivity_command(
    path: Path,
    out: Path | None,
    workers: int,
    dry_run: bool,
    replications: int | None,
    days: float | None,
    as_json: bool,
    allow_code: bool,
    retry_failed: bool,
) -> None:
    """Run what is missing of a Morris or Sobol' design, and print and write its indices."""
    study = study_asked_for(path, out, replications, days, allow_code)
    require_indices(study.experiment)
    if dry_run:
        tell_outlook(study, workers, None, retry_failed, as_json)
        return
    batch = batch_shown(study, workers, retry_failed=retry_failed)
    try:
        found = sensitivity_of(batch.study)
    except InputError as error:
        if not batch.failures:
            raise
        raise BordersimError(error.what, where=error.where, remedy=error.remedy) from None
    show_sensitivity(found, study.folder, as_json)
    end_by_failures(batch)


def show_sensitivity(study: Sensitivity, folder: Path, as_json: bool) -> None:
    """Write indices and their figure into a folder; print them, and what they show."""
    files = write_sensitivity(study, folder)
    if as_json:
        document = sensitivity_provenance(study) | {
            "indices": study.table().to_dict(orient="records"),
            "files": [str(file) for file in files],
        }
        print(json.dumps(document, indent=2, ensure_ascii=False))
        return
    output = Console()
    for metric in study.experiment.measured:
        output.print(_table(study, metric))
        if others := others_finding(study, metric):
            output.print(others, highlight=False, markup=False)
        output.print(sensitivity_finding(study, metric), highlight=False, markup=False)
    output.print(f"\nFigure: {files[-2]}", highlight=False, soft_wrap=True)


def _table(study: Sensitivity, metric: str) -> Table:
    """The strongest indices of one outcome, the strongest factor first."""
    indices = study.indices(metric).iloc[:SHOWN]
    strength = STRENGTH[study.experiment.design]
    table = Table(title=metric.replace("_", " "), title_justify="left")
    table.add_column("factor")
    columns = [name for name in indices.columns[2:] if not name.endswith("_conf")]
    for name in columns:
        table.add_column(name, justify="right", style="bold" if name == strength else "")
    for _, row in indices.iterrows():
        cells = [index_text(study, metric, row[name], row.get(f"{name}_conf")) for name in columns]
        table.add_row(str(row["label"]), *cells)
    return table

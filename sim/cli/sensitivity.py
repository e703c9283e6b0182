"""`bordersim sensitivity`: which of the varied factors outcomes hang on."""

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sim.lab.sensitivity import STRENGTH, Sensitivity, prepare_sensitivity, sensitivity
from sim.report.origin import make_folder
from sim.report.sensitivity import (
    index_text,
    sensitivity_finding,
    sensitivity_provenance,
    write_sensitivity,
)
from sim.scenario import Experiment


def sensitivity_command(
    path: Path,
    out: Path | None,
    workers: int,
    replications: int | None,
    days: float | None,
    as_json: bool,
    allow_code: bool,
) -> None:
    """Run a Morris or Sobol' design, and print and write its indices."""
    experiment = Experiment.load(path)
    if days is not None:
        experiment = experiment.model_copy(update={"days": days})
    prepare_sensitivity(experiment, replications, allow_code)
    folder = out or Path("results") / path.stem
    make_folder(folder)
    study = sensitivity(experiment, replications, workers, _told, allow_code)
    files = write_sensitivity(study, folder)
    if as_json:
        document = sensitivity_provenance(study) | {
            "indices": study.table().to_dict(orient="records"),
            "files": [str(file) for file in files],
        }
        print(json.dumps(document, indent=2, ensure_ascii=False))
        return
    output = Console()
    for metric in experiment.measured:
        output.print(_table(study, metric))
        output.print(sensitivity_finding(study, metric), highlight=False, markup=False)
    output.print(f"\nFigure: {files[-2]}", highlight=False, soft_wrap=True)


def _told(done: int, total: int) -> None:
    """Say every tenth how far it is."""
    if done == total or done % max(1, total // 10) == 0:
        print(f"{done} of {total} runs", file=sys.stderr)


def _table(study: Sensitivity, metric: str) -> Table:
    """Indices of one outcome, the strongest factor first."""
    indices = study.indices(metric)
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

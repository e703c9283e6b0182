"""`bordersim report`: tables, figures and the page, from stored results."""

import sys
from pathlib import Path

from sim.cli.compare import show_comparison
from sim.cli.sensitivity import show_sensitivity
from sim.lab import open_study
from sim.lab.sensitivity import STRENGTH, Sensitivity, sensitivity_of


def report_command(folder: Path, as_json: bool) -> None:
    """Write the report of a study that is stored in a folder, or its indices."""
    study = open_study(folder)
    is_sensitivity = study.experiment.design in STRENGTH
    found = sensitivity_of(study) if is_sensitivity else study.comparison()
    missing = len(study.cells) - len(study.runs)
    if missing:
        print(
            f"{missing} of {len(study.cells)} runs are not done; points are compared on the "
            f"{len(study.complete_seeds)} seeds on which all of them are",
            file=sys.stderr,
        )
    if isinstance(found, Sensitivity):
        show_sensitivity(found, folder, as_json)
        return
    study.tables.write(folder / "tables")
    show_comparison(found, folder, as_json)

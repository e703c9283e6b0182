"""`bordersim report`: tables, figures and the page, from stored results."""

import sys
from pathlib import Path

from sim.cli.compare import show_comparison
from sim.lab import open_study


def report_command(folder: Path, as_json: bool) -> None:
    """Write the report of a study that is stored in a folder."""
    study = open_study(folder)
    comparison = study.comparison()
    missing = len(study.cells) - len(study.runs)
    if missing:
        print(
            f"{missing} of {len(study.cells)} runs are not done; points are compared on the "
            f"{len(study.complete_seeds)} seeds on which all of them are",
            file=sys.stderr,
        )
    study.tables.write(folder / "tables")
    show_comparison(comparison, folder, as_json)

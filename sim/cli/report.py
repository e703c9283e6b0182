"""`bordersim report`: tables, figures and the page, from stored results."""

import sys
from dataclasses import replace
from pathlib import Path

from sim.cli.compare import show_comparison
from sim.cli.sensitivity import show_sensitivity
from sim.errors import InputError
from sim.lab import Achieved, Study, open_study, stored_limits
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
    show_comparison(replace(found, achieved=_achieved(study)), folder, as_json)


def _achieved(study: Study) -> Achieved | None:
    """Score the points of a study that asks for it, if floor and ceilings are stored."""
    if study.experiment.achievable is None:
        return None
    try:
        return stored_limits(study)
    except InputError as missing:
        print(f"without the share of the achievable: {missing}", file=sys.stderr)
        return None

"""The policy table as a workbook and as CSV, for whoever calculates on."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sim.report.assumptions import Assumptions
from sim.report.evidence import Findings
from sim.report.figures import evidence_frame
from sim.report.ledgers import ledger_frame, sides_frame

WIDEST = 40


def policy_frame(findings: Findings) -> pd.DataFrame:
    """Give the policy table: `Comparison.table()` with what the correction makes of it.

    Returns
    -------
    In addition better_pairs, holm_p and verdict; they are missing for the baseline.
    """
    comparison = findings.comparison
    metrics = comparison.experiment.measured
    told = evidence_frame([each for metric in metrics for each in findings.of(metric)])
    keys = ["point", "metric"]
    columns = [*keys, "better_pairs", "holm_p", "verdict"]
    if told.empty:
        return comparison.table()
    return comparison.table().merge(told[columns], on=keys, how="left")


def write_workbook(
    policies: pd.DataFrame, findings: Findings, assumptions: Assumptions, path: Path
) -> None:
    """Write the policy table, figures of sides, books, and what was assumed, a sheet each.

    What is achievable has one as well, if it is known.
    """
    comparison = findings.comparison
    sheets = {
        "policies": policies,
        "sides": sides_frame(comparison),
        "records": ledger_frame(comparison),
        "assumed": pd.DataFrame([vars(each) for each in assumptions.assumed]),
    }
    if comparison.achieved is not None:
        sheets["achievable"] = comparison.achieved.table(comparison.points)
    write_sheets(sheets, path)


def write_sheets(sheets: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write tables into a workbook, a sheet each; text stays text, whatever it begins with.

    A name such as “=1+1” comes from a file that somebody wrote, and is no formula.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    for name, frame in sheets.items():
        sheet = book.create_sheet(name)
        rows = [[*map(str, frame.columns)], *frame.itertuples(index=False)]
        for row, values in enumerate(rows, start=1):
            for column, value in enumerate(values, start=1):
                if pd.isna(value):
                    continue
                cell = sheet.cell(row, column)
                if isinstance(value, str):
                    cell.value = _printable(value)
                    cell.data_type = "s"
                else:
                    cell.value = value.item() if hasattr(value, "item") else value
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for column, label in enumerate(frame.columns, start=1):
            longest = max([len(str(label)), *frame[label].map(lambda each: len(str(each)))])
            letter = get_column_letter(column)
            sheet.column_dimensions[letter].width = min(longest + 2, WIDEST)
        sheet.freeze_panes = "B2"
    book.save(path)


def _printable(text: str) -> str:
    """Leave out control characters, which a workbook cannot hold."""
    return "".join(each for each in text if each.isprintable() or each in "\n\t")

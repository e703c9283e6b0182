"""What the report says of why attempts got through: no more than the runs support."""

from dataclasses import replace
from pathlib import Path

import pytest
from untrusted_study import Changed

from sim.agents import Cause
from sim.lab import Comparison
from sim.outcomes import measure_of
from sim.report import write_report
from sim.report.evidence import Findings
from sim.report.missed import (
    knows_causes,
    missed_exhibit,
    missed_frame,
    missed_table,
    missed_title,
    missed_told,
)

NEAR, PURSUIT = measure_of(Cause.NOBODY_NEAR), measure_of(Cause.IN_PURSUIT)


def test_causes_add_up_to_what_got_through(study: Comparison) -> None:
    """For each policy, shares by cause are in all the share of wanted attempts that passed."""
    frame = missed_frame(Findings(study))
    assert len(frame) == len(study.points) * len(Cause)
    passed = (study.runs["passed"] / study.runs["wanted"]).groupby(study.runs["point"]).mean()
    sums = frame.groupby("point", sort=False)["share"].sum()
    assert sums.tolist() == pytest.approx(passed.tolist())


def test_bars_are_as_long_as_their_shares(study: Comparison) -> None:
    """The parts of each bar follow each other, and are the shares of the data in per cent."""
    exhibit = missed_exhibit(Findings(study))
    (axes,) = exhibit.figure.axes
    points = len(study.points)
    drawn = {(n % points, n // points): each for n, each in enumerate(axes.patches)}
    assert len(drawn) == points * len(Cause)
    shares = exhibit.data["share"].to_numpy().reshape(points, len(Cause))
    for row in range(points):
        end = 0.0
        for part in range(len(Cause)):
            bar = drawn[row, part]
            assert bar.get_x() == pytest.approx(end)
            assert bar.get_width() == pytest.approx(100.0 * shares[row, part])
            end += bar.get_width()
    colours = {each.get_facecolor() for each in axes.patches}
    assert len(colours) == len(Cause)


def test_the_title_says_which_cause_lets_most_through(changed: Changed) -> None:
    """It counts the policies of which that is so, and gives the range of their shares."""
    most = changed(NEAR, {0: [0.8] * 3, 1: [0.7] * 3, 2: [0.6] * 3, 3: [0.8] * 3})
    title = "“no patrol near” lets most attempts through under"
    assert missed_title(Findings(most)) == f"{title} every policy: 60–80 % of those wanted"
    some = changed(NEAR, {0: [0.8] * 3, 1: [0.0] * 3, 2: [0.8] * 3, 3: [0.8] * 3})
    assert missed_title(Findings(some)) == f"{title} 3 of 4 policies: 80 % of those wanted"


def test_instruments_are_named_where_runs_tell_them_apart(changed: Changed) -> None:
    """A clear fall is told with what changes in all, and ascribed if one instrument differs."""
    busy, free = [0.3, 0.31, 0.3], [0.1, 0.1, 0.11]
    fallen = changed(PURSUIT, {0: busy, 1: free, 2: busy, 3: busy})
    told = next(each for each in missed_told(Findings(fallen)) if "in pursuit" in each)
    assert "(−20.0 points, " in told
    assert "all causes together" in told
    assert told.endswith("which differs from the baseline in sharing alone.")
    fallen = changed(PURSUIT, {0: busy, 1: busy, 2: free, 3: busy})
    told = next(each for each in missed_told(Findings(fallen)) if "in pursuit" in each)
    assert told.endswith("by 2 instruments that cannot be told apart here.")
    grown = changed(PURSUIT, {0: free, 1: free, 2: free, 3: busy})
    told = missed_told(Findings(grown))[-1]
    assert told.startswith("Most is added to “patrol was in pursuit”, by “$x$ --> and a name")
    assert "(+20.0 points, " in told


def test_nothing_is_said_where_nothing_is_clear(study: Comparison, changed: Changed) -> None:
    """Equal runs leave one sentence, and the table with no bold cell."""
    equal = study
    for cause in Cause:
        same = {point: [0.1, 0.12, 0.1] for point in range(len(study.points))}
        runs = equal.runs.copy()
        for point, values in same.items():
            runs.loc[runs["point"] == point, measure_of(cause)] = values
        equal = replace(equal, tables=replace(equal.tables, runs=runs))
    (told,) = missed_told(Findings(equal))
    assert told == "No policy clearly changes why attempts get through, corrected for all of them."
    sheet = missed_table(Findings(equal))
    assert [column.name for column in sheet.columns][-1] == "no patrol near"
    assert not any(cell.is_strong for line in sheet.lines for cell in line.cells)


def test_runs_of_an_older_version_are_reported_without(study: Comparison, tmp_path: Path) -> None:
    """Where runs have no causes, the page has all but this section."""
    assert knows_causes(study)
    older = replace(study, tables=replace(study.tables, runs=study.runs.drop(columns=NEAR)))
    assert not knows_causes(older)
    page = write_report(older, tmp_path).read_text(encoding="utf-8")
    assert "Why attempts got through" not in page
    assert not (tmp_path / "missed.png").exists()

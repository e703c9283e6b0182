"""What the report says of what can be achieved: of planted numbers, and no more than they hold."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from untrusted_study import SCRIPT

from sim.lab import Achieved, Comparison
from sim.optimum import Limits
from sim.optimum.achievable import KINDS
from sim.report import write_report
from sim.report.achieved import PLACED, achievable_headline, achievable_sheet, achievable_told
from sim.report.achieved_figure import achievable_exhibit
from sim.report.evidence import Findings
from sim.scenario import Achievable

FLOOR, HIGH = [0.10, 0.11, 0.12], [0.30, 0.31, 0.325]
"""Values by seed, of both outcomes."""


def outcomes(values: list[float]) -> list[dict[str, float]]:
    """Give what runs gave, both outcomes alike."""
    return [{"harm_prevented_share": each, "interdiction_rate": each} for each in values]


def planted(study: Comparison, *shares: float, high: list[float] = HIGH) -> Comparison:
    """Give the study with points at some shares of the way from floor to ceiling, nearly."""
    runs = study.runs.copy()
    for point, share in enumerate(shares):
        at = [
            low + share * (top - low) + wobble
            for low, top, wobble in zip(FLOOR, high, (0.001, -0.001, 0.0), strict=True)
        ]
        for metric in ("harm_prevented_share", "interdiction_rate"):
            runs.loc[runs["point"] == point, metric] = at
    middle = [low + 0.5 * (top - low) for low, top in zip(FLOOR, high, strict=True)]
    limits = Limits(
        seeds=(1, 2, 3),
        floor=outcomes(FLOOR),
        equilibrium=outcomes(middle),
        oracle=outcomes(high),
        alone={"AAA": "thompson", "BBB": "uniform"},
        slack=1.035,
    )
    achieved = Achieved(Achievable(replications=3), (limits,), (0,) * len(study.points), runs)
    return replace(study, achieved=achieved)


@pytest.fixture(scope="module")
def written(study: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a report in which one policy does well."""
    comparison = planted(study, -0.2, 0.6, 0.1, 0.0)
    return write_report(comparison, tmp_path_factory.mktemp("achieved")).parent


def section(folder: Path) -> str:
    """Give the section of the page, as text."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    found = re.search(r'<h2 id="achievable">.*?(?=<h2 id="records">)', page, re.DOTALL)
    return found[0] if found else ""


def test_the_section_tells_floor_ceiling_and_places(written: Path) -> None:
    """Means of the limits, who has which allocation, the share of each policy, and the slack."""
    text = section(written)
    for said in (
        "comes furthest, 60 % of the way from floor to ceiling",
        "AAA by Thompson sampling, BBB at random",
        "here the oracle",
        "Means: harm prevented share 11.0 %, interdiction rate 11.0 %",
        "no placement could have prevented more than 3.5 % more harm",
        "may lie above 100 % of harm",
        "Of the intervals of 4 policies, 2 lie above the floor, 1 lies below the floor, 1 reaches",
        'id="figure-achievable"',
    ):
        assert said in text


def test_names_in_the_section_are_text(written: Path) -> None:
    """A script in a name stands there to be read, in the page and in the figure."""
    text = section(written)
    assert "<script" not in text
    assert SCRIPT.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;") in text
    assert "<script" not in (written / "achievable.svg").read_text(encoding="utf-8")


def test_tables_beside_the_page_have_the_shares(written: Path) -> None:
    """achievable.csv has all of it; the policy table where an outcome is compared; a sheet too."""
    told = pd.read_csv(written / "achievable.csv")
    assert len(told) == 4 * 2
    second = told[(told["point"] == SCRIPT) & (told["metric"] == "interdiction_rate")].iloc[0]
    assert second["share"] == pytest.approx(0.6)
    assert second["low"] < 0.6 < second["high"]
    assert second["ceiling"] == "oracle"
    policies = pd.read_csv(written / "policies.csv")
    assert {"achieved_share", "achieved_low", "achieved_high"} <= set(policies)
    assert policies["achieved_share"].isna().all()
    assert "achievable" in load_workbook(written / "policies.xlsx").sheetnames
    assert (written / "achievable.png").stat().st_size > 0


def test_the_command_that_makes_it_again_asks_for_it(written: Path) -> None:
    """The page names the number of seeds."""
    page = (written / "report.html").read_text(encoding="utf-8")
    assert "--replications 3 --achievable 3" in page


@pytest.mark.parametrize(
    ("shares", "title", "said"),
    [
        ((0.6, 0.5, 0.1, 0.0), "“alone” goes 60 % of the way", "“alone” comes furthest, 60 %"),
        ((-0.2, -0.3, -0.1, -0.4), "every policy does worse", "no policy's mean lies above"),
        (
            (-0.2, 0.0, 0.001, 0.0),
            "no policy clearly does better",
            "3 reach from below to above it",
        ),
        ((1.2, 0.0, 0.0, 0.0), "“alone” goes 120 %", "120 % of the way"),
    ],
)
def test_titles_say_no_more_than_intervals(
    study: Comparison, shares: tuple[float, ...], title: str, said: str
) -> None:
    """Only what lies above the floor by its interval is said to get anywhere."""
    comparison = planted(study, *shares)
    assert comparison.achieved is not None
    assert title in achievable_headline(comparison, comparison.achieved)
    assert said in achievable_told(comparison)["found"][0]


def test_every_allocation_of_a_floor_has_a_name() -> None:
    """What each side alone may choose can be told in words."""
    assert set(PLACED) == set(KINDS)


@pytest.mark.parametrize("high", [[0.09, 0.2, 0.07], [0.05, 0.06, 0.07]])
def test_no_share_is_told_where_the_ceiling_is_not_above_the_floor(
    study: Comparison, high: list[float]
) -> None:
    """Words, figure and table say so, and no number is given, also where it is clearly below."""
    comparison = planted(study, 0.0, 0.0, 0.0, 0.0, high=high)
    achieved = comparison.achieved
    assert achieved is not None
    findings = Findings(comparison)
    assert "not clearly above the floor" in achievable_told(comparison)["found"][0]
    exhibit = achievable_exhibit(findings, achieved)
    assert "not clearly above the floor" in exhibit.title
    assert exhibit.data[["low", "high"]].isna().all().all()
    notes = [text.get_text() for axes in exhibit.figure.axes for text in axes.texts]
    assert notes == ["not to be told"] * 8
    sheet = achievable_sheet(findings)
    assert sheet is not None
    assert [line.cells[1].text for line in sheet.lines[3:]] == ["not to be told"] * 4

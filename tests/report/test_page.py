"""The page and its files: whole, self-contained, and proof against names in scenario files."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from untrusted_study import FORMULA, SCRIPT

from sim.lab import Comparison
from sim.report import write_report
from sim.report.workbook import write_sheets

FIGURES = ("differences", "tradeoff", "prices", "missed", "along", "map", "records")


class Reader(HTMLParser):
    """Takes down what a browser would see of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its attributes."""
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)


@pytest.fixture(scope="module")
def written(study: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a report."""
    return write_report(study, tmp_path_factory.mktemp("report")).parent


@pytest.fixture(scope="module")
def page(written: Path) -> str:
    """The text of a report."""
    return (written / "report.html").read_text(encoding="utf-8")


def test_names_from_files_are_text_and_never_code(page: str) -> None:
    """The one script is the page's own; those in title and names stand there to be read."""
    reader = Reader()
    reader.feed(page)
    assert reader.tags.count("script") == 1
    assert "alert(" not in "".join(re.findall(r"<script>(.*?)</script>", page, re.DOTALL))
    seen = "".join(reader.texts)
    assert "Does <script>alert('title')</script> cost $5 or $6 & more?" in seen
    assert SCRIPT in seen


def test_the_page_lets_only_its_own_script_run(page: str) -> None:
    """Its policy allows nothing but the script whose hash it names."""
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert policy[1].startswith("default-src 'none'")
    assert f"script-src 'sha256-{digest}'" in policy[1]


def test_the_page_asks_for_nothing_from_elsewhere(page: str) -> None:
    """No source and no link leaves the file."""
    reader = Reader()
    reader.feed(page)
    for tag, name, value in reader.attributes:
        assert name != "src"
        if name.endswith("href"):
            assert value.startswith(("#", "data:")), (tag, value)


def test_ids_are_unique_and_what_is_referred_to_is_there(page: str) -> None:
    """Figures in one page do not take each other's clips, but for letters, which are alike."""
    reader = Reader()
    reader.feed(page)
    ids = [value for _, name, value in reader.attributes if name == "id"]
    own = [each for each in ids if not each.startswith("DejaVu")]
    assert len(own) == len(set(own))
    used = {value[1:] for _, name, value in reader.attributes if name.endswith("href")} - {""}
    used |= set(re.findall(r"url\(#([^)]+)\)", page))
    assert {each for each in used if not each.startswith("ata:")} <= set(ids)


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_beside_the_page_with_its_data(written: Path, name: str) -> None:
    """PNG, SVG with title and description, and CSV; names in an SVG are text."""
    assert (written / f"{name}.png").stat().st_size > 0
    assert len(pd.read_csv(written / f"{name}.csv")) > 0
    svg = (written / f"{name}.svg").read_text(encoding="utf-8")
    assert f'<title id="{name}-title">' in svg
    assert f'<desc id="{name}-text">' in svg
    assert "<script" not in svg


def test_tables_can_be_heard_and_sorted(page: str) -> None:
    """Every table has a caption and scoped heads; sortable ones have buttons and plain numbers."""
    assert page.count("<table") == page.count("<caption>")
    assert "<th>" not in page
    table = re.search(r'<table class="sortable">.*?</table>', page, re.DOTALL)
    assert table is not None
    assert table[0].count('<button type="button"') == 1 + 3 + 2
    for value in re.findall(r'data-value="([^"]*)"', table[0]):
        float(value)


def test_a_formula_in_a_name_is_text_in_the_workbook(written: Path, tmp_path: Path) -> None:
    """No cell of the workbook is a formula, and numbers are numbers."""
    book = load_workbook(written / "policies.xlsx")
    assert book.sheetnames == ["policies", "sides", "records", "assumed"]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    rows = list(book["policies"].iter_rows(min_row=2, values_only=True))
    assert FORMULA in {row[0] for row in rows}
    assert all(isinstance(row[2], int | float) for row in rows)
    write_sheets({"odd": pd.DataFrame({"=2": ["+3", "@x\x07", None]})}, tmp_path / "odd.xlsx")
    cells = [cell for (cell,) in load_workbook(tmp_path / "odd.xlsx")["odd"].iter_rows()]
    assert [cell.data_type for cell in cells[1:3]] == ["s", "s"]
    assert [cell.value for cell in cells[1:3]] == ["+3", "@x"]
    assert cells[0].data_type == "s"


def test_how_to_make_it_again_is_told(page: str, written: Path) -> None:
    """Page and provenance name the command, the seeds, and a hash of all inputs."""
    origin = json.loads((written / "provenance.json").read_text(encoding="utf-8"))
    assert origin["seeds"] == [1, 2, 3]
    assert origin["inputs_sha256"] in page
    assert "bordersim compare study.toml --days 6 --replications 3" in page


def test_the_same_study_gives_the_same_page(study: Comparison, page: str, tmp_path: Path) -> None:
    """A report holds no date and no chance of its own."""
    assert write_report(study, tmp_path).read_text(encoding="utf-8") == page


def test_shares_that_were_not_asked_for_are_not_told(page: str, written: Path) -> None:
    """Without floor and ceilings no section, no link to it, no file, no column."""
    assert "achievable" not in page
    assert not list(written.glob("achievable*"))
    assert "achieved_share" not in pd.read_csv(written / "policies.csv")

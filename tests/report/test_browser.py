"""The report in headless Chromium: on a desk, on a phone, on paper.

Skipped where Chromium or its driver is missing; on Debian and Ubuntu
`apt install chromium chromium-driver` brings both.
"""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
import worlds_study
from browser import in_browser, open_browser, visit
from small_study import small_experiment
from untrusted_study import EXPERIMENT

from sim.lab import Comparison, compare
from sim.report import write_report

pytestmark = in_browser

SIZES = {"desk": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def page(study: Comparison, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where a report is."""
    return write_report(study, tmp_path_factory.mktemp("report")).resolve().as_uri()


@pytest.fixture(scope="module")
def page_of_worlds(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where a report on uncertain worlds is, with a name in it that nobody should trust."""
    experiment = small_experiment(tmp_path_factory.mktemp("worlds"), worlds_study.EXPERIMENT)
    comparison = compare(experiment, workers=1)
    return write_report(comparison, tmp_path_factory.mktemp("report")).resolve().as_uri()


@pytest.fixture(scope="module")
def page_of_shares(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where a report is that tells how much of what can be achieved policies do."""
    text = EXPERIMENT.replace("[[policies]]", "[achievable]\nreplications = 2\n[[policies]]", 1)
    experiment = small_experiment(tmp_path_factory.mktemp("shares"), text)
    comparison = compare(experiment, workers=1)
    return write_report(comparison, tmp_path_factory.mktemp("report")).resolve().as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without a window that takes down its console and its requests."""
    driver = open_browser()
    yield driver
    driver.quit()


def _open(browser: Any, page: str, size: str) -> None:
    width, height = SIZES[size]
    for log in ("browser", "performance"):
        browser.get_log(log)
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == "phone"}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    visit(browser, page)


def _column(browser: Any, index: int) -> list[float]:
    """Values of a column of the policy table, from above."""
    told: list[float] = browser.execute_script(
        "return [...document.querySelector('table.sortable').tBodies[0].rows]"
        ".map((row) => Number(row.cells[arguments[0]].dataset.value))",
        index,
    )
    return told


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("which", ["page", "page_of_worlds", "page_of_shares"])
def test_it_opens_without_errors_or_requests(
    browser: Any, request: pytest.FixtureRequest, which: str, size: str
) -> None:
    """The console is empty, nothing but the file is asked for, no name from a file has run."""
    _open(browser, request.getfixturevalue(which), size)
    assert browser.get_log("browser") == []
    log = [entry["message"] for entry in browser.get_log("performance")]
    asked = [message for message in log if '"Network.requestWillBeSent"' in message]
    elsewhere = [message for message in asked if '"url":"http' in message]
    assert asked
    assert elsewhere == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("which", ["page", "page_of_worlds", "page_of_shares"])
def test_the_page_is_no_wider_than_the_screen(
    browser: Any, request: pytest.FixtureRequest, which: str, size: str
) -> None:
    """Only tables scroll sideways, within themselves, also with all details open."""
    _open(browser, request.getfixturevalue(which), size)
    for script in ("", "for (const each of document.querySelectorAll('details')) each.open = true"):
        browser.execute_script(script)
        width = browser.execute_script("return document.documentElement.scrollWidth")
        assert width <= SIZES[size][0]


def test_figures_can_be_read_on_a_phone(browser: Any, page: str) -> None:
    """Figures fill the width of a phone, and their letters are at least six pixels high."""
    _open(browser, page, "phone")
    scales = browser.execute_script(
        "return [...document.querySelectorAll('figure svg')]"
        ".map((svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"
    )
    assert scales
    assert min(scales) * 7.0 >= 6.0


def test_a_click_sorts_and_a_second_turns_round(browser: Any, page: str) -> None:
    """Rows follow the column pressed, and the head says so to those who do not see it."""
    _open(browser, page, "desk")
    button = browser.find_elements("css selector", "table.sortable thead button")[3]
    head = button.find_element("xpath", "..")
    for order, is_reversed in (("ascending", False), ("descending", True)):
        browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()
        values = _column(browser, 3)
        assert values == sorted(values, reverse=is_reversed)
        assert len(set(values)) > 1
        assert head.get_attribute("aria-sort") == order
        told = browser.find_element("css selector", "[aria-live]").get_attribute("textContent")
        assert told == f"Sorted by coordination hours, {order}"


def test_the_keyboard_sorts_as_well(browser: Any, page: str) -> None:
    """Buttons in heads are reached with Tab and pressed with Enter; one column is sorted by."""
    _open(browser, page, "desk")
    buttons = browser.find_elements("css selector", "table.sortable thead button")[:4]
    browser.execute_script("arguments[0].focus()", buttons[2])
    browser.switch_to.active_element.send_keys("\ue004")
    focused = browser.switch_to.active_element
    assert focused == buttons[3]
    focused.send_keys("\ue007")
    values = _column(browser, 3)
    assert values == sorted(values)
    marked = browser.find_elements("css selector", "table.sortable th[aria-sort]")
    assert [each.text.split("\n")[0].rstrip(" ▲") for each in marked] == ["coordination hours"]


def test_worlds_can_be_read(browser: Any, page_of_worlds: str) -> None:
    """Regret has a row for each world and two that sum up; names of what was drawn are text."""
    _open(browser, page_of_worlds, "desk")
    captions = browser.execute_script(
        "return [...document.querySelectorAll('#robustness ~ section caption')]"
        ".map((each) => each.textContent)"
    )
    assert "world sampled" in captions[0]
    rows = browser.execute_script(
        "return [...document.querySelectorAll('#robustness ~ section table')]"
        ".map((table) => table.tBodies[0].rows.length)"
    )
    assert rows == [4 + 2, 4]
    drawn = browser.find_element("css selector", "#robustness ~ section details")
    drawn.find_element("tag name", "summary").click()
    heads = [each.text for each in drawn.find_elements("css selector", "thead th")]
    assert worlds_study.LABEL in heads


def test_it_prints(browser: Any, page: str) -> None:
    """On paper it is a PDF of A4 pages, with all that is folded on the screen; then as before."""
    _open(browser, page, "desk")
    opened = "return [...document.querySelectorAll('details')].map((each) => each.open)"
    before = browser.execute_script(opened)
    assert not all(before)
    browser.execute_script(
        "addEventListener('beforeprint', () => { window.printed = "
        "[...document.querySelectorAll('details')].map((each) => each.open); })"
    )
    whole = _pdf(browser)
    assert browser.execute_script("return window.printed") == [True] * len(before)
    assert browser.execute_script(opened) == before
    browser.execute_script("for (const each of document.querySelectorAll('details')) each.remove()")
    assert 3 <= _pages(_pdf(browser)) < _pages(whole) <= 40


def _pdf(browser: Any) -> bytes:
    settings = {"preferCSSPageSize": True, "printBackground": True}
    pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", settings)["data"])
    assert pdf.startswith(b"%PDF")
    return pdf


def _pages(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n")

"""The live app in a real browser: run, paused, changed, reset, in two windows, and ended."""

import json
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from browser import in_browser, open_browser
from interrupting import HEEDING

from sim.outcomes import MEASURES, run
from sim.replay.live import server
from sim.replay.live.curves import TABLE
from sim.scenario import Scenario
from sim.scenario.files import parse_setting

pytestmark = [
    *in_browser,
    pytest.mark.skipif(
        bool(server.lacking()) or not list(metadata.Distribution.discover(name="solara-assets")),
        reason="needs the extra: pip install '.[play]'",
    ),
]

ROOT = Path(__file__).parents[2]
STRETCH = ROOT / "scenarios" / "dien_bien_phongsaly.toml"
DAYS = 9.0
SEED = 2
COMMAND = [
    sys.executable,
    "-c",
    f"{HEEDING}from sim.cli.app import main; main()",
    "play",
    str(STRETCH),
]


Served = tuple["subprocess.Popen[str]", str]
"""A process that serves pages, and its address."""


def started(days: float) -> Served:
    """Start the command at a port that is free, and give its address as soon as it tells it."""
    call = [*COMMAND, "--days", f"{days:g}", "--seed", str(SEED), "--port", "0", "--no-browser"]
    process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    return process, line.split()[0]


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """End it as Ctrl-C does; gives its exit code and what it said of errors."""
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    return process.returncode, errors


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve pages of a short run."""
    process, where = started(DAYS)
    yield where
    ended(process)


@pytest.fixture
def long_run() -> Iterator[Served]:
    """Serve pages of a run that is not over before a slow machine has looked."""
    process, where = started(360.0)
    with process:
        yield process, where
        process.kill()


class Page:
    """A browser with one window, or more."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, address: str) -> None:
        """Open a page, and wait until it shows a run."""
        self.driver.get(address)
        self.wait(lambda: "before the first shift" in self.status)

    def wait(self, holds: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until something holds."""
        from selenium.common.exceptions import WebDriverException
        from selenium.webdriver.support.ui import WebDriverWait

        ignored = [WebDriverException, IndexError]
        waiting = WebDriverWait(self.driver, seconds, 0.1, ignored_exceptions=ignored)
        waiting.until(lambda _: holds())

    def all(self, selector: str) -> list[Any]:
        """Give the elements that fit a selector."""
        return list(self.driver.find_elements("css selector", selector))

    @property
    def status(self) -> str:
        """The line that says where the run stands."""
        return str(self.all(".status")[0].text)

    @property
    def day(self) -> int:
        """Number of the day that it says; 0 before the first shift."""
        words = self.status.split()
        return int(words[1]) if words[0] == "day" else 0

    def press(self, label: str) -> None:
        """Press a button by the beginning of what stands on it."""

        def pressed() -> bool:
            buttons = [b for b in self.all("button") if b.text.lower().startswith(label.lower())]
            self.driver.execute_script("arguments[0].scrollIntoView()", buttons[0])
            buttons[0].click()
            return True

        self.wait(pressed)

    def step(self, shifts: int = 1) -> None:
        """Step, and wait until that shows."""
        for _ in range(shifts):
            before = self.status
            self.press("step")
            self.wait(lambda: self.status != before)  # noqa: B023

    def run_to_its_end(self) -> None:
        """Press Run, and wait until nothing is left."""
        self.press("▶")
        self.wait(lambda: "the run is over" in self.status, 120.0)

    def type_into(self, label: str, text: str) -> None:
        """Put a text into a field, and leave it."""
        from selenium.webdriver.common.by import By
        from selenium.webdriver.common.keys import Keys

        path = f"//label[starts-with(., '{label}')]/following-sibling::input"
        field = self.driver.find_element(By.XPATH, path)
        self.driver.execute_script("arguments[0].scrollIntoView()", field)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text)
        time.sleep(0.5)  # the page tells the server at its own pace
        field.send_keys(Keys.TAB)

    def slide(self, key: str) -> None:
        """Press a key on the slider of the interval of reports."""
        thumb = self.all(".doses .v-slider__thumb-container")[0]
        self.driver.execute_script("arguments[0].scrollIntoView()", thumb)
        thumb.send_keys(key)

    @property
    def books(self) -> list[list[str]]:
        """The table of truth and books, row by row."""
        rows = self.all(".books tbody tr")
        return [[cell.text for cell in row.find_elements("css selector", "td")] for row in rows]

    @property
    def command(self) -> list[str]:
        """The words of the command that makes the same run again."""
        self.press("The command")
        self.wait(lambda: self.all(".again")[0].text.startswith("bordersim"))
        return shlex.split(self.all(".again")[0].text)

    def complaints(self) -> list[str]:
        """What the console has found fault with since last asked, warnings of Vue aside."""
        log = self.driver.get_log("browser")
        return [entry["message"] for entry in log if entry["level"] == "SEVERE"]

    def requests_elsewhere(self, address: str) -> list[str]:
        """Addresses beyond the server that were asked for since last asked."""
        asked = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
        return [url for url in asked if not url.startswith((address, "data:", "blob:", "about:"))]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """Open a browser without a window on the screen."""
    driver = open_browser()
    yield Page(driver)
    driver.quit()


def told(scenario: Scenario, seed: int) -> list[list[str]]:
    """Give the table of truth and books as a run of the command has it."""
    result = run(scenario, seed)

    def figure(value: float, share: bool) -> str:
        return f"{100.0 * value:.1f} %" if share else f"{value:,.0f}"

    return [
        [
            figure(result.outcomes[name], MEASURES[name].share),
            *(
                figure(books[record], MEASURES[name].share) if record else "–"
                for books in result.records.values()
            ),
        ]
        for name, (_, record) in TABLE.items()
    ]


def test_it_loads_steps_runs_and_pauses(page: Page, long_run: Served) -> None:
    """Without a complaint, and without asking for anything beyond this machine."""
    address = long_run[1]
    page.open(address)
    page.step()
    assert page.status.startswith("day 1 of 360, 00:00–08:00")
    assert len(page.all("[role=img][aria-label] img.shift-map")) == 1
    picture = page.all("img.shift-map")[0].get_attribute("src")
    page.step()
    page.wait(lambda: page.all("img.shift-map")[0].get_attribute("src") != picture)
    page.press("▶")
    page.wait(lambda: page.day >= 2)
    page.press("❚❚")
    page.wait(lambda: any(b.text == "▶" for b in page.all("button")))
    time.sleep(1.0)
    stopped = page.status
    time.sleep(1.0)
    assert page.status == stopped
    page.wait(lambda: len(page.all(".solara-echarts canvas")) == 3)
    assert page.complaints() == []
    assert page.requests_elsewhere(address) == []


def test_the_interval_of_reports_changed_in_mid_run_has_its_effect(
    page: Page, address: str
) -> None:
    """It is marked, and what follows is what an inject of that day would make of the run."""
    from selenium.webdriver.common.keys import Keys

    page.open(address)
    page.step(4)
    page.slide(Keys.HOME)
    page.wait(lambda: "Not yet in force: sharing.interval_days = 0" in page.all(".doses")[0].text)
    page.press("Put into force with the next shift")
    page.wait(lambda: "sharing: at once" in page.all(".doses")[0].text)
    page.run_to_its_end()
    assert "changed 1 ×" in page.status
    mark = "1 · day 1.334: sharing.interval_days = 0"
    page.wait(lambda: any(mark in each.text for each in page.all(".explained")))
    words = page.command
    settings = dict(parse_setting(word) for word in words if "=" in word)
    changed = Scenario.load(STRETCH, None, settings)
    sharing = changed.later_policies[-1].sharing
    assert sharing is not None
    assert sharing.interval_days == 0.0
    assert page.books == told(changed, SEED)
    unchanged = run(Scenario.load(STRETCH, overrides={"time.days": DAYS}), SEED)
    assert run(changed, SEED).outcomes["reports_sent"] > unchanged.outcomes["reports_sent"] == 0
    page.press("reset")
    page.wait(lambda: "before the first shift" in page.status and "changed" not in page.status)
    again = "Not yet in force: sharing.interval_days = 0"
    page.wait(lambda: again in page.all(".doses")[0].text)


def test_reset_with_a_seed_gives_the_outcomes_of_the_command(page: Page, address: str) -> None:
    """Whatever was done before; doses set before the first shift are those of the start."""
    page.open(address)
    page.step(2)
    page.type_into("Seed", "11")
    page.press("reset")
    page.wait(lambda: "before the first shift" in page.status and "seed 11" in page.status)
    page.type_into("Any other value", "hotline.works=0.7")
    page.wait(lambda: "Not yet in force: hotline.works=0.7" in page.all(".doses")[0].text)
    page.press("Put into force from the start")
    page.wait(lambda: "hotline: 0.7" in page.all(".doses")[0].text)
    page.run_to_its_end()
    settings = {"time.days": DAYS, "hotline.works": 0.7}
    assert page.books == told(Scenario.load(STRETCH, overrides=settings), 11)


def test_what_cannot_be_done_is_said(page: Page, address: str) -> None:
    """A dose out of its range, a key that does not exist, and a seed that is none."""
    page.open(address)
    page.type_into("Any other value", "hotline.works=3")
    page.press("Put into force")
    page.wait(lambda: "hotline.works: should be less than" in page.all(".refused")[0].text)
    page.press("Discard")
    page.wait(lambda: not page.all(".refused"))
    page.type_into("Any other value", "sharing.intervall=3")
    page.wait(lambda: "Not yet in force: sharing.intervall=3" in page.all(".doses")[0].text)
    page.press("Put into force")
    page.wait(lambda: "did you mean interval_days?" in page.all(".refused")[0].text)
    page.type_into("Seed", "three")
    page.press("reset")
    page.wait(lambda: "'three' is not a whole number" in page.all(".complaint")[0].text)
    assert f"seed {SEED}" in page.status


def test_windows_have_a_run_each(page: Page, address: str) -> None:
    """What is done in one is not done in another."""
    page.open(address)
    page.step(2)
    first = page.status
    page.driver.switch_to.new_window("tab")
    page.open(address)
    page.step()
    assert page.status.startswith("day 1 of 9, 00:00–08:00")
    page.driver.close()
    page.driver.switch_to.window(page.driver.window_handles[0])
    assert page.status == first
    page.step()
    assert page.status.startswith("day 1 of 9, 16:00–24:00")


def test_a_port_in_use_is_refused(address: str) -> None:
    """With exit code 2, and a way out."""
    port = address.rpartition(":")[2]
    words = [*COMMAND, "--port", port, "--no-browser"]
    call = subprocess.run(words, capture_output=True, text=True)
    assert call.returncode == 2
    assert f"--port: port {port} cannot be used: Address already in use" in call.stderr
    assert "Traceback" not in call.stderr


def test_ctrl_c_ends_it_while_a_page_runs(page: Page, long_run: Served) -> None:
    """At once, with nothing but a word."""
    process, address = long_run
    page.open(address)
    page.press("▶")
    page.wait(lambda: page.day > 0)
    code, errors = ended(process)
    assert code == 0
    assert "Traceback" not in errors
    assert errors.endswith("bordersim: stopped\n")

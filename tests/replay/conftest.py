"""A recording of a lively stretch of line, made once for all tests that look at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Page, open_browser
from lively import SEED, lively_scenario

from sim.replay import Recording, record
from sim.replay.page import render_page
from sim.scenario import Scenario


@pytest.fixture(scope="session")
def lively() -> Scenario:
    """Every instrument, a change of policy in mid-run, a tip, and questions."""
    return lively_scenario()


@pytest.fixture(scope="session")
def recorded(lively: Scenario) -> Recording:
    """Record it."""
    return record(lively, SEED)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """Open a browser without a window."""
    driver = open_browser()
    yield Page(driver)
    driver.quit()


@pytest.fixture(scope="module")
def file(recorded: Recording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page of the lively stretch."""
    path = tmp_path_factory.mktemp("player") / "run.html"
    path.write_text(render_page([recorded]), encoding="utf-8")
    return path

"""A page in a real browser, for tests that look at one."""

import json
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")

in_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="no Chromium: apt-get install chromium chromium-driver"
    ),
    pytest.mark.skipif(
        find_spec("selenium") is None, reason="Selenium drives the browser: pip install '.[test]'"
    ),
]
"""What a module of such tests is marked with."""


def open_browser() -> Any:
    """Open a browser without a window."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for each in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,800"):
        options.add_argument(each)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(executable_path=DRIVER)
    return webdriver.Chrome(options=options, service=service)


def visit(driver: Any, address: str) -> None:
    """Go to a file's address, and wait until the whole file has been read."""
    from selenium.webdriver.support.ui import WebDriverWait

    # An address that differs in what is behind # alone loads nothing anew. From about:blank,
    # Chromium 156 now and then never gets to a file; and when it says that it got there, it is
    # now and then still reading.
    driver.get("data:,")
    driver.get(address)
    WebDriverWait(driver, 20, poll_frequency=0.05).until(
        lambda _: driver.execute_script(
            "return location.protocol === 'file:' && document.readyState === 'complete'"
        )
    )


class Page:
    """A page in a browser."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, path: Path, address: str = "") -> None:
        """Open a file, and wait until the player says that it is ready."""
        visit(self.driver, path.as_uri() + address)
        self.wait(lambda: bool(self.js("return document.body.dataset.ready")))

    def js(self, script: str, *values: Any) -> Any:
        """Run a script; `player` is the player."""
        return self.driver.execute_script(f"const player = window.bordersim; {script}", *values)

    def press(self, key: str) -> None:
        """Press a key with nothing focused."""
        from selenium.webdriver.common.by import By

        self.js("document.activeElement.blur()")
        self.driver.find_element(By.TAG_NAME, "body").send_keys(key)

    def text(self, name: str) -> str:
        """Give the text of an element by its id."""
        return str(self.js("return document.getElementById(arguments[0]).textContent", name))

    @property
    def time(self) -> float:
        """The time that is shown, s."""
        return float(self.js("return player.state.time"))

    def wait(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        from selenium.webdriver.support.ui import WebDriverWait

        WebDriverWait(self.driver, 20, poll_frequency=0.05).until(lambda _: holds())

    def complaints(self) -> list[str]:
        """What the console has said since last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Addresses that were asked for since last asked, but for the file itself."""
        asked = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
        return [url for url in asked if not url.startswith(("file:", "data:"))]

"""`bordersim play`: a run that is steered in the browser while it goes on."""

from pathlib import Path
from typing import Any

from sim.replay.live.desk import Desk, Request, seed_of
from sim.replay.live.model import LiveModel
from sim.replay.live.server import serve


def play_command(
    scenario: Path,
    policy: str | None,
    seed: int,
    overrides: dict[str, Any],
    port: int,
    browser: bool,
    allow_code: bool,
) -> None:
    """Serve pages that play a scenario, until Ctrl-C."""
    request = Request(scenario, policy, overrides, allow_code, seed)
    # Whatever is wrong with the files or the seed is said here, before anybody opens a page.
    LiveModel(Desk(request), seed_of(str(seed)))
    serve(request, port, browser)

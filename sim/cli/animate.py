"""`bordersim animate`: one run as a film or a still."""

import sys
from pathlib import Path
from typing import Any

DEFAULT_DAYS = 7.0


def animate_command(
    scenario: Path,
    out: Path,
    policy: str | None,
    seed: int,
    overrides: dict[str, Any],
    hours_per_second: float,
    at: float | None,
    allow_code: bool,
) -> None:
    """Draw a run as a film, or one moment of it."""
    from rich.console import Console
    from rich.progress import Progress

    from sim.replay.recording import record
    from sim.replay.video import FRAMES_PER_SECOND, draw_film, draw_still, moments, staged
    from sim.scenario import Scenario

    overrides.setdefault("time.days", DEFAULT_DAYS)
    loaded = Scenario.load(scenario, policy, overrides, allow_code)
    hours = 24.0 * loaded.time.days
    console = Console(stderr=True, highlight=False)
    with staged(out) as part, Progress(console=console, disable=not console.is_terminal) as bar:
        is_still = part.suffix == ".png"
        moment = _moment(at, hours, is_still)
        fps = FRAMES_PER_SECOND.get(part.suffix, 1)
        times = moments(hours, hours_per_second, fps)[: 1 if is_still else None]
        what = f"day {moment / 24.0:g}" if is_still else f"{loaded.time.days:g} days"
        film = "" if is_still else f", {len(times)} frames, {len(times) / fps:.0f} s of film"
        print(
            f"{what} of {loaded.name}, policy {loaded.policy_name}, seed {seed}{film}",
            file=sys.stderr,
        )
        running = bar.add_task("running", total=hours)
        recording = record(loaded, seed, lambda clock: bar.update(running, completed=clock))
        if is_still:
            draw_still(recording, part, moment)
        else:
            drawing = bar.add_task("drawing", total=len(times))
            draw_film(recording, part, times, fps, lambda: bar.advance(drawing))
    print(out)


def _moment(at: float | None, hours: float, is_still: bool) -> float:
    """Give the moment of a still, h, if it is one that the run has."""
    from sim.errors import InputError

    if at is None:
        return hours
    if not is_still:
        raise InputError("is for stills", where="--at", remedy="end the file in .png")
    if not 0.0 <= 24.0 * at <= hours:
        raise InputError(
            f"day {at:g} is not in the run", where="--at", remedy=f"0 to {hours / 24.0:g}"
        )
    return 24.0 * at

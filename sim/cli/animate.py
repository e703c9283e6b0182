"""`bordersim animate`: one run as a page to play, a film or a still; two beside each other."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    from rich.progress import Progress

    from sim.replay import Recording
    from sim.scenario import Scenario

DEFAULT_DAYS = 7.0
"""Length of a film; a page is of the whole run unless told otherwise."""


def animate_command(
    scenario: Path,
    out: Path,
    policies: list[str],
    seed: int,
    overrides: dict[str, Any],
    hours_per_second: float,
    at: float | None,
    trainee: bool,
    allow_code: bool,
) -> None:
    """Make a page, a film or a still of a run, by the ending of `out`."""
    from rich.console import Console
    from rich.progress import Progress

    from sim.replay.output import staged
    from sim.scenario import Scenario

    is_page = out.suffix.lower() == ".html"
    _check(policies, is_page, trainee)
    if not is_page:
        overrides.setdefault("time.days", DEFAULT_DAYS)
    chosen: list[str | None] = [*policies] or [None]
    loaded = [Scenario.load(scenario, policy, overrides, allow_code) for policy in chosen]
    console = Console(stderr=True, highlight=False)
    with staged(out) as part, Progress(console=console, disable=not console.is_terminal) as bar:
        if is_page:
            _write_page(loaded, seed, part, at, trainee, bar)
        else:
            _draw(loaded, seed, part, hours_per_second, at, bar)
    print(out)


def _check(policies: list[str], is_page: bool, trainee: bool) -> None:
    """Refuse what does not go together."""
    if len(policies) > 2:
        raise InputError(
            f"{len(policies)} policies are too many",
            where="--policy",
            remedy="two at most beside each other",
        )
    if trainee and not is_page:
        raise InputError("is for pages", where="--trainee", remedy="end the file in .html")
    if trainee and len(policies) > 1:
        raise InputError(
            "leaves nothing to compare, since both runs are compared by what truly happened",
            where="--trainee",
            remedy="give one --policy",
        )


def _write_page(
    scenarios: "list[Scenario]",
    seed: int,
    part: Path,
    at: float | None,
    trainee: bool,
    bar: "Progress",
) -> None:
    """Write a page that plays the runs."""
    from sim.replay.page import render_page

    if at is not None:
        raise InputError("is for stills", where="--at", remedy="end the file in .png")
    for each in scenarios:
        _announce(f"{each.time.days:g} days", each, seed)
    recordings = [_record(each, seed, bar) for each in scenarios]
    part.write_text(render_page(recordings, trainee=trainee), encoding="utf-8")


def _draw(
    scenarios: "list[Scenario]",
    seed: int,
    part: Path,
    hours_per_second: float,
    at: float | None,
    bar: "Progress",
) -> None:
    """Draw a film, or one moment as a still, of one run or of two beside each other."""
    from sim.replay.video import FRAMES_PER_SECOND, draw_film, draw_still, moments

    days = scenarios[0].time.days
    hours = 24.0 * days
    is_still = part.suffix == ".png"
    moment = _moment(at, hours, is_still)
    fps = FRAMES_PER_SECOND.get(part.suffix, 1)
    times = moments(hours, hours_per_second, fps)[: 1 if is_still else None]
    what = f"day {moment / 24.0:g}" if is_still else f"{days:g} days"
    film = "" if is_still else f", {len(times)} frames, {len(times) / fps:.0f} s of film"
    for each in scenarios:
        _announce(what, each, seed, film)
    recordings = [_record(each, seed, bar) for each in scenarios]
    if is_still:
        draw_still(recordings, part, moment)
    else:
        drawing = bar.add_task("drawing", total=len(times))
        draw_film(recordings, part, times, lambda drawn: bar.update(drawing, completed=drawn))


def _announce(what: str, scenario: "Scenario", seed: int, more: str = "") -> None:
    told = f"{what} of {scenario.name}, policy {scenario.policy_name}, seed {seed}{more}"
    print(told, file=sys.stderr)


def _record(scenario: "Scenario", seed: int, bar: "Progress") -> "Recording":
    """Run a scenario and take it down."""
    from sim.replay.recording import record

    running = bar.add_task("running", total=24.0 * scenario.time.days)
    return record(scenario, seed, lambda clock: bar.update(running, completed=clock))


def _moment(at: float | None, hours: float, is_still: bool) -> float:
    """Give the moment of a still, h, if it is one that the run has."""
    if at is None:
        return hours
    if not is_still:
        raise InputError("is for stills", where="--at", remedy="end the file in .png")
    if not 0.0 <= 24.0 * at <= hours:
        raise InputError(
            f"day {at:g} is not in the run", where="--at", remedy=f"0 to {hours / 24.0:g}"
        )
    return 24.0 * at

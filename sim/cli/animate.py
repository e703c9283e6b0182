"""`bordersim animate`: one run as a page to play, a film or a still; two beside each other."""

import sys
from contextlib import nullcontext
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
    after_action: Path | None,
    allow_code: bool,
) -> None:
    """Make a page, a film or a still of a run, by the ending of `out`, and a review of it."""
    from rich.console import Console
    from rich.progress import Progress

    from sim.replay.output import staged
    from sim.replay.review import render_review
    from sim.scenario import Scenario

    is_page = out.suffix.lower() == ".html"
    _check(policies, is_page, trainee)
    _check_review(policies, trainee, after_action)
    if not is_page:
        overrides.setdefault("time.days", DEFAULT_DAYS)
    chosen: list[str | None] = [*policies] or [None]
    loaded = [Scenario.load(scenario, policy, overrides, allow_code) for policy in chosen]
    console = Console(stderr=True, highlight=False)
    review = nullcontext(None) if after_action is None else staged(after_action)
    bars = Progress(console=console, disable=not console.is_terminal)
    with staged(out) as part, review as sheet, bars as bar:
        if is_page:
            recordings = _write_page(loaded, seed, part, at, trainee, bar)
        else:
            recordings = _draw(loaded, seed, part, hours_per_second, at, bar)
        if sheet is not None:
            sheet.write_text(render_review(recordings[0]), encoding="utf-8")
    print(out)
    if after_action is not None:
        print(after_action)


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


def _check_review(policies: list[str], trainee: bool, out: Path | None) -> None:
    """Refuse a review that cannot be, before anything runs."""
    if out is None:
        return
    if out.suffix.lower() != ".html":
        raise InputError("is a page", where="--after-action", remedy="end the file in .html")
    if trainee:
        raise InputError(
            "tells the truth of the run",
            where="--after-action",
            remedy="leave out --trainee; the trainer keeps the review",
        )
    if len(policies) > 1:
        raise InputError(
            "is about one run", where="--after-action", remedy="give one --policy at a time"
        )


def _write_page(
    scenarios: "list[Scenario]",
    seed: int,
    part: Path,
    at: float | None,
    trainee: bool,
    bar: "Progress",
) -> "list[Recording]":
    """Write a page that plays the runs, and give what was recorded."""
    from sim.replay.page import render_page

    if at is not None:
        raise InputError("is for stills", where="--at", remedy="end the file in .png")
    for each in scenarios:
        _announce(f"{each.time.days:g} days", each, seed)
    recordings = [_record(each, seed, bar) for each in scenarios]
    part.write_text(render_page(recordings, trainee=trainee), encoding="utf-8")
    return recordings


def _draw(
    scenarios: "list[Scenario]",
    seed: int,
    part: Path,
    hours_per_second: float,
    at: float | None,
    bar: "Progress",
) -> "list[Recording]":
    """Draw a film or a still of one run, or of two beside each other; give what was recorded."""
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
    return recordings


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

"""Section 1: back-and-forth patrols, and the exact value of coordination.

Crossers appear uniformly in place and time; `a` is the window over the hours of a beat one way. On
the circle of a round the two passes of a patrol are two independent uniform points, so that a
crosser is missed with probability (1 − |S|/2)², where |S| is the measure of the phases of a round
that the window covers, in beats: a for one patrol, 2a for two in antiphase. Across the line the two
windows follow each other, and what counts is how their phases overlap.
"""

import math
from typing import Any

from sim.verification.counting import detected_by
from sim.verification.rung import Rung

BEAT = 2.26125
"""One way, h, on each stretch that is one beat."""

SHARES = (0.25, 0.5, 1.0)

SOURCE = (
    "verification ladder 1; barrier patrol, Koopman, Search and Screening (1946); own derivation"
)

ATTEMPTS = {"groups.0.attempts_per_day": 100.0, "time.days": 25.0}
"""About 2,500 attempts a run."""


MANY_BEATS: dict[str, Any] = {
    "world__provinces": ["Line"],
    "groups__0__attempts_per_day": 250.0,
    "time__days": 10.0,
}
"""120 beats at once, so that phases that are drawn once for a run average out."""


def one_patrol(a: float) -> float:
    """Share met by one patrol, or by two in the same phase."""
    return 1.0 - (1.0 - a / 2.0) ** 2


def two_spread(a: float) -> float:
    """Share met by two patrols in antiphase, or with half of the sector each."""
    return 1.0 - (1.0 - a) ** 2


def two_independent(a: float) -> float:
    """Share met by two patrols that do not know of each other's phase."""
    return 1.0 - 2.0 / 3.0 * (1.0 - a / 2.0) ** 3 - 1.0 / 3.0 * (1.0 - a) ** 3


def random_search(a: float, searchers: int) -> float:
    """Share met by a search at random."""
    return 1.0 - math.exp(-a * searchers)


def _windows(here: float, there: float) -> dict[str, Any]:
    """Windows on the two sides, h."""
    return {"crimes.crossing.exposure_hours": {"AAA": here, "BBB": there}}


def _barrier(
    name: str,
    title: str,
    expected: float,
    windows: tuple[float, float],
    sides: tuple[int, ...] = (0,),
    **settings: Any,
) -> Rung:
    """Describe a rung of this section; `__` in a keyword stands for a dot."""
    changes = {key.replace("__", "."): value for key, value in settings.items()}
    return Rung(
        name=f"barrier.{name}",
        title=title,
        source=SOURCE,
        scenario="line.toml",
        expected={"detected": expected},
        count=detected_by(detected=sides),
        settings=[ATTEMPTS | _windows(*windows) | changes],
    )


def _on_one_side(a: float) -> list[Rung]:
    """Patrols of one post, with all of the window on their side."""
    window = (a * BEAT, 0.0)
    fixed: dict[str, Any] = {"allocation__kind": "rota", "allocation__rota_days": 1e6}
    return [
        _barrier(f"one.{a:g}", f"one patrol, a = {a:g}", one_patrol(a), window),
        _barrier(
            f"same_phase.{a:g}",
            f"two patrols in the same phase, a = {a:g}",
            one_patrol(a),
            window,
            patrols__per_post={"AAA": 2, "BBB": 0},
            patrols__spacing="same",
        ),
        _barrier(
            f"independent.{a:g}",
            f"two patrols with independent phases on each of 120 beats, a = {a:g}",
            two_independent(a),
            window,
            patrols__per_post={"AAA": 2, "BBB": 0},
            patrols__spacing="independent",
            **MANY_BEATS,
        ),
        _barrier(
            f"antiphase.{a:g}",
            f"two patrols of a post in antiphase, a = {a:g}",
            two_spread(a),
            window,
            patrols__per_post={"AAA": 2, "BBB": 0},
            patrols__spacing="even",
        ),
        _barrier(
            f"halves.{a:g}",
            f"two patrols with half of the sector each, a = {a:g}",
            two_spread(a),
            window,
            world__provinces=["Double"],
            patrols__per_post={"AAA": 2, "BBB": 0},
            **fixed,
        ),
    ]


def _across_the_line(a: float) -> list[Rung]:
    """A patrol on each side, each with its own window of a crossing, one after the other."""
    both = (a * BEAT, a * BEAT)
    one_each: dict[str, Any] = {"patrols__per_post": 1, "schedules__meeting_hours": 0.0}
    # Up to half a beat the two windows cover different phases; at a whole beat the same ones.
    covered = 2.0 * a if a <= 0.5 else 1.0
    return [
        _barrier(
            f"two_sides.independent.{a:g}",
            f"a patrol on each side with its own window, independent phases, a = {a:g}",
            two_independent(a),
            both,
            sides=(0, 1),
            patrols__per_post=1,
            **MANY_BEATS,
        ),
        _barrier(
            f"two_sides.split.{a:g}",
            f"each side takes half of the sector, with its own window, a = {a:g}",
            two_spread(a),
            both,
            sides=(0, 1),
            world__provinces=["Double"],
            schedules__kind="split",
            **one_each,
        ),
        _barrier(
            f"two_sides.antiphase.{a:g}",
            f"a patrol on each side in antiphase, each with its own window, a = {a:g}",
            1.0 - (1.0 - covered / 2.0) ** 2,
            both,
            sides=(0, 1),
            schedules__kind="antiphase",
            **one_each,
        ),
    ]


def _on_terrain(a: float) -> list[Rung]:
    """Beats of several segments of different relief: only hours of walking matter."""
    mixed = 3 * 1.809
    rough: dict[str, Any] = {"world__provinces": ["Rough"], "patrols__beat_segments": 4}
    half: dict[str, Any] = {
        "world__provinces": ["Rough"],
        "patrols__beat_segments": 2,
        "posts__sector_km": 3.7,
    }
    return [
        _barrier(
            f"terrain.one.{a:g}",
            f"one patrol on a beat of three reliefs, a = {a:g}",
            one_patrol(a),
            (a * mixed, 0.0),
            world__provinces=["Mixed"],
            posts__sector_km=16.281,
            patrols__beat_segments=3,
        ),
        _barrier(
            f"terrain.antiphase.{a:g}",
            f"two in antiphase on a beat of four segments of three reliefs, a = {a:g}",
            two_spread(a),
            (a * BEAT, 0.0),
            patrols__per_post={"AAA": 2, "BBB": 0},
            patrols__spacing="even",
            **rough,
        ),
        _barrier(
            f"terrain.halves.{a:g}",
            f"two posts with half of the hours of four segments of three reliefs, a = {a:g}",
            two_spread(a),
            (a * BEAT, 0.0),
            **half,
        ),
        _barrier(
            f"terrain.two_sides.{a:g}",
            f"half a round apart across the line, windows of {a / 2:g} and {a / 4:g} beats",
            1.0 - (1.0 - (a / 2.0 + a / 4.0) / 2.0) ** 2,
            (a / 2.0 * BEAT, a / 4.0 * BEAT),
            sides=(0, 1),
            patrols__per_post=1,
            schedules__kind="antiphase",
            schedules__meeting_hours=0.0,
            **rough,
        ),
    ]


def _at_random(a: float, searchers: int) -> Rung:
    """Quick patrols that see little at each of many passes."""
    quick = [4000.0, 3000.0, 2000.0]
    return _barrier(
        f"random.{searchers}.{a:g}",
        f"{searchers} quick patrols that see one crosser in a thousand at a pass, a = {a:g}",
        random_search(a, searchers),
        (a * BEAT, 0.0),
        world__speed_kmh=quick,
        patrols__detection=0.001,
        patrols__per_post={"AAA": searchers, "BBB": 0},
        patrols__spacing="independent",
    )


def _own_side_only() -> Rung:
    """A patrol with no window on its side."""
    return _barrier(
        "own_side",
        "a patrol detects nobody who is exposed on the other side only",
        0.0,
        (0.0, BEAT),
        sides=(0, 1),
    )


RUNGS = (
    *(rung for a in SHARES for rung in _on_one_side(a)),
    *(rung for a in SHARES for rung in _across_the_line(a)),
    *(rung for a in SHARES for rung in _on_terrain(a)),
    *(_at_random(a, searchers) for a in SHARES for searchers in (1, 2)),
    _own_side_only(),
)

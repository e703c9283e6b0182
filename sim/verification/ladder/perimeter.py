"""Section 3: visits of a perimeter at a rate λ, against attacks of a time t."""

import math
from typing import Any

from sim.verification.counting import detected_on
from sim.verification.rung import Rung

BEAT = 2.26125
"""One way over the stretch Perimeter, h, at the ordinary speed."""

MIDDLE = 1
"""Its middle segment: a patrol passes there once in the hours of a beat, nearly evenly."""

SOURCE = "verification ladder 3; after Lin, Operations Research (2019)"

DETECTION = 0.8

PATROLS = 200
"""Patrols on long beats that know nothing of each other: nearly a Poisson process of visits."""


def evenly(visits: float, detection: float) -> float:
    """Share detected if visits come evenly, `visits` of them in the time of an attack."""
    whole = math.floor(visits)
    more = visits - whole
    missed = 1.0 - detection
    return 1.0 - ((1.0 - more) * missed**whole + more * missed ** (whole + 1))


def by_chance(visits: float, detection: float) -> float:
    """Share detected if visits are a Poisson process."""
    return 1.0 - math.exp(-visits * detection)


def _perimeter(
    kind: str, title: str, visits: float, expected: float, where: int | None, **settings: Any
) -> Rung:
    """Describe a rung of this section; `__` in a keyword stands for a dot."""
    changes = {key.replace("__", "."): value for key, value in settings.items()}
    return Rung(
        name=f"perimeter.{kind}.{visits:g}",
        title=f"{title}, λt = {visits:g}, p = {DETECTION:g}",
        source=SOURCE,
        scenario="perimeter.toml",
        expected={"detected": expected},
        count=detected_on(where),
        settings=[changes],
    )


RUNGS = (
    *(
        _perimeter(
            "even",
            "even visits",
            visits,
            evenly(visits, DETECTION),
            where=MIDDLE,
            crimes__crossing__exposure_hours={"AAA": visits * BEAT, "BBB": 0.0},
        )
        for visits in (0.5, 1.5, 2.5)
    ),
    *(
        _perimeter(
            "poisson",
            f"visits of {PATROLS} independent patrols",
            visits,
            by_chance(visits, DETECTION),
            where=None,
            groups__0__attempts_per_day=100.0,
            patrols__phase="each_shift",
            crimes__crossing__exposure_hours={"AAA": visits, "BBB": 0.0},
            world__speed_kmh=[4.0 * BEAT / PATROLS] * 3,
            patrols__per_post={"AAA": PATROLS, "BBB": 0},
            patrols__spacing="independent",
        )
        for visits in (0.5, 1.5)
    ),
)

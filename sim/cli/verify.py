"""`bordersim verify`: whether the simulation reproduces what is known exactly."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sim.errors import BordersimError
from sim.verification import QUICK, STANDARD_ERRORS, Climbed, climb_ladder, rungs_named
from sim.verification.climbing import Engines


def verify_command(
    names: Sequence[str], engines: Engines, quick: bool, workers: int, as_json: bool
) -> None:
    """Climb the ladder, say what came of each rung, and fail if one does not hold."""
    part = QUICK if quick else 1.0
    climbing = climb_ladder(rungs_named(names), engines, part, workers)
    if as_json:
        climbed = list(climbing)
        print(json.dumps([_document(each) for each in climbed], indent=2, ensure_ascii=False))
    else:
        climbed = _shown(climbing, engines, quick)
    broken = [each.rung.name for each in climbed if not each.holds]
    if broken:
        raise BordersimError(
            f"{len(broken)} of {len(climbed)} rungs do not hold: {', '.join(broken)}",
            remedy="see which numbers differ, above, and what has changed in the model",
        )


def _shown(climbing: Iterable[Climbed], engines: Engines, quick: bool) -> list[Climbed]:
    """Print a line for each quantity as rungs are done."""
    columns = ("expected", "simulated", "std. error")
    print(f"{'rung, quantity':54}" + "".join(f"{name:>12}" for name in columns) + "  verdict")
    climbed = []
    for each in climbing:
        climbed.append(each)
        for reading in each.readings:
            numbers = (reading.expected, reading.simulated, reading.error)
            print(
                f"{each.rung.name + ', ' + reading.quantity:54}"
                + "".join(f"{number:12.4f}" for number in numbers)
                + ("  holds" if reading.holds else "  FAILS"),
                flush=True,
            )
        if each.same is False:
            print(f"{each.rung.name}: FAILS, the engines give different events", flush=True)
    held = sum(each.holds for each in climbed)
    runs = "a quarter of the runs" if quick else "all runs"
    engine = "agents" if engines == "agents" else "compiled"
    print(
        f"{held} of {len(climbed)} rungs hold, within {STANDARD_ERRORS:g} standard errors (more by "
        f"Student's t where runs are few) and what slack a rung names ({runs}, {engine} engine)."
    )
    if engines == "both":
        agree = sum(each.same is True for each in climbed)
        print(f"The agents give the same events in a short run of {agree} of them.")
    return climbed


def _document(climbed: Climbed) -> dict[str, Any]:
    """Give what came of a rung, ready for JSON."""
    rung = climbed.rung
    return {
        "rung": rung.name,
        "title": rung.title,
        "source": rung.source,
        "scenario": rung.scenario,
        "holds": climbed.holds,
        "engines_agree": climbed.same,
        "readings": [
            {
                "quantity": each.quantity,
                "expected": each.expected,
                "simulated": each.simulated,
                "standard_error": each.error,
                "tolerance": each.tolerance,
                "holds": each.holds,
            }
            for each in climbed.readings
        ],
    }

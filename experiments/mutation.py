"""Breaks one rule of the model at a time, and lists what notices.

Usage: python experiments/mutation.py [--only RULE …] [--workers N] [--out DIR]

Each rule of `sim.rules` is changed in turn, everywhere it is used: most are halved, the
others as `CHANGES` says. Then a rung of the ladder that leans on it is climbed with agents, in
ten runs, and must not hold.
"""

import argparse
import csv
import pkgutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

import sim.rules
from sim.rules import RULES
from sim.verification import LADDER, Reading, climb

for each in pkgutil.iter_modules(sim.rules.__path__):
    import_module(f"sim.rules.{each.name}")

ROOT = Path(__file__).parents[1]

RUNS = 10

SCALE = 0.5

Rule = Callable[..., Any]

CHANGES: dict[str, tuple[str, Callable[[Rule], Rule]]] = {
    "barrier.first_success": ("one later", lambda rule: lambda *a: rule(*a) + 1),
    "belief.posterior_mean": ("inverse", lambda rule: lambda *a: 1.0 / rule(*a)),
    "choice.start_in_part": (
        "share squared",
        lambda rule: lambda part, length, wanted, share: rule(part, length, wanted, share**2),
    ),
    "cooperation.first_occasion": ("one later", lambda rule: lambda *a: rule(*a) + 1),
    "cooperation.is_untold": ("negated", lambda rule: lambda *a: not rule(*a)),
    "encounter.caught_in_time": ("negated", lambda rule: lambda *a: not rule(*a)),
    "learning.logit_utility": ("negated", lambda rule: lambda *a: -rule(*a)),
    "security.comb_sample": (
        "share squared",
        lambda rule: lambda marginals, share: rule(marginals, share**2),
    ),
    "ties.in_hundredths": ("not rounded", lambda rule: lambda value: value),
    "ties.in_steps": ("negated", lambda rule: lambda *a: -rule(*a)),
}
"""What is done to a rule that is not scaled, because scaling it changes no choice, gives no value
of its kind or leaves what it is for as it is."""

LEANS = {
    "barrier.into_round": "barrier.one.0.5",
    "barrier.place_on_beat": "beats.answer",
    "barrier.pass_time": "barrier.one.0.5",
    "barrier.first_success": "process.night",
    "barrier.overlap_integral": "beats.lawful",
    "barrier.patrol_exposure": "beliefs.uniform",
    "belief.forget": "beliefs.uniform",
    "belief.keep_share": "process.trust",
    "belief.observe": "beliefs.uniform",
    "belief.posterior_mean": "security.committed.1",
    "choice.expected_payoff": "adversary.level_1",
    "choice.subjective_utility": "adversary.suqr",
    "choice.probability_weight": "adversary.prospect",
    "choice.prospect_outcome": "adversary.prospect",
    "choice.prospect_value": "adversary.prospect",
    "choice.effort_spread": "adversary.spread",
    "choice.effort_concentrated": "adversary.level_2",
    "choice.start_in_part": "process.start",
    "cooperation.trust_after": "process.trust",
    "cooperation.acts_on_alert": "process.hotline",
    "cooperation.saturating": "process.development",
    "cooperation.believed_coverage": "freshness.believed.1.5",
    "cooperation.covered_together": "adversary.level_2",
    "cooperation.lacking_carriers": "process.development",
    "cooperation.first_occasion": "process.trust",
    "cooperation.goodwill": "knowledge.goodwill",
    "cooperation.is_untold": "knowledge.untold",
    "cooperation.skill_after": "knowledge.skill",
    "encounter.darkness": "process.night",
    "encounter.detection_chance": "process.night",
    "encounter.sensor_chance": "process.sensor",
    "encounter.caught_in_time": "process.pursuit",
    "encounter.wear_rate": "process.wear",
    "encounter.noticed": "adversary.suqr",
    "encounter.hours_by_vehicle": "process.reaction",
    "infection.imported_mean": "process.screening",
    "infection.screened_share": "process.screening",
    "learning.payoff": "adversary.logit",
    "learning.experience": "adversary.ewa.caught",
    "learning.attraction": "adversary.ewa.caught",
    "learning.logit_utility": "adversary.logit",
    "learning.estimated_risk": "adversary.suqr",
    "learning.stake_in_sightings": "adversary.ewa.scouts",
    "security.coverage_at": "security.committed.1",
    "security.patrols_for": "security.committed.1",
    "security.water_level": "security.committed.1",
    "security.comb_sample": "security.committed.1",
    "ties.in_hundredths": "knowledge.skill_in_hundredths",
    "ties.in_steps": "adversary.learns.best_response",
    "ties.total": "security.committed.1",
}
"""A rung that leans on a rule, by the name of the rule after `sim.rules`."""


@dataclass(frozen=True)
class Noticed:
    """Whether a rung noticed that a rule was broken.

    Attributes
    ----------
    rule, change : which, and what was done to it
    by : name of the rung; "" if it did not
    expected, simulated : of the quantity that is furthest off
    """

    rule: str
    change: str
    by: str
    expected: float
    simulated: float


def short(rule: str) -> str:
    """Name a rule without its package."""
    return rule.removeprefix("sim.rules.")


def change_of(rule: str) -> tuple[str, Callable[[Rule], Rule]]:
    """Say what is done to a rule, and do it."""
    scaled = ("halved", lambda known: lambda *a, **k: SCALE * known(*a, **k))
    return CHANGES.get(short(rule), scaled)


@contextmanager
def broken(rule: str) -> Iterator[None]:
    """Put a changed rule in the place of a rule, wherever a module has it by name."""
    known = RULES[rule]
    changed = change_of(rule)[1](known)
    places = []
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "sim":
            for key, value in list(vars(module).items()):
                if value is known:
                    places.append((module, key, value, changed))
                elif getattr(value, "__wrapped__", None) is known:
                    places.append((module, key, value, lru_cache(maxsize=100_000)(changed)))
    for module, key, _, new in places:
        setattr(module, key, new)
    try:
        yield
    finally:
        for module, key, old, _ in places:
            setattr(module, key, old)


def notice(rule: str) -> Noticed:
    """Break a rule, and see whether the rung that leans on it notices."""
    change, name = change_of(rule)[0], LEANS[short(rule)]
    with broken(rule):
        readings = climb(replace(LADDER[name], runs=RUNS), "agents")
    worst = max(readings, key=lambda reading: (not reading.holds, _off(reading)))
    by = "" if worst.holds else name
    return Noticed(short(rule), change, by, worst.expected, worst.simulated)


def _off(reading: Reading) -> float:
    """How many tolerances a reading is off."""
    return abs(reading.simulated - reading.expected) / reading.tolerance


def table(noticed: Sequence[Noticed], file: Path) -> None:
    """Write what was noticed as CSV."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["rule", "change", "noticed by", "expected", "simulated"])
        for each in noticed:
            numbers = (f"{number:.4f}" for number in (each.expected, each.simulated))
            writer.writerow([each.rule, each.change, each.by, *numbers])


def main(arguments: Sequence[str]) -> int:
    """Break the rules that are asked for, and fail if one is not noticed."""
    parser = argparse.ArgumentParser(description="Break one rule at a time; list what notices.")
    parser.add_argument("--only", nargs="+", metavar="RULE", help="such as barrier.pass_time")
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "reference" / "verification")
    parser.add_argument("--workers", type=int, default=-1, help="processes, -1 for all cores")
    asked = parser.parse_args(arguments)
    rules = [rule for rule in RULES if not asked.only or short(rule) in asked.only]
    noticed = []
    for each in Parallel(asked.workers, return_as="generator")(map(delayed(notice), rules)):
        print(f"{each.rule:34}{each.change:16}{each.by or 'NOTHING'}", flush=True)
        noticed.append(each)
    if not asked.only:
        table(noticed, asked.out / "mutation.csv")
    return int(not all(each.by for each in noticed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

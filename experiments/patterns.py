"""Patterns that the model should show, on the same chance: figure, table, and whether they hold.

Usage: python experiments/patterns.py [--seeds N] [--out DIR]

A year on the stretch of Điện Biên, but for beliefs, which are looked at where true rates are known.
A pattern is a few settings, a number for each, and a direction in which that number should move
from the first setting to the last, if it should; where it should bend, also what the first step
gains more than the last. The table has the mean over seeds and the paired difference
to the first setting with its 95 % interval. The reading is in verification.md.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from sim import BorderModel, Scenario
from sim.engine.engines import choose_engine, model_of
from sim.outcomes import result_of
from sim.verification.ladder.beliefs import BUSY, true_rates
from sim.verification.rung import SCENARIOS

matplotlib.use("Agg")
import matplotlib.pyplot as plt

ROOT = Path(__file__).parents[1]
STRETCH = ROOT / "scenarios" / "dien_bien_phongsaly.toml"
KINDS = range(6)

LAST_GAIN = "gained by a unit at the last step, less at the first"
"""What the row is called that tells whether a pattern bends."""

Settings = Mapping[str, Any]
Number = Callable[[BorderModel], float]


@dataclass(frozen=True)
class Pattern:
    """Something that should show.

    Attributes
    ----------
    name : of the pattern
    title : what should show
    number : name and unit of what is looked at
    settings : by label, in order
    measure : what is looked at, of a model that has run
    falls : whether it should fall from the first setting to the last, or rise; None if it should
        stay, to the last digit
    doses : of settings, if each unit of it should gain less at the last step than at the first
    scenario : where
    """

    name: str
    title: str
    number: str
    settings: Mapping[str, Settings]
    measure: Number
    falls: bool | None
    doses: tuple[float, ...] = ()
    scenario: Path = STRETCH


def every_kind(**keys: Any) -> dict[str, Any]:
    """Set keys of every kind of groups; `__` stands for a dot."""
    return {
        f"groups.{kind}.{key.replace('__', '.')}": value
        for kind in KINDS
        for key, value in keys.items()
    }


def outcome(name: str, scale: float = 1.0) -> Number:
    """Look at an outcome of the run."""
    return lambda model: scale * float(result_of(model).outcomes[name])


def segments_used(model: BorderModel) -> float:
    """Count the segments that groups used, evenly: the exponential of the entropy of attempts."""
    counts = model.log.frame().query("kind == 'started'")["segment"].value_counts().to_numpy()
    shares = counts / counts.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


def started_in(province: str | None, inside: bool = True) -> Number:
    """Count attempts in a province of Laos, or elsewhere."""

    def count(model: BorderModel) -> float:
        started = model.log.frame().query("kind == 'started'")["segment"]
        segments = model.stage.world.segments
        there = {each.number for each in segments if each.province_of("LAO") == province}
        return float(started.isin(there).sum() if inside else (~started.isin(there)).sum())

    return count


def off_the_truth(model: BorderModel) -> float:
    """Give how far what posts believe is from the true rates, per cent of them, on average."""
    rates = true_rates(model)
    off = [
        abs(post.belief.alpha[0, place] / post.belief.beta[0, place] / rates[segment] - 1.0)
        for post in model.posts_by_number
        for place, segment in enumerate(post.site.sector)
        if post.patrols and rates[segment] >= BUSY
    ]
    return 100.0 * float(np.mean(off))


def loss(province: str, patrols: int) -> dict[str, Any]:
    """Take patrols from a province of Laos for the whole run."""
    inject = {
        "kind": "loss_of_patrols",
        "title": f"{province} has {patrols} patrols fewer",
        "day": 0,
        "days": 365,
        "side": "LAO",
        "provinces": [province],
        "patrols": patrols,
    }
    return {"injects": [inject]}


SCOUTS = {"lag_days": 1.0, "share_seen": 0.8, "memory_days": 3.0, "weight": 2.0}
LEARNERS = every_kind(adversary="best_response", scouts=SCOUTS)
WEEK = {"allocation.kind": "rota", "allocation.rota_days": 7.0}
PATROLS = (1, 3, 6, 9, 12)

CUT = {
    "injects": [{"kind": "link_outage", "title": "Links cut", "day": 0, "days": 365}],
    "posts.trust.alert_weight": 0.0,
}
"""No report or call from first to last, and trust that decides nothing."""

LINKS = {
    "sharing.interval_days": 1,
    "sharing.plans": True,
    "sharing.report_hours": 0.0,
    "hotline.works": 0.8,
    "hotline.call_hours": 0.0,
}
"""Links that take nobody's time."""

PATTERNS = (
    Pattern(
        "balloon_here",
        "Pressure in Phongsaly drives attempts away",
        "attempts in Phongsaly, a year",
        {"six patrols fewer": loss("Phongsaly", 6), "full pressure": {}},
        started_in("Phongsaly"),
        falls=True,
    ),
    Pattern(
        "balloon_elsewhere",
        "and they come elsewhere",
        "attempts elsewhere, a year",
        {"six patrols fewer": loss("Phongsaly", 6), "full pressure": {}},
        started_in("Phongsaly", inside=False),
        falls=False,
    ),
    Pattern(
        "wider_with_effort",
        "More patrols, more segments used",
        "segments used (exponential of entropy)",
        {f"{each}": {"patrols.per_post": {"VNM": each, "LAO": each}} for each in PATROLS},
        segments_used,
        falls=False,
    ),
    Pattern(
        "diminishing_returns",
        "More patrols intercept more, each of them less",
        "interdiction, per cent",
        {f"{each}": {"patrols.per_post": {"VNM": each, "LAO": each}} for each in PATROLS},
        outcome("interdiction_rate", 100.0),
        falls=False,
        doses=PATROLS,
    ),
    Pattern(
        "recorded",
        "More told by villages: more cases on record",
        "recorded cases, a year",
        {
            f"{each}": {"residential_twinning.pairs": each, "residential_twinning.reports": 0.3}
            for each in (0, 10, 20, 40)
        },
        outcome("recorded_cases"),
        falls=False,
    ),
    Pattern(
        "true_flow",
        "while the true flow falls",
        "attempts that passed, a year",
        {
            f"{each}": {"residential_twinning.pairs": each, "residential_twinning.reports": 0.3}
            for each in (0, 10, 20, 40)
        },
        outcome("passed"),
        falls=True,
    ),
    Pattern(
        "rota_exploited",
        "Scouts exploit a rota of a week",
        "interdiction, per cent",
        {
            "rota, no scouts": WEEK | every_kind(adversary="best_response"),
            "scouts": WEEK | LEARNERS,
        },
        outcome("interdiction_rate", 100.0),
        falls=True,
    ),
    Pattern(
        "random_not_exploited",
        "Against scouts, patrols at random do better",
        "interdiction, per cent",
        {
            "rota of a week": WEEK | LEARNERS,
            "random each shift": {"allocation.kind": "uniform"} | LEARNERS,
        },
        outcome("interdiction_rate", 100.0),
        falls=False,
    ),
    Pattern(
        "visible_displaces",
        "Patrols that are seen move attempts away",
        "attempts displaced, per cent",
        {"nobody watches": {}, "scouts": every_kind(scouts=SCOUTS)},
        outcome("displaced_share", 100.0),
        falls=False,
    ),
    Pattern(
        "intelligence_seizes",
        "Led by finds, patrols intercept more",
        "interdiction, per cent",
        {"rota": {"allocation.kind": "rota"}, "by posterior mean": {}},
        outcome("interdiction_rate", 100.0),
        falls=False,
    ),
    Pattern(
        "finds_double",
        "Finds without plans: both in one place",
        "segments covered doubly",
        {"nothing": {}, "finds": {"sharing.interval_days": 1}},
        outcome("doubly_covered"),
        falls=False,
    ),
    Pattern(
        "plans_part",
        "with plans shared as well: apart",
        "segments covered doubly",
        {
            "finds": {"sharing.interval_days": 1},
            "finds and plans": {"sharing.interval_days": 1, "sharing.plans": True},
        },
        outcome("doubly_covered"),
        falls=True,
    ),
    Pattern(
        "links_cut",
        "With all links cut, sharing changes nothing",
        "interdiction, per cent",
        {"nothing shared": CUT, "reports, plans, telephone": CUT | LINKS},
        outcome("interdiction_rate", 100.0),
        falls=None,
    ),
    Pattern(
        "beliefs_converge",
        "Beliefs come to the true rates",
        "off the true rate, per cent",
        {f"{days}": {"time.days": days, "allocation.kind": "uniform"} for days in (15, 60, 240)},
        off_the_truth,
        falls=True,
        scenario=SCENARIOS / "beliefs.toml",
    ),
)


def measured(pattern: Pattern, seeds: Sequence[int]) -> pd.DataFrame:
    """Run all settings of a pattern on the same seeds.

    Returns
    -------
    A row for each setting: mean, paired difference to the first one, and its 95 % interval. Of a
    pattern with doses, one row more: what a unit gains at the last step, and how that differs from
    what it gains at the first.
    """
    values = {}
    for label, each in pattern.settings.items():
        scenario = Scenario.load(pattern.scenario, overrides=dict(each))
        values[label] = np.array([looked_at(pattern, scenario, seed) for seed in seeds])
    first = next(iter(values.values()))
    rows = [(label, row, row - first) for label, row in values.items()]
    if pattern.doses:
        gains = np.diff(list(values.values()), axis=0) / np.diff(pattern.doses)[:, None]
        rows.append((LAST_GAIN, gains[-1], gains[-1] - gains[0]))
    table = [
        (pattern.name, label, row.mean(), gap.mean(), *_interval(gap)) for label, row, gap in rows
    ]
    return pd.DataFrame(table, columns=["pattern", "setting", "mean", "difference", "low", "high"])


def looked_at(pattern: Pattern, scenario: Scenario, seed: int) -> float:
    """Run a scenario, and give the number of a pattern."""
    model = model_of(scenario, seed, choose_engine(scenario, runs=99)[0])
    model.run_model()
    return pattern.measure(model)


def _interval(gap: NDArray[np.float64]) -> tuple[float, float]:
    """Give the 95 % interval of a mean, by Student's t."""
    half = float(stats.t.ppf(0.975, len(gap) - 1) * gap.std(ddof=1) / np.sqrt(len(gap)))
    return gap.mean() - half, gap.mean() + half


def shows(pattern: Pattern, table: pd.DataFrame) -> bool:
    """Whether the last setting differs from the first as it should, clearly, and bends so too."""
    rows = table.set_index("setting")
    last = rows.loc[list(pattern.settings)[-1]]
    if pattern.falls is None:
        return bool(last["low"] == last["high"] == 0.0)
    moves = last["high"] < 0.0 if pattern.falls else last["low"] > 0.0
    bends = not pattern.doses or rows.loc[LAST_GAIN, "high"] < 0.0
    return bool(moves and bends)


def draw(tables: Mapping[str, pd.DataFrame], file: Path) -> None:
    """Draw all patterns, one panel each."""
    figure, axes = plt.subplots(5, 3, figsize=(11, 15), layout="constrained")
    axes.flat[-1].remove()
    for axis, pattern in zip(axes.flat, PATTERNS, strict=False):
        table = tables[pattern.name].iloc[: len(pattern.settings)]
        labels = pd.to_numeric(table["setting"], errors="coerce")
        places = np.arange(len(table)) if labels.hasnans else labels.to_numpy()
        gaps = np.array([table["difference"] - table["low"], table["high"] - table["difference"]])
        axis.errorbar(places, table["mean"], yerr=gaps, fmt="o-", color="#0072B2", capsize=3)
        axis.set_xticks(places, table["setting"])
        axis.margins(x=0.2)
        axis.set_title(pattern.title, fontsize=9, loc="left", fontweight="bold")
        axis.set_ylabel(pattern.number, fontsize=8)
        axis.tick_params(labelsize=8)
    for axis in axes.flat[2:4]:
        axis.set_xlabel("patrols of a post", fontsize=8)
    for axis in axes.flat[4:6]:
        axis.set_xlabel("pairs of twinned villages", fontsize=8)
    axes.flat[13].set_xlabel("days", fontsize=8)
    figure.savefig(file, dpi=120)
    plt.close(figure)


def main(arguments: Sequence[str]) -> int:
    """Measure all patterns, and fail if one does not show."""
    parser = argparse.ArgumentParser(description="Patterns that the model should show.")
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "reference" / "verification")
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    tables = {}
    missing = []
    for pattern in PATTERNS:
        tables[pattern.name] = table = measured(pattern, range(1, asked.seeds + 1))
        verdict = "shows" if shows(pattern, table) else "DOES NOT SHOW"
        missing += [] if verdict == "shows" else [pattern.name]
        print(f"{pattern.title}: {verdict}\n{table.to_string(index=False)}", flush=True)
    together = pd.concat(tables.values(), ignore_index=True)
    together.to_csv(asked.out / "patterns.csv", index=False, float_format="%.4f")
    draw(tables, asked.out / "patterns.png")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

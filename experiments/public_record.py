"""Holds a year of the baseline on the Vietnam–Laos line against the public record.

Usage: python experiments/public_record.py [--seeds N] [--out DIR]

Writes a table: the published figure, what the model gives in a year for the same place and its 95 %
interval over seeds, and the ratio. What is off by more than a factor of two is explained in
verification.md.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from sim import RunResult, Scenario, run

ROOT = Path(__file__).parents[1]
LINE = ROOT / "scenarios" / "vietnam_laos.toml"
STRETCH = ROOT / "scenarios" / "dien_bien_phongsaly.toml"


def on_record(*crimes: str) -> Callable[[RunResult], float]:
    """Count cases of crime types that a side detects or learns of, each attempt once."""

    def count(result: RunResult) -> float:
        log = result.events
        kinds = [result.stage.crimes.index(crime) for crime in crimes]
        mine = log[log["crime"].isin(kinds)]
        found = mine.loc[mine["kind"] == "detected", "attempt"].nunique()
        return float(found + (mine["kind"] == "learned_later").sum())

    return count


def longest(side: str) -> Callable[[RunResult], float]:
    """Mean length of line that a post of a side holds, km."""

    def measure(result: RunResult) -> float:
        world = result.stage.world
        sectors = [
            sum(world.segments[number].length_km for number in post.sector)
            for post in world.posts
            if post.side == side
        ]
        return float(np.mean(sectors))

    return measure


def lawful(result: RunResult) -> float:
    """People who cross in a year."""
    return float(result.outcomes["lawful_crossings"])


def interdicted(result: RunResult) -> float:
    """Share of irregular crossings that are met and referred."""
    return float(result.outcomes["referral_rate"])


def length(result: RunResult) -> float:
    """Length of the line, km."""
    return float(sum(segment.length_km for segment in result.stage.world.segments))


def joint(result: RunResult) -> float:
    """Joint patrols in a year."""
    return float(result.outcomes["joint_patrols"])


RECORD = (
    ("length of the line, km", 2337.0, LINE, "none", length),
    ("sector of a Vietnamese station, km (22.6 to 55)", 33.4, LINE, "none", longest("VNM")),
    ("sector of a Lao company, km (over)", 60.0, LINE, "none", longest("LAO")),
    ("drug cases a year, all agencies of ten provinces", 4710.0, LINE, "none", on_record("drugs")),
    ("irregular crossings apprehended (.15 to .40)", 0.275, LINE, "none", interdicted),
    ("drug cases a year, at the line of four provinces", 5.0, STRETCH, "none", on_record("drugs")),
    (
        "irregular-entry cases a year, four provinces",
        3.0,
        STRETCH,
        "none",
        on_record("irregular"),
    ),
    ("lawful crossings a year, Điện Biên with Phongsaly", 75000.0, STRETCH, "none", lawful),
    # 16 on the line of Điện Biên and Sơn La, which is some 22 stations; 14 of them are here.
    ("joint patrols a year", 16.0 * 14 / 22, STRETCH, "exchange_programme_2021", joint),
)


def main(arguments: Sequence[str]) -> int:
    """Write the table."""
    parser = argparse.ArgumentParser(description="A year of the baseline and the public record.")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "reference" / "verification")
    asked = parser.parse_args(arguments)
    runs: dict[tuple[Path, str], list[RunResult]] = {}
    rows = []
    for what, published, path, policy, measure in RECORD:
        if (path, policy) not in runs:
            scenario = Scenario.load(path, policy)
            runs[path, policy] = [
                run(scenario, seed, runs=99) for seed in range(1, asked.seeds + 1)
            ]
        values = np.array([measure(result) for result in runs[path, policy]])
        half = stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
        rows.append((what, published, values.mean(), half, values.mean() / published))
    table = pd.DataFrame(rows, columns=["quantity", "published", "model", "half-width", "ratio"])
    asked.out.mkdir(parents=True, exist_ok=True)
    table.to_csv(asked.out / "public_record.csv", index=False, float_format="%.4g")
    print(table.to_string(index=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

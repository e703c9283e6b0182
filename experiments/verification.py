"""Writes what `bordersim verify` found as a table and a figure for the docs.

Usage: python experiments/verification.py FILE [--out DIR]

FILE has what `bordersim verify --json` printed.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd

matplotlib.use("Agg")
import matplotlib.pyplot as plt

ROOT = Path(__file__).parents[1]


def table(document: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Lay out a row for each quantity of each rung."""
    rows = [
        {key: rung[key] for key in ("rung", "title", "source")} | reading
        for rung in document
        for reading in rung["readings"]
    ]
    return pd.DataFrame(rows)


def draw(readings: pd.DataFrame, file: Path) -> None:
    """Draw simulated against expected shares, and how many tolerances each quantity is off."""
    shares = readings[readings["expected"].abs() <= 1.0]
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 5), layout="constrained")
    left.plot([-0.6, 1.0], [-0.6, 1.0], color="0.7", linewidth=1)
    left.plot(shares["expected"], shares["simulated"], "o", color="#0072B2", markersize=4)
    left.set_xlabel("expected share, or payoff of a game")
    left.set_ylabel("simulated")
    left.set_title("What is known exactly comes out", loc="left", fontsize=10, fontweight="bold")
    off = (readings["simulated"] - readings["expected"]) / readings["tolerance"]
    section = readings["rung"].str.split(".").str[0]
    names = list(dict.fromkeys(section))
    heights = section.map(names.index) + np.tile([-0.2, 0.0, 0.2], len(off))[: len(off)]
    right.axvspan(-1.0, 1.0, color="0.92")
    right.plot(off, heights, "o", color="#0072B2", markersize=4)
    right.set_yticks(range(len(names)), names)
    right.invert_yaxis()
    right.set_xlim(-1.6, 1.6)
    right.set_xlabel("deviation, in tolerances (four standard errors and slack)")
    right.set_title(
        "within its tolerance, rung by rung", loc="left", fontsize=10, fontweight="bold"
    )
    figure.savefig(file, dpi=120)
    plt.close(figure)


def main(arguments: Sequence[str]) -> int:
    """Write both into a folder."""
    parser = argparse.ArgumentParser(description="Table and figure of the verification ladder.")
    parser.add_argument("document", type=Path, help="what bordersim verify --json printed")
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "reference" / "verification")
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    readings = table(json.loads(asked.document.read_text(encoding="utf-8")))
    readings.to_csv(asked.out / "ladder.csv", index=False, float_format="%.6g")
    draw(readings, asked.out / "ladder.png")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What the twinning of 2025 changes on the twins' own sectors, and on the rest of the stretch.

Usage: python experiments/twinning_of_2025.py STUDY > own_line.csv

Reads a study of twinning_of_2025.toml, and writes, for each policy, the attempts and the shares of
them detected and intercepted on the segments that the posts of the agreement hold, and on the
others, as means over seeds with paired differences to the baseline and their 95 % intervals. The
reading is in twinning_of_2025.md.
"""

import sys
from collections.abc import Sequence

import pandas as pd

from sim import BorderModel, Scenario
from sim.lab import open_study
from sim.lab.statistics import paired_difference

FIGURES = {
    "attempts": lambda sums: sums["attempts"],
    "detected_share": lambda sums: sums["detected"] / sums["attempts"],
    "intercepted_share": lambda sums: sums["intercepted"] / sums["attempts"],
}


def own_segments(scenario: Scenario) -> set[int]:
    """Give the segments in sectors of posts that a twinning group names."""
    names = {
        name for group in scenario.posts.named for side in group.names.values() for name in side
    }
    posts = BorderModel(scenario).posts
    return {segment for post in posts if post.site.name in names for segment in post.site.sector}


def by_part(segments: pd.DataFrame, own: set[int]) -> pd.DataFrame:
    """Give each figure in its column, for each point, part of the line and seed."""
    part = segments["segment"].isin(own).map({True: "twins", False: "others"}).rename("part")
    sums = segments.groupby(["point", part, "seed"]).sum(numeric_only=True)
    return pd.DataFrame({name: figure(sums) for name, figure in FIGURES.items()})


def main(arguments: Sequence[str]) -> int:
    """Write the table to standard output."""
    study = open_study(arguments[0])
    figures = by_part(study.segments, own_segments(study.points[0].scenario))
    baseline = study.comparison().baseline
    rows = []
    for number, point in enumerate(study.points):
        for part in ("twins", "others"):
            for name in FIGURES:
                values = figures.loc[(number, part), name]
                difference = paired_difference(values, figures.loc[(baseline, part), name])
                rows.append(
                    {
                        "policy": point.name,
                        "line": part,
                        "figure": name,
                        "mean": values.mean(),
                        "difference": difference.mean,
                        "low": difference.low,
                        "high": difference.high,
                    }
                )
    pd.DataFrame(rows).to_csv(sys.stdout, index=False, float_format="%.5g")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

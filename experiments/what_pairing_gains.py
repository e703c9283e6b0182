"""What common chance gains in the study of sharing, and what takes it away.

Usage: python experiments/what_pairing_gains.py DIR

Writes two tables: pairing.csv, the variance ratio of every point and outcome of
sharing_on_one_stretch.toml; and mechanism.csv, the same for weekly reports against none where
groups do not learn, where patrols do not follow beliefs, or both. Some minutes on two cores. The
reading is in sharing_frequency.md.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sim import Experiment
from sim.lab import compare
from sim.lab.pairing import pairing_table
from sim.scenario.experiment import PolicyChoice

EXPERIMENT = Path(__file__).parent / "sharing_on_one_stretch.toml"

STATIC = {f"groups.{index}.adversary": "static" for index in range(6)}
UNIFORM = {"allocation.kind": "uniform"}

VARIANTS: dict[str, dict[str, object]] = {
    "groups learn, patrols follow beliefs": {},
    "groups do not learn, patrols follow beliefs": STATIC,
    "groups learn, patrols anywhere alike": UNIFORM,
    "groups do not learn, patrols anywhere alike": STATIC | UNIFORM,
}


def weekly_against_never(study: Experiment, settings: dict[str, object]) -> Experiment:
    """Turn a study of sharing into one of weekly reports against none, with some settings."""
    policies = tuple(
        PolicyChoice(name=name, set=settings | {"sharing.interval_days": interval})
        for name, interval in (("weekly", 7), ("never", "never"))
    )
    changes = {"design": "paired", "policies": policies, "factors": (), "baseline": "never"}
    return study.model_copy(update=changes)


def mechanism(study: Experiment) -> pd.DataFrame:
    """Measure what pairing gains where less of what the policy touches is free to move."""
    parts = []
    for name, settings in VARIANTS.items():
        table = pairing_table(compare(weekly_against_never(study, settings)))
        table.insert(0, "variant", name)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def main(arguments: Sequence[str]) -> int:
    """Write both tables into a folder."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    study = Experiment.load(EXPERIMENT)
    tables = {"pairing": pairing_table(compare(study)), "mechanism": mechanism(study)}
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, float_format="%.4g")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

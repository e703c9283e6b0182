"""Many runs: what an experiment asks for, running it anywhere, keeping it, and what it shows.

Examples
--------
>>> from pathlib import Path
>>> from sim import Experiment
>>> from sim.lab import open_study, run_batch, study_of
>>> experiment = Experiment.load("experiments/sharing_frequency.toml")
>>> run_batch(study_of(experiment, Path("results/sharing")))  # doctest: +SKIP
>>> open_study("results/sharing").runs.groupby("point")["detection_rate"].mean()  # doctest: +SKIP
"""

from sim.lab.achieved import Achieved
from sim.lab.batch import Batch, Outlook, outlook, run_batch, study_of
from sim.lab.compare import Comparison, SampledWorld, compare, prepare, unknown_metrics
from sim.lab.design import Point, points_of, require_baseline
from sim.lab.keys import model_version, run_key
from sim.lab.limiting import run_limits, stored_limits
from sim.lab.pairing import VarianceRatio, pairing_table, variance_ratio
from sim.lab.runner import run_points
from sim.lab.selection import Selection, select_best
from sim.lab.sensitivity import Sensitivity, sensitivity
from sim.lab.sequential import run_until_known
from sim.lab.statistics import (
    Interval,
    PairedDifference,
    clear_after_holm,
    holm,
    interval_of_mean,
    paired_difference,
)
from sim.lab.stopping import next_replications, widest_half_width
from sim.lab.study import Study, open_study
from sim.lab.tables import Cell, Tables

__all__ = [
    "Achieved",
    "Batch",
    "Cell",
    "Comparison",
    "Interval",
    "Outlook",
    "PairedDifference",
    "Point",
    "SampledWorld",
    "Selection",
    "Sensitivity",
    "Study",
    "Tables",
    "VarianceRatio",
    "clear_after_holm",
    "compare",
    "holm",
    "interval_of_mean",
    "model_version",
    "next_replications",
    "open_study",
    "outlook",
    "paired_difference",
    "pairing_table",
    "points_of",
    "prepare",
    "require_baseline",
    "run_batch",
    "run_key",
    "run_limits",
    "run_points",
    "run_until_known",
    "select_best",
    "sensitivity",
    "stored_limits",
    "study_of",
    "unknown_metrics",
    "variance_ratio",
    "widest_half_width",
]

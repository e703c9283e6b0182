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

from sim.lab.batch import Batch, Outlook, outlook, run_batch, study_of
from sim.lab.compare import Comparison, compare, prepare, unknown_metrics
from sim.lab.design import Point, points_of
from sim.lab.keys import model_version, run_key
from sim.lab.runner import run_points
from sim.lab.statistics import PairedDifference, paired_difference
from sim.lab.study import Study, open_study
from sim.lab.tables import Cell, Tables

__all__ = [
    "Batch",
    "Cell",
    "Comparison",
    "Outlook",
    "PairedDifference",
    "Point",
    "Study",
    "Tables",
    "compare",
    "model_version",
    "open_study",
    "outlook",
    "paired_difference",
    "points_of",
    "prepare",
    "run_batch",
    "run_key",
    "run_points",
    "study_of",
    "unknown_metrics",
]

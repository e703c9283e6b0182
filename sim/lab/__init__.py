"""Many runs: what an experiment asks for, running it on all cores, and what it shows."""

from sim.lab.bootstrap import Interval, VarianceRatio, interval_of_mean, variance_ratio
from sim.lab.compare import Comparison, compare, prepare, unknown_metrics
from sim.lab.design import Point, points_of, require_baseline
from sim.lab.pairing import pairing_table
from sim.lab.runner import run_points
from sim.lab.selection import Selection, select_best
from sim.lab.sensitivity import Sensitivity, sensitivity
from sim.lab.sequential import run_until_known
from sim.lab.statistics import PairedDifference, clear_after_holm, holm, paired_difference
from sim.lab.stopping import next_replications, widest_half_width
from sim.lab.tables import Tables

__all__ = [
    "Comparison",
    "Interval",
    "PairedDifference",
    "Point",
    "Selection",
    "Sensitivity",
    "Tables",
    "VarianceRatio",
    "clear_after_holm",
    "compare",
    "holm",
    "interval_of_mean",
    "next_replications",
    "paired_difference",
    "pairing_table",
    "points_of",
    "prepare",
    "require_baseline",
    "run_points",
    "run_until_known",
    "select_best",
    "sensitivity",
    "unknown_metrics",
    "variance_ratio",
    "widest_half_width",
]

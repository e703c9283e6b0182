"""Many runs: what an experiment asks for, running it on all cores, and what it shows."""

from sim.lab.compare import Comparison, compare, prepare, unknown_metrics
from sim.lab.design import Point, points_of
from sim.lab.runner import run_points
from sim.lab.statistics import PairedDifference, paired_difference
from sim.lab.tables import Tables

__all__ = [
    "Comparison",
    "PairedDifference",
    "Point",
    "Tables",
    "compare",
    "paired_difference",
    "points_of",
    "prepare",
    "run_points",
    "unknown_metrics",
]

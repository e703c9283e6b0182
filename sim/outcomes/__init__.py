"""What came of it: truth and record, apart."""

from sim.outcomes.measures import MEASURES, Measure
from sim.outcomes.result import RunResult, result_of, run

__all__ = ["MEASURES", "Measure", "RunResult", "result_of", "run"]

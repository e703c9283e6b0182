"""What came of it: truth and record, apart."""

from sim.outcomes.measures import CAUSES, MEASURES, Measure, measure_of
from sim.outcomes.result import RunResult, result_of, run

__all__ = ["CAUSES", "MEASURES", "Measure", "RunResult", "measure_of", "result_of", "run"]

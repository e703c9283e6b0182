"""What running all points on the same seeds gains, outcome by outcome."""

import pandas as pd

from sim.lab.bootstrap import variance_ratio
from sim.lab.compare import Comparison


def pairing_table(comparison: Comparison) -> pd.DataFrame:
    """Measure what common chance gains for each point and outcome.

    Parameters
    ----------
    comparison : of at least three pairs

    Returns
    -------
    Columns point, metric, pairs, ratio (variance of the difference of means on independent runs
    over that on paired ones), low, high (its 95 % interval), times_narrower (the square root of the
    ratio: how many times narrower the paired interval is). A ratio is infinite, without an
    interval, where all pairs differ by the same.
    """
    rows = []
    for index, point in enumerate(comparison.points):
        if point.is_baseline:
            continue
        for metric in comparison.experiment.measured:
            values = comparison.values(index, metric)
            baseline = comparison.values(comparison.baseline, metric)
            found = variance_ratio(values, baseline, key=f"{point.name}: {metric}")
            rows.append(
                {
                    "point": point.name,
                    "metric": metric,
                    "pairs": found.pairs,
                    "ratio": found.ratio,
                    "low": found.low,
                    "high": found.high,
                    "times_narrower": found.times_narrower,
                }
            )
    return pd.DataFrame(rows)

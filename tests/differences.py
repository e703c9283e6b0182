"""A paired difference as an interval to both sides of its mean."""

from typing import Literal

from sim.lab import PairedDifference


def difference(
    mean: float,
    half_width: float,
    share_above: float = 0.5,
    pairs: int = 10,
    method: Literal["t", "BCa"] = "t",
) -> PairedDifference:
    """Give a paired difference whose p-value no test looks at."""
    return PairedDifference(
        mean, mean - half_width, mean + half_width, method, 0.5, share_above, pairs
    )

"""When options count as alike: a choice among them must not hang on the last bits of a sum."""

import math
from collections.abc import Sequence

import numpy as np

from sim.rules import rule


@rule
def in_steps(value: float) -> float:
    """Round a value so that options which are alike but for the last bits of a sum are equal.

    Parameters
    ----------
    value : of an option, of the order of 1; above 9,000 its own precision is coarser than a step

    Returns
    -------
    The value in steps of 1e-12, a whole number.

    Source
    ------
    Convention: the same arithmetic on every machine and engine, which decimal rounding is not.
    """
    return float(np.floor(value * 1e12 + 0.5))


@rule
def in_hundredths(value: float) -> float:
    """Round a value to hundredths, halves up.

    Parameters
    ----------
    value : at least 0

    Source
    ------
    Convention, as for `in_steps`.
    """
    return math.floor(value * 100.0 + 0.5) / 100.0


@rule
def total(values: Sequence[float], count: int) -> float:
    """Sum the first numbers of a row, in any order, as if with twice the precision.

    Parameters
    ----------
    values : numbers
    count : how many of them

    Source
    ------
    Compensated summation (Kahan 1965; Knuth, The Art of Computer Programming 2, 4.2.2, theorem B).
    """
    high, low = 0.0, 0.0
    for index in range(count):
        value = values[index]
        both = high + value
        part = both - high
        low += (high - (both - part)) + (value - part)
        high = both
    return high + low

"""Gamma–Poisson beliefs about the rate of attempts, corrected for the effort spent looking.

The belief about a rate (attempts per day) is a gamma distribution of shape `alpha` and rate `beta`
(days of full exposure). The rules use arithmetic only, so they serve numbers and columns alike.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.rules import rule

Number = TypeVar("Number", float, NDArray[np.float64])


@rule
def forget(value: Number, prior: Number, keep: float) -> Number:
    """Let a belief parameter fade towards its prior.

    Parameters
    ----------
    value, prior : shape or rate of the gamma belief, now and before anything was seen
    keep : share of the evidence that is kept, 0 to 1

    Source
    ------
    Exponential forgetting (power prior with a fading discount; Ibrahim & Chen 2000).
    """
    return prior + (value - prior) * keep


@rule
def keep_share(elapsed: float, half_life: float) -> float:
    """Share of evidence, trust or a plan's validity left after some time.

    Parameters
    ----------
    elapsed : time passed, any unit, at least 0
    half_life : in the same unit, above 0

    Source
    ------
    Exponential decay.
    """
    return float(0.5 ** (elapsed / half_life))


@rule
def observe(value: Number, seen: Number, weight: float) -> Number:
    """Add evidence to a belief parameter: finds to the shape, exposure to the rate.

    Parameters
    ----------
    value : shape or rate of the gamma belief
    seen : finds, or days of full exposure (expected detections per unit rate)
    weight : 1 for one's own eyes, trust and freshness for a report

    Source
    ------
    Conjugate update of a gamma belief by a Poisson count with known exposure.
    """
    return value + weight * seen


@rule
def posterior_mean(alpha: Number, beta: Number) -> Number:
    """Believed rate of attempts per day.

    Source
    ------
    Mean of a gamma distribution of shape `alpha` and rate `beta`.
    """
    return alpha / beta

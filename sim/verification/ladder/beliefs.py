"""Section 9, pattern 9: beliefs are calibrated."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.engine import BorderModel
from sim.verification.rung import Counts, Rung

BUSY = 1.0 / 3.0
"""Attempts a day from which on a segment is looked at."""


def true_rates(model: BorderModel) -> NDArray[np.float64]:
    """Give attempts per day on each segment, by groups that choose among theirs alike."""
    rates = np.zeros(len(model.border))
    for group in model.groups_by_number:
        rates[group.options] += group.kind.attempts_per_day / len(group.options)
    return rates


def _calibration(model: BorderModel) -> Counts:
    """Count finds against those due at the true rates, and intervals that hold the true rate."""
    rates = true_rates(model)
    found = due = held = looked_at = 0.0
    for post in model.posts_by_number:
        belief = post.belief
        for place, segment in enumerate(post.site.sector):
            if not post.patrols or rates[segment] < BUSY:
                continue
            alpha, beta = float(belief.alpha[0, place]), float(belief.beta[0, place])
            found += alpha - float(belief.prior[0, 0, place])
            due += (beta - float(belief.prior[1, 0, place])) * rates[segment]
            beyond = float(stats.gamma.cdf(rates[segment] * beta, alpha))
            held += float(0.05 <= beyond <= 0.95)
            looked_at += 1.0
    return {"found_of_due": (found, due), "held_by_90_percent": (held, looked_at)}


def _beliefs(kind: str, learned_later: float) -> Rung:
    """Describe a rung of this section."""
    return Rung(
        name=f"beliefs.{kind}" + (".inland" if learned_later else ""),
        title=f"beliefs of posts about known rates, allocation {kind}"
        + (", with news from inland" if learned_later else ""),
        source="verification ladder 9.9; conjugate gamma-Poisson belief",
        scenario="beliefs.toml",
        expected={"found_of_due": 1.0, "held_by_90_percent": 0.9},
        count=_calibration,
        settings=[
            {
                "allocation.kind": kind,
                "allocation.rota_days": 1.0 / 3.0,
                "community.learned_later": learned_later,
                "community.learned_later_days": 1.0,
            }
        ],
        # A crosser who is exposed in two shifts counts towards the exposure of both.
        slack=0.01,
        error=0.004,
        runs=60,
    )


RUNGS = (_beliefs("uniform", 0.0), _beliefs("rota", 0.0), _beliefs("uniform", 0.2))

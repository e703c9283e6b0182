"""Section 7: how groups choose, and what learners come to.

Expected frequencies are the published formulas, written here for the five options of
`choice.toml`; what is simulated is where groups went.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.agents.attempt import GROUP_BITS
from sim.engine import BorderModel
from sim.verification.counting import Attempts, chosen
from sim.verification.rung import Counts, Rung

COSTS = (0.6, 0.2, 0.0, 0.4, 0.8)
"""Of the way to each segment, along the line, in values of a load."""

LOSS = 1.0
CAUGHT = 0.3
WATCHED = (1.0, 1.0, 1.0, 0.0, 0.0)
"""Share of shifts in which scouts see a patrol on each segment."""

PRIOR = 1e9
"""Attempts that a prior counts for if nobody is to learn."""

OPTIONS = tuple(f"segment_{number}" for number in range(len(COSTS)))

SCOUTS = {"lag_days": 0.0, "share_seen": 1.0, "memory_days": 1e6, "weight": 1e9}


def logit(utilities: Sequence[float], sensitivity: float = 1.0) -> dict[str, float]:
    """Choice frequencies of a multinomial logit (McFadden 1974)."""
    weights = [math.exp(sensitivity * each) for each in utilities]
    return {name: weight / sum(weights) for name, weight in zip(OPTIONS, weights, strict=True)}


def suqr(risk: float, cost: float) -> float:
    """Subjective utility with the published weights, a load taken as ten points."""
    return -9.85 * risk + 3.7 * (1.0 - cost) + 1.5 * (-LOSS - cost)


def prospect(risk: float, cost: float) -> float:
    """Cumulative prospect value with the published parameters (Tversky & Kahneman 1992)."""

    def weight(chance: float, power: float) -> float:
        odds = chance**power + (1.0 - chance) ** power
        return float(chance**power / odds ** (1.0 / power))

    gain, loss = float((1.0 - cost) ** 0.88), -2.25 * float((LOSS + cost) ** 0.88)
    return weight(1.0 - risk, 0.61) * gain + weight(risk, 0.69) * loss


def _expected(risk: float, cost: float) -> float:
    """Expected payoff."""
    return 1.0 - cost - risk * (1.0 + LOSS)


def _values(worth: Callable[[float, float], float], risks: Sequence[float]) -> list[float]:
    """Worth of each option at its risk."""
    return [worth(risk, cost) for risk, cost in zip(risks, COSTS, strict=True)]


def _seen() -> list[float]:
    """Risk of each option where scouts saw all patrols."""
    return [CAUGHT * watched for watched in WATCHED]


def _level_two() -> list[float]:
    """Risk of each option if three patrols went where groups of level 1 go."""
    ones = logit(_values(_expected, [min(1.0, 3 / 5) * CAUGHT] * len(COSTS)), 6.0)
    return [CAUGHT * min(1.0, 3.0 * ones[name]) for name in OPTIONS]


def _choice(name: str, title: str, source: str, expected: dict[str, float], **groups: Any) -> Rung:
    """Describe a rung of choice frequencies; keywords are keys of the kind of groups."""
    return Rung(
        name=f"adversary.{name}",
        title=title,
        source=f"verification ladder 7; {source}",
        scenario="choice.toml",
        expected=expected,
        count=chosen(OPTIONS),
        settings=[
            {"allocation.kind": "rota", "allocation.rota_days": 1e6}
            | {f"groups.0.{key.replace('__', '.')}": value for key, value in groups.items()}
        ],
    )


def _spread() -> Rung:
    """Level 1 without scouts, against posts that hold two and three segments, by beats of two."""
    risks = [2.0 / held for held in (2, 2, 3, 3, 3)]
    choice = _choice(
        "spread",
        "groups of level 1 take the beats of two posts to be spread evenly over their sectors",
        "Costa-Gomes & Crawford, American Economic Review 96 (2006)",
        logit(_values(_expected, risks), 3.0),
        adversary="level_k",
        level_k={"level": 1, "sensitivity": 3.0},
        estimate__caught=1.0,
        estimate__prior_attempts=PRIOR,
    )
    each = {"AAA": 0, "BBB": 1}
    posts = {"posts.sector_km": 40.7, "patrols.per_post": each, "patrols.beat_segments": 2}
    return replace(choice, settings=[{**choice.settings[0], **posts}])


def after_one_round(phi: float, rho: float, delta: float, caught: bool) -> list[float]:
    """Attractions after one attempt on the middle segment (Camerer & Ho 1999)."""
    rewards = [delta * (1.0 - cost) for cost in COSTS]
    rewards[2] = -LOSS if caught else 1.0
    return [
        (phi * (1.0 - cost) + reward) / (rho + 1.0)
        for cost, reward in zip(COSTS, rewards, strict=True)
    ]


def _second_choice(model: BorderModel) -> Counts:
    """Count where groups go the second time, of those that went to the middle the first time."""
    attempts = Attempts(model)
    group, turn = attempts.number >> GROUP_BITS, attempts.number & ((1 << GROUP_BITS) - 1)
    first = np.full(group.max() + 1, -1)
    first[group[turn == 0]] = attempts.segment[turn == 0]
    second = (turn == 1) & (first[group] == 2)
    return {
        name: (float((second & (attempts.segment == segment)).sum()), float(second.sum()))
        for segment, name in enumerate(OPTIONS)
    }


def _ewa_round(caught: bool) -> Rung:
    """EWA, one round."""
    phi, rho, delta, sensitivity = 0.9, 0.7, 0.5, 6.0
    learning = {"phi": phi, "rho": rho, "delta": delta, "sensitivity": sensitivity}
    return Rung(
        name=f"adversary.ewa.{'caught' if caught else 'passed'}",
        title="second choice of EWA learners after a first attempt that was "
        + ("caught" if caught else "not"),
        source="verification ladder 7; Camerer & Ho, Econometrica 67 (1999)",
        scenario="choice.toml",
        expected=logit(after_one_round(phi, rho, delta, caught), sensitivity),
        count=_second_choice,
        settings=[
            {
                "allocation.kind": "rota",
                "allocation.rota_days": 1e6,
                "patrols.interception": float(caught),
                "groups.0.adversary": "ewa",
                "groups.0.learning": learning,
                "groups.0.count": 3000,
                "groups.0.attempts_per_day": 0.01,
                "time.days": 400.0,
                "time.shift_hours": 24.0,
            }
        ],
        runs=30,
        error=0.003,
        slack=0.004,  # a few want again before the first attempt has ended
    )


def _second_half(segment: int) -> Callable[[BorderModel], Counts]:
    """Count how often groups go to a segment in the later half."""

    def count(model: BorderModel) -> Counts:
        attempts = Attempts(model)
        late = attempts.start >= model.end / 2.0
        return {"best_response": (float((late & (attempts.segment == segment)).sum()), late.sum())}

    return count


def _learner(name: str, title: str, expected: float, **groups: Any) -> Rung:
    """Describe a rung of a learner against three patrols that stay where they are and stop all."""
    return Rung(
        name=f"adversary.learns.{name}",
        title=title,
        source="verification ladder 7; best response to a static allocation",
        scenario="choice.toml",
        expected={"best_response": expected},
        # Of the two segments without a patrol, the way to this one costs less.
        count=_second_half(3),
        settings=[
            {
                "allocation.kind": "rota",
                "allocation.rota_days": 1e6,
                "patrols.interception": 1.0,
                "time.days": 100.0,
                "groups.0.count": 10,
                "groups.0.attempts_per_day": 2.0,
            }
            | {f"groups.0.{key.replace('__', '.')}": value for key, value in groups.items()}
        ],
        runs=20,
    )


def _attraction_limit(sensitivity: float) -> float:
    """Share of the better of two options that always pass, for EWA with φ = .9, ρ = .8, δ = 1.

    Attractions go to π (1 − ρ)/(1 − φ); those of options on which one is always caught are far
    below.
    """
    scale = (1.0 - 0.8) / (1.0 - 0.9)
    return 1.0 / (1.0 + math.exp(-sensitivity * scale * (COSTS[4] - COSTS[3])))


EWA_AS_SEEN = {"phi": 1.0, "rho": 1.0, "delta": 1.0, "sensitivity": 4.0}
"""Attractions stay at the payoff of a passage, so that only what scouts see counts."""

RUNGS = (
    _choice(
        "uniform",
        "groups of no sensitivity",
        "uniform choice",
        logit(_values(_expected, [0.0] * 5), 0.0),
        learning__sensitivity=0.0,
    ),
    _choice(
        "logit",
        "static groups",
        "McFadden (1974)",
        logit(_values(_expected, [0.0] * 5), 3.0),
        learning__sensitivity=3.0,
    ),
    _choice(
        "suqr",
        "SUQR with the published weights and scouts",
        "Nguyen et al., AAAI (2013)",
        logit(_values(suqr, _seen())),
        adversary="suqr",
        scouts=SCOUTS,
    ),
    _choice(
        "prospect",
        "cumulative prospects with the published parameters and scouts",
        "Tversky & Kahneman, Journal of Risk and Uncertainty 5 (1992)",
        logit(_values(prospect, _seen()), 6.0),
        adversary="prospect",
        scouts=SCOUTS,
    ),
    _choice(
        "level_0",
        "groups of level 0 ignore patrols",
        "Stahl & Wilson (1995)",
        logit(_values(_expected, [0.0] * 5), 6.0),
        adversary="level_k",
        level_k__level=0,
        scouts=SCOUTS,
    ),
    _choice(
        "level_1",
        "groups of level 1 go by what scouts saw",
        "Stahl & Wilson (1995)",
        logit(_values(_expected, _seen()), 6.0),
        adversary="level_k",
        level_k__level=1,
        scouts=SCOUTS,
    ),
    _spread(),
    _choice(
        "level_2",
        "groups of level 2 answer to patrols that went after level 1",
        "Costa-Gomes & Crawford, American Economic Review 96 (2006)",
        logit(_values(_expected, _level_two()), 6.0),
        adversary="level_k",
        level_k__level=2,
        estimate__prior_attempts=PRIOR,
    ),
    _choice(
        "ewa.scouts",
        "EWA groups keep off where scouts see patrols",
        "expected loss at the believed coverage; own derivation",
        logit(_values(_expected, _seen()), 4.0),
        adversary="ewa",
        learning=EWA_AS_SEEN,
        scouts=SCOUTS,
    ),
    _ewa_round(False),
    _ewa_round(True),
    _learner(
        "best_response",
        "a learner that takes the best comes to the best response",
        1.0,
        adversary="best_response",
        estimate__prior_attempts=2.0,
    ),
    _learner(
        "ewa",
        "an EWA learner comes to the best response as far as its noise allows",
        _attraction_limit(6.0),
        adversary="ewa",
        learning={"phi": 0.9, "rho": 0.8, "delta": 1.0, "sensitivity": 6.0},
    ),
)

"""Section 4: the Stackelberg security game, committed to and learned."""

from collections.abc import Callable, Sequence

from sim.engine import BorderModel
from sim.verification.counting import Attempts
from sim.verification.rung import Counts, Rung

WORTHS = (4.0, 8.0, 10.0, 6.0, 2.0)
"""What an attack that is not stopped is worth on each segment of the stretch Five."""


def game(worths: Sequence[float], patrols: int) -> tuple[float, list[float]]:
    """Solve a security game in which an attack on a covered target pays 0.

    Returns
    -------
    Its value, (k − B)/Σ 1/V over the k targets attacked, and how often each target is covered.
    """
    ranked = sorted(worths, reverse=True)
    value = 0.0
    for size in range(patrols + 1, len(ranked) + 1):
        level = (size - patrols) / sum(1.0 / worth for worth in ranked[:size])
        if level <= ranked[size - 1]:
            value = level
    return value, [max(0.0, 1.0 - value / worth) for worth in worths]


def _covered(attacked: Sequence[int]) -> Callable[[BorderModel], Counts]:
    """Count how often each target is covered, and what an attack is worth on those attacked."""

    def count(model: BorderModel) -> Counts:
        attempts = Attempts(model)
        counts = {}
        gained = tried = 0.0
        stopped = attempts.detected()
        for segment, worth in enumerate(WORTHS):
            here = attempts.segment == segment
            counts[f"covered_{worth:g}"] = (float((here & stopped).sum()), float(here.sum()))
            if segment in attacked:
                gained += worth * float((here & ~stopped).sum())
                tried += float(here.sum())
        counts["value"] = (gained, tried)
        return counts

    return count


def _committed(patrols: int) -> Rung:
    """A post that knows what targets are worth, and randomises as the equilibrium says."""
    value, covered = game(WORTHS, patrols)
    attacked = [segment for segment, often in enumerate(covered) if often > 0.0]
    expected = {f"covered_{worth:g}": often for worth, often in zip(WORTHS, covered, strict=True)}
    return Rung(
        name=f"security.committed.{patrols}",
        title=f"randomised coverage of five targets of known worth by {patrols} patrol(s)",
        source="verification ladder 4; ORIGAMI, Kiekintveld et al., AAMAS (2009)",
        scenario="security.toml",
        expected=expected | {"value": value},
        count=_covered(attacked),
        settings=[
            {"allocation.kind": "stackelberg", "patrols.per_post": {"AAA": 0, "BBB": patrols}}
        ],
    )


def _count_learned(model: BorderModel) -> Counts:
    """Count what a learner gained in the later half, and how often patrols were on each segment."""
    half = model.end / 2.0
    attempts = Attempts(model)
    late = attempts.start >= half
    worth = sum((attempts.segment == segment) * WORTHS[segment] for segment in range(len(WORTHS)))
    gained = float((worth * ~attempts.intercepted)[late].sum())
    return {"value": (gained, float(late.sum()))}


def _learned() -> Rung:
    """A post and a group that each answer to what the other did on average so far."""
    return Rung(
        name="security.fictitious_play",
        title="fictitious play of five targets by a post that learns and a group that scouts",
        source="verification ladder 4; Robinson, Annals of Mathematics 54 (1951)",
        scenario="learning.toml",
        expected={"value": game(WORTHS, 1)[0]},
        count=_count_learned,
        settings=[{"allocation.kind": "posterior_mean"}],
        runs=20,
        slack=0.05,  # play goes round the equilibrium, ever more closely
        error=0.007,
    )


RUNGS = (_committed(1), _committed(2), _learned())

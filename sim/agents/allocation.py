"""How a post chooses beats for its patrols: one function for each kind of allocation."""

from collections.abc import Callable
from dataclasses import dataclass
from math import fsum

import numpy as np

from sim.agents.belief import Belief, Table
from sim.agents.stage import Shift, Stage
from sim.draws import Purpose, exponential


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a post knows when it decides.

    Attributes
    ----------
    stage : setting of the run
    post : number of the post
    shift : the shift it decides for
    teams : patrols on duty
    belief : what it believes of attempts
    values : harm of each crime type, shape (crime types, 1)
    covers : detection probability by one patrol, (beats, crime types, segments in view)
    partner_cover : detection probability by partners, by segment in view; None if not told
    """

    stage: Stage
    post: int
    shift: Shift
    teams: int
    belief: Belief
    values: Table
    covers: Table
    partner_cover: list[float] | None


def uniform(outlook: Outlook) -> tuple[int, ...]:
    """Choose beats at random, none again before all have been."""
    draw = outlook.stage.chance.uniform
    order = sorted(
        range(len(outlook.covers)),
        key=lambda beat: draw(Purpose.ALLOCATION, outlook.post, outlook.shift.number, beat),
    )
    order.sort(key=lambda beat: _partner_on(outlook, beat))
    return tuple(order[team % len(order)] for team in range(outlook.teams))


def _partner_on(outlook: Outlook, beat: int) -> float:
    """How much of a beat partners will cover, as far as it was told."""
    if outlook.partner_cover is None:
        return 0.0
    walked = outlook.covers[beat].sum(axis=0)
    return float(walked @ np.array(outlook.partner_cover))


def rota(outlook: Outlook) -> tuple[int, ...]:
    """Walk through the beats in a fixed order, one further each time the rota changes."""
    settings = outlook.stage.policy.allocation
    day = outlook.shift.start / 24.0
    turn = int(day / settings.rota_days + 1e-9)
    if settings.rota_irregular:
        turn, change = -1, 0.0
        while change <= day:
            turn += 1
            share = outlook.stage.chance.uniform(Purpose.ROTA, outlook.post, turn)
            change += settings.rota_days * exponential(share)
    return tuple((turn + team) % len(outlook.covers) for team in range(outlook.teams))


def posterior_mean(outlook: Outlook) -> tuple[int, ...]:
    """Send each patrol where it adds most, if rates are what the post believes on average."""
    return _by_marginal_return(outlook, outlook.belief.mean)


def thompson(outlook: Outlook) -> tuple[int, ...]:
    """Send each patrol where it adds most, if rates are as one draw from the beliefs says.

    The harm per day on a segment is a sum of gamma variables; its draw is from the gamma
    distribution of the same mean and variance (Welch & Satterthwaite 1947).
    """
    belief, values = outlook.belief, outlook.values
    mean = (values * belief.mean).sum(axis=0)
    variance = (values * values * belief.alpha / belief.beta**2).sum(axis=0)
    factors = np.ones(len(belief.view))
    for place in np.flatnonzero(outlook.covers.any(axis=(0, 1))):
        shape = mean[place] ** 2 / variance[place]
        draw = outlook.stage.chance.gamma(
            shape, Purpose.ALLOCATION, outlook.post, outlook.shift.number, belief.view[place]
        )
        factors[place] = draw / shape
    return _by_marginal_return(outlook, belief.mean * factors)


def _by_marginal_return(outlook: Outlook, rates: Table) -> tuple[int, ...]:
    """Place patrols one by one where the harm they detect is greatest, given those before."""
    harm = outlook.values * rates
    gains = (outlook.covers * harm).sum(axis=1).tolist()
    total = harm.sum(axis=0).tolist()
    left = [1.0] * len(total)
    if outlook.partner_cover is not None:
        left = [1.0 - cover for cover in outlook.partner_cover]
    chosen: list[int] = []
    for _ in range(outlook.teams):
        # Rounded, so that beats alike are a tie on every machine, which goes to the first.
        marginal = [
            round(fsum(gain * remains for gain, remains in zip(row, left, strict=True)), 12)
            for row in gains
        ]
        best = marginal.index(max(marginal))
        chosen.append(best)
        for place, gain in enumerate(gains[best]):
            if gain:
                left[place] *= 1.0 - gain / total[place]
    return tuple(chosen)


ALLOCATIONS: dict[str, Callable[[Outlook], tuple[int, ...]]] = {
    "uniform": uniform,
    "rota": rota,
    "posterior_mean": posterior_mean,
    "thompson": thompson,
}

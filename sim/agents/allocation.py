"""How a post chooses beats for its patrols: one function for each kind of allocation."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import fsum

import numpy as np

from sim.agents.belief import Belief, Table
from sim.agents.stage import Shift, Stage
from sim.draws import Purpose, exponential
from sim.errors import InputError
from sim.rules.security import comb_sample, coverage_at, water_level
from sim.rules.ties import in_steps
from sim.scenario.code import is_code, load_code


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
    beats : indices of the beats to choose among, ascending
    taken : those on which a partner is known to be
    """

    stage: Stage
    post: int
    shift: Shift
    teams: int
    belief: Belief
    values: Table
    covers: Table
    partner_cover: list[float] | None
    beats: tuple[int, ...]
    taken: frozenset[int] = frozenset()


def allocate(kind: str, outlook: Outlook) -> tuple[int, ...]:
    """Choose a beat for each patrol on duty.

    Parameters
    ----------
    kind : key of `ALLOCATIONS`, or name of a function of the same shape
    outlook : what the post knows; beats taken by partners are ruled out unless all are

    Returns
    -------
    Index of each patrol's beat.

    Raises
    ------
    InputError : a function of the user's chooses what is no beat, or more than there are patrols
    """
    if outlook.taken:
        free = tuple(beat for beat in outlook.beats if beat not in outlook.taken)
        outlook = replace(outlook, beats=free or outlook.beats)
    if not is_code(kind):
        return ALLOCATIONS[kind](outlook)
    beats = tuple(load_code(kind)(outlook))
    wrong = [beat for beat in beats if beat not in range(len(outlook.covers))]
    if wrong or len(beats) > outlook.teams:
        raise InputError(
            f"chose beats {beats} for {outlook.teams} patrols",
            where=kind,
            remedy=f"at most a beat for each, by index, 0 to {len(outlook.covers) - 1}",
        )
    return beats


def uniform(outlook: Outlook) -> tuple[int, ...]:
    """Choose beats at random, none again before all have been."""
    draw = outlook.stage.chance.uniform
    order = sorted(
        outlook.beats,
        key=lambda beat: draw(Purpose.ALLOCATION, outlook.post, outlook.shift.number, beat),
    )
    order.sort(key=lambda beat: _partner_on(outlook, beat))
    return tuple(order[team % len(order)] for team in range(outlook.teams))


def _partner_on(outlook: Outlook, beat: int) -> float:
    """How much of a beat partners will cover, as far as it was told."""
    if outlook.partner_cover is None:
        return 0.0
    walked = outlook.covers[beat].sum(axis=0).tolist()
    return fsum([here * there for here, there in zip(walked, outlook.partner_cover, strict=True)])


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
    # Beats ruled out are passed over, and the others keep their turn.
    order = sorted(outlook.beats, key=lambda beat: (beat - turn) % len(outlook.covers))
    return tuple(order[team % len(order)] for team in range(outlook.teams))


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
        shape = mean[place] * mean[place] / variance[place]
        draw = outlook.stage.chance.gamma(
            shape, Purpose.ALLOCATION, outlook.post, outlook.shift.number, belief.view[place]
        )
        factors[place] = draw / shape
    return _by_marginal_return(outlook, belief.mean * factors)


def stackelberg(outlook: Outlook) -> tuple[int, ...]:
    """Draw beats so often that a group that knew how often would find none better than another.

    What a beat is worth to it is the harm per day that the post believes in there, as far as
    partners leave it; a comb draws beats with the probabilities of the security game. Of beats that
    overlap, those side by side are used. Patrols beyond one for each start over with what is left.
    """
    beats, worths, effects = _targets(outlook)
    draw = outlook.stage.chance.uniform
    chosen: list[int] = []
    while len(chosen) < outlook.teams:
        playable = [i for i, worth in enumerate(worths) if worth > 0.0 and effects[i] > 0.0]
        left = outlook.teams - len(chosen)
        if not playable:
            return (*chosen, *uniform(replace(outlook, teams=left)))
        here, there = [worths[i] for i in playable], [effects[i] for i in playable]
        level = water_level(here, there, left)
        often = [coverage_at(level, *target) for target in zip(here, there, strict=True)]
        share = draw(Purpose.ALLOCATION, outlook.post, outlook.shift.number, len(chosen))
        chosen += [beats[playable[i]] for i in comb_sample(often, share)]
        for i, probability in zip(playable, often, strict=True):
            worths[i] *= 1.0 - effects[i] * probability
    return tuple(chosen)


def _targets(outlook: Outlook) -> tuple[list[int], list[float], list[float]]:
    """Beats side by side, what each is worth to a group, and how likely a patrol detects it."""
    harm = outlook.values * outlook.belief.mean
    if outlook.partner_cover is not None:
        harm = harm * (1.0 - np.array(outlook.partner_cover))
    beats = _side_by_side(outlook)
    worths = [fsum(harm[:, outlook.covers[beat].any(axis=0)].ravel().tolist()) for beat in beats]
    stopped = [fsum((outlook.covers[beat] * harm).ravel().tolist()) for beat in beats]
    effects = [
        part / worth if worth > 0.0 else 0.0 for part, worth in zip(stopped, worths, strict=True)
    ]
    return beats, worths, effects


def _side_by_side(outlook: Outlook) -> list[int]:
    """Beats that share no segment, and such further ones as reach segments that no other does."""
    columns = {
        beat: set(np.flatnonzero(outlook.covers[beat].any(0)).tolist()) for beat in outlook.beats
    }
    reached: set[int] = set()
    chosen = []
    for beat, here in columns.items():
        if not here & reached:
            chosen.append(beat)
            reached |= here
    for beat, here in columns.items():
        if here - reached:
            chosen.append(beat)
            reached |= here
    return sorted(chosen)


def _by_marginal_return(outlook: Outlook, rates: Table) -> tuple[int, ...]:
    """Place patrols one by one where the harm they detect is greatest, given those before."""
    harm = outlook.values * rates
    gains = (outlook.covers * harm).sum(axis=1).tolist()
    total = harm.sum(axis=0).tolist()
    left = [1.0] * len(total)
    if outlook.partner_cover is not None:
        left = [1.0 - cover for cover in outlook.partner_cover]
    # A beat reaches few of the segments in view.
    reached = [[(gain, place) for place, gain in enumerate(row) if gain] for row in gains]
    chosen: list[int] = []
    for _ in range(outlook.teams):
        # Beats alike are a tie on every machine, which goes to the first.
        marginal = [
            in_steps(fsum([gain * left[place] for gain, place in reached[beat]]))
            for beat in outlook.beats
        ]
        best = outlook.beats[marginal.index(max(marginal))]
        chosen.append(best)
        for gain, place in reached[best]:
            left[place] *= 1.0 - gain / total[place]
    return tuple(chosen)


ALLOCATIONS: dict[str, Callable[[Outlook], tuple[int, ...]]] = {
    "uniform": uniform,
    "rota": rota,
    "posterior_mean": posterior_mean,
    "thompson": thompson,
    "stackelberg": stackelberg,
}

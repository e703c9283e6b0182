"""The Stackelberg security game of a post: whom to cover how often, and how to draw it."""

from collections.abc import Sequence

from sim.rules import rule
from sim.rules.ties import in_steps, total


@rule
def coverage_at(value: float, worth: float, effect: float) -> float:
    """Probability of a patrol on a target that brings an attacker down to a value there.

    Parameters
    ----------
    value : what the attacker is to expect, at least 0
    worth : what an attack on the target is worth to him if no patrol is there, above 0
    effect : probability that a patrol there stops an attack, above 0, at most 1

    Source
    ------
    worth·(1 − effect·x) = value, with x within 0 and 1 (ORIGAMI: Kiekintveld, Jain, Tsai, Pita,
    Ordóñez & Tambe, AAMAS 2009).
    """
    return min(1.0, max(0.0, (1.0 - value / worth) / effect))


@rule
def patrols_for(value: float, worths: Sequence[float], effects: Sequence[float]) -> float:
    """Patrols that hold an attacker down to a value.

    Parameters
    ----------
    value : what the attacker is to expect, at least 0
    worths, effects : of the targets, as for `water_level`

    Source
    ------
    Sum of `coverage_at` over the targets.
    """
    needed = [coverage_at(value, worths[index], effects[index]) for index in range(len(worths))]
    return total(needed, len(needed))


@rule
def water_level(worths: Sequence[float], effects: Sequence[float], patrols: float) -> float:
    """Value that patrols can hold an attacker down to who sees how often each target is covered.

    The patrols that a level needs are piecewise linear and falling in it, with a bend where a
    target enters the attack set (its worth) and where it is always covered (what is left of that).

    Parameters
    ----------
    worths : of an unstopped attack on each target, above 0
    effects : probability that a patrol on it stops an attack, above 0, at most 1
    patrols : to share out, at least 0

    Returns
    -------
    The level at which every target is worth that or less, or is always covered. With perfect
    patrols it is the value of the game, (k − patrols) / Σ 1/worth over the k targets attacked.

    Source
    ------
    ORIGAMI (Kiekintveld et al., AAMAS 2009; Tambe, Security and Game Theory, 2011). Where a target
    is always covered, patrols left over go on to hold down the next best.
    """
    bends = [0.0]
    for index in range(len(worths)):
        bends.append(worths[index])
        bends.append(worths[index] * (1.0 - effects[index]))
    bends.sort(reverse=True)
    above, needed_above = bends[0], 0.0
    for level in bends:
        needed = patrols_for(level, worths, effects)
        if needed >= patrols:
            part = (patrols - needed_above) / (needed - needed_above) if level < above else 0.0
            return above - part * (above - level)
        above, needed_above = level, needed
    return 0.0


@rule
def comb_sample(marginals: Sequence[float], share: float) -> list[int]:
    """Draw targets so that each is chosen with its own probability, none twice.

    Parameters
    ----------
    marginals : probability of each target, 0 to 1
    share : uniform draw in (0, 1)

    Returns
    -------
    Indices, ascending; as many as the probabilities sum to, or one more or less if not whole.

    Source
    ------
    Systematic sampling (Madow, Annals of Mathematical Statistics 20, 1949), in security games comb
    sampling (Tsai, Yin, Kwak, Kempe, Kiekintveld & Tambe, AAAI 2010).
    """
    chosen = []
    tooth = share
    for index in range(len(marginals)):
        # Rounded, so that whole sums are whole on every machine.
        if in_steps(total(marginals, index + 1)) > in_steps(tooth):
            chosen.append(index)
            tooth += 1.0
    return chosen

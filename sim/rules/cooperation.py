"""What coordination does to those who coordinate: trust, the weight of reports, marginal return."""

import math

from sim.rules import rule

FIND_COUNTS_DAYS = 14.0
"""A find across the line that is older would send nobody there; assumed, 7 to 28 days."""


@rule
def trust_after(trust: float, target: float, step: float) -> float:
    """Trust after an experience with the partner.

    Parameters
    ----------
    trust : before, 0 to 1
    target : 1 for a good experience, 0 for a bad one
    step : share of the distance to the target that one experience moves, 0 to 1

    Source
    ------
    Assumed: no elasticity of trust between forces is published; sweep `step`.
    """
    return trust + step * (target - trust)


@rule
def acts_on_alert(works: float, trust: float, weight: float) -> float:
    """Probability that a partner who is called gets the call and acts on it.

    Parameters
    ----------
    works : probability that the call gets through, 0 to 1
    trust : of the partner in the caller, 0 to 1
    weight : share of answers that depends on trust, 0 to 1

    Source
    ------
    Assumed: linear in trust; no elasticity is published, sweep `weight`.
    """
    return works * (1.0 - weight * (1.0 - trust))


@rule
def skill_after(skill: float, learned: float, days: float) -> float:
    """Skill after some days of training.

    Parameters
    ----------
    skill : before, 0 to 1
    learned : share of what is left to learn that a day teaches, 0 to 1
    days : of training, at least 0

    Source
    ------
    Exponential learning curve (Hull 1943; Thurstone 1919 has the hyperbolic kin); rate assumed.
    """
    return float(1.0 - (1.0 - skill) * (1.0 - learned) ** days)


@rule
def saturating(dose: float, most: float, half: float) -> float:
    """Effect of a dose that saturates.

    Parameters
    ----------
    dose : at least 0
    most : effect of an unlimited dose
    half : dose of half that effect, above 0

    Source
    ------
    Michaelis–Menten (Hill equation of order 1); shape and numbers assumed.
    """
    return most * dose / (dose + half)


@rule
def goodwill(stops: float, people: float, per_stop: float) -> float:
    """Share of their ordinary reports that people still make, after having been stopped.

    Parameters
    ----------
    stops : lawful people stopped within a month
    people : lawful people who crossed within that month
    per_stop : share lost for each stop per hundred people

    Source
    ------
    Assumed: linear; that unjust stops cost cooperation is well found (Tyler & Fagan 2008).
    """
    if people <= 0.0:
        return 1.0
    return max(0.0, 1.0 - per_stop * 100.0 * stops / people)


@rule
def covered_together(first: float, second: float) -> float:
    """Share of crossings that at least one of two independent searches detects.

    Parameters
    ----------
    first, second : probability that each detects, 0 to 1

    Source
    ------
    Random search (Koopman 1946): misses multiply, so each further patrol adds less.
    """
    return 1.0 - (1.0 - first) * (1.0 - second)


@rule
def believed_coverage(planned: float, validity: float, average: float) -> float:
    """Coverage that a post expects of its partner where it was told a plan some time ago.

    Parameters
    ----------
    planned : coverage of the place in the plan as told, 0 to 1
    validity : probability that the plan still holds, 0 to 1
    average : the partner's mean coverage over the places it told of, 0 to 1

    Source
    ------
    Mixture of the plan and of what a partner does on average once the plan has lapsed.
    """
    return validity * planned + (1.0 - validity) * average


@rule
def lacking_carriers(effect: float, at_first: float, elapsed: float, delay: float) -> float:
    """Share of attempts that find nobody to carry, some time after spending began.

    Parameters
    ----------
    effect : the share that the spending leads to in the end, 0 to 1
    at_first : the share when it began, 0 to 1
    elapsed : time since then, at least 0
    delay : time scale, in the same unit, above 0

    Source
    ------
    First-order lag (exponential adjustment); its time scale is assumed.
    """
    return effect + (at_first - effect) * math.exp(-elapsed / delay)


@rule
def first_occasion(start: float, gap: float, offset: float) -> int:
    """Number of the first of some regular dates that is not before a time.

    Parameters
    ----------
    start : the time, h
    gap : between two dates, h, above 0
    offset : date of the first, number 0, as a share of the gap, 0 to 1

    Source
    ------
    Convention: dates are at (number + offset)·gap.
    """
    return max(0, math.ceil(start / gap - offset))


@rule
def is_untold(found: float, heard: float, now: float) -> bool:
    """Whether a find across the line might have sent somebody there, had it been told of by now.

    Parameters
    ----------
    found : when something was found, h
    heard : latest observation of who found it that reached who might be sent, h
    now : when those are sent who are, h

    Source
    ------
    Age of information; for how long a find counts is assumed. It explains, and acts on nothing.
    """
    return heard < found and now - found <= 24.0 * FIND_COUNTS_DAYS

"""What an option is worth to a group that reckons with a chance of interception."""

import math

from sim.rules import rule


@rule
def expected_payoff(risk: float, gain: float, loss: float) -> float:
    """Payoff of an attempt on average.

    Parameters
    ----------
    risk : estimated chance of interception, 0 to 1
    gain, loss : payoff if it passes and if it is intercepted, in values of a load

    Source
    ------
    Expected value.
    """
    return (1.0 - risk) * gain + risk * loss


@rule
def subjective_utility(
    risk: float, gain: float, loss: float, coverage: float, reward: float, penalty: float
) -> float:
    """Subjective utility of an option, whose logit choice is SUQR.

    Parameters
    ----------
    risk : estimated chance of interception, 0 to 1
    gain, loss : payoff if it passes and if it is intercepted, in values of a load
    coverage, reward, penalty : weights of the three

    Source
    ------
    Nguyen, Yang, Azaria, Kraus & Tambe, Analyzing the effectiveness of adversary modeling in
    security games, AAAI 2013: w₁·x + w₂·R + w₃·P.
    """
    return coverage * risk + reward * gain + penalty * loss


@rule
def probability_weight(chance: float, curvature: float) -> float:
    """Weight that a probability has in a decision.

    Parameters
    ----------
    chance : 0 to 1
    curvature : γ for gains, δ for losses, above .28 so that it is monotone; 1 leaves it as it is

    Source
    ------
    Tversky & Kahneman, Journal of Risk and Uncertainty 5 (1992), equation 6.
    """
    power = chance**curvature
    return float(power / (power + (1.0 - chance) ** curvature) ** (1.0 / curvature))


@rule
def prospect_outcome(payoff: float, alpha: float, beta: float, aversion: float) -> float:
    """Subjective value of a payoff, gains and losses counted from 0.

    Parameters
    ----------
    payoff : in values of a load
    alpha, beta : curvature for gains and for losses, above 0
    aversion : λ, weight of a loss against a gain of the same size

    Source
    ------
    Tversky & Kahneman (1992), equation 5.
    """
    if payoff >= 0.0:
        return float(payoff**alpha)
    return float(-aversion * (-payoff) ** beta)


@rule
def prospect_value(risk: float, better: float, worse: float, gamma: float, delta: float) -> float:
    """Value of a prospect of two outcomes.

    Parameters
    ----------
    risk : probability of the worse outcome, 0 to 1
    better, worse : subjective values of the outcomes, above 0 for gains, better at least worse
    gamma, delta : curvature of probability weighting for gains and for losses

    Source
    ------
    Tversky & Kahneman (1992), equations 1 and 2, for two outcomes: the outcome further from 0
    gets the weight of its own probability, and one of the same sign the rest.
    """
    if worse >= 0.0:
        return worse + probability_weight(1.0 - risk, gamma) * (better - worse)
    if better < 0.0:
        return better + probability_weight(risk, delta) * (worse - better)
    gains = probability_weight(1.0 - risk, gamma) * better
    return gains + probability_weight(risk, delta) * worse


@rule
def effort_spread(patrols: float, width: float, segments: float) -> float:
    """Chance that a post has a patrol on a segment if it spreads them evenly.

    Parameters
    ----------
    patrols : on duty at a time
    width : segments of a beat
    segments : of the sector, above 0

    Source
    ------
    What a level-0 defender does, uniform over its options (Costa-Gomes & Crawford 2006).
    """
    return min(1.0, patrols * width / segments)


@rule
def effort_concentrated(patrols: float, width: float, share: float) -> float:
    """Chance that a post has a patrol on a segment if it goes where it expects groups.

    Parameters
    ----------
    patrols : on duty at a time
    width : segments of a beat
    share : of the post's groups of level 1 that choose this segment, 0 to 1

    Source
    ------
    A defender that answers to level-1 attackers in proportion (level-k: Stahl & Wilson, Games and
    Economic Behavior 10, 1995; matching of effort to flow: assumed).
    """
    return min(1.0, patrols * width * share)


@rule
def start_in_part(part: int, length: float, wanted: float, share: float) -> float:
    """Time at which an attempt starts in the next such part of the day.

    Parameters
    ----------
    part : which part of the day, 0 for the one that begins at midnight
    length : of a part, h
    wanted : earliest time, h since the start of the run at midnight
    share : uniform draw in (0, 1)

    Source
    ------
    Uniform over what is left of that part of the day, or over the whole of the next one; assumed.
    """
    begin = 24.0 * math.floor(wanted / 24.0) + part * length
    if begin + length <= wanted:
        begin += 24.0
    earliest = max(begin, wanted)
    return earliest + share * (begin + length - earliest)

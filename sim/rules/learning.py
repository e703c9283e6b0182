"""How smuggling groups learn from what befell them: experience-weighted attraction (EWA)."""

from sim.rules import rule


@rule
def payoff(intercepted: bool, cost: float, loss: float) -> float:
    """Payoff of an attempt in units of the value of its load.

    Parameters
    ----------
    intercepted : whether the load was lost
    cost : of the way, in units of the load's value, at least 0
    loss : what an interception costs, in units of the load's value, at least 0

    Source
    ------
    Value passed less what the attempt cost; the size of `loss` is assumed.
    """
    return -loss - cost if intercepted else 1.0 - cost


@rule
def experience(before: float, depreciation: float) -> float:
    """Give the weight of past experience after one more round.

    Parameters
    ----------
    before : N(t−1), at least 0
    depreciation : ρ, 0 to φ

    Source
    ------
    Camerer & Ho, Econometrica 67 (1999), equation 2.1: N(t) = ρ N(t−1) + 1.
    """
    return depreciation * before + 1.0


@rule
def attraction(
    before: float, weight_before: float, weight_now: float, decay: float, reward: float
) -> float:
    """Attraction of an option after one more round.

    Parameters
    ----------
    before : A(t−1)
    weight_before, weight_now : N(t−1) and N(t)
    decay : φ, 0 to 1
    reward : the payoff received, or δ times the payoff forgone

    Source
    ------
    Camerer & Ho (1999), equation 2.2. What an option not chosen would have paid is unknown to a
    smuggler and taken as what it paid last (Ho, Wang & Camerer, Economic Journal 118, 2008).
    """
    return (decay * weight_before * before + reward) / weight_now


@rule
def logit_utility(value: float, sensitivity: float, noise: float) -> float:
    """Utility whose maximum over options is a logit choice.

    Parameters
    ----------
    value : attraction of the option
    sensitivity : λ, at least 0; 0 chooses uniformly
    noise : standard Gumbel draw of this option

    Source
    ------
    McFadden (1974): the maximum of λ·A plus Gumbel noise is a multinomial logit choice.
    """
    return sensitivity * value + noise

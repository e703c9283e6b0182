"""How groups learn from what befell them: experience-weighted attraction, estimates of risk."""

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
def experience(before: float, depreciation: float, weight: float = 1.0) -> float:
    """Give the weight of past experience after one more round.

    Parameters
    ----------
    before : N(t−1), at least 0
    depreciation : ρ, 0 to φ; of a round that counts less than 1, ρ to that power
    weight : how much the round counts, 1 for one's own, less for one only heard of

    Source
    ------
    Camerer & Ho, Econometrica 67 (1999), equation 2.1: N(t) = ρ N(t−1) + 1; a weight is as if that
    share of a round had passed.
    """
    return depreciation * before + weight


@rule
def attraction(
    before: float, weight_before: float, weight_now: float, decay: float, reward: float
) -> float:
    """Attraction of an option after one more round.

    Parameters
    ----------
    before : A(t−1)
    weight_before, weight_now : N(t−1) and N(t)
    decay : φ, 0 to 1; of a round that counts less than 1, φ to that power
    reward : the payoff received, or δ times the payoff forgone, times the weight of the round

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


@rule
def estimated_risk(caught: float, trials: float, prior: float, weight: float) -> float:
    """Chance of interception that a group reckons with.

    Parameters
    ----------
    caught, trials : interceptions and attempts remembered, faded and weighted, at least 0
    prior : chance before anything was known, 0 to 1
    weight : of the prior, in attempts, above 0

    Source
    ------
    Mean of a beta belief after Bernoulli trials (conjugate update).
    """
    return (weight * prior + caught) / (weight + trials)


@rule
def stake_in_sightings(caught: float, watched: float, prior: float, loss: float) -> float:
    """Payoff that a group expects to lose on an option where scouts always see a patrol.

    Parameters
    ----------
    caught : chance of interception where a patrol is, 0 to 1
    watched : shifts watched, in attempts, at least 0
    prior : weight of what was believed before, in attempts, above 0
    loss : what an interception costs, in values of a load

    Source
    ------
    As in `estimated_risk`, shifts watched count against the weight of the prior; an interception
    costs what it costs and the load.
    """
    return (1.0 + loss) * (caught * watched / (prior + watched))

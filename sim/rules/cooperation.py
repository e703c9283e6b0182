"""What coordination does to those who coordinate: trust, the weight of reports, marginal return."""

from sim.rules import rule


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

"""What a scenario file may say about how groups choose, learn, tell each other and scout."""

from typing import Literal

from sim.scenario.parameters import NonNegative, Share, Table, param

AdversaryName = Literal["ewa", "static", "best_response", "suqr", "prospect", "level_k"]


class Learning(Table):
    """Experience-weighted attraction learning of a group (Camerer & Ho 1999)."""

    phi: Share = param(
        0.95, "decay of past attraction", source="Camerer & Ho (1999): .8–1", assumed=(0.8, 1.0)
    )
    delta: Share = param(
        0.5,
        "weight of payoffs forgone",
        source="Camerer & Ho (1999): about .5",
        assumed=(0.0, 1.0),
    )
    rho: Share = param(
        0.9,
        "depreciation of experience, at most phi",
        source="Camerer & Ho (1999)",
        assumed=(0.0, 1.0),
    )
    sensitivity: NonNegative = param(6.0, "logit sensitivity to attraction", assumed=(0.0, 20.0))


class Estimate(Table):
    """What a group takes the chance of interception to be, before and after experience."""

    prior_risk: Share = param(
        0.1, "chance of interception before anything is known", assumed=(0.0, 0.5)
    )
    prior_attempts: float = param(
        2.0, "weight of the prior", unit="attempts", assumed=(0.2, 20.0), gt=0
    )
    memory_attempts: float = param(
        20.0,
        "own attempts after which experience counts half",
        unit="attempts",
        assumed=(3.0, 200.0),
        gt=0,
    )
    caught: Share = param(
        0.3, "believed chance of interception where a patrol is about", assumed=(0.1, 0.8)
    )


class Suqr(Table):
    """Weights of subjective utility quantal response (Nguyen et al. 2013)."""

    coverage: float = param(
        -9.85,
        "weight of the estimated chance of interception",
        source="Nguyen, Yang, Azaria, Kraus & Tambe, AAAI 2013",
        assumed=(-20.0, 0.0),
    )
    reward: float = param(
        3.7,
        "weight of what a passage brings, in values of a load",
        source="Nguyen et al. (2013): .37 for each of 10 points, taken as one load",
        assumed=(0.0, 10.0),
    )
    penalty: float = param(
        1.5,
        "weight of what an interception brings (a negative number), in values of a load",
        source="Nguyen et al. (2013): .15 for each of 10 points, taken as one load",
        assumed=(0.0, 10.0),
    )


class Prospect(Table):
    """Cumulative prospect theory (Tversky & Kahneman 1992) with a logit choice."""

    alpha: float = param(
        0.88,
        "curvature of the value of gains",
        source="Tversky & Kahneman (1992)",
        assumed=(0.5, 1.0),
        gt=0,
        le=1,
    )
    beta: float = param(
        0.88,
        "curvature of the value of losses",
        source="Tversky & Kahneman (1992)",
        assumed=(0.5, 1.0),
        gt=0,
        le=1,
    )
    loss_aversion: NonNegative = param(
        2.25,
        "weight of a loss against a gain of the same size",
        source="Tversky & Kahneman (1992)",
        assumed=(1.0, 4.0),
    )
    gamma: float = param(
        0.61,
        "curvature of probability weighting of gains",
        source="Tversky & Kahneman (1992)",
        assumed=(0.4, 1.0),
        gt=0.28,
        le=1,
    )
    delta: float = param(
        0.69,
        "curvature of probability weighting of losses",
        source="Tversky & Kahneman (1992)",
        assumed=(0.4, 1.0),
        gt=0.28,
        le=1,
    )
    sensitivity: NonNegative = param(
        6.0, "logit sensitivity to prospect value", assumed=(0.0, 20.0)
    )


class LevelK(Table):
    """Level-k reasoning about where patrols are (Stahl & Wilson 1995)."""

    level: Literal[0, 1, 2] = param(
        1,
        "steps of reasoning: 0 ignores patrols, 1 answers to patrols spread evenly or as seen, "
        "2 answers to patrols that went after groups of level 1",
        source="Costa-Gomes & Crawford, American Economic Review 96 (2006): mostly 1 and 2",
    )
    sensitivity: NonNegative = param(
        6.0, "logit sensitivity to expected payoff", assumed=(0.0, 20.0)
    )


class Scouts(Table):
    """People who watch for a group which segments patrols walk."""

    lag_days: NonNegative = param(
        1.0, "time from the end of a shift until the group knows", unit="days", assumed=(0.0, 14.0)
    )
    share_seen: Share = param(
        0.5, "share of patrols on the group's segments that scouts notice", assumed=(0.0, 1.0)
    )
    memory_days: float = param(
        3.0,
        "time after which a shift watched counts half",
        unit="days",
        assumed=(0.3, 60.0),
        gt=0,
    )
    weight: NonNegative = param(
        1.0,
        "how much a shift watched counts, against the weight of the prior and own attempts",
        unit="attempts",
        assumed=(0.0, 10.0),
    )

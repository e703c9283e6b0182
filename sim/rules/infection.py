"""Disease over the line: cases that screening does not find."""

from sim.rules import rule


@rule
def screened_share(alone: float, joint: float) -> float:
    """Share of cases found where a side screens by itself and both do jointly.

    Parameters
    ----------
    alone, joint : share that each finds, 0 to 1

    Source
    ------
    Independent tests in a row; shares assumed.
    """
    return 1.0 - (1.0 - alone) * (1.0 - joint)


@rule
def imported_mean(people: float, prevalence: float, screened: float) -> float:
    """Expected cases a day that come in with people who cross.

    Parameters
    ----------
    people : who cross a day from the side of the outbreak
    prevalence : share of them who carry the disease, 0 to 1
    screened : share of carriers that screening finds, 0 to 1

    Source
    ------
    Thinned Poisson process; a person carries with a fixed chance (assumed).
    """
    return people * prevalence * (1.0 - screened)

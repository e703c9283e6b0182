"""How they cooperate: a module for each instrument, all of one shape."""

from sim.coordination.hotline import DirectLine
from sim.coordination.instrument import Instrument, Theatre
from sim.coordination.sharing import InformationSharing
from sim.coordination.twinning import StationTwinning

__all__ = ["DirectLine", "InformationSharing", "Instrument", "StationTwinning", "Theatre"]


def instruments_of(theatre: Theatre) -> list[Instrument]:
    """Give the instruments that the policy of a run switches on, in the order they connect.

    A dose of zero is no instrument at all.
    """
    policy = theatre.stage.scenario.policy
    chosen: list[Instrument] = []
    if policy.twinning is not None:
        chosen.append(StationTwinning(theatre, policy.twinning))
    if policy.hotline is not None and policy.hotline.works > 0.0:
        chosen.append(DirectLine(theatre, policy.hotline))
    if policy.sharing is not None and policy.sharing.interval_days != "never":
        chosen.append(InformationSharing(theatre, policy.sharing))
    return chosen

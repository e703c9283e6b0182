"""How they cooperate: a module for each instrument, all of one shape."""

from collections.abc import Callable, Collection

from sim.coordination.aid import SurgeAid
from sim.coordination.cultural_exchanges import CulturalExchanges
from sim.coordination.development import LocalDevelopment
from sim.coordination.friendship_exchanges import FriendshipExchanges
from sim.coordination.health import HealthCoordination
from sim.coordination.hotline import DirectLine
from sim.coordination.instrument import Instrument, Pair, Theatre
from sim.coordination.joint_operations import JointOperations
from sim.coordination.joint_patrols import JointPatrols
from sim.coordination.markers import MarkerManagement
from sim.coordination.material_support import MaterialSupport
from sim.coordination.multilateral import MultilateralExtension
from sim.coordination.professional_exchanges import ProfessionalExchanges
from sim.coordination.residential_twinning import ResidentialTwinning
from sim.coordination.schedules import CoordinatedSchedules
from sim.coordination.sharing import InformationSharing
from sim.coordination.twinning import StationTwinning
from sim.errors import InputError
from sim.scenario import Policy
from sim.scenario.code import load_code

__all__ = ["INSTRUMENTS", "Instrument", "Pair", "Theatre", "instruments_of", "rank_of"]

INSTRUMENTS: dict[str, tuple[Callable[..., Instrument], Callable[..., bool]]] = {
    "twinning": (StationTwinning, lambda dose: dose.groups != "none"),
    "multilateral": (MultilateralExtension, lambda dose: bool(dose.members)),
    "joint_operations": (JointOperations, lambda dose: dose.per_year > 0.0),
    "material_support": (MaterialSupport, lambda dose: dose.units_per_year > 0.0),
    "joint_patrols": (JointPatrols, lambda dose: dose.per_month > 0.0),
    "schedules": (CoordinatedSchedules, lambda dose: dose.kind != "none"),
    "markers": (MarkerManagement, lambda dose: dose.surveys_per_year > 0.0),
    "professional_exchanges": (ProfessionalExchanges, lambda dose: dose.days_per_year > 0.0),
    "cultural_exchanges": (CulturalExchanges, lambda dose: dose.per_year > 0.0),
    "friendship_exchanges": (FriendshipExchanges, lambda dose: dose.per_year > 0.0),
    "residential_twinning": (ResidentialTwinning, lambda dose: dose.pairs > 0),
    "development": (LocalDevelopment, lambda dose: dose.budget > 0.0),
    "health": (HealthCoordination, lambda dose: dose.level > 0),
    "hotline": (DirectLine, lambda dose: dose.works > 0.0),
    "sharing": (InformationSharing, lambda dose: dose.interval_days != "never"),
}
"""Every instrument by its table in a policy, in the order they connect and act, with what is a dose
above zero; a dose of zero is no instrument at all. Those that change who is on duty come before
those that give tasks to teams."""


def instruments_of(
    theatre: Theatre, policy: Policy, besides: Collection[str] = ()
) -> list[Instrument]:
    """Give the instruments that a policy switches on, but for some that are there already."""
    chosen: list[Instrument] = []
    for name, (kind, is_on) in INSTRUMENTS.items():
        dose = getattr(policy, name)
        if name not in besides and dose is not None and is_on(dose):
            chosen.append(kind(theatre, dose))
    for extension in policy.extensions:
        own = load_code(extension.instrument)
        if not (isinstance(own, type) and issubclass(own, Instrument)):
            raise InputError("is no subclass of Instrument", where=extension.instrument)
        if own.name not in besides:
            chosen.append(own(theatre, extension.dose))
    aid = theatre.stage.scenario.posts.aid
    if aid.trigger_finds and SurgeAid.name not in besides:
        chosen.append(SurgeAid(theatre, aid))
    return chosen


def rank_of(instrument: Instrument) -> int:
    """Give the place of an instrument in the order in which they connect and act.

    Instruments of one's own, and aid, come before all others.
    """
    names = list(INSTRUMENTS)
    return names.index(instrument.name) if instrument.name in names else -1

"""What a policy file may say: a table for each instrument; a missing table is one switched off."""

from typing import Annotated, Any, Literal

from sim.scenario.code import CodeName
from sim.scenario.doses import (
    CulturalExchanges,
    Development,
    FriendshipExchanges,
    Health,
    Hotline,
    JointOperations,
    JointPatrols,
    MarkerManagement,
    MaterialSupport,
    Multilateral,
    ProfessionalExchanges,
    ResidentialTwinning,
    Schedules,
    Sharing,
    Twinning,
)
from sim.scenario.parameters import Sequence, SideCode, Table, param
from sim.scenario.schema import Assumed

AllocationKind = Literal["uniform", "rota", "posterior_mean", "thompson", "stackelberg"]


class Allocation(Table):
    """How posts choose where their patrols go, each side by itself."""

    kind: AllocationKind | CodeName | dict[SideCode, AllocationKind | CodeName] = param(
        "posterior_mean",
        "uniform, fixed rota, posterior mean, Thompson sampling, randomised Stackelberg",
    )
    rota_days: float = param(
        1.0, "time between changes of the rota", unit="days", assumed=(0.3, 30.0), gt=0
    )
    rota_irregular: bool = param(
        False, "change the rota at random times with that mean instead of regularly"
    )
    deconflict: Literal["expected", "strict"] = param(
        "expected",
        "a partner's known plan lowers what its beats are worth by the cover expected there, or "
        "rules them out as long as others are free",
    )


class Extension(Table):
    """An instrument of one's own, in Python."""

    instrument: CodeName = param(
        ..., "`package.module:Class` of a subclass of `sim.coordination.Instrument`"
    )
    dose: dict[str, Any] = param({}, "what the class makes of it")


class Policy(Table):
    """A set of doses of instruments."""

    format: Literal[1] = param(..., "version of the file format")
    title: str = param("", "what the policy is")
    sharing: Sharing | None = None
    twinning: Twinning | None = None
    hotline: Hotline | None = None
    joint_patrols: JointPatrols | None = None
    schedules: Schedules | None = None
    markers: MarkerManagement | None = None
    professional_exchanges: ProfessionalExchanges | None = None
    joint_operations: JointOperations | None = None
    material_support: MaterialSupport | None = None
    cultural_exchanges: CulturalExchanges | None = None
    friendship_exchanges: FriendshipExchanges | None = None
    residential_twinning: ResidentialTwinning | None = None
    development: Development | None = None
    health: Health | None = None
    multilateral: Multilateral | None = None
    allocation: Allocation = Allocation()
    extensions: Annotated[tuple[Extension, ...], Sequence] = param((), "instruments of one's own")
    sources: dict[str, str | Assumed] = param(
        {}, "key path to citation, or to `assumed` with a `range`"
    )

    @property
    def exclusive(self) -> bool:
        """Whether named twins practise most instruments with each other alone."""
        twinning = self.twinning
        return twinning is not None and twinning.exclusive and twinning.groups == "named"


class PolicyFile(Policy):
    """A policy file as written."""

    extends: str | None = param(None, "policy file this one starts from")

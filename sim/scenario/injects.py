"""What a scenario can let happen on a date: exercises and shocks."""

from typing import Annotated, Any, Literal

from pydantic import Field

from sim.scenario.parameters import (
    Count,
    NonNegative,
    Positive,
    Sequence,
    Share,
    SideCode,
    Table,
    param,
)


class Event(Table):
    """Something that happens on a day of the run."""

    day: NonNegative = param(..., "when, in days from the start of the run", unit="days")
    title: str = param("", "what to call it on a timeline")


class Period(Event):
    """Something that lasts."""

    days: Positive = param(..., "how long", unit="days")

    def covers(self, hour: float) -> bool:
        """Whether it is on at an hour of the run."""
        return 24.0 * self.day <= hour < 24.0 * (self.day + self.days)


class LinkOutage(Period):
    """Messages and calls of some instruments do not pass between the sides."""

    kind: Literal["link_outage"] = param(..., "what happens")
    instruments: Annotated[tuple[Literal["sharing", "hotline"], ...], Sequence] = param(
        ("sharing", "hotline"), "instruments whose links are cut"
    )


class GateClosure(Period):
    """Gates are closed; some of those who would have used them cross elsewhere."""

    kind: Literal["gate_closure"] = param(..., "what happens")
    provinces: Annotated[tuple[str, ...], Sequence] = param(
        (), "provinces of either side whose gates close; all of them if empty"
    )
    diverted: Share = param(
        0.2, "share of lawful people who cross away from the gate instead", assumed=(0.0, 0.8)
    )


class Outbreak(Period):
    """A disease on one side."""

    kind: Literal["outbreak"] = param(..., "what happens")
    side: SideCode = param(..., "side on which it breaks out")
    prevalence: Share = param(
        0.002, "share of people from that side who carry it", assumed=(0.0001, 0.05)
    )


class Tip(Event):
    """Posts are told that a kind of crossing is to be expected somewhere."""

    kind: Literal["tip"] = param(..., "what happens")
    crime: str = param(..., "crime type, a key of [crimes]")
    segment: Count = param(..., "number of the segment")
    sides: Annotated[tuple[SideCode, ...], Sequence] = param(
        (), "sides that are told; both if empty"
    )
    weight: NonNegative = param(
        3.0, "how many finds of one's own it counts for", unit="finds", assumed=(0.5, 20.0)
    )


class Surge(Period):
    """Groups want to cross more often, or less."""

    kind: Literal["surge"] = param(..., "what happens")
    factor: NonNegative = param(
        2.0, "attempts wanted, relative to ordinary days", assumed=(0.0, 10.0)
    )
    crimes: Annotated[tuple[str, ...], Sequence] = param(
        (), "crime types that surge; all of them if empty"
    )
    provinces: Annotated[tuple[str, ...], Sequence] = param(
        (), "provinces where the groups live; everywhere if empty"
    )


class LossOfPatrols(Period):
    """Posts have fewer patrols."""

    kind: Literal["loss_of_patrols"] = param(..., "what happens")
    side: SideCode = param(..., "side that loses them")
    patrols: Count = param(..., "patrols that each post lacks")
    provinces: Annotated[tuple[str, ...], Sequence] = param(
        (), "provinces of that side; all of them if empty"
    )


class PolicyChange(Event):
    """Another policy comes into force."""

    kind: Literal["policy_change"] = param(..., "what happens")
    file: str | None = param(None, "policy file; the one in force so far if missing")
    set: dict[str, Any] = param({}, "key paths to values that differ from it")


Inject = Annotated[
    LinkOutage | GateClosure | Outbreak | Tip | Surge | LossOfPatrols | PolicyChange,
    Field(discriminator="kind"),
]

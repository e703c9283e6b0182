"""What a scenario file may say: the world, the forces, the groups, the community, the clock."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from sim.scenario.adversaries import (
    AdversaryName,
    Estimate,
    Learning,
    LevelK,
    Prospect,
    Scouts,
    Suqr,
)
from sim.scenario.code import CodeName
from sim.scenario.forces import Patrols, Posts
from sim.scenario.injects import Inject
from sim.scenario.parameters import (
    Latitude,
    Longitude,
    NonNegative,
    Positive,
    Sequence,
    Share,
    SideCode,
    Table,
    param,
)
from sim.scenario.stops import Stop

Category = Literal[
    "line_and_markers",
    "area_situation",
    "illegal_crossings",
    "unauthorised_immigration",
    "irregular_migration",
    "other_crime",
]


class World(Table):
    """The border and the land along it."""

    borders: Annotated[tuple[str, ...], Sequence] = param(
        ..., "folders of border data, one for each pair of countries", min_length=1
    )
    provinces: Annotated[tuple[str, ...], Sequence] = param(
        (), "only the line of these provinces, of any side; all of it if empty"
    )
    within_km: float | None = param(
        None, "only the line within so much of it from a place, as measured", unit="km", gt=0
    )
    around: Annotated[tuple[Longitude, Latitude], Sequence] | None = param(
        None, "longitude and latitude of that place; every tripoint if missing", unit="degrees"
    )
    tripoint_km: NonNegative = param(
        5.0,
        "ends of the lines of different pairs that are so near each other are one tripoint",
        unit="km",
        source="OpenStreetMap and Natural Earth draw Vietnam–Laos–Cambodia 2.3 km apart",
        assumed=(0.0, 10.0),
    )
    names: dict[SideCode, str] = param({}, "what to call each side in tables and pictures")
    published_length_km: float | None = param(
        None,
        "published length that the measured line is scaled to",
        unit="km",
        ge=1,
        le=100_000,
    )
    speed_kmh: Annotated[tuple[Positive, ...], Sequence] = param(
        (4.0, 3.0, 2.0),
        "walking speed of a patrol in low, middle and high relief",
        unit="km/h",
        source="level and steep paths of Tobler's hiking function (1993), rounded",
        assumed=(1.0, 5.0),
        min_length=3,
        max_length=3,
    )
    wet_days: Annotated[tuple[Share, ...], Sequence] = param(
        (0.3,) * 12,
        "share of days wet enough to slow walking, January to December",
        assumed=(0.0, 0.9),
        min_length=12,
        max_length=12,
    )
    wet_slowdown: float = param(
        1.3, "time a way takes on a wet day, relative to a dry one", assumed=(1.0, 2.0), ge=1
    )
    vehicle_kmh: float = param(
        15.0, "speed from a post to its beats, on tracks", unit="km/h", assumed=(5.0, 40.0), gt=0
    )
    dusk_hour: float = param(
        19.0, "hour at which night begins", unit="h", assumed=(17.0, 21.0), ge=12, le=24
    )
    dawn_hour: float = param(
        5.0, "hour at which night ends", unit="h", assumed=(4.0, 7.0), ge=0, le=12
    )
    markers_per_km: NonNegative = param(
        0.43,
        "border markers and stakes",
        unit="1/km",
        source="1,002 on 2,337 km of the Vietnam–Laos line (public_record.csv)",
        le=1_000,
    )
    marker_damage_per_year: NonNegative = param(
        0.03,
        "markers weathered or damaged a year",
        unit="share per year",
        assumed=(0.0, 0.2),
        le=100,
    )
    marker_inspection: Share = param(
        0.5, "probability that a patrol on its segment notices a damaged marker", assumed=(0.1, 1.0)
    )
    marker_repair_days: float = param(
        30.0,
        "mean time from signed minutes to repair",
        unit="days",
        assumed=(5.0, 180.0),
        gt=0,
    )
    settlement_spacing_km: float = param(
        15.0,
        "distance between settlements along the line",
        unit="km",
        assumed=(5.0, 40.0),
        ge=0.1,
    )
    settlement_depth_km: float = param(
        8.0, "distance of settlements from the line", unit="km", assumed=(2.0, 30.0), ge=0
    )
    carrier_kmh: float = param(
        4.0,
        "speed of groups on the way to and from the line",
        unit="km/h",
        assumed=(2.0, 30.0),
        gt=0,
    )


class Crime(Table):
    """A type of crime, in abstract terms."""

    value: NonNegative = param(1.0, "harm of a unit of load, relative", assumed=(0.1, 10.0))
    load: NonNegative = param(
        1.0, "units of load that one crossing carries, relative", assumed=(0.1, 10.0)
    )
    detectability: NonNegative = param(
        1.0, "detection chance relative to the average", assumed=(0.5, 2.0)
    )
    exposure_hours: NonNegative | dict[SideCode, NonNegative] = param(
        2.0, "time exposed near the line on each side", unit="h", assumed=(0.5, 6.0)
    )
    category: Category = param("illegal_crossings", "under which heading it is reported")
    referred: bool = param(False, "people are met and referred, which is not an interdiction")

    @property
    def harm(self) -> float:
        """Harm of one crossing."""
        return self.value * self.load


CRIMES: dict[str, dict[str, Any]] = {
    "drugs": {"value": 3.0, "detectability": 0.8, "exposure_hours": 2.0},
    "weapons": {
        "value": 4.0,
        "detectability": 0.9,
        "exposure_hours": 2.0,
        "category": "other_crime",
    },
    "goods": {"value": 1.0, "detectability": 1.2, "exposure_hours": 2.5},
    "irregular": {
        "value": 1.0,
        "detectability": 1.0,
        "exposure_hours": 2.5,
        "category": "irregular_migration",
        "referred": True,
    },
    "immigration": {
        "value": 0.5,
        "detectability": 1.0,
        "exposure_hours": 2.5,
        "category": "unauthorised_immigration",
        "referred": True,
    },
}
"""The crime types that every scenario knows; all numbers assumed, ranges as in `Crime`."""


def _with_known_crimes(given: Any) -> Any:
    """Lay the crimes of a file over the known ones, key by key."""
    if not isinstance(given, dict) or not all(isinstance(each, dict) for each in given.values()):
        return given
    names = [*CRIMES, *(name for name in given if name not in CRIMES)]
    return {name: CRIMES.get(name, {}) | given.get(name, {}) for name in names}


class Groups(Table):
    """Smuggling groups of one kind."""

    name: str = param(..., "name of the kind", min_length=1)
    crime: str = param(..., "crime type, a key of [crimes]")
    origin: SideCode = param(..., "side they start from")
    destination: SideCode = param(..., "side they go to")
    provinces: Annotated[tuple[str, ...], Sequence] = param(
        (), "provinces of the origin they live in; all of them if empty"
    )
    count: int = param(..., "number of groups", assumed=(1, 500), ge=1, le=100_000)
    attempts_per_day: float = param(
        ..., "attempts each group wants to make", unit="1/day", assumed=(0.02, 5.0), gt=0, le=1_000
    )
    adversary: AdversaryName | CodeName = param(
        "ewa",
        "how they choose: experience-weighted attraction, fixed, best response, subjective utility "
        "quantal response, prospect theory, level-k reasoning",
    )
    reach_segments: int = param(
        12, "segments that a group considers, nearest first", assumed=(2, 60), ge=1
    )
    loss: NonNegative = param(
        1.0, "what an interception costs, in values of a load", assumed=(0.0, 10.0)
    )
    cost_per_hour: NonNegative = param(
        0.04, "cost of the way to a segment, in values of a load", unit="1/h", assumed=(0.0, 0.2)
    )
    learning: Learning = Learning()
    estimate: Estimate = Estimate()
    suqr: Suqr = Suqr()
    prospect: Prospect = Prospect()
    level_k: LevelK = LevelK()
    scouts: Scouts | None = param(None, "people who watch patrols; nobody if missing")
    shares: Share = param(
        0.0, "weight of what befell another group of the same kind", assumed=(0.0, 1.0)
    )
    shares_after_days: NonNegative = param(
        1.0, "time until a group hears of it", unit="days", assumed=(0.0, 30.0)
    )
    retry: Share = param(
        0.0, "probability of a further attempt after an interception", assumed=(0.0, 1.0)
    )
    retry_after_hours: NonNegative = param(
        48.0, "time from an interception to the further attempt", unit="h", assumed=(6.0, 720.0)
    )


_PER_GATE = {"international": 200.0, "main": 50.0, "secondary": 10.0}


class Community(Table):
    """Lawful people along the line, and what they tell."""

    lawful_per_segment: NonNegative = param(
        3.0, "lawful crossings away from gates", unit="1/day per segment", assumed=(0.0, 30.0)
    )
    lawful_per_gate: dict[Literal["international", "main", "secondary"], NonNegative] = param(
        _PER_GATE,
        "lawful crossings at a gate",
        unit="1/day",
        source="order of magnitude of 75,000 a year on one province pair (public_record.csv)",
        assumed=(10.0, 2000.0),
    )
    lawful_exposure_hours: NonNegative = param(
        0.5, "time a lawful person is near the line", unit="h", assumed=(0.1, 2.0)
    )
    false_stop: Share = param(
        0.3, "probability that a lawful person passed by a patrol is stopped", assumed=(0.05, 0.8)
    )
    stop_hours: NonNegative = param(0.5, "delay of a stop", unit="h per person", assumed=(0.1, 3.0))
    gate_check: Share = param(0.1, "share of people checked at a gate", assumed=(0.02, 0.5))
    gate_check_hours: NonNegative = param(
        0.1, "delay of a check at a gate", unit="h per person", assumed=(0.02, 0.5)
    )
    learned_later: Share = param(
        0.2,
        "share of undetected crossings that the side of arrival learns of later",
        assumed=(0.0, 0.5),
    )
    learned_later_days: float = param(
        10.0, "mean time until it does", unit="days", assumed=(1.0, 60.0), gt=0
    )
    misplaced: Share = param(
        0.2, "share of these ascribed to a neighbouring segment", assumed=(0.0, 0.6)
    )
    reports: Share = param(
        0.02,
        "share of crossings that people along the line tell their own post of in time, where they "
        "are on good terms with it",
        assumed=(0.0, 0.2),
    )
    goodwill_per_stop: NonNegative = param(
        0.1,
        "share of these reports lost for each false stop per hundred lawful people of a month",
        unit="share per stop per hundred people",
        assumed=(0.0, 2.0),
    )

    @property
    def people_at_gates(self) -> dict[str, float]:
        """Lawful crossings at each kind of gate, 1/day; the default where a file tells of none."""
        told: dict[str, float] = dict(self.lawful_per_gate.items())
        return _PER_GATE | told


class Time(Table):
    """The clock: hours since midnight of the first day."""

    days: float = param(
        365.0, "length of a run", unit="days", source="a choice of the study", gt=0, le=36500
    )
    shift_hours: float = param(
        8.0, "length of a shift", unit="h", assumed=(4.0, 24.0), ge=0.25, le=168
    )
    start_month: int = param(
        1, "month of the first day, 1 to 12", source="a choice of the study", ge=1, le=12
    )


class Infection(Table):
    """How an outbreak on one side, which an inject starts, comes over the line."""

    notice_days: NonNegative = param(
        14.0,
        "time until the other side screens, if nobody tells it",
        unit="days",
        assumed=(3.0, 60.0),
    )
    screened: Share = param(
        0.3, "share of cases found by a side that screens alone at its gates", assumed=(0.0, 0.8)
    )


class Assumed(Table):
    """A number nobody has published, with the range a study should sweep."""

    assumed: str = param(..., "why this value", min_length=1)
    range: Annotated[tuple[float, float], Field(strict=False)] = param(
        ..., "least and greatest plausible value", unit="as of the number"
    )


class ScenarioTables(Table):
    """The tables of a scenario file."""

    format: Literal[1] = param(..., "version of the file format")
    title: str = param("", "what the scenario is")
    world: World
    posts: Posts = Posts()
    patrols: Patrols = Patrols()
    crimes: Annotated[dict[str, Crime], BeforeValidator(_with_known_crimes)] = Field(
        default_factory=dict, validate_default=True
    )
    groups: Annotated[tuple[Groups, ...], Sequence] = param((), "who tries to cross")
    community: Community = Community()
    infection: Infection = Infection()
    injects: Annotated[tuple[Inject, ...], Sequence] = param(
        (), "what befalls the border, and when"
    )
    stops: Annotated[tuple[Stop, ...], Sequence] = param(
        (), "where a replay halts for a question; the run knows nothing of them"
    )
    time: Time = Time()
    sources: dict[str, str | Assumed] = param(
        {}, "key path to citation, or to `assumed` with a `range`"
    )


class ScenarioFile(ScenarioTables):
    """A scenario file as written."""

    extends: str | None = param(None, "scenario file this one starts from")
    policy: str | None = param(None, "policy file in force unless the caller names another")

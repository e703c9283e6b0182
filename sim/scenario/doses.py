"""The doses of instruments: what a policy file may say in the table of each."""

from typing import Annotated, Literal, get_args

from sim.scenario.parameters import (
    Count,
    NonNegative,
    PerYear,
    Positive,
    Sequence,
    Share,
    SideCode,
    Table,
    param,
)
from sim.scenario.schema import Category

InstrumentName = Literal[
    "sharing",
    "twinning",
    "hotline",
    "joint_patrols",
    "schedules",
    "markers",
    "professional_exchanges",
    "joint_operations",
    "material_support",
    "cultural_exchanges",
    "friendship_exchanges",
    "residential_twinning",
    "development",
    "health",
]


_SOME_SECONDS = 1e-3


class Sharing(Table):
    """Regular exchange of information between the two sides."""

    interval_days: NonNegative | Literal["never"] = param(
        "never",
        "time between reports; 0 sends at once what is found",
        unit="days",
        assumed=(0.0, 30.0),
    )
    plans: bool = param(False, "share where one will go as well as what one found")
    scope: Literal["twins", "neighbours", "province", "all"] = param(
        "neighbours",
        "who hears: twinned posts, posts facing the same line, all of the province, everybody",
    )
    categories: Annotated[tuple[Category, ...], Sequence] = param(
        get_args(Category), "headings that are passed on"
    )
    latency_hours: NonNegative = param(
        4.0, "from sending to arrival, for each hop of the way", unit="h", assumed=(0.1, 72.0)
    )
    reliability: Share = param(0.95, "share of reports that arrive", assumed=(0.5, 1.0))
    reports_per_day: Positive = param(
        24.0, "reports a post can read", unit="1/day", assumed=(2.0, 100.0)
    )
    report_hours: NonNegative = param(
        0.5, "patrol time that writing a report takes", unit="h", assumed=(0.1, 4.0)
    )
    plan_half_life_days: Positive = param(
        3.0,
        "time after which a plan that was shared is believed to hold half",
        unit="days",
        assumed=(0.3, 30.0),
    )
    money_per_report: NonNegative = param(
        1.0, "cost of a report", unit="money units", assumed=(0.0, 10.0)
    )

    @property
    def interval_hours(self) -> float:
        """Time between reports, h: 0 for at once, or some seconds at least, so that they end."""
        hours = 24.0 * float(self.interval_days)
        return max(hours, _SOME_SECONDS) if hours else 0.0


class Twinning(Table):
    """Stations of one side twinned with a company of the other: a direct link between posts."""

    groups: Literal["none", "named", "facing"] = param(
        "facing", "twin nobody, only the named groups, or every post with the one it faces most"
    )
    exclusive: bool = param(
        False,
        "whether posts practise joint patrols, schedules, marker surveys, exchanges and material "
        "support with their twins alone",
    )
    money_per_group: NonNegative = param(
        100.0, "cost of a twinned pair", unit="money units per year", assumed=(0.0, 1000.0)
    )


class Hotline(Table):
    """A direct line on which a detection is told to the other side at once."""

    level: Literal["post", "province", "national"] = param(
        "post", "who has the telephone; posts call their twin, others go through commands"
    )
    minutes: NonNegative = param(
        15.0, "time for each hop of the way", unit="min", assumed=(2.0, 120.0)
    )
    works: Share = param(0.8, "share of calls that get through", assumed=(0.2, 1.0))
    call_hours: NonNegative = param(
        0.25, "patrol time that a call takes on each side", unit="h", assumed=(0.0, 1.0)
    )
    money_per_link: NonNegative = param(
        50.0, "cost of a line", unit="money units per year", assumed=(0.0, 500.0)
    )


class JointPatrols(Table):
    """Patrols of both sides walking together from marker to marker, with authority on both."""

    per_month: NonNegative = param(
        ...,
        "joint patrols of each pair of posts that face each other",
        unit="1/month",
        assumed=(0.0, 8.0),
    )
    teams: int = param(1, "teams of each side in one joint patrol", assumed=(1, 3), ge=1, le=100)
    preparation_hours: NonNegative = param(
        2.0, "patrol time that each side spends to prepare one", unit="h", assumed=(0.0, 8.0)
    )
    where: Literal["rotate", "belief"] = param(
        "rotate", "along the common line in turn, or where both together expect most"
    )
    rearrange_days: NonNegative = param(
        7.0, "time to agree on another date when one was missed", unit="days", assumed=(1.0, 60.0)
    )
    money_each: NonNegative = param(
        20.0, "cost of a joint patrol", unit="money units", assumed=(0.0, 200.0)
    )


class Schedules(Table):
    """Beats agreed beforehand between posts that face each other."""

    kind: Literal["none", "split", "antiphase", "complementary"] = param(
        "none",
        "each side takes half of the common line; both walk half a round apart; or one side fixes "
        "its plans and the other goes where they leave most undone",
    )
    days_ahead: Positive = param(
        2.0,
        "how far ahead complementary plans are fixed; sides take turns to fix theirs",
        unit="days",
        assumed=(1.0, 30.0),
        le=365,
    )
    meeting_hours: NonNegative = param(
        1.0, "patrol time each side spends on each agreement", unit="h", assumed=(0.0, 8.0)
    )
    meeting_days: Positive = param(
        30.0,
        "time between agreements of split or antiphase schedules",
        unit="days",
        assumed=(7.0, 365.0),
    )


class MarkerManagement(Table):
    """Joint surveys of the markers: both sides look, and sign what is to be repaired."""

    surveys_per_year: PerYear = param(
        ..., "joint surveys of the line that two posts share", unit="1/year", assumed=(0.0, 12.0)
    )
    found: Share = param(0.95, "share of damage that a survey finds", assumed=(0.5, 1.0))
    money_per_survey: NonNegative = param(
        30.0, "cost of a survey", unit="money units", assumed=(0.0, 300.0)
    )


class ProfessionalExchanges(Table):
    """Learning from each other how a type of crime is recognised."""

    days_per_year: PerYear = param(
        ..., "days of exchange of each pair of posts", unit="days/year", assumed=(0.0, 40.0)
    )
    topic: str = param("all", "crime type, a key of [crimes], or all of them in turn")
    learned: Share = param(
        0.1, "share of what is left to learn that a day teaches", assumed=(0.02, 0.4)
    )
    most: NonNegative = param(
        0.3,
        "how much better who learned everything detects, relative to the untrained",
        assumed=(0.0, 1.0),
    )
    half_life_days: Positive = param(
        365.0, "time after which half is forgotten", unit="days", assumed=(60.0, 1500.0)
    )
    hours_per_day: NonNegative = param(
        8.0, "patrol time that a day takes on each side", unit="h", assumed=(1.0, 40.0)
    )
    money_per_day: NonNegative = param(
        40.0, "cost of a day", unit="money units", assumed=(0.0, 400.0)
    )


class JointOperations(Table):
    """Both sides for some days after one type of crime in one area, and its storage sites."""

    per_year: PerYear = param(..., "operations", unit="1/year", assumed=(0.0, 24.0))
    first_day: NonNegative = param(30.0, "day of the first one", unit="days", assumed=(0.0, 365.0))
    days: Positive = param(5.0, "length of an operation", unit="days", assumed=(1.0, 30.0))
    teams: Count = param(1, "patrols that each post calls up besides those on duty", assumed=(0, 4))
    crimes: Annotated[tuple[str, ...], Sequence] = param(
        ("drugs", "weapons"), "crime types they are after"
    )
    provinces: Annotated[tuple[str, ...], Sequence] = param(
        (), "provinces of any side where they take place; everywhere if empty"
    )
    focus: NonNegative = param(
        0.2,
        "how much better these crimes are detected meanwhile, relative to ordinary days",
        assumed=(0.0, 1.0),
    )
    storage_found: Share = param(
        0.05,
        "probability that a day of operation finds a group's storage site in the area",
        assumed=(0.0, 0.3),
    )
    storage_days: NonNegative = param(
        20.0, "time a group needs for a new site and load", unit="days", assumed=(5.0, 90.0)
    )
    preparation_hours: NonNegative = param(
        4.0, "patrol time each post spends to prepare one", unit="h", assumed=(0.0, 24.0)
    )
    money_per_day: NonNegative = param(
        10.0, "cost of a day of operation for each post", unit="money units", assumed=(0.0, 200.0)
    )


class MaterialSupport(Table):
    """One side equips the other."""

    units_per_year: PerYear = param(
        ..., "units handed over to each post that receives", unit="1/year", assumed=(0.0, 12.0)
    )
    kind: Literal["mobility", "sensors", "patrols"] = param(
        "mobility", "vehicles and radios; sensors; or supplies that put patrols on duty more often"
    )
    receiver: SideCode | Literal["each"] = param(
        "each", "side that receives, or `each` if support is mutual"
    )
    speed_gain: NonNegative = param(
        0.1,
        "gain in speed on tracks and of the reaction team",
        unit="share per unit",
        assumed=(0.0, 0.5),
    )
    units_per_sensor: Positive = param(
        2.0, "units that make a sensor", unit="units", assumed=(0.5, 10.0)
    )
    units_per_patrol: Positive = param(
        4.0, "units that keep one more patrol on duty", unit="units", assumed=(1.0, 20.0)
    )
    life_days: Positive = param(
        730.0, "time after which a unit is worn out", unit="days", assumed=(180.0, 3650.0)
    )
    handover_hours: NonNegative = param(
        2.0, "patrol time on each side that a handover takes", unit="h", assumed=(0.0, 8.0)
    )
    money_per_unit: NonNegative = param(
        200.0, "cost of a unit, borne by the giver", unit="money units", assumed=(0.0, 5000.0)
    )


class CulturalExchanges(Table):
    """Cultural evenings and sport between posts that face each other."""

    per_year: PerYear = param(
        ..., "events of each pair of posts", unit="1/year", assumed=(0.0, 24.0)
    )
    trust_gain: Share = param(0.05, "move of trust towards 1 by an event", assumed=(0.0, 0.3))
    hours_each: NonNegative = param(
        8.0, "patrol time that an event takes on each side", unit="h", assumed=(1.0, 40.0)
    )
    money_each: NonNegative = param(
        50.0, "cost of an event", unit="money units", assumed=(0.0, 500.0)
    )


_BY_LEVEL = {"post": 0.08, "province": 0.04, "national": 0.02}


class FriendshipExchanges(Table):
    """Meetings of commands, which the posts under them feel."""

    per_year: PerYear = param(
        ..., "meetings of each pair of commands", unit="1/year", assumed=(0.0, 12.0)
    )
    level: Literal["post", "province", "national"] = param(
        "province", "commands that meet, with all the posts under them"
    )
    trust_gain: dict[Literal["post", "province", "national"], Share] = param(
        _BY_LEVEL,
        "move of trust towards 1 of each pair of posts by a meeting, by level",
        assumed=(0.0, 0.3),
    )
    hours_each: NonNegative = param(
        2.0, "patrol time that a meeting takes at each post", unit="h", assumed=(0.0, 16.0)
    )
    money_each: NonNegative = param(
        80.0, "cost of a meeting", unit="money units", assumed=(0.0, 2000.0)
    )

    @property
    def gain(self) -> float:
        """Move of trust by a meeting at its level; the default where a file tells of none."""
        return self.trust_gain.get(self.level, _BY_LEVEL[self.level])


class ResidentialTwinning(Table):
    """Twinned villages: people along the line tell the posts of both sides what they see."""

    pairs: Count = param(..., "pairs of villages along the whole line", assumed=(0, 500))
    reports: Share = param(
        0.1, "share of crossings there that people tell the posts of in time", assumed=(0.0, 0.5)
    )
    meetings_per_year: PerYear = param(
        4.0,
        "meetings that keep a pair alive",
        unit="1/year",
        source="Ka Tang with Densavan (public_record.csv)",
        assumed=(1.0, 12.0),
    )
    meeting_hours: NonNegative = param(
        4.0, "patrol time that a meeting takes on each side", unit="h", assumed=(0.0, 16.0)
    )
    money_per_pair: NonNegative = param(
        200.0, "cost of a pair", unit="money units per year", assumed=(0.0, 5000.0)
    )


class Development(Table):
    """Livelihoods along the line, so that fewer people carry for groups."""

    budget: NonNegative = param(
        ..., "spending", unit="money units per year and km", assumed=(0.0, 1000.0)
    )
    provinces: Annotated[tuple[str, ...], Sequence] = param(
        (), "provinces of any side; everywhere if empty"
    )
    most: Share = param(
        0.5, "share of attempts that find no carriers, however much is spent", assumed=(0.1, 0.8)
    )
    half_budget: Positive = param(
        200.0,
        "spending that has half of that effect",
        unit="money units per year and km",
        assumed=(20.0, 2000.0),
    )
    delay_days: Positive = param(
        180.0, "time constant of the effect", unit="days", assumed=(30.0, 1500.0)
    )


class Health(Table):
    """Joint work against the spread of disease over the line."""

    level: Literal[0, 1, 2, 3] = param(
        ...,
        "0 nothing, 1 alerts are shared, 2 and gates screen jointly, 3 and joint health posts "
        "screen away from gates",
    )
    gate_screened: Share = param(
        0.7, "share of cases that joint screening finds at gates", assumed=(0.2, 0.95)
    )
    post_screened: Share = param(
        0.3, "share of cases that joint health posts find elsewhere", assumed=(0.05, 0.7)
    )
    hours_per_day: NonNegative = param(
        0.5,
        "patrol time of each post for each day of screening, a level above 1",
        unit="h",
        assumed=(0.0, 4.0),
    )
    money_per_day: NonNegative = param(
        5.0, "cost of a day of screening for each post", unit="money units", assumed=(0.0, 100.0)
    )


class Multilateral(Table):
    """Further sides join what two practise; without it, only those of the first border do."""

    members: Annotated[tuple[SideCode, ...], Sequence] = param(..., "sides that take part")
    joins: Annotated[tuple[InstrumentName, ...], Sequence] = param(
        (), "instruments that they share, by their tables; all of them if empty"
    )
    money_per_member: NonNegative = param(
        500.0, "cost of a member", unit="money units per year", assumed=(0.0, 10_000.0)
    )

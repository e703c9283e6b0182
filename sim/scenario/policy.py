"""What a policy file may say: a table for each instrument; a missing table is one switched off."""

from typing import Annotated, Literal, get_args

from sim.scenario.parameters import NonNegative, Sequence, Share, SideCode, Table, param
from sim.scenario.schema import Assumed, Category

AllocationKind = Literal["uniform", "rota", "posterior_mean", "thompson", "stackelberg"]


class Sharing(Table):
    """Regular exchange of information between the two sides."""

    interval_days: NonNegative | Literal["never"] = param(
        "never", "time between reports; 0 sends at once what is found", unit="days"
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
    reports_per_day: float = param(
        24.0, "reports a post can read", unit="1/day", assumed=(2.0, 100.0), gt=0
    )
    report_hours: NonNegative = param(
        0.5, "patrol time that writing a report takes", unit="h", assumed=(0.1, 4.0)
    )
    plan_half_life_days: float = param(
        3.0,
        "time after which a plan that was shared is believed to hold half",
        unit="days",
        assumed=(0.3, 30.0),
        gt=0,
    )
    money_per_report: NonNegative = param(
        1.0, "cost of a report", unit="money units", assumed=(0.0, 10.0)
    )


class Twinning(Table):
    """Stations of one side twinned with a company of the other: a direct link between posts."""

    groups: Literal["facing", "named"] = param(
        "facing", "twin every post with the one it faces most, or only the named groups"
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


class Allocation(Table):
    """How posts choose where their patrols go, each side by itself."""

    kind: AllocationKind | dict[SideCode, AllocationKind] = param(
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


class Policy(Table):
    """A set of doses of instruments."""

    format: Literal[1] = param(..., "version of the file format")
    title: str = param("", "what the policy is")
    sharing: Sharing | None = None
    twinning: Twinning | None = None
    hotline: Hotline | None = None
    allocation: Allocation = Allocation()
    sources: dict[str, str | Assumed] = param(
        {}, "key path to citation, or to `assumed` with a `range`"
    )


class PolicyFile(Policy):
    """A policy file as written."""

    extends: str | None = param(None, "policy file this one starts from")

"""What a scenario file may say of the forces: posts, their beliefs, patrols and sensors."""

from typing import Annotated, Literal

from sim.scenario.parameters import (
    AtPost,
    Count,
    NonNegative,
    Positive,
    Sequence,
    Share,
    SideCode,
    Table,
    param,
)


class Named(Table):
    """Posts that have a name: the one nearest a segment and its neighbours, in order."""

    segment: Count = param(..., "segment that the named posts are nearest to")
    names: dict[SideCode, Annotated[tuple[str, ...], Sequence]] = param(
        ..., "names by side; the posts of all sides named here form one group for twinning"
    )


class Belief(Table):
    """What posts believe before they have seen anything, and how fast they forget."""

    prior_rate_per_day: float = param(
        0.02,
        "believed attempts per segment and crime type",
        unit="1/day",
        assumed=(0.005, 0.1),
        gt=0,
    )
    prior_days: float = param(
        10.0,
        "weight of the prior, as days of full exposure",
        unit="days",
        assumed=(1.0, 60.0),
        gt=0,
    )
    half_life_days: float = param(
        30.0, "time after which evidence counts half", unit="days", assumed=(7.0, 365.0), gt=0
    )


class Trust(Table):
    """How trust in a partner moves; no published elasticity exists, so always sweep these."""

    start: Share = param(0.5, "trust at the start, and what it decays to", assumed=(0.1, 0.9))
    gain: Share = param(0.02, "move towards 1 for each report read", assumed=(0.0, 0.1))
    loss: Share = param(0.05, "move towards 0 for each report that never came", assumed=(0.0, 0.3))
    kept: Share = param(0.05, "move towards 1 for an appointment kept", assumed=(0.0, 0.2))
    missed: Share = param(0.1, "move towards 0 for an appointment missed", assumed=(0.0, 0.4))
    handover: Share = param(0.05, "move towards 1 for a handover", assumed=(0.0, 0.2))
    alert_weight: Share = param(
        0.5, "share of answers to alerts that depends on trust in the caller", assumed=(0.0, 1.0)
    )
    half_life_days: float = param(
        180.0,
        "time after which trust is half-way back to the start",
        unit="days",
        assumed=(30.0, 720.0),
        gt=0,
    )


class Sensors(Table):
    """Sensors that posts hold: fixed ones where they were put, mobile ones where most is expected.

    A sensor detects; somebody has still to go there.
    """

    fixed: AtPost | dict[SideCode, AtPost] = param(0, "fixed sensors of a post", assumed=(0, 5))
    mobile: AtPost | dict[SideCode, AtPost] = param(0, "mobile sensors of a post", assumed=(0, 5))
    range_km: NonNegative = param(
        1.0, "length of line that a sensor watches", unit="km", assumed=(0.1, 5.0)
    )
    detection: Share = param(
        0.7, "probability of detecting an average crosser in range", assumed=(0.3, 0.95)
    )
    move_days: float = param(
        7.0, "time after which mobile sensors are moved", unit="days", assumed=(1.0, 60.0), gt=0
    )


class Aid(Table):
    """Aid in a surge: own force first, then the twin, the province, the partner's province."""

    trigger_finds: AtPost = param(
        0, "finds of a post within a day that make it call for aid; 0 never does", assumed=(2, 20)
    )
    days: float = param(3.0, "how long aid stays", unit="days", assumed=(1.0, 14.0), gt=0)
    teams: AtPost = param(2, "patrols that each of those who are asked can send", assumed=(1, 6))
    mobilisation_hours: Annotated[tuple[NonNegative, ...], Sequence] = param(
        (4.0, 8.0, 24.0, 48.0),
        "time until own force, twin, province and the partner's province are ready",
        unit="h",
        assumed=(1.0, 96.0),
        min_length=4,
        max_length=4,
    )


class Posts(Table):
    """Posts of each side, laid out along the line."""

    sector_km: Positive | dict[SideCode, Positive] = param(
        40.0, "length of line that a post holds", unit="km", assumed=(10.0, 100.0)
    )
    title: str | dict[SideCode, str] = param("Post", "what a post is called, before its number")
    named: Annotated[tuple[Named, ...], Sequence] = param((), "posts that have a name")
    reaction_hours: float = param(
        0.75, "time until a post's reaction team leaves", unit="h", assumed=(0.2, 3.0), ge=0
    )
    belief: Belief = Belief()
    trust: Trust = Trust()
    sensors: Sensors = Sensors()
    aid: Aid = Aid()


class Patrols(Table):
    """Patrols of each post and what they can do."""

    per_post: AtPost | dict[SideCode, AtPost] = param(6, "patrols of a post", assumed=(1, 12))
    duty_cycle_shifts: int = param(
        3, "a patrol is on duty one shift in so many", assumed=(1, 6), ge=1, le=100
    )
    beat_segments: int = param(1, "segments of a beat", assumed=(1, 4), ge=1)
    detection: Share = param(
        0.6, "probability of detecting an average crosser passed by day", assumed=(0.2, 0.95)
    )
    night_penalty: Share = param(0.3, "share of detections lost at night", assumed=(0.0, 0.8))
    sweep_km: NonNegative = param(
        0.3, "distance at which a crosser counts as passed", unit="km", assumed=(0.0, 1.0)
    )
    interception: Share = param(
        0.7, "probability that a pursuer who is there in time intercepts", assumed=(0.3, 0.95)
    )
    response_hours: NonNegative = param(
        0.4, "mean time from detection to contact", unit="h", assumed=(0.1, 2.0)
    )
    processing_hours: NonNegative = param(
        3.0, "time a patrol is taken up by an interception", unit="h", assumed=(1.0, 12.0)
    )
    phase: Literal["each_shift", "continuous"] = param(
        "each_shift", "whether patrols start anew at a random place each shift, or walk on"
    )
    spacing: Literal["independent", "even", "same"] = param(
        "independent", "how patrols of one post on one beat are spaced in their rounds"
    )

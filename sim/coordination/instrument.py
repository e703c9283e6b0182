"""The shape of an instrument of coordination: what it connects, schedules, changes and costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Protocol

from sim.agents import Attempt, Post, Shift, SmugglingGroup, Stage
from sim.agents.report import Plan
from sim.draws import Purpose
from sim.rules.cooperation import first_occasion
from sim.scenario.doses import Health
from sim.world.communication import twin_pairs

HOURS_PER_YEAR = 365.0 * 24.0


class MarkerBook(Protocol):
    """What an instrument may do about the markers of the line."""

    def inspect(self, side: str, segments: Sequence[int], shift: Shift, chance: float) -> None:
        """Let a side look for damage, and find each with a probability."""

    def tell(self, author: str, reader: str, segments: Sequence[int], until: float) -> None:
        """Let a side know of the damage that another had noticed by a time."""

    def sign(self, sides: frozenset[str], segments: Sequence[int], time: float) -> None:
        """Let two sides sign minutes on all damage that both have noticed."""


class Infection(Protocol):
    """What an instrument may do about disease that comes over the line."""

    def coordinate(self, dose: Health | None, members: Sequence[str]) -> None:
        """Let sides tell each other of outbreaks, and screen jointly; None for no more of it."""

    def screening(self, side: str) -> bool:
        """Whether a side screens people against an outbreak on another."""


class Theatre(Protocol):
    """What an instrument may touch of the run that it acts in."""

    stage: Stage
    clock: float
    posts_by_number: Sequence[Post]
    groups_by_number: Sequence[SmugglingGroup]
    markers: MarkerBook
    infection: Infection
    instruments: Sequence["Instrument"]

    def schedule_alert(self, post: int, attempt: Attempt, time: float) -> None:
        """Let a post hear of an attempt at a time."""

    def shift_ahead(self, shift: Shift, ahead: int) -> Shift:
        """Lay out a later shift as it can be expected now."""

    def linked(self, instrument: str, time: float) -> bool:
        """Whether the links that an instrument uses are up."""

    def note(
        self,
        event: str,
        time: float,
        post: int = -1,
        partner: int = -1,
        segment: int = -1,
        value: float = 0.0,
    ) -> None:
        """Write an event into the log, by the name of its kind."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two posts of different sides that cooperate.

    Attributes
    ----------
    number : index over all pairs of the world, whatever the policy
    first, second : numbers of the posts
    segments : the line that both hold, in order
    """

    number: int
    first: int
    second: int
    segments: tuple[int, ...]

    @property
    def posts(self) -> tuple[int, int]:
        """Both posts."""
        return self.first, self.second


class Instrument:
    """One form of cooperation; subclasses override the hooks they need.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy

    Attributes
    ----------
    name : the instrument's table in a policy file
    key : number that keys its chance
    outlives_policies : whether it goes on whatever policy comes into force
    stage : setting of the run
    hours : patrol-hours it has taken so far, by side
    since, until : when it came into force, and when it went out of it, h
    pairs : posts that cooperate: each with the one across the line that holds most of its sector,
        or its twins alone
    """

    name: ClassVar[str] = ""
    key: ClassVar[int] = 0
    outlives_policies: ClassVar[bool] = False

    def __init__(self, theatre: Theatre, dose: object) -> None:
        self.theatre = theatre
        self.stage = theatre.stage
        self.hours = dict.fromkeys(self.stage.world.sides, 0.0)
        self.since = theatre.clock
        self.until: float | None = None
        self.pairs = self._pairs()

    # What it does

    def connect(self) -> None:
        """Change the communication graph; called in the order of instruments."""

    def prepare(self) -> None:
        """Find out what the finished communication graph allows."""

    def before_decisions(self, shift: Shift) -> None:
        """Act at the start of a shift, before posts decide."""

    def plan_decided(self, post: Post, plan: Plan, time: float) -> None:
        """Act when a post has decided where its patrols will go."""

    def turns_back(self, attempt: Attempt) -> bool:
        """Whether it keeps an attempt that was wanted from being made at all."""
        return False

    def on_detection(self, attempt: Attempt, post: Post, time: float) -> None:
        """Act when a post detects an attempt for the first time."""

    def on_told(self, attempt: Attempt, post: Post, time: float) -> None:
        """Act when people along the line tell their own post of an attempt."""

    def on_handover(self, attempt: Attempt, post: Post) -> None:
        """Act when a post has intercepted what another detected."""

    def after_shift(self, shift: Shift) -> None:
        """Act at the end of a shift, when posts have drawn their conclusions."""

    def end(self) -> None:
        """Undo what lasts only as long as it is in force, when the policy changes."""

    def succeed(self, before: "Instrument") -> None:
        """Take the place of the same instrument of another dose, or with other members."""
        before.end()

    def carries(self, author: int, reader: int) -> bool:
        """Whether it takes the reports of one post to another."""
        return False

    # What it costs

    def money(self) -> float:
        """What it has cost so far, money units."""
        return 0.0

    def money_by_side(self) -> dict[str, float]:
        """The same by who pays: equal shares of the sides that take part."""
        sides = self.members
        return {side: self.money() / len(sides) for side in sides}

    @property
    def days(self) -> float:
        """How long it has been in force so far."""
        until = self.theatre.clock if self.until is None else self.until
        return (until - self.since) / 24.0

    def charge(self, post: Post, hours: float, *, waiting: bool = True) -> None:
        """Take patrol time from a post.

        Parameters
        ----------
        post : who gives it
        hours : how much
        waiting : whether patrols go out later until it is made up; if not, whole teams were
            taken and the time is only counted
        """
        if waiting:
            post.debt_hours += hours
        self.hours[post.side] += hours

    # Who takes part

    def joins(self, *sides: str) -> bool:
        """Whether sides practise this instrument with each other."""
        return set(sides) <= set(self.members)

    @property
    def members(self) -> tuple[str, ...]:
        """Sides that practise it: those of the first border, and who joined them."""
        world, extension = self.stage.world, self.stage.policy.multilateral
        first = world.segments[0].sides
        if extension is None or (extension.joins and self.name not in extension.joins):
            return tuple(sorted(first))
        return tuple(sorted(set(first) | (set(extension.members) & set(world.sides))))

    def _pairs(self) -> list[Pair]:
        world = self.stage.world
        admitted = None
        if self.stage.policy.exclusive:
            admitted = set(twin_pairs(world.posts, self.stage.scenario, "named"))
        joins = cache(self.joins)
        return [
            Pair(number, first, second, common)
            for number, ((first, second), common) in enumerate(world.twins.items())
            if common
            and (admitted is None or (first, second) in admitted)
            and joins(world.posts[first].side, world.posts[second].side)
        ]

    def posts_of(self, pair: Pair) -> tuple[Post, Post]:
        """Both posts of a pair."""
        posts = self.theatre.posts_by_number
        return posts[pair.first], posts[pair.second]

    # When

    def occasions(self, entity: int, per_year: float, shift: Shift) -> Iterator[int]:
        """Number the regular occasions that fall into a shift, from a date of the entity's own.

        Parameters
        ----------
        entity : who meets, a number that does not depend on the policy
        per_year : how often
        shift : the shift
        """
        if per_year <= 0.0:
            return
        gap = HOURS_PER_YEAR / per_year
        offset = self.stage.chance.uniform(Purpose.APPOINTMENT, entity, self.key)
        number = first_occasion(shift.start, gap, offset)
        while (number + offset) * gap < shift.end:
            yield number
            number += 1

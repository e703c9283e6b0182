"""Agents as views on the columns: what they show is what compiled code has made of them.

Code of a user's own that compiled code asks may look at what costs nothing to show, and may change
what a column holds. What else it reaches for only the agents engine can give, and says so.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents import Attempt, Cause, Outcome, Patrol, Post, SmugglingGroup
from sim.agents.adversaries import DAYPARTS
from sim.agents.adversaries.attraction import ExperienceWeighted
from sim.agents.adversaries.estimating import Estimating
from sim.agents.attempt import RETRY_BITS
from sim.agents.beat import Beat, Route
from sim.agents.belief import Belief
from sim.agents.report import Plan
from sim.errors import NeedsAgents
from sim.scenario.code import is_code


class _Attribute:
    """An attribute that is an agent's own until its run is laid out in columns."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type) -> Any:
        if agent is None:
            return self
        # As in `_model`, which would be called for every attribute of all agents of a run.
        model = getattr(agent, "model", agent)
        return self.show(agent) if model.columns else agent.__dict__[self.name]

    def __set__(self, agent: Any, value: Any) -> None:
        if getattr(agent, "model", agent).columns:
            self.change(agent, value)
        else:
            agent.__dict__[self.name] = value

    def show(self, agent: Any) -> Any:
        """Give what the columns hold."""
        return agent.__dict__[self.name]

    def change(self, agent: Any, value: Any) -> None:
        """Put something else into the columns."""
        raise NeedsAgents(f"{type(agent).__name__}.{self.name} is compiled code's own")


class _Number(_Attribute):
    """A number in a table, or in an array of its own, to look at and to change."""

    def __init__(self, table: str, field: str | None = None) -> None:
        self.table, self.field = table, field

    def show(self, agent: Any) -> Any:
        """Give the number."""
        return self._column(agent)[agent.number].item()

    def change(self, agent: Any, value: Any) -> None:
        """Put another number there."""
        self._column(agent)[agent.number] = value

    def _column(self, agent: Any) -> Any:
        """Give the numbers of all agents of a kind."""
        table = agent.model.columns[self.table]
        return table if self.field is None else table[self.field]


class _Made(_Attribute):
    """A value made from columns when it is asked for."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self.make = make

    def show(self, agent: Any) -> Any:
        """Make it."""
        return self.make(agent)


class Kept(_Attribute):
    """What code of a user's own must not touch, since nothing would come of it.

    Parameters
    ----------
    refresh : brings it up to date for others; without one, compiled code has nothing to show
    """

    def __init__(self, refresh: Callable[[Any, Any], None] | None = None) -> None:
        self.refresh = refresh

    def show(self, agent: Any) -> Any:
        """Give it to others than own code."""
        if self.refresh is None or _model(agent).asking:
            raise NeedsAgents(f"{type(agent).__name__}.{self.name} is compiled code's own")
        kept = agent.__dict__[self.name]
        self.refresh(agent, kept)
        return kept

    def change(self, agent: Any, value: Any) -> None:
        """Let others than own code put something else there."""
        if self.refresh is None or _model(agent).asking:
            super().change(agent, value)
        agent.__dict__[self.name] = value


def as_it_is(agent: Any, kept: Any) -> None:
    """Leave what an agent or a model keeps as it is, for it is up to date."""


def _model(agent: Any) -> Any:
    """Give the model that an agent lives in, or that it is."""
    return getattr(agent, "model", agent)


# Posts


class BeliefView(Belief):
    """Beliefs of a post, in the columns `alpha` and `beta`."""

    _evidence: NDArray[np.float64] | None = None

    @property
    def evidence(self) -> Any:
        """Shape, and rate in days of full exposure, (2, crime types, segments in view)."""
        return self._evidence

    @evidence.setter
    def evidence(self, value: Any) -> None:
        if self._evidence is None:
            self._evidence = value
        else:
            self._evidence[:] = value

    def move_to(self, place: NDArray[np.float64]) -> None:
        """Be from now on what is in a place of the same shape."""
        self._evidence = place


def plan_in(post: Any, row: int, sector: int) -> Plan:
    """Give the plan in a row of `plans`, of a post whose sector has so many segments."""
    columns = post.model.columns
    plan = columns["plans"][row]
    beats = tuple(columns["plan_beats"][row, : plan["teams"]].tolist())
    return Plan(int(plan["shift"]), beats, tuple(columns["plan_cover"][row, :sector].tolist()))


def evidence_of(columns: Any, post: int) -> NDArray[np.float64]:
    """Give the place of a post's evidence in the columns, (2, crime types, segments in view)."""
    row = columns["posts"][post]
    both = columns["alpha"].base.reshape(2, *columns["alpha"].shape)
    place: NDArray[np.float64] = both[:, row["cells"] : row["cells"] + row["in_view"]]
    return place.transpose(0, 2, 1)


def _plan(post: Any) -> Plan:
    return plan_in(post, post.number, len(post.site.sector))


def _team(post: Any) -> list[Patrol]:
    columns, patrols = post.model.columns, post.model.patrols_by_number
    count = columns["posts"]["team"][post.number]
    return [patrols[number] for number in columns["team"][post.number, :count]]


def _fill_roster(post: Any, roster: Any) -> None:
    columns, patrols = post.model.columns, post.model.patrols_by_number
    count = columns["posts"]["patrols"][post.number]
    roster.patrols = [patrols[number] for number in columns["roster"][post.number, :count]]


def _fill_coverage(post: Any, coverage: Any) -> None:
    columns = post.model.columns
    coverage.keenness = columns["keenness"][post.number].tolist()
    coverage.mobility = float(columns["posts"]["mobility"][post.number])


def _fill_watch(post: Any, watch: Any) -> None:
    watch.goodwill = float(post.model.columns["posts"]["goodwill"][post.number])


def _fill_partners(post: Any, partners: Any) -> None:
    row = post.model.columns["posts"][post.number]
    links = post.model.columns["links"][row["links"] : row["links"] + row["n_links"]]
    trust = post.model.columns["trust"][row["links"] : row["links"] + row["n_links"]]
    names = ("partner", "met", "heard", "plan", "row")
    told = zip(trust.tolist(), *(links[name].tolist() for name in names), strict=True)
    partners.trust, partners.heard, partners.known_plans = {}, {}, {}
    for trusted, partner, met, heard, plan, at in told:
        if met:
            partners.trust[partner] = trusted
        if heard > 0.0:
            partners.heard[partner] = heard
        if plan >= 0:
            sector = len(post.stage.world.posts[partner].sector)
            partners.known_plans[partner] = plan_in(post, at, sector)


class PostView(Post):
    """A post that is in the columns."""

    belief_of = BeliefView
    debt_hours: Any = _Number("posts", "debt")
    reaction_free: Any = _Number("posts", "reaction_free")
    plan: Any = _Made(_plan)
    team: Any = _Made(_team)
    roster: Any = Kept(_fill_roster)
    coverage: Any = Kept(_fill_coverage)
    watch: Any = Kept(_fill_watch)
    partners: Any = Kept(_fill_partners)
    choice: Any = _Made(lambda post: post.__dict__["choice"])
    in_step: Any = _Made(lambda post: post.__dict__["in_step"])
    skill: Any = Kept()
    assignments: Any = Kept()
    plans: Any = Kept()
    pauses: Any = Kept()
    search: Any = Kept()
    seen: Any = Kept()
    has_seen: Any = Kept()
    records: Any = Kept()


# Patrols


def _authority(patrol: Any) -> frozenset[str]:
    if patrol.model.columns["patrols"]["joint"][patrol.number]:
        return frozenset(patrol.stage.world.posts[patrol.post].pair)
    return frozenset((patrol.side,))


def _keenness(patrol: Any) -> list[float]:
    keenness: list[float] = patrol.model.columns["keenness"][patrol.post].tolist()
    return keenness


def _route(patrol: Any) -> Route | None:
    row = patrol.model.columns["patrols"][patrol.number]
    if row["beat"] < 0:
        return None
    walk = (float(row[name]) for name in ("arrive", "leave", "phase", "slowdown"))
    return Route(_beat(patrol, int(row["beat"])), *walk)


def _beat(patrol: Any, number: int) -> Beat:
    """Give a beat by its row: of the post's own, or over a single segment of its sector."""
    columns = patrol.model.columns
    post, row = patrol.model.posts_by_number[patrol.post], columns["posts"][patrol.post]
    index = number - int(row["beats"])
    is_single = number >= row["singles"] > row["beats"]
    if 0 <= index < len(post.beats) and not is_single:
        beat: Beat = post.beats[index]
    else:
        beat = post.single_beat(int(columns["beats"]["first"][number]))
    return beat


class PatrolView(Patrol):
    """A patrol that is in the columns."""

    post: Any = _Number("patrols", "post")
    owes: Any = _Number("owed")
    busy_until: Any = _Number("patrols", "busy_until")
    authority: Any = _Made(_authority)
    keenness: Any = _Made(_keenness)
    route: Any = _Made(_route)


# Groups


def _fill_adversary(group: Any, adversary: Any) -> None:
    columns = group.model.columns
    row = columns["groups"][group.number]
    first, after = int(row["options"]), int(row["options"] + row["n_options"])
    where, when = slice(first, after), slice(after, after + DAYPARTS)
    adversary.sightings.seen = columns["sighted"][where].tolist()
    adversary.sightings.watched = float(row["watched"])
    if is_code(group.kind.adversary):
        return
    if isinstance(adversary, ExperienceWeighted):
        adversary.attractions = columns["attraction"][where].tolist()
        adversary.daypart_attractions = columns["attraction"][when].tolist()
        adversary.rewards = columns["reward"][where].tolist()
        adversary.daypart_rewards = columns["reward"][when].tolist()
        adversary.experience = float(row["experience"])
    elif isinstance(adversary, Estimating):
        adversary.record.caught = columns["caught"][where].tolist()
        adversary.record.trials = columns["trials"][where].tolist()
        adversary.daypart_record.caught = columns["caught"][when].tolist()
        adversary.daypart_record.trials = columns["trials"][when].tolist()


class GroupView(SmugglingGroup):
    """A group that is in the columns."""

    wanted_so_far: Any = _Number("groups", "wanted")
    next_wanted: Any = _Number("groups", "next_wanted")
    adversary: Any = Kept(_fill_adversary)


VIEWS: dict[str, Any] = {"post": PostView, "patrol": PatrolView, "group": GroupView}


# Attempts


class AttemptView(Attempt):
    """An attempt as it is in the columns, to look at."""

    __slots__ = ("_is_view",)

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        self._is_view = True

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(self, "_is_view"):
            raise NeedsAgents(f"Attempt.{name} is compiled code's own")
        super().__setattr__(name, value)


def row_under_way(columns: Any, number: int) -> int:
    """Give the row of an attempt that has not ended, by its number; -1 if there is none."""
    rows = columns["under_way"][: int(columns["run"]["under_way"][0])]
    (places,) = np.nonzero(columns["attempts"]["number"][rows] == number)
    return int(rows[places[0]]) if len(places) else -1


def attempt_in(model: Any, row: int, outcome: Outcome = Outcome.UNDER_WAY) -> Attempt:
    """Give the attempt in a row of `attempts`, and how it ends if that is about to be told."""
    here, world = model.columns["attempts"][row], model.stage.world
    crime, segment = int(here["crime"]), int(here["segment"])
    origin, destination = world.sides[here["origin"]], world.sides[here["destination"]]
    found, alerted = (
        {
            world.holder[side, segment]
            for side, field in ((origin, f"{what}_here"), (destination, f"{what}_there"))
            if here[field] and (side, segment) in world.holder
        }
        for what in ("found", "alerted")
    )
    return AttemptView(
        number=int(here["number"]),
        group=int(here["group"]),
        crime=crime,
        wanted=float(here["wanted"]),
        segment=segment,
        place=float(here["place"]),
        origin=origin,
        destination=destination,
        start=float(here["start"]),
        line=float(here["line"]),
        end=float(here["end"]),
        value=model.stage.crime(crime).harm,
        daypart=int(here["daypart"]),
        home_segment=int(here["home_segment"]),
        retry_of=_retry_of(int(here["number"])),
        first_detected=float(here["detected"]) if here["detected"] >= 0.0 else None,
        found_by=found,
        alerted=alerted,
        outcome=outcome,
        cause=Cause(int(here["cause"])),
    )


def _retry_of(number: int) -> int:
    """Give the number of the attempt whose failure one follows, -1 if it was wanted of itself."""
    return number - (1 << RETRY_BITS) if number >> RETRY_BITS else -1

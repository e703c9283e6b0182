"""One run as a picture needs it: who was where when, taken down without changing the run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agents import Outcome
from sim.agents.beat import Route
from sim.engine import BorderModel, Kind
from sim.engine.crossings import ENDINGS
from sim.replay.messages import Messages
from sim.replay.pictures import Beliefs
from sim.replay.watching import Notebook
from sim.scenario import Scenario
from sim.world import World
from sim.world.sites import PostSite

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Spot(NamedTuple):
    """A place at the line.

    Attributes
    ----------
    segment, share : number of the segment, and where along it, 0 to 1
    away : 0 on a beat, 1 at a post
    """

    segment: int
    share: float
    away: float


@dataclass(frozen=True, slots=True)
class Leg:
    """What one patrol does in one shift.

    Attributes
    ----------
    patrol, post, side : number of the patrol and of its post, index of its side
    home : where its post is
    route : its walk
    pauses : begin and end of pursuits, in order, h
    company : number of the post across the line that walks along, -1 if it walks alone
    """

    patrol: int
    post: int
    side: int
    home: Spot
    route: Route
    pauses: list[tuple[float, float]] = field(default_factory=list)
    company: int = -1


@dataclass(frozen=True)
class Crossings:
    """All attempts that were made in a run, one entry in each column, in order of their start.

    Attributes
    ----------
    number, crime : as in the log
    segment, place : where, 0 to 1 along the segment
    origin, destination : indices of sides
    begin, line, end : when it is first exposed, would reach the line and be out of reach, h
    found, stopped : when it was first detected and when it ended, h; infinite if never
    outcome : an `Outcome`
    referred : whether its people are met and referred, which is no interdiction
    cause : a `Cause`, of those that got through
    passer, passed : post of the patrol that the cause is about, -1 if none; and when that passed,
        h, infinite if it did not
    """

    number: NDArray[np.int64]
    crime: NDArray[np.int64]
    segment: NDArray[np.int64]
    place: Floats
    origin: NDArray[np.int64]
    destination: NDArray[np.int64]
    begin: Floats
    line: Floats
    end: Floats
    found: Floats
    stopped: Floats
    outcome: NDArray[np.int64]
    referred: Flags
    cause: NDArray[np.int64]
    passer: NDArray[np.int64]
    passed: Floats

    def depth_at(self, time: float) -> Floats:
        """How far across each is or got: -1 at the start, 0 on the line, 1 out of reach."""
        everyone = np.arange(len(self.begin))
        return self.depth_of(everyone, np.full(len(everyone), time))

    def depth_of(self, attempts: NDArray[np.int64], times: Floats) -> Floats:
        """The same of some attempts, by their index, each at a time of its own."""
        line = self.line[attempts]
        now = np.minimum(times, self.stopped[attempts])
        before = (now - line) / np.maximum(line - self.begin[attempts], 1e-9)
        after = (now - line) / np.maximum(self.end[attempts] - line, 1e-9)
        return np.clip(np.where(now < line, before, after), -1.0, 1.0)


@dataclass(frozen=True)
class Counts:
    """What came of the attempts up to a time; each that ended counts in one place only."""

    begun: int
    detected: int
    under_way: int
    own_side: int
    handed_over: int
    jointly: int
    referred: int
    passed: int
    interdiction_rate: float | None


@dataclass(frozen=True)
class Recording:
    """A run that can be looked at as of any time.

    Attributes
    ----------
    scenario, seed : what was run
    world : where
    hours : how long, h
    homes : where each post is
    shifts : when each shift ends, h
    legs : for each shift, what its patrols do
    crossings : all attempts that began
    messages : what posts told each other
    beliefs : what they believed
    ties : pairs of posts that were tied to each other directly, under any policy of the run
    crimes : names of the crime types, in order of their index
    events : the log, as from `EventLog.columns`
    """

    scenario: Scenario
    seed: int
    world: World
    hours: float
    homes: list[Spot]
    shifts: Floats
    legs: list[list[Leg]]
    crossings: Crossings
    messages: Messages
    beliefs: Beliefs
    ties: list[tuple[int, int]]
    crimes: tuple[str, ...]
    events: dict[str, NDArray[np.generic]]

    def shift_at(self, time: float) -> int:
        """Index of the shift under way; the last one at the end of the run."""
        index = int(np.searchsorted(self.shifts, time, side="right"))
        return min(index, len(self.legs) - 1)

    @cached_property
    def refers(self) -> bool:
        """Whether some kind of group commits what is met and referred."""
        return any(self.scenario.crimes[group.crime].referred for group in self.scenario.groups)

    def counts_at(self, time: float) -> Counts:
        """Count what had come of the attempts by a time."""
        crossings = self.crossings
        ended = crossings.stopped <= time
        crime = ended & ~crossings.referred
        caught = crossings.outcome != Outcome.PASSED
        begun = int((crossings.begin <= time).sum())
        seizable, seized = int(crime.sum()), int((crime & caught).sum())

        def of(outcome: Outcome) -> int:
            return int((crime & (crossings.outcome == outcome)).sum())

        return Counts(
            begun=begun,
            detected=int((crossings.found <= time).sum()),
            under_way=begun - int(ended.sum()),
            own_side=of(Outcome.INTERCEPTED),
            handed_over=of(Outcome.HANDED_OVER),
            jointly=of(Outcome.INTERCEPTED_JOINTLY),
            referred=int((ended & caught & crossings.referred).sum()),
            passed=int((ended & ~caught).sum()),
            interdiction_rate=seized / seizable if seizable else None,
        )


def record(
    scenario: Scenario, seed: int = 1, advance: Callable[[float], None] | None = None
) -> Recording:
    """Run a scenario and take down what a picture of it needs.

    Parameters
    ----------
    scenario : what to run, to its end
    seed : of all chance in the run
    advance : is told after each shift how far the run is, h

    Returns
    -------
    A recording whose events are those of a run that nobody watches.
    """
    notebook = Notebook()
    model = notebook.model_class()(scenario, rng=seed, agent_classes=notebook.agent_classes())
    world = model.stage.world
    homes = [home_of(site, world) for site in world.posts]
    shifts, legs = [], []
    ties: set[tuple[int, int]] = set()
    while model.running:
        notebook.pictures.open()
        model.step()
        notebook.postbag.look(model)
        shifts.append(model.clock)
        legs.append(_legs(model, homes, notebook.pauses))
        ties |= ties_of(world)
        if advance is not None:
            advance(model.clock)
    events = model.log.columns()
    return Recording(
        scenario=scenario,
        seed=seed,
        world=world,
        hours=model.clock,
        homes=homes,
        shifts=np.array(shifts),
        legs=legs,
        crossings=_crossings(notebook, model, events),
        messages=notebook.postbag.messages(model.posts_by_number),
        beliefs=notebook.pictures.beliefs(),
        ties=sorted(ties),
        crimes=model.stage.crimes,
        events=events,
    )


def ties_of(world: World) -> set[tuple[int, int]]:
    """Pairs of posts that are tied to each other directly."""
    return {
        (int(first[1]), int(second[1]))
        for first, second, told in world.communication.edges(data=True)
        if told["tie"] in ("twin", "facing") and int(first[1]) < int(second[1])
    }


def home_of(site: PostSite, world: World) -> Spot:
    """Place a post half-way along its sector."""
    left = sum(world.segments[number].length_km for number in site.sector) / 2.0
    for number in site.sector:
        length = world.segments[number].length_km
        if left <= length:
            break
        left -= length
    return Spot(number, min(1.0, left / length), 1.0)


def _legs(
    model: BorderModel, homes: list[Spot], pauses: dict[int, list[tuple[float, float]]]
) -> list[Leg]:
    """Take down the routes of the shift that has just ended."""
    shift = model.shift
    legs = []
    for patrol in model.patrols_by_number:
        if patrol.route is None or shift is None:
            continue
        held = [pause for pause in pauses.get(patrol.number, ()) if pause[1] > shift.start]
        side = model.side_index[patrol.side]
        company = next(
            (
                model.stage.world.holder[other, patrol.route.beat.segments[0]]
                for other in sorted(patrol.authority - {patrol.side})
            ),
            -1,
        )
        leg = Leg(patrol.number, patrol.post, side, homes[patrol.post], patrol.route, held, company)
        legs.append(leg)
    return legs


def _crossings(
    notebook: Notebook, model: BorderModel, events: dict[str, NDArray[Any]]
) -> Crossings:
    """Put attempts that began into columns, with what the log says of them."""
    known = [
        attempt
        for attempt in notebook.attempts
        if attempt.start < model.clock and attempt.outcome is not Outcome.TURNED_BACK
    ]
    known.sort(key=lambda attempt: (attempt.start, attempt.number))
    found: dict[int, float] = {}
    stopped: dict[int, float] = {}
    rows = zip(events["time"], events["kind"], events["attempt"], strict=True)
    endings = frozenset(ENDINGS.values())
    for time, kind, number in rows:
        if kind == Kind.DETECTED:
            found.setdefault(int(number), float(time))
        elif kind in endings:
            stopped[int(number)] = float(time)
    stage, side = model.stage, model.side_index
    passers = [notebook.passers.get(attempt.number, (-1, np.inf)) for attempt in known]
    return Crossings(
        number=np.array([attempt.number for attempt in known], dtype=np.int64),
        crime=np.array([attempt.crime for attempt in known], dtype=np.int64),
        segment=np.array([attempt.segment for attempt in known], dtype=np.int64),
        place=np.array([attempt.place for attempt in known], dtype=float),
        origin=np.array([side[attempt.origin] for attempt in known], dtype=np.int64),
        destination=np.array([side[attempt.destination] for attempt in known], dtype=np.int64),
        begin=np.array([attempt.start for attempt in known], dtype=float),
        line=np.array([attempt.line for attempt in known], dtype=float),
        end=np.array([attempt.end for attempt in known], dtype=float),
        found=np.array([found.get(attempt.number, np.inf) for attempt in known], dtype=float),
        stopped=np.array([stopped.get(attempt.number, np.inf) for attempt in known], dtype=float),
        outcome=np.array([attempt.outcome for attempt in known], dtype=np.int64),
        referred=np.array([stage.crime(attempt.crime).referred for attempt in known], dtype=bool),
        cause=np.array([attempt.cause for attempt in known], dtype=np.int64),
        passer=np.array([post for post, _ in passers], dtype=np.int64),
        passed=np.array([time for _, time in passers], dtype=float),
    )

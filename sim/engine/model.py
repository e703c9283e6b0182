"""The model: a clock, a queue of events, and agents that act when they are due."""

import heapq
import operator
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import IntEnum

import mesa
import networkx as nx
from mesa.agent import AgentSet

from sim.agents import Attempt, Outcome, Patrol, Post, Shift, SmugglingGroup, Stage
from sim.coordination import Instrument, instruments_of
from sim.draws import Chance, Purpose, exponential
from sim.engine.events import EventLog, Kind
from sim.engine.surroundings import Surroundings
from sim.engine.tally import Tally
from sim.errors import BrokenRunError, InputError
from sim.scenario import Scenario
from sim.scenario.parameters import for_side
from sim.world import build_world


class Due(IntEnum):
    """What falls due; the order in which things due at the same time are done."""

    WANT = 0
    START = 1
    DETECTION = 2
    ALERT = 3
    CONTACT = 4
    END = 5
    LEARNED = 6
    WEAR = 7
    RETRY = 8


ENDINGS = {
    Outcome.PASSED: Kind.PASSED,
    Outcome.INTERCEPTED: Kind.INTERCEPTED,
    Outcome.HANDED_OVER: Kind.HANDED_OVER,
    Outcome.INTERCEPTED_JOINTLY: Kind.INTERCEPTED_JOINTLY,
}


class BorderModel(mesa.Model):
    """A border with its forces, groups and community; one step is one shift.

    Parameters
    ----------
    scenario : what to run
    rng : seed of all chance in the run, a whole number
    agent_classes : subclasses to use in place of "post", "patrol" or "group"

    Attributes
    ----------
    stage : scenario, world and chance, shared by all agents
    posts, patrols, groups : AgentSets
    border : networkx graph of segments
    clock : h since the start of the run
    shift : the shift under way, or the last one
    log : what happened so far
    tally : what is counted but is no event
    under_way : attempts that have been chosen and not ended, by number
    instruments : those that the policy switches on
    """

    def __init__(
        self,
        scenario: Scenario,
        rng: int = 1,
        agent_classes: Mapping[str, type[mesa.Agent]] | None = None,
    ) -> None:
        seed = _whole_number(rng)
        super().__init__(rng=seed)
        self.stage = Stage(scenario, build_world(scenario), Chance(seed))
        self.clock = 0.0
        self.shift_number = 0
        self.shift: Shift | None = None
        self.log = EventLog()
        self.tally = Tally()
        self.under_way: dict[int, Attempt] = {}
        self.side_index = {side: index for index, side in enumerate(self.stage.world.sides)}
        self._queue: list[tuple[float, int, int, int, Attempt | None]] = []
        self._presence: dict[int, list[Patrol]] = {}
        self.surroundings = Surroundings(self.stage)
        self._lawful: dict[int, int] = {}
        self._raise_agents(dict(agent_classes or {}))
        for segment in self.stage.world.segments:
            self._wait_for_wear(segment.number, 0)
        self.instruments: list[Instrument] = instruments_of(self)
        for instrument in self.instruments:
            instrument.connect()
        for instrument in self.instruments:
            instrument.prepare()
        sharing = scenario.policy.sharing
        self.plans_at_once = sharing is not None and sharing.plans and sharing.interval_days == 0.0

    def _raise_agents(self, classes: dict[str, type[mesa.Agent]]) -> None:
        """Create posts with their patrols, and groups, in the order of their numbers."""
        unknown = set(classes) - {"post", "patrol", "group"}
        if unknown:
            raise InputError(
                f"no kind of agent {sorted(unknown)}",
                where="agent_classes",
                remedy="valid: post, patrol, group",
            )
        scenario, world = self.stage.scenario, self.stage.world
        posts: list[Post] = []
        patrols: list[Patrol] = []
        groups: list[SmugglingGroup] = []
        for site in world.posts:
            post = classes.get("post", Post)(self, self.stage, site)
            for turn in range(for_side(scenario.patrols.per_post, site.side)):
                patrol = classes.get("patrol", Patrol)(
                    self, self.stage, len(patrols), site.number, site.side, turn
                )
                post.patrols.append(patrol)
                patrols.append(patrol)
            posts.append(post)
        for kind in scenario.groups:
            for _ in range(kind.count):
                group = classes.get("group", SmugglingGroup)(self, self.stage, len(groups), kind)
                self._enqueue(group.next_wanted, Due.WANT, group.number)
                groups.append(group)
        self.posts_by_number: Sequence[Post] = posts
        self.patrols_by_number: Sequence[Patrol] = patrols
        self.groups_by_number: Sequence[SmugglingGroup] = groups
        self.posts = AgentSet(posts, random=self.random)
        self.patrols = AgentSet(patrols, random=self.random)
        self.groups = AgentSet(groups, random=self.random)
        self._scouting = [group for group in groups if group.has_scouts]
        self._company = _company(groups)

    @property
    def border(self) -> "nx.Graph[int]":
        """The networkx graph of segments."""
        return self.stage.world.border

    # A shift

    def step(self) -> None:
        """Run one shift: decide, let happen, draw conclusions."""
        shift = self._open_shift()
        for instrument in self.instruments:
            instrument.before_decisions(shift)
        self._decide(shift)
        self._presence = self._who_is_where()
        for group in self._scouting:
            group.scout(shift, self._presence)
        for number in sorted(self.under_way):
            self._look_out_for(self.under_way[number], shift)
        while self._queue and self._queue[0][0] < shift.end:
            time, due, number, other, attempt = heapq.heappop(self._queue)
            self.clock = time
            self._happen(Due(due), number, other, attempt, shift)
        self.clock = shift.end
        for post in self.posts:
            post.close(shift)
            post.fade_trust(shift.hours)
        for instrument in self.instruments:
            instrument.after_shift(shift)
        self.shift_number += 1
        self.running = self.clock < self.end - 1e-9

    @property
    def end(self) -> float:
        """When the run ends, h."""
        return 24.0 * self.stage.scenario.time.days

    def run_model(self) -> None:
        """Run until the end, and check that every attempt is accounted for."""
        while self.running:
            self.step()
        self._check_conservation()

    def _open_shift(self) -> Shift:
        """Lay out the next shift, and count the lawful people that cross in it."""
        settings = self.stage.scenario
        start = self.shift_number * settings.time.shift_hours
        end = min(start + settings.time.shift_hours, self.end)
        self.shift = self.surroundings.shift(self.shift_number, start, end)
        today = self.surroundings.lawful_on(int(start // 24.0))
        self.tally.lawful += (today.away + today.at_gates) * self.shift.days
        self.tally.gate_checks += today.at_gates * settings.community.gate_check * self.shift.days
        self._lawful = today.by_segment
        return self.shift

    def _decide(self, shift: Shift) -> None:
        """Let posts decide and send out their patrols.

        Where plans are told at once, the sides take turns: those whose turn it is commit themselves
        one shift ahead and tell; the others decide when they know.
        """
        sides = len(self.stage.world.sides)
        for post in self.posts:
            leads = self.plans_at_once and self.side_index[post.side] == shift.number % sides
            if not (leads and post.next_plan is not None):
                post.next_plan = post.decide(shift)
        for post in self.posts:
            plan = post.next_plan
            if plan is None:
                raise BrokenRunError(f"{post.site.name} has no plan for shift {shift.number}")
            post.next_plan = None
            self.tally.coordination_hours += post.send_out(shift, plan)
            teams = len(plan.beats)
            self.tally.patrol_hours += teams * shift.hours
            stopped = post.stop_lawful(shift, self._lawful.__getitem__)
            if stopped:
                self.tally.false_stops += stopped
                self._note(Kind.LAWFUL_STOPPED, shift.start, post=post, value=float(stopped))
        self.tally.observe_coverage(self.stage, self.posts_by_number)
        self.tally.observe_pictures(self.stage, self.posts_by_number, shift)
        if self.plans_at_once:
            self._commit_ahead(shift)

    def _commit_ahead(self, shift: Shift) -> None:
        """Let the sides whose turn comes next decide for the next shift, and tell."""
        sides = len(self.stage.world.sides)
        end = shift.end + self.stage.scenario.time.shift_hours
        ahead = self.surroundings.shift(shift.number + 1, shift.end, end, shift.slowdown)
        for post in self.posts:
            if self.side_index[post.side] == ahead.number % sides:
                post.next_plan = post.decide(ahead)
                for instrument in self.instruments:
                    instrument.plan_decided(post, post.next_plan, shift.start)

    def _who_is_where(self) -> dict[int, list[Patrol]]:
        """Patrols with a route, by segment."""
        presence: defaultdict[int, list[Patrol]] = defaultdict(list)
        for patrol in self.patrols_by_number:
            if patrol.route is not None:
                for segment in patrol.route.beat.segments:
                    presence[segment].append(patrol)
        return presence

    # Events

    def _enqueue(
        self, time: float, due: Due, number: int, other: int = 0, attempt: Attempt | None = None
    ) -> None:
        heapq.heappush(self._queue, (time, due, number, other, attempt))

    def _happen(
        self, due: Due, number: int, other: int, attempt: Attempt | None, shift: Shift
    ) -> None:
        """Do what has fallen due."""
        if due is Due.WANT:
            self._want(self.groups_by_number[number])
        elif due is Due.LEARNED:
            self._learn_later(number, other)
        elif due is Due.WEAR:
            self.log.add(self.clock, Kind.MARKER_DAMAGED, segment=number)
            self._wait_for_wear(number, other + 1)
        elif attempt is None:
            raise BrokenRunError(f"{due.name.lower()} without an attempt at {self.clock} h")
        elif due is Due.RETRY:
            group = self.groups_by_number[number]
            self._set_out(group.choose_again(attempt, self.clock), Kind.RETRIED)
        elif due is Due.START:
            self._note(Kind.STARTED, self.clock, attempt)
            self._look_out_for(attempt, shift)
        elif attempt.outcome is not Outcome.UNDER_WAY:
            return
        elif due is Due.DETECTION:
            self._detect(attempt, self.patrols_by_number[other])
        elif due is Due.ALERT:
            self._alert(attempt, self.posts_by_number[other])
        elif due is Due.CONTACT:
            self._intercept(attempt, self.posts_by_number[other])
        else:
            self._pass(attempt)

    def _want(self, group: SmugglingGroup) -> None:
        """Let a group choose where and when to make the attempt it wants now."""
        self._set_out(group.choose_crossing(), Kind.WANTED)
        group.want_next()
        self._enqueue(group.next_wanted, Due.WANT, group.number)

    def _set_out(self, attempt: Attempt, kind: Kind) -> None:
        """Let an attempt that has been chosen take its course."""
        self.under_way[attempt.number] = attempt
        self._note(kind, attempt.wanted, attempt)
        self._enqueue(attempt.start, Due.START, attempt.number, attempt=attempt)
        self._enqueue(attempt.end, Due.END, attempt.number, attempt=attempt)

    def _look_out_for(self, attempt: Attempt, shift: Shift) -> None:
        """Find the patrols that will detect an attempt in this shift, unless they are busy."""
        if attempt.start >= shift.end:
            return
        for patrol in self._presence.get(attempt.segment, ()):
            time = patrol.encounter(attempt, shift)
            if time is not None:
                self._enqueue(time, Due.DETECTION, attempt.number, patrol.number, attempt)

    def _detect(self, attempt: Attempt, patrol: Patrol) -> None:
        """Let a patrol detect an attempt and go after it."""
        if not patrol.free_at(self.clock):
            return
        post = self.posts_by_number[patrol.post]
        first = post.see(attempt)
        attempt.detections += 1
        self._note(Kind.DETECTED, self.clock, attempt, post=post, partner=patrol.number)
        contact = patrol.pursue(attempt, self.clock)
        if contact is not None:
            self._enqueue(contact, Due.CONTACT, attempt.number, post.number, attempt)
        if first:
            for instrument in self.instruments:
                instrument.on_detection(attempt, post, self.clock)

    def schedule_alert(self, post: int, attempt: Attempt, time: float) -> None:
        """Let a post hear of an attempt at a time."""
        self._enqueue(time, Due.ALERT, attempt.number, post, attempt)

    def _alert(self, attempt: Attempt, post: Post) -> None:
        """Let a post that hears of an attempt send somebody, once."""
        if post.number in attempt.alerted:
            return
        attempt.alerted.add(post.number)
        self._note(Kind.ALERTED, self.clock, attempt, post=post)
        contact = post.answer(attempt, self.clock)
        if contact is not None:
            self._enqueue(contact, Due.CONTACT, attempt.number, post.number, attempt)

    def _intercept(self, attempt: Attempt, post: Post) -> None:
        """End an attempt by interception: by those who found it, or by those who were told."""
        own = post.number in attempt.found_by
        self._end(attempt, Outcome.INTERCEPTED if own else Outcome.HANDED_OVER, post)

    def _pass(self, attempt: Attempt) -> None:
        """End an attempt that got through; the side of arrival may learn of it later."""
        self._end(attempt, Outcome.PASSED, None)
        community, draw = self.stage.scenario.community, self.stage.chance.uniform
        # A side knows what its own post detected, and not what only its partner did.
        arrival = self.stage.world.holder.get((attempt.destination, attempt.segment))
        if arrival in attempt.found_by:
            return
        purpose = Purpose.LEARNED_LATER
        if draw(purpose, attempt.number, 0) >= community.learned_later:
            return
        delay = 24.0 * community.learned_later_days * exponential(draw(purpose, attempt.number, 1))
        segment = attempt.segment
        if draw(purpose, attempt.number, 2) < community.misplaced:
            near = sorted(self.border[segment])
            if near:
                segment = near[int(draw(purpose, attempt.number, 3) * len(near))]
        post = self.stage.world.holder.get((attempt.destination, segment))
        if post is None:
            return
        when = self.clock + delay
        self._enqueue(when, Due.LEARNED, post, attempt.crime * len(self.border) + segment)

    def _end(self, attempt: Attempt, outcome: Outcome, post: Post | None) -> None:
        """Record how an attempt ended, and let the group learn, tell and perhaps try again."""
        attempt.outcome = outcome
        self._note(ENDINGS[outcome], self.clock, attempt, post=post)
        del self.under_way[attempt.number]
        self.tally.observe_displacement(self.border, attempt)
        group, intercepted = self.groups_by_number[attempt.group], outcome is not Outcome.PASSED
        group.learn(attempt, intercepted, self.clock)
        known = self.clock + 24.0 * group.kind.shares_after_days
        for other in self._company.get(group.number, ()):
            other.hear(attempt, intercepted, known)
        if intercepted and group.tries_again(attempt):
            when = self.clock + group.kind.retry_after_hours
            self._enqueue(when, Due.RETRY, group.number, attempt.number, attempt)

    def _learn_later(self, number: int, what: int) -> None:
        """Let a post learn of a crossing that got through some days ago."""
        crime, segment = divmod(what, len(self.border))
        post = self.posts_by_number[number]
        post.learn_later(crime, segment)
        side = self.side_index[post.side]
        self.log.add(self.clock, Kind.LEARNED_LATER, -1, crime, segment, side, post.number, -1, 1.0)

    def _wait_for_wear(self, segment: int, occasion: int) -> None:
        """Find when the next marker of a segment is damaged: a Poisson process, if there is any."""
        world = self.stage.scenario.world
        markers = world.markers_per_km * self.stage.world.segments[segment].length_km
        rate = markers * world.marker_damage_per_year / (365.0 * 24.0)
        if rate > 0.0:
            share = self.stage.chance.uniform(Purpose.WEAR, segment, occasion)
            self._enqueue(self.clock + exponential(share) / rate, Due.WEAR, segment, occasion)

    # Records

    def _note(
        self,
        kind: Kind,
        time: float,
        attempt: Attempt | None = None,
        post: Post | None = None,
        partner: int = -1,
        value: float = 0.0,
    ) -> None:
        """Write an event into the log; the side is the post's, or else where it is bound for."""
        side = post.side if post else attempt.destination if attempt else ""
        self.log.add(
            time,
            kind,
            attempt.number if attempt else -1,
            attempt.crime if attempt else -1,
            attempt.segment if attempt else -1,
            self.side_index.get(side, -1),
            post.number if post else -1,
            partner,
            attempt.value if attempt else value,
        )

    def note_report(self, event: str, time: float, author: int, reader: int, items: int) -> None:
        """Write a report's being "sent", "read" or "lost" into the log."""
        kind = Kind[f"REPORT_{event.upper()}"]
        side = self.side_index[self.posts_by_number[reader].side]
        self.log.add(time, kind, -1, -1, -1, side, reader, author, float(items))

    def _check_conservation(self) -> None:
        """Check that attempts wanted or retried have ended once, or are under way."""
        columns = self.log.columns()
        kinds = columns["kind"]
        wanted, retried = (int((kinds == kind).sum()) for kind in (Kind.WANTED, Kind.RETRIED))
        ended = sum(int((kinds == kind).sum()) for kind in ENDINGS.values())
        if wanted + retried != ended + len(self.under_way):
            raise BrokenRunError(
                f"{wanted} attempts wanted and {retried} retried, but {ended} ended and "
                f"{len(self.under_way)} under way",
                where=f"seed {self.stage.chance.seed}",
            )


def _company(groups: Sequence[SmugglingGroup]) -> dict[int, list[SmugglingGroup]]:
    """Find for each group whose kind tells each other what befell it the others of its kind."""
    kinds: defaultdict[int, list[SmugglingGroup]] = defaultdict(list)
    for group in groups:
        if group.kind.shares > 0.0:
            kinds[id(group.kind)].append(group)
    return {
        group.number: [other for other in kin if other is not group]
        for kin in kinds.values()
        for group in kin
    }


def _whole_number(rng: object) -> int:
    """Take a seed, or say what is wrong with it."""
    try:
        if isinstance(rng, bool):
            raise TypeError
        seed = operator.index(rng)  # type: ignore[arg-type]
        if seed < 0:
            raise TypeError
        return seed
    except TypeError:
        raise InputError(
            f"{rng!r} is not a whole number from 0", where="seed", remedy="e.g. 1"
        ) from None

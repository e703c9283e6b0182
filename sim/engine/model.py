"""The model: a clock, a queue of events, and agents that act when they are due."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from math import fsum

import mesa
import networkx as nx
from mesa.agent import AgentSet

from sim.agents import Attempt, Patrol, Post, Shift, SmugglingGroup, Stage
from sim.agents.report import Plan
from sim.coordination import INSTRUMENTS, Instrument, instruments_of, rank_of
from sim.draws import Chance
from sim.engine.crossings import ENDINGS, Crossings
from sim.engine.due import Due
from sim.engine.events import EventLog, Kind
from sim.engine.infection import Infection
from sim.engine.injects import Injects
from sim.engine.markers import Markers
from sim.engine.seed import whole_number
from sim.engine.surroundings import Surroundings
from sim.engine.tally import Tally
from sim.errors import BrokenRunError, InputError
from sim.scenario import Policy, Scenario
from sim.scenario.parameters import for_side
from sim.world import build_world


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
    crossings : attempts under way, and what becomes of them
    markers, infection, injects : the line's markers, disease, and what a scenario lets happen
    instruments : those that the policy in force switches on
    ended : those that it ended
    before_shift : called with the number of each shift before it begins, to `commit` posts
    """

    before_shift: Callable[[int], None] | None = None

    def __init__(
        self,
        scenario: Scenario,
        rng: int = 1,
        agent_classes: Mapping[str, type[mesa.Agent]] | None = None,
    ) -> None:
        if not isinstance(scenario, Scenario):
            raise InputError(
                f"{scenario!r:.60} is no scenario",
                where="scenario",
                remedy="give what sim.Scenario.load returns; to a sweep of Mesa, in a list",
            )
        seed = whole_number(rng)
        self._agent_numbers = count(1)
        super().__init__(rng=seed)
        # Mesa 3.5 keeps a scenario of its own here; on Reset, its SolaraViz would make another one
        # of those and hand it to the constructor in place of ours.
        self._scenario = None
        self.stage = Stage(scenario, build_world(scenario), Chance(seed))
        self.clock = 0.0
        self.shift_number = 0
        self.shift: Shift | None = None
        self.log = EventLog()
        self.tally = Tally()
        self.side_index = {side: index for index, side in enumerate(self.stage.world.sides)}
        self._queue: list[tuple[float, int, int, int, int, Attempt | None]] = []
        self._serial = 0
        self._lawful: dict[int, int] = {}
        self.surroundings = Surroundings(self.stage)
        self.markers = Markers(self.stage)
        self.infection = Infection(self.stage)
        self.injects = Injects(self)
        self._raise_agents(dict(agent_classes or {}))
        self.crossings = Crossings(self)
        for segment in self.stage.world.segments:
            self._wait_for_wear(segment.number, 0)
        self.instruments: list[Instrument] = []
        self.ended: list[Instrument] = []
        self.put_in_force(scenario.policy)

    def register_agent(self, agent: mesa.Agent) -> None:
        """Take an agent in, with a number of this model's own.

        Mesa 3.3 numbers agents by a table of all models, in which they would stay for good.
        """
        counters = getattr(mesa.Agent, "_ids", None)
        if isinstance(counters, dict):
            counters.pop(self, None)
            agent.unique_id = next(self._agent_numbers)
        super().register_agent(agent)

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
                self.enqueue(group.next_wanted, Due.WANT, group.number)
                groups.append(group)
        self.posts_by_number: Sequence[Post] = posts
        self.patrols_by_number: Sequence[Patrol] = patrols
        self.groups_by_number: Sequence[SmugglingGroup] = groups
        self.posts = AgentSet(posts, random=self.random)
        self.patrols = AgentSet(patrols, random=self.random)
        self.groups = AgentSet(groups, random=self.random)

    @property
    def border(self) -> "nx.Graph[int]":
        """The networkx graph of segments."""
        return self.stage.world.border

    # A shift

    def step(self) -> None:
        """Run one shift: decide, let happen, draw conclusions; after the end, do nothing."""
        if self.clock >= self.end - 1e-9:
            return
        if self.before_shift is not None:
            self.before_shift(self.shift_number)
        shift = self._open_shift()
        self.injects.begin(shift)
        for post in self.posts:
            post.watch.keep(shift)
        for instrument in self.instruments:
            instrument.before_decisions(shift)
        self._decide(shift)
        self.crossings.open(shift)
        while self._queue and self._queue[0][0] < shift.end:
            time, due, number, other, _, attempt = heapq.heappop(self._queue)
            self.clock = time
            self._happen(Due(due), number, other, attempt, shift)
        self.clock = shift.end
        self._close(shift)
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

        Where plans are told at once, the two sides of a line take turns: posts whose turn it is
        commit themselves one shift ahead and tell; the others decide when they know.
        """
        plans: dict[int, Plan] = {}
        for post in self.posts:
            committed = post.plans.pop(shift.number, None)
            # Who committed itself when it had no teams is free if it has some now.
            bound = committed is not None and committed.beats
            plans[post.number] = committed if bound else post.decide(shift)
        taken: dict[str, list[float]] = {side: [] for side in self.side_index}
        teams = dict.fromkeys(self.side_index, 0)
        for post in self.posts:
            taken[post.side].append(post.send_out(shift, plans[post.number]))
            teams[post.side] += len(post.team)
            stopped = post.stop_lawful(shift, self._lawful.__getitem__)
            if stopped:
                self.tally.stops[post.side] += stopped
                self.note("lawful_stopped", shift.start, post.number, value=float(stopped))
        # Summed so that the order in which posts act cannot show in the last bit.
        for side, hours in taken.items():
            self.tally.taken_hours[side] += fsum(hours)
            self.tally.duty_hours[side] += teams[side] * shift.hours
        self.tally.observe_coverage(self.stage, self.posts_by_number, shift)
        self.tally.observe_pictures(self.stage, self.posts_by_number, shift)
        if self.plans_at_once:
            self._commit_ahead(shift)

    def commit(self, shift: int, beats: Sequence[Sequence[int]]) -> None:
        """Bind each post to a beat for each of its patrols in a shift to come."""
        for post, chosen in zip(self.posts, beats, strict=True):
            post.plans[shift] = Plan(shift, tuple(chosen), (0.0,) * len(post.site.sector))

    def _commit_ahead(self, shift: Shift) -> None:
        """Let the posts whose turn comes next decide for the next shift, and tell."""
        ahead = self.shift_ahead(shift, 1)
        for post in self.posts:
            if _leads(post, ahead.number):
                plan = post.plans.get(ahead.number) or post.decide(ahead)
                post.plans[ahead.number] = plan
                for instrument in self.instruments:
                    instrument.plan_decided(post, plan, shift.start)

    # Events

    def enqueue(
        self, time: float, due: Due, number: int, other: int = 0, attempt: Attempt | None = None
    ) -> None:
        """Let something fall due at a time.

        Parameters
        ----------
        time : h
        due : what
        number, other : whom it concerns; they order what falls due at one time
        attempt : the attempt it is about, if any
        """
        self._serial += 1
        heapq.heappush(self._queue, (time, due, number, other, self._serial, attempt))

    def _happen(
        self, due: Due, number: int, other: int, attempt: Attempt | None, shift: Shift
    ) -> None:
        """Do what has fallen due."""
        if due is Due.WANT:
            self.crossings.want(self.groups_by_number[number])
        elif due is Due.LEARNED:
            self.crossings.learn_later(number, other)
        elif due is Due.WEAR:
            self.log.add(self.clock, Kind.MARKER_DAMAGED, segment=number)
            self.markers.damage(number, other, self.clock)
            self._wait_for_wear(number, other + 1)
        elif due is Due.REPAIR:
            self.log.add(
                self.clock, Kind.MARKER_REPAIRED, segment=self.markers.repair(number, self.clock)
            )
        elif attempt is None:
            raise BrokenRunError(f"{due.name.lower()} without an attempt at {self.clock} h")
        elif due is Due.RETRY:
            self.crossings.try_again(self.groups_by_number[number], attempt)
        else:
            self.crossings.happen(due, attempt, other, shift)

    def _wait_for_wear(self, segment: int, occasion: int) -> None:
        wait = self.markers.wait(segment, occasion)
        if wait is not None:
            self.enqueue(self.clock + wait, Due.WEAR, segment, occasion)

    def _close(self, shift: Shift) -> None:
        """Let posts draw their conclusions, instruments act, and the rest take its course."""
        for post in self.posts:
            post.close(shift)
            post.partners.fade(shift.hours)
            self.markers.inspect_walked(post, shift)
        for instrument in self.instruments:
            instrument.after_shift(shift)
        for done, damage, sides in self.markers.to_repair:
            self.log.add(shift.end, Kind.MARKER_SIGNED, segment=damage.segment, value=len(sides))
            self.enqueue(max(done, shift.end), Due.REPAIR, damage.number)
        self.markers.to_repair.clear()
        today = self.surroundings.lawful_on(int(shift.start // 24.0))
        for side, cases in self.infection.spread(shift, today):
            self.log.add(
                shift.end, Kind.CASES_IMPORTED, side=self.side_index[side], value=float(cases)
            )

    # What instruments may do

    def schedule_alert(self, post: int, attempt: Attempt, time: float) -> None:
        """Let a post hear of an attempt at a time."""
        self.enqueue(time, Due.ALERT, attempt.number, post, attempt)

    def linked(self, instrument: str, time: float) -> bool:
        """Whether the links that an instrument uses are up."""
        return self.injects.linked(instrument, time)

    def shift_ahead(self, shift: Shift, ahead: int) -> Shift:
        """Lay out a later shift as it can be expected now: the weather as it is."""
        length = self.stage.scenario.time.shift_hours
        start = (shift.number + ahead) * length
        return self.surroundings.shift(shift.number + ahead, start, start + length, shift.slowdown)

    def note(
        self,
        event: str,
        time: float,
        post: int = -1,
        partner: int = -1,
        segment: int = -1,
        value: float = 0.0,
    ) -> None:
        """Write an event into the log, by the name of its kind; the side is the post's."""
        side = self.side_index[self.posts_by_number[post].side] if post >= 0 else -1
        self.log.add(time, Kind[event.upper()], -1, -1, segment, side, post, partner, value)

    # Policy

    def put_in_force(self, policy: Policy) -> None:
        """Let a policy take the place of the one in force, at the start of the next shift.

        Instruments with the same dose as before go on; of others, one of the new dose takes over.
        """
        kept = [each for each in self.instruments if self._goes_on(each, policy)]
        past = {each.name: each for each in self.instruments if each not in kept}
        self.stage.policy = policy
        self.stage.world.cut_links()
        self.instruments = kept
        begun = instruments_of(self, policy, {each.name for each in kept})
        for instrument in past.values():
            instrument.until = self.clock
        self.ended += past.values()
        for instrument in begun:
            if instrument.name in past:
                instrument.succeed(past.pop(instrument.name))
        for instrument in past.values():
            instrument.end()
        self.instruments = sorted([*kept, *begun], key=rank_of)
        for instrument in self.instruments:
            instrument.connect()
        for instrument in self.instruments:
            instrument.prepare()
        sharing = policy.sharing
        self.plans_at_once = sharing is not None and sharing.plans and sharing.interval_days == 0.0

    def _goes_on(self, instrument: Instrument, policy: Policy) -> bool:
        """Whether an instrument has the same dose, and partners, under another policy."""
        before = self.stage.policy
        if instrument.outlives_policies:
            return True
        if instrument.name not in INSTRUMENTS:
            return policy.extensions == before.extensions
        same_dose = getattr(policy, instrument.name) == getattr(before, instrument.name)
        same_company = policy.multilateral == before.multilateral
        return same_dose and same_company and policy.exclusive == before.exclusive

    # Accounts

    def _count_events(self) -> dict[Kind, int]:
        """Count the events of each kind."""
        return self.log.counts()

    def _check_conservation(self) -> None:
        """Check that attempts wanted or retried have ended once, or are under way."""
        counts = self._count_events()
        wanted, retried = counts[Kind.WANTED], counts[Kind.RETRIED]
        ended = sum(counts[kind] for kind in ENDINGS.values())
        under_way = len(self.crossings.under_way)
        if wanted + retried != ended + under_way:
            raise BrokenRunError(
                f"{wanted} attempts wanted and {retried} retried, but {ended} ended and "
                f"{under_way} under way",
                where=f"seed {self.stage.chance.seed}",
            )


def _leads(post: Post, shift_number: int) -> bool:
    """Whether it is the turn of a post's side, of the two on its line, to commit itself first."""
    return post.site.pair[shift_number % 2] == post.side

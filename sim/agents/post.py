"""Posts: they believe, decide where patrols go, see, tell, and answer alerts."""

from collections.abc import Callable
from dataclasses import replace
from math import fsum, prod
from typing import Any

import mesa
import numpy as np

from sim.agents.allocation import Outlook, allocate
from sim.agents.attempt import Attempt
from sim.agents.beat import Assignment, Beat, Route
from sim.agents.belief import Belief
from sim.agents.coverage import Coverage, Search
from sim.agents.partners import Partners
from sim.agents.patrol import Patrol
from sim.agents.report import Plan, Report
from sim.agents.roster import Roster
from sim.agents.stage import Shift, Stage
from sim.draws import Purpose, poisson
from sim.rules.cooperation import covered_together, goodwill
from sim.rules.encounter import caught_in_time
from sim.scenario.parameters import for_side
from sim.world.sites import PostSite

PATROLS, INLAND = 0, 1
"""What a post observed by its own means, and what it learned later inland."""

EVERYBODY = -1
"""Audience of reports that go to all who are linked."""


class Post(mesa.Agent):
    """A post of one side with its sector, its patrols and its picture.

    Parameters
    ----------
    model : the mesa model it lives in
    stage : setting of the run
    site : where it is

    Attributes
    ----------
    belief : what it believes of attempts
    partners : what it holds of its partners
    roster : its patrols, and who is on duty
    coverage : what its means can cover
    values : harm of each crime type, shape (crime types, 1)
    skill : how much of what there is to learn it knows, by crime type, 0 to 1
    debt_hours : patrol time that coordination took and that no patrol has made up yet
    assignments : tasks of teams in the shift to come, besides its own plan
    choice : beats it may choose among, by index; all of them unless it agreed otherwise
    ears : share of crossings that people tell it of in time, by segment, where there is more than
        the ordinary share
    goodwill : share of what they would tell that people still tell it
    given_sensors : mobile sensors that it was given
    in_step : whether its patrols walk half a round apart from the partner's
    """

    def __init__(self, model: mesa.Model, stage: Stage, site: PostSite) -> None:
        super().__init__(model)
        self.stage = stage
        self.site = site
        self.number = site.number
        self.side = site.side
        self.belief = Belief(stage, site)
        self.partners = Partners(stage, site, self.belief)
        self.roster = Roster()
        self.coverage = Coverage(stage, site, self.belief)
        self.beats = self.coverage.beats
        self.debt_hours = 0.0
        self.reaction_free = 0.0
        self.assignments: list[Assignment] = []
        self.choice: tuple[int, ...] = tuple(range(len(self.beats)))
        self.in_step = False
        self.team: list[Patrol] = []
        self.plan = Plan(-1, (), (0.0,) * len(site.sector))
        self.plans: dict[int, Plan] = {}
        self.pauses: tuple[float, ...] = ()
        self.search: Search | None = None
        self.skill = [0.0] * len(stage.crimes)
        self.given_sensors = 0
        self.ears: dict[int, float] = {}
        self.goodwill = 1.0
        self._factors: dict[str, list[float]] = {}
        self._placed = (0, -1)
        self._next_month = 30.0 * 24.0
        self._stopped = self._passed_by = 0.0
        self.values = np.array([[stage.crime(index).value] for index in range(len(stage.crimes))])
        both = (2, *self.belief.shape)
        self.seen = np.zeros(both)
        self.has_seen = False
        self._observed = np.zeros((2, *both))
        self._told: dict[int, tuple[float, np.ndarray[Any, Any]]] = {}

    @property
    def patrols(self) -> list[Patrol]:
        """Its patrols, those lent to it included."""
        return self.roster.patrols

    # Deciding

    def on_duty(self, shift_number: int) -> list[Patrol]:
        """Its patrols that work in a shift."""
        return self.roster.on_duty(shift_number)

    def decide(self, shift: Shift) -> Plan:
        """Choose a beat for each patrol on duty, from what it knows now."""
        kind = for_side(self.stage.policy.allocation.kind, self.side)
        covers, averages = self.coverage.by_beat(shift)
        tasks = sum(task.shift == shift.number for task in self.assignments)
        teams = len(self.on_duty(shift.number)) - tasks
        outlook = Outlook(
            stage=self.stage,
            post=self.number,
            shift=shift,
            teams=teams,
            belief=self.belief,
            values=self.values,
            covers=covers,
            partner_cover=self.partners.cover(shift),
            beats=self.choice,
            taken=self._taken_beats(shift),
        )
        beats = allocate(kind, outlook) if teams > 0 else ()
        coverage = [0.0] * len(self.site.sector)
        for index in beats:
            average = averages[index]
            coverage = [
                covered_together(before, more)
                for before, more in zip(coverage, average, strict=True)
            ]
        return Plan(shift.number, beats, tuple(coverage))

    def _taken_beats(self, shift: Shift) -> frozenset[int]:
        """Beats to keep off because a partner is known to be there, if that is the policy."""
        if self.stage.policy.allocation.deconflict == "expected":
            return frozenset()
        taken = self.partners.segments_taken(shift)
        return frozenset(
            index for index, beat in enumerate(self.beats) if taken.intersection(beat.segments)
        )

    def send_out(self, shift: Shift, plan: Plan) -> float:
        """Give each patrol on duty its route; coordination takes its time first.

        Teams that the plan did not reckon with walk its beats as well; beats for which there is no
        team are left out.

        Returns
        -------
        Patrol-hours that coordination took this shift.
        """
        for patrol in self.team:
            patrol.stand_down()
        team = self.on_duty(shift.number)
        self.roster.keep_account(shift.number, team)
        tasks = tuple(self.assignments[: len(team)])
        self.assignments = []
        own = team[: len(team) - len(tasks)] if plan.beats else []
        beats = tuple(plan.beats[turn % len(plan.beats)] for turn in range(len(own)))
        self.plan = plan if beats == plan.beats else replace(plan, beats=beats)
        self.team = team
        slowdown = shift.slowdown[self.site.province]
        pauses = []
        for rank, (patrol, index) in enumerate(zip(own, beats, strict=True)):
            beat = self.beats[index]
            begin = shift.start + self.coverage.access(beat)
            end = shift.end - self.coverage.access(beat)
            pause = min(self.debt_hours, max(0.0, end - begin))
            self.debt_hours -= pause
            pauses.append(pause)
            length = beat.hours * slowdown
            if self.in_step:
                same = beats.count(index)
                phase = self._phase_in_step(beat, beats[:rank].count(index), same, shift.number)
            else:
                phase = self._phase(patrol, rank, len(own), shift.number)
            phase *= 2.0 * length
            if self.in_step or self.stage.scenario.patrols.phase == "continuous":
                phase += begin + pause
            patrol.route = Route(beat, begin + pause, end, phase, slowdown)
        self.pauses = tuple(pauses)
        for patrol, task in zip(team[len(own) :], tasks, strict=False):
            self._assign(patrol, task, shift, slowdown)
        self.search = self.coverage.search(shift, beats, self.pauses, tasks)
        return fsum(pauses) + len(tasks) * shift.hours

    def _assign(self, patrol: Patrol, task: Assignment, shift: Shift, slowdown: float) -> None:
        """Send a team on a task that is not of the post's own plan."""
        if not task.leads:
            return
        patrol.authority = task.authority
        access = self.coverage.access(task.beat)
        share = self.stage.chance.uniform(Purpose.PHASE, patrol.number, shift.number, 1)
        phase = share * 2.0 * task.beat.hours * slowdown
        begin, end = shift.start + access, shift.end - access
        patrol.route = Route(task.beat, begin, end, phase, slowdown)

    def _phase(self, patrol: Patrol, rank: int, teams: int, shift: int) -> float:
        """How far into its round a patrol is when it comes to its beat, in rounds."""
        patrols = self.stage.scenario.patrols
        who = patrol.number if patrols.spacing == "independent" else -1 - self.number
        occasion = 0 if patrols.phase == "continuous" else shift
        share = self.stage.chance.uniform(Purpose.PHASE, who, occasion)
        return share + rank / teams if patrols.spacing == "even" else share

    def _phase_in_step(self, beat: Beat, rank: int, teams: int, shift: int) -> float:
        """The same, if it keeps half a round away from the patrols of the partner on the beat."""
        occasion = 0 if self.stage.scenario.patrols.phase == "continuous" else shift
        share = self.stage.chance.uniform(Purpose.PHASE, -1 - beat.segments[0], occasion, 2)
        first = self.side == self.stage.world.segments[beat.segments[0]].sides[0]
        return share + (rank if first else rank + 0.5) / teams

    # Means

    def sharpen(self, cause: str, factors: list[float]) -> None:
        """Set how much better its patrols detect each crime type for some cause."""
        self._factors[cause] = factors
        keenness = [prod(column) for column in zip(*self._factors.values(), strict=True)]
        if keenness != self.coverage.keenness:
            self.coverage.keenness = keenness
            self.coverage.change()
            for patrol in self.patrols:
                patrol.keenness = keenness

    def motorise(self, mobility: float) -> None:
        """Set the speed of its vehicles, relative to those it started with."""
        if mobility != self.coverage.mobility:
            self.coverage.mobility = mobility
            self.coverage.change()

    def lend(self, count: int, to: "Post") -> list[int]:
        """Give patrols to another post of its side.

        Returns
        -------
        Their numbers; fewer than wanted if it has no more to spare.
        """
        lent = self.roster.lend(count, to.roster)
        for patrol in lent:
            self._release(patrol, to)
        return [patrol.number for patrol in lent]

    def hand_back(self, number: int, to: "Post") -> None:
        """Return a patrol that was lent to it."""
        patrol = next(each for each in self.patrols if each.number == number)
        self.roster.give(patrol, to.roster)
        self._release(patrol, to)

    def _release(self, patrol: Patrol, to: "Post") -> None:
        """Let a patrol go, so that what it does from now on is up to another post alone."""
        patrol.stand_down()
        self.team = [each for each in self.team if each is not patrol]
        patrol.post, patrol.keenness = to.number, to.coverage.keenness

    def keep_watch(self, shift: Shift) -> None:
        """Place its sensors, and take note of how many people still tell it what they see."""
        sensors = self.stage.scenario.posts.sensors
        mobile = for_side(sensors.mobile, self.side) + self.given_sensors
        period = int(shift.start // (24.0 * sensors.move_days))
        if (mobile, period) != self._placed:
            self._placed = mobile, period
            self.coverage.sensors = (*self._fixed_sensors(), *self._best_places(mobile))
        if shift.start >= self._next_month:
            self._next_month += 30.0 * 24.0
            community = self.stage.scenario.community
            self.goodwill = goodwill(self._stopped, self._passed_by, community.goodwill_per_stop)
            self._stopped = self._passed_by = 0.0
        self.coverage.told = tuple(
            self.ears.get(segment, self.stage.scenario.community.reports) * self.goodwill
            for segment in self.site.sector
        )

    def _fixed_sensors(self) -> list[int]:
        """Segments of its fixed sensors: spread evenly over the sector."""
        count = for_side(self.stage.scenario.posts.sensors.fixed, self.side)
        length = len(self.site.sector)
        return [self.site.sector[(2 * n + 1) * length // (2 * count)] for n in range(count)]

    def _best_places(self, count: int) -> list[int]:
        """Segments of the sector where it expects the most harm, the greatest first, in turn."""
        harm = (self.values * self.belief.mean).sum(axis=0)[: len(self.site.sector)]
        ranked = sorted(range(len(harm)), key=lambda place: (-round(float(harm[place]), 12), place))
        return [self.site.sector[ranked[turn % len(ranked)]] for turn in range(count)]

    # Seeing

    def see(self, attempt: Attempt) -> bool:
        """Note that one of its patrols detected an attempt; False if another did before."""
        if self.number in attempt.found_by:
            return False
        attempt.found_by.add(self.number)
        self.has_seen = True
        self.seen[0, attempt.crime, self.belief.index[attempt.segment]] += 1.0
        return True

    def learn_later(self, crime: int, segment: int) -> None:
        """Take in that a crossing got through some days ago."""
        place = self.belief.index[segment]
        self.belief.evidence[0, crime, place] += 1.0
        self._observed[INLAND, 0, crime, place] += 1.0

    def close(self, shift: Shift) -> None:
        """Turn what its patrols found, and the effort they spent, into belief."""
        self.belief.fade(shift.hours)
        if self.search is not None:
            self.belief.add(self.search.both)
            self._observed[PATROLS] += self.search.patrol
            self._observed[INLAND] += self.search.inland
        if self.has_seen:
            self.belief.add(self.seen)
            self._observed[PATROLS] += self.seen
            self.seen.fill(0.0)
            self.has_seen = False

    def stop_lawful(self, shift: Shift, people_per_day: Callable[[int], int]) -> int:
        """Stop some of the lawful people that its patrols pass.

        Parameters
        ----------
        shift : the shift
        people_per_day : lawful people that cross a segment away from gates on that day

        Returns
        -------
        How many were stopped.
        """
        if self.search is None:
            return 0
        mean = fsum(days * people_per_day(number) for number, days in self.search.lawful.items())
        share = self.stage.chance.uniform(Purpose.FALSE_STOP, self.number, shift.number)
        stopped = poisson(mean, share)
        self._stopped += stopped
        self._passed_by += shift.days * sum(people_per_day(number) for number in self.site.sector)
        return stopped

    # Answering

    def answer(self, attempt: Attempt, now: float) -> float | None:
        """Send whoever is there first to where a crosser is, or will come across.

        The free patrols on that segment, and the reaction team unless it is out.

        Returns
        -------
        Time at which they intercept, h; None if they cannot.
        """
        stage, patrols = self.stage, self.stage.scenario.patrols
        begin, end = attempt.window(frozenset((self.side,)))
        ways: list[tuple[float, int, Patrol | None]] = []
        for patrol in self.patrols:
            hours = patrol.hours_to(attempt.segment, attempt.place, now)
            if hours is not None and patrol.free_at(now):
                ways.append((now + hours, patrol.number, patrol))
        if self.reaction_free <= now:
            ways.append((now + self._reaction_hours(attempt.segment), -1, None))
        if not ways:
            return None
        arrival, _, sent = min(ways, key=lambda way: way[:2])
        share = stage.chance.uniform(Purpose.ANSWER, attempt.number, self.number)
        caught = caught_in_time(arrival - now, end - now, share, patrols.interception)
        contact = max(arrival, begin)
        back = contact + patrols.processing_hours if caught else min(arrival, end)
        if sent is None:
            self.reaction_free = back
        else:
            sent.busy_until = back
        return contact if caught else None

    def _reaction_hours(self, segment: int) -> float:
        """Time until the reaction team is at a segment of the sector, h."""
        lengths = [self.stage.world.segments[number].length_km for number in self.site.sector]
        place = self.site.sector.index(segment)
        middle = fsum(lengths[:place]) + lengths[place] / 2.0
        way = abs(middle - fsum(lengths) / 2.0)
        settings = self.stage.scenario
        speed = settings.world.vehicle_kmh * self.coverage.mobility
        return settings.posts.reaction_hours / self.coverage.mobility + way / speed

    # Telling

    def write_report(
        self, categories: frozenset[str], now: float, plan: Plan | None, audience: int = EVERYBODY
    ) -> Report:
        """Sum up what it has not told an audience yet, under the headings that are passed on.

        Parameters
        ----------
        categories : headings
        now : h
        plan : to tell as well
        audience : number of the one post that is told, or `EVERYBODY`
        """
        stage = self.stage
        passed = np.array(
            [[stage.crime(k).category in categories] for k in range(len(stage.crimes))]
        )
        since, told = self._told.get(audience, (0.0, np.zeros_like(self._observed)))
        news = self._observed - told
        seen = news[PATROLS] * passed
        if "area_situation" in categories:
            seen = seen + news[INLAND] * passed
        self._told[audience] = now, self._observed.copy()
        return Report(self.number, seen, since, now, plan)

    def begin_to_report(self, now: float) -> None:
        """Leave out of the first report to everybody what may have been told face to face."""
        if self._told and EVERYBODY not in self._told:
            self._told[EVERYBODY] = now, self._observed.copy()

    def count_as_told(self, reader: int) -> None:
        """Take note that a post has been told what everybody was."""
        if EVERYBODY in self._told:
            since, told = self._told[EVERYBODY]
            self._told[reader] = since, told.copy()

    def tell_at_once(self, attempt: Attempt, now: float) -> Report:
        """Report one find without waiting for the shift to end; its effort follows later."""
        seen = np.zeros((2, *self.belief.shape))
        place = 0, attempt.crime, self.belief.index[attempt.segment]
        seen[place] = 1.0
        since, told = self._told.get(EVERYBODY, (0.0, np.zeros_like(self._observed)))
        told[PATROLS][place] += 1.0
        self._told[EVERYBODY] = since, told
        return Report(self.number, seen, now, now, None)

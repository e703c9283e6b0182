"""Posts: they believe, decide where patrols go, see, and answer alerts."""

from collections.abc import Callable
from dataclasses import replace
from math import fsum, prod
from typing import ClassVar

import mesa
import numpy as np

from sim.agents.allocation import Outlook, allocate
from sim.agents.attempt import Attempt
from sim.agents.beat import Assignment, Beat, Route, beat_of
from sim.agents.belief import Belief
from sim.agents.coverage import Coverage, Search
from sim.agents.partners import Partners
from sim.agents.patrol import Patrol
from sim.agents.records import INLAND, PATROLS, Records
from sim.agents.report import Plan
from sim.agents.roster import Roster
from sim.agents.stage import Shift, Stage
from sim.agents.watch import Watch
from sim.draws import Purpose, poisson
from sim.rules.cooperation import covered_together
from sim.rules.encounter import caught_in_time, hours_by_vehicle
from sim.scenario.parameters import for_side
from sim.world.sites import PostSite


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
    watch : its sensors, and the people along its sector
    records : what it has observed, and told to whom
    in_step : whether its patrols walk half a round apart from the partner's
    ways_km : way along the line from its middle to that of each segment of its sector
    """

    belief_of: ClassVar[type[Belief]] = Belief

    def __init__(self, model: mesa.Model, stage: Stage, site: PostSite) -> None:
        super().__init__(model)
        self.stage = stage
        self.site = site
        self.number = site.number
        self.side = site.side
        self.belief = self.belief_of(stage, site)
        self.partners = Partners(stage, site, self.belief)
        self.roster = Roster()
        self.coverage = Coverage(stage, site, self.belief)
        self.beats = self.coverage.beats
        self.ways_km = self._ways_km()
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
        self._factors: dict[str, list[float]] = {}
        self.values = np.array([[stage.crime(index).harm] for index in range(len(stage.crimes))])
        self.seen = np.zeros((2, *self.belief.shape))
        self.has_seen = False
        self.watch = Watch(stage, site, self.belief, self.values, self.coverage)
        self.records = Records(stage, self.number, self.belief)

    def _ways_km(self) -> list[float]:
        """Way from the middle of the sector to that of each of its segments, km."""
        lengths = [self.stage.world.segments[number].length_km for number in self.site.sector]
        half = fsum(lengths) / 2.0
        return [
            abs(fsum(lengths[:place]) + length / 2.0 - half) for place, length in enumerate(lengths)
        ]

    def single_beat(self, place: int) -> Beat:
        """Give the beat over one segment of the sector."""
        return beat_of(self.site, place, 1, self.stage.scenario, self.stage.world)

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
        self.records.observed[INLAND, 0, crime, place] += 1.0

    def close(self, shift: Shift) -> None:
        """Turn what its patrols found, and the effort they spent, into belief."""
        self.belief.fade(shift.hours)
        if self.search is not None:
            self.belief.add(self.search.both)
            self.records.observed[PATROLS] += self.search.patrol
            self.records.observed[INLAND] += self.search.inland
        if self.has_seen:
            self.belief.add(self.seen)
            self.records.observed[PATROLS] += self.seen
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
        people = sum(people_per_day(number) for number in self.site.sector)
        self.watch.count(stopped, shift.days * people)
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
        way = self.ways_km[self.site.sector.index(segment)]
        settings = self.stage.scenario
        ready, speed = settings.posts.reaction_hours, settings.world.vehicle_kmh
        return hours_by_vehicle(ready, way, speed, self.coverage.mobility)

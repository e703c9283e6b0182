"""Posts: they believe, decide where patrols go, tell and are told, and answer alerts."""

from collections.abc import Callable
from math import fsum

import mesa
import numpy as np

from sim.agents.allocation import Outlook, allocate
from sim.agents.attempt import Attempt
from sim.agents.beat import Route
from sim.agents.belief import Belief
from sim.agents.coverage import Coverage, Search
from sim.agents.patrol import Patrol
from sim.agents.report import Plan, Report
from sim.agents.stage import Shift, Stage
from sim.draws import Purpose, poisson
from sim.rules.belief import keep_share
from sim.rules.cooperation import believed_coverage, covered_together, trust_after
from sim.rules.encounter import caught_in_time
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
    trust : in each partner post it ever heard of, 0 to 1
    heard : latest observation of each partner post that reached it, h
    known_plans : latest plan of each partner post that reached it
    debt_hours : patrol time that coordination took and that no patrol has made up yet
    """

    def __init__(self, model: mesa.Model, stage: Stage, site: PostSite) -> None:
        super().__init__(model)
        self.stage = stage
        self.site = site
        self.number = site.number
        self.side = site.side
        self.belief = Belief(stage, site)
        self.patrols: list[Patrol] = []
        self.coverage = Coverage(stage, site, self.belief)
        self.beats = self.coverage.beats
        self.trust: dict[int, float] = {}
        self.heard: dict[int, float] = {}
        self.known_plans: dict[int, Plan] = {}
        self.debt_hours = 0.0
        self.reaction_free = 0.0
        self.team: list[Patrol] = []
        self.plan = Plan(-1, (), (0.0,) * len(site.sector))
        self.next_plan: Plan | None = None
        self._teams: dict[int, list[Patrol]] = {}
        self._columns: dict[int, tuple[list[int], list[int]]] = {}
        self.pauses: tuple[float, ...] = ()
        self.search: Search | None = None
        self._values = np.array([[stage.crime(index).value] for index in range(len(stage.crimes))])
        both = (2, *self.belief.shape)
        self.seen = np.zeros(both)
        self.has_seen = False
        self.untold_patrol = np.zeros(both)
        self.untold_inland = np.zeros(both)
        self.untold_since = 0.0

    # Deciding

    def on_duty(self, shift_number: int) -> list[Patrol]:
        """Its patrols whose turn has come."""
        turn = shift_number % self.stage.scenario.patrols.duty_cycle_shifts
        if turn not in self._teams:
            self._teams[turn] = [each for each in self.patrols if each.on_duty(shift_number)]
        return self._teams[turn]

    def decide(self, shift: Shift) -> Plan:
        """Choose a beat for each patrol on duty, from what it knows now."""
        kind = for_side(self.stage.scenario.policy.allocation.kind, self.side)
        covers, averages = self.coverage.by_beat(shift)
        teams = len(self.on_duty(shift.number))
        outlook = Outlook(
            stage=self.stage,
            post=self.number,
            shift=shift,
            teams=teams,
            belief=self.belief,
            values=self._values,
            covers=covers,
            partner_cover=self._partner_cover(shift),
            beats=tuple(range(len(self.beats))),
            taken=self._taken_beats(shift),
        )
        beats = allocate(kind, outlook) if teams else ()
        coverage = [0.0] * len(self.site.sector)
        for index in beats:
            average = averages[index]
            coverage = [
                covered_together(before, more)
                for before, more in zip(coverage, average, strict=True)
            ]
        return Plan(shift.number, beats, tuple(coverage))

    def _partner_cover(self, shift: Shift) -> list[float] | None:
        """Detection probability by partners that plans told of, by segment in view."""
        if not self.known_plans:
            return None
        sharing = self.stage.scenario.policy.sharing
        half_life = 24.0 * sharing.plan_half_life_days if sharing else 1.0
        cover = [0.0] * len(self.belief.view)
        for partner, plan in sorted(self.known_plans.items()):
            age = max(0.0, (shift.number - plan.shift) * shift.hours)
            valid = keep_share(age, half_life)
            average = fsum(plan.coverage) / len(plan.coverage)
            for mine, theirs in zip(*self._common_columns(partner), strict=True):
                expected = believed_coverage(plan.coverage[theirs], valid, average)
                cover[mine] = covered_together(cover[mine], expected)
        return cover

    def _taken_beats(self, shift: Shift) -> frozenset[int]:
        """Beats to keep off because a partner is known to be there, if that is the policy.

        A plan told some time ago counts for as long as it is more likely than not to hold.
        """
        policy = self.stage.scenario.policy
        if policy.allocation.deconflict == "expected" or policy.sharing is None:
            return frozenset()
        taken = set()
        for partner, plan in self.known_plans.items():
            age_days = (shift.number - plan.shift) * shift.days
            if age_days <= policy.sharing.plan_half_life_days:
                sector = self.stage.world.posts[partner].sector
                covered = zip(sector, plan.coverage, strict=True)
                taken |= {segment for segment, cover in covered if cover > 0.0}
        return frozenset(
            index for index, beat in enumerate(self.beats) if taken.intersection(beat.segments)
        )

    def send_out(self, shift: Shift, plan: Plan) -> float:
        """Give each patrol on duty its route; coordination takes its time first.

        Returns
        -------
        Patrol-hours that coordination took this shift.
        """
        for patrol in self.team:
            patrol.route = None
        self.plan = plan
        self.team = self.on_duty(shift.number)
        slowdown = shift.slowdown[self.site.province]
        pauses = []
        for rank, (patrol, index) in enumerate(zip(self.team, plan.beats, strict=True)):
            beat = self.beats[index]
            begin = shift.start + beat.access_hours
            end = shift.end - beat.access_hours
            pause = min(self.debt_hours, max(0.0, end - begin))
            self.debt_hours -= pause
            pauses.append(pause)
            phase = self._phase(patrol, rank, len(plan.beats), beat.hours * slowdown, shift, begin)
            patrol.route = Route(beat, begin + pause, end, phase, slowdown)
        self.pauses = tuple(pauses)
        self.search = self.coverage.search(shift, plan.beats, self.pauses)
        return fsum(pauses)

    def _phase(
        self, patrol: Patrol, rank: int, teams: int, length: float, shift: Shift, begin: float
    ) -> float:
        """How far into its round a patrol is when it comes to its beat, h."""
        patrols = self.stage.scenario.patrols
        continuous = patrols.phase == "continuous"
        who = patrol.number if patrols.spacing == "independent" else -1 - self.number
        occasion = 0 if continuous else shift.number
        share = self.stage.chance.uniform(Purpose.PHASE, who, occasion)
        if patrols.spacing == "even":
            share += rank / teams
        return share * 2.0 * length + (begin if continuous else 0.0)

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
        self.untold_inland[0, crime, place] += 1.0

    def close(self, shift: Shift) -> None:
        """Turn what its patrols found, and the effort they spent, into belief."""
        self.belief.fade(shift.hours)
        if self.search is not None:
            self.belief.add(self.search.both)
            self.untold_patrol += self.search.patrol
            self.untold_inland += self.search.inland
        if self.has_seen:
            self.belief.add(self.seen)
            self.untold_patrol += self.seen
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
        return poisson(mean, share)

    # Answering

    def answer(self, attempt: Attempt, now: float) -> float | None:
        """Send whoever is there first to where a crosser will come across.

        The free patrols on that segment, and the reaction team unless it is out.

        Returns
        -------
        Time at which they intercept, h; None if they cannot.
        """
        stage, patrols = self.stage, self.stage.scenario.patrols
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
        caught = caught_in_time(arrival - now, attempt.end - now, share, patrols.interception)
        contact = max(arrival, attempt.line)
        back = contact + patrols.processing_hours if caught else min(arrival, attempt.end)
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
        return settings.posts.reaction_hours + way / settings.world.vehicle_kmh

    # Telling and being told

    def write_report(self, categories: frozenset[str], now: float, plan: Plan | None) -> Report:
        """Sum up what it has not told yet, under the headings that are passed on."""
        stage = self.stage
        passed = np.array(
            [[stage.crime(k).category in categories] for k in range(len(stage.crimes))]
        )
        seen = self.untold_patrol * passed
        if "area_situation" in categories:
            seen = seen + self.untold_inland * passed
        report = Report(self.number, seen, self.untold_since, now, plan)
        self.untold_patrol.fill(0.0)
        self.untold_inland.fill(0.0)
        self.untold_since = now
        return report

    def tell_at_once(self, attempt: Attempt, now: float) -> Report:
        """Report one find without waiting for the shift to end; its effort follows later."""
        seen = np.zeros((2, *self.belief.shape))
        place = 0, attempt.crime, self.belief.index[attempt.segment]
        seen[place] = 1.0
        self.untold_patrol[place] -= 1.0
        return Report(self.number, seen, now, now, None)

    def read_report(self, report: Report, now: float) -> None:
        """Take a partner's report into its picture, weighted by trust and age."""
        author = report.author
        trust = self.trust_in(author)
        mine, theirs = self._common_columns(author)
        age = now - (report.since + report.until) / 2.0
        self.belief.hear(report.seen, trust, age, theirs, mine)
        self.heard[author] = max(self.heard.get(author, 0.0), report.until)
        if report.plan is not None:
            self.read_plan(author, report.plan)
        settings = self.stage.scenario.posts.trust
        self.trust[author] = trust_after(trust, 1.0, settings.gain)

    def read_plan(self, author: int, plan: Plan) -> None:
        """Remember where a partner will go, unless it knows better already."""
        known = self.known_plans.get(author)
        if known is None or plan.shift >= known.shift:
            self.known_plans[author] = plan

    def miss_report(self, author: int) -> None:
        """Wait in vain for a report."""
        settings = self.stage.scenario.posts.trust
        self.trust[author] = trust_after(self.trust_in(author), 0.0, settings.loss)

    def trust_in(self, partner: int) -> float:
        """Give its trust in a partner post."""
        return self.trust.get(partner, self.stage.scenario.posts.trust.start)

    def fade_trust(self, hours: float) -> None:
        """Let trust drift back to where it started."""
        settings = self.stage.scenario.posts.trust
        keep = keep_share(hours, 24.0 * settings.half_life_days)
        for partner, trust in self.trust.items():
            self.trust[partner] = settings.start + (trust - settings.start) * keep

    def _common_columns(self, author: int) -> tuple[list[int], list[int]]:
        """Columns of this view and of the author's sector that are the same segments."""
        if author not in self._columns:
            sector = self.stage.world.posts[author].sector
            pairs = [
                (self.belief.index[number], place)
                for place, number in enumerate(sector)
                if number in self.belief.index
            ]
            self._columns[author] = [mine for mine, _ in pairs], [theirs for _, theirs in pairs]
        return self._columns[author]

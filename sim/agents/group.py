"""Smuggling groups: who wants to cross, where and when they try, and how they learn."""

from collections import deque
from collections.abc import Mapping, Sized
from math import inf
from typing import TypeGuard

import mesa

from sim.agents.adversaries import DAYPARTS, Lesson, Situation, adversary_of
from sim.agents.attempt import GROUP_BITS, RETRY_BITS, Attempt
from sim.agents.stage import Shift, Stage
from sim.draws import Purpose, exponential, gumbel
from sim.rules.belief import keep_share
from sim.rules.choice import start_in_part
from sim.rules.encounter import noticed
from sim.scenario.injects import Inject, Surge
from sim.scenario.schema import Groups
from sim.world.sites import Settlement

_DAYPART_HOURS = 24.0 / DAYPARTS


class SmugglingGroup(mesa.Agent):
    """An abstract adversary with a home, a destination and a memory.

    Parameters
    ----------
    model : the mesa model it lives in
    stage : setting of the run
    number : index over all groups
    kind : its table in the scenario

    Attributes
    ----------
    home : where it starts from
    options : segments it considers, those that take least time first
    costs : of the way over each, in values of a load
    adversary : how it values them and learns
    """

    def __init__(self, model: mesa.Model, stage: Stage, number: int, kind: Groups) -> None:
        super().__init__(model)
        self.stage = stage
        self.number = number
        self.kind = kind
        self.crime = stage.crimes.index(kind.crime)
        self.home = self._choose_home()
        hours = stage.world.roads.ways(self.home, self._choose_goal(), kind.reach_segments)
        self.options = list(hours)
        self.costs = [each * kind.cost_per_hour for each in hours.values()]
        self.adversary = adversary_of(
            kind.adversary, Situation(stage, kind, tuple(self.options), tuple(self.costs))
        )
        self._index = {segment: index for index, segment in enumerate(self.options)}
        self.at_home = list(self.adversary.utilities())
        self._told: deque[tuple[float, Lesson]] = deque()
        self._scouted: deque[tuple[float, list[bool], float]] = deque()
        self.surges = [each for each in stage.scenario.injects if self._takes_part_in(each)]
        self.wanted_so_far = 0
        self.next_wanted = self._wait_after(0.0)

    def _choose_home(self) -> Settlement:
        """Settle in one of the places its kind lives in."""
        homes = self.stage.world.roads.homes(self.kind)
        share = self.stage.chance.uniform(Purpose.SETTLEMENT, self.number)
        return homes[int(share * len(homes))]

    def _choose_goal(self) -> Settlement:
        """Choose one of the places across the line that are near its home."""
        near = self.stage.world.roads.goals(self.home, self.kind.destination)
        share = self.stage.chance.uniform(Purpose.SETTLEMENT, self.number, 1)
        return near[int(share * len(near))]

    def _wait_after(self, time: float) -> float:
        """Give the time of the next attempt it wants: a Poisson process of its own."""
        share = self.stage.chance.uniform(Purpose.WANTED, self.number, self.wanted_so_far)
        left = exponential(share)
        while True:
            rate, until = self._rate_at(time)
            if left <= rate * (until - time):
                return time + left / rate
            left -= rate * (until - time)
            time = until

    def _rate_at(self, time: float) -> tuple[float, float]:
        """Attempts it wants an hour at a time, and until when that holds, h."""
        rate, until = self.kind.attempts_per_day / 24.0, inf
        for surge in self.surges:
            begin, end = 24.0 * surge.day, 24.0 * (surge.day + surge.days)
            if begin <= time < end:
                rate *= surge.factor
                until = min(until, end)
            elif time < begin:
                until = min(until, begin)
        return rate, until

    def _takes_part_in(self, inject: Inject) -> TypeGuard[Surge]:
        """Whether an inject is a surge of its kind of attempts."""
        return (
            isinstance(inject, Surge)
            and (not inject.crimes or self.kind.crime in inject.crimes)
            and (not inject.provinces or self.home.province in inject.provinces)
        )

    def want_next(self) -> None:
        """Go on to the next attempt that it will want."""
        self.wanted_so_far += 1
        self.next_wanted = self._wait_after(self.next_wanted)

    def choose_crossing(self) -> Attempt:
        """Choose segment and part of the day for the attempt it wants now."""
        number = (self.number << GROUP_BITS) + self.wanted_so_far
        return self._choose_for(number, self.wanted_so_far, self.next_wanted)

    def tries_again(self, attempt: Attempt) -> bool:
        """Whether it makes a further attempt after one that was intercepted."""
        if not self.kind.retry:
            return False
        share = self.stage.chance.uniform(Purpose.RETRY, attempt.number)
        return share < self.kind.retry

    def choose_again(self, failed: Attempt, now: float) -> Attempt:
        """Choose segment and part of the day for a further attempt after one that failed."""
        turn = (failed.number >> RETRY_BITS) + 1
        number = failed.number + (1 << RETRY_BITS)
        occasion = (failed.number & ((1 << GROUP_BITS) - 1)) + (turn << GROUP_BITS)
        return self._choose_for(number, occasion, now, failed.number)

    def _choose_for(self, number: int, occasion: int, wanted: float, retry_of: int = -1) -> Attempt:
        """Make an attempt of a number, with the chance of an occasion."""
        stage, kind, adversary = self.stage, self.kind, self.adversary
        self._take_in(wanted)
        noise = self._noise(Purpose.SEGMENT_CHOICE, occasion, self.options)
        segment = self.options[adversary.choose(adversary.utilities(), noise)]
        home = self.options[adversary.choose(self.at_home, noise)]
        noise = self._noise(Purpose.DAYPART_CHOICE, occasion, range(DAYPARTS))
        daypart = adversary.choose(adversary.daypart_utilities(), noise)
        share = stage.chance.uniform(Purpose.START, self.number, occasion)
        start = start_in_part(daypart, _DAYPART_HOURS, wanted, share)
        line = start + stage.exposure_hours(self.crime, kind.origin)
        return Attempt(
            number=number,
            group=self.number,
            crime=self.crime,
            wanted=wanted,
            segment=segment,
            place=stage.chance.uniform(Purpose.PLACE, self.number, occasion),
            origin=kind.origin,
            destination=kind.destination,
            start=start,
            line=line,
            end=line + stage.exposure_hours(self.crime, kind.destination),
            value=stage.crime(self.crime).harm,
            daypart=daypart,
            home_segment=home,
            retry_of=retry_of,
        )

    def _noise(self, purpose: Purpose, occasion: int, names: "list[int] | range") -> list[float]:
        """Give the Gumbel noise of each option on an occasion; it belongs to the option's name."""
        draw = self.stage.chance.uniform
        return [gumbel(draw(purpose, self.number, occasion, name)) for name in names]

    # Learning

    def learn(self, attempt: Attempt, intercepted: bool, now: float) -> None:
        """Learn from what befell its own attempt."""
        self._take_in(now)
        option = self._index[attempt.segment]
        self.adversary.learn(Lesson(option, attempt.daypart, intercepted))

    def hear(self, attempt: Attempt, intercepted: bool, time: float) -> None:
        """Be told at some time what befell another group; of segments out of reach, nothing."""
        option = self._index.get(attempt.segment)
        if option is not None:
            lesson = Lesson(option, attempt.daypart, intercepted, self.kind.shares, own=False)
            self._told.append((time, lesson))

    @property
    def has_scouts(self) -> bool:
        """Whether somebody watches patrols for it, and sees any."""
        return self.kind.scouts is not None and self.kind.scouts.share_seen > 0.0

    def scout(self, shift: Shift, presence: Mapping[int, Sized]) -> None:
        """Watch its segments for a shift; it knows when the lag after its end is over.

        Parameters
        ----------
        shift : the shift
        presence : patrols by segment, where there are any
        """
        scouts, draw = self.kind.scouts, self.stage.chance.uniform
        if scouts is None:
            return
        seen = []
        for segment in self.options:
            patrols = len(presence.get(segment, ()))
            chance = noticed(scouts.share_seen, patrols)
            share = draw(Purpose.SCOUT, self.number, shift.number, segment)
            seen.append(patrols > 0 and share < chance)
        keep = keep_share(shift.hours, 24.0 * scouts.memory_days)
        self._scouted.append((shift.end + 24.0 * scouts.lag_days, seen, keep))

    def _take_in(self, now: float) -> None:
        """Take in what others told and scouts saw, as far as it has come in by now."""
        while self._told and self._told[0][0] <= now:
            self.adversary.learn(self._told.popleft()[1])
        scouts = self.kind.scouts
        while scouts is not None and self._scouted and self._scouted[0][0] <= now:
            _, seen, keep = self._scouted.popleft()
            self.adversary.sightings.add(seen, scouts.share_seen, keep)

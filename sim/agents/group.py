"""Smuggling groups: who wants to cross, where and when they try, and how they learn."""

from math import inf
from typing import TypeGuard

import mesa

from sim.agents.attempt import GROUP_BITS, Attempt
from sim.agents.stage import Stage
from sim.draws import Purpose, exponential, gumbel
from sim.rules.learning import attraction, experience, logit_utility, payoff
from sim.scenario.injects import Inject, Surge
from sim.scenario.schema import Groups
from sim.world.sites import Settlement, homes_of, travel_hours

DAYPARTS = 3
"""Parts of the day a group tells apart, of eight hours each, from midnight."""

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
    attractions, rewards : EWA attraction of each option, and what it paid last
    experience : EWA weight of the past
    """

    def __init__(self, model: mesa.Model, stage: Stage, number: int, kind: Groups) -> None:
        super().__init__(model)
        self.stage = stage
        self.number = number
        self.kind = kind
        self.crime = stage.crimes.index(kind.crime)
        self.home = self._choose_home()
        hours = self._hours_to_segments()
        ranked = sorted(hours, key=lambda segment: (hours[segment], segment))
        self.options = ranked[: kind.reach_segments]
        self.costs = [hours[segment] * kind.cost_per_hour for segment in self.options]
        self.rewards = [payoff(False, cost, kind.loss) for cost in self.costs]
        self.attractions = list(self.rewards)
        self.daypart_rewards = [payoff(False, 0.0, kind.loss)] * DAYPARTS
        self.daypart_attractions = list(self.daypart_rewards)
        self.experience = 1.0
        self._surges = [each for each in stage.scenario.injects if self._takes_part_in(each)]
        self.wanted_so_far = 0
        self.next_wanted = self._wait_after(0.0)

    def _choose_home(self) -> Settlement:
        """Settle in one of the places its kind lives in."""
        stage, kind = self.stage, self.kind
        homes = homes_of(kind, stage.world.segments, stage.world.settlements)
        share = stage.chance.uniform(Purpose.SETTLEMENT, self.number)
        return homes[int(share * len(homes))]

    def _hours_to_segments(self) -> dict[int, float]:
        """Hours from its home over each segment to its destination."""
        stage, kind = self.stage, self.kind
        out = travel_hours(stage.world.border, stage.scenario, self.home)
        across = [
            place
            for place in stage.world.settlements
            if place.side == kind.destination and place.segment in out
        ]
        across.sort(key=lambda place: (out[place.segment], place.number))
        share = stage.chance.uniform(Purpose.SETTLEMENT, self.number, 1)
        near = across[:5]
        goal = near[int(share * len(near))]
        onward = travel_hours(stage.world.border, stage.scenario, goal)
        return {segment: out[segment] + onward[segment] for segment in out if segment in onward}

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
        for surge in self._surges:
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
        """Choose segment and part of the day for the attempt it wants now, by logit."""
        stage, kind = self.stage, self.kind
        wanted, occasion = self.next_wanted, self.wanted_so_far
        chosen = self._choose(self.attractions, self.options, Purpose.SEGMENT_CHOICE)
        daypart = self._choose(self.daypart_attractions, range(DAYPARTS), Purpose.DAYPART_CHOICE)
        segment = self.options[chosen]
        share = stage.chance.uniform(Purpose.START, self.number, occasion)
        start = self._start_in(daypart, wanted, share)
        line = start + stage.exposure_hours(self.crime, kind.origin)
        return Attempt(
            number=(self.number << GROUP_BITS) + occasion,
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
            value=stage.crime(self.crime).value,
            daypart=daypart,
        )

    def _choose(self, values: list[float], names: "list[int] | range", purpose: Purpose) -> int:
        """Index of the option of greatest utility; the noise belongs to the option's name."""
        best, chosen = float("-inf"), 0
        for index, (value, name) in enumerate(zip(values, names, strict=True)):
            share = self.stage.chance.uniform(purpose, self.number, self.wanted_so_far, name)
            utility = logit_utility(value, self.kind.learning.sensitivity, gumbel(share))
            if utility > best:
                best, chosen = utility, index
        return chosen

    @staticmethod
    def _start_in(daypart: int, wanted: float, share: float) -> float:
        """Give a time in the next such part of the day, no sooner than it is wanted."""
        midnight = 24.0 * (wanted // 24.0)
        begin = midnight + daypart * _DAYPART_HOURS
        if begin + _DAYPART_HOURS <= wanted:
            begin += 24.0
        earliest = max(begin, wanted)
        return earliest + share * (begin + _DAYPART_HOURS - earliest)

    def learn(self, attempt: Attempt, intercepted: bool) -> None:
        """Update the attraction of where and when it tried, and of what it did not try."""
        if self.kind.adversary == "static":
            return
        before = self.experience
        self.experience = experience(before, self.kind.learning.rho)
        option = self.options.index(attempt.segment)
        self.rewards[option] = payoff(intercepted, self.costs[option], self.kind.loss)
        self._reinforce(self.attractions, self.rewards, option, before)
        self.daypart_rewards[attempt.daypart] = payoff(intercepted, 0.0, self.kind.loss)
        self._reinforce(self.daypart_attractions, self.daypart_rewards, attempt.daypart, before)

    def _reinforce(
        self, attractions: list[float], rewards: list[float], chosen: int, before: float
    ) -> None:
        """Apply EWA to a table of options."""
        learning = self.kind.learning
        for index, reward in enumerate(rewards):
            weighted = reward if index == chosen else learning.delta * reward
            attractions[index] = attraction(
                attractions[index], before, self.experience, learning.phi, weighted
            )

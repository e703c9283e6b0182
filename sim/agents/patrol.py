"""Patrols: who walks the beats, sees crossers and pursues them."""

from math import inf

import mesa

from sim.agents.attempt import Attempt, Cause
from sim.agents.beat import Route
from sim.agents.stage import Shift, Stage
from sim.draws import Purpose, exponential
from sim.rules.barrier import first_success
from sim.rules.encounter import caught_in_time


class Patrol(mesa.Agent):
    """A patrol of a post.

    Parameters
    ----------
    model : the mesa model it lives in
    stage : setting of the run
    number : index over all patrols
    post : number of its post
    side : its own side of the line
    turn : in which shifts of the duty cycle it is on duty

    Attributes
    ----------
    home : number of the post it comes back to after aid
    authority : sides on which it may act; both while it walks jointly
    keenness : how well its post detects each crime type, relative to the untrained
    owes : shifts of rest it has to be given for those it was called up for
    """

    def __init__(
        self, model: mesa.Model, stage: Stage, number: int, post: int, side: str, turn: int
    ) -> None:
        super().__init__(model)
        self.stage = stage
        self.number = number
        self.post = self.home = post
        self.side = side
        self.authority = frozenset((side,))
        self.turn = turn
        self.route: Route | None = None
        self.busy_until = 0.0
        self.keenness: list[float] = [1.0] * len(stage.crimes)
        self.owes = 0

    def on_duty(self, shift_number: int) -> bool:
        """Whether its turn has come."""
        return (shift_number + self.turn) % self.stage.scenario.patrols.duty_cycle_shifts == 0

    def free_at(self, time: float) -> bool:
        """Whether it is on its beat and not taken up by a pursuit."""
        route = self.route
        return route is not None and route.arrive <= time < route.leave and time >= self.busy_until

    def stand_down(self) -> None:
        """Leave its beat, and act on its own side alone from now on."""
        self.route = None
        self.authority = frozenset((self.side,))

    def encounter(self, attempt: Attempt, shift: Shift) -> float | None:
        """Detect an attempt during a shift, or not.

        Passes are independent trials; which of them is the first to succeed is drawn once.

        Returns
        -------
        Time of detection, h; None if this patrol does not detect it.
        """
        route = self.route
        begin, end = self._window(attempt, shift)
        if route is None or begin >= end:
            return None
        number = self.number
        keenness = self.keenness[attempt.crime]
        chance = self.stage.detection(attempt.crime, keenness, shift.dark)
        share = self.stage.chance.uniform(Purpose.DETECTION, attempt.number, shift.number, number)
        return self._pass(route, attempt, begin, end, first_success(share, chance))

    def come_by(self, attempt: Attempt, shift: Shift) -> float | None:
        """Pass the place of an attempt during a shift, seeing it or not.

        Returns
        -------
        Time of the first pass within its sweep, h; infinite if it is elsewhere on its beat for as
        long as it could act; None if it walks no beat then.
        """
        route = self.route
        begin, end = self._window(attempt, shift)
        if route is None or begin >= end:
            return None
        if max(begin, route.arrive) >= route.leave or end < route.arrive:
            return None
        time = self._pass(route, attempt, begin, end, 0)
        return inf if time is None else time

    def miss(self, attempt: Attempt, time: float) -> None:
        """Pass an attempt at a time, and not see it or be after somebody else."""
        is_free = time >= self.busy_until
        attempt.note_cause(Cause.OVERLOOKED if is_free else Cause.IN_PURSUIT)

    def _window(self, attempt: Attempt, shift: Shift) -> tuple[float, float]:
        """When in a shift it may act on an attempt, h; empty if the end is not after the begin."""
        begin, end = attempt.window(self.authority)
        return max(begin, shift.start), min(end, shift.end)

    def _pass(
        self, route: Route, attempt: Attempt, begin: float, end: float, number: int
    ) -> float | None:
        """When it passes an attempt for the n-th time in a window, h; None if it does not."""
        scenario = self.stage.scenario
        relief = self.stage.world.segments[attempt.segment].relief
        reach = scenario.patrols.sweep_km / scenario.world.speed_kmh[relief - 1] * route.slowdown
        return route.pass_within(attempt.segment, attempt.place, begin, end, reach, number)

    def pursue(self, attempt: Attempt, time: float) -> float | None:
        """Go after a crosser it has detected, as far as its authority reaches.

        Returns
        -------
        Time at which it intercepts, h; None if it does not.
        """
        patrols, chance = self.stage.scenario.patrols, self.stage.chance
        wait = exponential(chance.uniform(Purpose.RESPONSE, attempt.number, self.number))
        response = patrols.response_hours * wait
        left = attempt.window(self.authority)[1] - time
        share = chance.uniform(Purpose.INTERCEPTION, attempt.number, self.number)
        caught = caught_in_time(response, left, share, patrols.interception)
        spent = response + patrols.processing_hours if caught else min(response, left)
        self.busy_until = time + spent
        return time + response if caught else None

    def hours_to(self, segment: int, place: float, time: float) -> float | None:
        """Time it would take along the line to a place on its beat, h; None if not on the beat."""
        route = self.route
        if route is None or segment not in route.beat.segments:
            return None
        low, high = route.beat.bounds_of(segment)
        return abs(low + place * (high - low) - route.place_at(time)) * route.slowdown

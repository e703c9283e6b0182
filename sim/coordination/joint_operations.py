"""Joint operations: for some days both sides go after one type of crime in one area."""

from math import ceil

from sim.agents import Attempt, Shift, SmugglingGroup
from sim.coordination.instrument import HOURS_PER_YEAR, Instrument, Theatre
from sim.draws import Purpose
from sim.scenario import doses


class JointOperations(Instrument):
    """Calls up patrols, looks harder for some crimes, and searches for the groups' storage sites.

    A group whose storage site is found turns back from what it wants until it has another.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy
    """

    name = "joint_operations"
    key = 5

    def __init__(self, theatre: Theatre, dose: doses.JointOperations) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        self.gap = HOURS_PER_YEAR / dose.per_year
        self.crimes = {n for n, crime in enumerate(self.stage.crimes) if crime in dose.crimes}
        self.without_load: dict[int, float] = {}
        self.under_way = -1
        self.next_search = 0.0
        self.days_of_operation = 0.0

    def prepare(self) -> None:
        """Find the posts and groups of the area."""
        area, members = set(self.dose.provinces), set(self.members)

        def inside(province: str) -> bool:
            return not area or province in area

        self.posts = [
            post
            for post in self.theatre.posts_by_number
            if post.side in members and inside(post.site.province)
        ]
        self.groups = [
            group
            for group in self.theatre.groups_by_number
            if group.crime in self.crimes
            and group.kind.origin in members
            and inside(group.home.province)
        ]

    def before_decisions(self, shift: Shift) -> None:
        """Begin, carry on or end an operation."""
        number = self._operation_at(shift.start)
        if number != self.under_way:
            self.under_way = number
            self._focus(number >= 0)
            if number >= 0:
                self._begin(shift)
        if number < 0:
            return
        self.days_of_operation += shift.days
        for post in self.posts:
            beyond = post.roster.beyond_turn(shift.number, self.name)
            self.charge(post, beyond * shift.hours, waiting=False)
        if shift.start >= self.next_search:
            self.next_search = shift.start + 24.0
            self._search(shift.start)

    def _operation_at(self, time: float) -> int:
        """Number of the operation that is on at a time, -1 if none."""
        since = time - 24.0 * self.dose.first_day
        number = int(since // self.gap)
        return number if since >= 0.0 and since - number * self.gap < 24.0 * self.dose.days else -1

    def _begin(self, shift: Shift) -> None:
        last = shift.number + ceil(24.0 * self.dose.days / shift.hours) - 1
        for post in self.posts:
            post.roster.call_up(self.dose.teams, shift.number, last, self.name)
            self.charge(post, self.dose.preparation_hours)
            self.theatre.note("operation", shift.start, post.number, value=self.dose.days)

    def _focus(self, on: bool) -> None:
        """Let the posts look harder for the crimes of the operation, or stop doing so."""
        factors = [
            1.0 + self.dose.focus * (on and crime in self.crimes)
            for crime in range(len(self.stage.crimes))
        ]
        for post in self.posts:
            post.sharpen(self.name, factors)

    def _search(self, time: float) -> None:
        """Look for storage sites for a day."""
        day = int(time // 24.0)
        for group in self.groups:
            share = self.stage.chance.uniform(Purpose.STORAGE, group.number, day)
            if share < self.dose.storage_found and not self._lacks_load(group, time):
                self.without_load[group.number] = time + 24.0 * self.dose.storage_days
                post = self._post_near(group)
                self.theatre.note("storage_found", time, post, segment=group.home.segment)

    def _post_near(self, group: SmugglingGroup) -> int:
        """Number of the post of the group's own side that holds the line nearest to its home."""
        return self.stage.world.holder[group.home.side, group.home.segment]

    def _lacks_load(self, group: SmugglingGroup, time: float) -> bool:
        return time < self.without_load.get(group.number, 0.0)

    def turns_back(self, attempt: Attempt) -> bool:
        """Keep a group without a load from trying."""
        group = self.theatre.groups_by_number[attempt.group]
        return self._lacks_load(group, attempt.wanted)

    def succeed(self, before: Instrument) -> None:
        """Let groups that lost their load be without it still."""
        before.end()
        if isinstance(before, JointOperations):
            self.without_load = before.without_load

    def end(self) -> None:
        """Look no harder than before, and send home who was called up."""
        self._focus(False)
        for post in self.posts:
            post.roster.dismiss(self.name)

    def money(self) -> float:
        """What the days of operation cost."""
        return self.dose.money_per_day * self.days_of_operation * len(self.posts)

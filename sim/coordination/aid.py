"""Aid in a surge: own force first, then the twin, the province, the partner's province."""

from collections.abc import Callable
from math import ceil

from sim.agents import Attempt, Post, Shift
from sim.coordination.hotline import DirectLine
from sim.coordination.instrument import Instrument, Theatre
from sim.coordination.sharing import InformationSharing
from sim.scenario.forces import Aid
from sim.world.communication import post_node

TWIN, PROVINCE, PARTNERS_PROVINCE = 1, 2, 3
"""Ranks of helpers; own force is 0."""


class SurgeAid(Instrument):
    """Brings patrols to a post that finds more than it can deal with.

    Own force and twin call up patrols whose turn it is not; posts of the province lend some, for as
    long as aid stays; posts of the partner's province, across the line, call up theirs. The twin
    comes only where stations are twinned, the partner's province only where commands have a hotline
    or reports pass between them, and neither if the links are down when it is called for. Each acts
    on its own side of the line.

    Parameters
    ----------
    theatre : the run it acts in
    dose : aid as the scenario has it, with a trigger above 0
    """

    name = "aid"
    key = 13
    outlives_policies = True

    def __init__(self, theatre: Theatre, dose: Aid) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        self.finds: dict[int, list[float]] = {}
        self.aided_until: dict[int, float] = {}
        self.waiting: list[tuple[float, int, int]] = []
        self.lent: list[tuple[float, int, int, int]] = []

    def on_detection(self, attempt: Attempt, post: Post, time: float) -> None:
        """Count a find, and call for aid if there were many within a day."""
        finds = [each for each in self.finds.get(post.number, []) if each > time - 24.0]
        finds.append(time)
        self.finds[post.number] = finds
        if len(finds) < self.dose.trigger_finds or time < self.aided_until.get(post.number, 0.0):
            return
        self.aided_until[post.number] = time + 24.0 * self.dose.days
        self.theatre.note("aid_called", time, post.number, segment=attempt.segment)
        for rank, wait in enumerate(self.dose.mobilisation_hours):
            if self._can_be_asked(rank, time):
                self.waiting.append((time + wait, rank, post.number))

    def _can_be_asked(self, rank: int, time: float) -> bool:
        """Whether there is a link by which to ask one kind of helper."""
        linked = self.theatre.linked
        if rank == TWIN:
            return linked(DirectLine.name, time) or linked(InformationSharing.name, time)
        if rank == PARTNERS_PROVINCE:
            return any(
                linked(each.name, time) and joins_commands(each)
                for each in self.theatre.instruments
            )
        return True

    def before_decisions(self, shift: Shift) -> None:
        """Send home those whose time is over; let those come who are ready."""
        posts = self.theatre.posts_by_number
        for until, borrower, lender, patrol in list(self.lent):
            if until <= shift.start:
                self.lent.remove((until, borrower, lender, patrol))
                posts[borrower].hand_back(patrol, posts[lender])
        for ready, rank, number in sorted(self.waiting):
            if ready <= shift.start:
                self.waiting.remove((ready, rank, number))
                self._come(rank, posts[number], shift)
        for post in posts:
            beyond = post.roster.beyond_turn(shift.number, self.name)
            if beyond:
                self.charge(post, beyond * shift.hours, waiting=False)

    def _come(self, rank: int, post: Post, shift: Shift) -> None:
        """Let one kind of helper come."""
        helpers = self.helpers(rank, post)
        last = shift.number + ceil(24.0 * self.dose.days / shift.hours) - 1
        for helper in helpers:
            if rank == PROVINCE:
                until = shift.start + 24.0 * self.dose.days
                for patrol in helper.lend(self.dose.teams, post):
                    self.lent.append((until, post.number, helper.number, patrol))
            else:
                helper.roster.call_up(self.dose.teams, shift.number, last, self.name)
            self.theatre.note("aid_came", shift.start, post.number, helper.number, value=rank)

    def helpers(self, rank: int, post: Post) -> list[Post]:
        """Give who of one kind can help a post: itself, twins, province, partner's province."""
        kinds: tuple[Callable[[Post], list[Post]], ...] = (
            lambda post: [post],
            self._twins,
            self._province,
            self._partners_province,
        )
        return kinds[rank](post)

    def _twins(self, post: Post) -> list[Post]:
        """Posts twinned with a post."""
        ties = self.stage.world.communication[post_node(post.site)]
        return [
            self.theatre.posts_by_number[number]
            for number in sorted(
                int(node[1]) for node, told in ties.items() if told["tie"] == "twin"
            )
        ]

    def _province(self, post: Post) -> list[Post]:
        """The nearest other post of the province."""
        near = [
            other
            for other in self.theatre.posts_by_number
            if other.side == post.side
            and other.site.province == post.site.province
            and other is not post
        ]
        near.sort(key=lambda other: abs(other.number - post.number))
        return near[:1]

    def _partners_province(self, post: Post) -> list[Post]:
        """Posts across the line that face a post, but for its twins."""
        twins = self._twins(post)
        facing = self.stage.world.facing[post.number]
        across = [self.theatre.posts_by_number[number] for number in facing]
        return [
            other for other in across if other not in twins and self.joins(other.side, post.side)
        ]


def joins_commands(instrument: Instrument) -> bool:
    """Whether an instrument lets commands above the posts speak to each other."""
    if isinstance(instrument, DirectLine):
        return instrument.dose.level != "post"
    return isinstance(instrument, InformationSharing) and instrument.dose.scope in _COMMAND_SCOPES


_COMMAND_SCOPES = ("province", "all")

"""Joint patrols: both sides walk together from marker to marker, with authority on both."""

from typing import get_args

from sim.agents import Assignment, Post, Shift
from sim.coordination.instrument import HOURS_PER_YEAR, Instrument, Pair, Theatre
from sim.draws import Purpose
from sim.rules.ties import in_steps
from sim.scenario import doses
from sim.scenario.schema import Category

CATEGORIES = frozenset(get_args(Category))


class JointPatrols(Instrument):
    """Sends teams of two posts along their common line, by day, on dates fixed in signed minutes.

    Each side gives up whole teams for the shift. They inspect the markers they pass, tell each
    other what they know face to face unless reports do so anyway, and sign what both have noticed.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy
    """

    name = "joint_patrols"
    key = 1

    def __init__(self, theatre: Theatre, dose: doses.JointPatrols) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        self.gap = HOURS_PER_YEAR / 12.0 / dose.per_month
        self.due = {pair.number: self._first(pair) for pair in self.pairs}
        self.walked = dict.fromkeys(self.due, 0)
        self.together: list[Pair] = []
        self.kept = 0

    def _first(self, pair: Pair) -> float:
        share = self.stage.chance.uniform(Purpose.APPOINTMENT, pair.number, self.key)
        return self.since + share * self.gap

    def before_decisions(self, shift: Shift) -> None:
        """Let the posts meet whose date has come."""
        for pair in self.pairs:
            if self.due[pair.number] < shift.end and shift.dark < 0.5:
                self._meet(pair, shift)

    def _meet(self, pair: Pair, shift: Shift) -> None:
        """Walk together if both have the teams; miss the date if they lack them for a day."""
        posts = self.posts_of(pair)
        if min(_teams_left(post, shift) for post in posts) >= self.dose.teams:
            self._walk(pair, shift)
            self.due[pair.number] = max(self.due[pair.number] + self.gap, shift.end)
        elif shift.start - self.due[pair.number] >= 24.0:
            for post, partner in (posts, posts[::-1]):
                step = self.stage.scenario.posts.trust.missed
                post.partners.experience(partner.number, False, step)
            self.theatre.note("appointment_missed", shift.start, pair.first, pair.second)
            self.due[pair.number] = shift.start + 24.0 * self.dose.rearrange_days

    def _walk(self, pair: Pair, shift: Shift) -> None:
        posts = self.posts_of(pair)
        leader = self.walked[pair.number] % 2
        authority = frozenset(post.side for post in posts)
        for team in range(self.dose.teams):
            segment = self._segment(pair, team)
            beat = posts[leader].single_beat(posts[leader].site.sector.index(segment))
            for turn, post in enumerate(posts):
                task = Assignment(beat, authority, leads=turn == leader, shift=shift.number)
                post.assignments.append(task)
            for side in authority:
                self.theatre.markers.inspect(side, [segment], shift, 1.0)
        for post, partner in (posts, posts[::-1]):
            self.charge(post, self.dose.preparation_hours)
            self.charge(post, self.dose.teams * shift.hours, waiting=False)
            post.partners.experience(partner.number, True, self.stage.scenario.posts.trust.kept)
        self.walked[pair.number] += 1
        self.kept += 1
        self.together.append(pair)
        self.theatre.note(
            "joint_patrol", shift.start, posts[leader].number, posts[1 - leader].number
        )

    def _segment(self, pair: Pair, team: int) -> int:
        """Where a team of a joint patrol goes."""
        if self.dose.where == "rotate":
            turn = self.walked[pair.number] * self.dose.teams + team
            return pair.segments[turn % len(pair.segments)]
        posts = self.posts_of(pair)

        def expected(segment: int) -> float:
            places = (post.belief.index[segment] for post in posts)
            harms = (
                float((post.values[:, 0] * post.belief.mean[:, place]).sum())
                for post, place in zip(posts, places, strict=True)
            )
            return in_steps(sum(harms))

        ranked = sorted(pair.segments, key=lambda segment: (-expected(segment), segment))
        return ranked[team % len(ranked)]

    def after_shift(self, shift: Shift) -> None:
        """Exchange what both know, and sign the minutes."""
        for pair in self.together:
            first, second = self.posts_of(pair)
            self._tell(first, second, shift.end)
            self._tell(second, first, shift.end)
            sides = frozenset((first.side, second.side))
            self.theatre.markers.sign(sides, pair.segments, shift.end)
        self.together.clear()

    def _tell(self, author: Post, reader: Post, time: float) -> None:
        """Report face to face; nothing is lost, and nobody queues."""
        carried = any(
            each.carries(author.number, reader.number) for each in self.theatre.instruments
        )
        if carried:
            return
        report = author.records.write_report(CATEGORIES, time, None, audience=reader.number)
        reader.partners.read_report(report, time)
        book = self.theatre.markers
        book.tell(author.side, reader.side, author.site.sector, report.until)

    def money(self) -> float:
        """What the joint patrols that took place cost."""
        return self.dose.money_each * self.kept


def _teams_left(post: Post, shift: Shift) -> int:
    """Teams on duty that have no task yet."""
    return len(post.on_duty(shift.number)) - len(post.assignments)

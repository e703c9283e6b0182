"""The life of an attempt: wanted, begun, detected, alerted on, met, ended, learned of later."""

from collections import defaultdict
from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING

from sim.agents import Attempt, Cause, Outcome, Patrol, Post, Shift, SmugglingGroup
from sim.draws import Purpose, exponential
from sim.engine.due import Due
from sim.engine.events import Kind
from sim.engine.finds import Finds

if TYPE_CHECKING:
    from sim.engine.model import BorderModel

ENDINGS = {
    Outcome.PASSED: Kind.PASSED,
    Outcome.INTERCEPTED: Kind.INTERCEPTED,
    Outcome.HANDED_OVER: Kind.HANDED_OVER,
    Outcome.INTERCEPTED_JOINTLY: Kind.INTERCEPTED_JOINTLY,
    Outcome.TURNED_BACK: Kind.TURNED_BACK,
}

SENSOR, PEOPLE = 0, 1
"""What gives an attempt away without a patrol."""


class Crossings:
    """Leads attempts from being wanted to their end, through the agents who act on them.

    Parameters
    ----------
    model : the run

    Attributes
    ----------
    under_way : attempts that have been chosen and not ended, by number
    presence : patrols with a route, by segment
    company : for each group that tells others what befell it, the others of its kind
    scouting : groups that have scouts
    finds : when posts last found something, by segment
    """

    def __init__(self, model: "BorderModel") -> None:
        self.model = model
        self.stage = model.stage
        self.under_way: dict[int, Attempt] = {}
        self.presence: dict[int, list[Patrol]] = {}
        self.company = _company(model.groups_by_number)
        self.scouting = [group for group in model.groups_by_number if group.has_scouts]
        self.finds = Finds(model)

    def open(self, shift: Shift) -> None:
        """Find who is where in a shift, and who of them will detect what is under way."""
        self.presence = {}
        for patrol in self.model.patrols_by_number:
            if patrol.route is not None:
                for segment in patrol.route.beat.segments:
                    self.presence.setdefault(segment, []).append(patrol)
        for group in self.scouting:
            group.scout(shift, self.presence)
        for number in sorted(self.under_way):
            # Who starts in this shift is looked out for then.
            if self.under_way[number].start < shift.start:
                self._look_out_for(self.under_way[number], shift)

    def want(self, group: SmugglingGroup) -> None:
        """Let a group choose where and when to make the attempt it wants now."""
        self._set_out(group.choose_crossing(), Kind.WANTED)
        group.want_next()
        self.model.enqueue(group.next_wanted, Due.WANT, group.number)

    def try_again(self, group: SmugglingGroup, failed: Attempt) -> None:
        """Let a group make a further attempt after one that was intercepted."""
        self._set_out(group.choose_again(failed, self.model.clock), Kind.RETRIED)

    def _set_out(self, attempt: Attempt, kind: Kind) -> None:
        """Let an attempt that has been chosen take its course, unless something prevents it."""
        self.under_way[attempt.number] = attempt
        self._note(kind, attempt.wanted, attempt)
        if any(each.turns_back(attempt) for each in self.model.instruments):
            self._end(attempt, Outcome.TURNED_BACK, None)
        else:
            enqueue = self.model.enqueue
            enqueue(attempt.start, Due.START, attempt.number, attempt=attempt)
            enqueue(attempt.end, Due.END, attempt.number, attempt=attempt)

    def happen(self, due: Due, attempt: Attempt, other: int, shift: Shift) -> None:
        """Do what has fallen due for an attempt."""
        if attempt.outcome is not Outcome.UNDER_WAY:
            return
        if due is Due.START:
            self._start(attempt, shift)
        elif due is Due.DETECTION:
            self._detect(attempt, self.model.patrols_by_number[other])
        elif due is Due.TOLD:
            number, source = divmod(other, 2)
            self._told(attempt, self.model.posts_by_number[number], source)
        elif due is Due.ALERT:
            self._alert(attempt, self.model.posts_by_number[other])
        elif due is Due.CONTACT:
            jointly, number = divmod(other, len(self.model.posts_by_number))
            self._intercept(attempt, self.model.posts_by_number[number], bool(jointly))
        elif due is Due.PASS:
            self.model.patrols_by_number[other].miss(attempt, self.model.clock)
        else:
            self._pass(attempt)

    # Being seen

    def _start(self, attempt: Attempt, shift: Shift) -> None:
        """Expose an attempt to patrols, sensors and people along the line."""
        self._note(Kind.STARTED, self.model.clock, attempt)
        if self.finds.is_untold(attempt.segment, shift):
            attempt.note_cause(Cause.NOT_SHARED)
        self._look_out_for(attempt, shift)
        for side in (attempt.origin, attempt.destination):
            number = self.stage.world.holder.get((side, attempt.segment))
            if number is not None:
                self._give_away(attempt, self.model.posts_by_number[number])

    def _look_out_for(self, attempt: Attempt, shift: Shift) -> None:
        """Find the patrols that will detect an attempt in this shift, unless they are busy."""
        for patrol in self.presence.get(attempt.segment, ()):
            time = patrol.encounter(attempt, shift)
            if time is not None:
                self.model.enqueue(time, Due.DETECTION, attempt.number, patrol.number, attempt)
            if attempt.cause <= Cause.OVERLOOKED:
                continue
            passed = patrol.come_by(attempt, shift)
            if passed == inf:
                attempt.note_cause(Cause.ELSEWHERE_ON_BEAT)
            elif passed is not None:
                self.model.enqueue(passed, Due.PASS, attempt.number, patrol.number, attempt)

    def _give_away(self, attempt: Attempt, post: Post) -> None:
        """Let sensors and people tell a post of an attempt at some time while it is on its side."""
        begin, end = attempt.window(frozenset((post.side,)))
        people = post.coverage.told[post.site.sector.index(attempt.segment)]
        sensors = post.coverage.by_sensors(attempt.crime, attempt.segment)
        for source, share in ((SENSOR, sensors), (PEOPLE, people)):
            if share <= 0.0:
                continue
            purpose = Purpose.SENSOR if source == SENSOR else Purpose.COMMUNITY
            draw = self.stage.chance.uniform
            if draw(purpose, attempt.number, post.number) < share:
                time = begin + draw(purpose, attempt.number, post.number, 1) * (end - begin)
                other = 2 * post.number + source
                self.model.enqueue(time, Due.TOLD, attempt.number, other, attempt)

    def _detect(self, attempt: Attempt, patrol: Patrol) -> None:
        """Let a patrol detect an attempt and go after it."""
        if not patrol.free_at(self.model.clock):
            return
        post = self.model.posts_by_number[patrol.post]
        jointly = len(patrol.authority) > 1
        first = self._see(attempt, post, patrol.number, patrol.authority)
        contact = patrol.pursue(attempt, self.model.clock)
        if contact is not None:
            other = post.number + jointly * len(self.model.posts_by_number)
            self.model.enqueue(contact, Due.CONTACT, attempt.number, other, attempt)
        if first:
            self._tell_instruments(attempt, post)

    def _told(self, attempt: Attempt, post: Post, source: int) -> None:
        """Let a post that a sensor or somebody tells of an attempt send who is there first."""
        if source == PEOPLE:
            self._note(Kind.COMMUNITY_REPORT, self.model.clock, attempt, post=post)
            for instrument in self.model.instruments:
                instrument.on_told(attempt, post, self.model.clock)
        if not self._see(attempt, post, -1, frozenset((post.side,))):
            return
        contact = post.answer(attempt, self.model.clock)
        if contact is not None:
            self.model.enqueue(contact, Due.CONTACT, attempt.number, post.number, attempt)
        self._tell_instruments(attempt, post)

    def _see(self, attempt: Attempt, post: Post, patrol: int, authority: frozenset[str]) -> bool:
        """Note a detection, in the books of every side that took part; False if it is not new."""
        first = post.see(attempt)
        attempt.note_cause(Cause.GOT_AWAY)
        for side in sorted(authority - {post.side}):
            partner = self.stage.world.holder.get((side, attempt.segment))
            if partner is not None:
                other = self.model.posts_by_number[partner]
                other.see(attempt)
                self._note_find(attempt, other, patrol)
        if attempt.first_detected is None:
            attempt.first_detected = self.model.clock
        self._note_find(attempt, post, patrol)
        return first

    def _note_find(self, attempt: Attempt, post: Post, patrol: int) -> None:
        """Note that a post has found an attempt, by a patrol or by what it was told."""
        self.finds.add(post.number, attempt.segment)
        self._note(Kind.DETECTED, self.model.clock, attempt, post=post, partner=patrol)

    def _tell_instruments(self, attempt: Attempt, post: Post) -> None:
        for instrument in self.model.instruments:
            instrument.on_detection(attempt, post, self.model.clock)

    def _alert(self, attempt: Attempt, post: Post) -> None:
        """Let a post that hears of an attempt send somebody, once."""
        if post.number in attempt.alerted:
            return
        attempt.alerted.add(post.number)
        attempt.note_cause(Cause.ALERT_TOO_LATE)
        self._note(Kind.ALERTED, self.model.clock, attempt, post=post)
        contact = post.answer(attempt, self.model.clock)
        if contact is not None:
            self.model.enqueue(contact, Due.CONTACT, attempt.number, post.number, attempt)

    # Ending

    def _intercept(self, attempt: Attempt, post: Post, jointly: bool) -> None:
        """End an attempt by interception: by those who found it, or by those who were told."""
        own = post.number in attempt.found_by
        if jointly:
            self._end(attempt, Outcome.INTERCEPTED_JOINTLY, post)
        elif own:
            self._end(attempt, Outcome.INTERCEPTED, post)
        else:
            self._end(attempt, Outcome.HANDED_OVER, post)
            for instrument in self.model.instruments:
                instrument.on_handover(attempt, post)

    def _pass(self, attempt: Attempt) -> None:
        """End an attempt that got through; the side of arrival may learn of it later."""
        self._end(attempt, Outcome.PASSED, None)
        self.model.infection.pass_through(attempt.origin, attempt.destination)
        community, draw = self.stage.scenario.community, self.stage.chance.uniform
        # A side knows what its own post detected, and not what only its partner did.
        arrival = self.stage.world.holder.get((attempt.destination, attempt.segment))
        if arrival in attempt.found_by:
            return
        purpose = Purpose.LEARNED_LATER
        if draw(purpose, attempt.number, 0) >= community.learned_later:
            return
        delay = 24.0 * community.learned_later_days * exponential(draw(purpose, attempt.number, 1))
        segment = attempt.segment
        if draw(purpose, attempt.number, 2) < community.misplaced:
            segments = self.stage.world.segments
            near = [
                number
                for number in sorted(self.model.border[segment])
                if attempt.destination in segments[number].sides
            ]
            if near:
                segment = near[int(draw(purpose, attempt.number, 3) * len(near))]
        post = self.stage.world.holder.get((attempt.destination, segment))
        if post is None:
            return
        what = attempt.crime * len(self.model.border) + segment
        self.model.enqueue(self.model.clock + delay, Due.LEARNED, post, what)

    def _end(self, attempt: Attempt, outcome: Outcome, post: Post | None) -> None:
        """Record how an attempt ended, and let the group learn, tell and perhaps try again."""
        attempt.outcome = outcome
        self._note(ENDINGS[outcome], self.model.clock, attempt, post=post)
        self.model.tally.observe_ending(attempt, self.model.clock)
        del self.under_way[attempt.number]
        if outcome is Outcome.TURNED_BACK:
            return
        self.model.tally.observe_displacement(attempt)
        now, intercepted = self.model.clock, outcome is not Outcome.PASSED
        group = self.model.groups_by_number[attempt.group]
        group.learn(attempt, intercepted, now)
        known = now + 24.0 * group.kind.shares_after_days
        for other in self.company.get(group.number, ()):
            other.hear(attempt, intercepted, known)
        if intercepted and group.tries_again(attempt):
            when = now + group.kind.retry_after_hours
            self.model.enqueue(when, Due.RETRY, group.number, attempt.number, attempt)

    def learn_later(self, number: int, what: int) -> None:
        """Let a post learn of a crossing that got through some days ago."""
        crime, segment = divmod(what, len(self.model.border))
        post = self.model.posts_by_number[number]
        post.learn_later(crime, segment)
        side = self.model.side_index[post.side]
        self.model.log.add(
            self.model.clock, Kind.LEARNED_LATER, -1, crime, segment, side, post.number, -1, 1.0
        )

    def _note(
        self,
        kind: Kind,
        time: float,
        attempt: Attempt,
        post: Post | None = None,
        partner: int = -1,
    ) -> None:
        """Write an event into the log; the side is the post's, or else where it is bound for."""
        side = post.side if post else attempt.destination
        self.model.log.add(
            time,
            kind,
            attempt.number,
            attempt.crime,
            attempt.segment,
            self.model.side_index.get(side, -1),
            post.number if post else -1,
            partner,
            attempt.value,
        )


def _company(groups: Sequence[SmugglingGroup]) -> dict[int, list[SmugglingGroup]]:
    """Find for each group whose kind tells each other what befell it the others of its kind."""
    kinds: defaultdict[int, list[SmugglingGroup]] = defaultdict(list)
    for group in groups:
        if group.kind.shares > 0.0:
            kinds[id(group.kind)].append(group)
    return {
        group.number: [other for other in kin if other is not group]
        for kin in kinds.values()
        for group in kin
    }

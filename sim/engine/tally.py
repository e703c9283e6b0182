"""What a run counts that is no event: hours, coverage, the age of pictures."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import fsum

from sim.agents import Attempt, Cause, Outcome, Post, Shift, Stage


@dataclass(slots=True)
class Tally:
    """Sums over a run.

    Attributes
    ----------
    duty_hours : of patrols on duty, by side
    taken_hours : of these, taken by coordination, by side
    doubled_hours : of these, on beats where the other side has patrols as well
    lawful : lawful people that crossed
    stops : lawful people stopped by patrols, by side
    gate_checks : lawful people checked at gates
    shifts : shifts looked at
    covered_once, covered_twice, uncovered : segments with patrols of one side, of both, of none,
        summed over shifts
    picture_age_hours, pictures : age of the latest information about a partner who faces a post,
        summed over posts, partners and shifts, and how many were summed
    plans_known, plans_valid : plans of partners known at a shift, and those of them that hold
    caught, hours_to_catch : attempts intercepted, and time that took from the first detection
    missed : attempts that got through, by cause
    displaced : attempts ended on another segment than the group would have chosen had it learned
        nothing, by that segment and the one they were on
    """

    duty_hours: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    taken_hours: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    doubled_hours: float = 0.0
    lawful: float = 0.0
    stops: Counter[str] = field(default_factory=Counter)
    gate_checks: float = 0.0
    shifts: int = 0
    covered_once: int = 0
    covered_twice: int = 0
    uncovered: int = 0
    picture_age_hours: float = 0.0
    pictures: int = 0
    plans_known: int = 0
    plans_valid: int = 0
    caught: int = 0
    hours_to_catch: float = 0.0
    missed: Counter[Cause] = field(default_factory=Counter)
    displaced: Counter[tuple[int, int]] = field(default_factory=Counter)

    def observe_displacement(self, attempt: Attempt) -> None:
        """Note where an attempt was that ended, if that was not where the group is at home."""
        if attempt.segment != attempt.home_segment:
            self.displaced[attempt.home_segment, attempt.segment] += 1

    @property
    def patrol_hours(self) -> float:
        """Hours of all patrols on duty."""
        return fsum(self.duty_hours.values())

    @property
    def coordination_hours(self) -> float:
        """Hours of all patrols that coordination took."""
        return fsum(self.taken_hours.values())

    @property
    def false_stops(self) -> int:
        """Lawful people stopped by all patrols."""
        return self.stops.total()

    def observe_coverage(self, stage: Stage, posts: Sequence[Post], shift: Shift) -> None:
        """Count segments by how many sides have a patrol on them this shift."""
        sides: dict[int, set[str]] = {}
        for post in posts:
            for index in post.plan.beats:
                for segment in post.beats[index].segments:
                    sides.setdefault(segment, set()).add(post.side)
        twice = sum(len(each) > 1 for each in sides.values())
        self.shifts += 1
        self.covered_twice += twice
        self.covered_once += len(sides) - twice
        self.uncovered += len(stage.world.segments) - len(sides)
        self.doubled_hours += shift.hours * sum(
            all(len(sides[segment]) > 1 for segment in post.beats[index].segments)
            for post in posts
            for index in post.plan.beats
        )

    def observe_pictures(self, stage: Stage, posts: Sequence[Post], shift: Shift) -> None:
        """Add up how old the information of each post about its partners is.

        Who never heard anything knows what there was to know at the start of the run.
        """
        for post in posts:
            facing = stage.world.facing[post.number]
            for partner in facing:
                self.picture_age_hours += shift.start - post.partners.heard.get(partner, 0.0)
            self.pictures += len(facing)
            for partner, plan in post.partners.known_plans.items():
                self.plans_known += 1
                self.plans_valid += plan.beats == posts[partner].plan.beats

    def observe_ending(self, attempt: Attempt, time: float) -> None:
        """Count why those got through that did; add up how long it took to intercept others."""
        if attempt.outcome is Outcome.PASSED:
            self.missed[attempt.cause] += 1
        caught = attempt.outcome not in (Outcome.PASSED, Outcome.TURNED_BACK)
        if caught and attempt.first_detected is not None:
            self.caught += 1
            self.hours_to_catch += time - attempt.first_detected

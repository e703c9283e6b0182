"""What a post holds of its partners: trust, what they reported, where they said they would go."""

from math import fsum

from sim.agents.belief import Belief
from sim.agents.report import Plan, Report
from sim.agents.stage import Shift, Stage
from sim.rules.belief import keep_share
from sim.rules.cooperation import believed_coverage, covered_together, trust_after
from sim.world.sites import PostSite


class Partners:
    """The partner posts of a post, as far as it knows them.

    Parameters
    ----------
    stage : setting of the run
    site : the post whose partners they are
    belief : its belief, which reports change

    Attributes
    ----------
    trust : in each partner it ever had to do with, 0 to 1
    heard : latest observation of each partner that reached it, h
    known_plans : latest plan of each partner that reached it
    agreed : plans that partners bound themselves to, by partner and shift
    """

    def __init__(self, stage: Stage, site: PostSite, belief: Belief) -> None:
        self.stage = stage
        self.site = site
        self.belief = belief
        self.trust: dict[int, float] = {}
        self.heard: dict[int, float] = {}
        self.known_plans: dict[int, Plan] = {}
        self.agreed: dict[tuple[int, int], Plan] = {}
        self._columns: dict[int, tuple[list[int], list[int]]] = {}

    # Trust

    def trust_in(self, partner: int) -> float:
        """Give the trust in a partner."""
        return self.trust.get(partner, self.stage.scenario.posts.trust.start)

    def experience(self, partner: int, good: bool, step: float) -> None:
        """Move trust in a partner after a good or a bad experience."""
        self.trust[partner] = trust_after(self.trust_in(partner), float(good), step)

    def fade(self, hours: float) -> None:
        """Let trust drift back to where it started."""
        settings = self.stage.scenario.posts.trust
        keep = keep_share(hours, 24.0 * settings.half_life_days)
        for partner, trust in self.trust.items():
            self.trust[partner] = settings.start + (trust - settings.start) * keep

    # Reports

    def read_report(self, report: Report, now: float) -> None:
        """Take a partner's report into the picture, weighted by trust and age."""
        author = report.author
        mine, theirs = self.common_columns(author)
        age = now - (report.since + report.until) / 2.0
        self.belief.hear(report.seen, self.trust_in(author), age, theirs, mine)
        self.heard[author] = max(self.heard.get(author, 0.0), report.until)
        if report.plan is not None:
            self.read_plan(author, report.plan)
        self.experience(author, True, self.stage.scenario.posts.trust.gain)

    def read_plan(self, author: int, plan: Plan) -> None:
        """Remember where a partner will go, unless it is known better already."""
        known = self.known_plans.get(author)
        if known is None or plan.shift >= known.shift:
            self.known_plans[author] = plan

    def miss_report(self, author: int) -> None:
        """Wait in vain for a report."""
        self.experience(author, False, self.stage.scenario.posts.trust.loss)

    def common_columns(self, author: int) -> tuple[list[int], list[int]]:
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

    # Plans

    def agree(self, partner: int, plan: Plan) -> None:
        """Take note of a plan that a partner has bound itself to."""
        self.agreed[partner, plan.shift] = plan

    def cover(self, shift: Shift) -> list[float] | None:
        """Detection probability by partners, by segment in view; None if no plan is known."""
        known = self._plans_for(shift)
        if not known:
            return None
        cover = [0.0] * len(self.belief.view)
        for partner, plan, valid in known:
            average = fsum(plan.coverage) / len(plan.coverage)
            for mine, theirs in zip(*self.common_columns(partner), strict=True):
                expected = believed_coverage(plan.coverage[theirs], valid, average)
                cover[mine] = covered_together(cover[mine], expected)
        return cover

    def segments_taken(self, shift: Shift) -> frozenset[int]:
        """Segments where a partner is known to be in a shift.

        A plan told some time ago counts for as long as it is more likely than not to hold.
        """
        return frozenset(
            segment
            for partner, plan, valid in self._plans_for(shift)
            if valid >= 0.5
            for segment, cover in zip(
                self.stage.world.posts[partner].sector, plan.coverage, strict=True
            )
            if cover > 0.0
        )

    def _plans_for(self, shift: Shift) -> list[tuple[int, Plan, float]]:
        """Give partner, plan and the probability that it holds, for each partner with a plan."""
        sharing = self.stage.policy.sharing
        shared = sharing is not None and sharing.interval_days != "never"
        half_life = 24.0 * sharing.plan_half_life_days if sharing and shared else 24.0
        bound = {partner: plan for (partner, n), plan in self.agreed.items() if n == shift.number}
        plans = [(partner, plan, 1.0) for partner, plan in bound.items()]
        for partner, plan in self.known_plans.items():
            if partner not in bound:
                age = max(0.0, (shift.number - plan.shift) * shift.hours)
                plans.append((partner, plan, keep_share(age, half_life)))
        return sorted(plans, key=lambda each: each[0])

    def forget_agreements(self, before: int) -> None:
        """Drop what was agreed for shifts before one."""
        if self.agreed:
            self.agreed = {key: plan for key, plan in self.agreed.items() if key[1] >= before}

"""Adversaries that reason some steps ahead about where patrols are."""

from math import exp, fsum

from sim.agents.adversaries.adversary import Situation
from sim.agents.adversaries.estimating import Estimating
from sim.rules.choice import effort_concentrated, effort_spread, expected_payoff
from sim.rules.cooperation import covered_together
from sim.scenario.parameters import for_side


class LevelK(Estimating):
    """Level-k reasoning (Stahl & Wilson 1995; Costa-Gomes & Crawford 2006).

    Level 0 ignores patrols and learns nothing of them. Level 1 takes patrols to be spread evenly
    over the sectors of their posts until scouts or experience say otherwise. Level 2 takes each
    post's patrols to be where groups of level 1 that know what it knows would go, and answers to
    that; the rest of what it knows comes on top as for level 1.
    """

    def __init__(self, situation: Situation) -> None:
        super().__init__(situation)
        self.level = self.kind.level_k.level
        self.sensitivity = self.kind.level_k.sensitivity
        self._holders = self._posts_at_options()
        self.spread = self._risks_of(self._spread_efforts())

    def worth(self, risk: float, cost: float) -> float:
        """Expected payoff; to level 0 of an attempt that passes."""
        return expected_payoff(risk if self.level else 0.0, *self.payoffs(cost))

    def priors(self) -> list[float]:
        """Chance of interception that the level's reasoning leads to."""
        return self._risks_of(self._concentrated_efforts()) if self.level == 2 else self.spread

    def _posts_at_options(self) -> list[list[tuple[int, float, int]]]:
        """Posts that hold each option: number, patrols on duty, segments of the sector."""
        stage = self.situation.stage
        world, patrols = stage.world, stage.scenario.patrols
        holders = []
        for segment in self.situation.options:
            here = []
            for side in world.segments[segment].sides:
                number = world.holder.get((side, segment))
                if number is not None:
                    teams = for_side(patrols.per_post, side) / patrols.duty_cycle_shifts
                    here.append((number, teams, len(world.posts[number].sector)))
            holders.append(here)
        return holders

    def _width(self, segments: int) -> int:
        """Segments of a beat in a sector."""
        return min(self.situation.stage.scenario.patrols.beat_segments, segments)

    def _spread_efforts(self) -> list[list[float]]:
        """Chance of a patrol on each option, by post, if patrols are spread evenly."""
        return [
            [effort_spread(teams, self._width(size), size) for _, teams, size in here]
            for here in self._holders
        ]

    def _concentrated_efforts(self) -> list[list[float]]:
        """Chance of a patrol on each option, by post, if patrols go after groups of level 1."""
        flows = self._level_one_choice()
        at_post: dict[int, list[float]] = {}
        for flow, here in zip(flows, self._holders, strict=True):
            for number, _, _ in here:
                at_post.setdefault(number, []).append(flow)
        return [
            [
                effort_concentrated(teams, self._width(size), flow / fsum(at_post[number]))
                for number, teams, size in here
            ]
            for flow, here in zip(flows, self._holders, strict=True)
        ]

    def _level_one_choice(self) -> list[float]:
        """Relative frequency at which groups of level 1 choose each option."""
        values = [
            self.sensitivity * expected_payoff(risk, *self.payoffs(cost))
            for risk, cost in zip(self.risks(self.spread), self.situation.costs, strict=True)
        ]
        # No less than the least positive number, so that a post's shares can be formed.
        return [max(exp(value - max(values)), 1e-300) for value in values]

    def _risks_of(self, efforts: list[list[float]]) -> list[float]:
        """Chance of interception on each option where posts put some effort."""
        risks = []
        for each in efforts:
            together = 0.0
            for effort in each:
                together = covered_together(together, effort)
            risks.append(self.kind.estimate.caught * together)
        return risks

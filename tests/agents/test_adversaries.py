"""Each kind of adversary chooses and learns as its theory says."""

import math
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from small_world import small_scenario

from sim import BorderModel
from sim.agents.adversaries import ADVERSARIES, Adversary, Lesson, Situation, adversary_of
from sim.agents.group import SmugglingGroup
from sim.errors import InputError
from sim.scenario.adversaries import AdversaryName

CHOICES = 20_000
LOSS = 1.5


def group_of(home: Path, adversary: str, number: int = 0, **changes: Any) -> SmugglingGroup:
    """A group of the small world, for whom an interception costs one and a half loads."""
    settings = {"groups__0__adversary": adversary, "groups__0__loss": LOSS, **changes}
    model = BorderModel(small_scenario(home, **settings), rng=7)
    return model.groups_by_number[number]


def experienced(group: SmugglingGroup) -> SmugglingGroup:
    """The same group after interceptions and passages on some of its options."""
    for option, intercepted in ((0, True), (0, True), (1, False), (2, True), (0, False)):
        group.adversary.learn(Lesson(option, 0, intercepted))
    return group


def risks_by_hand(group: SmugglingGroup) -> list[float]:
    """Estimated risk after `experienced`: prior .1 of weight 2, own attempts fading over 20."""
    keep = 0.5 ** (1 / 20)
    trials = [keep**4 + keep**3 + 1.0, keep**2, keep]
    caught = [keep**4 + keep**3, 0.0, keep]
    known = [(0.2 + c) / (2.0 + t) for c, t in zip(caught, trials, strict=True)]
    return known + [0.1] * (len(group.options) - 3)


def weight(chance: float, curvature: float) -> float:
    """Probability weighting of Tversky & Kahneman, written out anew."""
    odds = chance**curvature + (1.0 - chance) ** curvature
    return chance**curvature / odds ** (1.0 / curvature)


def logits(adversary: str, risk: float, cost: float) -> float:
    """λ times utility of an option, from the formulas of the papers."""
    gain, loss = 1.0 - cost, -LOSS - cost
    if adversary == "suqr":
        return -9.85 * risk + 3.7 * gain + 1.5 * loss
    if adversary == "prospect":
        value = weight(1.0 - risk, 0.61) * gain**0.88
        return 1.5 * (value - 2.25 * weight(risk, 0.69) * (-loss) ** 0.88)
    if adversary == "level_k":
        return 6.0 * gain
    return 6.0 * ((1.0 - risk) * gain + risk * loss)


@pytest.mark.parametrize("adversary", ["suqr", "prospect", "level_k"])
def test_choice_frequencies_are_those_of_the_formula(tmp_path: Path, adversary: str) -> None:
    """What a group chooses, many times over, has the frequencies that its theory gives."""
    settings = {"groups__0__level_k__level": 0, "groups__0__prospect__sensitivity": 1.5}
    group = experienced(group_of(tmp_path, adversary, **settings))
    counts: Counter[int] = Counter()
    for _ in range(CHOICES):
        counts[group.choose_crossing().segment] += 1
        group.want_next()
    values = [
        logits(adversary, risk, cost)
        for risk, cost in zip(risks_by_hand(group), group.costs, strict=True)
    ]
    expected = np.exp(values) / np.exp(values).sum()
    assert expected.max() - expected.min() > 0.05
    for segment, share in zip(group.options, expected, strict=True):
        error = math.sqrt(share * (1.0 - share) / CHOICES)
        assert counts[segment] / CHOICES == pytest.approx(share, abs=4.0 * error)


@pytest.mark.parametrize("adversary", ["static", "ewa"])
def test_attractions_are_chosen_by_logit(tmp_path: Path, adversary: str) -> None:
    """The frequencies of the attraction kinds are a logit of their attractions."""
    group = experienced(group_of(tmp_path, adversary))
    values = 6.0 * np.array(group.adversary.utilities())
    if adversary == "static":
        assert values == pytest.approx(6.0 * (1.0 - np.array(group.costs)))
    counts: Counter[int] = Counter()
    for _ in range(CHOICES):
        counts[group.choose_crossing().segment] += 1
        group.want_next()
    expected = np.exp(values) / np.exp(values).sum()
    for segment, share in zip(group.options, expected, strict=True):
        error = math.sqrt(share * (1.0 - share) / CHOICES)
        assert counts[segment] / CHOICES == pytest.approx(share, abs=4.0 * error)


def test_a_told_outcome_reinforces_with_its_weight(tmp_path: Path) -> None:
    """A quarter of a round of EWA, worked out from φ = .95, δ = .5, ρ = .9."""
    group = group_of(tmp_path, "ewa")
    before = 1.0 - np.array(group.costs)
    group.adversary.learn(Lesson(1, 2, True, weight=0.25, own=False))
    paid = 0.5 * before
    paid[1] = -LOSS - group.costs[1]
    expected = (0.95**0.25 * before + 0.25 * paid) / (0.9**0.25 + 0.25)
    assert np.array(group.adversary.utilities()) == pytest.approx(expected)
    daypart = (0.95**0.25 + 0.25 * np.array([0.5, 0.5, -LOSS])) / (0.9**0.25 + 0.25)
    assert np.array(group.adversary.daypart_utilities()) == pytest.approx(daypart)


def test_part_of_day_follows_what_was_met_there(tmp_path: Path) -> None:
    """A part of the day with interceptions is chosen as the formula of its risk says."""
    group = group_of(tmp_path, "suqr")
    for _ in range(3):
        group.adversary.learn(Lesson(0, 1, True))
    keep = 0.5 ** (1 / 20)
    trials = 1.0 + keep + keep**2
    risks = [0.1, (0.2 + trials) / (2.0 + trials), 0.1]
    expected = np.exp([logits("suqr", risk, 0.0) for risk in risks])
    expected /= expected.sum()
    counts: Counter[int] = Counter()
    for _ in range(CHOICES):
        counts[group.choose_crossing().daypart] += 1
        group.want_next()
    for daypart, share in enumerate(expected):
        error = math.sqrt(share * (1.0 - share) / CHOICES)
        assert counts[daypart] / CHOICES == pytest.approx(share, abs=4.0 * error)


def test_a_best_response_is_the_option_of_greatest_expected_payoff(tmp_path: Path) -> None:
    """It is the same every time, at first the nearest, and after interceptions the next best."""
    group = group_of(tmp_path, "best_response")
    assert group.costs[0] == group.costs[1]
    assert {group.choose_crossing().segment for _ in range(50)} == {group.options[0]}
    values = [
        logits("best_response", risk, cost)
        for risk, cost in zip(risks_by_hand(group), group.costs, strict=True)
    ]
    assert np.argmax(values) == 1
    experienced(group)
    chosen = set()
    for _ in range(50):
        chosen.add(group.choose_crossing().segment)
        group.want_next()
    assert chosen == {group.options[1]}


def one_post(home: Path, level: int) -> SmugglingGroup:
    """A group on a line held by one post a province on one side alone, one patrol on duty each."""
    return group_of(
        home,
        "level_k",
        number=6,
        groups__1__adversary="level_k",
        groups__1__level_k__level=level,
        groups__1__loss=LOSS,
        posts__sector_km=30.0,
        patrols__per_post={"AAA": 3, "BBB": 0},
    )


def test_levels_of_reasoning_by_hand(tmp_path: Path) -> None:
    """One patrol on each half of a line of six segments; costs fall towards one end.

    Level 0 goes by cost alone. Level 1 reckons with a third of a patrol everywhere, so with a risk
    of .1. Level 2 reckons with a patrol in each half shared out as level-1 groups would choose.
    """
    zero, one, two = (one_post(tmp_path, level) for level in (0, 1, 2))
    costs = np.array(zero.costs)
    assert len(zero.options) == 6
    assert np.array(zero.adversary.utilities()) == pytest.approx(1.0 - costs)
    assert np.array(one.adversary.utilities()) == pytest.approx(1.0 - costs - 0.1 * (1.0 + LOSS))
    flow = np.exp(6.0 * -costs)
    halves = np.array([segment < 3 for segment in two.options])
    share = flow / np.where(halves, flow[halves].sum(), flow[~halves].sum())
    expected = 1.0 - costs - 0.3 * share * (1.0 + LOSS)
    assert np.array(two.adversary.utilities()) == pytest.approx(expected)
    best = [int(np.argmax(group.adversary.utilities())) for group in (zero, one, two)]
    assert best[0] == best[1] == 0
    assert best[2] != 0


def test_level_zero_does_not_mind_being_caught_and_level_one_does(tmp_path: Path) -> None:
    """Interceptions change the utilities of levels 1 and 2, and not those of level 0."""
    for level in (0, 1, 2):
        group = one_post(tmp_path, level)
        before = list(group.adversary.utilities())
        experienced(group)
        assert (group.adversary.utilities() == before) is (level == 0)


@pytest.mark.parametrize("adversary", sorted(ADVERSARIES))
def test_adversaries_do_not_mind_who_is_called_first(tmp_path: Path, adversary: str) -> None:
    """Asking for utilities or choosing changes nothing: the same is chosen again."""
    group = experienced(group_of(tmp_path, adversary))
    first = group.choose_crossing()
    assert group.choose_crossing() == first


def test_the_scenario_knows_the_adversaries_that_there_are() -> None:
    """Names that a file may say and classes that exist are the same."""
    assert set(get_args(AdversaryName)) == set(ADVERSARIES)


def test_an_unknown_adversary_is_refused(tmp_path: Path) -> None:
    """The message names those that there are."""
    group = group_of(tmp_path, "ewa")
    situation = Situation(group.stage, group.kind, tuple(group.options), tuple(group.costs))
    with pytest.raises(InputError, match=r"no adversary 'oracle'.*best_response"):
        adversary_of("oracle", situation)


def test_an_adversary_needs_no_more_than_utilities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A class of one's own that only values options runs in the place of another."""

    class Farthest(Adversary):
        def utilities(self) -> list[float]:
            return [1e6 * cost for cost in self.situation.costs]

        def daypart_utilities(self) -> list[float]:
            return [0.0, 1e6, 0.0]

    monkeypatch.setitem(ADVERSARIES, "static", Farthest)
    group = group_of(tmp_path, "ewa", number=6, groups__1__adversary="static")
    chosen = {(group.choose_crossing().segment, group.choose_crossing().daypart)}
    assert chosen == {(group.options[-1], 1)}

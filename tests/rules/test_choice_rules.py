"""What options are worth, and the security game, against published and hand-worked numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws import stream_key, uniform
from sim.rules.choice import (
    effort_concentrated,
    effort_spread,
    expected_payoff,
    probability_weight,
    prospect_outcome,
    prospect_value,
    subjective_utility,
)
from sim.rules.learning import attraction, estimated_risk, experience
from sim.rules.security import comb_sample, coverage_at, water_level

shares = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("chance", "gains", "losses"),
    [(0.01, 0.055, 0.040), (0.1, 0.186, 0.170), (0.5, 0.421, 0.454), (0.9, 0.712, 0.775)],
)
def test_small_chances_weigh_more_than_they_are_and_great_ones_less(chance, gains, losses):
    """The weights of Tversky & Kahneman's median subject, γ = .61 and δ = .69."""
    assert probability_weight(chance, 0.61) == pytest.approx(gains, abs=0.0006)
    assert probability_weight(chance, 0.69) == pytest.approx(losses, abs=0.0006)


@pytest.mark.parametrize(
    ("chance", "gain", "loss"),
    [
        (0.05, 14.0, 8.0),
        (0.25, 25.0, 23.5),
        (0.5, 36.0, 42.0),
        (0.75, 52.0, 63.0),
        (0.95, 78.0, 84.0),
    ],
)
def test_certainty_equivalents_are_those_of_the_published_subjects(chance, gain, loss):
    """Median cash equivalents of a chance of ±$100 (Tversky & Kahneman 1992, table 3), to $5."""
    won = prospect_value(1.0 - chance, prospect_outcome(100.0, 0.88, 0.88, 2.25), 0.0, 0.61, 0.69)
    assert won ** (1 / 0.88) == pytest.approx(gain, abs=5.0)
    lost = prospect_value(chance, 0.0, prospect_outcome(-100.0, 0.88, 0.88, 2.25), 0.61, 0.69)
    assert (-lost / 2.25) ** (1 / 0.88) == pytest.approx(loss, abs=5.0)


@given(first=shares, second=shares, curvature=st.floats(0.3, 1.0))
def test_probability_weights_are_ordered_and_certain_at_the_ends(first, second, curvature):
    """Impossible weighs 0, certain 1, and the likelier never less."""
    low, high = sorted((first, second))
    assert probability_weight(low, curvature) <= probability_weight(high, curvature) + 1e-9
    assert probability_weight(0.0, curvature) == 0.0
    assert probability_weight(1.0, curvature) == 1.0


def test_losses_loom_larger_than_gains():
    """A loss of 1 counts 2.25 times a gain of 1, and both sides flatten with the power .88."""
    assert prospect_outcome(1.0, 0.88, 0.88, 2.25) == 1.0
    assert prospect_outcome(-1.0, 0.88, 0.88, 2.25) == -2.25
    assert prospect_outcome(100.0, 0.88, 0.88, 2.25) == pytest.approx(57.5440, abs=1e-4)
    assert prospect_outcome(-100.0, 0.88, 0.88, 2.25) == pytest.approx(-129.474, abs=1e-3)


def test_an_even_bet_is_refused_until_the_gain_is_twice_the_loss():
    """Tversky & Kahneman's subjects took even bets from gains of about twice the loss on."""

    def bet(gain):
        better, worse = (prospect_outcome(x, 0.88, 0.88, 2.25) for x in (gain, -100.0))
        return prospect_value(0.5, better, worse, 0.61, 0.69)

    assert bet(200.0) < 0.0 < bet(300.0)
    # w⁺(.5) 300^.88 − 2.25 w⁻(.5) 100^.88
    expected = 0.420640 * 151.3226 - 2.25 * 0.453988 * 57.5440
    assert bet(300.0) == pytest.approx(expected, abs=0.02)


def test_outcomes_of_one_sign_share_the_whole_weight():
    """Of two gains the lesser is sure and the rest is weighted; of two losses likewise."""
    gains = prospect_value(0.9, 5.0, 2.0, 0.61, 0.69)
    assert gains == pytest.approx(2.0 + 3.0 * probability_weight(0.1, 0.61))
    losses = prospect_value(0.1, -2.0, -5.0, 0.61, 0.69)
    assert losses == pytest.approx(-2.0 - 3.0 * probability_weight(0.1, 0.69))


def test_suqr_is_a_weighted_sum_by_hand():
    """−9.85 · .2 + .37 · 8 + .15 · −4 = .39."""
    assert subjective_utility(0.2, 8.0, -4.0, -9.85, 0.37, 0.15) == pytest.approx(0.39)


def test_expected_payoff_by_hand():
    """One in four is lost: .75 · .9 − .25 · 1.1 = .4."""
    assert expected_payoff(0.25, 0.9, -1.1) == pytest.approx(0.4)


def test_estimated_risk_is_the_mean_of_a_beta_belief():
    """Prior .1 of weight 2, then 3 of 8 intercepted: 3.2 / 10."""
    assert estimated_risk(3.0, 8.0, 0.1, 2.0) == pytest.approx(0.32)


def test_efforts_by_hand_and_never_above_one():
    """Three patrols on beats of two in a sector of twelve; half of them where half the flow is."""
    assert effort_spread(3.0, 2.0, 12.0) == pytest.approx(0.5)
    assert effort_spread(3.0, 2.0, 4.0) == 1.0
    assert effort_concentrated(3.0, 1.0, 0.25) == pytest.approx(0.75)
    assert effort_concentrated(3.0, 1.0, 0.5) == 1.0


def test_a_round_of_weight_nothing_leaves_attraction_alone():
    """EWA of a round told with weight w: by hand at one half, and no change at 0."""
    half = experience(2.0, 0.81**0.5, 0.5)
    assert half == pytest.approx(2.3)
    # .64^½ · 2 · .4 + ½ · (−1) = .14
    assert attraction(0.4, 2.0, half, 0.64**0.5, -0.5) == pytest.approx(0.14 / 2.3)
    none = experience(2.0, 0.81**0.0, 0.0)
    assert attraction(0.4, 2.0, none, 0.64**0.0, 0.0) == 0.4


def test_stackelberg_value_of_five_targets_and_one_patrol():
    """Worth 10, 8, 6, 4, 2: the value is 240/47, the attack set the best three."""
    worths = (10.0, 8.0, 6.0, 4.0, 2.0)
    level = water_level(worths, (1.0,) * 5, 1)
    assert level == pytest.approx(240 / 47)
    coverage = [coverage_at(level, worth, 1.0) for worth in worths]
    assert coverage == pytest.approx([0.4894, 0.3617, 0.1489, 0.0, 0.0], abs=5e-5)


def test_a_target_that_is_always_covered_leaves_patrols_for_the_next():
    """Worth 10, 8, 6 and patrols that stop three in ten, two of them: worked out on paper.

    The first is always covered at 7, the others share one patrol: (1 − v/8 + 1 − v/6)/.3 = 1 gives
    v = 1.7 · 24/7.
    """
    level = water_level((10.0, 8.0, 6.0), (0.3,) * 3, 2)
    assert level == pytest.approx(1.7 * 24 / 7)
    assert coverage_at(level, 10.0, 0.3) == 1.0


targets = st.lists(st.tuples(st.floats(0.1, 50.0), st.floats(0.05, 1.0)), min_size=1, max_size=8)


@given(targets=targets, patrols=st.integers(0, 8))
def test_water_filling_uses_all_patrols_and_leaves_nothing_better(targets, patrols):
    """Coverage sums to the patrols, and what is worth more than the level is always covered."""
    worths, effects = zip(*targets, strict=True)
    level = water_level(worths, effects, patrols)
    coverage = [coverage_at(level, *target) for target in targets]
    assert math.fsum(coverage) == pytest.approx(min(patrols, len(targets)), abs=1e-6)
    for (worth, effect), often in zip(targets, coverage, strict=True):
        assert worth * (1.0 - effect * often) <= level + 1e-9 or often == 1.0


@given(marginals=st.lists(shares, min_size=1, max_size=10), share=st.floats(1e-6, 1.0 - 1e-6))
def test_a_comb_draws_as_many_as_the_probabilities_sum_to(marginals, share):
    """None twice, and one more or less at the most."""
    chosen = comb_sample(marginals, share)
    assert len(set(chosen)) == len(chosen)
    assert abs(len(chosen) - math.fsum(marginals)) < 1.0 + 1e-9


def test_a_comb_draws_each_as_often_as_it_should():
    """Frequencies over many teeth equal the probabilities."""
    marginals, many, key = (0.4894, 0.3617, 0.1489, 0.7, 0.3), 40_000, stream_key(5, 1)
    counts = np.zeros(5)
    for n in range(many):
        chosen = comb_sample(marginals, uniform(key, n))
        assert len(chosen) == 2
        counts[list(chosen)] += 1
    for count, probability in zip(counts, marginals, strict=True):
        error = math.sqrt(probability * (1.0 - probability) / many)
        assert count / many == pytest.approx(probability, abs=4.0 * error)

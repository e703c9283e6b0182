"""Rules of encounter, learning, belief and cooperation, against numbers worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.belief import forget, keep_share, observe, posterior_mean
from sim.rules.choice import start_in_part
from sim.rules.cooperation import (
    believed_coverage,
    covered_together,
    first_occasion,
    lacking_carriers,
    trust_after,
)
from sim.rules.encounter import (
    caught_in_time,
    darkness,
    detection_chance,
    hours_by_vehicle,
    noticed,
)
from sim.rules.learning import (
    attraction,
    experience,
    logit_utility,
    payoff,
    stake_in_sightings,
)

shares = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("start", "end", "dark"),
    [
        (8.0, 16.0, 0.0),  # day
        (0.0, 8.0, 5.0 / 8.0),  # small hours
        (16.0, 24.0, 5.0 / 8.0),  # evening
        (19.0, 29.0, 1.0),  # a night through midnight
        (0.0, 24.0, 10.0 / 24.0),
        (240.0, 264.0, 10.0 / 24.0),  # ten days on
        (12.0, 12.0 + 24.0 * 30.0, 10.0 / 24.0),
    ],
)
def test_darkness_is_the_share_of_night(start, end, dark):
    """Night from 19 to 5 o'clock takes the hours it should of any period."""
    assert darkness(start, end, 19.0, 5.0) == pytest.approx(dark)


@given(
    start=st.floats(0.0, 100.0),
    length=st.floats(0.5, 60.0),
    dusk=st.floats(13.0, 24.0),
    dawn=st.floats(0.0, 11.0),
)
def test_darkness_equals_counting_minutes(start, length, dusk, dawn):
    """The overlap equals the share of moments at which the clock shows night."""
    moments = (start + (np.arange(4_000) + 0.5) / 4_000 * length) % 24.0
    counted = ((moments >= dusk) | (moments < dawn)).mean()
    assert darkness(start, start + length, dusk, dawn) == pytest.approx(counted, abs=0.003)


def test_detection_chance_is_a_capped_product():
    """By day the base counts, at night the penalty takes its share, and 1 is the most."""
    assert detection_chance(0.6, 1.0, 0.3, 0.0) == pytest.approx(0.6)
    assert detection_chance(0.6, 0.8, 0.3, 1.0) == pytest.approx(0.336)
    assert detection_chance(0.9, 2.0, 0.0, 0.5) == 1.0


def test_authority_ends_with_time():
    """A pursuit succeeds if it arrives in time, up to the last moment, and luck holds."""
    assert caught_in_time(1.0, 1.0, 0.3, 0.7)
    assert not caught_in_time(1.01, 1.0, 0.3, 0.7)
    assert not caught_in_time(0.0, 1.0, 0.7, 0.7)


def test_ewa_follows_camerer_and_ho_by_hand():
    """Two rounds of experience-weighted attraction, worked out on paper.

    φ = .9, ρ = .8, δ = .5, N(0) = 1, A(0) = (1, .5). Round 1: option 0 chosen, pays −1; option 1
    would have paid .5. Round 2: option 1 chosen, pays .5; option 0 would have paid −1.
    """
    first = experience(1.0, 0.8)
    assert first == pytest.approx(1.8)
    chosen = attraction(1.0, 1.0, first, 0.9, -1.0)
    other = attraction(0.5, 1.0, first, 0.9, 0.5 * 0.5)
    assert chosen == pytest.approx(-0.1 / 1.8)
    assert other == pytest.approx(0.7 / 1.8)
    second = experience(first, 0.8)
    assert second == pytest.approx(2.44)
    # .9 · 1.8 · (−.1/1.8) − .5 = −.59;  .9 · 1.8 · (.7/1.8) + .5 = 1.13
    assert attraction(chosen, first, second, 0.9, 0.5 * -1.0) == pytest.approx(-0.59 / 2.44)
    assert attraction(other, first, second, 0.9, 0.5) == pytest.approx(1.13 / 2.44)


def test_ewa_reaches_its_fixed_point():
    """With ρ = φ attraction is a weighted mean of rewards, so that equal rewards are its limit."""
    weight, value = 1.0, 0.0
    for _ in range(500):
        after = experience(weight, 0.9)
        value = attraction(value, weight, after, 0.9, 0.7)
        weight = after
    assert weight == pytest.approx(10.0)
    assert value == pytest.approx(0.7)


def test_payoff_counts_the_way_in_either_case():
    """A load brings 1, its loss costs `loss`, and the way is paid both times."""
    assert payoff(False, 0.1, 2.0) == pytest.approx(0.9)
    assert payoff(True, 0.1, 2.0) == pytest.approx(-2.1)


@given(value=st.floats(-5.0, 5.0), noise=st.floats(-5.0, 5.0))
def test_without_sensitivity_only_chance_chooses(value, noise):
    """λ = 0 makes the utility the noise alone."""
    assert logit_utility(value, 0.0, noise) == noise


def test_logit_utility_scales_attraction():
    """The utility is λ A plus noise."""
    assert logit_utility(0.5, 6.0, -0.25) == pytest.approx(2.75)


def test_gamma_poisson_update_by_hand():
    """Prior 2 in 10 days, then 3 finds in 5 days of exposure: mean 5 / 15."""
    assert posterior_mean(observe(2.0, 3.0, 1.0), observe(10.0, 5.0, 1.0)) == pytest.approx(1 / 3)
    assert posterior_mean(observe(2.0, 3.0, 0.5), observe(10.0, 5.0, 0.5)) == pytest.approx(0.28)


@given(value=st.floats(0.0, 100.0), prior=st.floats(0.0, 100.0), keep=shares)
def test_forgetting_moves_towards_the_prior_and_not_past_it(value, prior, keep):
    """A faded parameter lies between what it was and the prior."""
    faded = forget(value, prior, keep)
    assert min(value, prior) - 1e-9 <= faded <= max(value, prior) + 1e-9


@given(first=st.floats(0.0, 50.0), second=st.floats(0.0, 50.0), half_life=st.floats(0.5, 100.0))
def test_fading_twice_is_fading_for_as_long(first, second, half_life):
    """Shares kept multiply over times that add, and a half-life keeps half."""
    twice = keep_share(first, half_life) * keep_share(second, half_life)
    assert keep_share(first + second, half_life) == pytest.approx(twice)
    assert keep_share(half_life, half_life) == pytest.approx(0.5)


@given(trust=shares, target=st.sampled_from([0.0, 1.0]), step=shares)
def test_trust_moves_towards_its_target_within_bounds(trust, target, step):
    """One experience takes away the step's share of the distance."""
    after = trust_after(trust, target, step)
    assert 0.0 <= after <= 1.0
    assert abs(target - after) == pytest.approx((1.0 - step) * abs(target - trust))


@given(first=shares, second=shares)
def test_two_searches_miss_what_both_miss(first, second):
    """Misses multiply, in either order, and no search takes away from another."""
    both = covered_together(first, second)
    assert both == pytest.approx(covered_together(second, first))
    assert both >= max(first, second) - 1e-12
    assert 1.0 - both == pytest.approx((1.0 - first) * (1.0 - second))


def test_a_plan_is_believed_as_far_as_it_holds():
    """A sure plan counts as told, a lapsed one as the partner's average."""
    assert believed_coverage(0.8, 1.0, 0.2) == pytest.approx(0.8)
    assert believed_coverage(0.8, 0.0, 0.2) == pytest.approx(0.2)
    assert believed_coverage(0.8, 0.25, 0.2) == pytest.approx(0.35)
    assert math.isclose(believed_coverage(0.5, 0.3, 0.5), 0.5)


@pytest.mark.parametrize(
    ("part", "wanted", "share", "start"),
    [
        (2, 5.0, 0.5, 15.0),  # still to come today
        (2, 14.0, 0.5, 16.0),  # under way: what is left of it
        (0, 14.0, 0.5, 27.0),  # over: tomorrow's
        (3, 234.0, 0.0, 234.0),  # at once, days into the run
    ],
)
def test_an_attempt_starts_in_the_next_such_part_of_the_day(part, wanted, share, start):
    """Parts of six hours: never before it is wanted, and in the part that was chosen."""
    assert start_in_part(part, 6.0, wanted, share) == pytest.approx(start)


@given(start=st.floats(0.0, 1e4), gap=st.floats(1.0, 1e3), offset=shares)
def test_the_first_occasion_is_the_first_not_before_a_time(start, gap, offset):
    """The one before it, if there is one, is too early."""
    number = first_occasion(start, gap, offset)
    assert (number + offset) * gap >= start - 1e-6
    assert number == 0 or (number - 1 + offset) * gap < start + 1e-6


def test_carriers_come_to_lack_in_time():
    """From what it was at first, by two thirds of the way in one time scale, to the effect."""
    assert lacking_carriers(0.4, 0.1, 0.0, 30.0) == pytest.approx(0.1)
    assert lacking_carriers(0.4, 0.0, 30.0, 30.0) == pytest.approx(0.4 * (1.0 - math.exp(-1.0)))
    assert lacking_carriers(0.4, 0.1, 1e6, 30.0) == pytest.approx(0.4)


def test_scouts_see_more_of_more_patrols():
    """None where there are none; half of each missed leaves a quarter of two."""
    assert noticed(0.5, 0) == 0.0
    assert noticed(0.5, 2) == pytest.approx(0.75)
    assert noticed(1.0, 1) == 1.0


def test_sightings_weigh_against_the_prior():
    """Nothing watched, nothing at stake; as much as the prior, half of load and loss."""
    assert stake_in_sightings(0.8, 0.0, 5.0, 2.0) == 0.0
    assert stake_in_sightings(0.8, 5.0, 5.0, 2.0) == pytest.approx(1.2)


def test_better_vehicles_are_there_sooner():
    """Twice the mobility halves getting ready and the way."""
    assert hours_by_vehicle(0.5, 30.0, 20.0, 1.0) == pytest.approx(2.0)
    assert hours_by_vehicle(0.5, 30.0, 20.0, 2.0) == pytest.approx(1.0)

"""Keyed chance is uniform, independent between keys, and the same for ever."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.draws import (
    LARGE_MEAN,
    Chance,
    Purpose,
    exponential,
    gamma,
    gumbel,
    normal,
    normal_quantile,
    poisson,
    poisson_steps,
    scramble,
    stream_key,
    uniform,
)

MANY = 20_000
KEY = stream_key(7, Purpose.PLACE)

GOLDEN_SCRAMBLE = 6238072747940578789
GOLDEN_KEY = 6791897765849424158
GOLDEN_UNIFORM = (0.8464692499125727, 0.827522169499903, 0.2229648204743132)
GOLDEN_GAMMA = 0.1266385807111484


def along(part, count=MANY):
    """Draw along one part of the key: entities, occasions, parts, purposes or seeds."""
    draw = {
        "entity": lambda n: uniform(KEY, n),
        "occasion": lambda n: uniform(KEY, 3, n),
        "part": lambda n: uniform(KEY, 3, 5, n),
        "purpose": lambda n: uniform(stream_key(7, n), 3, 5),
        "seed": lambda n: uniform(stream_key(n, Purpose.PLACE), 3, 5),
    }[part]
    return np.array([draw(n) for n in range(count)])


PARTS = pytest.mark.parametrize("part", ["entity", "occasion", "part", "purpose", "seed"])


@PARTS
def test_draws_are_uniform_along_every_part_of_the_key(part):
    """Mean, variance and a chi-square over 100 bins are those of a uniform distribution."""
    draws = along(part)
    assert draws.min() > 0.0
    assert draws.max() < 1.0
    assert draws.mean() == pytest.approx(0.5, abs=4.0 * math.sqrt(1 / 12 / MANY))
    assert draws.var() == pytest.approx(1 / 12, abs=4.0 * math.sqrt(1 / 180 / MANY))
    counts = np.bincount((draws * 100).astype(int), minlength=100)
    assert 1e-4 < stats.chisquare(counts).pvalue < 1.0 - 1e-4


@PARTS
def test_neighbouring_draws_are_uncorrelated(part):
    """A draw says nothing about the next one along any part of the key."""
    draws = along(part)
    for lag in (1, 2, 3, 8):
        correlation = np.corrcoef(draws[:-lag], draws[lag:])[0, 1]
        assert abs(correlation) < 4.0 / math.sqrt(MANY)


def test_entity_occasion_and_part_do_not_stand_for_each_other():
    """No two draws coincide on a grid of small entities, occasions and parts."""
    grid = [
        uniform(KEY, entity, occasion, part)
        for entity in range(30)
        for occasion in range(30)
        for part in range(30)
    ]
    assert len(set(grid)) == len(grid)


def test_a_draw_keeps_off_zero_and_one():
    """The least and the greatest word of the hash still give a draw inside (0, 1)."""
    least = 0.5 * 2.0**-52
    greatest = ((2**64 - 1 >> 12) + 0.5) * 2.0**-52
    assert 0.0 < least < greatest < 1.0
    for share in (least, greatest):
        assert math.isfinite(gumbel(share))
        assert math.isfinite(exponential(share))


@pytest.mark.parametrize("shape", [0.2, 1.0, 7.5])
def test_gamma_draws_have_gamma_distribution(shape):
    """Mean, variance and the distribution function are those of a gamma of scale 1."""
    draws = np.array([gamma(shape, KEY, n) for n in range(MANY)])
    assert draws.mean() == pytest.approx(shape, abs=4.0 * math.sqrt(shape / MANY))
    fourth = 3.0 * shape**2 + 6.0 * shape
    error = math.sqrt((fourth - shape**2) / MANY)
    assert draws.var() == pytest.approx(shape, abs=4.0 * error)
    assert stats.kstest(draws, stats.gamma(shape).cdf).pvalue > 1e-4


def test_parts_of_gamma_draws_are_independent():
    """Two parts of one occasion share no uniform draw."""
    first = np.array([gamma(0.5, KEY, n, 0, 0) for n in range(4_000)])
    second = np.array([gamma(0.5, KEY, n, 0, 1) for n in range(4_000)])
    assert abs(np.corrcoef(first, second)[0, 1]) < 4.0 / math.sqrt(4_000)


@pytest.mark.parametrize("mean", [0.03, 0.7, 5.0, 49.0, 51.0, 400.0])
def test_poisson_counts_have_poisson_moments(mean):
    """Mean and variance of counts are the mean, below and above the change of method."""
    counts = np.array([poisson(mean, uniform(KEY, n)) for n in range(MANY)])
    assert counts.mean() == pytest.approx(mean, abs=4.0 * math.sqrt(mean / MANY))
    error = math.sqrt((mean + 2.0 * mean**2) / MANY)
    assert counts.var() == pytest.approx(mean, abs=4.0 * error)


def test_poisson_counts_are_monotone_in_the_mean():
    """Under one draw a greater mean never gives a smaller count by either method."""
    means = [0.1 * 1.5**step for step in range(20)]
    for n in range(300):
        counts = [poisson(mean, uniform(KEY, n)) for mean in means]
        assert counts == sorted(counts)


def test_poisson_of_nothing_is_nothing():
    """A mean of 0 gives 0 whatever the draw."""
    assert poisson(0.0, 0.999999) == 0


@pytest.mark.parametrize("mean", [0.0, 1e-9, 0.3, 3.0, 10.0, LARGE_MEAN])
def test_poisson_steps_are_where_the_count_changes(mean):
    """As many steps lie below a share as `poisson` counts, to the ends of what is drawn."""
    steps = poisson_steps(mean)
    for share in [2.0**-53, *(uniform(KEY, n) for n in range(2_000)), 1.0 - 2.0**-53, *steps[:-1]]:
        assert poisson(mean, share) == sum(step < share for step in steps)
    assert steps == sorted(set(steps))
    assert len(steps) < mean + 14.0 * math.sqrt(mean) + 12.0


def test_normal_draws_and_quantiles_are_normal():
    """Box and Muller's draws are normal, and the quantile is good to 4.5e-4."""
    draws = [normal(uniform(KEY, n, 0, 1), uniform(KEY, n, 0, 2)) for n in range(MANY)]
    assert stats.kstest(draws, stats.norm.cdf).pvalue > 1e-4
    for share in (1e-6, 0.01, 0.3, 0.5, 0.8, 1.0 - 1e-6):
        assert normal_quantile(share) == pytest.approx(stats.norm.ppf(share), abs=4.5e-4)


def test_exponential_draws_have_mean_one():
    """The inverse distribution function gives an exponential of mean 1."""
    draws = [exponential(uniform(KEY, n)) for n in range(MANY)]
    assert stats.kstest(draws, stats.expon.cdf).pvalue > 1e-4


def test_the_greatest_of_gumbel_utilities_is_a_logit_choice():
    """Options are chosen with frequencies e^u / Σ e^u."""
    utilities = np.array([0.0, 0.5, 1.5, -1.0])
    expected = np.exp(utilities) / np.exp(utilities).sum()
    chosen = [
        int(np.argmax([u + gumbel(uniform(KEY, n, 0, k)) for k, u in enumerate(utilities)]))
        for n in range(MANY)
    ]
    counts = np.bincount(chosen, minlength=4)
    assert stats.chisquare(counts, expected * MANY).pvalue > 1e-4


def test_draws_are_the_same_for_ever():
    """Golden values: whoever changes the hash changes every result ever published."""
    assert scramble(1) == GOLDEN_SCRAMBLE
    assert stream_key(1, Purpose.WANTED) == GOLDEN_KEY
    chance = Chance(1)
    assert chance.uniform(Purpose.WANTED, 0) == GOLDEN_UNIFORM[0]
    assert chance.uniform(Purpose.DETECTION, 5, 6, 7) == GOLDEN_UNIFORM[1]
    assert Chance(-3).uniform(Purpose.ROTA, 2**40, -1) == GOLDEN_UNIFORM[2]
    assert chance.gamma(0.2, Purpose.ALLOCATION, 3) == pytest.approx(GOLDEN_GAMMA, rel=1e-12)


def test_purposes_keep_their_numbers():
    """Numbers of purposes are part of the results: ascending, none twice, known ones fixed."""
    numbers = [purpose.value for purpose in Purpose.__members__.values()]
    assert numbers[:20] == list(range(1, 21))
    assert numbers == sorted(set(numbers))
    assert (Purpose.WANTED, Purpose.PHASE, Purpose.DETECTION, Purpose.WEAR) == (1, 8, 10, 20)
    assert (Purpose.SCOUT, Purpose.RETRY) == (40, 41)

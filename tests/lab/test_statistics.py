"""What replications show: adjusted for many looks, by resampling, and what pairing gains."""

import math
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.errors import InputError
from sim.lab import Comparison, Tables, statistics
from sim.lab.pairing import pairing_table, variance_ratio
from sim.lab.statistics import (
    clear_after_holm,
    holm,
    interval_of_mean,
    is_far_from_normal,
    mean_interval,
    paired_difference,
)


def margin(share: float, trials: int) -> float:
    """Four standard errors of a share in so many trials."""
    return 4 * math.sqrt(share * (1 - share) / trials)


def test_the_p_value_is_that_of_a_paired_t_test() -> None:
    """SciPy's paired t test gives the same; no difference at all is no evidence."""
    values, baseline = [0.3, 0.5, 0.4, 0.6], [0.2, 0.3, 0.4, 0.3]
    expected = stats.ttest_rel(values, baseline).pvalue
    assert paired_difference(values, baseline).p_value == pytest.approx(expected)
    assert paired_difference(values, values).p_value == 1.0
    assert paired_difference([2.0, 3.0], [1.0, 2.0]).p_value == 0.0


def test_holm_adjusts_as_in_his_paper() -> None:
    """Each p is multiplied by the number not yet rejected, and none falls below a smaller one."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.4, 0.9, 0.8]) == [1.0, 1.0, 1.0]
    assert holm([]) == []


def test_holm_agrees_with_statsmodels() -> None:
    """A published implementation gives the same adjusted values."""
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    p_values = list(np.random.default_rng(3).beta(0.5, 3.0, size=25))
    expected = multitest.multipletests(p_values, method="holm")[1]
    assert holm(p_values) == pytest.approx(list(expected))


def test_holm_seldom_calls_anything_clear_that_is_not() -> None:
    """With 13 policies that do nothing, at most one family in twenty has a clear one."""
    trials, random = 250, np.random.default_rng(4)
    wrong = plain = 0
    for _ in range(trials):
        baseline = random.normal(size=8)
        family = [paired_difference(random.normal(size=8), baseline) for _ in range(13)]
        wrong += any(clear_after_holm(family))
        plain += any(each.clear for each in family)
    assert wrong / trials <= 0.05 + margin(0.05, trials)
    assert plain / trials > 0.2  # what the correction is for


def test_normality_is_doubted_where_it_fails_and_not_where_it_holds() -> None:
    """Normal samples nearly always keep Student's t; lognormal ones of 40 nearly always lose it."""
    random = np.random.default_rng(5)
    normal = [is_far_from_normal(random.normal(size=40)) for _ in range(400)]
    skewed = [is_far_from_normal(random.lognormal(size=40)) for _ in range(400)]
    assert np.mean(normal) < 0.02
    assert np.mean(skewed) > 0.8
    assert not is_far_from_normal([1.0] * 40)
    assert not is_far_from_normal([0.0, 0.0, 0.0, 9.0])


def test_a_resampled_interval_misses_more_evenly_than_students() -> None:
    """Of exponential values the bootstrap's share of misses below is nearer to a half."""
    random, trials = np.random.default_rng(6), 400
    misses = {"t": [0, 0], "BCa": [0, 0]}
    for trial in range(trials):
        sample = random.exponential(size=25)
        found = interval_of_mean(sample, key=f"trial {trial}")
        if found.method == "t":
            continue
        half = stats.t.ppf(0.975, 24) * stats.sem(sample)
        for method, low, high in (
            ("t", sample.mean() - half, sample.mean() + half),
            ("BCa", found.low, found.high),
        ):
            misses[method][0] += low > 1.0
            misses[method][1] += high < 1.0
    share = {name: above / (above + below) for name, (above, below) in misses.items()}
    assert share["t"] < share["BCa"] <= 0.6


def test_of_skewed_values_the_rule_misses_less_where_students_t_misses_most(monkeypatch) -> None:
    """Of a gamma distribution with skewness 2.8, known to have mean 0.5, 40 values at a time."""
    monkeypatch.setattr(statistics, "RESAMPLES", 1999)
    random, trials, truth = np.random.default_rng(11), 500, 0.5
    below, above = {"t": 0, "rule": 0}, {"t": 0, "rule": 0}
    for trial in range(trials):
        sample = random.gamma(0.5, size=40)
        found = interval_of_mean(sample, key=f"trial {trial}")
        mean, half_width = mean_interval(sample)
        for name, low, high in (
            ("t", mean - half_width, mean + half_width),
            ("rule", found.low, found.high),
        ):
            below[name] += high < truth
            above[name] += low > truth
    assert below["rule"] < 0.85 * below["t"]
    assert above["t"] < above["rule"] <= (0.025 + margin(0.025, trials)) * trials
    assert below["rule"] + above["rule"] <= below["t"] + above["t"]
    assert 1.0 - (below["rule"] + above["rule"]) / trials > 0.9


def test_a_few_values_that_happen_to_lie_on_one_side_are_no_evidence() -> None:
    """Of runs of which one in ten differs, up or down alike, 5 % seem clear, as they should."""
    samples = np.random.default_rng(16).choice(
        [-1.0, 0.0, 1.0], p=[0.05, 0.9, 0.05], size=(1500, 60)
    )
    clear = np.mean([interval_of_mean(each).clear for each in samples])
    assert clear <= 0.05 + margin(0.05, len(samples))
    assert interval_of_mean([-2.0, -1.0, -1.0, *[0.0] * 27]).high > 0.0


def test_of_normal_differences_the_rule_covers_as_stated() -> None:
    """Next to none of them is resampled, and 95 of 100 intervals cover."""
    samples = np.random.default_rng(12).normal(0.2, 1.0, size=(800, 30))
    found = [interval_of_mean(each) for each in samples]
    assert sum(each.is_resampled for each in found) < 0.02 * len(found)
    covered = np.mean([each.low <= 0.2 <= each.high for each in found])
    assert abs(covered - 0.95) <= margin(0.95, len(found))


def test_few_values_keep_students_t() -> None:
    """Of nineteen values nothing is resampled, nor of more with nine that differ from the rest."""
    few = np.random.default_rng(17).lognormal(sigma=2.0, size=19)
    assert interval_of_mean(few).method == "t"
    assert interval_of_mean(np.append(few, 1.0)).method == "BCa"
    many = np.append(np.zeros(40), few[:9])
    assert interval_of_mean(many).method == "t"
    assert interval_of_mean(np.append(many, 40.0)).method == "BCa"


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_the_p_value_is_the_level_at_which_the_interval_ends_at_zero(level: float) -> None:
    """Values moved so that their interval ends at zero have p = 1 − level, by either method."""
    random = np.random.default_rng(13)
    for sample in (random.lognormal(size=40), random.normal(size=40)):
        for end in ("low", "high"):
            moved = sample - getattr(interval_of_mean(sample, level), end)
            found = interval_of_mean(moved, level)
            assert found.p_value == pytest.approx(1.0 - level, rel=0.02)
            assert getattr(found, end) == pytest.approx(0.0, abs=1e-12)


def test_what_lies_beyond_all_resamples_is_as_sure_as_students_t_says() -> None:
    """Ten thousand resamples would else leave the surest difference open among many policies."""
    far = 100.0 + np.random.default_rng(14).lognormal(size=40)
    found = interval_of_mean(far)
    assert found.method == "BCa"
    assert found.p_value == pytest.approx(stats.ttest_1samp(far, 0.0).pvalue)
    near = interval_of_mean(far - far.mean() - 0.1)
    assert near.p_value > 0.1


def test_an_interval_reaches_unevenly_where_values_are_skewed() -> None:
    """What is drawn are the ends; upward of the mean of lognormal values there is more room."""
    found = paired_difference(np.random.default_rng(15).lognormal(size=40), np.zeros(40), key="a")
    below, above = found.reach
    assert found.is_resampled
    assert above > 1.1 * below > 0.0
    assert (found.mean - below, found.mean + above) == pytest.approx((found.low, found.high))


def test_an_interval_by_resampling_is_the_same_every_time() -> None:
    """Chance belongs to the key: the same key gives the same ends, whatever was asked before."""
    sample = np.random.default_rng(7).lognormal(size=30)
    first = interval_of_mean(sample, key="a")
    np.random.default_rng().random(3)
    assert first.method == "BCa"
    assert interval_of_mean(sample, key="a") == first
    assert interval_of_mean(sample, key="b") != first


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.5, 0.9])
def test_the_variance_ratio_is_what_correlation_makes_it(correlation: float) -> None:
    """Of two points of equal variance with correlation r it is 1 / (1 − r), within its interval."""
    covariance = [[1.0, correlation], [correlation, 1.0]]
    pairs = np.random.default_rng(8).multivariate_normal([0.0, 3.0], covariance, size=1500)
    found = variance_ratio(pairs[:, 0], pairs[:, 1])
    assert found.ratio == pytest.approx(1.0 / (1.0 - correlation), rel=0.15)
    assert found.low < 1.0 / (1.0 - correlation) < found.high
    assert found.high / found.low < 1.6
    assert found.times_narrower == pytest.approx(math.sqrt(found.ratio))


def test_intervals_of_the_variance_ratio_cover_it() -> None:
    """Of 30 normal pairs the 95 % interval covers the truth in 88 of 100 trials or more."""
    random, trials = np.random.default_rng(9), 150
    pairs = random.multivariate_normal([0.0, 0.0], [[1.0, 0.8], [0.8, 1.0]], size=(trials, 30))
    found = [variance_ratio(each[:, 0], each[:, 1]) for each in pairs]
    covered = np.mean([each.low <= 5.0 <= each.high for each in found])
    assert covered >= 0.95 - margin(0.95, trials)


def test_pairs_that_all_differ_alike_have_no_interval() -> None:
    """An infinite ratio claims no interval, nor do a few pairs; two are an error."""
    found = variance_ratio([1.0, 2.0, 3.0], [0.0, 1.0, 2.0])
    assert found.ratio == math.inf
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert variance_ratio([1.0, 2.0, 4.0], [3.0, 3.0, 3.0]).ratio == 1.0
    few = variance_ratio([1.0, 2.0, 4.0], [1.0, 3.0, 3.5])
    assert few.ratio > 1.0
    assert math.isnan(few.low)
    with pytest.raises(InputError, match="three pairs"):
        variance_ratio([1.0, 2.0], [0.0, 1.0])


def test_pairs_that_nearly_all_differ_alike_have_a_finite_lower_end() -> None:
    """Resamples in which nothing varies neither warn nor make the interval meaningless."""
    baseline = np.arange(12.0)
    values = baseline + 1.0
    values[3] += 0.01
    found = variance_ratio(values, baseline)
    assert found.ratio > 1e5
    assert 1.0 < found.low < found.ratio <= found.high


def test_the_table_of_pairing_measures_every_point_but_the_baseline() -> None:
    """Ratios of a study are those of its values; outcomes of never-changed points gain all."""
    random = np.random.default_rng(10)
    shared = random.normal(size=30)
    runs = pd.DataFrame(
        {
            "point": np.repeat([0, 1, 2], 30),
            "seed": np.tile(np.arange(30), 3),
            "detected": np.concatenate([shared, shared + random.normal(size=30), shared]),
        }
    )
    experiment = SimpleNamespace(measured=("detected",), is_sampled=False)
    points = [SimpleNamespace(name=name, is_baseline=name == "a") for name in "abc"]
    tables = Tables(runs, pd.DataFrame(), pd.DataFrame())
    found = pairing_table(Comparison(cast(Any, experiment), cast(Any, points), tables))
    assert list(found["point"]) == ["b", "c"]
    values = runs["detected"].to_numpy().reshape(3, 30)
    direct = (values[0].var() + values[1].var()) / (values[1] - values[0]).var()
    assert found["ratio"][0] == pytest.approx(direct)
    assert found["low"][0] < direct < found["high"][0]
    assert found["times_narrower"][0] == pytest.approx(direct**0.5)

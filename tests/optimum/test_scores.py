"""Scores lie where they should, and their intervals cover as often as they say."""

import math

import numpy as np
import pytest

from sim.errors import InputError
from sim.optimum.scores import score

FLOOR = [0.10, 0.14, 0.12, 0.11]
CEILING = [0.20, 0.23, 0.23, 0.20]


def test_floor_scores_nothing_and_ceiling_all():
    """Whatever the seeds do, with no width at all."""
    for values, share in ((FLOOR, 0.0), (CEILING, 1.0)):
        found = score(values, FLOOR, CEILING)
        assert (found.share, found.low, found.high) == pytest.approx(
            (share, share, share), abs=1e-9
        )


def test_share_is_the_ratio_of_means_and_lies_in_its_interval():
    """Half-way on average, with differences among seeds."""
    found = score([0.16, 0.18, 0.17, 0.165], FLOOR, CEILING)
    assert found.share == pytest.approx((0.16875 - 0.1175) / (0.215 - 0.1175))
    assert found.low < found.share < found.high


def test_outcomes_of_which_less_is_better_score_alike():
    """Floor and ceiling change places, and so do all differences."""
    values = [0.16, 0.18, 0.17, 0.165]
    less = [[-x for x in each] for each in (values, FLOOR, CEILING)]
    mine, other = score(values, FLOOR, CEILING), score(*less)
    assert (mine.low, mine.high) == pytest.approx((other.low, other.high))


def test_a_ceiling_that_is_not_clearly_above_the_floor_gives_no_interval():
    """Nor does one that is the floor itself give a share."""
    found = score([1.0, 2.0, 3.0], [1.0, 2.0, 2.0], [0.0, 5.0, 1.5])
    assert (found.low, found.high) == (-math.inf, math.inf)
    assert math.isnan(score([1.0, 2.0], [1.0, 1.0], [1.0, 1.0]).share)


def test_intervals_cover_the_true_share_as_often_as_they_say():
    """Of 2,000 studies of eight seeds with a true share of 0.3, 95 in 100 within four errors."""
    chance = np.random.default_rng(3)
    covered = 0
    for _ in range(2000):
        world = chance.normal(0.2, 0.05, 8)
        floor = world + chance.normal(0.0, 0.004, 8)
        ceiling = world + 0.05 + chance.normal(0.0, 0.008, 8)
        found = score(world + 0.015 + chance.normal(0.0, 0.006, 8), floor, ceiling)
        covered += found.low <= 0.3 <= found.high
    assert covered / 2000 == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 2000))


def test_runs_that_are_no_pairs_are_refused():
    """Scores compare seed by seed."""
    with pytest.raises(InputError, match="no pairs"):
        score([0.1, 0.2], FLOOR, CEILING)

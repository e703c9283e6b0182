"""Sequential stopping: it reaches its half-width, and covers as often as it says."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from small_world import SCENARIO, write_border

from sim import Experiment
from sim.errors import InputError
from sim.lab import compare
from sim.lab.statistics import mean_interval
from sim.lab.stopping import next_replications, widest_half_width
from sim.scenario import Stop

Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]

MOST = 1500


def rule(half_width: float, minimum: int = 10, maximum: int = MOST) -> Stop:
    """Make a rule of stopping."""
    return Stop(metric="detected", half_width=half_width, minimum=minimum, maximum=maximum)


def stopped(values: NDArray[np.float64], stop: Stop) -> int:
    """Follow a rule over values that come as they are asked for; rows are points, 0 the baseline.

    Gives the replications that it ends with.
    """
    done = 0
    while (wanted := next_replications(values[:, :done], 0, stop)) is not None:
        assert done < wanted <= stop.maximum
        done = wanted
    return done


def coverage(draw: Draw, truth: float, stop: Stop, trials: int) -> tuple[float, float]:
    """Share of trials in which mean ± target, and the interval that is reported, hold the truth."""
    random = np.random.default_rng(11)
    fixed = reported = 0
    for _ in range(trials):
        values = np.stack([np.zeros(MOST), draw(random, MOST)])
        count = stopped(values, stop)
        mean, half_width = mean_interval(values[1, :count])
        assert half_width <= stop.half_width
        fixed += abs(mean - truth) <= stop.half_width
        reported += abs(mean - truth) <= half_width
    return fixed / trials, reported / trials


def margin(share: float, trials: int) -> float:
    """Four standard errors of a share in so many trials."""
    return 4 * math.sqrt(share * (1 - share) / trials)


@pytest.mark.parametrize("minimum", [5, 10, 20])
@pytest.mark.parametrize("half_width", [0.5, 0.25])
def test_of_normal_differences_it_covers_as_stated(minimum: int, half_width: float) -> None:
    """Mean ± the target holds the truth in 95 of 100 trials at least, the narrower report in 94."""
    trials = 600
    fixed, reported = coverage(
        lambda random, n: random.normal(0.1, 1.0, n), 0.1, rule(half_width, minimum), trials
    )
    assert fixed >= 0.95 - margin(0.95, trials)
    assert reported >= 0.94 - margin(0.94, trials)


def test_of_skewed_outcomes_it_covers_as_stated() -> None:
    """The difference of two exponential outcomes of unequal means is covered in 95 of 100 trials.

    A single exponential, as if nothing varied in the baseline, is the worst case: 9 of 10.
    """
    trials = 600
    fixed, _ = coverage(
        lambda random, n: random.exponential(1.0, n) - random.exponential(0.5, n),
        0.5,
        rule(0.2),
        trials,
    )
    assert fixed >= 0.95 - margin(0.95, trials)
    alone, _ = coverage(lambda random, n: random.exponential(1.0, n), 1.0, rule(0.2), trials)
    assert alone >= 0.9 - margin(0.9, trials)


def test_the_noisiest_point_decides_for_all() -> None:
    """Every point gets as many runs as the one whose difference is known least."""
    random = np.random.default_rng(12)
    baseline = random.normal(size=MOST)
    quiet = baseline + random.normal(scale=0.1, size=MOST)
    noisy = baseline + random.normal(scale=1.0, size=MOST)
    stop = rule(0.2)
    alone = stopped(np.stack([baseline, quiet]), stop)
    together = stopped(np.stack([baseline, quiet, noisy]), stop)
    assert alone == stop.minimum
    assert together == stopped(np.stack([baseline, noisy]), stop) > 60
    assert widest_half_width(np.stack([baseline, quiet, noisy])[:, :together], 0) <= 0.2


def test_common_chance_saves_runs() -> None:
    """What both points share does not count: the rule looks at differences seed by seed."""
    random = np.random.default_rng(13)
    shared, own = random.normal(scale=5.0, size=MOST), random.normal(size=MOST)
    paired = stopped(np.stack([shared, shared + own]), rule(0.3))
    apart = stopped(np.stack([random.normal(scale=5.0, size=MOST), shared + own]), rule(0.3))
    assert paired * 10 < apart


def test_it_ends_at_the_maximum_and_there_says_that_more_is_needed() -> None:
    """A target out of reach costs the maximum and not a run more; the half-width tells."""
    random = np.random.default_rng(14)
    values = np.stack([np.zeros(MOST), random.normal(size=MOST)])
    assert stopped(values, rule(0.01, maximum=50)) == 50
    assert widest_half_width(values[:, :50], 0) > 0.01


def test_the_first_stage_binds_whenever_one_looks() -> None:
    """Runs that are there already, and happen to agree, do not undo what the first ones asked for.

    Stein's number is (t · s / h)², with the quantile and deviation of the first stage.
    """
    random = np.random.default_rng(16)
    first = random.normal(size=10)
    values = np.stack([np.zeros(40), np.append(first, np.full(30, first.mean()))])
    half_width = mean_interval(first)[1] / 2.5
    asked = math.ceil(10 * 2.5**2)
    assert mean_interval(values[1])[1] < half_width
    assert next_replications(values[:, :10], 0, rule(half_width)) == asked
    assert next_replications(values, 0, rule(half_width)) == asked


def test_points_that_do_not_differ_need_no_more_than_the_minimum() -> None:
    """A policy that changes nothing has differences of zero; a baseline alone has none."""
    values = np.random.default_rng(15).normal(size=(1, 40))
    assert stopped(np.vstack([values, values]), rule(0.1)) == 10
    assert stopped(values, rule(0.1)) == 10
    assert next_replications(np.empty((2, 0)), 0, rule(0.1)) == 10


def test_values_without_a_baseline_are_refused() -> None:
    """A row that is not there, or no table, is an error."""
    with pytest.raises(InputError, match="no baseline in row 2"):
        next_replications(np.zeros((2, 3)), 2, rule(0.1))
    with pytest.raises(InputError, match="no baseline"):
        next_replications(np.zeros(3), 0, rule(0.1))


EXPERIMENT = """
format = 1
scenario = "small.toml"
design = "factorial"
days = 3
metrics = ["detection_rate"]
[stop]
metric = "intercepted"
half_width = 0.8
minimum = 3
maximum = 30
[[factors]]
key = "patrols.detection"
values = [0.2, 0.9]
[baseline]
"patrols.detection" = 0.2
"""


def test_real_runs_go_on_until_their_difference_is_known(tmp_path: Path) -> None:
    """The study ends with its target met, as if that number of runs had been asked for at once."""
    write_border(tmp_path / "border")
    (tmp_path / "small.toml").write_text(SCENARIO)
    (tmp_path / "stopped.toml").write_text(EXPERIMENT)
    experiment = Experiment.load(tmp_path / "stopped.toml")
    told: list[tuple[int, int]] = []
    found = compare(experiment, workers=1, progress=lambda done, of: told.append((done, of)))
    pairs = found.difference(1, "intercepted").pairs
    assert 3 < pairs < 30
    paired = found.difference(1, "intercepted")
    assert paired.high - paired.low <= 2 * 0.8
    assert "intercepted" in experiment.measured
    assert told[-1] == (2 * pairs, 2 * pairs)
    assert [done for done, _ in told] == list(range(1, 2 * pairs + 1))
    at_once = compare(experiment, replications=pairs, workers=1)
    pd.testing.assert_frame_equal(found.runs, at_once.runs)
    pd.testing.assert_frame_equal(found.tables.sides, at_once.tables.sides)

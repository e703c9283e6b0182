"""Sampled designs: where points lie, what decides them, and what is refused."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_world import SCENARIO, write_border

from sim import Experiment
from sim.errors import InputError
from sim.lab import Comparison, Tables, compare, points_of
from sim.lab.design import sample_of
from sim.lab.sampling import Axis, unit_sample

HEAD = """
format = 1
title = "Sampled"
scenario = "small.toml"
policy = "policy.toml"
days = 2
replications = 2
metrics = ["detection_rate"]
"""

FACTORS = """
[[factors]]
key = "patrols.detection"
range = [0.2, 0.9]
[[factors]]
key = "groups.0.count"
range = [1, 5]
[[factors]]
key = "world.wet_days.3"
[[factors]]
key = "sharing.latency_hours"
range = [0.1, 100.0]
scale = "log"
[[factors]]
key = "patrols.per_post.BBB"
range = [1, 4]
[[factors]]
key = "sharing.plans"
values = [false, true]
"""

POLICY = """
format = 1
[sharing]
interval_days = 7
[sources]
"sharing.interval_days" = { assumed = "a guess", range = [1, 14] }
"""

Write = Callable[..., Experiment]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write an experiment on the small world, and load it."""
    write_border(tmp_path / "border")
    (tmp_path / "small.toml").write_text(SCENARIO)
    (tmp_path / "policy.toml").write_text(POLICY)

    def given(design: str, factors: str = FACTORS) -> Experiment:
        path = tmp_path / "sampled.toml"
        path.write_text(HEAD + design + factors)
        return Experiment.load(path)

    return given


@pytest.mark.parametrize(
    ("design", "points"),
    [
        ('design = "lhs"\nsamples = 10', 10),
        ('design = "sobol"\nsamples = 4', 4 * 8),
        ('design = "morris"\nsamples = 3', 3 * 7),
    ],
)
def test_a_sampled_design_reaches_every_kind_of_key(write: Write, design, points) -> None:
    """Tables, arrays, members of arrays no file gives, sides and policies take what was drawn."""
    experiment = write(design)
    drawn = points_of(experiment)
    assert len(drawn) == points
    assert len({point.name for point in drawn}) == points
    assert not any(point.is_baseline for point in drawn)
    for point in drawn:
        scenario, settings = point.scenario, point.settings
        sharing = scenario.policy.sharing
        assert sharing is not None
        assert isinstance(scenario.patrols.per_post, dict)
        assert [*settings.values()] == [
            scenario.patrols.detection,
            scenario.groups[0].count,
            scenario.world.wet_days[3],
            sharing.latency_hours,
            scenario.patrols.per_post["BBB"],
            sharing.plans,
        ]
        assert 0.2 <= settings["patrols.detection"] <= 0.9
        assert settings["groups.0.count"] in range(1, 6)
        assert 0.0 <= settings["world.wet_days.3"] <= 0.9  # as declared
        assert 0.1 <= settings["sharing.latency_hours"] <= 100.0
        assert scenario.world.wet_days[2] == 0.3


def test_the_seed_alone_decides_a_sample(write: Write) -> None:
    """The same seed gives the same points whatever was drawn before; another gives others."""
    for design in ('design = "lhs"\nsamples = 8', 'design = "morris"\nsamples = 2'):
        first = sample_of(write(design))
        np.random.default_rng().random(5)
        assert (sample_of(write(design)) == first).all()
        assert (sample_of(write(f"{design}\nseed = 2")) != first).any()
    sobol = 'design = "sobol"\nsamples = 8'
    assert (sample_of(write(sobol)) == sample_of(write(sobol))).all()


def test_a_latin_hypercube_has_one_point_in_each_stratum() -> None:
    """Along every axis the n points lie in n different n-ths."""
    sample = unit_sample("lhs", 3, 20, seed=5)
    for column in sample.T:
        assert sorted((column * 20).astype(int)) == list(range(20))


def test_whole_numbers_are_equally_likely() -> None:
    """Every whole number of a range, its ends included, takes an equal share of the axis."""
    axis = Axis("x", 1.0, 5.0, is_whole=True)
    counts = Counter(axis.value(share) for share in np.linspace(0.0, 1.0, 5000, endpoint=False))
    assert counts == {1: 1000, 2: 1000, 3: 1000, 4: 1000, 5: 1000}
    assert axis.value(1.0) == 5
    choice = Axis("x", values=("a", "b"))
    assert [choice.value(at) for at in (0.0, 0.49, 0.5, 1.0)] == ["a", "a", "b", "b"]


def test_a_log_scale_has_equal_ratios() -> None:
    """Half-way along a log axis lies the geometric mean; both ends are reached exactly."""
    axis = Axis("x", 0.1, 1000.0, is_log=True)
    assert axis.value(0.5) == pytest.approx(10.0)
    assert (axis.value(0.0), axis.value(1.0)) == (0.1, 1000.0)


def test_a_range_that_is_left_out_is_the_assumed_one(write: Write) -> None:
    """The file's own range goes before the one declared for the parameter, which is to 30 days."""
    factors = '[[factors]]\nkey = "sharing.interval_days"\n'
    drawn = points_of(write('design = "lhs"\nsamples = 40\n', factors))
    intervals = [point.settings["sharing.interval_days"] for point in drawn]
    assert 1.0 <= min(intervals) < 2.0
    assert 13.0 < max(intervals) <= 14.0


@pytest.mark.parametrize(
    ("design", "factors", "told"),
    [
        ('design = "lhs"', None, "needs `samples`"),
        ('design = "sobol"\nsamples = 6', None, "a power of two: 4 or 8"),
        ('design = "lhs"\nsamples = 4\nbaseline = "x"', None, "has no baseline"),
        ('design = "factorial"\nsamples = 4', None, "samples are for the designs"),
        (
            'design = "lhs"\nsamples = 4',
            'key = "patrols.detection"\nrange = [0.9, 0.2]',
            "factors.0: range must rise, not 0.9 to 0.2",
        ),
        (
            'design = "lhs"\nsamples = 4',
            'key = "patrols.detection"\nrange = [0.0, 0.2]\nscale = "log"',
            "factors.0: a range on a log scale must be above 0",
        ),
        (
            'design = "lhs"\nsamples = 4',
            'key = "patrols.detection"\nrange = [0.5, 3.0]',
            "patrols.detection = ",
        ),
        (
            'design = "lhs"\nsamples = 4',
            'key = "patrols.detecton"\nrange = [0.5, 0.6]',
            "did you mean detection?",
        ),
        (
            'design = "lhs"\nsamples = 4',
            'key = "groups.0.count"\nrange = [0.5, 3.0]',
            "factors.0.range: groups.0.count is a whole number",
        ),
        ('design = "lhs"\nsamples = 4', 'key = "time.start_month"', "no range"),
        ('design = "lhs"\nsamples = 4', 'key = "sharing.plans"\nrange = [0, 1]', "no number"),
        (
            'design = "lhs"\nsamples = 4',
            'key = "sharing.report_hours"\nrange = [0, 1]\nvalues = [1]',
            "leave out `range`",
        ),
    ],
)
def test_a_design_that_cannot_be_drawn_is_refused(write: Write, design, factors, told) -> None:
    """What is wrong is told with file, factor and value before anything is run."""
    with pytest.raises(InputError, match=re.escape(told)) as found:
        points_of(write(design, f"\n[[factors]]\n{factors}\n" if factors else FACTORS))
    assert "sampled.toml" in str(found.value)


def test_a_sample_is_not_compared_with_a_baseline(write: Write) -> None:
    """`compare` refuses a design without a baseline, and says what to call instead."""
    experiment = write('design = "lhs"\nsamples = 4')
    with pytest.raises(InputError, match="bordersim sensitivity"):
        compare(experiment, workers=1)
    nothing = Tables(pd.DataFrame(), pd.DataFrame(), pd.DataFrame())
    with pytest.raises(InputError, match="bordersim sensitivity"):
        _ = Comparison(experiment, points_of(experiment), nothing).baseline


STOP = '[stop]\nmetric = "{}"\nhalf_width = 0.01\nmaximum = 40\n'
BASELINE = (
    '[baseline]\n"sharing.plans" = false\n[[factors]]\nkey = "sharing.plans"\nvalues = [false]'
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + STOP.format("detection_rate") + BASELINE, "either `replications` or [stop]"),
        (
            HEAD.replace("replications = 2", "") + STOP.format("detection_rat") + BASELINE,
            "stop.metric: no outcome 'detection_rat' (did you mean detection_rate?)",
        ),
        (
            HEAD.replace("replications = 2", "")
            + STOP.format("detection_rate").replace("40", "4")
            + BASELINE,
            "stop: minimum 10 is above maximum 4",
        ),
    ],
)
def test_a_rule_of_stopping_that_cannot_hold_is_refused(write: Write, tmp_path, text, told) -> None:
    """Two rules at once, an outcome that is none, and a minimum above the maximum are told."""
    write('design = "lhs"\nsamples = 4')
    (tmp_path / "stopped.toml").write_text(text)
    with pytest.raises(InputError, match=re.escape(told)):
        points_of(Experiment.load(tmp_path / "stopped.toml"))

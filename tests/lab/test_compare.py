"""The main job: points on common chance, the same whatever the number of workers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from small_world import SCENARIO, write_border

from sim import Experiment, run
from sim.errors import InputError
from sim.lab import Comparison, Tables, compare, paired_difference, points_of
from sim.report import dose_panels, finding, write_report
from sim.scenario import unit_of
from sim.world import build_world

EXPERIMENT = """
format = 1
title = "Does <script>alert(1)</script> cost $5 or $6?"
scenario = "small.toml"
design = "factorial"
days = 4
replications = 3
metrics = ["interdiction_rate", "doubly_covered"]
[[factors]]
key = "sharing.interval_days"
values = [1, "never"]
names = ["daily", "never"]
[[factors]]
key = "sharing.plans"
values = [false, true]
[baseline]
"sharing.interval_days" = "never"
"sharing.plans" = false
"""


@pytest.fixture
def experiment(tmp_path: Path) -> Experiment:
    """A small experiment of four points."""
    write_border(tmp_path / "border")
    (tmp_path / "small.toml").write_text(SCENARIO)
    (tmp_path / "experiment.toml").write_text(EXPERIMENT)
    return Experiment.load(tmp_path / "experiment.toml")


def test_a_factorial_design_has_every_combination_and_one_baseline(experiment: Experiment) -> None:
    """Two factors of two values are four points, with the values in force."""
    points = points_of(experiment)
    assert [point.name for point in points] == [
        "sharing.interval_days: daily, sharing.plans: no",
        "sharing.interval_days: daily, sharing.plans: yes",
        "sharing.interval_days: never, sharing.plans: no",
        "sharing.interval_days: never, sharing.plans: yes",
    ]
    assert [point.is_baseline for point in points] == [False, False, True, False]
    sharing = points[1].scenario.policy.sharing
    assert sharing is not None
    assert (sharing.interval_days, sharing.plans) == (1.0, True)


def test_workers_change_nothing(experiment: Experiment) -> None:
    """One process and two give the same table, bit for bit."""
    one = compare(experiment, workers=1).runs
    two = compare(experiment, workers=2).runs
    pd.testing.assert_frame_equal(one, two)


def test_points_meet_the_same_chance(experiment: Experiment) -> None:
    """Under one seed every point wants the same attempts; never shared is never shared."""
    comparison = compare(experiment, workers=1)
    assert (comparison.runs.groupby("seed")["wanted"].nunique() == 1).all()
    never = comparison.difference(3, "interdiction_rate")
    assert never.is_zero
    assert (never.p_value, never.share_above) == (1.0, 0.5)


def test_a_paired_interval_is_students_t() -> None:
    """Mean and half-width agree with a one-sample t interval of the differences by SciPy."""
    values, baseline = [0.3, 0.5, 0.4, 0.6], [0.2, 0.3, 0.4, 0.3]
    paired = paired_difference(values, baseline)
    test = stats.ttest_rel(values, baseline).confidence_interval(0.95)
    assert (paired.low, paired.high) == pytest.approx((test.low, test.high))
    assert paired.share_above == pytest.approx((3 + 0.5) / 4)


def test_paired_intervals_cover_the_truth_nineteen_times_in_twenty() -> None:
    """On noise with a known mean the 95 % interval holds it in about 95 % of trials."""
    noise = np.random.default_rng(1).normal(0.1, 1.0, size=(2000, 6))
    hits = [paired_difference(row, np.zeros(6)) for row in noise]
    share = np.mean([hit.low <= 0.1 <= hit.high for hit in hits])
    assert share == pytest.approx(0.95, abs=4 * (0.95 * 0.05 / 2000) ** 0.5)


@pytest.mark.parametrize("replications", [1, 0, -3])
def test_too_few_replications_are_an_error(experiment: Experiment, replications: int) -> None:
    """An interval needs two runs."""
    with pytest.raises(InputError, match="replications"):
        compare(experiment, replications=replications)


def test_the_report_stands_alone(experiment: Experiment, tmp_path: Path) -> None:
    """One HTML file without network, with text from files escaped, and its data beside it."""
    comparison = compare(experiment, workers=1)
    page = write_report(comparison, tmp_path / "out").read_text(encoding="utf-8")
    assert page.count("<script") == 1
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page
    assert "src=" not in page
    for name in ("policies.csv", "runs.csv", "differences.png", "differences.svg"):
        assert (tmp_path / "out" / name).stat().st_size > 0
    table = pd.read_csv(tmp_path / "out" / "policies.csv")
    assert len(table) == 4 * 2
    base = table[(table.point == comparison.points[2].name)]
    assert (base.difference == 0).all()


ONE_AT_A_TIME = """
format = 1
title = "Which $instrument does <what> it is for?"
scenario = "small.toml"
design = "one_at_a_time"
days = 20
replications = 2
metrics = ["detection_rate"]
[[factors]]
key = "markers.surveys_per_year"
label = "marker <management>"
values = [0, 40, 20]
metric = "marker_backlog"
[[factors]]
key = "schedules.kind"
values = ["none", "split"]
metric = "doubly_covered"
[[factors]]
key = "hotline.works"
label = "hotline"
values = [0.0, 0.8]
[baseline]
"markers.surveys_per_year" = 20
"schedules.kind" = "none"
"hotline.works" = 0.0
"""


@pytest.fixture
def instruments(tmp_path: Path) -> Experiment:
    """A small experiment of three instruments, each with an outcome of its own."""
    write_border(tmp_path / "border")
    (tmp_path / "small.toml").write_text(SCENARIO)
    (tmp_path / "instruments.toml").write_text(ONE_AT_A_TIME)
    return Experiment.load(tmp_path / "instruments.toml")


def test_tables_hold_what_each_run_gave(experiment: Experiment) -> None:
    """Figures of sides and counts of segments are those of the run that they are named after."""
    tables = compare(experiment, workers=1).tables
    points = points_of(experiment)
    assert len(tables.segments) == 12 * len(build_world(points[0].scenario).segments)
    result = run(points[1].scenario, seed=2)
    sides = tables.sides.query("point == 1 and seed == 2")
    side = next(iter(result.sides))
    costs = sides.query("part == 'cost' and side == @side and figure == 'hours'")
    assert list(costs["instrument"]) == ["sharing"]
    assert list(costs["value"]) == [result.costs["sharing"][side]["hours"]]
    record = sides.query("part == 'record' and side == @side and figure == 'recorded_cases'")
    assert list(record["value"]) == [result.records[side]["recorded_cases"]]
    segments = tables.segments.query("point == 1 and seed == 2")
    for name in ("attempts", "detected", "intercepted"):
        assert list(segments[name]) == list(result.segments[name])
        assert segments[name].sum() == result.outcomes[name]


def test_one_at_a_time_changes_one_factor_and_says_which(instruments: Experiment) -> None:
    """Each point but the baseline differs in one factor, is named by it, and belongs to it."""
    points = points_of(instruments)
    assert [point.name for point in points] == [
        "nothing changed",
        "marker <management>: 0",
        "marker <management>: 40",
        "schedules.kind: split",
        "hotline: 0.8",
    ]
    nothing = Tables(pd.DataFrame(), pd.DataFrame(), pd.DataFrame())
    comparison = Comparison(instruments, points, nothing)
    doses = [comparison.doses(factor) for factor in instruments.factors]
    assert doses == [[1, 2, 0], [0, 3], [0, 4]]


def test_a_panel_for_each_factor_shows_its_own_outcome(instruments: Experiment) -> None:
    """Titles, axes and values of the small multiples are those of each factor's own outcome."""
    comparison = compare(instruments, workers=1)
    panels = dose_panels(comparison).axes
    titles = [axes.get_title(loc="left").replace("\n", " ") for axes in panels]
    assert titles == [
        "Marker <management>: damaged markers not repaired at the end",
        "Schedules.kind: segments with patrols of both sides, mean of shifts",
        "Hotline: share of attempts detected",
    ]
    labels = [axes.get_ylabel() for axes in panels]
    assert labels == [
        "change, markers\n(less is better)",
        "change, segments\n(neither is better)",
        "change, percentage points\n(more is better)",
    ]
    assert [axes.get_xlabel() for axes in panels] == ["surveys per year", "kind", "works"]
    assert panels[0].get_xticks().tolist() == [0.0, 40.0, 20.0]
    drawn = panels[1].lines[1].get_ydata()
    assert list(drawn) == [0.0, comparison.difference(3, "doubly_covered").mean]


def test_the_report_of_instruments_has_their_panels_and_numbers(
    instruments: Experiment, tmp_path: Path
) -> None:
    """Both figures are in the page and beside it, and every outcome is in the table on file."""
    comparison = compare(instruments, workers=1)
    page = write_report(comparison, tmp_path / "out").read_text(encoding="utf-8")
    assert 'id="figure-doses"' in page
    assert 'id="figure-differences"' in page
    assert "<management>" not in page
    for name in ("doses.png", "doses.svg", "differences.svg"):
        assert (tmp_path / "out" / name).stat().st_size > 0
    table = pd.read_csv(tmp_path / "out" / "policies.csv")
    assert set(table["metric"]) == {"detection_rate", "marker_backlog", "doubly_covered"}


def test_a_finding_of_a_factor_is_about_its_own_doses(instruments: Experiment) -> None:
    """What is said of an instrument comes from the points that vary it."""
    comparison = compare(instruments, workers=1)
    for factor in instruments.factors:
        said = finding(comparison, factor.metric or "detection_rate", factor)
        others = {each.label or each.key for each in instruments.factors} - {
            factor.label or factor.key
        }
        assert (factor.label or factor.key) in said
        assert not any(name in said for name in others)


def test_an_outcome_of_a_factor_that_does_not_exist_is_told(instruments: Experiment) -> None:
    """A misspelt outcome is found before anything is run, with its key and the nearest name."""
    factor = instruments.factors[0].model_copy(update={"metric": "marker_backlogs"})
    broken = instruments.model_copy(update={"factors": (factor, *instruments.factors[1:])})
    with pytest.raises(InputError, match=r"factors\.0\.metric.*did you mean marker_backlog\?"):
        compare(broken)


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("joint_patrols.per_month", "1/month"),
        ("sharing.latency_hours", "h"),
        ("groups.0.attempts_per_day", "1/day"),
        ("patrols.per_post.LAO", ""),
        ("hotline", ""),
        ("no.such.key", ""),
    ],
)
def test_the_unit_of_a_key_path_is_the_one_declared(key: str, unit: str) -> None:
    """Axes take units from where parameters are declared."""
    assert unit_of(key) == unit


def test_a_finding_claims_no_more_than_its_interval(experiment: Experiment) -> None:
    """A sentence names a difference only if its interval leaves out zero."""
    comparison = compare(experiment, workers=1)
    for metric in experiment.metrics:
        clear = [
            index
            for index in range(4)
            if index != comparison.baseline and comparison.difference(index, metric).clear
        ]
        assert finding(comparison, metric).startswith("No policy clearly") == (not clear)

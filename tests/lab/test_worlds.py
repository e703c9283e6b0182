"""Policies in uncertain worlds: what is drawn, how it is paired, and what intervals are over."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from small_study import small_experiment
from worlds_study import EXPERIMENT

from sim import Experiment
from sim.errors import BordersimError, InputError
from sim.lab import Comparison, compare, open_study, points_of, run_batch, study_of
from sim.lab.runner import cells_of
from sim.report.assumptions import sampled_text


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    """Three policies in four worlds, on two seeds of each world."""
    return small_experiment(tmp_path_factory.mktemp("worlds"), EXPERIMENT)


@pytest.fixture(scope="module")
def comparison(experiment: Experiment) -> Comparison:
    """What it showed."""
    return compare(experiment, workers=1)


def test_every_policy_is_a_point_in_every_world(experiment: Experiment) -> None:
    """Policies of one world share what was drawn, which is in force beside what they set."""
    points = points_of(experiment)
    assert [(point.world, point.name) for point in points] == [
        (world, choice.name) for world in range(4) for choice in experiment.policies
    ]
    assert [point.is_baseline for point in points] == [True, False, False] * 4
    for point in points:
        assert point.settings == points[3 * (point.world or 0)].settings
        assert point.scenario.patrols.detection == point.settings["patrols.detection"]
    assert points[4].scenario.policy.sharing is not None
    drawn = {point.settings["groups.0.attempts_per_day"] for point in points}
    assert len(drawn) == 4
    assert all(0.5 <= each <= 5.0 for each in drawn)


def test_ranges_that_are_not_given_are_those_assumed(experiment: Experiment) -> None:
    """A Latin hypercube has one world in each quarter of the declared range of detection."""
    values = [point.settings["patrols.detection"] for point in points_of(experiment)[::3]]
    assert sorted(int(4 * (value - 0.2) / 0.75) for value in values) == [0, 1, 2, 3]


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_the_seed_of_the_experiment_decides_the_worlds(experiment: Experiment, design: str) -> None:
    """The same seed draws the same worlds, another seed others, in either design."""
    assert experiment.worlds is not None
    worlds = experiment.worlds.model_copy(update={"design": design})
    one = experiment.model_copy(update={"worlds": worlds})
    other = one.model_copy(update={"seed": 2})
    drawn = [[point.settings for point in points_of(each)] for each in (one, one, other)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(drawn[0]) == 12


def test_policies_of_a_world_meet_the_same_chance_and_worlds_do_not(
    experiment: Experiment, comparison: Comparison
) -> None:
    """Each world has seeds of its own, on which all of its policies run; more leave these."""
    assert [world.seeds for world in comparison.worlds] == [(1, 5), (2, 6), (3, 7), (4, 8)]
    wanted = comparison.runs.groupby(["world", "seed"])["wanted"]
    assert (wanted.nunique() == 1).all()
    assert (wanted.size() == 3).all()
    points = points_of(experiment)
    few, more = (set(cells_of(points, count, 1, "model")) for count in (2, 3))
    assert few < more


def test_worlds_are_the_unit_of_intervals(comparison: Comparison) -> None:
    """Seeds are averaged within a world first; the interval is Student's t over worlds."""
    runs = comparison.runs
    cell = runs.pivot_table(index="world", columns="point", values="detection_rate")
    differences = (cell[2] - cell[0]).to_numpy()
    test = stats.ttest_1samp(differences, 0.0).confidence_interval(0.95)
    paired = comparison.difference(2, "detection_rate")
    assert (paired.low, paired.high) == pytest.approx((test.low, test.high))
    assert paired.pairs == comparison.pairs == 4
    by_run = stats.sem(
        runs.loc[runs["point"] == 2, "detection_rate"].to_numpy()
        - runs.loc[runs["point"] == 0, "detection_rate"].to_numpy()
    )
    assert paired.reach[0] != pytest.approx(stats.t.ppf(0.975, 7) * by_run)


def test_an_interval_by_hand(comparison: Comparison) -> None:
    """Worlds that gain 1, 2, 3 and 6 on average have mean 3 and half-width 3.182 · √(14/3) / 2."""
    runs = comparison.runs.sort_values(["point", "world", "seed"]).copy()
    gains = np.repeat([1.0, 2.0, 3.0, 6.0], 2) + np.tile([-0.5, 0.5], 4)
    runs["detection_rate"] = np.concatenate([np.zeros(8), gains, gains])
    known = replace(comparison, tables=replace(comparison.tables, runs=runs))
    paired = known.difference(1, "detection_rate")
    assert paired.mean == pytest.approx(3.0)
    half_width = 3.18245 * (14.0 / 3.0) ** 0.5 / 2.0
    assert paired.reach == pytest.approx((half_width, half_width), rel=1e-5)
    assert known.values(1, "detection_rate") == pytest.approx([1.0, 2.0, 3.0, 6.0])
    assert known.values_in(known.worlds[3], 1, "detection_rate") == pytest.approx([5.5, 6.5])


def test_one_seed_in_each_world_is_enough(experiment: Experiment) -> None:
    """Intervals are over worlds, so that one replication in each gives them."""
    once = compare(experiment, replications=1, workers=1)
    assert [world.seeds for world in once.worlds] == [(1,), (2,), (3,), (4,)]
    assert once.difference(1, "detection_rate").pairs == 4
    with pytest.raises(InputError, match="0 replications are no runs"):
        compare(experiment, replications=0)


def test_a_stored_study_of_worlds_goes_on(
    experiment: Experiment, comparison: Comparison, tmp_path: Path
) -> None:
    """More replications make only what is new, and the store gives what memory holds."""
    first = run_batch(study_of(experiment, tmp_path, replications=1), workers=1)
    more = run_batch(study_of(experiment, tmp_path), workers=1)
    again = run_batch(study_of(experiment, tmp_path), workers=1)
    assert [(each.made, each.before) for each in (first, more, again)] == [
        (12, 0),
        (12, 12),
        (0, 24),
    ]
    stored = open_study(tmp_path).comparison()
    pd.testing.assert_frame_equal(stored.runs, comparison.runs)
    assert [each.settings for each in stored.worlds] == [
        each.settings for each in comparison.worlds
    ]
    assert pd.read_csv(tmp_path / "points.csv")["world"].tolist() == sorted([1, 2, 3, 4] * 3)


def test_worlds_that_are_not_whole_are_left_out(experiment: Experiment, tmp_path: Path) -> None:
    """A world in which a run is missing does not count, with any of its seeds."""
    study = run_batch(study_of(experiment, tmp_path), workers=1).study
    tables = study.tables
    runs = tables.runs.query("not (point == 4 and seed == 6)")
    vars(study)["tables"] = replace(tables, runs=runs)
    found = study.comparison()
    assert [world.number for world in found.worlds] == [1, 3, 4]
    assert found.difference(1, "detection_rate").pairs == 3
    vars(study).pop("complete_seeds")
    vars(study)["tables"] = replace(tables, runs=runs.query("point < 6 or seed > 100"))
    with pytest.raises(InputError, match="1 of 4 worlds are done for every policy"):
        study.comparison()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"patrols.detection"', '"sharing.interval_days"', "decided by policies"),
        ('"patrols.detection"', '"joint_patrols.per_month"', "decided by policies"),
        ('"patrols.detection"', '"hotline.works"', "no policy has hotline"),
        ('"patrols.detection"', '"sharing.reliable"', "did you mean reliability"),
        ('"patrols.detection"', '"time.days"\nrange = [3.0, 9.0]', "the same in all worlds"),
        ('"patrols.detection"', '"world.provinces"\nvalues = [["a"]]', "the same in all worlds"),
        ('"patrols.detection"', '"patrols.detections"', "did you mean detection"),
        ('"patrols.detection"', '"groups.0.attempts_per_day"', "two factors have the same key"),
        ("days = 5", "days = 5\nreplications = 3", "within .worlds."),
        ("samples = 4", 'design = "sobol"\nsamples = 5', "power of two: 4 or 8"),
        ("samples = 4", "samples = 1", "worlds.samples"),
        (
            "[worlds]",
            '[stop]\nmetric = "detection_rate"\nhalf_width = 0.1\nmaximum = 20\n[worlds]',
            "leave it out beside .worlds.",
        ),
    ],
)
def test_worlds_that_cannot_be_drawn_are_told(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """What policies decide, what worlds share, and what does not fit is told with its place."""
    assert old in EXPERIMENT
    with pytest.raises(BordersimError, match=said) as found:
        points_of(small_experiment(tmp_path, EXPERIMENT.replace(old, new)))
    assert "experiment.toml" in str(found.value)


def test_how_well_an_instrument_works_is_drawn_where_there_is_one(tmp_path: Path) -> None:
    """Policies that have it share the draw of their world; the others are as they were."""
    text = EXPERIMENT.replace('key = "patrols.detection"', 'key = "sharing.reliability"')
    experiment = small_experiment(tmp_path, text)
    points = points_of(experiment)
    assert {point.scenario.policy.sharing for point in points[::3]} == {None}
    told = [point.scenario.policy.sharing for point in points[1::3]]
    drawn = [None if each is None else each.reliability for each in told]
    assert drawn == [point.settings["sharing.reliability"] for point in points[1::3]]
    assert len(set(drawn)) == 4
    assert all(each is not None and 0.5 <= each <= 1.0 for each in drawn)
    assert all(each is not None and each.plans for each in told)
    assert points[0].settings == points[1].settings
    comparison = compare(experiment, replications=1, workers=1)
    assert "sharing.reliability (0.5 to 1)" in sampled_text(comparison)


def test_what_policies_have_differently_is_not_drawn(tmp_path: Path) -> None:
    """A draw for all of them would take away what they are compared for."""
    text = EXPERIMENT.replace('key = "patrols.detection"', 'key = "sharing.report_hours"')
    joint = '"joint_patrols.per_month" = 20.0'
    both = f'{joint}, "sharing.interval_days" = 7, "sharing.report_hours" = 2.0'
    with pytest.raises(BordersimError, match=r"is 0\.5 in '<b>shared</b>' and 2\.0 in 'joint'"):
        points_of(small_experiment(tmp_path, text.replace(joint, both)))


def test_a_policy_that_changes_in_mid_run_is_not_drawn_for(tmp_path: Path) -> None:
    """What an inject brings would keep its own number, so that it is refused."""
    text = EXPERIMENT.replace('key = "patrols.detection"', 'key = "sharing.reliability"')
    inject = 'injects = [{ kind = "policy_change", day = 1.0, set = { "sharing.plans" = false } }]'
    experiment = small_experiment(tmp_path, text)
    world = tmp_path / "small.toml"
    world.write_text(f"{inject}\n{world.read_text()}")
    with pytest.raises(BordersimError, match="changes its policy in mid-run"):
        points_of(experiment)


def test_worlds_are_for_policies(tmp_path: Path) -> None:
    """Factors of a factorial design are not put into uncertain worlds."""
    head, _, rest = EXPERIMENT.partition("[[policies]]")
    factors = '[[factors]]\nkey = "sharing.plans"\nvalues = [false, true]\n'
    worlds = rest[rest.index("[worlds]") :]
    head = head.replace('"paired"', '"factorial"').replace('"alone"', '{ "sharing.plans" = false }')
    with pytest.raises(BordersimError, match=r"not for .*factors"):
        small_experiment(tmp_path, f"{head}{factors}{worlds}")

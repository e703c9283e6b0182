"""Share of the achievable in a study: asked for, simulated once, kept, and scored."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
import worlds_study
from small_study import EXPERIMENT, small_experiment

from sim import Experiment
from sim.errors import BordersimError, InputError
from sim.lab import (
    Comparison,
    Tables,
    compare,
    open_study,
    run_batch,
    run_limits,
    stored_limits,
    study_of,
    work,
)
from sim.lab.achieved import Achieved, achieved_on, asked_for, runs_of_limits, worlds_among
from sim.lab.design import points_of
from sim.lab.keys import directed_key, run_key
from sim.lab.study import Study
from sim.optimum import METRICS, Trial, Tried, limits_of, score

ASKED = EXPERIMENT.replace("[[factors]]", "[achievable]\nreplications = 3\n[[factors]]", 1)


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    """Four points on three seeds, with floor and ceilings on all of them."""
    return small_experiment(tmp_path_factory.mktemp("asked"), ASKED)


@pytest.fixture(scope="module")
def comparison(experiment: Experiment) -> Comparison:
    """What it shows, worked out in memory."""
    return compare(experiment, workers=1)


@pytest.fixture
def study(experiment: Experiment, tmp_path: Path) -> Study:
    """Its runs in a folder, floor and ceilings not yet made."""
    return run_batch(study_of(experiment, tmp_path / "out"), workers=1).study


def table_of(achieved: Achieved, experiment: Experiment) -> pd.DataFrame:
    """Give all scores."""
    return achieved.table(points_of(experiment))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("replications = 1", "two or more, or 0 for none"),
        ("replications = -2", "achievable.replications"),
        ("replications = 4", "asks for 4 of the seeds .* are but 3"),
        ('replications = 3\nmetric = "detection_rate"', "achievable.metric"),
        ("replicatons = 3", "did you mean replications"),
    ],
)
def test_what_cannot_be_asked_is_refused(tmp_path: Path, table: str, said: str) -> None:
    """An error names the key and what would do."""
    text = ASKED.replace("[achievable]\nreplications = 3", f"[achievable]\n{table}")
    assert text != ASKED
    with pytest.raises(InputError, match=said):
        small_experiment(tmp_path, text)


def test_uncertain_worlds_and_samples_have_no_share(tmp_path: Path) -> None:
    """Neither is one world whose points are compared; in a file and on the command line."""
    worlds = worlds_study.EXPERIMENT.replace("[worlds]", "[achievable]\nreplications = 2\n[worlds]")
    with pytest.raises(InputError, match=r"leave it out beside \[worlds\]"):
        small_experiment(tmp_path, worlds)
    sampled = ASKED.split("[baseline]")[0].replace('"factorial"', '"lhs"\nsamples = 2')
    with pytest.raises(InputError, match="design 'lhs' are not"):
        small_experiment(tmp_path, sampled)
    drawn = small_experiment(tmp_path, worlds_study.EXPERIMENT)
    with pytest.raises(InputError, match="--achievable"):
        asked_for(drawn, 2)


def test_a_file_that_extends_one_that_asks_need_not(tmp_path: Path) -> None:
    """Zero replications are the same as not asking, and so they are on the command line."""
    text = ASKED.replace("[achievable]\nreplications = 3", "[achievable]\nreplications = 0")
    assert small_experiment(tmp_path, text).achievable is None
    assert asked_for(small_experiment(tmp_path, ASKED), 0).achievable is None


def test_shares_are_those_of_the_optimum_on_the_same_seeds(
    experiment: Experiment, comparison: Comparison
) -> None:
    """Floor, ceilings and scores are what `limits_of` and `score` give, point by point."""
    points = points_of(experiment)
    limits = limits_of(points[0].scenario, (1, 2, 3))
    achieved = comparison.achieved
    assert achieved is not None
    assert achieved.limits == (limits,)
    for index in range(len(points)):
        for metric in METRICS:
            assert achieved.score(index, metric) == score(
                comparison.values(index, metric),
                [each[metric] for each in limits.floor],
                [each[metric] for each in getattr(limits, limits.ceiling(metric))],
            )


def test_what_is_not_asked_for_is_not_there(tmp_path: Path) -> None:
    """Without the table nothing is simulated besides the points."""
    assert compare(small_experiment(tmp_path), workers=1).achieved is None


def test_worlds_are_what_points_differ_in_besides_their_policy(tmp_path: Path) -> None:
    """A factor of the scenario makes worlds, one of the policy does not; each has its limits."""
    text = ASKED.replace(
        'key = "sharing.plans"\nvalues = [false, true]',
        'key = "groups.0.attempts_per_day"\nvalues = [1.0, 2.0]',
    ).replace('"sharing.plans" = false', '"groups.0.attempts_per_day" = 1.0')
    experiment = small_experiment(tmp_path, text)
    points = points_of(experiment)
    assert worlds_among(points) == ((0, 1, 0, 1), [0, 1])
    seen: list[float] = []

    def note(trials: Sequence[Trial]) -> list[Tried]:
        seen.extend(trial.scenario.groups[0].attempts_per_day for trial in trials if trial.hand)
        return [Tried(dict.fromkeys(METRICS, trial.seed)) for trial in trials]

    runs = pd.DataFrame(
        [
            {"point": n, "seed": seed} | dict.fromkeys(METRICS, 0.5)
            for n in range(4)
            for seed in (1, 2)
        ]
    )
    tables = Tables(runs, sides=pd.DataFrame(), segments=pd.DataFrame())
    achieved = achieved_on(asked_for(experiment, 2), points, tables, note)
    assert seen == [1.0] * 4 + [2.0] * 4
    assert achieved.world_of == (0, 1, 0, 1)
    assert len(achieved.limits) == 2


def test_limits_are_kept_and_not_made_again(
    experiment: Experiment, comparison: Comparison, study: Study
) -> None:
    """A folder gives what memory does; a second call makes no run; runs of points stay alone."""
    assert comparison.achieved is not None
    expected = table_of(comparison.achieved, experiment)
    runs = study.runs
    with pytest.raises(InputError, match=r"not stored.*compare or batch again"):
        stored_limits(study)
    made: list[int] = []
    first = run_limits(study, workers=1, progress=lambda there, failed, most: made.append(most))
    assert 0 < len(made) <= runs_of_limits(study.points, 3) == made[0]
    assert first.limits == comparison.achieved.limits
    pd.testing.assert_frame_equal(table_of(first, experiment), expected)
    made.clear()
    run_limits(study, workers=1, progress=lambda there, failed, most: made.append(most))
    assert made == []
    stored = stored_limits(open_study(study.folder))
    pd.testing.assert_frame_equal(table_of(stored, experiment), expected)
    again = run_batch(study, workers=1)
    assert (again.made, again.runs) == (0, 12)
    pd.testing.assert_frame_equal(again.study.runs, runs)


def test_who_ends_it_goes_on_from_there(study: Study) -> None:
    """Runs that ended before Ctrl-C are stored, and only the others are made afterwards."""
    seen: list[int] = []

    def stop(there: int, failed: int, most: int) -> None:
        seen.append(there)
        if there == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="goes on from there"):
        run_limits(study, workers=1, progress=stop)
    after: list[int] = []
    run_limits(study, workers=1, progress=lambda there, failed, most: after.append(there))
    assert seen == [1, 2, 3, 4, 5]
    assert after[0] == 6


def test_a_run_that_fails_is_told_and_made_again_if_asked(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failure says why and what to do; nothing is tried again by itself."""
    true = work.run_trial

    def breaking(trial: Trial, runs: int) -> object:
        if trial.hand == "oracle" and trial.seed == 2:
            raise ValueError("no crystal ball")
        return true(trial, runs)

    monkeypatch.setattr(work, "run_trial", breaking)
    with pytest.raises(BordersimError, match=r"1 runs .* failed: ValueError: no crystal ball"):
        run_limits(study, workers=1)
    monkeypatch.undo()
    with pytest.raises(BordersimError, match="--retry-failed"):
        run_limits(study, workers=1)
    assert run_limits(study, workers=1, retry_failed=True).seeds == (1, 2, 3)


def test_a_run_under_one_hand_has_a_key_of_its_own() -> None:
    """Who places the patrols counts, beside inputs, seed and model."""
    keys = {
        run_key("a", 1, "m"),
        directed_key("a", 1, "m", "oracle"),
        directed_key("a", 1, "m", "equilibrium"),
        directed_key("a", 2, "m", "oracle"),
        directed_key("a", 1, "n", "oracle"),
    }
    assert len(keys) == 5


@pytest.mark.parametrize(("done", "taken"), [([1, 2, 3], [1, 2]), ([2, 3], [2, 3])])
def test_the_first_seeds_on_which_all_points_are_done_are_taken(
    experiment: Experiment, comparison: Comparison, done: list[int], taken: list[int]
) -> None:
    """Floor, ceilings and points are on two of them, as asked."""
    wanted: list[Trial] = []

    def note(trials: Sequence[Trial]) -> list[Tried]:
        wanted.extend(trials)
        return [Tried(dict.fromkeys(METRICS, 0.5)) for _ in trials]

    two = asked_for(experiment, 2)
    achieved = achieved_on(two, comparison.points, comparison.tables.of_seeds(done), note)
    assert list(achieved.seeds) == taken
    assert [trial.seed for trial in wanted if trial.hand is not None] == taken * 2
    values = comparison.values(1, METRICS[1])
    assert achieved.values(1, METRICS[1]) == [values[seed - 1] for seed in taken]

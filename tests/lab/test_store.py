"""What is stored is what was run, once each, and nothing is mixed."""

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from small_study import EXPERIMENT, as_bytes, small_experiment
from small_world import SCENARIO

from sim import Experiment, Scenario
from sim.engine.fingerprint import sources_sha256
from sim.errors import InputError
from sim.lab import (
    compare,
    model_version,
    open_study,
    outlook,
    points_of,
    run_batch,
    run_key,
    study_of,
)
from sim.lab.intake import Intake
from sim.lab.ledger import Ledger
from sim.lab.runner import jobs_of
from sim.lab.shards import write_shard
from sim.lab.work import Chunk, Chunks, run_chunk
from sim.report import write_report
from sim.scenario import Stop

ROOT = Path(__file__).parents[2]


@pytest.fixture
def experiment(tmp_path: Path) -> Experiment:
    """Four points on three seeds."""
    return small_experiment(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the study is stored."""
    return tmp_path / "out"


def test_a_key_is_of_inputs_seed_and_model() -> None:
    """A change of any of the three makes another run."""
    keys = {
        run_key("a", 1, "m"),
        run_key("b", 1, "m"),
        run_key("a", 2, "m"),
        run_key("a", 1, "n"),
        run_key("a 1", 1, "m"),
    }
    assert len(keys) == 5
    assert run_key("a", 1, "m") == run_key("a", 1, "m")


def test_a_fingerprint_is_of_names_and_texts_of_the_modules_named() -> None:
    """Rules count, what is left out does not, and the model's version tells of them."""
    rules = sources_sha256("rules/*.py")
    both = sources_sha256("rules/*.py", "engine/**/*.py")
    without = sources_sha256("rules/*.py", "engine/**/*.py", but="engine")
    assert rules == without != both
    assert model_version().partition("+")[2]


def test_what_is_stored_is_what_memory_holds(
    experiment: Experiment, folder: Path, tmp_path: Path
) -> None:
    """Tables from the store and from memory are the same, byte for byte."""
    stored = run_batch(study_of(experiment, folder), workers=1).study.tables
    kept = compare(experiment, workers=1).tables
    pd.testing.assert_frame_equal(stored.sides, kept.sides)
    assert as_bytes(stored, tmp_path / "a") == as_bytes(kept, tmp_path / "b")


def test_the_same_call_again_runs_nothing(experiment: Experiment, folder: Path) -> None:
    """What is done is not done again."""
    first = run_batch(study_of(experiment, folder), workers=1)
    again = run_batch(study_of(experiment, folder), workers=1)
    assert (first.made, first.before) == (12, 0)
    assert (again.made, again.before) == (0, 12)


def test_more_replications_run_only_the_new_ones(
    experiment: Experiment, folder: Path, tmp_path: Path
) -> None:
    """Five seeds after three are two more for each point, and the same as five at once."""
    run_batch(study_of(experiment, folder), workers=1)
    more = run_batch(study_of(experiment, folder, 5), workers=1)
    assert (more.made, more.before) == (8, 12)
    at_once = compare(experiment, 5, workers=1).tables
    assert as_bytes(more.study.tables, tmp_path / "a") == as_bytes(at_once, tmp_path / "b")
    fewer = run_batch(study_of(experiment, folder), workers=1).study
    assert sorted(set(fewer.runs["seed"])) == [1, 2, 3]


def test_a_rule_of_stopping_adds_runs_until_it_is_content(
    experiment: Experiment, folder: Path
) -> None:
    """As many seeds are stored as memory would run; the same call again runs nothing."""
    stop = Stop(metric="detection_rate", half_width=0.12, maximum=12, minimum=3)
    ruled = experiment.model_copy(update={"stop": stop})
    batch = run_batch(study_of(ruled, folder), workers=1)
    in_memory = compare(ruled, workers=1)
    seeds = sorted(in_memory.runs["seed"].unique())
    assert 3 < len(seeds) <= 12
    assert sorted(open_study(folder).runs["seed"].unique()) == seeds
    assert batch.made == batch.runs == len(seeds) * len(batch.study.points)
    assert open_study(folder).comparison().table().equals(in_memory.table())
    again = run_batch(study_of(ruled, folder), workers=1)
    assert (again.made, again.before, again.runs) == (0, batch.runs, batch.runs)
    fixed = study_of(ruled, folder, replications=2)
    assert fixed.experiment.stop is None
    assert len(run_batch(fixed, workers=1).study.complete_seeds) == 2


def test_another_policy_runs_only_itself(
    experiment: Experiment, folder: Path, tmp_path: Path
) -> None:
    """A value added to a factor adds the points that have it."""
    run_batch(study_of(experiment, folder), workers=1)
    (tmp_path / "experiment.toml").write_text(
        EXPERIMENT.replace('values = [1, "never"]', 'values = [1, 7, "never"]')
    )
    more = run_batch(study_of(Experiment.load(tmp_path / "experiment.toml"), folder), workers=1)
    assert (more.made, more.before) == (2 * 3, 12)


def test_a_changed_scenario_is_run_anew(
    experiment: Experiment, folder: Path, tmp_path: Path
) -> None:
    """After a change of the world nothing of the old one is read, and the old one is kept."""
    before = run_batch(study_of(experiment, folder), workers=1).study
    old = as_bytes(before.tables, tmp_path / "a")
    (tmp_path / "small.toml").write_text(SCENARIO.replace("count = 4", "count = 9"))
    after = run_batch(study_of(experiment, folder), workers=1)
    assert (after.made, after.before) == (12, 0)
    assert (after.study.runs["wanted"] > before.runs["wanted"]).all()
    (tmp_path / "small.toml").write_text(SCENARIO)
    back = run_batch(study_of(experiment, folder), workers=1)
    assert (back.made, back.before) == (0, 12)
    assert as_bytes(back.study.tables, tmp_path / "b") == old


def test_points_with_the_same_inputs_share_their_runs(experiment: Experiment, folder: Path) -> None:
    """A policy under two names is run once and read twice."""
    study = study_of(experiment, folder)
    study.points[1] = study.points[0]
    batch = run_batch(study, workers=1)
    assert (batch.runs, batch.made) == (9, 9)
    runs = batch.study.runs
    assert len(runs) == 12
    one, two = (runs[runs["point"] == point].drop(columns="point") for point in (0, 1))
    assert one.to_numpy().tolist() == two.to_numpy().tolist()


def test_a_study_opens_from_its_folder_alone(
    experiment: Experiment, folder: Path, tmp_path: Path
) -> None:
    """With all files gone that it was made from, and moved, it gives the same report."""
    batch = run_batch(study_of(experiment, folder), workers=1)
    told = batch.study.comparison().table()
    where = tmp_path / "elsewhere" / "study"
    shutil.move(folder, where)
    for name in ("experiment.toml", "small.toml"):
        (tmp_path / name).unlink()
    shutil.rmtree(tmp_path / "border")
    study = open_study(where)
    pd.testing.assert_frame_equal(study.comparison().table(), told)
    assert study.experiment == batch.study.experiment
    for point, known in zip(study.points, batch.study.points, strict=True):
        assert (point.name, point.settings) == (known.name, known.settings)
        assert point.scenario.inputs_sha256 == known.scenario.inputs_sha256
        assert point.scenario.border_folders[0].is_relative_to(where)
    again = run_batch(study, workers=1)
    assert (again.made, again.before) == (0, 12)
    assert write_report(study.comparison(), where).is_file()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "experiments").glob("*.toml")), ids=lambda path: path.stem
)
def test_every_experiment_comes_back_as_it_was(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scenarios, policies, names of code and settings survive being written down."""
    monkeypatch.syspath_prepend(str(ROOT))
    experiment = Experiment.load(path)
    study = study_of(experiment, tmp_path, allow_code=True)
    saved = study.save()
    opened = open_study(tmp_path)
    assert opened.experiment == experiment
    assert opened.points == saved.points
    assert opened.cells == study.cells


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.toml")), ids=lambda p: p.stem)
def test_every_scenario_comes_back_as_it_was(path: Path) -> None:
    """A scenario as JSON is the same scenario, with the same hash."""
    scenario = Scenario.load(path)
    again = Scenario.model_validate_json(scenario.model_dump_json())
    assert again == scenario
    assert again.inputs_sha256 == scenario.inputs_sha256


def test_what_a_crash_left_is_neither_read_nor_kept(
    experiment: Experiment, folder: Path, tmp_path: Path
) -> None:
    """A shard that no entry refers to, and a torn file, are ignored and then removed."""
    study = run_batch(study_of(experiment, folder), workers=1).study
    told = as_bytes(study.tables, tmp_path / "a")
    known = set((folder / "shards").iterdir())
    job = jobs_of(study.points, study.cells[:1])[0]
    (ended,) = run_chunk(Chunk((job,), model_version()))
    assert ended.parts is not None
    write_shard(folder, [ended.parts])
    (folder / "shards" / "0123.runs.parquet.77.part").write_bytes(b"PAR1 torn")
    (folder / "study.json.77.part").write_text("{")
    assert as_bytes(open_study(folder).tables, tmp_path / "b") == told
    assert set((folder / "shards").iterdir()) > known
    run_batch(study, workers=1)
    assert set((folder / "shards").iterdir()) == known
    assert not list(folder.rglob("*.part"))


def test_a_run_that_two_processes_made_counts_once(
    experiment: Experiment, folder: Path, tmp_path: Path
) -> None:
    """The first shard to hold a run stays the one that is read; a failure undoes nothing."""
    study = run_batch(study_of(experiment, folder), workers=1).study
    told = as_bytes(study.tables, tmp_path / "a")
    jobs = tuple(jobs_of(study.points, study.cells))
    chunk = Chunk(jobs, model_version())
    with Ledger.writing(folder) as ledger:
        before = ledger.shards()
        intake = Intake(folder, ledger)
        intake.add(run_chunk(chunk))
        intake.store()
        intake.add(chunk.lost("too late"))
        intake.store()
        assert ledger.shards() == before
        assert ledger.failures() == []
    assert as_bytes(open_study(folder).tables, tmp_path / "b") == told


def test_columns_may_be_of_whole_numbers_in_one_shard_only(
    experiment: Experiment, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run a shard and all in one give the same tables."""
    monkeypatch.setattr(Intake, "RUNS", 1)
    many = run_batch(study_of(experiment, folder), workers=1).study
    assert len(list((folder / "shards").iterdir())) == 3 * 12
    monkeypatch.undo()
    one = run_batch(study_of(experiment, tmp_path / "one"), workers=1).study
    assert len(list((tmp_path / "one" / "shards").iterdir())) == 3
    assert as_bytes(many.tables, tmp_path / "a") == as_bytes(one.tables, tmp_path / "b")


def test_another_format_is_refused(experiment: Experiment, folder: Path) -> None:
    """A ledger or study of a later format is an error, and is left alone."""
    run_batch(study_of(experiment, folder), workers=1)
    text = (folder / "study.json").read_text()
    (folder / "study.json").write_text(text.replace('"format": 1', '"format": 2', 1))
    with pytest.raises(InputError, match="format 2"):
        open_study(folder)
    connection = sqlite3.connect(folder / "ledger.sqlite")
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    with pytest.raises(InputError, match=r"ledger\.sqlite.*format 7.*another --out"):
        run_batch(study_of(experiment, folder), workers=1)


def test_runs_of_another_model_are_read_and_not_added_to(
    experiment: Experiment, folder: Path, tmp_path: Path
) -> None:
    """A study of an earlier model opens as it was; today's runs are not stored as of then."""
    study = run_batch(study_of(experiment, folder), workers=1).study
    earlier = replace(study, folder=tmp_path / "earlier", model="0.0+earlier")
    with pytest.raises(InputError, match=r"version 0\.0\+earlier .*run the experiment again"):
        run_batch(earlier, workers=1)
    assert not earlier.folder.exists()
    assert {cell.key for cell in earlier.cells}.isdisjoint(cell.key for cell in study.cells)


def test_what_changes_between_reading_and_running_is_told(
    experiment: Experiment, folder: Path, tmp_path: Path
) -> None:
    """Border data that were edited in between are not run under the hash of the old ones."""
    study = study_of(experiment, folder)
    assert study.cells
    table = tmp_path / "border" / "segments.csv"
    table.write_text(table.read_text().replace("10.0", "11.0"))
    with pytest.raises(InputError, match="have changed since"):
        run_batch(study, workers=1)


@pytest.mark.parametrize("name", ["study.json", "ledger.sqlite"])
def test_a_damaged_file_is_told(experiment: Experiment, folder: Path, name: str) -> None:
    """What cannot be read is named, with what to do."""
    run_batch(study_of(experiment, folder), workers=1)
    (folder / name).write_text("[] nothing of the kind, and long enough to be looked at " * 9)
    with pytest.raises(InputError, match=name):
        _ = open_study(folder).runs


def test_a_missing_shard_is_told(experiment: Experiment, folder: Path) -> None:
    """Results that were stored and are gone are an error, not fewer results."""
    study = run_batch(study_of(experiment, folder), workers=1).study
    next((folder / "shards").glob("*.sides.parquet")).unlink()
    with pytest.raises(InputError, match=r"sides\.parquet.*copy"):
        _ = study.runs


def test_a_folder_without_a_study_is_told(tmp_path: Path) -> None:
    """Opening what is not there says what to name."""
    with pytest.raises(InputError, match="holds no study"):
        open_study(tmp_path)


def test_an_outlook_counts_what_is_left(experiment: Experiment, folder: Path) -> None:
    """It says how many runs are left, by a guide at first, and then by those that were made."""
    before = outlook(study_of(experiment, folder))
    assert (before.runs, before.done, before.remaining) == (12, 0, 12)
    assert before.seconds > 0.0
    assert not before.measured
    assert not folder.exists()
    run_batch(study_of(experiment, folder), workers=1)
    half = outlook(study_of(experiment, folder, 6))
    assert (half.runs, half.done, half.remaining, half.measured) == (24, 12, 12, True)
    after = outlook(study_of(experiment, folder))
    assert (after.remaining, after.seconds) == (0, 0.0)


def test_an_unfinished_study_is_compared_on_complete_seeds(
    experiment: Experiment, folder: Path
) -> None:
    """Seeds on which a point is missing are left out for all; too few of them are an error."""
    study = run_batch(study_of(experiment, folder), workers=1).study
    whole = study.comparison()
    with sqlite3.connect(folder / "ledger.sqlite") as connection:
        key = study.cells[0].key
        connection.execute("UPDATE runs SET state = 'waiting', shard = NULL WHERE key = ?", (key,))
    connection.close()
    part = open_study(folder)
    assert len(part.runs) == 11
    assert sorted(set(part.comparison().runs["seed"])) == [2, 3]
    assert part.comparison().values(1, "wanted") == whole.values(1, "wanted")[1:]
    two = study_of(experiment, folder, 2).save()
    with pytest.raises(InputError, match="1 of 2 seeds"):
        two.comparison()


def test_chunks_hold_every_run_once_and_grow_as_runs_are_short(experiment: Experiment) -> None:
    """The first are single runs; then half a second of work, but a fair share of what is left."""
    points = points_of(experiment)
    (job, *_) = jobs_of(points, study_of(experiment, Path("unused")).cells)
    jobs = [job] * 1000
    chunks = Chunks(jobs, workers=2)
    sizes = []
    ended = Chunk((job,), "").lost("")[0]
    for chunk in chunks:
        sizes.append(len(chunk.jobs))
        chunks.learn([ended] * len(chunk.jobs))
    assert sum(sizes) == 1000
    assert sizes[0] == 1
    assert max(sizes) == Chunks.LARGEST
    assert sizes[-1] == 1


def test_a_study_can_be_asked_in_sql(experiment: Experiment, folder: Path) -> None:
    """The query that results/README.md shows gives the means that the study gives."""
    study = run_batch(study_of(experiment, folder), workers=1).study
    readme = (ROOT / "results" / "README.md").read_text(encoding="utf-8")
    query = readme.partition("```sql")[2].partition("```")[0]
    told = duckdb.sql(query.replace("results/NAME", str(folder))).fetchall()
    means = study.runs.groupby("point")["interdiction_rate"].mean()
    assert {name: rate for name, _, rate in told} == {
        point.name: pytest.approx(means[index]) for index, point in enumerate(study.points)
    }
    assert {count for _, count, _ in told} == {3}

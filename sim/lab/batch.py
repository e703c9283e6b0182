"""A batch: the runs of a study that are not done yet, made and stored."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sim.engine.engines import choose_engine, expected_seconds
from sim.errors import InputError
from sim.lab.compare import prepare
from sim.lab.design import require_baseline
from sim.lab.intake import Intake
from sim.lab.keys import model_version
from sim.lab.ledger import Asked, Failure, Ledger
from sim.lab.places import place_of
from sim.lab.runner import jobs_of, made
from sim.lab.sequential import values_of
from sim.lab.shards import remove_others
from sim.lab.stopping import next_replications
from sim.lab.study import Study
from sim.lock import alone_in
from sim.scenario import Experiment


@dataclass(frozen=True)
class Outlook:
    """What a batch would do.

    Attributes
    ----------
    points, replications : what is asked for
    runs : how many runs that is; points with the same inputs share theirs
    done, failed : how many of them are stored, and failed before
    remaining : how many would be made
    seconds : how long these take one after another
    measured : whether that is by runs of this study, or only by a guide
    """

    points: int
    replications: int
    runs: int
    done: int
    failed: int
    remaining: int
    seconds: float
    measured: bool


@dataclass(frozen=True)
class Batch:
    """What a batch did.

    Attributes
    ----------
    study : what was asked for
    runs : how many runs that is
    before : how many of them were done already
    made : how many were made now, those that failed included
    failures : those that have failed, now or before
    """

    study: Study
    runs: int
    before: int
    made: int
    failures: list[Failure]


def study_of(
    experiment: Experiment,
    folder: Path,
    replications: int | None = None,
    allow_code: bool = False,
) -> Study:
    """Make a study of an experiment, which is not in its folder yet.

    Parameters
    ----------
    experiment : what to ask
    folder : where runs are to be stored; may hold some
    replications : in place of the experiment's own, or of its rule of stopping, at least two
    allow_code : whether names of Python code in its files are honoured

    Raises
    ------
    InputError : the experiment cannot be run as it is
    """
    points, count = prepare(experiment, replications, allow_code)
    if replications is not None:
        experiment = experiment.model_copy(update={"stop": None})
    elif experiment.stop is not None:
        require_baseline(experiment)
        count = experiment.stop.minimum
    return Study(folder, experiment, points, count, model_version())


def outlook(study: Study, retry_failed: bool = False) -> Outlook:
    """Say what a batch would do, without doing it.

    Parameters
    ----------
    study : what is asked for
    retry_failed : whether runs that failed are to be made again

    Raises
    ------
    InputError : what is stored cannot be read
    """
    states: dict[str, str] = {}
    seconds: dict[tuple[str, str], float] = {}
    if Ledger.is_in(study.folder):
        with Ledger.reading(study.folder) as ledger:
            states, seconds = ledger.states(), ledger.seconds()
    points = {cell.key: cell.point for cell in study.cells}
    counts = Counter(states.get(key, "waiting") for key in points)
    left = {key: point for key, point in points.items() if _is_left(states.get(key), retry_failed)}
    expected = {point: _expected(study, point, len(left), seconds) for point in set(left.values())}
    return Outlook(
        points=len(study.points),
        replications=study.replications,
        runs=len(points),
        done=counts["done"],
        failed=counts["failed"],
        remaining=len(left),
        seconds=sum(expected[point][0] for point in left.values()),
        measured=all(is_measured for _, is_measured in expected.values()),
    )


def _expected(
    study: Study, point: int, runs: int, measured: dict[tuple[str, str], float]
) -> tuple[float, bool]:
    """How long a run of a point takes, s, and whether that was measured on runs like it."""
    scenario = study.points[point].scenario
    engine = choose_engine(scenario, runs=runs)[0]
    known = measured.get((scenario.inputs_sha256, engine))
    return (expected_seconds(scenario, engine), False) if known is None else (known, True)


def _is_left(state: str | None, retry_failed: bool) -> bool:
    return state != "done" and (state != "failed" or retry_failed)


def run_batch(
    study: Study,
    workers: int = -1,
    cluster: str | None = None,
    retry_failed: bool = False,
    progress: Callable[[int, int, int], None] | None = None,
    waiting: Callable[[], None] | None = None,
) -> Batch:
    """Make the runs of a study that are not done yet, and store them as they end.

    A run that fails is noted with its traceback and stops no other. Whatever ends the batch, what
    has been stored stays, and the same call goes on from there. Where the experiment has a rule of
    stopping, replications are added until it is content; seeds on which a run failed do not count.

    Parameters
    ----------
    study : what is asked for
    workers : processes to use, -1 for all cores
    cluster : address of a Dask scheduler, in place of them
    retry_failed : whether runs that failed before are made again
    progress : called as runs end with the number that ended, that failed, and that are to be made
    waiting : called if another batch is at work in the folder, whose end is waited for

    Raises
    ------
    InputError : the folder cannot be written to, there are no workers, or the study is of another
        version of the model
    KeyboardInterrupt : the user ended it; its message says how to go on
    """
    batch = _make_missing(study, workers, cluster, retry_failed, progress, waiting)
    while (wanted := _wanted(batch.study)) is not None:
        more = replace(batch.study, replications=wanted)
        added = _make_missing(more, workers, cluster, False, progress, waiting)
        batch = replace(added, before=added.before - batch.made, made=batch.made + added.made)
    return batch


def _wanted(study: Study) -> int | None:
    """Give the replications that the rule of stopping asks for, if they are more than there are."""
    stop = study.experiment.stop
    if stop is None:
        return None
    seeds = study.complete_seeds
    values = values_of(study.tables.of_seeds(seeds), study.points, stop)
    baseline = next(index for index, point in enumerate(study.points) if point.is_baseline)
    wanted = next_replications(values, baseline, stop)
    return None if wanted is None or wanted <= study.replications else wanted


def _make_missing(
    study: Study,
    workers: int,
    cluster: str | None,
    retry_failed: bool,
    progress: Callable[[int, int, int], None] | None,
    waiting: Callable[[], None] | None,
) -> Batch:
    """Make the runs of a study that are not done yet, as many as it has replications."""
    if study.model != model_version():
        raise InputError(
            f"is of version {study.model} of the model, and this is {model_version()}",
            where=str(study.folder),
            remedy="run the experiment again, which keeps what is stored",
        )
    with (
        place_of(workers, cluster) as place,
        alone_in(study.folder, waiting or _quietly, "choose another --out") as is_alone,
        Ledger.writing(study.folder) as ledger,
    ):
        study = study.save()
        inputs = [point.scenario.inputs_sha256 for point in study.points]
        asked = {
            cell.key: Asked(cell.key, inputs[cell.point], cell.seed, study.model)
            for cell in study.cells
        }
        ledger.ask(asked.values())
        if retry_failed:
            ledger.ask_again(asked)
        if is_alone:
            remove_others(study.folder, set(ledger.shards().values()))
        states = ledger.states()
        left = [cell for cell in study.cells if states[cell.key] == "waiting"]
        intake = Intake(study.folder, ledger)
        ended, failed = 0, 0
        jobs = jobs_of(study.points, left)
        try:
            for some in made(place, jobs):
                intake.add(some)
                ended += len(some)
                failed += sum(each.parts is None for each in some)
                if progress is not None:
                    progress(ended, failed, len(jobs))
        except KeyboardInterrupt:
            intake.store()
            raise KeyboardInterrupt(_how_to_go_on(study, ledger, asked)) from None
        finally:
            intake.store()
        failures = [each for each in ledger.failures() if each.key in asked]
    before = sum(states[key] == "done" for key in asked)
    return Batch(study, len(asked), before, ended, failures)


def _quietly() -> None:
    """Wait without a word."""


def _how_to_go_on(study: Study, ledger: Ledger, asked: dict[str, Asked]) -> str:
    states = ledger.states()
    done = sum(states[key] == "done" for key in asked)
    return (
        f"interrupted; {done} of {len(asked)} runs are stored in {study.folder}, and the same "
        "command goes on from there"
    )

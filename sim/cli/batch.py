"""`bordersim batch`: only the runs of an experiment; the same call again goes on."""

import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import joblib
import typer

from sim.cli.progress import duration, ended_by_terminate, say_waiting, shown
from sim.errors import BordersimError
from sim.lab import Achieved, Batch, Study, outlook, run_batch, run_limits, study_of
from sim.lab.achieved import asked_for, runs_of_limits
from sim.lab.design import count_of_worlds
from sim.scenario import Experiment


def batch_command(
    path: Path,
    out: Path | None,
    workers: int,
    cluster: str | None,
    dry_run: bool,
    replications: int | None,
    days: float | None,
    achievable: int | None,
    as_json: bool,
    allow_code: bool,
    retry_failed: bool,
) -> None:
    """Make the runs of an experiment that are not stored yet."""
    study = study_asked_for(path, out, replications, days, allow_code, achievable)
    if dry_run:
        tell_outlook(study, workers, cluster, retry_failed, as_json)
        return
    batch = batch_shown(study, workers, cluster, retry_failed)
    _, failure = limits_shown(batch.study, workers, cluster, retry_failed)
    if as_json:
        print(json.dumps(_document(batch), indent=2, ensure_ascii=False))
    else:
        done = batch.runs - len(batch.failures)
        print(f"{batch.made} runs made, {batch.before} were there before")
        print(f"{done} of {batch.runs} runs are in {study.folder}")
    end_by_failures(batch, failure)


def study_asked_for(
    path: Path,
    out: Path | None,
    replications: int | None,
    days: float | None,
    allow_code: bool,
    achievable: int | None = None,
) -> Study:
    """Make the study that a call of the command asks for.

    Raises
    ------
    InputError : it cannot be run as it is
    """
    experiment = Experiment.load(path)
    if days is not None:
        experiment = experiment.model_copy(update={"days": days})
    if achievable is not None:
        experiment = asked_for(experiment, achievable)
    folder = out or Path("results") / path.stem
    return study_of(experiment, folder, replications, allow_code)


def batch_shown(
    study: Study, workers: int, cluster: str | None = None, retry_failed: bool = False
) -> Batch:
    """Make the missing runs of a study, show how far that is, and sum up what failed."""
    try:
        with ended_by_terminate(), shown() as progress:
            batch = run_batch(study, workers, cluster, retry_failed, progress, say_waiting)
    except KeyboardInterrupt as interruption:
        print(f"bordersim: {interruption or 'interrupted'}", file=sys.stderr)
        raise typer.Exit(130) from None
    kinds = Counter(each.error.strip().rpartition("\n")[2] for each in batch.failures)
    for kind, count in kinds.most_common():
        print(f"{count} of {batch.runs} runs failed: {kind}", file=sys.stderr)
    if kinds:
        print(
            f"their tracebacks are in {study.folder / 'ledger.sqlite'}; --retry-failed tries them "
            "again",
            file=sys.stderr,
        )
    return batch


def limits_shown(
    study: Study, workers: int, cluster: str | None = None, retry_failed: bool = False
) -> tuple[Achieved | None, BordersimError | None]:
    """Make floor and ceilings of a study that asks for them, and show how far that is.

    Returns
    -------
    How much of what can be achieved its points do, none if that is not asked for or cannot be
    known; and why it cannot.
    """
    if study.experiment.achievable is None:
        return None, None
    try:
        with ended_by_terminate(), shown("floor and ceilings") as progress:
            return run_limits(study, workers, cluster, retry_failed, progress, say_waiting), None
    except KeyboardInterrupt as interruption:
        print(f"bordersim: {interruption or 'interrupted'}", file=sys.stderr)
        raise typer.Exit(130) from None
    except BordersimError as failure:
        return None, failure


def end_by_failures(batch: Batch, failure: BordersimError | None = None) -> None:
    """End the command by exit code 1 if a run failed, or by the failure that is given."""
    if not batch.failures:
        if failure is not None:
            raise failure
        return
    if failure is not None:
        print(f"bordersim: {failure}", file=sys.stderr)
    raise typer.Exit(1)


def _document(batch: Batch) -> dict[str, Any]:
    names = {point.scenario.inputs_sha256: point.name for point in batch.study.points}
    return {
        "folder": str(batch.study.folder),
        "model": batch.study.model,
        "runs": batch.runs,
        "before": batch.before,
        "made": batch.made,
        "failures": [
            {"point": names[each.inputs_sha256], **each._asdict()} for each in batch.failures
        ],
    }


def tell_outlook(
    study: Study, workers: int, cluster: str | None, retry_failed: bool, as_json: bool
) -> None:
    """Say what would be run, and how long that may take."""
    told = outlook(study, retry_failed)
    count = 1 if cluster else joblib.effective_n_jobs(workers)
    seconds = told.seconds / count
    if as_json:
        document = asdict(told) | {"folder": str(study.folder), "workers": count}
        print(json.dumps(document | {"expected_seconds": seconds}, indent=2, ensure_ascii=False))
        return
    print(f"{_asked(study)} are {told.runs} runs")
    if study.experiment.stop is not None:
        print("at first; more follow until differences are known as the experiment asks")
    print(f"{told.done} are done, {told.failed} failed, {told.remaining} would be made")
    if told.remaining:
        source = "runs of this study" if told.measured else "a guide, not by a measurement here"
        print(f"about {duration(seconds)} with {count} at once, by {source}")
    asked = study.experiment.achievable
    if asked is not None:
        most = runs_of_limits(study.points, min(asked.replications, study.replications))
        print(f"floor and ceilings follow: up to {most} runs, as far as they are not stored")


def _asked(study: Study) -> str:
    """Say how many points there are on how many seeds, or policies in how many uncertain worlds."""
    seeds = f"{study.replications} seed{'s' * (study.replications != 1)}"
    if study.experiment.worlds is None:
        return f"{len(study.points)} points on {seeds}"
    worlds = count_of_worlds(study.points)
    return f"{len(study.points) // worlds} policies in {worlds} uncertain worlds on {seeds} each"

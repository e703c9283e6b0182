"""`bordersim validate` and `bordersim schema`: what a file may say, and whether it does."""

import difflib
import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.errors import InputError, InputErrors
from sim.lab import points_of, unknown_metrics
from sim.scenario import Experiment, ExperimentFile, PolicyFile, Scenario, ScenarioFile
from sim.scenario.catalogue import markdown
from sim.scenario.files import collecting, inherit
from sim.scenario.scenario import check_policy
from sim.world import build_world

KINDS: dict[str, type[BaseModel]] = {
    "scenario": ScenarioFile,
    "policy": PolicyFile,
    "experiment": ExperimentFile,
}

PARAMETERS = "parameters"
"""In place of a kind of file: every parameter of scenario and policy files, as Markdown."""


def schema_command(kind: str) -> None:
    """Print the JSON Schema of a kind of file, or the table of all parameters."""
    if kind == PARAMETERS:
        print(markdown(), end="")
        return
    if kind not in KINDS:
        valid = [*KINDS, PARAMETERS]
        close = difflib.get_close_matches(kind, valid, n=1)
        raise InputError(
            f"no kind of file {kind!r}",
            where="KIND",
            remedy=f"did you mean {close[0]}?" if close else f"valid: {', '.join(valid)}",
        )
    document: dict[str, Any] = KINDS[kind].model_json_schema()
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    print(json.dumps(document, indent=2, ensure_ascii=False))


def validate_command(files: list[Path], allow_code: bool) -> None:
    """Check files, print every error of all of them, and fail if there are any."""
    errors: list[InputError] = []
    for path in files:
        found: list[InputError] = []
        with collecting(found):
            print(f"{path}: a valid {_check_file(path, allow_code)}")
        errors += [_placed(error, path) for error in found]
    for error in errors:
        print(error, file=sys.stderr)
    if errors:
        raise InputError(f"{len(errors)} error{'s' * (len(errors) > 1)} in {len(files)} file(s)")


def _check_file(path: Path, allow_code: bool) -> str:
    """Check one file as far as can be known without running it."""
    tree = inherit(path)
    kind = kind_of(tree)
    if kind == "scenario":
        build_world(Scenario.load(path, allow_code=allow_code))
    elif kind == "experiment":
        _check_experiment(path, allow_code)
    else:
        check_policy(tree, str(path))
    return kind


def _check_experiment(path: Path, allow_code: bool) -> None:
    """Check what an experiment measures, and every scenario that it would run."""
    experiment = Experiment.load(path)
    errors = unknown_metrics(experiment)
    with collecting(errors):
        for point in points_of(experiment, allow_code):
            build_world(point.scenario)
    if errors:
        raise InputErrors(errors)


def _placed(error: InputError, path: Path) -> InputError:
    """Say which of the files an error belongs to, where it does not say so itself."""
    if str(path) in error.where:
        return error
    where = f"{path}: {error.where}" if error.where else str(path)
    return InputError(error.what, where=where, remedy=error.remedy)


def kind_of(tree: dict[str, Any]) -> str:
    """Tell what kind of file a tree of tables is, by the keys only one kind has."""
    if "scenario" in tree:
        return "experiment"
    own = {name: set(model.model_fields) for name, model in KINDS.items()}
    fits = {name: len(set(tree) & fields) for name, fields in own.items()}
    if "world" in tree or fits["scenario"] > fits["policy"]:
        return "scenario"
    return "experiment" if fits["experiment"] > fits["policy"] else "policy"

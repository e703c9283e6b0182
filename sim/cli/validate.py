"""`bordersim validate` and `bordersim schema`: what a file may say, and whether it does."""

import difflib
import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.errors import InputError, InputErrors
from sim.lab import points_of
from sim.scenario import Experiment, ExperimentFile, PolicyFile, Scenario, ScenarioFile
from sim.scenario.files import check, inherit
from sim.world import build_world

KINDS: dict[str, type[BaseModel]] = {
    "scenario": ScenarioFile,
    "policy": PolicyFile,
    "experiment": ExperimentFile,
}


def schema_command(kind: str) -> None:
    """Print the JSON Schema of a kind of file."""
    if kind not in KINDS:
        close = difflib.get_close_matches(kind, KINDS, n=1)
        raise InputError(
            f"no kind of file {kind!r}",
            where="KIND",
            remedy=f"did you mean {close[0]}?" if close else f"valid: {', '.join(KINDS)}",
        )
    document: dict[str, Any] = KINDS[kind].model_json_schema()
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    print(json.dumps(document, indent=2, ensure_ascii=False))


def validate_command(files: list[Path]) -> None:
    """Check files, print every error of all of them, and fail if there are any."""
    errors: list[InputError] = []
    for path in files:
        try:
            kind = _check_file(path)
        except InputErrors as found:
            errors += found.errors
        except InputError as found:
            errors.append(found)
        else:
            print(f"{path}: a valid {kind}")
    for error in errors:
        print(error, file=sys.stderr)
    if errors:
        raise InputError(f"{len(errors)} error{'s' * (len(errors) > 1)} in {len(files)} file(s)")


def _check_file(path: Path) -> str:
    """Check one file as far as can be known without running it."""
    kind = kind_of(inherit(path))
    if kind == "scenario":
        build_world(Scenario.load(path))
    elif kind == "experiment":
        experiment = Experiment.load(path)
        for point in points_of(experiment):
            build_world(point.scenario)
    else:
        check(PolicyFile, inherit(path), str(path))
    return kind


def kind_of(tree: dict[str, Any]) -> str:
    """Tell what kind of file a tree of tables is, by the keys only one kind has."""
    if "scenario" in tree:
        return "experiment"
    own = {name: set(model.model_fields) for name, model in KINDS.items()}
    fits = {name: len(set(tree) & fields) for name, fields in own.items()}
    if "world" in tree or fits["scenario"] > fits["policy"]:
        return "scenario"
    return "experiment" if fits["experiment"] > fits["policy"] else "policy"

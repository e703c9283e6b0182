"""How a comparison was made, so that it can be made again."""

import hashlib
import shlex
import sys
import tempfile
from contextlib import AbstractContextManager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.errors import os_error_as_input_error
from sim.lab import Comparison
from sim.report.assumptions import drawn_axes
from sim.scenario.files import library_root

LIBRARIES = ("mesa", "numba", "numpy", "scipy")
"""Those that a run's numbers pass through."""


def provenance(comparison: Comparison) -> dict[str, Any]:
    """Say how a comparison was made, so that it can be made again."""
    experiment = comparison.experiment
    path = experiment.path.resolve()
    hashes = [_inputs_of(comparison, index) for index in range(len(comparison.points))]
    return (
        {
            "title": experiment.title,
            "experiment": str(path.relative_to(library_root(path))),
            "scenario": comparison.points[0].scenario.name,
            "days": comparison.points[0].scenario.time.days,
            "seeds": sorted({int(seed) for seed in comparison.runs["seed"]}),
            "bordersim": version("bordersim"),
            "python": sys.version.split()[0],
            "platform": sys.platform,
            "libraries": {name: version(name) for name in LIBRARIES},
            "inputs_sha256": hashlib.sha256("".join(hashes).encode()).hexdigest(),
            "points": [
                {"name": point.name, "inputs_sha256": each}
                for point, each in zip(comparison.points, hashes, strict=True)
            ],
        }
        | _worlds(comparison)
        | _achievable(comparison)
    )


def _inputs_of(comparison: Comparison, index: int) -> str:
    """Give the hash of all inputs of a point, in uncertain worlds of those in each of them."""
    if not comparison.worlds:
        return comparison.points[index].scenario.inputs_sha256
    each = [world.points[index].scenario.inputs_sha256 for world in comparison.worlds]
    return hashlib.sha256("".join(each).encode()).hexdigest()


def _worlds(comparison: Comparison) -> dict[str, Any]:
    """Say how uncertain worlds were drawn, if there are any."""
    worlds = comparison.experiment.worlds
    if worlds is None:
        return {}
    told = {
        "design": worlds.design,
        "samples": worlds.samples,
        "compared": len(comparison.worlds),
        "replications": len(comparison.worlds[0].seeds),
        "seed": comparison.experiment.seed,
        "ranges": {
            axis.key: list(axis.values) or [axis.low, axis.high] for axis in drawn_axes(comparison)
        },
    }
    return {"worlds": told}


def _achievable(comparison: Comparison) -> dict[str, Any]:
    """Say on which seeds floor and ceilings are, if they are known."""
    achieved = comparison.achieved
    if achieved is None:
        return {}
    return {"achievable": {"metric": achieved.asked.metric, "seeds": list(achieved.seeds)}}


def command(origin: dict[str, Any]) -> str:
    """Give the command that makes a comparison again, for the shell."""
    worlds = origin.get("worlds")
    replications = worlds["replications"] if worlds else len(origin["seeds"])
    achieved = origin.get("achievable")
    return shlex.join(
        [
            *("bordersim", "compare", origin["experiment"]),
            *("--days", f"{origin['days']:g}"),
            *("--replications", f"{replications}"),
            *(("--achievable", f"{len(achieved['seeds'])}") if achieved else ()),
        ]
    )


def make_folder(folder: Path) -> None:
    """Make the folder for results, or say at once why it cannot be, before hours are spent.

    Raises
    ------
    InputError : the folder cannot be made or written to
    """
    with told_if_refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def told_if_refused(folder: Path) -> AbstractContextManager[None]:
    """Turn a refusal to write into an error that says where, and what to do."""
    remedy = "choose another --out"
    return os_error_as_input_error("cannot be written to", where=folder, remedy=remedy)

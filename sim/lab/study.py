"""A study in a folder: what was asked, all that its runs depend on, and what they gave."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from sim.errors import InputError, os_error_as_input_error
from sim.lab.compare import Comparison
from sim.lab.design import Point, count_of_worlds
from sim.lab.ledger import FORMAT, Failure, Ledger
from sim.lab.runner import cells_of
from sim.lab.shards import read_shards, write_whole
from sim.lab.tables import Cell, Tables
from sim.scenario import Experiment, Scenario
from sim.scenario.scenario import BORDER_DATA

_NAME = "study.json"
_INPUTS = "inputs"


@dataclass(frozen=True)
class Study:
    """An experiment and its runs, in a folder.

    Attributes
    ----------
    folder : where it lies
    experiment : what was asked
    points : what is run; the border data of their scenarios are copies in the folder
    replications : seeds of each point, which those of one uncertain world share
    model : version of the model that the runs are of
    """

    folder: Path
    experiment: Experiment
    points: list[Point]
    replications: int
    model: str

    @cached_property
    def cells(self) -> list[Cell]:
        """All runs that are asked for, replication by replication."""
        return cells_of(self.points, self.replications, self.experiment.seed, self.model)

    @cached_property
    def tables(self) -> Tables:
        """What the runs that are done gave; those that are missing are left out.

        Raises
        ------
        InputError : no run is done, or what is stored cannot be read
        """
        with Ledger.reading(self.folder) as ledger:
            shards = ledger.shards()
        done = [cell for cell in self.cells if cell.key in shards]
        if not done:
            raise InputError(
                "no run is done", where=str(self.folder), remedy="run bordersim batch again"
            )
        return Tables.of(
            read_shards(self.folder, {cell.key: shards[cell.key] for cell in done}), done
        )

    @property
    def runs(self) -> pd.DataFrame:
        """One row for each run that is done, as in `Tables`."""
        return self.tables.runs

    @property
    def sides(self) -> pd.DataFrame:
        """Figures of each side in each run that is done, as in `Tables`."""
        return self.tables.sides

    @property
    def segments(self) -> pd.DataFrame:
        """Where attempts were made in each run that is done, as in `Tables`."""
        return self.tables.segments

    @property
    def failures(self) -> list[Failure]:
        """Runs that failed, each with its traceback."""
        keys = {cell.key for cell in self.cells}
        with Ledger.reading(self.folder) as ledger:
            return [each for each in ledger.failures() if each.key in keys]

    @cached_property
    def complete_seeds(self) -> list[int]:
        """Seeds on which every point is done, so that all of them can be compared.

        In uncertain worlds, the seeds of each world in which every policy is done on all of them,
        so that every world counts alike.
        """
        worlds = count_of_worlds(self.points)
        counts = self.runs["seed"].value_counts()
        done = sorted(int(seed) for seed in counts.index[counts == len(self.points) // worlds])
        if self.experiment.worlds is None:
            return done
        by_world = Counter((seed - self.experiment.seed) % worlds for seed in done)
        return [
            seed
            for seed in done
            if by_world[(seed - self.experiment.seed) % worlds] == self.replications
        ]

    def comparison(self) -> Comparison:
        """Compare the points, on the seeds on which every one of them is done.

        Raises
        ------
        InputError : these are fewer than two, or are of fewer than two uncertain worlds
        """
        seeds = self.complete_seeds
        done, wanted, what = len(seeds), self.replications, "seeds are done for every point"
        if self.experiment.worlds is not None:
            done, wanted = done // self.replications, count_of_worlds(self.points)
            what = "worlds are done for every policy"
        if done < 2:
            raise InputError(
                f"{done} of {wanted} {what}, and an interval needs two",
                where=str(self.folder),
                remedy="run bordersim batch again; --retry-failed tries again what failed",
            )
        return Comparison.of(self.experiment, self.points, self.tables.of_seeds(seeds))

    def save(self) -> "Study":
        """Write down what is asked, with all that its runs depend on.

        Returns
        -------
        The same, whose scenarios refer to the copies of border data in the folder.

        Raises
        ------
        InputError : the folder cannot be written to, or border data or code have changed meanwhile
        """
        remedy = "free some space, or choose another --out"
        with os_error_as_input_error("cannot be written to", where=self.folder, remedy=remedy):
            points = [
                replace(point, scenario=self._with_copies(point.scenario)) for point in self.points
            ]
            document = {
                "format": FORMAT,
                "model": self.model,
                "replications": self.replications,
                "experiment": self.experiment.model_dump(mode="json"),
                "points": [self._told(point) for point in points],
            }
            text = json.dumps(document, ensure_ascii=False) + "\n"
            write_whole(self.folder / _NAME, lambda path: path.write_text(text, encoding="utf-8"))
            table = pd.DataFrame(
                {
                    "point": range(len(points)),
                    "name": [point.name for point in points],
                    "inputs_sha256": [point.scenario.inputs_sha256 for point in points],
                    "is_baseline": [point.is_baseline for point in points],
                    "world": pd.array([_number_of_world(each) for each in points], dtype="Int64"),
                    "settings": [json.dumps(point.settings) for point in points],
                }
            )
            write_whole(self.folder / "points.csv", lambda path: table.to_csv(path, index=False))
        return replace(self, points=points)

    def _with_copies(self, scenario: Scenario) -> Scenario:
        """Copy the border data of a scenario, under their hash, and let it refer to the copies."""
        folders = []
        for source in scenario.border_folders:
            data = {name: (source / name) for name in BORDER_DATA}
            texts = {name: path.read_bytes() for name, path in data.items() if path.is_file()}
            digest = sha256()
            for name, text in texts.items():
                digest.update(f"{name} {len(text)} ".encode() + text)
            folder = self.folder.resolve() / _INPUTS / digest.hexdigest()[:16]
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in texts.items():
                if not (folder / name).is_file():
                    write_whole(folder / name, partial(Path.write_bytes, data=text))
            folders.append(folder)
        copied = scenario.model_copy(update={"border_folders": tuple(folders)})
        if copied.inputs_sha256 != scenario.inputs_sha256:
            raise InputError(
                "border data or code that it names have changed since it was read",
                where=str(scenario.path),
                remedy="load the experiment again",
            )
        return copied

    def _told(self, point: Point) -> dict[str, Any]:
        scenario = point.scenario.model_dump(mode="json")
        scenario["border_folders"] = [
            folder.relative_to(self.folder.resolve()).as_posix()
            for folder in point.scenario.border_folders
        ]
        return {
            "name": point.name,
            "settings": point.settings,
            "is_baseline": point.is_baseline,
            "world": point.world,
            "inputs_sha256": point.scenario.inputs_sha256,
            "scenario": scenario,
        }


def open_study(folder: str | Path) -> Study:
    """Open a study from its folder alone; the files that it was made from may be gone.

    Parameters
    ----------
    folder : the `--out` of the batch

    Raises
    ------
    InputError : there is no study, or it cannot be read by this version
    """
    folder = Path(folder)
    path = folder / _NAME
    if not path.is_file():
        raise InputError(
            "holds no study", where=str(folder), remedy="name the --out of a batch or comparison"
        )
    with os_error_as_input_error("cannot be read", where=path, remedy="check it"):
        text = path.read_text(encoding="utf-8")
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            raise InputError(
                f"is of format {document['format']}, and this version of bordersim knows {FORMAT}",
                where=str(path),
                remedy="use the version of bordersim that made it",
            )
        return Study(
            folder=folder,
            experiment=Experiment.model_validate_json(json.dumps(document["experiment"])),
            points=[_point(folder, told) for told in document["points"]],
            replications=document["replications"],
            model=document["model"],
        )
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise InputError(
            f"is not a study that this version of bordersim can read: {error}",
            where=str(path),
            remedy="use the version of bordersim that made it",
        ) from error


def _point(folder: Path, told: Mapping[str, Any]) -> Point:
    scenario = Scenario.model_validate_json(json.dumps(told["scenario"]))
    here = tuple(folder.resolve() / each for each in scenario.border_folders)
    scenario = scenario.model_copy(update={"border_folders": here})
    # The hash is of what was run: code that it named may have changed since, or be gone.
    vars(scenario)["inputs_sha256"] = told["inputs_sha256"]
    return Point(told["name"], told["settings"], scenario, told["is_baseline"], told.get("world"))


def _number_of_world(point: Point) -> int | None:
    """Give the number by which a world is called, from 1."""
    return None if point.world is None else point.world + 1

"""The small study of untrusted names, run once for all tests of the report."""

from dataclasses import replace
from pathlib import Path

import pytest
from small_world import SCENARIO, write_border
from untrusted_study import EXPERIMENT, Changed

from sim import Experiment
from sim.lab import Comparison, compare


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small world and its experiment."""
    path = tmp_path_factory.mktemp("study")
    write_border(path / "border")
    (path / "small.toml").write_text(SCENARIO)
    (path / "study.toml").write_text(EXPERIMENT)
    return path


@pytest.fixture(scope="session")
def study(folder: Path) -> Comparison:
    """Four policies on three seeds, the last of which does nothing."""
    return compare(Experiment.load(folder / "study.toml"), workers=1)


@pytest.fixture
def changed(study: Comparison) -> Changed:
    """Gives the study with other values of an outcome, by point, one for each seed."""

    def change(metric: str, values: dict[int, list[float]]) -> Comparison:
        runs = study.runs.copy()
        runs[metric] = runs[metric].astype(float)
        for point, told in values.items():
            runs.loc[runs["point"] == point, metric] = told
        return replace(study, tables=replace(study.tables, runs=runs))

    return change

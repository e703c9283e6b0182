"""The files that come with the library keep the rules they set for others."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.lab import points_of
from sim.scenario import Experiment, Scenario
from sim.scenario.schema import Assumed
from sim.world import build_world

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))
POLICIES = sorted((ROOT / "scenarios" / "policies").glob("*.toml"))
EXPERIMENTS = sorted((ROOT / "experiments").glob("*.toml"))


def name_of(path: Path) -> str:
    """Call a test by the file it reads."""
    return path.name


def numbers_in(node: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """List key path and value of every number in a tree of tables."""
    if isinstance(node, bool):
        return
    if isinstance(node, (int, float)):
        yield path, node
        return
    members: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(node, dict):
        members = iter(node.items())
    elif isinstance(node, list):
        members = iter(enumerate(node))
    for key, value in members:
        yield from numbers_in(value, f"{path}.{key}" if path else str(key))


def cited(key: str, sources: dict[str, Any]) -> str | None:
    """Give the entry of [sources] that covers a key: its own, or that of a table around it."""
    parts = key.split(".")
    paths = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((path for path in paths if path in sources), None)


def test_there_are_files_to_check():
    """The tests of this module have something to read."""
    assert SCENARIOS
    assert POLICIES
    assert EXPERIMENTS


@pytest.mark.parametrize("path", SCENARIOS, ids=name_of)
def test_a_shipped_scenario_builds_its_world(path):
    """Every scenario of the library can be read and its world built."""
    world = build_world(Scenario.load(path))
    assert len(world.sides) >= 2
    assert {site.side for site in world.posts} == set(world.sides)


@pytest.mark.parametrize("path", POLICIES, ids=name_of)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=name_of)
def test_a_shipped_policy_fits_every_scenario(scenario, path):
    """Every policy of the library can be put in force in every scenario."""
    assert Scenario.load(scenario, policy=path).policy_name == path.stem


@pytest.mark.parametrize("path", EXPERIMENTS, ids=name_of)
def test_a_shipped_experiment_has_points_and_a_baseline(path):
    """Every experiment of the library compares at least two scenarios that differ."""
    points = points_of(Experiment.load(path))
    assert sum(point.is_baseline for point in points) == 1
    assert len({point.scenario.inputs_sha256 for point in points}) == len(points) >= 2


@pytest.mark.parametrize("path", SCENARIOS, ids=name_of)
def test_every_number_of_a_shipped_scenario_has_a_source(path):
    """Every number that a scenario file writes is cited in [sources], or assumed with a range."""
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = tree.pop("sources", {})
    tree.pop("format", None)
    bare = [key for key, _ in numbers_in(tree) if cited(key, sources) is None]
    assert not bare


@pytest.mark.parametrize("path", [*SCENARIOS, *POLICIES], ids=name_of)
def test_an_assumed_number_lies_in_its_range(path):
    """A number that is assumed lies within the range that a study should sweep."""
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = {
        key: Assumed.model_validate(source)
        for key, source in tree.pop("sources", {}).items()
        if isinstance(source, dict)
    }
    outside = {}
    for key, value in numbers_in(tree):
        entry = cited(key, sources)
        if entry is not None:
            low, high = sources[entry].range
            if not low <= value <= high:
                outside[key] = (value, (low, high))
    assert not outside
    assert all(source.range[0] < source.range[1] for source in sources.values())

"""The files that come with the library keep the rules they set for others."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from sim import BorderModel, run
from sim.coordination import INSTRUMENTS
from sim.lab import points_of
from sim.scenario import Experiment, Scenario
from sim.scenario.schema import Assumed
from sim.world import build_world

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))
POLICIES = sorted((ROOT / "scenarios" / "policies").glob("*.toml"))
ALONE = sorted((ROOT / "scenarios" / "policies" / "alone").glob("*.toml"))
FOLDERS = sorted(path for path in (ROOT / "scenarios" / "data").iterdir() if path.is_dir())
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


@pytest.mark.parametrize("path", POLICIES, ids=name_of)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=name_of)
def test_every_shipped_scenario_runs_a_day_with_every_shipped_policy(scenario, path):
    """A day of each goes through, somebody tries to cross, and each side keeps its records."""
    result = run(Scenario.load(scenario, policy=path, overrides={"time.days": 1}), seed=1)
    world = build_world(Scenario.load(scenario))
    assert result.outcomes["wanted"] > 0
    assert result.outcomes["patrol_hours"] > 0
    assert tuple(result.records) == world.sides


@pytest.mark.parametrize("path", ALONE, ids=name_of)
def test_an_instrument_alone_runs_a_day(path):
    """Each instrument by itself fits the small scenarios, by its name in a folder, and acts."""
    for scenario in ("dien_bien_phongsaly_exercise", "tripoint"):
        name = f"alone/{path.stem}"
        file = ROOT / "scenarios" / f"{scenario}.toml"
        model = BorderModel(Scenario.load(file, policy=name, overrides={"time.days": 1}), rng=1)
        model.run_model()
        names = {instrument.name for instrument in model.instruments} - {"aid"}
        assert names == {path.stem.removesuffix("_double")}


def test_there_is_every_instrument_alone_at_two_doses():
    """The library has each instrument of a policy file by itself, single and double."""
    doses = {f"{name}{size}" for name in INSTRUMENTS for size in ("", "_double")}
    assert {path.stem for path in ALONE} == doses


@pytest.mark.parametrize("name", list(INSTRUMENTS))
def test_a_double_dose_differs_in_the_dose_alone(name):
    """What is called double is the single dose with one number doubled, or halved, or one level."""
    folder = ROOT / "scenarios" / "policies" / "alone"
    single, double = (
        Scenario.load(SCENARIOS[0], policy=folder / f"{each}.toml").policy
        for each in (name, f"{name}_double")
    )
    table, other = (getattr(policy, name).model_dump() for policy in (single, double))
    (key,) = [key for key in table if table[key] != other[key]]
    words = {"groups", "joins"}
    assert key in words or other[key] in (2 * table[key], table[key] / 2)


def test_everything_has_every_instrument():
    """The policy of that name leaves nothing out."""
    path = ROOT / "scenarios" / "policies" / "everything.toml"
    policy = Scenario.load(SCENARIOS[0], policy=path).policy
    assert all(getattr(policy, name) is not None for name in INSTRUMENTS)


@pytest.mark.parametrize("path", [*POLICIES, *ALONE], ids=name_of)
def test_a_shipped_policy_says_what_it_is(path):
    """A policy file opens with one to three lines on what it is, and has a title of its own."""
    text = path.read_text(encoding="utf-8")
    head = text[: text.index("format =")].splitlines()
    assert 1 <= len(head) <= 3
    assert all(line.startswith("# ") and len(line) <= 100 for line in head)
    titles = [tomllib.loads(each.read_text("utf-8"))["title"] for each in [*POLICIES, *ALONE]]
    assert titles.count(tomllib.loads(text)["title"]) == 1


@pytest.mark.parametrize("path", SCENARIOS, ids=name_of)
def test_a_shipped_scenario_has_a_title_and_a_name_for_every_side(path):
    """Tables and pictures have words for everything they show."""
    scenario = Scenario.load(path)
    world = build_world(scenario)
    assert scenario.title
    assert set(scenario.world.names) == set(world.sides)
    assert len(set(scenario.world.names.values())) == len(world.sides)
    assert all(all(segment.provinces) for segment in world.segments)
    assert all(site.name for site in world.posts)


@pytest.mark.parametrize("path", SCENARIOS, ids=name_of)
def test_a_shipped_scenario_is_one_line(path):
    """All of the line of a shipped scenario hangs together, and groups cross all parts of it."""
    scenario = Scenario.load(path)
    world = build_world(scenario)
    crossed = {frozenset((group.origin, group.destination)) for group in scenario.groups}
    assert nx.is_connected(world.border)
    assert crossed == {frozenset(segment.sides) for segment in world.segments}


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_shipped_border_data_are_small_and_told_of(folder):
    """Border data stay small, and the README beside them says where they come from."""
    assert sum(path.stat().st_size for path in folder.iterdir()) < 300_000
    assert f"## `{folder.name}/`" in (ROOT / "scenarios" / "data" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("path", EXPERIMENTS, ids=name_of)
def test_a_shipped_experiment_has_points_and_a_baseline(path):
    """Every experiment of the library runs scenarios that differ, with a baseline to compare with.

    A sampled design has none.
    """
    experiment = Experiment.load(path)
    points = points_of(experiment, allow_code=True)
    baselines = 0 if experiment.is_sampled else len({point.world for point in points})
    assert sum(point.is_baseline for point in points) == baselines
    assert len({point.scenario.inputs_sha256 for point in points}) == len(points) >= 2


@pytest.mark.parametrize("path", [*SCENARIOS, *POLICIES, *ALONE], ids=name_of)
def test_every_number_of_a_shipped_file_has_a_source(path):
    """Every number that a file writes is cited in [sources], or assumed with a range."""
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = tree.pop("sources", {})
    tree.pop("format", None)
    bare = [key for key, _ in numbers_in(tree) if cited(key, sources) is None]
    assert not bare


@pytest.mark.parametrize("path", [*SCENARIOS, *POLICIES, *ALONE], ids=name_of)
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


def test_a_copy_has_a_hash_of_its_own() -> None:
    """The twin of a scenario whose hash was asked for before is no longer taken for it."""
    scenario = Scenario.load(ROOT / "scenarios" / "tripoint.toml", policy="everything")
    before = scenario.inputs_sha256
    assert scenario.twin().inputs_sha256 != before
    assert scenario.model_copy().inputs_sha256 == before

"""The table of parameters is complete, and the description of the model keeps up with the code."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import sim.rules
from sim.engine import Kind
from sim.engine.due import Due
from sim.errors import InputError
from sim.scenario import catalogue
from sim.scenario.catalogue import BEGIN, END, Parameter, sections, with_table
from sim.scenario.files import names_at
from sim.scenario.policy import Policy
from sim.scenario.schema import CRIMES, ScenarioFile

ODD = Path(sim.rules.__file__).parents[1] / "ODD.md"
HEADINGS = (
    "1 Purpose and patterns",
    "2 Entities, state variables and scales",
    "3 Process overview and scheduling",
    "4 Design concepts",
    "5 Initialization",
    "6 Input data",
    "7 Submodels",
)
CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)

for _, module, _ in pkgutil.iter_modules(sim.rules.__path__, "sim.rules."):
    importlib.import_module(module)


@pytest.fixture(scope="module")
def odd() -> str:
    """Give the description of the model."""
    return ODD.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def parameters() -> dict[str, Parameter]:
    """Give all parameters by key path; of injects the last of a name."""
    return {each.key: each for section in sections() for each in section.parameters}


def told(odd: str) -> str:
    """Give the description without the table that is made for it."""
    head, _, rest = odd.partition(BEGIN)
    return head + rest.partition(END)[2]


def test_the_description_holds_the_table_as_it_is_now(odd):
    """Who changes a parameter renews the table: python -m sim.scenario.catalogue sim/ODD.md."""
    assert odd == with_table(odd, "sim/ODD.md")


def test_every_table_and_parameter_says_what_it_is(parameters):
    """No table lacks a text, no parameter a meaning or what it may be."""
    assert [section.title for section in sections() if not section.text] == []
    assert [key for key, each in parameters.items() if not each.meaning] == []
    assert [key for key, each in parameters.items() if not each.allowed] == []


def test_every_number_has_a_unit_or_plainly_none(parameters):
    """A number has a unit, counts, is a share, or says that it is relative to something."""
    numbers = [each for each in parameters.values() if each.is_number]
    assert len(numbers) > 100
    assert [each.key for each in numbers if not each.unit and not each.is_dimensionless] == []


def test_every_number_of_the_model_has_a_source_or_a_range_to_sweep(parameters):
    """A number that the model brings along is cited, or is known to be assumed with a range."""
    brought = [each for each in parameters.values() if each.needs_source]
    assert len(brought) > 100
    assert [each.key for each in brought if not each.source and not each.assumed] == []


def test_a_default_lies_in_the_range_to_sweep(parameters):
    """A range that leaves out the value in use would be a slip; 0 may stand for switched off."""
    for each in parameters.values():
        told = each.default.rpartition("×")[2]
        values = [float(value) for value in re.findall(r"-?\d+(?:\.\d+)?", told)]
        if each.assumed and each.is_number:
            low, high = each.assumed
            assert all(low <= value <= high or value == 0.0 for value in values), each.key


def test_the_walk_comes_everywhere(parameters):
    """Nested tables, arrays of tables, tables by name and by kind, and both files are in it."""
    for key in (
        "world.speed_kmh",
        "posts.belief.prior_days",
        "posts.named.N.segment",
        "groups.N.learning.phi",
        "crimes.NAME.value",
        "community.lawful_per_gate.main",
        "injects.N.prevalence",
        "injects.N.patrols",
        "sharing.interval_days",
        "friendship_exchanges.trust_gain.national",
        "allocation.kind",
        "sources.NAME.range",
    ):
        assert key in parameters, key
    known = {f"crimes.{crime}.{name}" for crime, told in CRIMES.items() for name in told}
    assert known <= parameters.keys()
    tables = {key.split(".")[0] for key in parameters}
    assert set(names_at(ScenarioFile, ())) | set(Policy.model_fields) <= tables


def test_a_parameter_is_told_as_it_is_declared(parameters):
    """Unit, default, limits, range and source of one parameter are those of its declaration."""
    speed = parameters["world.speed_kmh"]
    assert (speed.unit, speed.default, speed.allowed) == ("km/h", "[4, 3, 2]", "3 of: > 0")
    assert speed.assumed == (1.0, 5.0)
    assert "Tobler" in speed.source
    assert parameters["groups.N.count"].default == ""
    assert parameters["world.within_km"].default == "none"
    assert parameters["crimes.weapons.value"].default == "4"
    several = "whole 0 to 1000 or table by side: whole 0 to 1000"
    assert parameters["patrols.per_post"].allowed == several


def test_a_file_without_a_place_for_the_table_is_refused(tmp_path):
    """The command names the marks that a file lacks, and leaves the file as it was."""
    path = tmp_path / "text.md"
    path.write_text("nothing here\n", encoding="utf-8")
    with pytest.raises(InputError, match="no place for the table"):
        catalogue.main([str(path)])
    assert path.read_text(encoding="utf-8") == "nothing here\n"


def test_the_command_renews_the_table_in_place(tmp_path):
    """What is between the marks is replaced, what is around them stays."""
    path = tmp_path / "text.md"
    path.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    catalogue.main([str(path)])
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "`world.speed_kmh`" in text
    assert "old\n" not in text


def test_the_description_follows_the_protocol(odd):
    """ODD has its seven parts in order, and all eleven design concepts."""
    assert tuple(re.findall(r"^## (\d .+)$", odd, re.MULTILINE)) == HEADINGS
    design = odd.partition("## 4 Design concepts")[2].partition("\n## 5")[0]
    assert tuple(re.findall(r"^### 4\.\d+ (.+)$", design, re.MULTILINE)) == CONCEPTS


@pytest.mark.parametrize("name", sorted(sim.rules.RULES))
def test_the_description_names_every_rule(odd, name):
    """Every rule is described under its name and module."""
    module, function = name.removeprefix("sim.").rsplit(".", 1)
    assert f"`{module}.{function}`" in told(odd)


@pytest.mark.parametrize("name", sorted(set(Policy.model_fields) - {"format", "title", "sources"}))
def test_the_description_names_every_instrument(odd, name):
    """Every table of a policy has a heading in the part on submodels."""
    submodels = told(odd).partition("## 7 Submodels")[2]
    assert re.search(rf"^#### .*`\[{name}\]`$", submodels, re.MULTILINE)


def test_the_description_names_everything_that_can_happen(odd):
    """Every kind of event, everything that can fall due and every inject is in it."""
    text = told(odd)
    assert [kind.name for kind in Kind if f"`{kind.name.lower()}`" not in text] == []
    assert [due.name for due in Due if f"| {due.name} |" not in text] == []
    kinds = re.findall(r'of kind "(\w+)"', "".join(section.title for section in sections()))
    assert len(kinds) > 5
    assert [kind for kind in kinds if f"| `{kind}` |" not in text] == []

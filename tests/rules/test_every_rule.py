"""Every rule says where it comes from."""

import importlib
import inspect
import pkgutil

import pytest

import sim.rules

MODULES = [name for _, name, _ in pkgutil.iter_modules(sim.rules.__path__, "sim.rules.")]
for module in MODULES:
    importlib.import_module(module)


def test_every_module_of_rules_declares_some():
    """No module beside the rules holds functions that documents could not find."""
    declared = {name.rsplit(".", 1)[0] for name in sim.rules.RULES}
    assert declared == set(MODULES)


@pytest.mark.parametrize("name", sorted(sim.rules.RULES))
def test_a_rule_names_its_source(name):
    """A rule's docstring opens with a sentence and has a section "Source" with something in it."""
    text = inspect.getdoc(sim.rules.RULES[name]) or ""
    assert text.split("\n\n")[0].endswith(".")
    _, heading, source = text.partition("Source\n------\n")
    assert heading, f"{name} has no section Source"
    assert source.strip()

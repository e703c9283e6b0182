"""Changes to what files say, by key path: of one value, one member of an array, or one side."""

from collections.abc import Mapping
from typing import Any

from sim.errors import InputError, InputErrors
from sim.scenario.files import collecting, nearest, set_key
from sim.scenario.keys import POLICY_KEYS, declared_at
from sim.scenario.schema import ScenarioFile

SCENARIO_KEYS = frozenset(ScenarioFile.model_fields) - {"extends", "format", "policy"}
"""First names of key paths that lead into a scenario."""


def apply_overrides(
    scenario: dict[str, Any], policy: dict[str, Any], overrides: Mapping[str, Any]
) -> None:
    """Put overrides where they belong; the first name of a key path tells scenario from policy.

    Parameters
    ----------
    scenario, policy : the trees of tables of both files, which are changed
    overrides : key paths to values

    Raises
    ------
    InputErrors : key paths that belong to neither
    """
    errors: list[InputError] = []
    for key, value in overrides.items():
        first = key.split(".")[0]
        if first in POLICY_KEYS or first in SCENARIO_KEYS:
            tree = policy if first in POLICY_KEYS else scenario
            with collecting(errors):
                override(tree, key, value, sides_in(scenario))
        else:
            advice = nearest(first, sorted(POLICY_KEYS | SCENARIO_KEYS))
            errors.append(InputError("unknown key", where=f"override {key}", remedy=advice))
    if errors:
        raise InputErrors(errors)


def override(tree: dict[str, Any], key: str, value: Any, sides: tuple[str, ...]) -> None:
    """Set a value by its key path.

    A member of an array that no file gives, and one side of a parameter that has one value for all
    of them, are set beside the others, which keep the value they would have had.

    Parameters
    ----------
    tree : tables of a scenario or policy file, which are changed
    key : names joined by dots
    value : what to put there
    sides : all sides that a table by side needs, as of `sides_in`

    Raises
    ------
    InputError : the path leads through something that is not a table or array
    """
    parent, _, last = key.rpartition(".")
    if parent:
        _write_out_array(tree, parent, last)
        if last in sides:
            _write_out_sides(tree, parent, sides)
    set_key(tree, key, value)


def sides_in(scenario: dict[str, Any]) -> tuple[str, ...]:
    """Give the sides that groups of a scenario go between, whatever else is wrong with its tree."""
    groups = scenario.get("groups")
    tables = [each for each in groups if isinstance(each, dict)] if isinstance(groups, list) else []
    found = {each.get(name) for each in tables for name in ("origin", "destination")}
    return tuple(sorted(side for side in found if isinstance(side, str)))


def _write_out_array(tree: dict[str, Any], key: str, member: str) -> None:
    """Write out an array that no file gives, so that one member of it can be changed."""
    default = declared_at(key).default
    if member.isdecimal() and isinstance(default, tuple) and _given(tree, key) is None:
        set_key(tree, key, list(default))


def _write_out_sides(tree: dict[str, Any], key: str, sides: tuple[str, ...]) -> None:
    """Write out one value for all sides as a table, so that that of one side can be changed."""
    declared = declared_at(key)
    given = _given(tree, key)
    value = declared.default if given is None else given
    if declared.is_by_side and value is not None and not isinstance(value, dict):
        set_key(tree, key, dict.fromkeys(sides, value))


def _given(tree: dict[str, Any], key: str) -> Any:
    """Give what a file says at a key path, None if nothing."""
    node: Any = tree
    for part in key.split("."):
        node = node.get(part) if isinstance(node, dict) else None
    return node

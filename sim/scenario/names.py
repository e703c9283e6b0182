"""Names in files that must refer to something, and values that must make sense together."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from sim.errors import InputError
from sim.scenario.files import names_at, nearest
from sim.scenario.policy import Policy
from sim.scenario.schema import ScenarioTables

LARGEST, SMALLEST = 1e12, 1e-12
"""What numbers in files lie between; times and counts by the largest of them fit eight bytes."""


def out_of_range(tree: Mapping[str, Any], where: str) -> list[InputError]:
    """Find numbers of a file that are too large, or too close to 0, for any model to make sense.

    Parameters
    ----------
    tree : what was read
    where : file name for messages
    """
    return [
        InputError(
            f"{value!r} is not 0, nor between {SMALLEST:g} and {LARGEST:g} in size",
            where=f"{where}: {key}",
            remedy="check its unit",
        )
        for key, value in _numbers(tree, "")
        if value and not SMALLEST <= abs(value) <= LARGEST
    ]


def _numbers(node: Any, key: str) -> Iterator[tuple[str, float]]:
    """Give the numbers at and below a node by their key paths."""
    if isinstance(node, (int, float)):
        yield key, node
    elif isinstance(node, (dict, list)):
        members = node.items() if isinstance(node, dict) else enumerate(node)
        for part, member in members:
            yield from _numbers(member, f"{key}.{part}" if key else str(part))


def per_side(tables: ScenarioTables) -> dict[str, Any]:
    """Give the parameters that may have a value for each side, by key path."""
    return {
        "posts.sector_km": tables.posts.sector_km,
        "posts.title": tables.posts.title,
        "posts.sensors.fixed": tables.posts.sensors.fixed,
        "posts.sensors.mobile": tables.posts.sensors.mobile,
        "patrols.per_post": tables.patrols.per_post,
    } | {
        f"crimes.{name}.exposure_hours": each.exposure_hours for name, each in tables.crimes.items()
    }


def sides_of_groups(tables: ScenarioTables) -> tuple[str, ...]:
    """Give the sides between which groups go, ascending."""
    return tuple(
        sorted({side for each in tables.groups for side in (each.origin, each.destination)})
    )


def lacking_sides(values: Mapping[str, Any], sides: Iterable[str], where: str) -> list[InputError]:
    """Find per-side tables without a value for one of some sides.

    Parameters
    ----------
    values : parameters that may have a value for each side, by key path
    sides : that need one
    where : file name for messages
    """
    return [
        InputError(
            f"no value for side {side!r} among {sorted(value)}",
            where=f"{where}: {key}",
            remedy=f"add {side} = … to the table, or give one value for all sides",
        )
        for key, value in values.items()
        if isinstance(value, dict)
        for side in sides
        if side not in value
    ]


def contradictions(tables: ScenarioTables, where: str) -> list[InputError]:
    """Find what single fields cannot know: names that refer to nothing."""
    errors = unknown_sources(tables, where)
    for index, group in enumerate(tables.groups):
        place = f"{where}: groups.{index}"
        if group.crime not in tables.crimes:
            advice = nearest(group.crime, sorted(tables.crimes))
            errors.append(
                InputError(f"no crime {group.crime!r}", where=f"{place}.crime", remedy=advice)
            )
        if group.origin == group.destination:
            errors.append(
                InputError(
                    f"origin and destination are both {group.origin}",
                    where=place,
                    remedy="a crossing leads from one side to another",
                )
            )
        if group.learning.rho > group.learning.phi:
            errors.append(
                InputError(
                    f"rho {group.learning.rho} is above phi {group.learning.phi}",
                    where=f"{place}.learning.rho",
                    remedy="EWA needs 0 ≤ rho ≤ phi",
                )
            )
    for index, inject in enumerate(tables.injects):
        errors += unknown_crimes(inject, tables, f"{where}: injects.{index}")
    if tables.world.around is not None and tables.world.within_km is None:
        errors.append(
            InputError(
                "is a place without a distance",
                where=f"{where}: world.around",
                remedy="say how far the line goes from it in world.within_km",
            )
        )
    if tables.world.dusk_hour <= tables.world.dawn_hour:
        errors.append(
            InputError(
                "dusk must be after dawn",
                where=f"{where}: world.dusk_hour",
                remedy="make it later than world.dawn_hour",
            )
        )
    return errors


def unknown_crimes(table: BaseModel, tables: ScenarioTables, where: str) -> list[InputError]:
    """Find crime types that a table of an inject or instrument names and that do not exist.

    Parameters
    ----------
    table : what may name crime types under the keys crime, crimes or topic
    tables : the scenario, which has the types
    where : key path for messages
    """
    named = [
        (key, name)
        for key in ("crime", "crimes", "topic")
        for name in _words(getattr(table, key, ()))
    ]
    return [
        InputError(
            f"no crime {name!r}",
            where=f"{where}.{key}",
            remedy=nearest(name, sorted(tables.crimes)),
        )
        for key, name in named
        if name not in tables.crimes and (key, name) != ("topic", "all")
    ]


def unfit_doses(policy: Policy, tables: ScenarioTables, where: str) -> list[InputError]:
    """Find crime types that a policy names and the scenario does not have."""
    return [
        error
        for key in type(policy).model_fields
        if isinstance(dose := getattr(policy, key), BaseModel)
        for error in unknown_crimes(dose, tables, f"{where}: {key}")
    ]


def _words(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def unknown_sources(tables: BaseModel, where: str) -> list[InputError]:
    """Find citations of key paths that do not exist."""
    errors = []
    for key in getattr(tables, "sources", {}):
        parts = key.split(".")
        node: Any = tables
        for depth, part in enumerate(parts):
            node = _child(node, part)
            if node is _NOTHING:
                valid = names_at(type(tables), tuple(parts[:depth]))
                errors.append(
                    InputError(
                        "cites a key that does not exist",
                        where=f'{where}: sources."{key}"',
                        remedy=nearest(part, valid),
                    )
                )
                break
    return errors


_NOTHING = object()


def _child(node: Any, part: str) -> Any:
    """Step from a table, array or mapping to one of its members."""
    if isinstance(node, BaseModel):
        return getattr(node, part, _NOTHING) if part in type(node).model_fields else _NOTHING
    if isinstance(node, dict):
        return node.get(part, _NOTHING)
    if isinstance(node, tuple):
        return dict(zip(map(str, range(len(node))), node, strict=True)).get(part, _NOTHING)
    return _NOTHING

"""Sides, provinces and segments that a scenario names: they must lie on its line."""

from sim.errors import InputError, InputErrors
from sim.scenario import Scenario
from sim.scenario.files import nearest
from sim.world.border import Segment
from sim.world.sites import Roads, sides_of


def check_groups(scenario: Scenario, segments: list[Segment], roads: Roads) -> None:
    """Check that every side and province that groups name lies on this line."""
    errors = []
    sides = sides_of(segments)
    provinces: dict[frozenset[str], dict[str, set[str]]] = {}
    for segment in segments:
        both = provinces.setdefault(frozenset(segment.sides), {})
        for side in segment.sides:
            both.setdefault(side, set()).add(segment.province_of(side))
    for index, group in enumerate(scenario.groups):
        where = f"{scenario.path}: groups.{index}"
        for role, side in (("origin", group.origin), ("destination", group.destination)):
            if side not in sides:
                errors.append(
                    InputError(
                        f"{side} is no side of this border",
                        where=f"{where}.{role}",
                        remedy=f"sides are {', '.join(sides)}",
                    )
                )
        pair = frozenset((group.origin, group.destination))
        if pair not in provinces:
            errors.append(
                InputError(f"{group.origin} and {group.destination} share no line", where=where)
            )
        known = sorted(provinces.get(pair, {}).get(group.origin, ()))
        errors += [
            InputError(
                f"no province {name!r} on the side of {group.origin}",
                where=f"{where}.provinces",
                remedy=nearest(name, known),
            )
            for name in group.provinces
            if name not in known
        ]
        homes = roads.homes(group)
        if not homes and set(group.provinces) & set(known):
            errors.append(
                InputError(
                    f"no settlement in {', '.join(group.provinces)}",
                    where=f"{where}.provinces",
                    remedy="lower world.settlement_spacing_km, or name more provinces",
                )
            )
    if errors:
        raise InputErrors(errors)


def check_places(scenario: Scenario, segments: list[Segment]) -> None:
    """Check that the places that injects and instruments name lie on this line.

    Raises
    ------
    InputErrors : those that do not
    """
    sides = sides_of(segments)
    provinces = sorted({name for segment in segments for name in segment.provinces})
    errors = []
    for where, table in _tables(scenario):
        named = [("side", getattr(table, "side", None))]
        named += [("sides", name) for name in getattr(table, "sides", ())]
        errors += [
            InputError(
                f"{name} is no side of this border",
                where=f"{where}.{key}",
                remedy=f"sides are {', '.join(sides)}",
            )
            for key, name in named
            if name is not None and name not in sides
        ]
        errors += [
            InputError(
                f"no province {name!r}",
                where=f"{where}.provinces",
                remedy=nearest(name, provinces),
            )
            for name in getattr(table, "provinces", ())
            if name not in provinces
        ]
        segment = getattr(table, "segment", None)
        if segment is not None and segment >= len(segments):
            errors.append(
                InputError(
                    f"no segment {segment}",
                    where=f"{where}.segment",
                    remedy=f"0 to {len(segments) - 1}",
                )
            )
    if errors:
        raise InputErrors(errors)


def _tables(scenario: Scenario) -> list[tuple[str, object]]:
    """Give injects and doses, each with where it stands."""
    tables: list[tuple[str, object]] = [
        (f"{scenario.path}: injects.{index}", inject)
        for index, inject in enumerate(scenario.injects)
    ]
    for policy in (scenario.policy, *scenario.later_policies):
        tables += [
            (f"{scenario.path} with policy {scenario.policy_name}: {key}", getattr(policy, key))
            for key in type(policy).model_fields
            if hasattr(getattr(policy, key), "provinces")
        ]
    return tables

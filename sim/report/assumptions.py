"""What was assumed: every number without a source, with its value and the range to sweep."""

import re
from dataclasses import dataclass, replace
from typing import Any

from sim.lab import Comparison
from sim.lab.sampling import Axis
from sim.lab.worlds import axes_of_worlds
from sim.scenario import Scenario, unit_of
from sim.scenario.catalogue import Parameter, sections
from sim.scenario.keys import value_at


@dataclass(frozen=True)
class Assumption:
    """A number that no source gives.

    Attributes
    ----------
    key : path to it
    value : in force, as far as it is one value
    meaning : what it is, or why this value
    unit : of the value
    low, high : range that a study should sweep, none where nobody has said
    where : the scenario, or the policies, that it belongs to
    """

    key: str
    value: str
    meaning: str
    unit: str
    low: float | None
    high: float | None
    where: str


@dataclass(frozen=True)
class Assumptions:
    """What was assumed, and how much was not.

    Attributes
    ----------
    assumed : numbers without a source
    sourced : how many have one
    """

    assumed: list[Assumption]
    sourced: int

    @property
    def total(self) -> int:
        """How many numbers were looked at."""
        return len(self.assumed) + self.sourced


def assumptions_of(comparison: Comparison) -> Assumptions:
    """List what the scenario and the policies of a comparison assume.

    What files say of a key stands in place of what the model says of it; policies count as far as
    they switch their instruments on.
    """
    base = comparison.points[comparison.baseline].scenario
    listed: dict[tuple[str, str], Assumption] = {}
    sourced: set[tuple[str, str]] = set()
    told = _told(base.sources, base, "scenario", listed, sourced)
    on: set[str] = set()
    for point in comparison.points:
        policy = point.scenario.policy
        on |= {name for name in type(policy).model_fields if getattr(policy, name) is not None}
        told |= _told(policy.sources, policy, point.name, listed, sourced)
    for section in sections():
        for each in section.parameters:
            is_off = section.file == "policy" and each.key.split(".")[0] not in on
            if not each.needs_source or is_off or any(_covers(each.key, key) for key in told):
                continue
            if each.source:
                sourced.add((each.key, section.file))
            else:
                listed[each.key, section.file] = _default(each, base, section.file)
    drawn = {axis.key: axis for axis in drawn_axes(comparison)}
    assumed = [
        replace(each, value="sampled", low=drawn[each.key].low, high=drawn[each.key].high)
        if each.key in drawn and not drawn[each.key].values
        else each
        for each in listed.values()
    ]
    return Assumptions(assumed, len(sourced))


def drawn_axes(comparison: Comparison) -> list[Axis]:
    """Give the ranges that uncertain worlds were drawn from; none if there are no such worlds."""
    if comparison.experiment.worlds is None:
        return []
    policies = {point.name: point.scenario for point in comparison.points}
    return axes_of_worlds(comparison.experiment, policies)


def sampled_text(comparison: Comparison) -> str:
    """Say which parameters were drawn from which ranges."""
    worlds = comparison.experiment.worlds
    told = []
    for factor, axis in zip(worlds.factors if worlds else (), drawn_axes(comparison), strict=True):
        unit = unit_of(axis.key)
        span = (
            f"one of {', '.join(map(factor.name_of, axis.values))}"
            if axis.values
            else f"{axis.low:g} to {axis.high:g}{f' {unit}' * bool(unit)}"
            f"{', by equal ratios' * axis.is_log}"
        )
        told.append(f"{factor.title} ({span})")
    return "; ".join(told)


def _told(
    sources: dict[str, Any],
    holder: object,
    where: str,
    listed: dict[tuple[str, str], Assumption],
    sourced: set[tuple[str, str]],
) -> set[str]:
    """Sort what a file says of its numbers; give their keys."""
    for key, source in sources.items():
        if isinstance(source, str):
            sourced.add((key, where))
            continue
        low, high = source.range
        listed[key, where] = Assumption(
            key, _value(holder, key), source.assumed, unit_of(key), low, high, where
        )
    return set(sources)


def _default(parameter: Parameter, base: Scenario, file: str) -> Assumption:
    low, high = parameter.assumed or (None, None)
    value = _value(base if file == "scenario" else base.policy, parameter.key)
    return Assumption(
        parameter.key,
        value or parameter.default,
        parameter.meaning,
        parameter.unit,
        low,
        high,
        f"every {file}",
    )


def _covers(pattern: str, key: str) -> bool:
    """Whether a key path is one of those that a pattern with N, NAME and SIDE stands for."""
    parts = (
        r"[^.]+" if part in ("N", "NAME", "SIDE") else re.escape(part)
        for part in pattern.split(".")
    )
    return re.match(r"\.".join(parts) + r"(\.|$)", key) is not None


def _value(holder: object, key: str) -> str:
    """Say the value at a key path, "" where there is none or it is a table."""
    value = value_at(holder, key)
    if value is None or not isinstance(value, int | float | str | bool):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)

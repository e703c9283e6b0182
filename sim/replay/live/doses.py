"""What can be set while a run goes on: the doses of instruments, read off their declarations."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.coordination import INSTRUMENTS
from sim.scenario import Policy
from sim.scenario.files import table_in

FINEST = 0.01
"""The smallest dose on offer above zero, relative to the largest."""


@dataclass(frozen=True)
class Dose:
    """Something of an instrument that a policy decides.

    Attributes
    ----------
    key : key path, as `sharing.interval_days`
    meaning, unit : as declared
    values : what is on offer: words, truth values or numbers, from the least number up
    absent : its value where a policy has no table of the instrument
    """

    key: str
    meaning: str
    unit: str
    values: tuple[Any, ...]
    absent: Any

    @property
    def is_graded(self) -> bool:
        """Whether its values are numbers, perhaps with a word beyond them."""
        return any(_is_number(value) for value in self.values)

    @property
    def is_choice(self) -> bool:
        """Whether it is a choice between words, or yes and no."""
        return len(self.values) > 1 and not self.is_graded

    def with_values(self, *more: Any) -> "Dose":
        """Give the same with further values on offer."""
        return replace(self, values=_sorted((*self.values, *more)))

    def told(self, value: Any) -> str:
        """Say a value in words."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if not _is_number(value):
            return str(value)
        if value == 0 and "at once" in self.meaning:
            return "at once"
        return f"{value:,g} {self.unit.replace('1/', 'per ')}".strip()


@dataclass(frozen=True)
class Instrument:
    """An instrument with what can be set of it.

    Attributes
    ----------
    name : its table in a policy
    text : what it is
    main : the dose that switches it on
    others : the further choices between words or yes and no
    """

    name: str
    text: str
    main: Dose
    others: tuple[Dose, ...]

    def is_on(self, value: Any) -> bool:
        """Whether it is in force with a value of its main dose."""
        return _is_on(self.name, self.main.key.partition(".")[2], value)


@cache
def instruments() -> tuple[Instrument, ...]:
    """Give the instruments that one dose switches on, in the order of a policy's tables."""
    found = (_instrument(name) for name in Policy.model_fields if name in INSTRUMENTS)
    return tuple(each for each in found if each is not None)


def value_in(policy: Policy, dose: Dose) -> Any:
    """Give the value of a dose in a policy."""
    table, _, field = dose.key.partition(".")
    doses = getattr(policy, table)
    return dose.absent if doses is None else getattr(doses, field)


def _instrument(name: str) -> Instrument | None:
    """Read an instrument off its table; nothing, if no single dose switches it on."""
    table = _table_of(name)
    doses = {field: _dose(name, field, told) for field, told in table.model_fields.items()}
    offered = {field: dose for field, dose in doses.items() if dose is not None}
    for field, dose in offered.items():
        off = [value for value in dose.values if not _is_on(name, field, value)]
        if 0 < len(off) < len(dose.values):
            others = (other for other in offered.values() if other != dose and other.is_choice)
            main = replace(dose, absent=off[0])
            return Instrument(name, " ".join((table.__doc__ or "").split()), main, tuple(others))
    return None


def _table_of(name: str) -> type[BaseModel]:
    table = table_in(Policy.model_fields[name].annotation)
    assert table is not None
    return table


def _is_on(name: str, field: str, value: Any) -> bool:
    """Whether an instrument is one at all with a value of a dose, the others as by default."""
    dose = _table_of(name).model_construct(None, **{field: value})
    try:
        return INSTRUMENTS[name][1](dose)
    except AttributeError:  # it hangs on another dose, which has no default
        return True


def _dose(name: str, field: str, told: FieldInfo) -> Dose | None:
    """Read a dose off its declaration; nothing, if its values cannot be listed."""
    extra = told.json_schema_extra if isinstance(told.json_schema_extra, Mapping) else {}
    limits = [told, *told.metadata]
    values = list(_values(told.annotation, limits, extra.get("x-assumed")))
    if not values:
        return None
    default = values[0] if told.is_required() else told.get_default()
    return Dose(
        key=f"{name}.{field}",
        meaning=told.description or "",
        unit=str(extra.get("x-unit", "")),
        values=_sorted((*values, default)),
        absent=default,
    )


def _values(annotation: Any, limits: Sequence[Any], assumed: Any) -> Iterator[Any]:
    """List values of an annotation: words as declared, numbers through the range assumed."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if annotation is bool:
        yield from (False, True)
    elif annotation in (int, float) and assumed:
        yield from (annotation(each) for each in _graded(assumed, limits))
    elif origin is Literal:
        yield from inner
    elif origin is Annotated:
        yield from _values(inner[0], inner[1:], assumed)
    elif origin in (Union, UnionType):
        for each in inner:
            yield from _values(each, limits, assumed)


def _graded(assumed: Sequence[float], limits: Sequence[Any]) -> set[float]:
    """Grade a range by 1, 2 and 5, with its ends and the least value that is allowed.

    Parameters
    ----------
    assumed : the range
    limits : as pydantic has them
    """
    low, high = assumed
    nested = [each for limit in limits for each in getattr(limit, "metadata", (limit,))]
    least = {float(each.ge) for each in nested if getattr(each, "ge", None) is not None}
    decades = range(math.floor(math.log10(high * FINEST)), math.ceil(math.log10(high)) + 1)
    steps = {step * 10.0**decade for decade in decades for step in (1, 2, 5)}
    inside = {step for step in steps if max(low, FINEST * high) <= step <= high}
    return {round(value, 9) for value in (inside | {low, high} | least)}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _sorted(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Put numbers in order before words, each value once."""
    numbers = sorted({value for value in values if _is_number(value)})
    others = dict.fromkeys(value for value in values if not _is_number(value))
    return (*numbers, *others)

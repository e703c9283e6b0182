"""The base of every table in a file, and parameters that say where their numbers come from."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from sim.errors import InputError


class Table(BaseModel):
    """A table of a scenario, policy or experiment file: frozen, no unknown keys, no NaN."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
    )


def param(
    default: Any,
    meaning: str,
    *,
    unit: str = "",
    source: str = "",
    assumed: tuple[float, float] | None = None,
    **limits: Any,
) -> Any:
    """Declare a number of the model with its meaning, unit and where it comes from.

    Parameters
    ----------
    default : value used where a file says nothing; `...` makes the key required
    meaning : what it is, one phrase
    unit : of the value, "" for pure numbers and words
    source : citation; without one the number counts as assumed
    assumed : range that a sensitivity study should sweep
    limits : pydantic constraints such as `ge`, `le`, `gt`

    Returns
    -------
    A pydantic field; unit, source and range appear in the JSON Schema as `x-unit`, `x-source`
    and `x-assumed`.
    """
    extra: dict[str, Any] = {}
    if unit:
        extra["x-unit"] = unit
    if source:
        extra["x-source"] = source
    if assumed is not None:
        extra["x-assumed"] = list(assumed)
    return Field(default, description=meaning, json_schema_extra=extra or None, **limits)


NonNegative = Annotated[float, Field(ge=0)]
PerYear = Annotated[float, Field(ge=0, le=8760)]
"""How often in a year; at most once an hour."""
Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Count = Annotated[int, Field(ge=0)]
AtPost = Annotated[int, Field(ge=0, le=1_000)]
"""How many there are at one post."""
SideCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]

Sequence = Field(strict=False)
"""Lets TOML arrays fill tuples; the items themselves stay strictly typed."""


T = TypeVar("T")


def for_side(value: T | Mapping[str, T], side: str) -> T:
    """Give a per-side parameter's value for one side.

    Parameters
    ----------
    value : one value for all sides, or a table from side code to value
    side : ISO 3166 alpha-3 code

    Raises
    ------
    InputError : the table has no entry for the side
    """
    if not isinstance(value, Mapping):
        return value
    if side not in value:
        raise InputError(
            f"no value for side {side!r} among {sorted(value)}",
            remedy=f"add {side} = … to the table, or give one value for all sides",
        )
    return value[side]

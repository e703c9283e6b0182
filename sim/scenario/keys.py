"""What is declared at a key path of scenario and policy files: unit, default, range."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.parameters import SideCode
from sim.scenario.policy import PolicyFile
from sim.scenario.schema import Assumed, ScenarioFile

POLICY_KEYS = frozenset(PolicyFile.model_fields) - frozenset(ScenarioFile.model_fields)
"""First names of key paths that lead into a policy, not into a scenario."""


@dataclass(frozen=True)
class Declared:
    """What is declared of a parameter.

    Attributes
    ----------
    unit : as declared, "" for pure numbers, words and tables
    default : what it is where a file says nothing, None if it has no default
    assumed : range that a study should sweep, None if none is declared
    is_number, is_whole : whether it can be a number, and then only a whole one; code of one's own
        may take any
    is_by_side : whether it may have one value for all sides, or a table with one for each
    is_choice : whether it has to be given or can be a word, as how much there is of an instrument,
        and not merely a number with a default, as how well that works
    """

    unit: str
    default: Any
    assumed: tuple[float, float] | None
    is_number: bool
    is_whole: bool
    is_by_side: bool
    is_choice: bool


NOTHING = Declared("", None, None, False, False, False, False)
"""What is declared at a key path that does not exist."""


@lru_cache(maxsize=4096)
def declared_at(key: str) -> Declared:
    """Give what is declared at a key path.

    Parameters
    ----------
    key : as `joint_patrols.per_month`, `groups.0.attempts_per_day` or `patrols.per_post.LAO`; what
        holds for an array or a table by side holds for its members
    """
    fields = _fields_at(key.split("."))
    if not fields:
        return NOTHING
    extras = [each.json_schema_extra for each in fields]
    extra = next((each for each in extras if isinstance(each, dict)), {})
    limits: Any = extra.get("x-assumed")
    kinds: set[Any] = {kind for each in fields for kind in _kinds(each.annotation)}
    return Declared(
        unit=str(extra.get("x-unit", "")),
        default=None if fields[0].is_required() else fields[0].get_default(),
        assumed=(float(limits[0]), float(limits[1])) if limits else None,
        is_number=bool(kinds & {int, float, Any}),
        is_whole=kinds >= {int} and not kinds & {float, Any},
        is_by_side=any(_may_be_by_side(each.annotation) for each in fields),
        is_choice=fields[0].is_required()
        or not kinds
        or not kinds <= {int, float}
        or any(_may_be_a_word(each.annotation) for each in fields),
    )


def assumed_range(key: str, sources: Mapping[str, str | Assumed]) -> tuple[float, float] | None:
    """Give the range in which a parameter is assumed to lie, None if none is told.

    Parameters
    ----------
    key : key path
    sources : what the files say of where their numbers come from; nearer than what is declared
    """
    told = sources.get(key)
    return told.range if isinstance(told, Assumed) else declared_at(key).assumed


def _fields_at(parts: list[str]) -> list[FieldInfo]:
    """Give the fields that a key path leads to; several where a table is one of many kinds."""
    models: list[type[BaseModel]] = [PolicyFile if parts[0] in POLICY_KEYS else ScenarioFile]
    found: list[FieldInfo] = []
    names_a_member = False
    for part in parts:
        if names_a_member:
            names_a_member = False
            continue
        fields = [model.model_fields[part] for model in models if part in model.model_fields]
        if fields:
            found = fields
            models = [table for each in fields for table in _tables(each.annotation)]
            names_a_member = any(_holds_tables(each.annotation) for each in fields)
        elif models:
            return []
    return found


def _holds_tables(annotation: Any) -> bool:
    """Whether an annotation is an array of tables, or tables by name."""
    if get_origin(annotation) in (tuple, dict):
        return any(True for _ in _tables(annotation))
    return any(_holds_tables(inner) for inner in get_args(annotation))


def _may_be_a_word(annotation: Any) -> bool:
    """Whether an annotation lists what a value can be, keys of tables aside."""
    arguments = get_args(annotation)
    if get_origin(annotation) is Literal:
        return True
    inside = arguments[1:] if _is_table(annotation) else arguments
    return any(_may_be_a_word(inner) for inner in inside)


def _may_be_by_side(annotation: Any) -> bool:
    """Whether an annotation is of one value for all sides, or else of a table by side."""
    by_side = [get_args(kind)[0] == SideCode for kind in get_args(annotation) if _is_table(kind)]
    return any(by_side) and len(by_side) < len(get_args(annotation))


def _is_table(annotation: Any) -> bool:
    return get_origin(annotation) is dict


def value_at(holder: object, key: str) -> Any:
    """Give the value at a key path of a scenario or policy, None where there is none."""
    value: Any = holder
    for part in key.split("."):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, tuple | list):
            value = value[int(part)] if part.isdecimal() and int(part) < len(value) else None
        else:
            value = getattr(value, part, None)
    return value


def _tables(annotation: Any) -> Iterator[type[BaseModel]]:
    """Find the table classes inside Optional, tuple, dict, unions and Annotated."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _tables(inner)


def _kinds(annotation: Any) -> Iterator[Any]:
    """Find the plain types inside an annotation, keys of tables and words aside."""
    origin = get_origin(annotation)
    if origin is Literal:
        return
    if annotation is Any or isinstance(annotation, type):
        yield annotation
    arguments = get_args(annotation)
    for inner in arguments[1:] if origin is dict else arguments:
        yield from _kinds(inner)

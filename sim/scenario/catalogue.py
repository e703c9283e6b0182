"""Every parameter of scenario and policy files in one table, made from the tables themselves.

`python -m sim.scenario.catalogue FILE` puts the table into a Markdown file, between two marks.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from sim.errors import BordersimError, InputError
from sim.scenario.policy import PolicyFile
from sim.scenario.schema import CRIMES, ScenarioFile

BEGIN = "<!-- parameters: made by `python -m sim.scenario.catalogue FILE`, do not edit -->"
END = "<!-- end of parameters -->"

COLUMNS = ("Key", "Meaning", "Unit", "Default", "Allowed", "Sweep", "Source")

DIMENSIONLESS = ("relative", "in values of a load", "sensitivity", "weight")
"""Words of a meaning that make a number plainly one without a unit, as do 0 to 1, and counts."""

SIDE_CODE = "^[A-Z][A-Z0-9_]*$"

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that a file may say.

    Attributes
    ----------
    key : path to it; N stands for an index, NAME for a name, SIDE for a side
    meaning, unit, source : as declared, "" if they are not
    default : as written in a file; "" if a file must say it, "none" if it may be missing
    allowed : what it may be, in words
    assumed : range that a sensitivity study should sweep, if declared
    is_number : whether it can be a number, or numbers
    is_count : whether these are whole
    is_share : whether they lie between 0 and 1
    """

    key: str
    meaning: str
    unit: str
    default: str
    allowed: str
    assumed: tuple[float, float] | None
    source: str
    is_number: bool
    is_count: bool
    is_share: bool

    @property
    def is_dimensionless(self) -> bool:
        """Whether it is plain that it needs no unit."""
        told = any(word in self.meaning for word in DIMENSIONLESS)
        return self.is_count or self.is_share or told

    @property
    def needs_source(self) -> bool:
        """Whether it is a number that the model brings along, not one that a file gives."""
        return self.is_number and self.default not in ("", "none")


@dataclass(frozen=True, slots=True)
class Section:
    """A table of a file.

    Attributes
    ----------
    file : "scenario" or "policy"
    title : key path of the table, "" for the file itself
    text : what it is
    parameters : what it may say, tables within it aside
    """

    file: str
    title: str
    text: str
    parameters: tuple[Parameter, ...]


def sections() -> list[Section]:
    """Give all tables of scenario and policy files with their parameters, in order."""
    found: list[Section] = []
    for file, model in (("scenario", ScenarioFile), ("policy", PolicyFile)):
        schema = model.model_json_schema()
        found += _walk(file, schema, schema["$defs"], "")
    return found


def _walk(file: str, table: Schema, known: Schema, path: str) -> Iterator[Section]:
    """Give a table, and after it the tables within it."""
    kind = table["properties"].get("kind", {}).get("const")
    title = f'{path} of kind "{kind}"' if kind else path
    prefix = f"{path}." if path else ""
    required = table.get("required", [])
    parameters = [
        parameter
        for name, field in table["properties"].items()
        if _words(field)
        for parameter in _parameters(prefix + name, field, name in required)
    ]
    yield Section(file, title, table.get("description", ""), tuple(parameters))
    for name, field in table["properties"].items():
        for suffix, within in _tables_in(field):
            yield from _walk(file, known[within], known, prefix + name + suffix)
        if (path, name) == ("", "crimes"):
            yield _known_crimes(file, known["Crime"])


def _known_crimes(file: str, table: Schema) -> Section:
    """Give the crime types that every scenario knows, as far as they differ from the default."""
    parameters = [
        replace(parameter, default=_value(values[name]))
        for crime, values in CRIMES.items()
        for name in table["properties"]
        if name in values
        for parameter in _parameters(f"crimes.{crime}.{name}", table["properties"][name], False)
    ]
    text = "The crime types that every scenario knows, as far as they differ from `crimes.NAME`."
    return Section(file, "crimes, known types", text, tuple(parameters))


def _parameters(key: str, field: Schema, required: bool) -> Iterator[Parameter]:
    """Give the parameter of a key; one for each entry of a default that is a table by names."""
    default = field.get("default")
    leaves = list(_numbers(field))
    whole = Parameter(
        key=key,
        meaning=field.get("description", ""),
        unit=field.get("x-unit", ""),
        default="" if required else _value(default),
        allowed=_words(field),
        assumed=tuple(field["x-assumed"]) if "x-assumed" in field else None,
        source=field.get("x-source", ""),
        is_number=bool(leaves),
        is_count=bool(leaves) and all(leaf["type"] == "integer" for leaf in leaves),
        is_share=bool(leaves) and all(_is_share(leaf) for leaf in leaves),
    )
    if not isinstance(default, dict) or not default:
        yield whole
        return
    allowed = next(_words(part) for suffix, part in _parts(field) if suffix)
    for name, value in default.items():
        yield replace(whole, key=f"{key}.{name}", default=_value(value), allowed=allowed)


def _parts(field: Schema) -> list[tuple[str, Schema]]:
    """Give what a field is made of, each with what it adds to the key path."""
    parts = [("", each) for each in (*field.get("anyOf", ()), *field.get("oneOf", ()))]
    if "items" in field:
        parts.append((".N", field["items"]))
    parts += [(".N", each) for each in field.get("prefixItems", ())]
    if isinstance(field.get("additionalProperties"), dict):
        parts.append((".NAME", field["additionalProperties"]))
    parts += [(".SIDE", each) for each in field.get("patternProperties", {}).values()]
    return parts


def _tables_in(field: Schema) -> Iterator[tuple[str, str]]:
    """Give the tables in a field by name, each with what it adds to the key path."""
    if "$ref" in field:
        yield "", field["$ref"].rsplit("/", 1)[-1]
    for suffix, part in _parts(field):
        for more, table in _tables_in(part):
            yield suffix + more, table


def _numbers(field: Schema) -> Iterator[Schema]:
    """Give the parts of a field that are numbers."""
    if field.get("type") in ("number", "integer") and "enum" not in field and "const" not in field:
        yield field
    for _, part in _parts(field):
        yield from _numbers(part)


def _is_share(leaf: Schema) -> bool:
    low: Any = leaf.get("minimum", leaf.get("exclusiveMinimum", -1))
    return bool(low >= 0 and leaf.get("maximum", 2) <= 1)


# In words


def _words(field: Schema) -> str:
    """Say what a field may be; nothing, if it is a table or tables."""
    if "const" in field:
        return _value(field["const"])
    if "enum" in field:
        return ", ".join(_value(each) for each in field["enum"])
    kind = field.get("type")
    if kind in ("number", "integer"):
        return " ".join(filter(None, ("whole" if kind == "integer" else "", _limits(field))))
    if kind in ("string", "boolean"):
        text = "side code" if field.get("pattern") == SIDE_CODE else "text"
        return text if kind == "string" else "true, false"
    parts = list(dict.fromkeys(filter(None, (_words(part) for _, part in _parts(field)))))
    if kind == "array" and parts:
        most, least = field.get("maxItems"), field.get("minItems")
        count = f"{least} of: " if most and most == least else "list of: "
        return count + ", ".join(parts)
    if kind == "object":
        by = "side" if "patternProperties" in field else "name"
        of = f": {', '.join(parts)}" if parts else ""
        return f"table by {by}{of}" if parts or not _parts(field) else ""
    if "anyOf" in field or "oneOf" in field:
        return " or ".join(parts)
    return "" if "$ref" in field or kind in ("null", "array") else "anything"


def _limits(field: Schema) -> str:
    """Say between which limits a number must lie."""
    low, above = field.get("minimum"), field.get("exclusiveMinimum")
    high, below = field.get("maximum"), field.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    told = (("≥", low), (">", above), ("≤", high), ("<", below))
    limits = ", ".join(f"{sign} {limit:g}" for sign, limit in told if limit is not None)
    return limits or "number"


def _value(value: Any) -> str:
    """Write a value as a file would, shorter where a list repeats itself."""
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list) and len(value) > 3 and value.count(value[0]) == len(value):
        return f"{len(value)} × {_value(value[0])}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(each) for each in value)}]"
    return json.dumps(value, ensure_ascii=False)


# As Markdown


def markdown() -> str:
    """Give all parameters as Markdown, grouped by table."""
    blocks = []
    for file, group in groupby(sections(), key=lambda section: section.file):
        blocks.append(f"#### Parameters of {file} files")
        for section in group:
            if section.title:
                blocks.append(f"##### `{section.title}`")
            blocks.append(" ".join(section.text.split()))
            if section.parameters:
                blocks.append("\n".join(_table(section.parameters)))
    return "\n\n".join(blocks) + "\n"


def _table(parameters: tuple[Parameter, ...]) -> Iterator[str]:
    yield _row(COLUMNS)
    yield _row(("---",) * len(COLUMNS))
    for each in parameters:
        sweep = " to ".join(f"{end:g}" for end in each.assumed) if each.assumed else ""
        unit = each.unit or ("1" if each.is_number else "")
        default = f"`{each.default}`" if each.default else "required"
        yield _row(
            (f"`{each.key}`", each.meaning, unit, default, each.allowed, sweep, _origin(each))
        )


def _origin(parameter: Parameter) -> str:
    """Say where a parameter's value comes from."""
    if parameter.source:
        return parameter.source
    if not parameter.default:
        return "the file"
    return "assumed" if parameter.needs_source else ""


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def with_table(text: str, where: str) -> str:
    """Put the table between the two marks of a Markdown text, in place of what is there.

    Raises
    ------
    InputError : the marks are not there, each once, in order
    """
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in tail:
        raise InputError(
            "has no place for the table of parameters",
            where=where,
            remedy=f"put these two lines where it is to be: {BEGIN} and {END}",
        )
    return f"{head}{BEGIN}\n\n{markdown()}\n{END}{tail}"


def main(arguments: list[str]) -> None:
    """Put the table into a file.

    Raises
    ------
    InputError : there is no such file, or no place in it
    """
    if len(arguments) != 1:
        raise InputError("names no file", where="FILE", remedy="e.g. sim/ODD.md")
    path = Path(arguments[0])
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from None
    path.write_text(with_table(text, str(path)), encoding="utf-8")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BordersimError as error:
        sys.exit(f"{error}")

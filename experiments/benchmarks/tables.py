"""What was measured as a Markdown table and as JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from measuring import Row

PARTS = {
    "border_year": "A year of the Vietnam–Laos line, all instruments",
    "peers": "The same moves in other frameworks",
    "sizes": "Cost against size",
    "processes": "What things cost, and where the time goes",
    "cold_start": "Cold start",
    "worker_processes": "Two worker processes against one",
    "batches": "Storing a batch",
    "places": "Where runs are made",
}


def markdown(told: Mapping[str, Any], parts: Mapping[str, Sequence[Row]]) -> str:
    """Write the tables, one for each part.

    Parameters
    ----------
    told : what was measured on, see `provenance` in `run.py`
    parts : rows by name of the part
    """
    lines = ["# Benchmarks", "", "Medians, with the least and the most of the runs.", ""]
    for key, value in (*told["machine"].items(), *told["versions"].items()):
        lines.append(f"- {key}: {value}")
    if told["quick"]:
        lines += ["", "Made with `--quick`: a test of the benchmark rather than a measurement."]
    for name, rows in parts.items():
        lines += ["", f"## {PARTS[name]}", ""]
        lines += ["| what | value | unit | least–most | runs | ratio | note |"]
        lines += ["|---|--:|---|--:|--:|--:|---|"]
        lines += [_line(row) for row in rows]
        bases = dict.fromkeys(row.to for row in rows if row.to)
        if bases:
            lines += ["", f"Ratios are to {', '.join(bases)}."]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    spread = "" if row.least is None or row.runs < 2 else f"{_short(row.least)}–{_short(row.most)}"
    cells = (
        row.what,
        "–" if row.value is None else _short(row.value),
        row.unit,
        spread,
        str(row.runs) if row.runs else "–",
        "" if row.ratio is None else _short(row.ratio),
        row.note,
    )
    return "| " + " | ".join(cells) + " |"


def _short(number: float) -> str:
    """Write a number with three significant digits."""
    if abs(number) >= 100.0:
        return f"{number:,.0f}"
    return f"{number:.3g}"


def as_json(told: Mapping[str, Any], parts: Mapping[str, Sequence[Row]]) -> str:
    """Write everything for programs."""
    rows = {name: [row.as_dict() for row in part] for name, part in parts.items()}
    return json.dumps({**told, "parts": rows}, indent=2, ensure_ascii=False) + "\n"

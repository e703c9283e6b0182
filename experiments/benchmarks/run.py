"""Measures what bordersim costs, beside its peers, and writes table, JSON and figure.

Usage: python experiments/benchmarks/run.py [--quick] [--only PART …] [--out DIR]

See README.md beside this file.
"""

import argparse
import importlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engines import engines
from figure import draw
from machine import machine, versions
from measuring import ROOT, Row
from tables import PARTS, as_json, markdown


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for on the command line."""
    asked = _parser().parse_args(arguments)
    told = provenance(asked.quick)
    parts: dict[str, list[Row]] = {}
    for name in asked.only or PARTS:
        begin = time.perf_counter()
        parts[name] = importlib.import_module(name).measure(asked.quick)
        print(f"{name}: {time.perf_counter() - begin:.0f} s", file=sys.stderr)
    asked.out.mkdir(parents=True, exist_ok=True)
    text = markdown(told, parts)
    (asked.out / "benchmarks.md").write_text(text, encoding="utf-8")
    (asked.out / "benchmarks.json").write_text(as_json(told, parts), encoding="utf-8")
    if "sizes" in parts:
        draw(parts["sizes"], asked.out / "sizes.png")
    print(text)
    return 0


def provenance(quick: bool) -> dict[str, Any]:
    """Say what is measured on: machine, versions, engines, and whether in short."""
    return {
        "machine": machine(),
        "versions": versions(),
        "engines": list(engines()),
        "quick": quick,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure what bordersim costs.")
    parser.add_argument("--quick", action="store_true", help="fewer days and runs, as a test")
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help="some parts only")
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "benchmarks")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Imports the border of every pair of neighbouring countries in a file, as a test of the importer.

Usage: python experiments/every_border.py FILE

Prints how many borders are one chain, one ring or several pieces, the longest ones, what failed and
why, and the total length. The land borders of the world are about 250,000 km long; a drawing falls
short of that by its coarseness.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sim.errors import BordersimError
from sim.world.import_border import ImportedBorder, import_border, neighbouring_pairs


def import_all(
    countries: Path, out: Path
) -> tuple[dict[tuple[str, str], ImportedBorder], dict[tuple[str, str], str]]:
    """Import every neighbouring pair into a folder of its own; give the borders and failures."""
    borders: dict[tuple[str, str], ImportedBorder] = {}
    failures: dict[tuple[str, str], str] = {}
    for number, pair in enumerate(neighbouring_pairs(countries)):
        try:
            borders[pair] = import_border(*pair, countries, out=out / str(number))
        except BordersimError as error:
            failures[pair] = str(error)
    return borders, failures


def shape_of(border: ImportedBorder) -> str:
    """Name the form of a border."""
    if border.pieces > 1:
        return "several pieces"
    return "one ring" if border.rings else "one chain"


def summary(
    borders: dict[tuple[str, str], ImportedBorder], failures: dict[tuple[str, str], str]
) -> str:
    """Table of what was imported, lengths in km."""
    rows = [("pairs", len(borders) + len(failures), 0.0)]
    for shape in ("one chain", "one ring", "several pieces"):
        of_shape = [border for border in borders.values() if shape_of(border) == shape]
        rows.append((shape, len(of_shape), sum(border.length_km for border in of_shape)))
    rows.append(("failed", len(failures), 0.0))
    rows.append(("imported", len(borders), sum(border.length_km for border in borders.values())))
    lines = [f"{name:16}{count:6d}{km:12,.0f} km" for name, count, km in rows]
    lines += ["", "longest"]
    longest = sorted(borders.values(), key=lambda border: -border.length_km)[:5]
    for border in longest:
        pieces = "1 piece" if border.pieces == 1 else f"{border.pieces} pieces"
        lines.append(f"  {'–'.join(border.names)}: {border.length_km:,.0f} km, {pieces}")
    lines += [f"failed {'–'.join(pair)}: {reason}" for pair, reason in failures.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run the study on the file named on the command line."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with tempfile.TemporaryDirectory() as folder:
            borders, failures = import_all(Path(arguments[0]), Path(folder))
    except BordersimError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(summary(borders, failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

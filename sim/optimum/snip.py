"""Reader of the public instances of stochastic network interdiction (SNIP)."""

from pathlib import Path
from typing import Any

import networkx as nx

from sim.errors import InputError, os_error_as_input_error
from sim.optimum.placement import Journey


def read_snip(
    folder: Path, instance: int = 0, ratio: float | None = 0.1
) -> tuple["nx.DiGraph[int]", list[Journey]]:
    """Read an instance: a graph and journeys as `sim.optimum.placement.place` takes them.

    Parameters
    ----------
    folder : with `Scenarios.txt` (origin, destination, probability), `int_instance0.txt` (edges
        that can have a sensor: from, to, r, q) and `nonint_instance0.txt` (others: from, to, r)
    instance : number in the names of files
    ratio : what a sensor multiplies r by; None to take q as it stands

    Raises
    ------
    InputError : a file is missing, or a row of it has no such numbers

    Source
    ------
    Pan & Morton, Networks 52 (2008), 111: r and q are the probabilities of staying undetected.
    """
    graph: nx.DiGraph[int] = nx.DiGraph()
    for row in _rows(folder / f"int_instance{instance}.txt", 4):
        passes, watched = row[2], row[3] if ratio is None else ratio * row[2]
        graph.add_edge(int(row[0]), int(row[1]), passes=passes, watched=watched)
    for row in _rows(folder / f"nonint_instance{instance}.txt", 3):
        graph.add_edge(int(row[0]), int(row[1]), passes=row[2])
    journeys = [
        Journey(int(a), int(b), weight) for a, b, weight in _rows(folder / "Scenarios.txt", 3)
    ]
    return graph, journeys


def _rows(path: Path, count: int) -> list[Any]:
    """Read the numbers of a file, so many to a row."""
    with os_error_as_input_error("cannot be read", where=path, remedy="the folder of instances"):
        text = path.read_text(encoding="utf-8")
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = [float(word) for word in line.split()]
        except ValueError:
            row = []
        if len(row) != count:
            raise InputError(f"no {count} numbers", where=f"{path}: line {number}")
        rows.append(row)
    return rows

"""`bordersim optimum`: the best coverage of a scenario, and what acting as one is worth in it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from sim.engine import BorderModel
from sim.optimum import Board, Coverage, best_coverage, everybody, links_in
from sim.scenario import Scenario

ARRANGEMENTS = {
    "alone": "each side alone",
    "linked": "posts with direct ties as one",
    "together": "both sides as one",
}
"""Ways in which posts may know of each other's patrols, and what to call them."""


def optimum_command(
    path: Path,
    policy: str | None,
    seed: int,
    overrides: dict[str, object],
    as_json: bool,
    allow_code: bool,
) -> None:
    """Solve the patrol game of a scenario and print what it says."""
    scenario = Scenario.load(path, policy, overrides, allow_code)
    model = BorderModel(scenario, rng=seed)
    board = Board(model)
    links = links_in(model.stage.world.communication, board)
    found = {
        "alone": best_coverage(board, []),
        "linked": best_coverage(board, links),
        "together": best_coverage(board, everybody(board)),
    }
    if as_json:
        document = {
            "scenario": scenario.name,
            "policy": scenario.policy_name,
            "seed": seed,
            "inputs_sha256": scenario.inputs_sha256,
            "harm_per_day": float(board.harm.sum()),
            "games": {name: _told(each) for name, each in found.items()},
            "segments": _segments(board, found["together"]),
        }
        print(json.dumps(document, indent=2, ensure_ascii=False))
        return
    console = Console()
    console.print(_values(board, found))
    console.print(_coverage(board, found))
    console.print(
        f"{scenario.name}, policy {scenario.policy_name}, seed {seed}: groups live where the seed "
        f"puts them. {len(links)} of {len(everybody(board))} pairs of posts across the line have a "
        "direct tie under the policy.",
        style="dim",
        highlight=False,
    )


def _told(coverage: Coverage) -> dict[str, float]:
    """Give the values of a coverage."""
    return {"prevented": coverage.prevented, "harm_passed_per_day": coverage.passes}


def _segments(board: Board, coverage: Coverage) -> list[dict[str, Any]]:
    """Give the teams on each segment, by side."""
    return [
        {
            "segment": segment.number,
            "provinces": list(segment.provinces),
            "teams": {
                side: float(teams)
                for side, teams in zip(segment.sides, coverage.teams[segment.number], strict=True)
            },
        }
        for segment in board.world.segments
    ]


def _values(board: Board, found: dict[str, Coverage]) -> Table:
    """What each arrangement prevents, if groups know it and go where least is prevented."""
    table = Table(
        title="What can be prevented at least, if groups know where patrols go",
        title_justify="left",
    )
    table.add_column("who plans")
    table.add_column("harm prevented", justify="right")
    table.add_column("harm passed a day", justify="right")
    table.add_column("gain on alone, points", justify="right")
    for name, coverage in found.items():
        gain = 100.0 * (coverage.prevented - found["alone"].prevented)
        cells = f"{100.0 * coverage.prevented:.1f} %", f"{coverage.passes:.1f}", f"{gain:+.1f}"
        table.add_row(ARRANGEMENTS[name], *cells)
    return table


def _coverage(board: Board, found: dict[str, Coverage]) -> Table:
    """Teams in each province, and how evenly they are spread over its segments, by side."""
    table = Table(title="Teams out at a time on each segment, least to most", title_justify="left")
    table.add_column("province")
    table.add_column("side")
    for title in ("segments", "teams in all", ARRANGEMENTS["alone"], ARRANGEMENTS["together"]):
        table.add_column(title, justify="right")
    rows: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for segment in board.world.segments:
        for index, place in enumerate(zip(segment.sides, segment.provinces, strict=True)):
            rows.setdefault(place, []).append((segment.number, index))
    for (side, province), places in sorted(rows.items()):
        here = [np.array([found[name].teams[each] for each in places]) for name in _SHOWN]
        spread = [f"{teams.min():.2f} to {teams.max():.2f}" for teams in here]
        table.add_row(province, side, str(len(places)), f"{here[-1].sum():.0f}", *spread)
    return table


_SHOWN = ("alone", "together")
"""Arrangements whose coverage is shown."""

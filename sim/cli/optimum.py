"""`bordersim optimum`: the best coverage of a scenario, and how near policies come to the best."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from sim.engine import BorderModel
from sim.errors import InputError
from sim.optimum import (
    METRICS,
    Board,
    Coverage,
    Limits,
    Score,
    best_coverage,
    everybody,
    limits_of,
    links_in,
    score,
)
from sim.optimum.achievable import RUNS
from sim.outcomes import MEASURES, run
from sim.scenario import Scenario

ARRANGEMENTS = {
    "alone": "each side alone",
    "linked": "posts with direct ties as one",
    "together": "both sides as one",
}
"""Ways in which posts may know of each other's patrols, and what to call them."""

DAYS = 120.0
"""Length of a run unless it is asked for, or the scenario's is shorter."""

Scores = dict[str, dict[str, Score]]
"""By policy and outcome."""


def optimum_command(
    path: Path,
    policies: Sequence[str],
    seed: int,
    replications: int,
    overrides: dict[str, object],
    as_json: bool,
    allow_code: bool,
) -> None:
    """Solve the patrol game of a scenario, simulate what can be achieved, and print both."""
    if replications == 1 or replications < 0:
        raise InputError(
            f"{replications} runs give no interval",
            where="--replications",
            remedy="two or more, or 0 for the game alone",
        )
    named: list[str | None] = [*policies] or [None]
    scenarios = [
        _shortened(Scenario.load(path, policy, overrides, allow_code), overrides)
        for policy in named
    ]
    scenario = scenarios[0]
    model = BorderModel(scenario, rng=seed)
    board = Board(model)
    links = links_in(model.stage.world.communication, board)
    found = {
        "alone": best_coverage(board, []),
        "linked": best_coverage(board, links),
        "together": best_coverage(board, everybody(board)),
    }
    console = Console()
    if not as_json:
        console.print(_values(found))
        console.print(_spread(board, found))
        console.print(
            f"{scenario.name}, policy {scenario.policy_name}, seed {seed}: groups live where the "
            f"seed puts them. {len(links)} of {len(everybody(board))} pairs of posts across the "
            "line have a direct tie under the policy.",
            style="dim",
            highlight=False,
        )
    limits: Limits | None = None
    scores: Scores = {}
    if replications:
        with console.status("") if not as_json else _Silent() as status:
            limits, scores = _scores(scenarios, range(seed, seed + replications), status.update)
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
        if limits is not None:
            document["achievable"] = _achievable(scenario, limits, scores)
        print(json.dumps(document, indent=2, ensure_ascii=False))
    elif limits is not None:
        for metric in METRICS:
            console.print(_shares(metric, limits, scores))
        console.print(_footing(scenario, limits), style="dim", highlight=False)


class _Silent:
    """A status that shows nothing."""

    def __enter__(self) -> "_Silent":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def update(self, what: str) -> None:
        """Show nothing."""


def _shortened(scenario: Scenario, overrides: dict[str, object]) -> Scenario:
    """Give a scenario of no more than `DAYS`, unless its length was asked for."""
    if "time.days" in overrides or scenario.time.days <= DAYS:
        return scenario
    return scenario.model_copy(update={"time": scenario.time.model_copy(update={"days": DAYS})})


def _scores(
    scenarios: Sequence[Scenario], seeds: Sequence[int], tell: Any
) -> tuple[Limits, Scores]:
    """Simulate floor, ceilings and policies on the same seeds, and score the policies."""
    limits = limits_of(scenarios[0], seeds, METRICS[0], tell=tell)
    scores: Scores = {}
    for scenario in scenarios:
        tell(f"policy {scenario.policy_name}")
        runs = [run(scenario, seed, runs=RUNS).outcomes for seed in seeds]
        scores[scenario.policy_name] = {
            metric: score(
                [each[metric] for each in runs],
                [each[metric] for each in limits.floor],
                [each[metric] for each in getattr(limits, limits.ceiling(metric))],
            )
            for metric in METRICS
        }
    return limits, scores


def _achievable(scenario: Scenario, limits: Limits, scores: Scores) -> dict[str, Any]:
    """Give limits and scores for programs; what is not finite is null."""
    told = {
        metric: {
            name: float(np.mean([each[metric] for each in getattr(limits, name)]))
            for name in ("floor", "equilibrium", "oracle")
        }
        | {"ceiling": limits.ceiling(metric)}
        for metric in METRICS
    }
    return {
        "seeds": list(limits.seeds),
        "days": scenario.time.days,
        "allocation_of_floor": limits.alone,
        "oracle_slack": limits.slack,
        "limits": told,
        "shares": {
            policy: {
                metric: {
                    key: value if np.isfinite(value) else None
                    for key, value in asdict(each).items()
                }
                for metric, each in by_metric.items()
            }
            for policy, by_metric in scores.items()
        },
    }


def _shares(metric: str, limits: Limits, scores: Scores) -> Table:
    """Floor, ceilings, and where policies lie between them, for an outcome."""
    title = f"Share of the achievable: {MEASURES[metric].meaning}"
    table = Table(title=title, title_justify="left")
    for name in ("", "mean", "share", "95 % interval"):
        table.add_column(name, justify="left" if not name else "right")
    names = {
        "floor": "each side alone, at its best",
        "equilibrium": "both as one, by the equilibrium",
        "oracle": "both as one, by the oracle",
    }
    floor, ceiling = (
        float(np.mean([each[metric] for each in getattr(limits, name)]))
        for name in ("floor", limits.ceiling(metric))
    )
    for name, meaning in names.items():
        mean = float(np.mean([each[metric] for each in getattr(limits, name)]))
        share = (mean - floor) / (ceiling - floor) if ceiling != floor else np.nan
        table.add_row(meaning, f"{100.0 * mean:.1f} %", f"{share:.2f}", "")
    for policy, by_metric in scores.items():
        found = by_metric[metric]
        mean = floor + found.share * (ceiling - floor)
        interval = f"{found.low:.2f} to {found.high:.2f}" if found.is_told else "not to be told"
        table.add_row(f"policy {policy}", f"{100.0 * mean:.1f} %", f"{found.share:.2f}", interval)
    return table


def _footing(scenario: Scenario, limits: Limits) -> str:
    """Say what the shares rest on."""
    kinds = ", ".join(f"{side} {kind}" for side, kind in limits.alone.items())
    return (
        f"{len(limits.seeds)} seeds of {scenario.time.days:g} days. Alone at its best: {kinds}, "
        "chosen on other seeds. If groups choose as they did under the oracle, no placement could "
        f"have prevented more than {100.0 * (limits.slack - 1.0):.1f} % more than it was to; how "
        "they would choose under another is not bounded by that. Intervals by Fieller. A policy "
        "with means that the ceiling has not, such as fewer carriers, may score above 1."
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


def _values(found: dict[str, Coverage]) -> Table:
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


def _spread(board: Board, found: dict[str, Coverage]) -> Table:
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

"""How much of what can be achieved each policy does, in words and as a table."""

from math import isnan, nan

import pandas as pd

from sim.lab import Achieved, Comparison
from sim.optimum import Score
from sim.report.evidence import Findings
from sim.report.ledgers import name_of_side
from sim.report.tables import Cell, Column, Line, Sheet
from sim.report.words import figure_text, label_of, number_text

UNTOLD = "not to be told"

LIMITS = {
    "floor": "each side alone, at its best",
    "equilibrium": "both as one, by the equilibrium",
    "oracle": "both as one, by the oracle",
}

PLACED = {
    "uniform": "at random, all beats alike",
    "posterior_mean": "where most is expected",
    "thompson": "by Thompson sampling",
    "stackelberg": "by Stackelberg coverage",
}
"""How an allocation places patrols."""

Told = tuple[int, Score]
"""A point and its score."""


def share_text(found: Score) -> str:
    """Say a share of the achievable."""
    return f"{_percent(found.share)} %" if found.is_told else UNTOLD


def span_text(found: Score) -> str:
    """Say the 95 % interval of a share, in per cent; nothing if it is not to be told."""
    return f"{_percent(found.low)} to {_percent(found.high)}" if found.is_told else ""


def _percent(share: float) -> str:
    return f"{round(100.0 * share):,d}".replace("-", "−")


def achievable_told(comparison: Comparison) -> dict[str, list[str]]:
    """Say what floor and ceiling are, where policies lie, and what that does not mean.

    Returns
    -------
    Sentences under "what" and "found" and "limits"; empty if nothing is known of it.
    """
    achieved = comparison.achieved
    if achieved is None:
        return {}
    return {
        "what": [_floor(comparison, achieved), _ceiling(comparison, achieved)],
        "found": [_found(comparison, achieved, metric) for metric in achieved.metrics],
        "limits": _reservations(comparison, achieved),
    }


def _floor(comparison: Comparison, achieved: Achieved) -> str:
    tried = len(PLACED)
    metric = label_of(achieved.asked.metric)
    start = (
        f"The floor (0 %): nothing is shared, and each side alone places its patrols in the one of "
        f"{tried} ways that did best for {metric} in runs on other seeds"
    )
    if len(achieved.limits) > 1:
        return (
            f"{start}. What is compared lies in {len(achieved.limits)} worlds that differ in more "
            f"than policy, and each has a floor of its own, whose allocation is in achievable.csv."
        )
    kinds = ", ".join(
        f"{name_of_side(comparison, side)} {PLACED[kind]}"
        for side, kind in achieved.limits[0].alone.items()
    )
    return f"{start}: {kinds}. Means: {_means(achieved, 'floor')}."


def _ceiling(comparison: Comparison, achieved: Achieved) -> str:
    start = (
        "The ceiling (100 %): both sides as one, who hand over at once, at no cost, and whose "
        "patrols are placed either by the equilibrium of the patrol game or by an oracle that "
        "knows how likely each group is to go where; the one that does better counts"
    )
    if len(achieved.limits) > 1:
        return f"{start}."
    limits = achieved.limits[0]
    higher = {metric: limits.ceiling(metric) for metric in achieved.metrics}
    if len(set(higher.values())) == 1:
        counts = f"here the {higher[achieved.metrics[0]]}"
    else:
        counts = " and ".join(f"for {label_of(each)} the {name}" for each, name in higher.items())
    return (
        f"{start}, {counts}. Means by the equilibrium: {_means(achieved, 'equilibrium')}; by the "
        f"oracle: {_means(achieved, 'oracle')}."
    )


def _means(achieved: Achieved, name: str) -> str:
    """Say the means of a limit of the one world."""
    return ", ".join(
        f"{label_of(metric)} {figure_text(metric, achieved.limit(0, name, metric))}"
        for metric in achieved.metrics
    )


def scores_of(achieved: Achieved, metric: str) -> list[Told]:
    """Give all points with their scores."""
    return [(index, achieved.score(index, metric)) for index in range(len(achieved.world_of))]


def _found(comparison: Comparison, achieved: Achieved, metric: str) -> str:
    """Say where policies lie between floor and ceiling, by one outcome."""
    label = label_of(metric).capitalize()
    scores = scores_of(achieved, metric)
    told = [each for each in scores if each[1].is_told]
    if not told:
        return (
            f"{label}: the ceiling is not clearly above the floor on these seeds, so that no share "
            "can be told; more of them may do."
        )
    index, most = max(told, key=lambda each: each[1].share)
    name = f"“{comparison.points[index].name}”"
    span = f"95 % interval {span_text(most)}"
    if most.share > 0.0:
        start = f"{name} comes furthest, {share_text(most)} of the way from floor to ceiling"
    else:
        start = f"no policy's mean lies above the floor; nearest is {name}, at {share_text(most)}"
    above = sum(found.low > 0.0 for _, found in told)
    below = sum(found.high < 0.0 for _, found in told)
    counts = [
        (above, "lies", "lie", "above the floor"),
        (below, "lies", "lie", "below the floor"),
        (len(told) - above - below, "reaches", "reach", "from below to above it"),
        (len(scores) - len(told), "is", "are", UNTOLD),
    ]
    parts = ", ".join(
        f"{count} {one if count == 1 else many} {words}"
        for count, one, many, words in counts
        if count
    )
    return f"{label}: {start} ({span}). Of the intervals of {len(scores)} policies, {parts}."


def _reservations(comparison: Comparison, achieved: Achieved) -> list[str]:
    """Say how far all of this goes."""
    slack = max(limits.slack for limits in achieved.limits)
    told = [
        f"How far the ceiling may be from the best: if groups choose as they did under the oracle, "
        f"no placement could have prevented more than {100.0 * (slack - 1.0):.1f} % more harm than "
        f"its own was to. How they would choose under another placement is not bounded by that.",
        "A policy with means that the ceiling has not, such as fewer carriers or storage found, "
        "may lie above 100 % of harm: that share tells of more than where patrols are.",
        f"Intervals are Fieller's, of {len(achieved.seeds)} pairs of runs, each for itself and not "
        "corrected for the number of policies. That the floor's allocation was chosen by few "
        "runs, and that numbers are assumed, is in none of them.",
    ]
    kinds = {str(point.scenario.policy.allocation.kind) for point in comparison.points}
    common = PLACED.get(next(iter(kinds))) if len(kinds) == 1 else None
    own = {kind for limits in achieved.limits for kind in limits.alone.values()}
    if common is not None and own.isdisjoint(kinds):
        told.insert(
            0,
            f"All policies here place patrols {common}, and the floor does not: what parts them "
            "from it is that as well as what they share.",
        )
    return told


def achievable_sheet(findings: Findings) -> Sheet | None:
    """Give floor, ceilings and policies as a table, if they are known."""
    comparison = findings.comparison
    achieved = comparison.achieved
    if achieved is None:
        return None
    columns = []
    for metric in achieved.metrics:
        columns += [
            Column(label_of(metric), "mean on these seeds", "%"),
            Column("of the achievable", "", "%, 95 % interval"),
        ]
    lines: list[Line] = []
    for world in range(len(achieved.limits)):
        lines += [_limit_line(achieved, world, name) for name in LIMITS]
        lines += [
            _line(findings, achieved, index)
            for index in range(len(comparison.points))
            if achieved.world_of[index] == world
        ]
    return Sheet(
        caption=f"Share of the achievable: 0 % is the floor, 100 % the higher ceiling; "
        f"{seeds_text(comparison, achieved)}",
        corner="policy",
        columns=columns,
        lines=lines,
        is_sortable=False,
    )


def _limit_line(achieved: Achieved, world: int, name: str) -> Line:
    cells = []
    for metric in achieved.metrics:
        share = place_of_limit(achieved, world, name, metric)
        cells += [
            Cell(number_text(metric, achieved.limit(world, name, metric))),
            Cell("" if isnan(share) else f"{_percent(share)} %"),
        ]
    return Line(Cell(LIMITS[name]), cells, is_marked=True)


def _line(findings: Findings, achieved: Achieved, index: int) -> Line:
    point = findings.comparison.points[index]
    cells = []
    for metric in achieved.metrics:
        values = achieved.values(index, metric)
        found = achieved.score(index, metric)
        span = (f"[{span_text(found)}]",) if found.is_told else ()
        cells += [
            Cell(number_text(metric, sum(values) / len(values))),
            Cell(share_text(found), span),
        ]
    name = f"{findings.numbers[index]} {point.name}{' (baseline)' * point.is_baseline}"
    return Line(Cell(name), cells)


def place_of_limit(achieved: Achieved, world: int, name: str, metric: str) -> float:
    """Say where floor or a ceiling lies on the scale of shares; nan if there is none."""
    floor = achieved.limit(world, "floor", metric)
    ceiling = achieved.limit(world, achieved.limits[world].ceiling(metric), metric)
    if ceiling <= floor:
        return nan
    return (achieved.limit(world, name, metric) - floor) / (ceiling - floor)


def seeds_text(comparison: Comparison, achieved: Achieved) -> str:
    """Say on how many seeds of which length floor and ceilings are."""
    days = comparison.points[0].scenario.time.days
    return f"{len(achieved.seeds)} seeds of {days:g} days"


def achievable_headline(comparison: Comparison, achieved: Achieved) -> str:
    """Say in about ten words what was found by the outcome that comes first."""
    metric = achieved.metrics[0]
    label = label_of(metric)
    scores = scores_of(achieved, metric)
    told = [each for each in scores if each[1].is_told]
    if not told:
        return f"By {label} the ceiling is not clearly above the floor: no share can be told"
    if all(found.high < 0.0 for _, found in scores):
        return f"By {label} every policy does worse than each side alone at its best"
    sure = [each for each in told if each[1].low > 0.0]
    if not sure:
        return f"By {label} no policy clearly does better than each side alone at its best"
    index, most = max(sure, key=lambda each: each[1].share)
    name = comparison.points[index].name
    return f"By {label} “{name}” goes {share_text(most)} of the way from floor to ceiling"


def with_shares(policies: pd.DataFrame, comparison: Comparison) -> pd.DataFrame:
    """Add to the policy table the share of the achievable, where it is told of an outcome.

    Returns
    -------
    In addition achieved_share, achieved_low and achieved_high, if that was asked for.
    """
    if comparison.achieved is None:
        return policies
    keys = ["point", "metric"]
    ends = {name: f"achieved_{name}" for name in ("share", "low", "high")}
    told = comparison.achieved.table(comparison.points)[[*keys, *ends]].rename(columns=ends)
    return policies.merge(told, on=keys, how="left")

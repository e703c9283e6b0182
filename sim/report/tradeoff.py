"""The trade-off: what an effect costs, who bears it, and which policies are dominated."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.outcomes import MEASURES
from sim.report.evidence import Findings
from sim.report.exhibits import COLOURS, WIDTH, Exhibit, plain, short, tidy, wrapped
from sim.report.figures import CHARACTERS, difference_unit, period_text
from sim.report.words import direction_text, label_of, scale_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COSTS = ("coordination_hours", "coordination_money")
BURDEN = "false_stops_per_1000"

MOST_IN_KEY = 24
"""Policies that a key under a figure can name; of more, the policy table has the numbers."""


@dataclass(frozen=True)
class Place:
    """Where a policy stands in a plane of effect and cost.

    Attributes
    ----------
    effect, cost : mean difference to the baseline; more effect is better, less cost is
    dominated_by : name of a policy that has no less effect at no more cost, "" if there is none
    ratio : cost of one more unit of effect over the next cheaper that pays; none if it never pays,
        or is the cheapest
    """

    effect: float
    cost: float
    dominated_by: str
    ratio: float | None


def places_of(effects: Mapping[str, float], costs: Mapping[str, float]) -> dict[str, Place]:
    """Say which policies are dominated, and what one more unit of effect costs with the others.

    A policy that is dominated by a mixture of two others has no ratio either.

    Parameters
    ----------
    effects, costs : by policy; more effect is better, less cost is

    Source
    ------
    Extended dominance: Drummond et al. (2015), Methods for the Economic Evaluation of Health Care
    Programmes, ch. 4.
    """
    front = _front(effects, costs)
    ratios = {
        after: (costs[after] - costs[before]) / (effects[after] - effects[before])
        for before, after in pairwise(front)
    }
    return {
        name: Place(
            effect=effects[name],
            cost=costs[name],
            dominated_by=next(
                (other for other in effects if _dominates(other, name, effects, costs)), ""
            ),
            ratio=ratios.get(name),
        )
        for name in effects
    }


def _dominates(
    one: str, other: str, effects: Mapping[str, float], costs: Mapping[str, float]
) -> bool:
    no_worse = effects[one] >= effects[other] and costs[one] <= costs[other]
    return no_worse and (effects[one] > effects[other] or costs[one] < costs[other])


def _front(effects: Mapping[str, float], costs: Mapping[str, float]) -> list[str]:
    """Give the policies that pay at some price, cheapest first: the hull of the plane."""
    order = sorted(effects, key=lambda name: (costs[name], -effects[name]))
    front: list[str] = []
    for name in order:
        if front and effects[name] <= effects[front[-1]]:
            continue
        while len(front) > 1 and _slope(front[-2], front[-1], effects, costs) >= _slope(
            front[-1], name, effects, costs
        ):
            front.pop()
        front.append(name)
    return front


def _slope(one: str, other: str, effects: Mapping[str, float], costs: Mapping[str, float]) -> float:
    return (costs[other] - costs[one]) / (effects[other] - effects[one])


def effect_sign(metric: str) -> float:
    """1 where more of an outcome is better, -1 where less is."""
    return -1.0 if MEASURES[metric].better == "less" else 1.0


def unit_of_effect(findings: Findings) -> str:
    """Name one unit of the effect as it is shown."""
    measure = MEASURES[findings.effect]
    return "percentage point" if measure.share else measure.unit or "unit"


def standing(findings: Findings, cost: str) -> dict[str, Place]:
    """Say of each policy where it stands between effect and a cost, in shown units of effect."""
    comparison, effect = findings.comparison, findings.effect
    effects, costs = {}, {}
    for index, point in enumerate(comparison.points):
        gain = findings.difference(index, effect).mean
        effects[point.name] = effect_sign(effect) * scale_of(effect) * gain
        costs[point.name] = findings.difference(index, cost).mean
    return places_of(effects, costs)


def plane_exhibit(findings: Findings) -> Exhibit:
    """Show effect against each cost and the burden on lawful people."""
    from matplotlib.figure import Figure

    comparison, effect = findings.comparison, findings.effect
    against = [*costs_of(findings), BURDEN]
    figure = Figure(figsize=(WIDTH, 0.9 + 2.5 * len(against)), layout="constrained")
    panels = figure.subplots(len(against), 1, squeeze=False)[:, 0]
    rows = []
    for axes, other in zip(panels, against, strict=True):
        placed = standing(findings, other)
        _draw_plane(axes, findings, other, placed)
        rows += [
            {
                "point": name,
                "effect": effect,
                "effect_difference": each.effect,
                "against": other,
                "difference": each.cost,
                "dominated_by": each.dominated_by,
                "cost_of_one_more": each.ratio,
            }
            for name, each in placed.items()
        ]
    _add_key(figure, findings)
    title = _plane_title(findings)
    figure.suptitle(
        wrapped(title, CHARACTERS + 6), fontsize=10, fontweight="bold", x=0.01, ha="left"
    )
    caption = (
        f"Difference to “{comparison.points[comparison.baseline].name}” (0) in {label_of(effect)} "
        f"against that in cost and in burden on lawful people, means with 95 % intervals of "
        f"{period_text(comparison)}. Numbers are those of the policy table. Filled: no other "
        f"policy has as much effect for as little; hollow: dominated."
        + (" Those have no intervals here." if len(comparison.points) > MOST_IN_KEY else "")
    )
    return Exhibit("tradeoff", title, caption, figure, pd.DataFrame(rows))


def costs_of(findings: Findings) -> list[str]:
    """Give the costs that any policy has."""
    return [cost for cost in COSTS if findings.comparison.runs[cost].any()] or [COSTS[0]]


def _plane_title(findings: Findings) -> str:
    placed = standing(findings, costs_of(findings)[0])
    lost = sum(bool(each.dominated_by) for each in placed.values())
    return f"On means, {lost} of {len(placed)} policies cost more than others that do as well"


def _draw_plane(axes: "Axes", findings: Findings, other: str, placed: Mapping[str, Place]) -> None:
    comparison, effect = findings.comparison, findings.effect
    axes.axhline(0.0, color="0.7", linewidth=0.8)
    axes.axvline(0.0, color="0.7", linewidth=0.8)
    is_crowded = len(comparison.points) > MOST_IN_KEY
    for index, point in enumerate(comparison.points):
        gain, paid = findings.difference(index, effect), findings.difference(index, other)
        is_kept = not placed[point.name].dominated_by
        colour = COLOURS[0] if is_kept else "0.45"
        x, y = scale_of(other) * paid.mean, scale_of(effect) * gain.mean
        if is_kept or not is_crowded:
            axes.errorbar(
                x,
                y,
                xerr=scale_of(other) * np.transpose([paid.reach]),
                yerr=scale_of(effect) * np.transpose([gain.reach]),
                color=colour,
                linewidth=1.0,
            )
        number, face = findings.numbers[index], colour if is_kept else "white"
        axes.plot(x, y, "o", color=colour, markersize=11, markerfacecolor=face, zorder=3 + number)
        axes.annotate(
            f"{number}",
            (x, y),
            ha="center",
            va="center_baseline",
            fontsize=7,
            color="white" if is_kept else "black",
            zorder=3 + number,
        )
    axes.margins(0.08)
    axes.xaxis.set_major_formatter(_thousands)
    unit = f", {difference_unit(other)}" if MEASURES[other].unit or MEASURES[other].share else ""
    axes.set_xlabel(f"change of {label_of(other)}{unit} ({direction_text(other)})", fontsize=8)
    axes.set_ylabel(
        wrapped(f"change of {label_of(effect)}, {difference_unit(effect)}", 28)
        + f"\n({direction_text(effect)})",
        fontsize=8,
    )
    tidy(axes, grid="both")


def _add_key(figure: "Figure", findings: Findings) -> None:
    """Say which number is which policy, as far as there is room."""
    from matplotlib.lines import Line2D

    points = findings.comparison.points
    if len(points) > MOST_IN_KEY:
        return
    order = sorted(range(len(points)), key=findings.numbers.__getitem__)
    labels = [short(f"{findings.numbers[n]} {points[n].name}", 56) for n in order]
    longest = max(len(label) for label in labels)
    figure.legend(
        handles=[Line2D([], [], linestyle="none") for _ in order],
        labels=[plain(label) for label in labels],
        loc="outside lower center",
        ncols=3 if longest <= 26 else 2 if longest <= 40 else 1,
        frameon=False,
        fontsize=7.5,
        handlelength=0.0,
        handletextpad=0.0,
        columnspacing=1.5,
    )


def _thousands(value: float, _: float) -> str:
    """Write a number on an axis."""
    return f"{value:,.10g}".replace("-", "−")

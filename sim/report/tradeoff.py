"""The trade-off: what an effect costs, who bears it, and which policy pays at which price."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.outcomes import MEASURES
from sim.report.evidence import Findings
from sim.report.exhibits import COLOURS, WIDTH, Exhibit, plain, short, tidy, wrapped
from sim.report.figures import CHARACTERS, difference_unit, period_text
from sim.report.words import direction_text, figure_text, label_of, scale_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COSTS = ("coordination_hours", "coordination_money")
BURDEN = "false_stops_per_1000"

PRICES = 201
"""Prices for which the best policy is found, from nothing to twice the dearest that pays."""

MOST_SHOWN = 0.05
"""Share of runs in which a policy must be best at some price to have a curve of its own."""

DASHES = ("-", "--", "-.", ":")


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


def acceptability(
    effects: NDArray[np.float64], costs: NDArray[np.float64], prices: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of runs in which each policy has the highest net benefit, for each price.

    Parameters
    ----------
    effects, costs : (policies, seeds); more effect is better
    prices : of one unit of effect, in units of cost

    Returns
    -------
    (policies, prices), columns add up to 1; policies that are equally good share a run.

    Source
    ------
    Fenwick, Claxton & Sculpher (2001), Representing uncertainty: the role of cost-effectiveness
    acceptability curves, Health Economics 10.
    """
    benefit = prices[None, None, :] * effects[:, :, None] - costs[:, :, None]
    is_best = benefit == benefit.max(axis=0)
    shares: NDArray[np.float64] = (is_best / is_best.sum(axis=0)).mean(axis=1)
    return shares


def effect_sign(metric: str) -> float:
    """1 where more of an outcome is better, -1 where less is."""
    return -1.0 if MEASURES[metric].better == "less" else 1.0


def standing(findings: Findings, cost: str) -> dict[str, Place]:
    """Say of each policy where it stands between effect and a cost, in shown units of effect."""
    comparison, effect = findings.comparison, findings.effect
    effects, costs = {}, {}
    for index, point in enumerate(comparison.points):
        gain = comparison.difference(index, effect).mean
        effects[point.name] = effect_sign(effect) * scale_of(effect) * gain
        costs[point.name] = comparison.difference(index, cost).mean
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
    title = _plane_title(findings)
    figure.suptitle(wrapped(title, CHARACTERS), fontsize=10, fontweight="bold", x=0.01, ha="left")
    caption = (
        f"Difference to “{comparison.points[comparison.baseline].name}” (0) in {label_of(effect)} "
        f"against that in cost and in burden on lawful people, means with 95 % intervals of "
        f"{period_text(comparison)}. Numbers are those of the policy table. Filled: no other "
        f"policy has as much effect for as little; hollow: dominated."
    )
    return Exhibit("tradeoff", title, caption, figure, pd.DataFrame(rows))


def costs_of(findings: Findings) -> list[str]:
    """Give the costs that any policy has."""
    return [cost for cost in COSTS if findings.comparison.runs[cost].any()] or [COSTS[0]]


def _plane_title(findings: Findings) -> str:
    placed = standing(findings, costs_of(findings)[0])
    kept = [name for name, each in placed.items() if not each.dominated_by]
    return (
        f"{len(placed) - len(kept)} of {len(placed)} policies give no more than cheaper ones "
        f"in {label_of(costs_of(findings)[0])}"
    )


def _draw_plane(axes: "Axes", findings: Findings, other: str, placed: Mapping[str, Place]) -> None:
    comparison, effect = findings.comparison, findings.effect
    axes.axhline(0.0, color="0.7", linewidth=0.8)
    axes.axvline(0.0, color="0.7", linewidth=0.8)
    for index, point in enumerate(comparison.points):
        gain, paid = comparison.difference(index, effect), comparison.difference(index, other)
        is_kept = not placed[point.name].dominated_by
        colour = COLOURS[0] if is_kept else "0.45"
        x, y = scale_of(other) * paid.mean, scale_of(effect) * gain.mean
        axes.errorbar(
            x,
            y,
            xerr=scale_of(other) * paid.half_width,
            yerr=scale_of(effect) * gain.half_width,
            color=colour,
            linewidth=1.0,
        )
        axes.plot(
            x, y, "o", color=colour, markersize=11, markerfacecolor=colour if is_kept else "white"
        )
        axes.annotate(
            f"{findings.numbers[index]}",
            (x, y),
            ha="center",
            va="center",
            fontsize=7,
            color="white" if is_kept else "black",
        )
    axes.margins(0.08)
    axes.xaxis.set_major_formatter("{x:,.4g}")
    unit = f", {difference_unit(other)}" if MEASURES[other].unit or MEASURES[other].share else ""
    axes.set_xlabel(f"change of {label_of(other)}{unit} ({direction_text(other)})", fontsize=8)
    axes.set_ylabel(
        wrapped(f"change of {label_of(effect)}, {difference_unit(effect)}", 28)
        + f"\n({direction_text(effect)})",
        fontsize=8,
    )
    tidy(axes, grid="both")


def price_exhibit(findings: Findings) -> Exhibit:
    """Show in which share of runs each policy is best, for each price of a unit of effect."""
    from matplotlib.figure import Figure

    comparison, effect = findings.comparison, findings.effect
    costs = costs_of(findings)
    figure = Figure(figsize=(WIDTH, 1.3 + 2.5 * len(costs)), layout="constrained")
    panels = figure.subplots(len(costs), 1, squeeze=False)[:, 0]
    frames, titles = [], []
    for axes, cost in zip(panels, costs, strict=True):
        frame = _best_by_price(findings, cost)
        _draw_prices(axes, findings, cost, frame)
        frames.append(frame.reset_index(names="price").assign(cost=cost))
        titles.append(_price_title(findings, cost, frame))
    title = titles[0]
    figure.suptitle(wrapped(title, CHARACTERS), fontsize=10, fontweight="bold", x=0.01, ha="left")
    unit = "percentage point" if MEASURES[effect].share else MEASURES[effect].unit or "unit"
    caption = (
        f"Share of runs in which each policy has the highest net benefit, against what one more "
        f"{unit} of {label_of(effect)} may cost; {period_text(comparison)}. Policies best in fewer "
        f"than {MOST_SHOWN:.0%} of runs at every price have no curve."
    )
    data = pd.concat(frames, ignore_index=True)
    return Exhibit("prices", title, caption, figure, data)


def _best_by_price(findings: Findings, cost: str) -> pd.DataFrame:
    """Give a row for each price and a column for each policy: the share of runs it is best in."""
    comparison, effect = findings.comparison, findings.effect
    scale = effect_sign(effect) * scale_of(effect)
    points = range(len(comparison.points))
    gains = np.array([comparison.values(n, effect) for n in points]) * scale
    costs = np.array([comparison.values(n, cost) for n in points])
    ratios = [each.ratio for each in standing(findings, cost).values() if each.ratio]
    prices = np.linspace(0.0, 2.0 * max(ratios, default=1.0), PRICES)
    shares = acceptability(gains, costs, prices)
    return pd.DataFrame(shares.T, index=prices, columns=[each.name for each in comparison.points])


def _price_title(findings: Findings, cost: str, frame: pd.DataFrame) -> str:
    """Say which policy is best most often at the highest price, and from where on."""
    leaders = frame.to_numpy().argmax(axis=1)
    last = leaders[-1]
    changes = np.flatnonzero(leaders != last)
    name = frame.columns[last]
    if not len(changes):
        return f"“{name}” is best most often at every price shown"
    price = figure_text(cost, float(frame.index[changes[-1] + 1]))
    one = "a point" if MEASURES[findings.effect].share else "a unit"
    return f"“{name}” is best most often from {price} {one} on"


def _draw_prices(axes: "Axes", findings: Findings, cost: str, frame: pd.DataFrame) -> None:
    shown = [n for n in range(frame.shape[1]) if frame.iloc[:, n].max() >= MOST_SHOWN]
    for order, n in enumerate(shown):
        number = findings.numbers[n]
        axes.plot(
            frame.index,
            100.0 * frame.iloc[:, n],
            color=COLOURS[order % len(COLOURS)],
            linestyle=DASHES[order % len(DASHES)],
            linewidth=1.8,
            label=plain(f"{number} {short(frame.columns[n], 26)}"),
        )
    one = "point" if MEASURES[findings.effect].share else "unit"
    unit = MEASURES[cost].unit
    axes.set_ylim(-2.0, 102.0)
    axes.set_xlim(0.0, frame.index[-1])
    axes.xaxis.set_major_formatter("{x:,.4g}")
    axes.set_xlabel(
        f"{label_of(cost)} that a {one} of {label_of(findings.effect)} is worth, {unit}", fontsize=8
    )
    axes.set_ylabel("share of runs\nin which it is best, %", fontsize=8)
    tidy(axes)
    axes.legend(fontsize=7.5, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.24),
                ncols=2)  # fmt: skip

"""Which policy pays at which price of an effect, and how sure that is from run to run."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.outcomes import MEASURES
from sim.report.evidence import Findings
from sim.report.exhibits import COLOURS, WIDTH, Exhibit, plain, short, tidy, wrapped
from sim.report.figures import CHARACTERS, period_text
from sim.report.tradeoff import costs_of, effect_sign, standing, unit_of_effect
from sim.report.words import label_of, scale_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PRICES = 121
"""Prices for which the best policy is found, even steps of their logarithm."""

MOST_SHOWN = 0.05
"""Share of runs in which a policy must be best at some price to have a curve of its own."""

DASHES = ("-", "--", "-.", ":")


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


def price_exhibit(findings: Findings) -> Exhibit:
    """Show in which share of runs each policy is best, for each price of a unit of effect."""
    from matplotlib.figure import Figure

    comparison, effect = findings.comparison, findings.effect
    frames = {cost: best_by_price(findings, cost) for cost in costs_of(findings)}
    shown = [
        n
        for n, point in enumerate(comparison.points)
        if max(frame[point.name].max() for frame in frames.values()) >= MOST_SHOWN
    ]
    figure = Figure(figsize=(WIDTH, 1.2 + 2.2 * len(frames)), layout="constrained")
    panels = figure.subplots(len(frames), 1, squeeze=False)[:, 0]
    for axes, (cost, frame) in zip(panels, frames.items(), strict=True):
        _draw_prices(axes, findings, cost, frame, shown)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside lower center", ncols=2, frameon=False, fontsize=8,
        handlelength=3.5,
    )  # fmt: skip
    title = _title(findings, *next(iter(frames.items())))
    runs = "worlds" if comparison.worlds else "runs"
    figure.suptitle(
        wrapped(title, CHARACTERS + 6), fontsize=10, fontweight="bold", x=0.01, ha="left"
    )
    caption = (
        f"Share of {runs} in which each policy has the highest net benefit, against what one more "
        f"{unit_of_effect(findings)} of {label_of(effect)} may cost; "
        f"{period_text(comparison)}. Policies best in fewer than {100 * MOST_SHOWN:.0f} % of "
        f"{runs} at every price have no curve."
    )
    data = pd.concat(
        [frame.reset_index(names="price").assign(cost=cost) for cost, frame in frames.items()],
        ignore_index=True,
    )
    return Exhibit("prices", title, caption, figure, data)


def best_by_price(findings: Findings, cost: str) -> pd.DataFrame:
    """Give a row for each price and a column for each policy: the share of runs it is best in."""
    comparison, effect = findings.comparison, findings.effect
    scale = effect_sign(effect) * scale_of(effect)
    points = range(len(comparison.points))
    gains = np.array([findings.values(n, effect) for n in points]) * scale
    costs = np.array([findings.values(n, cost) for n in points])
    ratios = [each.ratio for each in standing(findings, cost).values() if each.ratio]
    least, most = (0.1 * min(ratios), 5.0 * max(ratios)) if ratios else (1.0, 100.0)
    prices = np.geomspace(least, most, PRICES)
    shares = acceptability(gains, costs, prices)
    return pd.DataFrame(shares.T, index=prices, columns=[each.name for each in comparison.points])


def _title(findings: Findings, cost: str, frame: pd.DataFrame) -> str:
    """Say which policy is best most often at the highest price, and from where on."""
    leaders = frame.to_numpy().argmax(axis=1)
    name = frame.columns[leaders[-1]]
    changes = np.flatnonzero(leaders != leaders[-1])
    if not len(changes):
        return f"“{name}” is best most often at every price shown"
    price = float(f"{frame.index[changes[-1] + 1]:.2g}")
    unit = MEASURES[cost].unit
    one = unit_of_effect(findings)
    return f"“{name}” is best most often from some {price:,.10g} {unit} a {one} on"


def _draw_prices(
    axes: "Axes", findings: Findings, cost: str, frame: pd.DataFrame, shown: list[int]
) -> None:
    for order, n in enumerate(shown):
        name = frame.columns[n]
        axes.plot(
            frame.index,
            100.0 * frame[name],
            color=COLOURS[order % len(COLOURS)],
            linestyle=DASHES[(order + order // len(COLOURS)) % len(DASHES)],
            linewidth=1.8,
            label=plain(f"{findings.numbers[n]} {short(name, 26)}"),
        )
    axes.set_ylim(-2.0, 102.0)
    axes.set_xscale("log")
    axes.set_xlim(frame.index[0], frame.index[-1])
    axes.xaxis.set_major_formatter("{x:,.10g}")
    axes.set_xlabel(
        f"{label_of(cost)} ({MEASURES[cost].unit}) that a {unit_of_effect(findings)} is worth",
        fontsize=8,
    )
    runs = "worlds" if findings.comparison.worlds else "runs"
    axes.set_ylabel(f"share of {runs}\nin which it is best, %", fontsize=8)
    tidy(axes)

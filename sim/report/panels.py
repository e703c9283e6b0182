"""Small multiples: for each instrument, its dose against the outcome that it is meant to act on."""

import re
import textwrap
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.lab import Comparison
from sim.outcomes import MEASURES
from sim.report.evidence import Findings
from sim.report.exhibits import COLOURS, Exhibit, plain
from sim.report.figures import difference_unit, period_text
from sim.report.words import direction_text, method_text, metric_of
from sim.scenario import Factor, unit_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3
PANEL = (3.1, 2.5)
"""Width and height of a panel, inches: fifteen fill a printed page, and can be read there."""

CHARACTERS = 34
"""Characters of a title that fit above a panel."""

NEAREST = 0.1
"""How near two doses may be on an axis, as a share of it, for their names not to touch."""


def dose_panels(comparison: Comparison) -> "Figure":
    """Draw a panel for each factor: paired differences of its own outcome to the baseline.

    Parameters
    ----------
    comparison : of factors that are varied one at a time

    Returns
    -------
    A figure with 95 % intervals. Points whose interval leaves out zero are filled, others hollow;
    the baseline is a diamond on the zero line.
    """
    from matplotlib.figure import Figure

    factors = comparison.experiment.factors
    columns = min(COLUMNS, len(factors))
    rows = ceil(len(factors) / columns)
    figure = Figure(figsize=(PANEL[0] * columns, PANEL[1] * rows + 0.8), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, factor in zip(panels, factors, strict=False):
        _draw_panel(axes, comparison, factor)
    for axes in panels[len(factors) :]:
        axes.set_axis_off()
    pairs = comparison.runs["seed"].nunique()
    days = comparison.points[0].scenario.time.days
    figure.suptitle(
        f"{plain(textwrap.fill(comparison.experiment.title, 32 * columns))}\n"
        f"Difference to the baseline (◆), mean and 95 % interval of {pairs} paired runs\n"
        f"of {days:g} days, in this model. Filled: it leaves out zero; hollow: it does not",
        fontsize=10,
    )
    return figure


def panel_exhibit(findings: Findings) -> Exhibit:
    """Show for each factor its dose against the outcome that it is meant to act on."""
    comparison = findings.comparison
    rows = dose_rows(comparison)
    factors = comparison.experiment.factors
    own = [
        [each for each in findings.of(metric_of(comparison, factor)) if each.point in doses]
        for factor in factors
        for doses in [comparison.doses(factor)]
    ]
    clear = sum(any(each.is_clear for each in told) for told in own)
    drawn = [each.paired for told in own for each in told]
    title = f"{clear} of {len(factors)} instruments clearly move what they are meant for"
    base = comparison.points[comparison.baseline].name
    caption = (
        f"Each panel varies one instrument and leaves the rest at the baseline, “{base}” "
        f"(diamond): difference of the outcome that it is meant to act on, mean and 95 % interval "
        f"({method_text(drawn)}) of {period_text(comparison)}. Filled: the interval leaves out "
        f"zero; hollow: it does not. The title counts those that are clear when corrected for all "
        f"policies (Holm). Scales differ from panel to panel."
    )
    return Exhibit("doses", title, caption, dose_panels(comparison), pd.DataFrame(rows))


def dose_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """Give the numbers of the panels, a row for each dose."""
    rows = []
    for factor in comparison.experiment.factors:
        metric = metric_of(comparison, factor)
        for index in comparison.doses(factor):
            paired = comparison.difference(index, metric)
            point = comparison.points[index]
            rows.append(
                {
                    "instrument": factor.label or factor.key,
                    "dose": factor.name_of(point.settings[factor.key]),
                    "metric": metric,
                    "baseline": point.is_baseline,
                    "difference": paired.mean,
                    "low": paired.low,
                    "high": paired.high,
                    "interval": paired.method,
                    "leaves_out_zero": paired.clear,
                }
            )
    return rows


def dose_label(factor: Factor) -> str:
    """Say what the dose of a factor counts, with its unit unless its name says that already."""
    name, unit = factor.key.split(".")[-1].replace("_", " "), unit_of(factor.key)
    told = set(re.findall(r"[a-z]+", unit)) & set(name.split())
    return f"{name}, {unit}" if unit and not told else name


def _draw_panel(axes: "Axes", comparison: Comparison, factor: Factor) -> None:
    metric = metric_of(comparison, factor)
    scale = 100.0 if MEASURES[metric].share else 1.0
    doses = comparison.doses(factor)
    places = _places(axes, factor)
    at = [places[factor.values.index(comparison.points[n].settings[factor.key])] for n in doses]
    differences = [comparison.difference(index, metric) for index in doses]
    axes.axhline(0.0, color="0.4", linewidth=1.0, zorder=1)
    axes.plot(at, [scale * each.mean for each in differences], color="0.6", linewidth=1, zorder=2)
    for place, index, paired in zip(at, doses, differences, strict=True):
        axes.errorbar(
            place,
            scale * paired.mean,
            yerr=scale * np.transpose([paired.reach]),
            capsize=3,
            markersize=6,
            **_look(comparison.points[index].is_baseline, paired.clear),
        )
    axes.set_xlabel(plain(dose_label(factor)), fontsize=8)
    axes.set_ylabel(f"change, {difference_unit(metric)}\n({direction_text(metric)})", fontsize=8)
    axes.set_title(_title(factor, metric), fontsize=9, loc="left")
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="0.9")


def _look(is_baseline: bool, is_clear: bool) -> dict[str, Any]:
    """Choose marker and colour; shape and filling tell the same as colour does."""
    if is_baseline:
        return {"marker": "D", "color": "black"}
    colour = COLOURS[1] if is_clear else COLOURS[0]
    return {"marker": "o", "color": colour, "markerfacecolor": colour if is_clear else "white"}


def _places(axes: "Axes", factor: Factor) -> list[float]:
    """Lay the values of a factor out on its axis: numbers to scale, others side by side."""
    names = [plain(factor.name_of(value)) for value in factor.values]
    places = [float(place) for place in range(len(names))]
    if _fit_to_scale(factor):
        places = [float(value) for value in factor.values]
    elif sum(len(name) for name in names) > CHARACTERS - 8:
        names = ["\n" * (number % 2) + name for number, name in enumerate(names)]
    axes.set_xticks(places, names)
    axes.margins(x=0.12)
    return places


def _fit_to_scale(factor: Factor) -> bool:
    """Whether the values of a factor are numbers without names, and none too near another."""
    kinds = {type(value) for value in factor.values}
    if factor.names or not kinds <= {int, float}:
        return False
    values = sorted(factor.values)
    gaps = [after - before for before, after in pairwise(values)]
    return bool(gaps) and min(gaps) >= NEAREST * (values[-1] - values[0])


def _title(factor: Factor, metric: str) -> str:
    """Name instrument and outcome in words."""
    name = factor.label or factor.key
    text = f"{name[:1].upper()}{name[1:]}: {MEASURES[metric].meaning}"
    return plain(textwrap.fill(text, CHARACTERS))

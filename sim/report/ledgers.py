"""Truth against record: what each side's books show of what happened on its line."""

from typing import TYPE_CHECKING

import pandas as pd

from sim.lab import Comparison
from sim.report.evidence import Findings
from sim.report.exhibits import COLOURS, WIDTH, Exhibit, plain, short, tidy, wrapped
from sim.report.figures import CHARACTERS, MOST_ROWS, period_text
from sim.world import build_world

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BURDENS = {
    "coordination_hours": "coordination, h",
    "coordination_money": "coordination, money units",
    "false_stops": "lawful people stopped",
    "harm_prevented_share": "share of the harm bound for it that is prevented, %",
}
"""What is shown of each side, and how its column is headed."""


def ledger_frame(comparison: Comparison) -> pd.DataFrame:
    """Set each side's books beside the truth on its line.

    Returns
    -------
    A row for each policy and side: attempts on its line and recorded_cases, means of all runs;
    recorded_share, the one by the other; true_rate (interdiction on the whole line) and
    recorded_rate (as its books show it).
    """
    cases = _figure(comparison, "record", "recorded_cases")
    rates = _figure(comparison, "record", "recorded_interdiction_rate")
    truth = comparison.runs.groupby("point")["interdiction_rate"].mean()
    attempts = _attempts_by_side(comparison)
    return pd.DataFrame(
        [
            {
                "point": point.name,
                "side": side,
                "attempts": attempts[side][index],
                "recorded_cases": cases[index, side],
                "recorded_share": cases[index, side] / max(attempts[side][index], 1e-9),
                "true_rate": truth[index],
                "recorded_rate": rates[index, side],
            }
            for index, point in enumerate(comparison.points)
            for side in sides_of(comparison)
        ]
    )


def sides_frame(comparison: Comparison) -> pd.DataFrame:
    """Give burden and benefit of each side under each policy, means of all runs.

    Returns
    -------
    A row for each policy and side, a column for each of `BURDENS`.
    """
    told = {name: _figure(comparison, "side", name) for name in BURDENS}
    return pd.DataFrame(
        [
            {
                "point": point.name,
                "side": side,
                **{name: values[index, side] for name, values in told.items()},
            }
            for index, point in enumerate(comparison.points)
            for side in sides_of(comparison)
        ]
    )


def sides_of(comparison: Comparison) -> list[str]:
    """Give the codes of all sides."""
    return sorted(comparison.tables.sides["side"].unique())


def name_of_side(comparison: Comparison, side: str) -> str:
    """Name a side as the scenario does."""
    return comparison.points[comparison.baseline].scenario.world.names.get(side, side)


def ledger_exhibit(findings: Findings) -> Exhibit:
    """Show for each policy and side how much of the truth is in the books, and both rates."""
    from matplotlib.figure import Figure

    comparison = findings.comparison
    frame = ledger_frame(comparison)
    shown = list(range(len(comparison.points)))[: MOST_ROWS + 1]
    sides = sides_of(comparison)
    figure = Figure(figsize=(WIDTH, 1.7 + 2 * (0.6 + 0.2 * len(shown))), layout="constrained")
    above, below = figure.subplots(2, 1)
    names = [f"{findings.numbers[n]} · {short(comparison.points[n].name, 30)}" for n in shown]
    for number, side in enumerate(sides):
        own = frame[frame["side"] == side].iloc[shown]
        rows = [row + 0.22 * (number - (len(sides) - 1) / 2.0) for row in range(len(shown))]
        colour, marker = COLOURS[number % len(COLOURS)], "sD^v"[number % 4]
        label = plain(f"books of {name_of_side(comparison, side)}")
        for axes, column in ((above, "recorded_share"), (below, "recorded_rate")):
            axes.plot(100.0 * own[column], rows, marker, color=colour, markersize=5.5, label=label)
    truth = frame[frame["side"] == sides[0]].iloc[shown]
    below.plot(
        100.0 * truth["true_rate"], range(len(shown)), "|", color="black", markersize=13,
        markeredgewidth=2.2, label="truth",
    )  # fmt: skip
    for axes in (above, below):
        _dress(axes, names)
    above.set_xlabel("cases in a side's books by attempts on its line, %", fontsize=8)
    below.set_xlabel("interdiction rate, %", fontsize=8)
    below.legend(fontsize=8, frameon=False, ncols=3, loc="upper center",
                 bbox_to_anchor=(0.4, -0.2 - 0.8 / len(shown)))  # fmt: skip
    title = ledger_title(frame)
    figure.suptitle(
        wrapped(title, CHARACTERS + 6), fontsize=10, fontweight="bold", x=0.01, ha="left"
    )
    cut = len(comparison.points) - len(shown)
    caption = (
        f"Above: share of the attempts on its line that a side's books hold, found or learned of "
        f"later. Below: interdiction rate as it truly was on the whole line, and as each side's "
        f"books show it. Means of {period_text(comparison)}."
        + (f" {cut} more policies are in the data." if cut else "")
    )
    return Exhibit("records", title, caption, figure, frame)


def ledger_title(frame: pd.DataFrame) -> str:
    """Say how much the books hold, and how far off their rates are."""
    low, high = 100.0 * frame["recorded_share"].min(), 100.0 * frame["recorded_share"].max()
    true = frame["true_rate"].clip(lower=1e-9)
    off = frame["recorded_rate"] / true
    held = f"{low:.0f} %" if f"{low:.0f}" == f"{high:.0f}" else f"{low:.0f}–{high:.0f} %"
    told = f"A side's books hold {held} of attempts"
    if (off > 1.1).all():
        return f"{told} and overstate interdiction {off.min():.1f}- to {off.max():.1f}-fold"
    if (off < 0.9).all():
        return f"{told} and understate interdiction"
    return told


def _dress(axes: "Axes", names: list[str]) -> None:
    axes.set_yticks(range(len(names)), [plain(name) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(left=0.0)
    tidy(axes, grid="x")


def _figure(comparison: Comparison, part: str, name: str) -> "pd.Series[float]":
    """Mean of a figure by point and side."""
    sides = comparison.tables.sides
    chosen = sides[(sides["part"] == part) & (sides["figure"] == name)]
    return chosen.groupby(["point", "side"])["value"].mean()


def _attempts_by_side(comparison: Comparison) -> dict[str, dict[int, float]]:
    """Mean number of attempts on the line of each side, by point."""
    table = comparison.tables.segments
    runs = comparison.runs["seed"].nunique()
    told: dict[str, dict[int, float]] = {side: {} for side in sides_of(comparison)}
    for index, point in enumerate(comparison.points):
        segments = build_world(point.scenario).segments
        counts = table[table["point"] == index].groupby("segment")["attempts"].sum() / runs
        for side, by_point in told.items():
            own = [each.number for each in segments if side in each.sides]
            by_point[index] = float(counts.reindex(own).sum())
    return told

"""Why attempts got through, policy by policy: how many of those wanted for which cause."""

from dataclasses import replace

import numpy as np
import pandas as pd

from sim.agents import Cause
from sim.coordination import INSTRUMENTS
from sim.lab import Comparison, PairedDifference, paired_difference
from sim.outcomes import CAUSES, measure_of
from sim.report.evidence import Evidence, Findings
from sim.report.exhibits import WIDTH, Exhibit, plain, short, tidy, wrapped
from sim.report.figures import CHARACTERS, MOST_ROWS, period_text
from sim.report.tables import Column, Sheet, outcome_table
from sim.report.words import figure_text, interval_text

COLOURS = {
    Cause.ALERT_TOO_LATE: "#0072B2",
    Cause.GOT_AWAY: "#56B4E9",
    Cause.OVERLOOKED: "#009E73",
    Cause.IN_PURSUIT: "#F0E442",
    Cause.ELSEWHERE_ON_BEAT: "#E69F00",
    Cause.NOT_SHARED: "#D55E00",
    Cause.NOBODY_NEAR: "#BFBFBF",
}
"""Okabe & Ito (2008), and grey where nobody was; neighbours differ in lightness."""

LEAST_NAMED = 4.0
"""Share of attempts, in per cent, from which on a part of a bar has its number in it."""


def knows_causes(comparison: Comparison) -> bool:
    """Whether all runs have said why attempts got through; those of older versions do not."""
    names = [measure_of(cause) for cause in Cause]
    return set(names) <= set(comparison.runs) and not comparison.runs[names].isna().any(axis=None)


def missed_frame(findings: Findings) -> pd.DataFrame:
    """Give a row for each policy and cause: the share of wanted attempts, mean of all runs."""
    return pd.DataFrame(
        [
            {
                "point": point.name,
                "cause": CAUSES[cause].name,
                "share": findings.mean(index, measure_of(cause)),
            }
            for index, point in enumerate(findings.comparison.points)
            for cause in Cause
        ]
    )


def missed_exhibit(findings: Findings) -> Exhibit:
    """Show for each policy the share of wanted attempts that got through, by cause."""
    from matplotlib.figure import Figure

    comparison = findings.comparison
    shown = list(range(len(comparison.points)))[: MOST_ROWS + 1]
    figure = Figure(figsize=(WIDTH, 1.9 + 0.32 * len(shown)), layout="constrained")
    axes = figure.subplots()
    begins = [0.0] * len(shown)
    for cause in Cause:
        shares = [100.0 * findings.mean(n, measure_of(cause)) for n in shown]
        axes.barh(
            range(len(shown)), shares, left=begins, height=0.72, color=COLOURS[cause],
            edgecolor="white", linewidth=0.8, label=CAUSES[cause].name,
        )  # fmt: skip
        for row, (begin, share) in enumerate(zip(begins, shares, strict=True)):
            if share >= LEAST_NAMED:
                light = cause is not Cause.ALERT_TOO_LATE
                axes.text(
                    begin + share / 2.0, row, f"{share:.0f}", ha="center", va="center",
                    fontsize=7, color="black" if light else "white",
                )  # fmt: skip
        begins = [begin + share for begin, share in zip(begins, shares, strict=True)]
    names = [f"{findings.numbers[n]} · {short(comparison.points[n].name, 30)}" for n in shown]
    axes.set_yticks(range(len(shown)), [plain(name) for name in names])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlabel("share of wanted attempts that got through, %", fontsize=8)
    tidy(axes, grid="x")
    figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=8)
    title = missed_title(findings)
    figure.suptitle(
        wrapped(title, CHARACTERS + 6), fontsize=10, fontweight="bold", x=0.01, ha="left"
    )
    cut = len(comparison.points) - len(shown)
    caption = (
        f"Attempts that got through as a share of those that groups wanted to make, by the first "
        f"cause in the order of the legend that is so; means of {period_text(comparison)}. The "
        f"rest was intercepted, met, given up, or under way at the end."
        + (f" {cut} more policies are in the data." if cut else "")
    )
    return Exhibit("missed", title, caption, figure, missed_frame(findings))


def missed_title(findings: Findings) -> str:
    """Say which cause lets most through under the baseline, and under how many policies."""
    points = range(len(findings.comparison.points))
    most = {n: max(Cause, key=lambda cause: findings.mean(n, measure_of(cause))) for n in points}
    baseline = findings.comparison.baseline
    cause = most[baseline]
    alike = [findings.mean(n, measure_of(cause)) for n in points if most[n] is cause]
    if not sum(alike):
        return "No attempt got through"
    low, high = (f"{100.0 * share:.0f}" for share in (min(alike), max(alike)))
    shares = f"{low} %" if low == high else f"{low}–{high} %"
    count = len(alike)
    where = "every policy" if count == len(points) else f"{count} of {len(points)} policies"
    name = CAUSES[cause].name
    return f"“{name}” lets most attempts through under {where}: {shares} of those wanted"


def missed_table(findings: Findings) -> Sheet:
    """Give the share of wanted attempts for each policy and cause, against the baseline."""
    sheet = outcome_table(
        findings,
        [measure_of(cause) for cause in Cause],
        "Wanted attempts that got through, by cause",
    )
    heads = [Column(told.name, told.meaning, "%") for told in CAUSES.values()]
    return replace(sheet, columns=heads)


def missed_told(findings: Findings) -> list[str]:
    """Say what policies take off each cause and add to any, where the runs make that clear.

    Of each cause it names the policy that takes most off it, and at last the cause and policy to
    which most is added: what is taken off one cause may turn up under another.
    """
    clear = {
        cause: [each for each in findings.of(measure_of(cause)) if each.is_clear] for cause in Cause
    }
    told, added = [], []
    for cause, evidence in clear.items():
        less = [each for each in evidence if each.paired.mean < 0.0]
        added += [(each.paired.mean, cause, each) for each in evidence if each.paired.mean > 0.0]
        if less:
            most = min(less, key=lambda each: each.paired.mean)
            name = CAUSES[cause].name
            told.append(f"“{name}” is reduced most by “{most.name}” {_sized(findings, most)}")
    if added:
        _, cause, most = max(added, key=lambda each: each[0])
        name = CAUSES[cause].name
        told.append(f"Most is added to “{name}”, by “{most.name}” {_sized(findings, most)}")
    return told or [
        "No policy clearly changes why attempts get through, corrected for all of them."
    ]


def _sized(findings: Findings, evidence: Evidence) -> str:
    """Say how much a policy changes a cause and all of them, and which instruments that may be."""
    metric, comparison = evidence.metric, findings.comparison
    in_all = _in_all(findings, evidence.point)
    told = (
        f"({figure_text(metric, evidence.paired.mean, signed=True)}, 95 % interval "
        f"{interval_text(metric, evidence.paired)}; all causes together: "
        f"{figure_text(metric, in_all.mean, signed=True)}, {interval_text(metric, in_all)})"
    )
    changed = _instruments_changed(comparison, evidence.point)
    if len(changed) == 1:
        return f"{told}, which differs from the baseline in {changed[0].replace('_', ' ')} alone."
    if changed:
        return f"{told}, by {len(changed)} instruments that cannot be told apart here."
    return f"{told}."


def _in_all(findings: Findings, point: int) -> PairedDifference:
    """Give the difference to the baseline of what got through for any cause."""
    comparison = findings.comparison
    there, base = (
        np.sum([findings.values(n, measure_of(cause)) for cause in Cause], axis=0)
        for n in (point, comparison.baseline)
    )
    return paired_difference(there, base, key=f"{comparison.points[point].name}: missed")


def _instruments_changed(comparison: Comparison, point: int) -> list[str]:
    """Name the instruments whose doses differ between a policy and the baseline."""
    one, base = (comparison.points[n].scenario.policy for n in (point, comparison.baseline))
    return [name for name in INSTRUMENTS if getattr(one, name) != getattr(base, name)]

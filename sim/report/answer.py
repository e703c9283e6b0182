"""The answer in plain words, generated from the numbers and claiming no more than they support."""

from dataclasses import dataclass

import pandas as pd

from sim.lab import Comparison, paired_difference
from sim.outcomes import MEASURES
from sim.report.evidence import Evidence, Findings
from sim.report.ledgers import ledger_frame, name_of_side, sides_of
from sim.report.regret import Regrets
from sim.report.tradeoff import BURDEN, costs_of, standing, unit_of_effect
from sim.report.where import where_told
from sim.report.words import (
    best,
    certainty,
    claim,
    direction_text,
    figure_text,
    interval_text,
    label_of,
    likelihood,
    pairs_text,
    resampled_mark,
)

MOST_NAMED = 6
"""Policies that a sentence names before it only counts them."""

SORTS = (
    "Clearly better too",
    "Clearly worse",
    "Probably better",
    "Probably worse",
    "No important difference",
    "Left open by these runs",
    "No difference in any run",
)
"""In which order the policies beside the best are told of."""


@dataclass(frozen=True)
class Row:
    """A row of the summary of findings.

    Attributes
    ----------
    outcome, direction : what it is about, and which way is better
    baseline : its mean there
    policy : the best policy, or that which differs most where neither way is better
    difference, interval : absolute, to the baseline
    pairs : in how many it is better, and how likely that makes it in another
    certainty : how sure the runs make, with the reason
    is_clear : whether there is a difference when corrected for all policies
    """

    outcome: str
    direction: str
    baseline: str
    policy: str
    difference: str
    interval: str
    pairs: str
    certainty: str
    is_clear: bool


def summary(findings: Findings) -> list[Row]:
    """Give the summary of findings, a row for each outcome that was asked for."""
    comparison = findings.comparison
    rows = []
    for metric in comparison.experiment.measured:
        told = findings.of(metric)
        if not told:
            continue
        most = best(told)
        rows.append(
            Row(
                outcome=label_of(metric),
                direction=direction_text(metric),
                baseline=figure_text(metric, findings.mean(comparison.baseline, metric)),
                policy=_named(most),
                difference=figure_text(metric, most.paired.mean, signed=True),
                interval=interval_text(metric, most.paired) + resampled_mark(most.paired),
                pairs=pairs_text(most),
                certainty=certainty(most),
                is_clear=most.is_clear,
            )
        )
    return rows


def _named(most: Evidence) -> str:
    """Name the best policy, and say so if it is only the least bad."""
    return f"none is better; least: {most.name}" if most.is_better is False else most.name


def answer(findings: Findings, regrets: Regrets) -> list[str]:
    """Say what was found: effect, the other policies, cost, burden, books and robustness."""
    told = findings.of(findings.effect)
    if not told:
        return ["There is nothing to compare the baseline with."]
    return [
        _effect(findings, told),
        *_others(findings, told),
        _cost(findings),
        _burden(findings),
        _books(findings),
        _robustness(findings, regrets),
        *(where_told(findings.comparison, regrets) if findings.comparison.worlds else []),
    ]


def _effect(findings: Findings, told: list[Evidence]) -> str:
    comparison, effect = findings.comparison, findings.effect
    most = best(told)
    base = figure_text(effect, findings.mean(comparison.baseline, effect))
    name = comparison.points[comparison.baseline].name
    helps = [each for each in told if each.is_better and each.paired.clear]
    if most in helps:
        return (
            f"In this model “{most.name}” does best on {label_of(effect)}, which is {base} under "
            f"“{name}”: it {claim(most)}; {pairs_text(most)}."
        )
    sure = f" “{best(helps).name}” {claim(best(helps))}." if helps else ""
    return (
        f"In this model {label_of(effect)} is {base} under “{name}”. The best mean has "
        f"“{most.name}”, which {claim(most)}.{sure or ' No policy is clearly better.'}"
    )


def _others(findings: Findings, told: list[Evidence]) -> list[str]:
    """Sort the other policies by what can be said of them."""
    label = label_of(findings.effect)
    rest = [each for each in told if each is not best(told)]
    groups: dict[str, list[Evidence]] = {}
    for each in rest:
        groups.setdefault(_sort_of(each), []).append(each)
    parts = [f"{words}: {_names(groups[words])}" for words in SORTS if words in groups]
    return [f"The other policies on {label}. {'. '.join(parts)}."] if parts else []


def _sort_of(each: Evidence) -> str:
    """Say in which of `SORTS` a policy belongs."""
    match each.verdict:
        case "same":
            return "No difference in any run"
        case "small":
            return "No important difference"
        case "open":
            return "Left open by these runs"
        case "probable":
            return "Probably better" if each.is_better else "Probably worse"
    return "Clearly better too" if each.is_better else "Clearly worse"


def _names(told: list[Evidence]) -> str:
    """Name a few policies with their differences, or count many."""
    if len(told) > MOST_NAMED:
        return f"{len(told)} policies"
    return ", ".join(
        f"“{each.name}” ({figure_text(each.metric, each.paired.mean, signed=True)})"
        for each in told
    )


def _cost(findings: Findings) -> str:
    """Say what the best policy takes, and which policies give more than all that cost less."""
    lists: dict[str, list[str]] = {}
    for cost in costs_of(findings):
        placed = standing(findings, cost)
        kept = [f"“{name}”" for name, each in placed.items() if not each.dominated_by]
        listed = ", ".join(kept[:MOST_NAMED])
        more = f" and {len(kept) - MOST_NAMED} more" if len(kept) > MOST_NAMED else ""
        lists.setdefault(listed + more, []).append(label_of(cost))
    most = best(findings.of(findings.effect))
    paid = [
        figure_text(cost, each.paired.mean)
        for cost in costs_of(findings)
        if (each := findings.about(most.point, cost)) is not None
    ]
    start = f"Cost: “{most.name}” takes {' and '.join(paid)} of coordination."
    if not (most.is_clear and most.is_better):
        return f"{start} As its effect is not clear, neither is what that buys."
    parts = [f"by {' and '.join(costs)} {listed}" for listed, costs in lists.items()]
    return (
        f"{start} Judged by means, these have better {label_of(findings.effect)} than all that "
        f"cost less: {'; '.join(parts)}.{_prices(findings)}"
    )


def _prices(findings: Findings) -> str:
    """Say what one more unit of effect costs with each policy that pays at some price."""
    cost = costs_of(findings)[0]
    placed = standing(findings, cost)
    sure = {each.name for each in findings.of(findings.effect) if each.is_clear and each.is_better}
    paying = {name: each.ratio for name, each in placed.items() if each.ratio and name in sure}
    if not paying:
        return ""
    one = unit_of_effect(findings)
    parts = [
        f"{float(f'{ratio:.2g}'):,.10g} {MEASURES[cost].unit} with “{name}”"
        for name, ratio in sorted(paying.items(), key=lambda item: item[1])
    ]
    return f" One more {one} costs some {', '.join(parts)}, each over the one before."


def _burden(findings: Findings) -> str:
    """Say whether lawful people are stopped more or less often."""
    told = findings.of(BURDEN)
    base = figure_text(BURDEN, findings.mean(findings.comparison.baseline, BURDEN))
    start = f"Burden: of a thousand lawful people who cross, {base} are stopped under the baseline"
    if all(each.verdict in ("same", "small") for each in told):
        low, high = _range([each.paired.mean for each in told])
        return f"{start}; no policy changes that by as much as matters ({low} to {high})."
    parts = []
    for is_better, words in ((False, "more"), (True, "fewer")):
        chosen = [each for each in told if each.is_clear and each.is_better is is_better]
        if chosen:
            low, high = _range([each.paired.mean for each in chosen])
            span = "" if len(chosen) <= MOST_NAMED else f" ({low} to {high})"
            parts.append(f"clearly {words} under {_names(chosen)}{span}")
    return f"{start}; {'; '.join(parts) or 'no policy clearly changes that'}."


def _range(values: list[float]) -> tuple[str, str]:
    low, high = (figure_text(BURDEN, end, signed=True) for end in (min(values), max(values)))
    return low, high


def _books(findings: Findings) -> str:
    """Say how far the books can be trusted to rank policies."""
    comparison = findings.comparison
    frame = ledger_frame(comparison)
    told = []
    for side in sides_of(comparison):
        share = frame.loc[frame["side"] == side, "recorded_share"]
        low, high = 100.0 * share.min(), 100.0 * share.max()
        told.append(f"{low:.0f} to {high:.0f} % for {name_of_side(comparison, side)}")
    misled = _misled(comparison, frame)
    end = (
        f"Judged by the books, “{misled}” would be best, which it is not."
        if misled
        else "On which policy intercepts most, books and truth do not clearly disagree."
    )
    return f"Record: of the attempts on its line, a side's books hold {', '.join(told)}. {end}"


def _misled(comparison: Comparison, frame: pd.DataFrame) -> str:
    """Name the policy with the highest recorded rate, if another's true rate is clearly higher."""
    means = frame.groupby("point", sort=False)[["true_rate", "recorded_rate"]].mean()
    indices = {point.name: index for index, point in enumerate(comparison.points)}
    truly, by_books = str(means["true_rate"].idxmax()), str(means["recorded_rate"].idxmax())
    first, second = (
        comparison.values(indices[each], "interdiction_rate") for each in (truly, by_books)
    )
    return by_books if paired_difference(first, second).low > 0.0 else ""


def _robustness(findings: Findings, regrets: Regrets) -> str:
    wins = regrets.wins
    most, count = str(wins.idxmax()), float(wins.max())
    total = len(regrets.by_world)
    if regrets.are_seeds:
        return (
            f"Robustness: “{most}” is best in {count:g} of {total} runs "
            f"({likelihood(count, total)} in another). That is chance in one world; no uncertain "
            f"worlds were sampled."
        )
    effect, safest = findings.effect, regrets.safest
    largest = figure_text(effect, regrets.by_world[safest].max(), signed=True).lstrip("+")
    return (
        f"Robustness: of {total} worlds sampled “{most}” is best in {count:g}; “{safest}” has the "
        f"smallest largest regret: {largest} of {label_of(effect)}."
    )

"""Numbers in words: never more than the intervals support."""

from collections.abc import Sequence

from sim.lab import Comparison, PairedDifference
from sim.lab.statistics import FEWEST, FEWEST_APART, RESAMPLES
from sim.outcomes import MEASURES
from sim.report.evidence import Evidence, Findings
from sim.scenario import Factor

LIKELY = (
    (0.99, "virtually certain"),
    (0.90, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.10, "unlikely"),
    (0.01, "very unlikely"),
    (0.0, "exceptionally unlikely"),
)
"""Least chance for each word: IPCC guidance note on uncertainties (Mastrandrea et al. 2010)."""


RESAMPLED = "†"
"""Marks an interval that is by bootstrap."""

INTERVALS = (
    f"They are Student's t, but a bootstrap (BCa, {RESAMPLES:,} resamples; marked {RESAMPLED}) of "
    f"{FEWEST} values or more, {FEWEST_APART} of them other than the most frequent, that are "
    f"skewed beyond chance (D'Agostino's test, 1 %) and fewer than 25 times their squared "
    f"skewness: there Student's t would miss on one side. Of fewer values a bootstrap covers no "
    f"better."
)
"""How intervals are found, for readers of a report."""


def label_of(metric: str) -> str:
    """Name an outcome as text does."""
    return metric.replace("_", " ")


def figure_text(metric: str, value: float, signed: bool = False) -> str:
    """Say a value of an outcome with its unit, shares in per cent or percentage points."""
    measure = MEASURES[metric]
    unit = ("points" if signed else "%") if measure.share else measure.unit
    return f"{number_text(metric, value, signed)} {unit}".strip()


def number_text(metric: str, value: float, signed: bool = False) -> str:
    """Say a value of an outcome without its unit, shares times a hundred."""
    scaled = value * scale_of(metric)
    return _rounded(scaled, _digits(scaled), signed)


def interval_text(metric: str, paired: PairedDifference) -> str:
    """Say the 95 % interval of a paired difference."""
    scale = scale_of(metric)
    digits = _digits(paired.mean * scale)
    ends = (_rounded(end * scale, digits, signed=True) for end in (paired.low, paired.high))
    return " to ".join(ends)


def resampled_mark(paired: PairedDifference) -> str:
    """Give the mark of an interval that is by bootstrap."""
    return RESAMPLED if paired.is_resampled else ""


def method_text(told: Sequence[PairedDifference]) -> str:
    """Say how the intervals of several differences were found."""
    resampled = sum(each.is_resampled for each in told)
    if not resampled:
        return "Student's t"
    return f"Student's t; bootstrap for {resampled} of {len(told)}, which are far from normal"


def scale_of(metric: str) -> float:
    """What an outcome is multiplied by when it is shown: shares are in per cent."""
    return 100.0 if MEASURES[metric].share else 1.0


def _digits(value: float) -> int:
    """Give decimals for three figures or so."""
    return 0 if abs(value) >= 100.0 else 1 if abs(value) >= 10.0 else 2


def _rounded(value: float, digits: int, signed: bool) -> str:
    """Write a number with a true minus sign, and none before zero."""
    text = f"{value:{'+' if signed else ''},.{digits}f}"
    is_zero = not any(digit in "123456789" for digit in text)
    return text.lstrip("+-") if is_zero else text.replace("-", "−")


def likelihood(hits: float, trials: int) -> str:
    """Say how likely the next run is to do what some did, in calibrated words.

    A few runs cannot make anything certain, so the chance is (hits + 1) / (trials + 2), the rule of
    succession (Laplace), which is 0.8 after three of three.

    Parameters
    ----------
    hits : runs that did; ties may count half
    trials : all runs
    """
    chance = (hits + 1.0) / (trials + 2.0)
    return next(word for least, word in LIKELY if chance >= least)


def pairs_text(evidence: Evidence) -> str:
    """Say in how many pairs a policy is better, and how likely that makes it in another."""
    hits, trials = evidence.better_pairs, evidence.paired.pairs
    sense = "better" if MEASURES[evidence.metric].better else "higher"
    what = "worlds" if evidence.of_worlds else "pairs of runs"
    return f"{sense} in {hits:g} of {trials} {what}, {likelihood(hits, trials)} in another"


def claim(evidence: Evidence) -> str:
    """Say what a policy does to an outcome, with size and certainty in the verb."""
    label, paired = label_of(evidence.metric), evidence.paired
    verb = "raises" if paired.mean > 0.0 else "lowers"
    by = "bootstrap " if paired.is_resampled else ""
    numbers = (
        f"{figure_text(evidence.metric, paired.mean, signed=True)}, "
        f"95 % {by}interval {interval_text(evidence.metric, paired)}"
    )
    sense = {True: "better: ", False: "worse: ", None: ""}[evidence.is_better]
    match evidence.verdict:
        case "same":
            return f"does not change {label} in any run"
        case "small":
            return f"makes no important difference to {label} ({numbers})"
        case "open":
            return f"may raise or lower {label}, or neither ({numbers})"
        case "probable":
            return f"probably {verb} {label} ({sense}{numbers})"
    if evidence.matters is not None and evidence.verdict == "clear":
        return f"{verb} {label}, perhaps by less than matters ({sense}{numbers})"
    return f"{verb} {label} ({sense}{numbers})"


def certainty(evidence: Evidence) -> str:
    """Say how sure the runs alone make of a difference, with the reason."""
    pairs = f"{evidence.paired.pairs} {'worlds' if evidence.of_worlds else 'pairs'}"
    reasons = {
        "same": f"certain: no {'world' if evidence.of_worlds else 'pair'} differs",
        "small": f"no important difference: the interval lies within ±"
        f"{number_text(evidence.metric, evidence.matters or 0.0)}",
        "open": f"open: {pairs} leave zero within the interval",
        "probable": f"probable: clear by itself, but not among all policies "
        f"(Holm p = {evidence.corrected:.2g})",
        "clear": f"clear (Holm p {_p_text(evidence.corrected)})",
        "important": f"clear, and all of the interval matters (Holm p "
        f"{_p_text(evidence.corrected)})",
    }
    return reasons[evidence.verdict]


def _p_text(chance: float) -> str:
    return "< 0.001" if chance < 0.001 else f"= {chance:.2g}"


def metric_of(comparison: Comparison, factor: Factor) -> str:
    """Give the outcome that a factor is meant to act on, or else the experiment's first."""
    return factor.metric or comparison.experiment.metrics[0]


def direction_text(metric: str) -> str:
    """Say which way of an outcome is better."""
    better = MEASURES[metric].better
    return f"{better} is better" if better else "neither is better"


def finding(
    comparison: Comparison,
    metric: str,
    factor: Factor | None = None,
    findings: Findings | None = None,
) -> str:
    """Say in one sentence what an experiment shows of an outcome.

    Names the point that differs most among those that differ most clearly, and how many others do.

    Parameters
    ----------
    comparison : what was compared
    metric : the outcome
    factor : look only at points that differ from the baseline in it
    findings : of the comparison, if they are at hand
    """
    label = label_of(metric)
    told = (findings or Findings(comparison)).of(metric)
    if factor is not None:
        doses = comparison.doses(factor)
        told = [each for each in told if each.point in doses]
    sure = [each for each in told if each.is_clear]
    likely = [each for each in told if each.paired.clear]
    if not likely and factor is not None:
        return f"No dose of {factor.label or factor.key} clearly changes {label}."
    baseline = comparison.points[comparison.baseline].name
    if not likely:
        return f"No policy clearly changes {label} against “{baseline}”."
    most = furthest(sure or likely)
    noun = "policies" if factor is None else "doses"
    return (
        f"“{most.name}” {claim(most)}: the largest of {len(sure)} clear differences from "
        f"“{baseline}” among {len(told)} {noun}."
        if sure
        else f"“{most.name}” {claim(most)}; no difference from “{baseline}” is clear when "
        f"corrected for all policies."
    )


def furthest(told: list[Evidence]) -> Evidence:
    """Give the evidence on the policy that differs most from the baseline."""
    return max(told, key=lambda each: abs(each.paired.mean))


def best(told: list[Evidence]) -> Evidence:
    """Give the evidence on the policy that is best, or differs most where neither way is better."""
    better = MEASURES[told[0].metric].better
    if not better:
        return furthest(told)
    sign = 1.0 if better == "more" else -1.0
    return max(told, key=lambda each: sign * each.paired.mean)


def headline(findings: Findings, metric: str) -> str:
    """Say in about ten words what an outcome shows, for the title of a figure."""
    told = findings.of(metric)
    label = label_of(metric)
    sure = [each for each in told if each.is_clear and each.verdict != "small"]
    if told and all(each.verdict in ("same", "small") for each in told):
        return f"No policy makes an important difference to {label}"
    if not sure:
        return f"No policy clearly changes {label}"
    most = furthest(sure)
    verb = "raises" if most.paired.mean > 0.0 else "lowers"
    size = figure_text(metric, abs(most.paired.mean), signed=True).lstrip("+")
    return f"“{most.name}” {verb} {label} most, by {size}"

"""Numbers in words: never more than the intervals support."""

from sim.lab import Comparison, PairedDifference
from sim.outcomes import MEASURES
from sim.scenario import Factor


def figure_text(metric: str, value: float, signed: bool = False) -> str:
    """Say a value of an outcome with its unit, shares in per cent or percentage points."""
    measure = MEASURES[metric]
    sign = "+" if signed else ""
    if measure.share:
        return f"{100.0 * value:{sign}.2f} {'points' if signed else '%'}"
    digits = 0 if abs(value) >= 100.0 else 2
    return f"{value:{sign},.{digits}f} {measure.unit}".strip()


def interval_text(metric: str, paired: PairedDifference) -> str:
    """Say the 95 % interval of a paired difference."""
    scale = 100.0 if MEASURES[metric].share else 1.0
    digits = 0 if abs(paired.mean) * scale >= 100.0 else 2
    return f"{paired.low * scale:+,.{digits}f} to {paired.high * scale:+,.{digits}f}"


def metric_of(comparison: Comparison, factor: Factor) -> str:
    """Give the outcome that a factor is meant to act on, or else the experiment's first."""
    return factor.metric or comparison.experiment.metrics[0]


def direction_text(metric: str) -> str:
    """Say which way of an outcome is better."""
    better = MEASURES[metric].better
    return f"{better} is better" if better else "neither is better"


def finding(comparison: Comparison, metric: str, factor: Factor | None = None) -> str:
    """Say in one sentence what an experiment shows of an outcome.

    Names the point that differs most among those whose interval leaves out zero, and how many
    others do; says so if none does.

    Parameters
    ----------
    comparison : what was compared
    metric : the outcome
    factor : look only at points that differ from the baseline in it
    """
    measure = MEASURES[metric]
    label = metric.replace("_", " ")
    clear = []
    among = range(len(comparison.points)) if factor is None else comparison.doses(factor)
    for index in among:
        point, paired = comparison.points[index], comparison.difference(index, metric)
        if not point.is_baseline and paired.clear:
            clear.append((point.name, paired))
    baseline = comparison.points[comparison.baseline].name
    noun = "policies" if factor is None else "doses"
    if not clear and factor is not None:
        return f"No dose of {factor.label or factor.key} clearly changes {label}."
    if not clear:
        return f"No policy clearly changes {label} against “{baseline}”."
    name, paired = max(clear, key=lambda each: abs(each[1].mean))
    verb = "raises" if paired.mean > 0 else "lowers"
    good = {"more": paired.mean > 0, "less": paired.mean < 0}.get(measure.better)
    sense = "" if good is None else " (better)" if good else " (worse)"
    return (
        f"“{name}” {verb} {label} most: {figure_text(metric, paired.mean, signed=True)}"
        f"{sense}, 95 % interval {interval_text(metric, paired)}; {len(clear)} of "
        f"{len(among) - 1} {noun} differ clearly from “{baseline}”."
    )

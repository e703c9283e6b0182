"""Numbers in words: never more than the intervals support."""

from sim.lab import Comparison, PairedDifference
from sim.outcomes import MEASURES


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


def finding(comparison: Comparison, metric: str) -> str:
    """Say in one sentence what an experiment shows of an outcome.

    Names the point that differs most among those whose interval leaves out zero, and how many
    others do; says so if none does.
    """
    measure = MEASURES[metric]
    label = metric.replace("_", " ")
    clear = []
    for index, point in enumerate(comparison.points):
        paired = comparison.difference(index, metric)
        if not point.is_baseline and paired.clear:
            clear.append((point.name, paired))
    baseline = comparison.points[comparison.baseline].name
    if not clear:
        return f"No policy clearly changes {label} against “{baseline}”."
    name, paired = max(clear, key=lambda each: abs(each[1].mean))
    verb = "raises" if paired.mean > 0 else "lowers"
    good = {"more": paired.mean > 0, "less": paired.mean < 0}.get(measure.better)
    sense = "" if good is None else " (better)" if good else " (worse)"
    return (
        f"“{name}” {verb} {label} most: {figure_text(metric, paired.mean, signed=True)}"
        f"{sense}, 95 % interval {interval_text(metric, paired)}; {len(clear)} of "
        f"{len(comparison.points) - 1} policies differ clearly from “{baseline}”."
    )

"""What must be known before any number of a report is read."""

from sim.report.assumptions import Assumptions, sampled_text
from sim.report.evidence import Findings
from sim.report.figures import period_text
from sim.report.regret import Regrets

FEW_PAIRS = 10


def caveats(findings: Findings, assumptions: Assumptions, regrets: Regrets) -> list[str]:
    """Give what must be known before any number is read, what weighs most first."""
    comparison = findings.comparison
    others = len(comparison.points) - 1
    worlds = comparison.experiment.worlds
    held = "" if worlds is None else f", what was drawn of {len(worlds.factors)} numbers,"
    told = [
        f"In this model, not in the world: {len(assumptions.assumed)} of {assumptions.total} "
        f"numbers behind it are assumed. The intervals hold the chance of a run{held} and nothing "
        f"else."
    ]
    if regrets.are_seeds:
        told.append(
            "No uncertain worlds were sampled: what the same policies do if the assumed numbers "
            "are otherwise is not in any range on this page."
        )
    if worlds is not None:
        told.append(
            f"Uncertain worlds were sampled over ranges that are assumed themselves: "
            f"{sampled_text(comparison)}. What else is assumed stays as given, and what hangs on "
            f"it is not in any range on this page."
        )
    pairs = comparison.pairs
    what = "pairs" if worlds is None else "worlds"
    few = f" With so few {what}, much that is there is not seen." if pairs < FEW_PAIRS else ""
    days = f"{comparison.points[0].scenario.time.days:g} days each"
    on = f"on {pairs} paired runs of {days}" if worlds is None else f"in {period_text(comparison)}"
    told.append(
        f"{others} {'policies are' if others != 1 else 'policy is'} compared {on}; “clear” means "
        f"that a difference stays when corrected for all of them (Holm).{few}"
    )
    return told

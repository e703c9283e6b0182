"""The answer in words claims what the numbers support, and nothing else."""

from untrusted_study import FORMULA, SCRIPT, Changed

from sim.lab import Comparison
from sim.report.answer import answer, summary
from sim.report.assumptions import assumptions_of
from sim.report.caveats import caveats
from sim.report.evidence import Findings
from sim.report.regret import regrets_of


def _answer(comparison: Comparison) -> str:
    findings = Findings(comparison)
    return "\n".join(answer(findings, regrets_of(findings)))


def test_a_clear_best_policy_is_named_with_its_interval(changed: Changed) -> None:
    """A planted effect is told with size, interval and the pairs behind it."""
    planted = changed(
        "detection_rate",
        {0: [0.2, 0.3, 0.4], 1: [0.2, 0.3, 0.4], 2: [0.301, 0.4, 0.499], 3: [0.2, 0.3, 0.4]},
    )
    told = _answer(planted)
    assert f"“{FORMULA}” does best on detection rate, which is 30.0 % under “alone”" in told
    assert "it raises detection rate (better: +10.0 points, 95 % interval +9.8 to +10.2)" in told
    assert "better in 3 of 3 pairs of runs, likely in another" in told
    assert f"No difference in any run: “{SCRIPT}” (0.00 points)" in told


def test_noise_is_no_answer(changed: Changed) -> None:
    """Where no interval leaves out zero, nothing does best and nothing has a price."""
    noise = changed(
        "detection_rate",
        {0: [0.2, 0.3, 0.4], 1: [0.4, 0.2, 0.5], 2: [0.1, 0.5, 0.4], 3: [0.3, 0.2, 0.4]},
    )
    told = _answer(noise)
    assert "does best" not in told
    assert "No policy is clearly better." in told
    assert "may raise or lower detection rate, or neither" in told
    assert "One more" not in told


def test_what_is_clear_alone_is_only_probable_among_many(changed: Changed) -> None:
    """A difference that the correction takes away is told as probable."""
    planted = changed(
        "detection_rate",
        {0: [0.2, 0.3, 0.4], 1: [0.255, 0.40, 0.52], 2: [0.4, 0.2, 0.5], 3: [0.2, 0.3, 0.4]},
    )
    findings = Findings(planted)
    evidence = findings.about(1, "detection_rate")
    assert evidence is not None
    assert evidence.paired.clear
    assert evidence.corrected >= 0.05
    assert "it probably raises detection rate" in _answer(planted)


def test_the_caveats_come_from_the_study(study: Comparison) -> None:
    """They count what is assumed, the policies and the pairs, and say that one world was run."""
    findings = Findings(study)
    assumptions = assumptions_of(study)
    told = caveats(findings, assumptions, regrets_of(findings))
    assert f"{len(assumptions.assumed)} of {assumptions.total} numbers" in told[0]
    assert told[1].startswith("No uncertain worlds were sampled")
    assert "3 policies are compared on 3 paired runs of 6 days" in told[2]


def test_the_summary_has_a_row_for_each_outcome_asked_for(study: Comparison) -> None:
    """Absolute differences stand beside the baseline; where all are worse, that is said."""
    rows = {row.outcome: row for row in summary(Findings(study))}
    assert list(rows) == ["detection rate", "mean information age days", "coordination hours"]
    hours = rows["coordination hours"]
    assert hours.baseline == "0.00 h"
    assert not hours.is_clear


def test_assumptions_have_the_ranges_of_their_files(study: Comparison) -> None:
    """A number without a source is listed with value and range, if its instrument is on."""
    assumed = {each.key: each for each in assumptions_of(study).assumed}
    dusk = assumed["world.dusk_hour"]
    assert (dusk.value, dusk.low, dusk.high) == ("19", 17.0, 21.0)
    assert "sharing.latency_hours" in assumed
    assert not any(key.startswith("health.") for key in assumed)

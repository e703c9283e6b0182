"""Words that are tied to numbers."""

import pytest
from differences import difference

from sim.report.evidence import Evidence
from sim.report.exhibits import short
from sim.report.words import claim, figure_text, interval_text, likelihood, method_text


@pytest.mark.parametrize(
    ("hits", "trials", "word"),
    [
        (3, 3, "likely"),
        (30, 30, "very likely"),
        (300, 300, "virtually certain"),
        (5, 10, "about as likely as not"),
        (0, 30, "very unlikely"),
        (0, 3, "unlikely"),
    ],
)
def test_few_runs_make_nothing_certain(hits: int, trials: int, word: str) -> None:
    """The word for a chance follows the rule of succession, not the bare share of runs."""
    assert likelihood(hits, trials) == word


@pytest.mark.parametrize(
    ("mean", "half_width", "corrected", "matters", "said"),
    [
        (0.03, 0.01, 0.001, None, "raises detection rate (better: +3.00 points"),
        (-0.03, 0.01, 0.001, None, "lowers detection rate (worse: −3.00 points"),
        (0.03, 0.01, 0.001, 0.025, "raises detection rate, perhaps by less than matters"),
        (0.03, 0.01, 0.2, None, "probably raises detection rate"),
        (0.03, 0.05, 0.2, None, "may raise or lower detection rate, or neither"),
        (0.003, 0.001, 0.2, 0.01, "makes no important difference to detection rate"),
        (0.0, 0.0, 1.0, None, "does not change detection rate in any run"),
    ],
)
def test_size_and_certainty_are_in_the_verb(
    mean: float, half_width: float, corrected: float, matters: float | None, said: str
) -> None:
    """Plain, probable, open and unimportant differences have verbs of their own."""
    paired = difference(mean, half_width, 0.9)
    told = claim(Evidence("a", 1, "detection_rate", paired, corrected, matters))
    assert told.startswith(said)


def test_an_interval_by_bootstrap_says_so() -> None:
    """In a sentence by the word, in a count of many by how many they are."""
    by_t, resampled = difference(0.03, 0.01), difference(0.03, 0.01, method="BCa")
    told = [claim(Evidence("a", 1, "detected", each, 0.001, None)) for each in (by_t, resampled)]
    assert "95 % interval" in told[0]
    assert "95 % bootstrap interval" in told[1]
    assert method_text([by_t, by_t]) == "Student's t"
    assert "bootstrap for 1 of 3" in method_text([by_t, resampled, by_t])


def test_what_rounds_to_zero_has_no_sign() -> None:
    """A difference of next to nothing is neither plus nor minus nothing."""
    assert figure_text("displacement_km", -0.0001, signed=True) == "0.00 km"
    assert interval_text("displacement_km", difference(0.0, 0.001)) == "0.00 to 0.00"


def test_a_long_name_keeps_the_dose_at_its_end() -> None:
    """Names of doses that differ at the end stay apart when they are cut."""
    names = [short(f"cultural and sport exchanges: {dose}", 30) for dose in (2, 4, 12)]
    assert len(set(names)) == 3
    assert all(len(name) <= 30 for name in names)
    assert short("hotline: 1", 30) == "hotline: 1"

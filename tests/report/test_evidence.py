"""What the runs support: correction for many policies, and verdicts that claim no more."""

import numpy as np
import pytest
from differences import difference
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.lab import holm
from sim.report.evidence import Evidence, chances_of


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8))
def test_a_corrected_chance_is_never_smaller_and_keeps_its_rank(raw: list[float]) -> None:
    """Correction makes nothing look surer than it is, and one comparison needs none."""
    corrected = holm(raw)
    assert all(one <= other <= 1.0 for one, other in zip(raw, corrected, strict=True))
    order = np.argsort(raw, kind="stable")
    assert (np.diff(np.array(corrected)[order]) >= 0.0).all()
    assert min(corrected) == pytest.approx(min(1.0, min(raw) * len(raw)))


def test_chances_are_those_of_students_t() -> None:
    """Each comparison agrees with a one-sample t test of SciPy; constants are sure, or nothing."""
    sample = np.array([[0.1, 0.3, -0.1, 0.4], [0.0, 0.0, 0.0, 0.0], [0.2, 0.2, 0.2, 0.2]])
    expected = stats.ttest_1samp(sample[0], 0.0).pvalue
    assert chances_of(sample) == pytest.approx([expected, 1.0, 0.0])


@pytest.mark.parametrize(
    ("mean", "half_width", "corrected", "matters", "verdict"),
    [
        (0.0, 0.0, 1.0, None, "same"),
        (0.1, 0.2, 0.5, None, "open"),
        (0.1, 0.2, 0.5, 0.4, "small"),
        (0.3, 0.1, 0.2, None, "probable"),
        (0.3, 0.1, 0.01, None, "clear"),
        (0.3, 0.1, 0.01, 0.25, "clear"),
        (0.3, 0.1, 0.01, 0.19, "important"),
        (-0.3, 0.1, 0.01, 0.19, "important"),
        (0.3, 0.1, 0.01, 0.5, "small"),
        (0.3, 0.4, 0.2, 0.5, "open"),
    ],
)
def test_a_verdict_is_what_interval_and_threshold_support(
    mean: float, half_width: float, corrected: float, matters: float | None, verdict: str
) -> None:
    """Zero, the correction and what matters decide, each by the whole of the interval."""
    paired = difference(mean, half_width)
    assert Evidence("a", 1, "detection_rate", paired, corrected, matters).verdict == verdict


def test_better_pairs_count_the_better_way() -> None:
    """Of an outcome of which less is better, pairs below the baseline count."""
    paired = difference(-1.0, 0.5, 0.25, 8)
    assert Evidence("a", 1, "false_stops", paired, 0.01, None).better_pairs == 6.0
    assert Evidence("a", 1, "detected", paired, 0.01, None).better_pairs == 2.0

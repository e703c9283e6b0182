"""Counts along the line and in the books are those of the runs."""

import numpy as np
import pytest

from sim.lab import Comparison
from sim.report.evidence import Findings
from sim.report.ledgers import ledger_frame, sides_frame
from sim.report.places import Along, stretches_of
from sim.world import build_world


def test_stretches_cover_the_line_once(study: Comparison) -> None:
    """Each segment is in one stretch; they follow each other and are as long as the line."""
    world = build_world(study.points[0].scenario)
    stretches = stretches_of(world)
    assert (np.diff(stretches.of_segment) >= 0).all()
    assert stretches.begin[1:].tolist() == stretches.end[:-1].tolist()
    assert stretches.length.sum() == pytest.approx(world.length_km)


def test_counts_along_the_line_add_up_to_those_of_the_runs(study: Comparison) -> None:
    """Means on all stretches are the means of the outcomes, for every policy."""
    along = Along(Findings(study))
    for name in ("attempts", "detected", "intercepted"):
        means = study.runs.groupby("point")[name].mean()
        for point in range(len(study.points)):
            assert along.mean(point, name).sum() == pytest.approx(means[point])


def test_a_policy_that_does_nothing_moves_nobody(study: Comparison) -> None:
    """Never shared is the baseline: no change anywhere, none clear, nothing moved."""
    along = Along(Findings(study))
    assert not along.change(3, "attempts").any()
    assert not along.is_clear(3).any()
    assert along.moved(3) == 0.0
    assert along.chosen(1)[0] == study.baseline


def test_books_are_those_of_each_side(study: Comparison) -> None:
    """Cases, rates and burden are the means of what the runs' records and sides show."""
    books = ledger_frame(study).set_index(["point", "side"])
    sides = study.tables.sides
    own = sides[(sides["point"] == 0) & (sides["side"] == "AAA")]
    cases = own[(own["part"] == "record") & (own["figure"] == "recorded_cases")]["value"].mean()
    row = books.loc[("alone", "AAA")]
    assert row["recorded_cases"] == pytest.approx(cases)
    attempts = study.runs[study.runs["point"] == 0]["attempts"].mean()
    assert row["attempts"] == pytest.approx(attempts)
    assert row["recorded_share"] == pytest.approx(cases / attempts)
    stops = own[(own["part"] == "side") & (own["figure"] == "false_stops")]["value"].mean()
    burden = sides_frame(study).set_index(["point", "side"])
    assert burden.loc[("alone", "AAA"), "false_stops"] == pytest.approx(stops)

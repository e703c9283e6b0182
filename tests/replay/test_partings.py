"""Two runs on the same chance part where their stories first differ."""

import numpy as np
import pytest

from sim.engine import EventLog, Kind
from sim.outcomes import run
from sim.replay import record
from sim.replay.partings import ALONE, END, NOTICE, PLACE, WHEN, partings
from sim.scenario import Scenario


def log(*rows: tuple[float, Kind, int, int, int]) -> dict[str, np.ndarray]:
    """Make a log of rows of time, kind, attempt, segment and post."""
    whole = EventLog()
    for time, kind, attempt, segment, post in rows:
        whole.add(time, kind, attempt, 0, segment, 0, post)
    return whole.columns()


STORY = [
    (1.0, Kind.WANTED, 7, 3, -1),
    (2.0, Kind.STARTED, 7, 3, -1),
    (3.0, Kind.DETECTED, 7, 3, 0),
    (5.0, Kind.PASSED, 7, 3, -1),
]


@pytest.mark.parametrize(
    ("other", "time", "cause"),
    [
        ([(1.0, Kind.WANTED, 7, 4, -1), (2.0, Kind.STARTED, 7, 4, -1)], 1.0, PLACE),
        ([STORY[0], (1.5, Kind.STARTED, 7, 3, -1)], 1.5, WHEN),
        ([*STORY[:2], (2.5, Kind.ALERTED, 7, 3, 1), *STORY[2:]], 2.5, NOTICE),
        ([*STORY[:3], (4.0, Kind.INTERCEPTED, 7, 3, 0)], 4.0, END),
        ([], 1.0, ALONE),
    ],
)
def test_stories_part_at_the_first_event_that_is_not_in_both(
    other: list[tuple[float, Kind, int, int, int]], time: float, cause: int
) -> None:
    """Which run is named first makes no difference to when and why."""
    for first, second in ((STORY, other), (other, STORY)):
        assert partings(log(*first), log(*second)) == [(7, time, cause)]


def test_the_same_story_never_parts() -> None:
    """Attempts that go the same way in both runs are left out."""
    assert partings(log(*STORY), log(*STORY)) == []


def test_runs_that_part_differ_by_what_their_outcomes_do(lively: Scenario) -> None:
    """The same attempts are wanted; counts at the end differ as the outcomes of both runs do."""
    pair = [lively, lively.twin()]
    first, second = (record(each, seed=5) for each in pair)
    one, other = (run(each, seed=5, engine="agents").outcomes for each in pair)
    assert one["wanted"] == other["wanted"]
    ends = [each.counts_at(each.hours) for each in (first, second)]
    for field, outcome in (
        ("passed", "passed"),
        ("referred", "met_and_referred"),
        ("own_side", "intercepted_own_side"),
        ("handed_over", "handovers"),
        ("jointly", "intercepted_jointly"),
    ):
        difference = getattr(ends[1], field) - getattr(ends[0], field)
        assert difference == other[outcome] - one[outcome], field
    assert one["passed"] != other["passed"]
    found = partings(first.events, second.events)
    assert found == sorted(found, key=lambda each: each.time)
    assert NOTICE in {each.cause for each in found}

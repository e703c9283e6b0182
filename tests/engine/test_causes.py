"""Both engines say why each attempt got through: the first cause that is so."""

from pathlib import Path
from typing import Any

import pytest
from small_world import small_scenario

from sim.agents import Attempt, Cause
from sim.engine.engines import Engine, model_of
from sim.rules.cooperation import FIND_COUNTS_DAYS, is_untold

LIVELY = {
    "time__days": 30.0,
    "groups__0__attempts_per_day": 3.0,
    "groups__1__attempts_per_day": 3.0,
}
SHARP = {"patrols__detection": 1.0, "patrols__night_penalty": 0.0}
ENGINES: tuple[Engine, ...] = ("agents", "compiled")


def missed(home: Path, engine: Engine = "agents", **changes: Any) -> dict[Cause, int]:
    """Run the small world, and count those that got through by cause."""
    model = model_of(small_scenario(home, **LIVELY | changes), 2, engine)
    model.run_model()
    return {cause: model.tally.missed[cause] for cause in Cause}


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_seen_and_never_caught_got_away(tmp_path: Path, engine: Engine) -> None:
    """Where nobody is ever intercepted and nobody tells the other side, nothing else is seen."""
    counts = missed(tmp_path, engine, patrols__interception=0.0)
    assert counts[Cause.GOT_AWAY] > 20
    assert counts[Cause.ALERT_TOO_LATE] == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_alerted_on_and_never_caught_was_alerted_on_too_late(
    tmp_path: Path, engine: Engine
) -> None:
    """With a telephone between posts, some of those that got away are alerted on."""
    without = missed(tmp_path, engine, patrols__interception=0.0)
    changes = {"twinning__groups": "facing", "hotline__works": 1.0, "patrols__interception": 0.0}
    counts = missed(tmp_path, engine, **changes)
    assert 0 < counts[Cause.ALERT_TOO_LATE] <= without[Cause.GOT_AWAY]


@pytest.mark.parametrize("engine", ENGINES)
def test_patrols_that_see_nothing_overlook(tmp_path: Path, engine: Engine) -> None:
    """Patrols without eyes are never after anybody, and pass many."""
    counts = missed(tmp_path, engine, patrols__detection=0.0, community__reports=0.0)
    assert counts[Cause.OVERLOOKED] > 20
    assert counts[Cause.GOT_AWAY] == counts[Cause.IN_PURSUIT] == counts[Cause.NOT_SHARED] == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_patrols_that_see_all_overlook_nothing_and_are_busy(tmp_path: Path, engine: Engine) -> None:
    """Who detects at each pass misses only while after somebody else, which takes long here."""
    counts = missed(tmp_path, engine, **SHARP, patrols__processing_hours=8.0)
    assert counts[Cause.OVERLOOKED] == 0
    assert counts[Cause.IN_PURSUIT] > 5
    free = missed(tmp_path, engine, **SHARP, patrols__processing_hours=0.0)
    assert free[Cause.IN_PURSUIT] < counts[Cause.IN_PURSUIT] / 2


@pytest.mark.parametrize("engine", ENGINES)
def test_a_long_beat_leaves_most_of_it_alone(tmp_path: Path, engine: Engine) -> None:
    """The more segments a patrol walks, the more often it is elsewhere, and the less out of it."""
    short = missed(tmp_path, engine, patrols__beat_segments=1)
    long = missed(tmp_path, engine, patrols__beat_segments=2)
    assert long[Cause.ELSEWHERE_ON_BEAT] > 1.3 * short[Cause.ELSEWHERE_ON_BEAT] > 0
    assert long[Cause.NOBODY_NEAR] < short[Cause.NOBODY_NEAR]


@pytest.mark.parametrize("engine", ENGINES)
def test_without_patrols_nobody_is_near(tmp_path: Path, engine: Engine) -> None:
    """All get through, each for want of anybody."""
    counts = missed(tmp_path, engine, patrols__per_post=0, community__reports=0.0)
    assert counts[Cause.NOBODY_NEAR] == sum(counts.values()) > 100


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_told_at_once_is_shared(tmp_path: Path, engine: Engine) -> None:
    """Finds that are told at once, arrive and are read leave hardly anything unshared."""
    few = {"patrols__per_post": 1}
    counts = missed(tmp_path, engine, **few)
    prompt = {
        "sharing__interval_days": 0, "sharing__latency_hours": 0.0, "sharing__reliability": 1.0,
        "sharing__reports_per_day": 1e6,
    }  # fmt: skip
    told = missed(tmp_path, engine, **few, **prompt)
    assert counts[Cause.NOT_SHARED] > 20
    assert told[Cause.NOT_SHARED] < counts[Cause.NOT_SHARED] / 10


def test_the_first_cause_that_is_so_is_kept() -> None:
    """Later causes in the order of `Cause` never take the place of earlier ones."""
    attempt = Attempt(0, 0, 0, 0.0, 0, 0.5, "AAA", "BBB", 1.0, 2.0, 3.0, 1.0, 0)
    assert attempt.cause is Cause.NOBODY_NEAR
    for noted, kept in (
        (Cause.ELSEWHERE_ON_BEAT, Cause.ELSEWHERE_ON_BEAT),
        (Cause.OVERLOOKED, Cause.OVERLOOKED),
        (Cause.IN_PURSUIT, Cause.OVERLOOKED),
        (Cause.ALERT_TOO_LATE, Cause.ALERT_TOO_LATE),
        (Cause.GOT_AWAY, Cause.ALERT_TOO_LATE),
    ):
        attempt.note_cause(noted)
        assert attempt.cause is kept


def test_a_find_counts_until_it_is_heard_of_or_old() -> None:
    """Who has heard of anything since the find has heard of it."""
    last = 10.0 + 24.0 * FIND_COUNTS_DAYS
    assert is_untold(10.0, 9.9, 10.1)
    assert not is_untold(10.0, 10.0, 10.1)
    assert is_untold(10.0, 0.0, last)
    assert not is_untold(10.0, 0.0, last + 0.1)

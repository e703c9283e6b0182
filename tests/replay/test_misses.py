"""Why attempts got through: each has one cause, which holds in the recording."""

from collections import Counter
from dataclasses import replace
from math import inf

import numpy as np
import pytest
from small_world import small_scenario

from sim.agents import Outcome
from sim.engine import Kind
from sim.replay import Recording, record
from sim.replay.chains import CAUSES, clock, sentence
from sim.replay.misses import Cause, Miss, misses

OVERRIDES = {
    "time.days": 40.0, "patrols.detection": 0.5, "sharing.interval_days": 7,
    "groups.0.attempts_per_day": 3.0, "groups.1.attempts_per_day": 3.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """A short line with many attempts, few patrols and weekly reports."""
    path = tmp_path_factory.mktemp("small")
    overrides = {**OVERRIDES, "patrols.per_post": {"AAA": 1, "BBB": 1}}
    return record(small_scenario(path, **overrides), seed=2)


@pytest.fixture(scope="module")
def missed(small: Recording) -> list[Miss]:
    """Its misses."""
    return misses(small)


def seen_numbers(recording: Recording) -> set[int]:
    """Attempts that anybody detected."""
    rows = recording.events["kind"] == Kind.DETECTED
    return set(recording.events["attempt"][rows].tolist())


def test_every_attempt_that_got_through_has_one_cause(
    small: Recording, missed: list[Miss], recorded: Recording
) -> None:
    """Misses are the attempts that passed, each once; causes that need a detection have one."""
    for recording, found in ((small, missed), (recorded, misses(recorded))):
        passed = np.flatnonzero(recording.crossings.outcome == Outcome.PASSED)
        assert [miss.attempt for miss in found] == passed.tolist()
        seen = seen_numbers(recording)
        for miss in found:
            was_seen = int(recording.crossings.number[miss.attempt]) in seen
            assert was_seen == (miss.cause <= Cause.GOT_AWAY)


def test_all_causes_but_alerts_occur_where_reports_are_weekly(missed: list[Miss]) -> None:
    """A lively line without a telephone shows every cause that it can."""
    causes = Counter(miss.cause for miss in missed)
    assert set(causes) >= set(Cause) - {Cause.ALERT_TOO_LATE, Cause.IN_PURSUIT}
    assert Cause.ALERT_TOO_LATE not in causes


def test_nobody_near_means_that_no_beat_held_the_segment(
    small: Recording, missed: list[Miss]
) -> None:
    """With no patrol near or nothing shared, no patrol had the segment while it could act."""
    chosen = [miss for miss in missed if miss.cause >= Cause.NOT_SHARED]
    assert chosen
    for miss in chosen:
        line = float(small.crossings.line[miss.attempt])
        segment = int(small.crossings.segment[miss.attempt])
        there = [
            leg
            for leg in small.legs[small.shift_at(line)]
            if segment in leg.route.beat.segments and leg.route.arrive <= line <= leg.route.leave
        ]
        assert not there


def test_what_was_not_shared_had_been_found_and_was_not_read(
    small: Recording, missed: list[Miss]
) -> None:
    """The find is across the line from its reader, before the shift began, and not read by then."""
    chosen = [miss for miss in missed if miss.cause is Cause.NOT_SHARED]
    assert chosen
    for miss in chosen:
        find = miss.find
        assert find is not None
        shift = small.shift_at(float(small.crossings.begin[miss.attempt]))
        # Patrols are sent out when the shift begins; what is read in it comes too late.
        assert find.time < small.shifts[shift - 1] < find.read
        assert find.sent <= find.read
        sides = {small.world.posts[each].side for each in (find.post, find.reader)}
        assert len(sides) == 2
        at = small.events["kind"] == Kind.DETECTED
        at &= small.events["post"] == find.post
        at &= small.events["segment"] == small.crossings.segment[miss.attempt]
        assert find.time in small.events["time"][at]


def test_reports_at_once_leave_nothing_unshared(
    tmp_path_factory: pytest.TempPathFactory, missed: list[Miss]
) -> None:
    """Where finds are told at once and never lost, fewer stay untold than with weekly reports."""
    overrides = {
        **OVERRIDES, "patrols.per_post": {"AAA": 1, "BBB": 1}, "sharing.interval_days": 0,
        "sharing.latency_hours": 0.0, "sharing.reliability": 1.0,
    }  # fmt: skip
    path = tmp_path_factory.mktemp("quick")
    quick = misses(record(small_scenario(path, **overrides), seed=2))
    few, many = (sum(miss.cause is Cause.NOT_SHARED for miss in some) for some in (quick, missed))
    assert few < many / 3


def test_the_nearest_patrol_is_as_far_as_the_line_between(
    small: Recording, missed: list[Miss]
) -> None:
    """On a line of 60 km nobody is further; without patrols, nobody is near at all."""
    known = [miss.nearest_km for miss in missed if miss.nearest_post >= 0]
    assert max(known) <= 60.0
    assert len({round(each, 3) for each in known}) > len(known) / 2
    empty = replace(small, legs=[[] for _ in small.legs])
    assert all(miss.nearest_km == inf for miss in misses(empty))
    assert not {miss.cause for miss in misses(empty)} & {Cause.OVERLOOKED, Cause.IN_PURSUIT}


def test_each_miss_is_told_in_words(small: Recording, missed: list[Miss]) -> None:
    """A sentence says when, what, where and by whom; every cause has a name."""
    assert set(CAUSES) == set(Cause)
    for miss in missed[:40]:
        told = sentence(small, miss)
        assert told.startswith(f"D{clock(float(small.crossings.begin[miss.attempt]))[1:]}: ")
        assert f"segment {small.crossings.segment[miss.attempt]}," in told
    unread = next(each for each in missed if each.cause is Cause.NOT_SHARED)
    assert "had found something there" in sentence(small, unread)


@pytest.mark.parametrize(
    ("hours", "told"), [(0.0, "day 1, 00:00"), (27.5, "day 2, 03:30"), (72.0, "day 4, 00:00")]
)
def test_times_are_told_by_day_and_hour(hours: float, told: str) -> None:
    """The first day is day 1."""
    assert clock(hours) == told

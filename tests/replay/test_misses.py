"""Why attempts got through: each has one cause, which holds in the recording."""

from collections import Counter
from dataclasses import replace
from math import inf

import numpy as np
import pytest
from small_world import small_scenario

from sim.agents import Cause, Outcome
from sim.engine import Kind
from sim.engine.compiled.model import CompiledModel
from sim.replay import Recording, record
from sim.replay.chains import CAUSES, clock, sentence
from sim.replay.misses import Miss, misses

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


def test_causes_are_those_that_routes_show(
    small: Recording, missed: list[Miss], recorded: Recording
) -> None:
    """Who passed an unseen attempt, and whether it was busy, can be read off routes and pauses."""
    for recording, found in ((small, missed), (recorded, misses(recorded))):
        unseen = [miss for miss in found if miss.cause > Cause.GOT_AWAY]
        assert len(unseen) > 20
        for miss in unseen:
            shown = routes_show(recording, miss.attempt)
            assert min(miss.cause, Cause.NOT_SHARED) == shown.get("cause", Cause.NOT_SHARED)
            assert miss.time == shown.get("time", inf)


def routes_show(recording: Recording, attempt: int) -> dict[str, float]:
    """Give the first cause that the walks of patrols show, and when that was; nothing if none."""
    crossings, scenario = recording.crossings, recording.scenario
    segment, place, line = (
        column[attempt] for column in (crossings.segment, crossings.place, crossings.line)
    )
    start, end = float(crossings.begin[attempt]), float(crossings.end[attempt])
    speed = scenario.world.speed_kmh[recording.world.segments[segment].relief - 1]
    found = []
    for shift in range(recording.shift_at(start), recording.shift_at(end) + 1):
        opens = recording.shifts[shift - 1] if shift else 0.0
        for leg in recording.legs[shift]:
            route, sides = leg.route, {leg.side}
            if leg.company >= 0:
                company = recording.world.posts[leg.company].side
                sides.add(recording.world.sides.index(company))
            begin = max(start if crossings.origin[attempt] in sides else line, opens)
            until = end if crossings.destination[attempt] in sides else line
            until = min(until, recording.shifts[shift])
            there = max(begin, route.arrive) < min(until, route.leave)
            if segment not in route.beat.segments or not there:
                continue
            reach = scenario.patrols.sweep_km / speed * route.slowdown
            time = route.pass_within(segment, place, begin, until, reach, 0)
            if time is None:
                found.append((Cause.ELSEWHERE_ON_BEAT, inf))
            else:
                busy = any(first <= time < last for first, last in leg.pauses)
                found.append((Cause.IN_PURSUIT if busy else Cause.OVERLOOKED, time))
    return dict(zip(("cause", "time"), min(found), strict=True)) if found else {}


def test_causes_are_those_of_the_compiled_engine(small: Recording, missed: list[Miss]) -> None:
    """A run that nobody watches counts the very causes that a recording tells of."""
    model = CompiledModel(small.scenario, small.seed)
    model.run_model()
    assert Counter(miss.cause for miss in missed) == model.tally.missed


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

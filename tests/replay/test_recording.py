"""What is recorded is what happened, and taking it down changes nothing."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from small_world import small_scenario

from sim.engine import BorderModel, Kind, events_sha256
from sim.outcomes import run
from sim.replay import Recording, record
from sim.replay.messages import FACE_TO_FACE
from sim.replay.pictures import LOWEST, STEP, levels_of
from sim.scenario import Scenario


def logged(recording: Recording, kind: Kind) -> Counter[tuple[float, int, int]]:
    """Count the events of a kind by time, post and partner."""
    events = recording.events
    rows = np.flatnonzero(events["kind"] == kind)
    columns = (np.asarray(events[name])[rows].tolist() for name in ("time", "post", "partner"))
    return Counter(
        (round(time, 6), post, other) for time, post, other in zip(*columns, strict=True)
    )


def told(recording: Recording, times: np.ndarray, chosen: np.ndarray) -> Counter:
    """Count messages by a time of theirs, reader and first author."""
    messages = recording.messages
    readers = messages.reader[messages.channel]
    authors = messages.authors[messages.author_offsets[messages.channel]]
    rows = np.flatnonzero(chosen)
    columns = (values[rows].tolist() for values in (times, readers, authors))
    return Counter(
        (round(time, 6), reader, author) for time, reader, author in zip(*columns, strict=True)
    )


def test_watching_a_run_with_everything_in_it_changes_nothing(
    lively: Scenario, recorded: Recording
) -> None:
    """Every instrument, a tip and a change of policy: the log is that of a run nobody watches."""
    model = BorderModel(lively, rng=recorded.seed)
    model.run_model()
    assert events_sha256(recorded.events) == events_sha256(model.log.columns())


def test_messages_are_sent_read_and_lost_when_the_log_says(recorded: Recording) -> None:
    """Every message of the log is recorded with its times, before and after a change of policy."""
    messages = recorded.messages
    on_channels = messages.hops[messages.channel] != FACE_TO_FACE
    sent = logged(recorded, Kind.REPORT_SENT)
    assert len(sent) > 100
    assert told(recorded, messages.sent, on_channels) == sent
    read = np.isfinite(messages.read) & on_channels
    assert told(recorded, messages.read, read) == logged(recorded, Kind.REPORT_READ)
    lost = logged(recorded, Kind.REPORT_LOST)
    assert lost
    gone = messages.lost & (messages.arrival < recorded.hours)
    assert told(recorded, messages.arrival, gone) >= lost
    assert messages.is_plan.any()


def test_nothing_is_read_before_it_arrives_nor_written_after_it_is_sent(
    recorded: Recording,
) -> None:
    """Written, sent, arrived, read: in this order, for every message and each report in it."""
    messages = recorded.messages
    assert (messages.sent <= messages.arrival).all()
    assert (messages.arrival <= messages.read).all()
    assert not np.isfinite(messages.read[messages.lost]).any()
    for number, report in zip(
        np.repeat(np.arange(len(messages.sent)), np.diff(messages.carried_offsets)),
        messages.carried,
        strict=True,
    ):
        assert messages.written[report] <= messages.sent[number] + 1e-9
        assert messages.since[report] <= messages.written[report]


def test_reports_tell_no_more_than_their_author_found(recorded: Recording) -> None:
    """Up to when a report is written, no author has told more finds than it had."""
    messages = recorded.messages
    events = recorded.events
    found = np.isin(events["kind"], (Kind.DETECTED, Kind.LEARNED_LATER))
    assert len(messages.finds) > 10
    for author in np.unique(messages.author):
        own = found & (events["post"] == author)
        # Each audience is told apart, so that the most told of to one of them counts.
        audiences: Counter[int] = Counter()
        channel = messages.channel[np.searchsorted(messages.carried_offsets, np.arange(
            len(messages.carried)), side="right") - 1]  # fmt: skip
        for report, way in zip(messages.carried, channel, strict=True):
            if messages.author[report] == author:
                audiences[way] += messages.finds[messages.finds[:, 0] == report, 3].sum()
        assert max(audiences.values()) <= own.sum()


def test_a_plan_that_was_told_is_where_its_author_walked(recorded: Recording) -> None:
    """A report tells the plan of the shift just over; its patrols were there, tasks aside."""
    messages = recorded.messages
    compared = 0
    for report in np.flatnonzero(messages.report_plan >= 0):
        plan = messages.report_plan[report]
        assert messages.plan_author[plan] == messages.author[report]
        begin, end = messages.plan_offsets[plan : plan + 2]
        shift = messages.plan_shift[plan]
        assert recorded.shifts[shift] == pytest.approx(messages.written[report])
        walked = {
            segment
            for leg in recorded.legs[shift]
            if leg.post == messages.author[report] and leg.company < 0
            for segment in leg.route.beat.segments
        }
        assert set(messages.planned[begin:end].tolist()) == walked
        compared += len(walked)
    assert compared > 100


def test_joint_patrols_walk_in_the_company_that_the_log_names(recorded: Recording) -> None:
    """Each joint patrol of the log is a leg of its leader with the partner beside it, and back."""
    events = recorded.events
    rows = np.flatnonzero(events["kind"] == Kind.JOINT_PATROL)
    assert len(rows) > 3
    starts = np.concatenate([[0.0], recorded.shifts[:-1]])
    walked = {
        (float(start), leg.post, leg.company)
        for start, legs in zip(starts, recorded.legs, strict=True)
        for leg in legs
        if leg.company >= 0
    }
    named = {
        (float(events["time"][row]), int(events["post"][row]), int(events["partner"][row]))
        for row in rows
    }
    assert walked == named


def test_beliefs_are_those_with_which_a_shift_began(tmp_path: Path) -> None:
    """What is recorded for the first shift is the prior; later it rises where finds were made."""
    recording = record(small_scenario(tmp_path, patrols__detection=1.0), seed=2)
    beliefs, prior = recording.beliefs, recording.scenario.posts.belief
    crimes = len(recording.crimes)
    first = LOWEST * STEP ** beliefs.levels[0].astype(float)
    np.testing.assert_allclose(first, crimes * prior.prior_rate_per_day, rtol=STEP - 1.0)
    assert beliefs.levels.shape == (len(recording.shifts), beliefs.offsets[-1])
    assert beliefs.levels.max() > beliefs.levels[0].max()


@pytest.mark.parametrize("mean", [LOWEST, 0.01, 0.3, 5.0, 10.9])
def test_a_level_is_within_two_per_cent(mean: float) -> None:
    """A byte tells a rate to within half a step."""
    level = int(levels_of(np.array([mean]))[0])
    assert LOWEST * STEP**level == pytest.approx(mean, rel=STEP**0.5 - 1.0 + 1e-9)


def test_attempts_that_were_given_up_are_no_crossings(
    lively: Scenario, recorded: Recording
) -> None:
    """What is counted in the end is what the outcomes count, though some were turned back."""
    outcomes = run(lively, recorded.seed, engine="agents").outcomes
    assert outcomes["turned_back"] > 0
    counts = recorded.counts_at(recorded.hours)
    assert counts.begun - counts.under_way == outcomes["attempts"]
    assert counts.passed == outcomes["passed"]
    assert counts.interdiction_rate == pytest.approx(outcomes["interdiction_rate"])


def test_the_same_seed_is_the_same_recording(lively: Scenario, recorded: Recording) -> None:
    """A run kept by its seed alone is replayed by running it again, message for message."""
    again = record(lively, recorded.seed)
    assert events_sha256(again.events) == events_sha256(recorded.events)
    np.testing.assert_array_equal(again.messages.read, recorded.messages.read)
    np.testing.assert_array_equal(again.beliefs.levels, recorded.beliefs.levels)

"""Packs hold what was recorded, nobody sees anything early, and trainees see no truth."""

from itertools import pairwise

import numpy as np
import pytest

from sim.engine import Kind
from sim.replay import Recording
from sim.replay.packing import Pack, Packed, unpack
from sim.replay.tables import NEVER, pack_recording


@pytest.fixture(scope="module")
def packed(recorded: Recording) -> Packed:
    """Read the pack of a recording back."""
    return unpack(pack_recording(recorded).bytes())


@pytest.fixture(scope="module")
def for_trainees(recorded: Recording) -> Packed:
    """Read the pack of the same for trainees back."""
    return unpack(pack_recording(recorded, trainee=True).bytes())


def test_columns_come_back_as_they_were() -> None:
    """Whole numbers are kept exactly, others to their scale; steps may be as wide as 31 bits."""
    pack = Pack({"said": "ä"})
    wide = [0, 2**30, -(2**30), 5, -1]
    pack.add("wide", wide)
    pack.add("plain", wide, delta=False)
    pack.add("part", [0.126, -7.0, 3.5], 100)
    pack.add("none", [])
    meta, columns = unpack(pack.bytes())
    assert meta == {"said": "ä"}
    assert columns["wide"].tolist() == wide == columns["plain"].tolist()
    assert columns["part"].tolist() == [0.13, -7.0, 3.5]
    assert columns["none"].size == 0


def test_the_same_run_gives_the_same_bytes(recorded: Recording) -> None:
    """Nothing of when or where a pack was made is in it."""
    assert pack_recording(recorded).bytes() == pack_recording(recorded).bytes()


def test_no_message_is_shown_before_it_was_sent_or_read(
    recorded: Recording, packed: Packed
) -> None:
    """Rounded times are never early, by less than a second late, and never stays never."""
    for name in ("sent", "arrival", "read"):
        true = getattr(recorded.messages, name) * 3600.0
        shown = packed.columns[f"message.{name}"]
        comes = np.isfinite(true)
        late = shown[comes] - true[comes]
        assert (late > -1e-5).all()
        assert (late < 1.0).all()
        assert (shown[~comes] == NEVER).all()


def test_what_a_post_knows_of_is_what_the_log_says_it_saw(
    recorded: Recording, packed: Packed
) -> None:
    """Every detection, alert and ending of a post is a row that names it, at that time."""
    events, columns = recorded.events, packed.columns
    for kind in (Kind.DETECTED, Kind.ALERTED, Kind.INTERCEPTED, Kind.LEARNED_LATER):
        rows = np.flatnonzero(events["kind"] == kind)
        times = np.ceil(np.asarray(events["time"])[rows] * 3600.0 - 1e-6)
        true = sorted(zip(times, events["post"][rows], events["segment"][rows], strict=True))
        shown = columns["event.kind"] == kind
        names = ("event.time", "event.post", "event.segment")
        assert true == sorted(zip(*(columns[name][shown] for name in names), strict=True))


def test_only_the_posts_of_a_sector_are_told_a_tip(recorded: Recording, packed: Packed) -> None:
    """A tip is a row for each post that holds the segment; other injects are no post's."""
    columns = packed.columns
    tips = (columns["event.kind"] == Kind.INJECT) & (columns["event.post"] >= 0)
    holders = {site.number for site in recorded.world.posts if 12 in site.sector}
    assert set(columns["event.post"][tips].tolist()) == holders
    assert (columns["event.time"][tips] == 5 * 86400).all()


def test_stops_are_in_order_and_within_the_run(packed: Packed) -> None:
    """Questions come in order of time, and none that the run does not reach."""
    assert [stop["hour"] for stop in packed.meta["stops"]] == [72.0, 288.0]


def test_trainees_get_what_posts_know_and_nothing_else(
    packed: Packed, for_trainees: Packed
) -> None:
    """No attempt, passing, inject or answer is in it; what posts saw, and questions, are."""
    columns = for_trainees.columns
    assert not [name for name in columns if name.startswith("attempt.")]
    known = (columns["event.post"] >= 0) | (columns["event.other"] >= 0)
    assert known.all()
    truths = (Kind.STARTED, Kind.PASSED, Kind.TURNED_BACK, Kind.RETRIED, Kind.CASES_IMPORTED)
    assert np.isin(packed.columns["event.kind"], truths).any()
    assert not np.isin(columns["event.kind"], truths).any()
    assert for_trainees.meta["injects"] == []
    assert [sorted(stop) for stop in for_trainees.meta["stops"]] == [
        ["hour", "question", "text"]
    ] * 2
    for kind in (Kind.DETECTED, Kind.INTERCEPTED, Kind.LEARNED_LATER):
        whole = packed.columns["event.time"][packed.columns["event.kind"] == kind]
        assert columns["event.time"][columns["event.kind"] == kind].tolist() == whole.tolist()


def test_numbers_of_attempts_do_not_tell_trainees_how_many_there_were(
    for_trainees: Packed,
) -> None:
    """Attempts are numbered as they become known, without a gap."""
    numbers = for_trainees.columns["event.attempt"]
    seen = list(dict.fromkeys(numbers[numbers >= 0].tolist()))
    assert seen == list(range(len(seen)))
    assert len(seen) > 5


def test_each_patrol_has_its_legs_in_order(recorded: Recording, packed: Packed) -> None:
    """Offsets part the legs by patrol, and within each, shifts ascend."""
    columns = packed.columns
    parts = list(pairwise(columns["leg.offsets"].tolist()))
    assert parts[-1][1] == len(columns["leg.shift"]) == sum(map(len, recorded.legs))
    for begin, end in parts:
        assert (np.diff(columns["leg.shift"][begin:end]) > 0).all()

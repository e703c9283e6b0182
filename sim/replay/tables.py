"""A recording as a pack: what moves, what happens, what is told and believed, in columns.

Times are in whole seconds, rounded up, so that nothing is shown before it was.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.beat import Beat
from sim.replay.known import Happenings, happenings
from sim.replay.packing import Pack
from sim.replay.pictures import LOWEST, STEP
from sim.replay.recording import Leg, Recording
from sim.replay.scene import add_line, words_of

NEVER = -1
"""Stands for a time that does not come."""


def pack_recording(recording: Recording, *, trainee: bool = False) -> Pack:
    """Put a recording into columns.

    Parameters
    ----------
    recording : the run
    trainee : leave out everything that no post knows, and answers

    Returns
    -------
    A pack with columns named `table.column`. A table with parts of several lengths has offsets:
    entry n of `table.offsets` is where the rows of its n-th owner begin, and the last is the end.
    """
    pack = Pack(words_of(recording, trainee=trainee))
    add_line(pack, recording)
    pack.add("shift.end", seconds(recording.shifts))
    _add_legs(pack, recording)
    events = happenings(recording)
    if trainee:
        events = events.some((events.post >= 0) | (events.other >= 0))
        _add_events(pack, events, _renumbered(events.attempt))
    else:
        _add_attempts(pack, recording)
        _add_events(pack, events, events.attempt)
    _add_messages(pack, recording)
    _add_beliefs(pack, recording)
    return pack


def seconds(hours: Any) -> NDArray[np.float64]:
    """Turn hours into whole seconds, rounded up; what never comes is `NEVER`."""
    times = np.asarray(hours, dtype=float) * 3600.0
    # A shift that ends at 8 h must not end a second later for the last bit of a product.
    whole: NDArray[np.float64] = np.where(np.isfinite(times), np.ceil(times - 1e-6), NEVER)
    return whole


def offsets(owners: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Where the rows of each owner begin, in rows sorted by owner, and where the last ones end."""
    return np.searchsorted(owners, np.arange(count + 1)).astype(np.int64)


def _add_legs(pack: Pack, recording: Recording) -> None:
    """Add walks, by patrol and in order of time, and the beats they are on."""
    beats: dict[Beat, int] = {}
    rows: list[tuple[int, int, Leg]] = sorted(
        (
            (leg.patrol, shift, leg)
            for shift, legs in enumerate(recording.legs)
            for leg in legs
        ),
        key=lambda row: row[:2],
    )  # fmt: skip
    for _, _, leg in rows:
        beats.setdefault(leg.route.beat, len(beats))
    patrols = 1 + max((patrol for patrol, _, _ in rows), default=-1)
    owners = np.array([patrol for patrol, _, _ in rows], dtype=np.int64)
    routes = [leg.route for _, _, leg in rows]
    pack.add("leg.offsets", offsets(owners, patrols))
    pack.add("leg.shift", [shift for _, shift, _ in rows])
    pack.add("leg.post", [leg.post for _, _, leg in rows])
    pack.add("leg.company", [leg.company for _, _, leg in rows])
    pack.add("leg.beat", [beats[route.beat] for route in routes])
    pack.add("leg.arrive", seconds([route.arrive for route in routes]))
    pack.add("leg.leave", seconds([route.leave for route in routes]))
    rounds = [route.phase % (2.0 * route.beat.hours * route.slowdown) for route in routes]
    pack.add("leg.phase", np.array(rounds) * 3600.0, delta=False)
    pack.add("leg.slowdown", [route.slowdown for route in routes], 1000)
    pack.add("beat.offsets", np.cumsum([0, *(len(beat.segments) for beat in beats)]))
    pack.add("beat.segment", [number for beat in beats for number in beat.segments])
    pack.add("beat.end", [3600.0 * end for beat in beats for _, end in beat.bounds])
    pack.add("beat.access", [3600.0 * beat.access_hours for beat in beats])
    held = sorted({(patrol, *pause) for patrol, _, leg in rows for pause in leg.pauses})
    pack.add("pause.offsets", offsets(np.array([row[0] for row in held], dtype=int), patrols))
    pack.add("pause.begin", seconds([begin for _, begin, _ in held]))
    pack.add("pause.end", seconds([end for *_, end in held]))


def _add_attempts(pack: Pack, recording: Recording) -> None:
    """Add what truly became of every attempt."""
    crossings = recording.crossings
    for name in ("crime", "origin", "destination", "segment", "outcome"):
        pack.add(f"attempt.{name}", getattr(crossings, name))
    pack.add("attempt.place", crossings.place, 1000, delta=False)
    for name in ("begin", "line", "end", "found", "stopped"):
        pack.add(f"attempt.{name}", seconds(getattr(crossings, name)))


def _add_events(pack: Pack, events: Happenings, attempt: NDArray[np.int64]) -> None:
    pack.add("event.time", seconds(events.time))
    for name in ("kind", "post", "other", "patrol", "crime", "segment"):
        pack.add(f"event.{name}", getattr(events, name), delta=False)
    pack.add("event.attempt", attempt)
    pack.add("event.place", events.place, 1000, delta=False)
    pack.add("event.across", events.across, 100, delta=False)
    pack.add("event.value", np.clip(events.value, -1e5, 1e5), 100, delta=False)


def _renumbered(attempts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number attempts in the order in which somebody knows of them.

    Their index among all would tell how many nobody knows of.
    """
    first: dict[int, int] = {-1: -1}
    for number in attempts.tolist():
        first.setdefault(number, len(first) - 1)
    return np.array([first[number] for number in attempts.tolist()], dtype=np.int64)


def _add_messages(pack: Pack, recording: Recording) -> None:
    """Add channels, messages in order of sending, reports and the finds they tell of."""
    messages = recording.messages
    pack.add("channel.reader", messages.reader)
    pack.add("channel.hops", messages.hops)
    pack.add("channel.offsets", messages.author_offsets)
    pack.add("channel.author", messages.authors)
    pack.add("message.channel", messages.channel)
    for name in ("sent", "arrival", "read"):
        pack.add(f"message.{name}", seconds(getattr(messages, name)))
    pack.add("message.lost", messages.lost)
    pack.add("message.plan", messages.message_plan)
    pack.add("message.offsets", messages.carried_offsets)
    pack.add("message.report", messages.carried)
    pack.add("report.author", messages.author)
    pack.add("report.since", seconds(messages.since))
    pack.add("report.written", seconds(messages.written))
    pack.add("report.effort", messages.effort, 100, delta=False)
    pack.add("report.plan", messages.report_plan)
    pack.add("plan.author", messages.plan_author)
    pack.add("plan.shift", messages.plan_shift)
    pack.add("plan.offsets", messages.plan_offsets)
    pack.add("plan.segment", messages.planned)
    pack.add("find.offsets", offsets(messages.finds[:, 0], len(messages.author)))
    for column, name in enumerate(("crime", "segment", "count"), start=1):
        pack.add(f"find.{name}", messages.finds[:, column], delta=False)


def _add_beliefs(pack: Pack, recording: Recording) -> None:
    """Add beliefs: levels of each segment in view of a post, through all shifts."""
    beliefs = recording.beliefs
    pack.meta["belief"] = {"lowest": LOWEST, "step": STEP}
    pack.add("belief.offsets", beliefs.offsets)
    pack.add("belief.segment", beliefs.views)
    pack.add("belief.level", beliefs.levels.T)

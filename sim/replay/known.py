"""Who knew what when: events of the log, each with the posts that knew of it at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import Kind
from sim.replay.course import signs_of
from sim.replay.recording import Recording
from sim.scenario.injects import Tip

Whole = NDArray[np.int64]

LEFT_OUT = (Kind.WANTED, Kind.REPORT_SENT, Kind.REPORT_READ, Kind.REPORT_LOST)
"""Kinds that are no event to be shown: wishes, and what the messages tell better."""

TOGETHER = (
    Kind.JOINT_PATROL, Kind.APPOINTMENT_MISSED, Kind.EXCHANGE, Kind.SUPPORT, Kind.AID_CAME,
    Kind.MARKER_SURVEY,
)  # fmt: skip
"""Kinds of which the partner is a post that takes part, and so knows as well."""


@dataclass(frozen=True)
class Happenings:
    """Events, one entry in each column for each, in order of time.

    Attributes
    ----------
    time : h
    kind : a `Kind`
    post, other : posts that know of it, -1 if none; the first acts
    patrol : the patrol that detected, -1 if none
    crime, segment : as in the log
    attempt : index among the attempts of the recording, -1 if none
    place : where along the segment, 0 to 1; -1 if that is not known
    across : how far to the left of the line, -1 to 1
    value : as in the log
    """

    time: NDArray[np.float64]
    kind: Whole
    post: Whole
    other: Whole
    patrol: Whole
    crime: Whole
    segment: Whole
    attempt: Whole
    place: NDArray[np.float64]
    across: NDArray[np.float64]
    value: NDArray[np.float64]

    def some(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Happenings":
        """Give some of the events."""
        return Happenings(**{name: values[rows] for name, values in vars(self).items()})


def happenings(recording: Recording) -> Happenings:
    """Give the events of a recording, with where they were and who knew."""
    events, crossings = recording.events, recording.crossings
    rows = np.flatnonzero(~np.isin(events["kind"], LEFT_OUT))
    told = {name: np.asarray(values)[rows] for name, values in events.items()}
    order = np.argsort(crossings.number)
    numbers = crossings.number[order]
    at = np.minimum(np.searchsorted(numbers, told["attempt"]), max(len(numbers) - 1, 0))
    found = numbers[at] == told["attempt"] if len(numbers) else np.zeros(len(rows), bool)
    attempt = np.where(found, order[at] if len(numbers) else -1, -1)
    place, across = _whereabouts(recording, told["time"], attempt)
    kind = told["kind"].astype(np.int64)
    partner = told["partner"].astype(np.int64)
    other = np.where(np.isin(kind, TOGETHER), partner, -1)
    jointly = np.flatnonzero(kind == Kind.INTERCEPTED_JOINTLY)
    other[jointly] = [
        _across_from(recording, int(told["post"][row]), int(told["segment"][row]))
        for row in jointly
    ]
    whole = Happenings(
        time=told["time"].astype(float),
        kind=kind,
        post=told["post"].astype(np.int64),
        other=other,
        patrol=np.where(kind == Kind.DETECTED, partner, -1),
        crime=told["crime"].astype(np.int64),
        segment=told["segment"].astype(np.int64),
        attempt=attempt,
        place=place,
        across=across,
        value=told["value"].astype(float),
    )
    return _with_tips(whole, recording)


def _whereabouts(
    recording: Recording, time: NDArray[np.float64], attempt: Whole
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where along the segment, and how far to the left, those who attempt to cross are."""
    crossings = recording.crossings
    if not len(crossings.begin):
        return np.full(len(time), -1.0), np.zeros(len(time))
    depth = crossings.depth_of(attempt, time)
    hand = signs_of(recording.world)[crossings.destination, crossings.segment][attempt]
    known = attempt >= 0
    return (
        np.where(known, crossings.place[attempt], -1.0),
        np.where(known, depth * hand, 0.0),
    )


def _across_from(recording: Recording, post: int, segment: int) -> int:
    """The post that holds a segment on the other side of a post's line, -1 if there is none."""
    return recording.world.holder.get((recording.world.posts[post].across, segment), -1)


def _with_tips(whole: Happenings, recording: Recording) -> Happenings:
    """Add a row for each post that is told a tip; the log says only that there was one."""
    times: list[float] = []
    posts: list[int] = []
    segments: list[int] = []
    crimes: list[int] = []
    for tip in recording.scenario.injects:
        if not isinstance(tip, Tip) or 24.0 * tip.day >= recording.hours:
            continue
        for site in recording.world.posts:
            if tip.segment in site.sector and (not tip.sides or site.side in tip.sides):
                times.append(24.0 * tip.day)
                posts.append(site.number)
                segments.append(tip.segment)
                known = tip.crime in recording.crimes
                crimes.append(recording.crimes.index(tip.crime) if known else -1)
    told: dict[str, list[Any]] = {
        "time": times,
        "post": posts,
        "segment": segments,
        "crime": crimes,
    }
    told["kind"] = [int(Kind.INJECT)] * len(times)
    empty = {"place": -1.0, "across": 0.0, "value": 0.0}
    columns: dict[str, NDArray[Any]] = {}
    for name, values in vars(whole).items():
        more = np.asarray(told.get(name, [empty.get(name, -1)] * len(times)), dtype=values.dtype)
        columns[name] = np.concatenate([values, more])
    return Happenings(**columns).some(np.argsort(columns["time"], kind="stable"))

"""Why attempts got through: the cause of each, and what the recording has on how it came about."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from math import inf

import numpy as np

from sim.agents import Cause, Outcome
from sim.engine import Kind
from sim.replay.recording import Floats, Recording
from sim.replay.walks import Walks
from sim.world import World


@dataclass(frozen=True, slots=True)
class Find:
    """A find on the segment that the post across the line made, and had not told of in time.

    Attributes
    ----------
    post, reader : who found, and who should have known
    time : of the find, h
    sent, read : when the report that told of it was sent and read, h; infinite if it never was
    """

    post: int
    reader: int
    time: float
    sent: float
    read: float


@dataclass(frozen=True, slots=True)
class Miss:
    """An attempt that got through.

    Attributes
    ----------
    attempt : index among the crossings of the recording
    cause : why
    nearest_km, nearest_post : how far along the line the nearest patrol was when the attempt
        reached it, and of which post; infinite and -1 if none was out
    post, time : who saw it first, passed it by or had a patrol on the segment, -1 if nobody; and
        when, h, infinite if that has no moment
    alerted, alert : the post that was alerted, -1 if none, and when, h
    find : what had not been shared
    """

    attempt: int
    cause: Cause
    nearest_km: float
    nearest_post: int
    post: int = -1
    time: float = inf
    alerted: int = -1
    alert: float = inf
    find: Find | None = None


def misses(recording: Recording) -> list[Miss]:
    """Say of each attempt that got through why it did, in order of their start."""
    inquiry = _Inquiry(recording)
    passed = np.flatnonzero(recording.crossings.outcome == Outcome.PASSED)
    return [inquiry.into(index) for index in passed.tolist()]


class _Inquiry:
    """Looks into the causes of misses.

    Parameters
    ----------
    recording : the run
    """

    def __init__(self, recording: Recording) -> None:
        self.recording, self.world = recording, recording.world
        self._places = _course(recording.world)
        self._walks: dict[int, Walks] = {}
        self._seen = self._first_of(Kind.DETECTED)
        self._alerted = self._first_of(Kind.ALERTED)

    def into(self, attempt: int) -> Miss:
        """Tell how one miss came about."""
        crossings = self.recording.crossings
        number, cause = int(crossings.number[attempt]), Cause(crossings.cause[attempt])
        distance, near = self._nearest(attempt)
        miss = Miss(attempt, cause, distance, near)
        if cause <= Cause.GOT_AWAY:
            seen, post = self._seen.get(number, (inf, -1))
            alert, alerted = self._alerted.get(number, (inf, -1))
            return replace(miss, post=post, time=seen, alerted=alerted, alert=alert)
        if cause is Cause.NOT_SHARED:
            return replace(miss, find=self._untold(attempt))
        post, time = int(crossings.passer[attempt]), float(crossings.passed[attempt])
        return replace(miss, post=post, time=time)

    def _first_of(self, kind: Kind) -> dict[int, tuple[float, int]]:
        """When the first event of a kind happened to each attempt, and to whom."""
        events = self.recording.events
        first: dict[int, tuple[float, int]] = {}
        for row in np.flatnonzero(events["kind"] == kind).tolist():
            number = int(events["attempt"][row])
            first.setdefault(number, (float(events["time"][row]), int(events["post"][row])))
        return first

    def _nearest(self, attempt: int) -> tuple[float, int]:
        """How far along the same line the nearest patrol was, km, and of which post it is."""
        recording, crossings = self.recording, self.recording.crossings
        time = min(float(crossings.line[attempt]), recording.hours)
        shift = recording.shift_at(time)
        legs = recording.legs[shift]
        if not legs:
            return inf, -1
        if shift not in self._walks:
            self._walks[shift] = Walks(legs)
        now = self._walks[shift].at(time)
        first, second = (self._km(spots) for spots in (now.first, now.second))
        place = first + now.part * (second - first)
        segment = int(crossings.segment[attempt])
        here = self._km(np.array([[segment, crossings.place[attempt], 0.0]]))[0]
        sides = self.world.segments[segment].sides
        same = [self.world.segments[int(number)].sides == sides for number in now.first[:, 0]]
        away = np.where(same, np.abs(place - here), inf)
        nearest = int(away.argmin())
        distance = float(away[nearest])
        return (distance, legs[nearest].post) if distance < inf else (inf, -1)

    def _km(self, spots: Floats) -> Floats:
        """Where along its line each spot is, km."""
        number = spots[:, 0].astype(int)
        begin, length = self._places[number].T
        km: Floats = begin + spots[:, 1] * length
        return km

    def _untold(self, attempt: int) -> Find:
        """The latest find before the shift, of which the post across the line had not heard."""
        recording, crossings = self.recording, self.recording.crossings
        segment = int(crossings.segment[attempt])
        shift = recording.shift_at(float(crossings.begin[attempt]))
        decided = float(recording.shifts[shift - 1])
        time, author = max(find for find in self._finds[segment] if find[0] < decided)
        sides = self.world.segments[segment].sides
        first, second = (self.world.holder[side, segment] for side in sides)
        reader = second if author == first else first
        return Find(author, reader, time, *self._told(author, reader, time))

    @cached_property
    def _finds(self) -> dict[int, list[tuple[float, int]]]:
        """Detections on each segment, in order of time: when and by which post."""
        events = self.recording.events
        rows = np.flatnonzero(events["kind"] == Kind.DETECTED)
        told = sorted(
            (int(segment), float(time), int(post))
            for segment, time, post in zip(
                *(events[name][rows] for name in ("segment", "time", "post")), strict=True
            )
        )
        return {
            segment: [(time, post) for _, time, post in some]
            for segment, some in groupby(told, key=lambda row: row[0])
        }

    def _told(self, author: int, reader: int, time: float) -> tuple[float, float]:
        """When the first report that covers a moment was sent from post to post, and read."""
        messages = self.recording.messages
        for message in self._letters.get((author, reader), []):
            some = messages.carried[
                messages.carried_offsets[message] : messages.carried_offsets[message + 1]
            ]
            for report in some.tolist():
                since, written = messages.since[report], messages.written[report]
                if messages.author[report] == author and since <= time <= written:
                    return float(messages.sent[message]), float(messages.read[message])
        return inf, inf

    @cached_property
    def _letters(self) -> dict[tuple[int, int], list[int]]:
        """Messages by author and reader, in order of sending."""
        messages = self.recording.messages
        letters: dict[tuple[int, int], list[int]] = {}
        for message, channel in enumerate(messages.channel.tolist()):
            reader = int(messages.reader[channel])
            first, last = messages.author_offsets[channel : channel + 2]
            for author in messages.authors[first:last].tolist():
                letters.setdefault((author, reader), []).append(message)
        return letters


def _course(world: World) -> Floats:
    """Where along the line between its two sides each segment begins, and its length, km."""
    so_far: dict[tuple[str, str], float] = {}
    rows = []
    for segment in world.segments:
        begin = so_far.get(segment.sides, 0.0)
        rows.append((begin, segment.length_km))
        so_far[segment.sides] = begin + segment.length_km
    return np.array(rows)

"""Why attempts got through: one cause for each, and what the recording has on how it came about."""

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from itertools import groupby
from math import inf

import numpy as np

from sim.agents import Outcome
from sim.engine import Kind
from sim.replay.recording import Floats, Leg, Recording
from sim.replay.walks import Walks
from sim.world import World

SHARE_DAYS = 14.0
"""A find across the line that is older would send nobody there; assumed, 7 to 28 days."""


class Cause(IntEnum):
    """Why an attempt got through: the first of these that is so."""

    ALERT_TOO_LATE = 1
    GOT_AWAY = 2
    OVERLOOKED = 3
    IN_PURSUIT = 4
    ELSEWHERE_ON_BEAT = 5
    NOT_SHARED = 6
    NOBODY_NEAR = 7


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
        """Find the cause of one miss."""
        crossings = self.recording.crossings
        number = int(crossings.number[attempt])
        distance, near = self._nearest(attempt)
        miss = Miss(attempt, Cause.NOBODY_NEAR, distance, near)
        if number in self._seen:
            seen, post = self._seen[number]
            alert, alerted = self._alerted.get(number, (inf, -1))
            cause = Cause.ALERT_TOO_LATE if alerted >= 0 else Cause.GOT_AWAY
            return replace(miss, cause=cause, post=post, time=seen, alerted=alerted, alert=alert)
        found = self._patrols_there(attempt)
        if found is not None:
            cause, post, time = found
            return replace(miss, cause=cause, post=post, time=time)
        find = self._not_shared(attempt)
        return miss if find is None else replace(miss, cause=Cause.NOT_SHARED, find=find)

    def _first_of(self, kind: Kind) -> dict[int, tuple[float, int]]:
        """When the first event of a kind happened to each attempt, and to whom."""
        events = self.recording.events
        first: dict[int, tuple[float, int]] = {}
        for row in np.flatnonzero(events["kind"] == kind).tolist():
            number = int(events["attempt"][row])
            first.setdefault(number, (float(events["time"][row]), int(events["post"][row])))
        return first

    def _patrols_there(self, attempt: int) -> tuple[Cause, int, float] | None:
        """What came of patrols whose beats held the segment while somebody crossed it."""
        recording, crossings = self.recording, self.recording.crossings
        segment, place = int(crossings.segment[attempt]), float(crossings.place[attempt])
        start, end = float(crossings.begin[attempt]), float(crossings.end[attempt])
        found: list[tuple[Cause, float, int]] = []
        for shift in range(recording.shift_at(start), recording.shift_at(end) + 1):
            for leg in recording.legs[shift]:
                if segment not in leg.route.beat.segments:
                    continue
                begin, until = self._exposed(attempt, leg)
                begin, until = max(begin, self._start(shift)), min(until, recording.shifts[shift])
                if begin >= min(until, leg.route.leave) or until <= leg.route.arrive:
                    continue
                time = leg.route.pass_within(
                    segment, place, begin, until, self._sweep_hours(segment, leg), 0
                )
                if time is None:
                    found.append((Cause.ELSEWHERE_ON_BEAT, inf, leg.post))
                elif any(first <= time < last for first, last in leg.pauses):
                    found.append((Cause.IN_PURSUIT, time, leg.post))
                else:
                    found.append((Cause.OVERLOOKED, time, leg.post))
        if not found:
            return None
        cause, time, post = min(found)
        return cause, post, time

    def _start(self, shift: int) -> float:
        return float(self.recording.shifts[shift - 1]) if shift else 0.0

    def _exposed(self, attempt: int, leg: Leg) -> tuple[float, float]:
        """When an attempt is where a patrol may act, h; both sides while it walks jointly."""
        crossings = self.recording.crossings
        sides = {leg.side}
        if leg.company >= 0:
            sides.add(self.world.sides.index(self.world.posts[leg.company].side))
        line = float(crossings.line[attempt])
        comes, goes = crossings.origin[attempt] in sides, crossings.destination[attempt] in sides
        begin = float(crossings.begin[attempt]) if comes else line
        return begin, float(crossings.end[attempt]) if goes else line

    def _sweep_hours(self, segment: int, leg: Leg) -> float:
        """Time before and after a pass in which a place is within a patrol's sweep, h."""
        scenario = self.recording.scenario
        speed = scenario.world.speed_kmh[self.world.segments[segment].relief - 1]
        return scenario.patrols.sweep_km / speed * leg.route.slowdown

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

    def _not_shared(self, attempt: int) -> Find | None:
        """The latest find across the line that the post that looked away had not been told of."""
        recording, crossings = self.recording, self.recording.crossings
        segment, begin = int(crossings.segment[attempt]), float(crossings.begin[attempt])
        decided = self._start(recording.shift_at(begin))
        sides = self.world.segments[segment].sides
        holders = [self.world.holder.get((side, segment), -1) for side in sides]
        for time, post in reversed(self._finds.get(segment, [])):
            if time >= decided or post not in holders:
                continue
            if time < decided - 24.0 * SHARE_DAYS:
                return None
            reader = holders[1 - holders.index(post)]
            if reader < 0:
                continue
            sent, read = self._told(post, reader, time)
            if read > decided:
                return Find(post, reader, time, sent, read)
            return None
        return None

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

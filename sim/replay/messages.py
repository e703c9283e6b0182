"""Messages between posts: what was written when, sent, arrived, and read or lost."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from sim.agents import Post
from sim.agents.report import Plan, Report
from sim.coordination.sharing import Channel, InformationSharing, Message
from sim.engine import BorderModel

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]

FACE_TO_FACE = 0
"""Hops of a report that is told on a joint patrol, and of a plan that is agreed at a meeting."""


@dataclass(frozen=True)
class Messages:
    """All messages of a run, one entry in each column of a kind for each; times in h.

    Attributes
    ----------
    reader, hops : of each channel: number of the post, and ties on the way
    authors, author_offsets : the posts whose reports a channel carries, one channel after another
    channel, sent, arrival, read : of each message, in order of sending; `read` is infinite if it
        never was
    lost, is_plan : whether it never arrives, and whether it tells a plan and nothing else
    carried, carried_offsets : indices of the reports in each message, one message after another
    author, since, written : of each report, the time that it covers and when it was written
    effort : days of full exposure that it tells of, over all kinds and segments
    finds : one row for each find told: report, crime type, segment, how many, (finds, 4)
    message_plan, report_plan : index of the plan that a message or a report tells, -1 if none
    plan_author, plan_shift : of each plan that was told, whose it is and for which shift
    planned, plan_offsets : segments on which each plan puts patrols, one plan after another
    """

    reader: Whole
    hops: Whole
    authors: Whole
    author_offsets: Whole
    channel: Whole
    sent: Floats
    arrival: Floats
    read: Floats
    lost: NDArray[np.bool_]
    is_plan: NDArray[np.bool_]
    message_plan: Whole
    carried: Whole
    carried_offsets: Whole
    author: Whole
    since: Floats
    written: Floats
    effort: Floats
    finds: Whole
    report_plan: Whole
    plan_author: Whole
    plan_shift: Whole
    planned: Whole
    plan_offsets: Whole


@dataclass(slots=True)
class _Letter:
    """A message on its way."""

    channel: int
    sent: float
    arrival: float
    lost: bool
    plan: int
    reports: tuple[int, ...]
    read: float = inf


class Postbag:
    """Takes down messages as they are sent, read and lost, by looking into the posts' inboxes."""

    def __init__(self) -> None:
        self._channels: dict[tuple[int, int, tuple[int, ...]], int] = {}
        self._letters: list[_Letter] = []
        self._reports: list[Report] = []
        self._times: list[tuple[float, float]] = []
        # Objects are known by their identity; the lists keep them alive, so that it stays theirs.
        self._report_index: dict[int, int] = {}
        self._plans: list[tuple[int, Plan]] = []
        self._plan_index: dict[int, int] = {}
        self._messages: dict[int, tuple[Message, int]] = {}
        self._waiting: dict[int, deque[int]] = {}

    def note(self, event: str, time: float, reader: int) -> None:
        """Take note of what the log says; a post reads in the order of its inbox."""
        if event in ("report_read", "report_lost"):
            letter = self._letters[self._waiting[reader].popleft()]
            letter.read = time if event == "report_read" else inf

    def tell(self, report: Report, reader: int, time: float) -> None:
        """Take note of a report that a post takes in; told face to face if it was in no inbox."""
        if id(report) in self._report_index:
            return
        channel = self._channel(reader, FACE_TO_FACE, (report.author,))
        index = self._report(report, time)
        self._letters.append(_Letter(channel, time, time, False, -1, (index,), time))

    def agree(self, author: int, plan: Plan, reader: int, time: float) -> None:
        """Take note of a plan that a post binds itself to when the two meet."""
        channel = self._channel(reader, FACE_TO_FACE, (author,))
        index = self._plan(author, plan)
        self._letters.append(_Letter(channel, time, time, False, index, (), time))

    def look(self, model: BorderModel) -> None:
        """Look into the inboxes at the end of a shift, when nobody has read what came in it."""
        for instrument in model.instruments:
            if isinstance(instrument, InformationSharing):
                for reader, inbox in instrument.inboxes.items():
                    self._waiting[reader] = deque(
                        self._letter(entry[-1], entry[0], instrument) for entry in sorted(inbox)
                    )

    def _letter(self, message: Message, arrival: float, sharing: InformationSharing) -> int:
        """Give the index of a message, and take it down if it is new."""
        known = self._messages.get(id(message))
        if known is None:
            channel = message.channel
            sent = arrival - channel.hops * sharing.dose.latency_hours
            reports = tuple(self._report(report, sent) for report in message.reports)
            known = message, len(self._letters)
            self._messages[id(message)] = known
            self._letters.append(
                _Letter(
                    self._channel(*_way(channel)), sent, arrival, message.lost,
                    self._plan(*message.plan) if message.plan else -1, reports,
                )
            )  # fmt: skip
        return known[1]

    def _channel(self, reader: int, hops: int, authors: tuple[int, ...]) -> int:
        return self._channels.setdefault((reader, hops, authors), len(self._channels))

    def _report(self, report: Report, written: float) -> int:
        """Give the index of a report, and take it down if it is new."""
        index = self._report_index.setdefault(id(report), len(self._reports))
        if index == len(self._reports):
            self._reports.append(report)
            self._times.append((report.since, written))
            if report.plan is not None:
                self._plan(report.author, report.plan)
        return index

    def _plan(self, author: int, plan: Plan) -> int:
        """Give the index of a plan, and take it down if it is new."""
        index = self._plan_index.setdefault(id(plan), len(self._plans))
        if index == len(self._plans):
            self._plans.append((author, plan))
        return index

    def messages(self, posts: Sequence[Post]) -> Messages:
        """Give all that was taken down; `posts` are those of the run, in order of number."""
        letters = sorted(self._letters, key=lambda each: (each.sent, each.channel))
        channels = list(self._channels)
        finds = []
        for index, report in enumerate(self._reports):
            for crime, place in zip(*np.nonzero(report.seen[0]), strict=True):
                many = round(float(report.seen[0, crime, place]))
                finds.append((index, int(crime), posts[report.author].belief.view[place], many))
        planned = [
            [segment for beat in plan.beats for segment in posts[author].beats[beat].segments]
            for author, plan in self._plans
        ]
        return Messages(
            reader=np.array([reader for reader, _, _ in channels], dtype=np.int64),
            hops=np.array([hops for _, hops, _ in channels], dtype=np.int64),
            authors=np.array([each for *_, some in channels for each in some], dtype=np.int64),
            author_offsets=_offsets([len(some) for *_, some in channels]),
            channel=np.array([each.channel for each in letters], dtype=np.int64),
            sent=np.array([each.sent for each in letters], dtype=float),
            arrival=np.array([each.arrival for each in letters], dtype=float),
            read=np.array([each.read for each in letters], dtype=float),
            lost=np.array([each.lost for each in letters], dtype=bool),
            is_plan=np.array([each.plan >= 0 for each in letters], dtype=bool),
            message_plan=np.array([each.plan for each in letters], dtype=np.int64),
            carried=np.array([each for some in letters for each in some.reports], dtype=np.int64),
            carried_offsets=_offsets([len(each.reports) for each in letters]),
            author=np.array([each.author for each in self._reports], dtype=np.int64),
            since=np.array([since for since, _ in self._times], dtype=float),
            written=np.array([written for _, written in self._times], dtype=float),
            effort=np.array([each.seen[1].sum() for each in self._reports], dtype=float),
            finds=np.array(finds, dtype=np.int64).reshape(-1, 4),
            report_plan=np.array(
                [self._plan_index.get(id(each.plan), -1) for each in self._reports], dtype=np.int64
            ),
            plan_author=np.array([author for author, _ in self._plans], dtype=np.int64),
            plan_shift=np.array([plan.shift for _, plan in self._plans], dtype=np.int64),
            planned=np.array([each for some in planned for each in some], dtype=np.int64),
            plan_offsets=_offsets([len(some) for some in planned]),
        )


def _way(channel: Channel) -> tuple[int, int, tuple[int, ...]]:
    # An author who tells at once uses a channel that may carry others' reports as well.
    return channel.reader, channel.hops, channel.authors


def _offsets(lengths: list[int]) -> Whole:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)

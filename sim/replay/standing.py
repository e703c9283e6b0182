"""What a side knew at a moment: its own finds, what it had read, and what it believed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import Kind
from sim.replay.pictures import LOWEST, STEP
from sim.replay.recording import Floats, Recording

RATE_DAYS = 28.0


class Standing(NamedTuple):
    """What one side knew at a moment.

    Attributes
    ----------
    name : of the side
    found : attempts that its posts had detected
    told : finds that reports of the other sides' posts had told it of
    read, waiting : messages that its posts had read, and that had been sent to them and were not
    age_days : mean age of what its posts knew of those they face, days; since the start of the run
        where they knew nothing
    believed : segments where it believed most attempts to be, and how many a day, the most first
    true : segments of its line with the most attempts in the four weeks before
    """

    name: str
    found: int
    told: int
    read: int
    waiting: int
    age_days: float
    believed: list[tuple[int, float]]
    true: list[tuple[int, float]]


def standing(recording: Recording, time: float) -> list[Standing]:
    """Say what each side knew at a time, h."""
    return [_of_side(recording, side, time) for side in range(len(recording.world.sides))]


def _of_side(recording: Recording, side: int, time: float) -> Standing:
    world, messages, events = recording.world, recording.messages, recording.events
    code = world.sides[side]
    own = np.array([post.side == code for post in world.posts])
    detected = (events["kind"] == Kind.DETECTED) & (events["time"].astype(float) <= time)
    mine = detected & (events["side"] == side)
    to_us = own[messages.reader[messages.channel]]
    read = to_us & (messages.read <= time)
    reports = _reports_in(recording, np.flatnonzero(read))
    foreign = reports[~own[messages.author[reports]]]
    told = np.isin(messages.finds[:, 0], foreign)
    return Standing(
        name=recording.scenario.world.names.get(code, code),
        found=len(np.unique(events["attempt"][mine])),
        told=int(messages.finds[told, 3].sum()),
        read=int(read.sum()),
        waiting=int((to_us & (messages.sent <= time) & ~read & ~messages.lost).sum()),
        age_days=_age_of_information(recording, own, time) / 24.0,
        believed=_most(_believed(recording, own, time)),
        true=_most(_true(recording, code, time)),
    )


def _reports_in(recording: Recording, letters: NDArray[np.intp]) -> NDArray[np.int64]:
    """Reports that some messages carry, each once."""
    messages = recording.messages
    begin, end = messages.carried_offsets[letters], messages.carried_offsets[letters + 1]
    parts = [messages.carried[low:high] for low, high in zip(begin, end, strict=True)]
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *parts]))


def _age_of_information(recording: Recording, own: NDArray[np.bool_], time: float) -> float:
    """Mean age of the latest report of each post that own posts face, h."""
    messages, facing = recording.messages, recording.world.facing
    latest: dict[tuple[int, int], float] = {}
    for letter in np.flatnonzero(messages.read <= time).tolist():
        reader = int(messages.reader[messages.channel[letter]])
        first, last = messages.carried_offsets[letter : letter + 2]
        for report in messages.carried[first:last].tolist():
            key = reader, int(messages.author[report])
            latest[key] = max(latest.get(key, 0.0), float(messages.written[report]))
    ages = [
        time - latest.get((post, partner), 0.0)
        for post in np.flatnonzero(own).tolist()
        for partner in facing[post]
    ]
    return float(np.mean(ages)) if ages else 0.0


def _believed(recording: Recording, own: NDArray[np.bool_], time: float) -> Floats:
    """Attempts a day that own posts believed in, each on its sector, when the shift began."""
    beliefs, world = recording.beliefs, recording.world
    levels = beliefs.levels[recording.shift_at(time)]
    rates = np.zeros(len(world.segments))
    for post in np.flatnonzero(own).tolist():
        for row in range(beliefs.offsets[post], beliefs.offsets[post + 1]):
            segment = int(beliefs.views[row])
            if segment in world.posts[post].sector:
                rates[segment] = LOWEST * STEP ** float(levels[row])
    return rates


def _true(recording: Recording, code: str, time: float) -> Floats:
    """Attempts a day on each segment of a side's line in the weeks before a time."""
    crossings, world = recording.crossings, recording.world
    since = max(0.0, time - 24.0 * RATE_DAYS)
    rows = (crossings.begin > since) & (crossings.begin <= time)
    counts = np.bincount(crossings.segment[rows], minlength=len(world.segments))
    on_line = np.array([code in segment.sides for segment in world.segments])
    rates: Floats = counts * on_line / max((time - since) / 24.0, 1.0)
    return rates


def _most(rates: Floats, count: int = 3) -> list[tuple[int, float]]:
    """Segments with the highest rates."""
    order = np.argsort(-rates, kind="stable")[:count]
    return [(int(segment), float(rates[segment])) for segment in order if rates[segment] > 0.0]

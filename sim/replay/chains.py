"""Why attempts got through, in words."""

from math import isfinite
from typing import NamedTuple

from sim.agents import Cause
from sim.outcomes import CAUSES as MEANINGS
from sim.replay.misses import Find, Miss
from sim.replay.recording import Recording
from sim.replay.sides import letters


class Words(NamedTuple):
    """A cause: its name, what it means exactly, and which instruments are meant to act on it."""

    name: str
    meaning: str
    acts: str


ACTS = {
    Cause.ALERT_TOO_LATE: "hotline and twinning that reach more posts, patrols nearer to the line",
    Cause.GOT_AWAY: "hotline, twinning, joint patrols",
    Cause.OVERLOOKED: "professional exchanges, material support",
    Cause.IN_PURSUIT: "aid, more patrols",
    Cause.ELSEWHERE_ON_BEAT: "schedules, plans shared",
    Cause.NOT_SHARED: "sharing that is more frequent or faster",
    Cause.NOBODY_NEAR: "plans shared, schedules, reports of people along the line",
}

CAUSES = {
    cause: Words(told.name, f"{told.meaning[0].upper()}{told.meaning[1:]}.", ACTS[cause])
    for cause, told in MEANINGS.items()
}


def clock(hours: float) -> str:
    """Say a time as day and hour; the first day is day 1."""
    minutes = int(hours * 60.0 + 1e-6)
    return f"day {minutes // 1440 + 1}, {minutes // 60 % 24:02d}:{minutes % 60:02d}"


def sentence(recording: Recording, miss: Miss) -> str:
    """Tell how one attempt got through."""
    crossings, world = recording.crossings, recording.world
    names = [recording.scenario.world.names.get(side, side) for side in world.sides]
    crime = recording.crimes[int(crossings.crime[miss.attempt])]
    origin, bound = (
        names[int(column[miss.attempt])] for column in (crossings.origin, crossings.destination)
    )
    when = clock(float(crossings.begin[miss.attempt]))
    segment = int(crossings.segment[miss.attempt])
    parts = [f"{when[0].upper()}{when[1:]}: {crime} on segment {segment}, {origin} to {bound}."]
    parts += _course_of(recording, miss)
    if miss.find is not None:
        parts.append(_unread(recording, miss.find))
    if miss.nearest_post >= 0:
        near = _post(recording, miss.nearest_post)
        km = "under 1 km" if miss.nearest_km < 1.0 else f"{miss.nearest_km:.0f} km"
        parts.append(f"Nearest patrol when it reached the line: {km}, of {near}.")
    else:
        parts.append("No patrol was out on this line.")
    return " ".join(parts)


def _course_of(recording: Recording, miss: Miss) -> list[str]:
    """Say what was done about it, if anything."""
    who = _post(recording, miss.post)
    if miss.cause is Cause.ALERT_TOO_LATE:
        alerted = _post(recording, miss.alerted)
        return [f"{who} saw it {clock(miss.time)}; {alerted} was alerted {clock(miss.alert)}."]
    if miss.cause is Cause.GOT_AWAY:
        return [f"{who} saw it {clock(miss.time)}; nobody across the line was alerted."]
    if miss.cause is Cause.OVERLOOKED:
        return [f"A patrol of {who} passed {clock(miss.time)}."]
    if miss.cause is Cause.IN_PURSUIT:
        return [f"A patrol of {who} would have passed {clock(miss.time)}; it was in pursuit."]
    if miss.cause is Cause.ELSEWHERE_ON_BEAT:
        return [f"A patrol of {who} had the segment on its beat."]
    return []


def _unread(recording: Recording, find: Find) -> str:
    """Say what had become of a report."""
    told = f"{_post(recording, find.post)} had found something there {clock(find.time)};"
    if not isfinite(find.sent):
        return f"{told} no report of it was ever sent to {_post(recording, find.reader)}."
    reader = _post(recording, find.reader)
    if not isfinite(find.read):
        return f"{told} its report was sent {clock(find.sent)} and never read by {reader}."
    return f"{told} its report was sent {clock(find.sent)}, read by {reader} {clock(find.read)}."


def _post(recording: Recording, number: int) -> str:
    """Name a post, with the letter of its side."""
    world = recording.world
    names = [recording.scenario.world.names.get(side, side) for side in world.sides]
    site = world.posts[number]
    return f"{site.name} ({letters(names, world.sides)[world.sides.index(site.side)]})"

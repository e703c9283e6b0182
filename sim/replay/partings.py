"""Two runs on the same chance: the first moment at which each attempt's two stories part."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import Columns, Kind
from sim.replay.packing import Pack
from sim.replay.recording import Recording
from sim.replay.tables import seconds

PLACE, ALONE, WHEN, NOTICE, END = range(5)
"""Why stories part: another place is chosen, only one run has the attempt, it goes at another time,
it is noticed otherwise, it ends otherwise."""

_CAUSES = {
    Kind.WANTED: PLACE,
    Kind.RETRIED: PLACE,
    Kind.STARTED: WHEN,
    Kind.DETECTED: NOTICE,
    Kind.ALERTED: NOTICE,
    Kind.COMMUNITY_REPORT: NOTICE,
}

Step = tuple[float, int, int, int, int]
"""Time, kind, segment, post and partner of one event of an attempt."""


class Parting(NamedTuple):
    """Where the two stories of an attempt part.

    Attributes
    ----------
    number : of the attempt, the same in both runs
    time : of the first event that is not in both, h
    cause : one of the five above
    """

    number: int
    time: float
    cause: int


def partings(first: Columns, second: Columns) -> list[Parting]:
    """Find where attempts part, in order of time; those whose stories are the same are left out.

    Parameters
    ----------
    first, second : event logs of two runs on the same seed
    """
    stories = [_stories(columns) for columns in (first, second)]
    found = []
    for number in stories[0].keys() | stories[1].keys():
        one, other = (each.get(number, []) for each in stories)
        if one == other:
            continue
        same = next(
            (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
            min(len(one), len(other)),
        )
        rest = [story[same] for story in (one, other) if len(story) > same]
        step = min(rest)
        cause = _CAUSES.get(Kind(step[1]), END) if one and other else ALONE
        found.append(Parting(number, step[0], cause))
    return sorted(found, key=lambda each: (each.time, each.number))


def _stories(columns: Columns) -> dict[int, list[Step]]:
    """Give the events of each attempt, in order."""
    stories: dict[int, list[Step]] = {}
    names = ("attempt", "time", "kind", "segment", "post", "partner")
    rows = zip(*(columns[name].tolist() for name in names), strict=True)
    for number, time, *rest in rows:
        if number >= 0:
            stories.setdefault(number, []).append((round(time, 6), *rest))
    return stories


def pack_partings(first: Recording, second: Recording) -> Pack:
    """Put where two runs part into columns: time, attempt of each run (-1 if none), and cause."""
    found = partings(first.events, second.events)
    pack = Pack({})
    pack.add("parting.time", seconds([each.time for each in found]))
    pack.add("parting.cause", [each.cause for each in found])
    numbers = np.array([each.number for each in found], dtype=np.int64)
    for name, recording in (("first", first), ("second", second)):
        pack.add(f"parting.{name}", _indices(numbers, recording.crossings.number))
    return pack


def _indices(numbers: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where numbers stand in a column, -1 where they do not."""
    places = {number: place for place, number in enumerate(known.tolist())}
    return np.array([places.get(number, -1) for number in numbers.tolist()], dtype=np.int64)

"""What posts tell each other: what was found with what effort, and where they will go."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a post's patrols go in a shift.

    Attributes
    ----------
    shift : number of the shift it is for
    beats : index of the beat of each patrol on duty
    coverage : detection probability of an average crossing, by segment of the sector
    """

    shift: int
    beats: tuple[int, ...]
    coverage: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What one post observed since its last report.

    Attributes
    ----------
    author : number of the post
    seen : finds, and days of full exposure, (2, crime types, segments of the author's view)
    since, until : the time it covers, h
    plan : the author's latest plan, if plans are shared
    """

    author: int
    seen: NDArray[np.float64]
    since: float
    until: float
    plan: Plan | None

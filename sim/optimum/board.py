"""What the patrol game of a scenario is played on: where posts can place patrols, and groups go.

What a patrol covers, what groups consider and how long a response takes are the simulation's own;
what shifts, crossings and pursuits are on average stands in for their course.
"""

from dataclasses import dataclass
from functools import cached_property
from math import ceil, exp
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sim.engine import BorderModel
from sim.rules.encounter import hours_by_vehicle

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Placements:
    """The ways to place patrols: how many teams a post has on a beat on average.

    A further team on a beat adds less than the first, and is a placement of its own.

    Attributes
    ----------
    post, beat : of each, shape (placements,)
    turn : 0 for the first team on the beat, 1 for the second, ...
    """

    post: Ints
    beat: Ints
    turn: Ints

    def __len__(self) -> int:
        return len(self.post)


@dataclass(frozen=True)
class Attacks:
    """The attacks that groups may choose: each group is a type, each segment it considers a target.

    Attributes
    ----------
    group, segment, crime : of each, shape (attacks,)
    own : probability that each side intercepts whom it detects before he is out of its reach,
        shape (attacks, 2), sides in the order of the segment
    handed_over : probability that the other side intercepts whom a side detects and cannot catch
        itself, if it is told at once, same shape; 0 on the side of arrival
    """

    group: Ints
    segment: Ints
    crime: Ints
    own: Floats
    handed_over: Floats


class Board:
    """Placements of patrols and attacks of groups in a scenario, and what they do to each other.

    Parameters
    ----------
    model : of a scenario, before its first shift; groups live where its seed puts them

    Attributes
    ----------
    world, posts : of the model
    placements, attacks : all there are
    harm : harm a day that each group would do if nobody stopped it, shape (groups,)
    """

    def __init__(self, model: BorderModel) -> None:
        self.model = model
        self.world = model.stage.world
        self.posts = model.posts_by_number
        self.placements = self._list_placements()
        self.attacks = self._list_attacks()
        self.harm = np.array(
            [
                group.kind.attempts_per_day * model.stage.crime(group.crime).harm
                for group in model.groups_by_number
            ]
        )

    @property
    def teams(self) -> Floats:
        """Teams of each post on duty at a time, on average, shape (posts,)."""
        cycle = self.model.stage.scenario.patrols.duty_cycle_shifts
        return np.array([len(post.patrols) / cycle for post in self.posts])

    # What there is to choose

    def _list_placements(self) -> Placements:
        rows = [
            (post.number, beat, turn)
            for post, teams in zip(self.posts, self.teams, strict=True)
            for beat in range(len(post.beats))
            for turn in range(ceil(teams))
        ]
        post, beat, turn = np.array(rows, dtype=np.int64).reshape(len(rows), 3).T
        return Placements(post, beat, turn)

    def _list_attacks(self) -> Attacks:
        groups = self.model.groups_by_number
        rows = [(g.number, segment, g.crime) for g in groups for segment in g.options]
        own, handed = np.zeros((2, len(rows), 2))
        for index, (number, segment, crime) in enumerate(rows):
            group = groups[number]
            sides = self.world.segments[segment].sides
            origin, arrival = (
                sides.index(side) for side in (group.kind.origin, group.kind.destination)
            )
            own[index] = [self._caught_by_patrol(crime, side) for side in sides]
            handed[index, origin] = self._handed_over(crime, segment, sides[origin], sides[arrival])
        groups_of, segments, crimes = np.array(rows, dtype=np.int64).reshape(len(rows), 3).T
        return Attacks(groups_of, segments, crimes, own, handed)

    def _caught_by_patrol(self, crime: int, side: str) -> float:
        """Probability that a patrol intercepts whom it detects at a uniform time on its side."""
        patrols, window = self.model.stage.scenario.patrols, self.model.stage.exposure_hours
        hours, response = window(crime, side), patrols.response_hours
        if hours <= 0.0:
            return 0.0
        late = response / hours * (1.0 - exp(-hours / response)) if response > 0.0 else 0.0
        return patrols.interception * (1.0 - late)

    def _handed_over(self, crime: int, segment: int, origin: str, arrival: str) -> float:
        """Probability that the reaction team across the line intercepts whom it is told of at once.

        He was detected at a uniform time before the line; the team is taken to be at hand.
        """
        stage = self.model.stage
        number = self.world.holder.get((arrival, segment))
        before, after = (stage.exposure_hours(crime, side) for side in (origin, arrival))
        if number is None or before <= 0.0:
            return 0.0
        post = self.posts[number]
        way = post.ways_km[post.site.sector.index(segment)]
        ready, speed = stage.scenario.posts.reaction_hours, stage.scenario.world.vehicle_kmh
        response = hours_by_vehicle(ready, way, speed, 1.0)
        in_time = min(1.0, max(0.0, (before + after - response) / before))
        return stage.scenario.patrols.interception * in_time

    # What placements do

    @cached_property
    def detected(self) -> tuple[Any, Any]:
        """Probability that a placement detects an attack, mean of shifts and weather.

        As `detected_with` gives it.
        """
        settings = self.model.stage.scenario
        wet = float(np.mean(settings.world.wet_days))
        forms = [
            (share / self.forms, self.cover(form, slowdown))
            for share, slowdown in ((1.0 - wet, 1.0), (wet, settings.world.wet_slowdown))
            for form in range(self.forms)
        ]
        return self.detected_with(
            [
                sum(
                    (share * cover[post] for share, cover in forms),
                    np.zeros_like(forms[0][1][post]),
                )
                for post in range(len(self.posts))
            ]
        )

    @property
    def forms(self) -> int:
        """Shifts in a day, after which their share of night comes again, at least 1."""
        return max(1, round(24.0 / self.model.stage.scenario.time.shift_hours))

    def cover(self, form: int, slowdown: float) -> list[Floats]:
        """Detection probability by a patrol on each beat of each post in a shift of a day.

        Parameters
        ----------
        form : which shift of the day
        slowdown : time that ways take, relative to a dry day

        Returns
        -------
        By post, each of shape (beats, crime types, segments in view).
        """
        hours = self.model.stage.scenario.time.shift_hours
        ways = dict.fromkeys(self.world.skies, slowdown)
        shift = self.model.surroundings.shift(form, form * hours, (form + 1) * hours, ways)
        return [post.coverage.by_beat(shift)[0] for post in self.posts]

    def detected_with(self, cover: list[Floats]) -> tuple[Any, Any]:
        """Probability that a placement detects an attack, for patrols of either side of the line.

        Parameters
        ----------
        cover : as `cover` gives it

        Returns
        -------
        Sparse, shape (attacks, placements), sides in the order of the segment; 0 where nobody else
        is there.
        """
        count, crimes = len(self.world.segments), len(self.model.stage.crimes)
        rows, columns, chances, sides = [], [], [], []
        for place, (number, beat, turn) in enumerate(
            zip(*(each.tolist() for each in vars(self.placements).values()), strict=True)
        ):
            post, here = self.posts[number], cover[number][beat]
            for crime, view in zip(*np.nonzero(here), strict=True):
                segment = post.belief.view[view]
                rows.append(crime * count + segment)
                columns.append(place)
                chances.append(here[crime, view] * (1.0 - here[crime, view]) ** turn)
                sides.append(self.world.segments[segment].sides.index(post.side))
        attacked = self.attacks.crime * count + self.attacks.segment
        shape = crimes * count, len(self.placements)
        is_second = np.array(sides, dtype=bool)
        first, second = (
            sparse.csr_array((np.array(chances) * here, (rows, columns)), shape=shape)[attacked]
            for here in (~is_second, is_second)
        )
        return first, second

    @cached_property
    def present(self) -> tuple[Any, Any]:
        """Whether a placement is on a segment, for patrols of either side.

        Sparse, shape (segments, placements).
        """
        pairs: tuple[list[tuple[int, int]], list[tuple[int, int]]] = [], []
        for index, (number, beat) in enumerate(
            zip(self.placements.post, self.placements.beat, strict=True)
        ):
            post = self.posts[number]
            for segment in post.beats[beat].segments:
                side = self.world.segments[segment].sides.index(post.side)
                pairs[side].append((segment, index))
        shape = len(self.world.segments), len(self.placements)
        first, second = (
            sparse.csr_array(
                (np.ones(len(each)), np.array(each, dtype=np.int64).reshape(-1, 2).T), shape=shape
            )
            for each in pairs
        )
        return first, second

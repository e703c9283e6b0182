"""Where along the line attempts are made, detected and displaced to, policy by policy."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.lab import Comparison, holm
from sim.report.evidence import LEVEL, Findings, chances_of
from sim.world import World, build_world

MOST_STRETCHES = 50
"""Stretches that the line is cut into at most; of fewer, chance says less in each."""

COUNTS = ("attempts", "detected", "intercepted", "referred")


@dataclass(frozen=True)
class Stretches:
    """The line cut into stretches of about equal length.

    Attributes
    ----------
    of_segment : number of the stretch that each segment is in
    begin, end : km along the line of each stretch, from its first segment
    lines : the pair of sides that each stretch lies between
    """

    of_segment: NDArray[np.int64]
    begin: NDArray[np.float64]
    end: NDArray[np.float64]
    lines: tuple[str, ...]

    @property
    def length(self) -> NDArray[np.float64]:
        """Length of each, km."""
        return self.end - self.begin


def stretches_of(world: World) -> Stretches:
    """Cut a line into stretches of a round length, each between one pair of sides."""
    step = _round_up(world.length_km / MOST_STRETCHES)
    of_segment: list[int] = []
    begin: list[float] = []
    end: list[float] = []
    lines: list[str] = []
    km, last = 0.0, ""
    for segment in world.segments:
        line = "–".join(segment.sides)
        starts_new = line != last or km - begin[-1] >= step - 0.5 * segment.length_km
        if starts_new:
            begin.append(km)
            end.append(km)
            lines.append(line)
        km += segment.length_km
        end[-1] = km
        of_segment.append(len(begin) - 1)
        last = line
    return Stretches(np.array(of_segment), np.array(begin), np.array(end), tuple(lines))


def _round_up(km: float) -> float:
    """Give the next round number of km, at least ten: 10, 20, 25, 50, 100 and so on."""
    unit = 10.0 ** max(1, math.floor(math.log10(max(km, 10.0))))
    return next(step * unit for step in (1.0, 2.0, 2.5, 5.0, 10.0) if step * unit >= km)


class Along:
    """Counts along the line of each policy, and how they differ from the baseline.

    Parameters
    ----------
    findings : of the comparison; all of its points must lie on the same line
    """

    def __init__(self, findings: Findings) -> None:
        comparison = findings.comparison
        self.findings, self.comparison = findings, comparison
        self.world = build_world(comparison.points[comparison.baseline].scenario)
        self.stretches = stretches_of(self.world)
        self._counts = {name: self._cube(name) for name in COUNTS}

    def mean(self, point: int, name: str) -> NDArray[np.float64]:
        """Mean of a count on each stretch."""
        means: NDArray[np.float64] = self._counts[name][point].mean(axis=0)
        return means

    def change(self, point: int, name: str) -> NDArray[np.float64]:
        """Mean difference of a count to the baseline on each stretch."""
        return self.mean(point, name) - self.mean(self.comparison.baseline, name)

    def is_clear(self, point: int) -> NDArray[np.bool_]:
        """Where attempts differ from the baseline, corrected (Holm) for all stretches."""
        pairs = self._counts["attempts"]
        differences = pairs[point] - pairs[self.comparison.baseline]
        return np.array(holm(chances_of(differences.T).tolist())) < LEVEL

    def moved(self, point: int) -> float:
        """Attempts on another stretch than under the baseline, were there as many in all."""
        base, own = (self.mean(n, "attempts") for n in (self.comparison.baseline, point))
        alike = base * own.sum() / max(base.sum(), 1e-9)
        return float(np.abs(own - alike).sum() / 2.0)

    def chosen(self, count: int) -> list[int]:
        """Choose whom to draw: the baseline, and those policies that move most attempts."""
        others = [n for n, point in enumerate(self.comparison.points) if not point.is_baseline]
        most = sorted(others, key=self.moved, reverse=True)[:count]
        return [self.comparison.baseline, *sorted(most)]

    def frame(self) -> pd.DataFrame:
        """Give a row for each policy and stretch: where it is, its counts, and what changed."""
        stretches = self.stretches
        frames = []
        for index, point in enumerate(self.comparison.points):
            told = {name: self.mean(index, name) for name in COUNTS}
            frames.append(
                pd.DataFrame(
                    {
                        "point": point.name,
                        "line": stretches.lines,
                        "from_km": stretches.begin,
                        "to_km": stretches.end,
                        **told,
                        "attempts_change": self.change(index, "attempts"),
                        "detected_change": self.change(index, "detected"),
                        "attempts_change_clear": self.is_clear(index),
                    }
                )
            )
        return pd.concat(frames, ignore_index=True)

    def _cube(self, name: str) -> NDArray[np.float64]:
        """Sum a count up by point, seed and stretch; of uncertain worlds, give means of seeds."""
        segments = self.comparison.tables.segments
        stretch = self.stretches.of_segment[segments["segment"].to_numpy()]
        keys = [segments["point"].to_numpy(), segments["seed"].to_numpy(), stretch]
        sums = segments[name].groupby(keys).sum()
        cube: NDArray[np.float64] = sums.to_numpy(dtype=float).reshape(
            len(self.comparison.points), -1, len(self.stretches.begin)
        )
        worlds = self.comparison.worlds
        if not worlds:
            return cube
        rows = np.searchsorted(
            np.unique(segments["seed"]), [seed for world in worlds for seed in world.seeds]
        )
        means: NDArray[np.float64] = (
            cube[:, rows].reshape(len(cube), len(worlds), -1, cube.shape[2]).mean(axis=2)
        )
        return means


def has_one_line(comparison: Comparison) -> bool:
    """Whether all points lie on the same line, so that places can be compared."""
    first = comparison.points[0].scenario
    return all(
        (point.scenario.border_folders, point.scenario.world.provinces)
        == (first.border_folders, first.world.provinces)
        for point in comparison.points
    ) and bool(len(comparison.tables.segments))

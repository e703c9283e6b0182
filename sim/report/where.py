"""Which policy is best where: the uncertain worlds in which one does better than another."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.lab import Comparison, holm
from sim.report.evidence import LEVEL
from sim.report.regret import Regrets
from sim.scenario import Factor

SHUFFLES = 1999
"""Shuffles of the test: chances are known to a two-thousandth."""

FEWEST = 5
"""Worlds that either side of a split must hold at least."""


@dataclass(frozen=True)
class Split:
    """Worlds on one side of a value of one factor, where a policy often does better.

    Attributes
    ----------
    factor : number of the factor
    value : where it is split
    is_above : whether the worlds told of lie above it
    inside, hits : worlds told of, and those among them in which the policy does better
    total : worlds in which it does, in all
    chance : of so sharp a split by any factor and value if factors told nothing
    """

    factor: int
    value: float
    is_above: bool
    inside: int
    hits: int
    total: int
    chance: float

    @property
    def density(self) -> float:
        """Share of the worlds told of in which the policy does better."""
        return self.hits / self.inside

    @property
    def coverage(self) -> float:
        """Share of the worlds in which it does better that are told of."""
        return self.hits / self.total


def best_split(factors: ArrayLike, is_better: ArrayLike) -> Split | None:
    """Find the one factor and value that separate two kinds of worlds best.

    Best is what correlates most with the kind of world (phi). The test shuffles kinds among worlds
    and looks for the best split again, over all factors and values, so that its chance is already
    corrected for having looked at all of them.

    Parameters
    ----------
    factors : values drawn, (worlds, factors)
    is_better : of which kind each world is

    Returns
    -------
    None if all worlds are of one kind, or too few to be split.

    Source
    ------
    Coverage and density: Bryant & Lempert (2010), Technological Forecasting and Social Change 77,
    34. The largest statistic of shuffled data: Westfall & Young (1993), Resampling-Based Multiple
    Testing.
    """
    table, better = np.asarray(factors, dtype=float), np.asarray(is_better, dtype=bool)
    if better.all() or not better.any():
        return None
    chance = np.random.default_rng(1)
    shuffled = np.array([better, *(chance.permutation(better) for _ in range(SHUFFLES))])
    largest = np.zeros(len(shuffled))
    found, sharpest = None, 0.0
    for number, column in enumerate(table.T):
        order = np.argsort(column, kind="stable")
        values = column[order]
        below = np.arange(FEWEST, len(values) - FEWEST + 1)
        below = below[values[below - 1] < values[below]] if len(below) else below
        if not len(below):
            continue
        phi = _phi(shuffled[:, order], below)
        largest = np.maximum(largest, np.abs(phi).max(axis=1))
        at = int(np.abs(phi[0]).argmax())
        if abs(phi[0, at]) > sharpest:
            sharpest = float(abs(phi[0, at]))
            found = number, float(values[below[at] - 1 : below[at] + 1].mean()), phi[0, at] < 0.0
    if found is None:
        return None
    factor, value, is_above = found
    inside = (table[:, factor] > value) == is_above
    return Split(
        factor=factor,
        value=value,
        is_above=bool(is_above),
        inside=int(inside.sum()),
        hits=int((inside & better).sum()),
        total=int(better.sum()),
        # The data themselves are one of the ways to shuffle them; sums may differ in the last bit.
        chance=float(np.mean(largest >= largest[0] - 1e-12)),
    )


def _phi(kinds: NDArray[np.bool_], below: NDArray[np.int64]) -> NDArray[np.float64]:
    """Correlate being among the first so many worlds with their kind, (shuffles, splits)."""
    worlds = kinds.shape[1]
    total = kinds.sum(axis=1, keepdims=True).astype(float)
    hits = np.cumsum(kinds, axis=1)[:, below - 1]
    spread = np.sqrt(below * (worlds - below) * total * (worlds - total))
    phi: NDArray[np.float64] = (worlds * hits - below * total) / spread
    return phi


def where_told(comparison: Comparison, regrets: Regrets) -> list[str]:
    """Say where which policy is best, and where policies fail, in a comparison of worlds."""
    return [where_best(comparison, regrets), where_worse(comparison, regrets)]


def where_best(comparison: Comparison, regrets: Regrets) -> str:
    """Say in which worlds the second most often best policy does better than the first.

    Factors that are drawn from words are not looked at.
    """
    wins = regrets.wins.sort_values(ascending=False, kind="stable")
    first, second = (str(name) for name in wins.index[:2])
    if wins.iloc[1] == 0.0:
        return f"Where: “{first}” is best in every world sampled."
    lost = regrets.by_world
    is_better = (lost[second] < lost[first]).to_numpy()
    factors, drawn = _numbers_of(comparison)
    split = best_split(drawn, is_better)
    claim = f"“{second}” does better than “{first}”"
    if split is None or split.chance >= LEVEL:
        chance = "" if split is None else f" (best split of one factor: p = {split.chance:.2g})"
        return (
            f"Where: {claim} in {is_better.sum()} of {len(is_better)} worlds, but no single "
            f"factor clearly tells them from the others{chance}."
        )
    return f"Where: {claim} {_side_text(split, split.chance, factors)}."


def where_worse(comparison: Comparison, regrets: Regrets) -> str:
    """Say in how many worlds each policy does worse than the baseline, and in which.

    Splits are corrected (Holm) for all policies.
    """
    lost = regrets.by_world
    base = comparison.points[comparison.baseline].name
    is_worse = {
        str(name): (lost[name] > lost[base]).to_numpy() for name in lost.columns if name != base
    }
    factors, drawn = _numbers_of(comparison)
    splits = {name: best_split(drawn, worse) for name, worse in is_worse.items()}
    found = {name: split for name, split in splits.items() if split is not None}
    chances = holm([split.chance for split in found.values()])
    counts = ", ".join(f"“{name}” in {worse.sum()}" for name, worse in is_worse.items())
    told = [
        f"“{name}” {_side_text(split, chance, factors)}"
        for (name, split), chance in zip(found.items(), chances, strict=True)
        if chance < LEVEL
    ]
    which = "; ".join(told) or "no single factor clearly tells which"
    return f"Worse than “{base}”, of {len(lost)} worlds: {counts}. Of these worlds: {which}."


def _side_text(split: Split, chance: float, factors: list[Factor]) -> str:
    """Say on which side of a split something is so, with density and coverage."""
    side = "above" if split.is_above else "below"
    return (
        f"in {split.hits} of the {split.inside} worlds with “{factors[split.factor].title}” {side} "
        f"{split.value:.3g} (density {100.0 * split.density:.0f} %), which are "
        f"{100.0 * split.coverage:.0f} % of the {split.total} worlds in which it does (coverage; "
        f"corrected p {'< 0.001' if chance < 0.001 else f'= {chance:.2g}'})"
    )


def worlds_frame(comparison: Comparison, regrets: Regrets) -> pd.DataFrame:
    """Give a row for each uncertain world: what is best there, and what was drawn, by key."""
    lost = regrets.by_world
    best = [", ".join(lost.columns[row == 0.0]) for row in lost.to_numpy()]
    drawn = pd.DataFrame([world.settings for world in comparison.worlds])
    drawn.insert(0, "world", [world.number for world in comparison.worlds])
    drawn.insert(1, "best", best)
    return drawn


def _numbers_of(comparison: Comparison) -> tuple[list[Factor], NDArray[np.float64]]:
    """Give the factors of worlds that are numbers, and what was drawn of them."""
    worlds = comparison.experiment.worlds
    assert worlds is not None
    drawn = [world.settings for world in comparison.worlds]
    factors = [
        factor
        for factor in worlds.factors
        if all(isinstance(settings[factor.key], int | float) for settings in drawn)
    ]
    table = [[float(settings[factor.key]) for factor in factors] for settings in drawn]
    return factors, np.reshape(table, (len(drawn), len(factors)))

"""Robustness: what each policy loses against the best one, in each of several worlds."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.lab import Comparison
from sim.report.evidence import Findings
from sim.report.tradeoff import effect_sign
from sim.scenario.keys import POLICY_KEYS

SUMMARY = ("largest", "90th percentile")
"""Names of the last rows, over all worlds."""


@dataclass(frozen=True)
class Regrets:
    """What each policy loses against the best in each world.

    Attributes
    ----------
    by_world : a row for each world, a column for each policy; 0 is best there
    are_seeds : whether the worlds are but chances of one world
    """

    by_world: pd.DataFrame
    are_seeds: bool

    @property
    def summary(self) -> pd.DataFrame:
        """The largest regret and its 90th percentile over all worlds."""
        table = self.by_world
        return pd.DataFrame([table.max(), table.quantile(0.9)], index=list(SUMMARY))

    @property
    def wins(self) -> pd.Series:
        """In how many worlds each policy is best; ties share a world."""
        is_best = self.by_world == 0.0
        return is_best.div(is_best.sum(axis=1), axis=0).sum()

    @property
    def safest(self) -> str:
        """The policy with the smallest largest regret."""
        return str(self.by_world.max().idxmin())


def regrets(
    values: Mapping[str, Mapping[str, float]], sign: float = 1.0, are_seeds: bool = False
) -> Regrets:
    """Say what each policy loses against the best one in each world.

    Parameters
    ----------
    values : an outcome, by world and policy; every world has the same policies
    sign : 1 where more of the outcome is better, -1 where less is
    are_seeds : whether the worlds are but chances of one world

    Source
    ------
    Minimax regret: Savage, L. J. (1951), The theory of statistical decision, JASA 46.
    """
    table = sign * pd.DataFrame.from_dict(
        {world: dict(row) for world, row in values.items()}, orient="index"
    )
    lost = -table.sub(table.max(axis=1), axis=0)
    return Regrets(lost + 0.0, are_seeds)


def regrets_of(findings: Findings) -> Regrets:
    """Give the regrets of a comparison: over the worlds it sampled, or else over its seeds.

    Of uncertain worlds they are by means of the seeds of each.
    """
    comparison, effect = findings.comparison, findings.effect
    if comparison.worlds:
        told = [findings.values(n, effect) for n in range(len(comparison.points))]
        values = {
            f"world {world.number}": {
                point.name: own[row] for point, own in zip(comparison.points, told, strict=True)
            }
            for row, world in enumerate(comparison.worlds)
        }
        return regrets(values, effect_sign(effect))
    worlds = worlds_of(comparison)
    if len(worlds) > 1:
        values = {
            world: {name: findings.mean(index, effect) for name, index in points.items()}
            for world, points in worlds.items()
        }
        return regrets(values, effect_sign(effect))
    seeds = sorted(comparison.runs["seed"].unique())
    rows = np.array([findings.values(n, effect) for n in range(len(comparison.points))])
    names = [point.name for point in comparison.points]
    values = {
        f"seed {seed}": dict(zip(names, column, strict=True))
        for seed, column in zip(seeds, rows.T.tolist(), strict=True)
    }
    return regrets(values, effect_sign(effect), are_seeds=True)


def worlds_of(comparison: Comparison) -> dict[str, dict[str, int]]:
    """Sort points into worlds, which differ in what no policy decides.

    Factors whose key is of a policy file make policies, all others make worlds.

    Returns
    -------
    By world and policy, in words, the index of the point; worlds that lack a policy are left out.
    """
    factors = comparison.experiment.factors
    if not factors:
        return {"as given": {point.name: n for n, point in enumerate(comparison.points)}}
    worlds: dict[str, dict[str, int]] = {}
    for index, point in enumerate(comparison.points):
        told: tuple[list[str], list[str]] = ([], [])
        for factor in factors:
            is_policy = factor.key.split(".")[0] in POLICY_KEYS
            name = f"{factor.label or factor.key}: {factor.name_of(point.settings[factor.key])}"
            told[is_policy].append(name)
        world, policy = (", ".join(part) for part in told)
        worlds.setdefault(world or "as given", {})[policy or "as given"] = index
    most = max(len(points) for points in worlds.values())
    return {world: points for world, points in worlds.items() if len(points) == most > 1}

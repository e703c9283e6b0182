"""Scenario discovery with EMA Workbench: the worlds in which weekly sharing does not pay.

Usage: python experiments/where_weekly_sharing_does_not_pay.py [WORLDS.csv]

Needs the extra `ema`. Draws the worlds of where_weekly_sharing_does_not_pay.toml, runs each with
weekly reports and with none on the same chance, and looks by PRIM for those in which reports do not
raise the share of harm prevented. PRIM searches in one half of the worlds; what it finds is judged
in the other. Some ten minutes on two cores once the engine is compiled; given the worlds of an
earlier call, it only searches. The reading is in where_weekly_sharing_does_not_pay.md.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from sim import Experiment, Scenario
from sim.engine.engines import make_ready
from sim.lab.ema import HALF_WIDTH, ema_model, ema_scenarios, ema_workbench, parameter_name

EXPERIMENT = Path(__file__).with_suffix(".toml")
WORLDS = EXPERIMENT.parents[1] / "results" / "where_weekly_sharing_does_not_pay.csv"
AGAINST = {"sharing.interval_days": "never"}
METRICS = ("harm_prevented_share", "detection_rate")
"""Outcomes that reports are meant to raise; the first was the question, before anything was run."""

SMALLEST = 0.1
"""Share of the worlds that a box holds at least; less could not be judged in the other half."""

LARGEST_CHANCE = 0.05
"""Quasi p-value up to which a limit of a box counts: how often a box without it would be as dense.

Bryant & Lempert (2010), Technological Forecasting and Social Change 77, 34.
"""


def run_worlds(experiment: Experiment, workers: int = 2) -> pd.DataFrame:
    """Run every world with reports and without; a row each, factors and paired differences."""
    ema = ema_workbench()
    model = ema_model(experiment, AGAINST, engine="compiled")
    make_ready(Scenario.load(experiment.scenario_path))
    with ema.MultiprocessingEvaluator(model, n_processes=workers) as evaluator:
        worlds, outcomes = evaluator.perform_experiments(ema_scenarios(experiment))
    names = [parameter_name(factor.key) for factor in experiment.factors]
    order = worlds["scenario"].str.removeprefix("sample ").astype(int).argsort()
    table = worlds[names].assign(**outcomes).iloc[order]
    return table.reset_index(drop=True)


def share_text(hits: int, of: int) -> str:
    """Say a share with its exact 95 % interval."""
    interval = binomtest(hits, of).proportion_ci(0.95)
    return f"{hits} of {of}, {hits / of:.0%} ({interval.low:.0%} to {interval.high:.0%})"


def box_of(worlds: pd.DataFrame, fails: pd.Series) -> pd.DataFrame:
    """Find by PRIM the box with the most of coverage and density together (their harmonic mean).

    Only limits that chance does not explain are given: a column each, rows low and high, or the
    words that are left.
    """
    ema_workbench()
    from ema_workbench.analysis import prim

    # PRIM sets limits between whole numbers, which pandas lets no column of whole numbers take.
    real = dict.fromkeys(worlds.select_dtypes("integer"), float)
    algorithm = prim.Prim(worlds.astype(real), fails.to_numpy(), threshold=0.5, mass_min=SMALLEST)
    found = algorithm.find_box()
    path = found.peeling_trajectory
    best = int((path["coverage"] * path["density"] / (path["coverage"] + path["density"])).idxmax())
    # A side without a limit has a quasi p-value of -1.
    kept = [
        name
        for name, chances in found.qp[best].items()
        if any(0.0 <= chance <= LARGEST_CHANCE for chance in chances)
    ]
    return found.box_lims[best][kept]


def inside(worlds: pd.DataFrame, box: pd.DataFrame) -> pd.Series:
    """Whether each world lies in a box."""
    held = pd.Series(True, index=worlds.index)
    for name in box:
        low, high = box[name]
        values = worlds[name]
        held &= values.isin(low) if isinstance(low, set) else values.between(low, high)
    return held


def report(worlds: pd.DataFrame, factors: Sequence[str], metric: str) -> str:
    """Say where reports do not raise an outcome, by the mean of all pairs of a world.

    What is found in one half of the worlds is judged in the other.
    """
    fails = worlds[metric] <= 0.0
    clear = worlds[metric].abs() > worlds[metric + HALF_WIDTH]
    search = np.arange(len(worlds)) % 2 == 0
    box = box_of(worlds.loc[search, list(factors)], fails[search])
    lines = [
        f"{metric} not raised: {share_text(int(fails.sum()), len(worlds))}",
        f"  clearly lowered: {int((fails & clear).sum())}, clearly raised: "
        f"{int((~fails & clear).sum())}, not told apart: {int((~clear).sum())}",
        "  limits of the box that chance does not explain:",
    ]
    limits = [f"    {name}: {box[name].iloc[0]} to {box[name].iloc[1]}" for name in box]
    lines += limits or ["    none"]
    held = inside(worlds, box)
    for half, chosen in (("search", search), ("judged", ~search)):
        in_box = held[chosen]
        hits = int((in_box & fails[chosen]).sum())
        lines += [
            f"  {half}: base rate {share_text(int(fails[chosen].sum()), int(chosen.sum()))}",
            f"    density {share_text(hits, int(in_box.sum()))}",
            f"    coverage {share_text(hits, int(fails[chosen].sum()))}",
        ]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run the worlds, or read them, and search."""
    experiment = Experiment.load(EXPERIMENT)
    path = Path(arguments[0]) if arguments else WORLDS
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        run_worlds(experiment).to_csv(path, index=False, float_format="%.6g")
    worlds = pd.read_csv(path)
    factors = [parameter_name(factor.key) for factor in experiment.factors]
    for metric in METRICS:
        print(report(worlds, factors, metric))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

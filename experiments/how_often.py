"""How often to share, against adversaries that move slowly and fast, and where little can be read.

Usage: python experiments/how_often.py DIR

Runs how_often.toml in four worlds on the same seeds, and writes how_often.csv, a row for each
world, point and outcome with its paired difference to never sharing in that world, and
how_often.png. The reading is in how_often.md.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim import Experiment
from sim.lab import compare
from sim.scenario.experiment import Factor

EXPERIMENT = Path(__file__).parent / "how_often.toml"

WORLDS: dict[str, dict[str, object]] = {
    "groups never move": {"groups.*.adversary": "static"},
    "groups learn": {"groups.*.adversary": "ewa"},
    "groups answer best at once": {"groups.*.adversary": "best_response"},
    "groups learn, posts read 2 reports a day": {
        "groups.*.adversary": "ewa",
        "sharing.reports_per_day": 2.0,
    },
}

SHOWN = {"interdiction_rate": "share intercepted", "detection_rate": "share detected"}
COLOURS = {"kept": "#d55e00", "shared": "#0072b2"}  # of Okabe & Ito, told apart by the colour-blind


def in_world(study: Experiment, settings: dict[str, object]) -> Experiment:
    """Put a study into a world: some values that are the same at every point."""
    fixed = tuple(Factor(key=key, values=(value,)) for key, value in settings.items())
    return study.model_copy(
        update={"factors": study.factors + fixed, "baseline": study.baseline | settings}
    )


def differences(study: Experiment) -> pd.DataFrame:
    """Give paired differences to never sharing, by world, interval and plans."""
    intervals, plans = study.factors
    parts = []
    for world, settings in WORLDS.items():
        comparison = compare(in_world(study, settings), progress=_tell)
        table = comparison.table()
        table.insert(0, "world", world)
        set_at = {point.name: point.settings for point in comparison.points}
        for factor in (plans, intervals):
            said = [factor.name_of(set_at[name][factor.key]) for name in table["point"]]
            table.insert(1, factor.label, said)
        parts.append(table.drop(columns="point"))
    return pd.concat(parts, ignore_index=True)


def _tell(done: int, of: int) -> None:
    if done == of or done % 50 == 0:
        print(f"{done} of {of} runs", file=sys.stderr)


def draw(table: pd.DataFrame, study: Experiment) -> Figure:
    """Draw differences against the interval, a column for each world and a row for each outcome."""
    figure = Figure(figsize=(13.0, 6.5), layout="constrained")
    panels = figure.subplots(len(SHOWN), len(WORLDS), sharex=True, sharey="row")
    order = list(study.factors[0].names[:-1])
    for row, (metric, said) in zip(panels, SHOWN.items(), strict=True):
        for axes, world in zip(row, WORLDS, strict=True):
            chosen = table[(table["metric"] == metric) & (table["world"] == world)]
            _draw_panel(axes, chosen, order)
        row[0].set_ylabel(f"{said},\npoints above never sharing")
    for axes, world in zip(panels[0], WORLDS, strict=True):
        axes.set_title(world, fontsize="medium")
    panels[0][0].legend(frameon=False, title="plans", loc="best")
    figure.supxlabel("interval of reports")
    return figure


def _draw_panel(axes: Axes, chosen: pd.DataFrame, order: list[str]) -> None:
    axes.axhline(0.0, color="0.6", linewidth=0.8)
    for shift, (plans, colour) in zip((-0.1, 0.1), COLOURS.items(), strict=True):
        rows = chosen[chosen["plans"] == plans].set_index("reports").loc[order]
        places = [place + shift for place in range(len(order))]
        low, mean, high = (100.0 * rows[name] for name in ("low", "difference", "high"))
        axes.errorbar(
            places, mean, yerr=(mean - low, high - mean), fmt="o-", color=colour, label=plans
        )
    axes.set_xticks(range(len(order)), order, rotation=45, ha="right")
    axes.spines[["top", "right"]].set_visible(False)


def main(arguments: Sequence[str]) -> int:
    """Write table and figure into a folder."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    study = Experiment.load(EXPERIMENT)
    table = differences(study)
    table.to_csv(folder / "how_often.csv", index=False, float_format="%.5g")
    draw(table, study).savefig(folder / "how_often.png", dpi=110)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What a study of sensitivity shows: its sentence, its figure, and the folder it is left in."""

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import os_error_as_input_error
from sim.lab import Comparison
from sim.lab.sensitivity import STRENGTH, Sensitivity, are_told_apart
from sim.outcomes import MEASURES
from sim.report.exhibits import COLOURS, plain, save_figure
from sim.report.origin import provenance
from sim.report.words import figure_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 15
"""Factors that are shown of each outcome, the strongest; the table in the folder has all."""

SPREAD = {"morris": "sigma", "sobol": "S1"}
"""The index drawn beside that of strength: what tells bent or joint effects from plain ones."""

MEANING = {
    "mu_star": "mean absolute effect (μ*)",
    "sigma": "standard deviation of effects (σ)",
    "ST": "total order",
    "S1": "first order",
}


def sensitivity_finding(study: Sensitivity, metric: str) -> str:
    """Say in one sentence which factor an outcome hangs on most, if that can be told."""
    indices, strength = study.indices(metric), STRENGTH[study.experiment.design]
    name = metric.replace("_", " ")
    first = indices.iloc[0]
    if first[strength] == 0.0:
        return f"{name.capitalize()} hangs on nothing that was varied."
    size = index_text(study, metric, first[strength], first[f"{strength}_conf"])
    if are_told_apart(indices, strength):
        return f"{name.capitalize()} hangs most on {first['label']} ({size})."
    second = indices.iloc[1]
    other = index_text(study, metric, second[strength], second[f"{strength}_conf"])
    return (
        f"What {name} hangs on most cannot be told: {first['label']} ({size}) and "
        f"{second['label']} ({other}) overlap."
    )


def others_finding(study: Sensitivity, metric: str) -> str:
    """Say how much the factors that are not shown move an outcome at most; "" if all are shown."""
    others = study.indices(metric).iloc[SHOWN:]
    if others.empty:
        return ""
    strongest = others.iloc[0]
    strength = STRENGTH[study.experiment.design]
    size = index_text(study, metric, strongest[strength], strongest[f"{strength}_conf"])
    return f"Each of {len(others)} others: {size} or less."


def index_text(
    study: Sensitivity, metric: str, value: float, half_width: float | None = None
) -> str:
    """Say an index: Morris' in units of the outcome, Sobol's as a share of variance.

    Parameters
    ----------
    study, metric : what it is an index of
    value : the index
    half_width : of its interval, if it has one
    """
    if study.experiment.design == "sobol":
        return f"{value:.2f}" + ("" if half_width is None else f" ± {half_width:.2f}")
    number, _, unit = figure_text(metric, value).partition(" ")
    if half_width is not None:
        number += f" ± {figure_text(metric, half_width).partition(' ')[0]}"
    return f"{number} {'points' if MEASURES[metric].share else unit}".strip()


def sensitivity_figure(study: Sensitivity) -> "Figure":
    """Draw the strongest indices of up to four outcomes as bars, the strongest on top."""
    from matplotlib.figure import Figure

    metrics = study.experiment.measured[:4]
    rows = 0.9 + 0.3 * min(len(study.experiment.factors), SHOWN)
    figure = Figure(figsize=(8.0, 1.2 + rows * len(metrics)), layout="constrained")
    panels = figure.subplots(len(metrics), 1, squeeze=False)[:, 0]
    for axes, metric in zip(panels, metrics, strict=True):
        _draw(axes, study, metric)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False)
    days = study.points[0].scenario.time.days
    finding = textwrap.fill(sensitivity_finding(study, metrics[0]), 95)
    figure.suptitle(
        f"{plain(finding)}\n{len(study.points)} points of {study.replications} runs of {days:g} "
        "days, 95 % intervals, in this model",
        fontsize=10,
    )
    return figure


def _draw(axes: "Axes", study: Sensitivity, metric: str) -> None:
    design, measure = study.experiment.design, MEASURES[metric]
    strength, spread = STRENGTH[design], SPREAD[design]
    indices = study.indices(metric).iloc[:SHOWN].iloc[::-1]
    scale = 100.0 if measure.share and design == "morris" else 1.0
    places = range(len(indices))
    axes.barh(
        places,
        scale * indices[strength],
        xerr=scale * indices[f"{strength}_conf"],
        color=COLOURS[0],
        error_kw={"capsize": 3, "ecolor": "0.2"},
        label=MEANING[strength],
        height=0.6,
    )
    axes.plot(
        scale * indices[spread],
        places,
        linestyle="none",
        marker="D",
        color=COLOURS[1],
        markeredgecolor="white",
        label=MEANING[spread],
    )
    axes.set_yticks(places, [plain(label) for label in indices["label"]])
    unit = "percentage points" if measure.share else measure.unit or "count"
    axes.set_xlabel("share of the variance" if design == "sobol" else f"effect, {unit}")
    title = f"{metric.replace('_', ' ').capitalize()}: {measure.meaning}"
    axes.set_title("\n".join(filter(None, [title, others_finding(study, metric)])), fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x", color="0.9")
    axes.set_axisbelow(True)


def write_sensitivity(study: Sensitivity, folder: Path) -> list[Path]:
    """Write what a study showed into a folder.

    Writes sensitivity.csv (the indices), sensitivity.png and .svg (the figure), runs.csv (a row for
    each run, with what was set) and provenance.json.

    Returns
    -------
    The files.

    Raises
    ------
    InputError : the folder cannot be written to
    """
    with os_error_as_input_error(
        "cannot be written to", where=folder, remedy="choose another --out"
    ):
        folder.mkdir(parents=True, exist_ok=True)
        table, runs, origin = (
            folder / name for name in ("sensitivity.csv", "runs.csv", "provenance.json")
        )
        study.table().to_csv(table, index=False)
        _runs(study).to_csv(runs, index=False)
        told = json.dumps(sensitivity_provenance(study), indent=2, ensure_ascii=False)
        origin.write_text(told + "\n", encoding="utf-8")
        drawn = save_figure(sensitivity_figure(study), folder / "sensitivity")
    return [table, runs, origin, *drawn]


def sensitivity_provenance(study: Sensitivity) -> dict[str, Any]:
    """Say how a study was made, so that it can be made again."""
    origin = provenance(Comparison(study.experiment, study.points, study.tables))
    return origin | {"design": study.experiment.design, "samples": study.experiment.samples}


def _runs(study: Sensitivity) -> pd.DataFrame:
    """Give what each run gave, with what was set in it."""
    settings = pd.DataFrame([point.settings for point in study.points])
    return study.tables.runs.join(settings, on="point")

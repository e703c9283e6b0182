"""The report: one HTML file that needs no network, with its tables and figures beside it."""

import json
import sys
import tempfile
from contextlib import AbstractContextManager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader

from sim.errors import os_error_as_input_error
from sim.lab import Comparison
from sim.outcomes import MEASURES
from sim.report.figures import dose_figure, save_figure
from sim.report.panels import dose_panels, dose_rows
from sim.report.words import figure_text, finding, interval_text, metric_of
from sim.scenario.files import library_root


def write_report(comparison: Comparison, folder: Path) -> Path:
    """Write what an experiment showed into a folder.

    Writes report.html, policies.csv (the table), runs.csv (a row for each run), differences.png
    and .svg (the figure), provenance.json (how to make it again); where factors are varied one at a
    time, doses.png and .svg (a panel for each) as well.

    Returns
    -------
    The HTML file.

    Raises
    ------
    InputError : the folder cannot be written to
    """
    make_folder(folder)
    with _told_if_refused(folder):
        comparison.table().to_csv(folder / "policies.csv", index=False)
        runs = comparison.runs.copy()
        runs.insert(1, "name", [comparison.points[index].name for index in runs["point"]])
        runs.to_csv(folder / "runs.csv", index=False)
        figures = _draw(comparison, folder)
        origin = provenance(comparison)
        text = json.dumps(origin, indent=2, ensure_ascii=False) + "\n"
        (folder / "provenance.json").write_text(text, encoding="utf-8")
        page = folder / "report.html"
        page.write_text(_render(comparison, origin, figures), encoding="utf-8")
    return page


def _draw(comparison: Comparison, folder: Path) -> dict[str, str]:
    """Write the figures into a folder; give each as SVG, by its file name without ending."""
    figures = {"differences": dose_figure(comparison)}
    if comparison.experiment.varies_one_of_several:
        figures["doses"] = dose_panels(comparison)
    drawn = {}
    for name, figure in figures.items():
        svg = save_figure(figure, folder / name)[1].read_text(encoding="utf-8")
        drawn[name] = svg[svg.index("<svg") :]
    return drawn


def make_folder(folder: Path) -> None:
    """Make the folder for results, or say at once why it cannot be, before hours are spent.

    Raises
    ------
    InputError : the folder cannot be made or written to
    """
    with _told_if_refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def _told_if_refused(folder: Path) -> AbstractContextManager[None]:
    remedy = "choose another --out"
    return os_error_as_input_error("cannot be written to", where=folder, remedy=remedy)


def provenance(comparison: Comparison) -> dict[str, Any]:
    """Say how a comparison was made, so that it can be made again."""
    experiment = comparison.experiment
    path = experiment.path.resolve()
    return {
        "title": experiment.title,
        "experiment": str(path.relative_to(library_root(path))),
        "scenario": comparison.points[0].scenario.name,
        "days": comparison.points[0].scenario.time.days,
        "seeds": sorted({int(seed) for seed in comparison.runs["seed"]}),
        "bordersim": version("bordersim"),
        "python": sys.version.split()[0],
        "platform": sys.platform,
        "points": [
            {"name": point.name, "inputs_sha256": point.scenario.inputs_sha256}
            for point in comparison.points
        ],
    }


def _render(comparison: Comparison, origin: dict[str, Any], figures: dict[str, str]) -> str:
    environment = Environment(
        loader=PackageLoader("sim.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    metrics = comparison.experiment.metrics
    rows = [
        {
            "name": point.name,
            "baseline": point.is_baseline,
            "cells": [_cell(comparison, index, metric) for metric in metrics],
        }
        for index, point in enumerate(comparison.points)
    ]
    return environment.get_template("report.html").render(
        title=comparison.experiment.title,
        findings=_findings(comparison),
        metrics=[(metric.replace("_", " "), MEASURES[metric]) for metric in metrics],
        measured=[
            (metric.replace("_", " "), MEASURES[metric])
            for metric in comparison.experiment.measured
        ],
        rows=rows,
        baseline=comparison.points[comparison.baseline].name,
        figures=figures,
        doses=dose_rows(comparison) if "doses" in figures else [],
        origin=origin,
    )


def _findings(comparison: Comparison) -> list[str]:
    """Say what was shown: of each factor if one was varied at a time, else of each outcome."""
    experiment = comparison.experiment
    if not experiment.varies_one_of_several:
        return [finding(comparison, metric) for metric in experiment.metrics]
    return [
        finding(comparison, metric_of(comparison, factor), factor) for factor in experiment.factors
    ]


def _cell(comparison: Comparison, point: int, metric: str) -> dict[str, Any]:
    paired = comparison.difference(point, metric)
    return {
        "mean": figure_text(metric, comparison.mean(point, metric)[0]),
        "difference": figure_text(metric, paired.mean, signed=True),
        "interval": interval_text(metric, paired),
        "is_clear": paired.clear,
    }

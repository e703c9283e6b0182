"""The report: one HTML file that needs no network, with its tables and figures beside it."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader

from sim.lab import Comparison
from sim.outcomes import MEASURES
from sim.report.achieved import achievable_sheet, achievable_told, with_shares
from sim.report.achieved_figure import achievable_exhibit
from sim.report.answer import answer, summary
from sim.report.assumptions import Assumptions, assumptions_of
from sim.report.caveats import caveats
from sim.report.evidence import Findings
from sim.report.exhibits import Exhibit
from sim.report.figures import difference_exhibit
from sim.report.ledgers import ledger_exhibit, sides_frame
from sim.report.maps import map_exhibit, strip_exhibit
from sim.report.missed import knows_causes, missed_exhibit, missed_table, missed_told
from sim.report.origin import command, make_folder, provenance, told_if_refused
from sim.report.panels import panel_exhibit
from sim.report.places import Along, has_one_line
from sim.report.prices import price_exhibit
from sim.report.regret import Regrets, regrets_of
from sim.report.tables import (
    Sheet,
    data_table,
    policy_table,
    regret_table,
    side_table,
)
from sim.report.tradeoff import plane_exhibit
from sim.report.where import where_told, worlds_frame
from sim.report.words import (
    INTERVALS,
    RESAMPLED,
    direction_text,
    finding,
    label_of,
    metric_of,
)
from sim.report.workbook import policy_frame, write_workbook

__all__ = ["make_folder", "provenance", "write_report"]

MOST_WORLDS = 20
"""Worlds whose regrets are shown at once; of more, they are folded away below what sums them up."""


def write_report(comparison: Comparison, folder: Path) -> Path:
    """Write what an experiment showed into a folder.

    Writes report.html; policies.csv and policies.xlsx (the policy table); runs.csv (a row for each
    run), sides.csv, regret.csv, assumed.csv; worlds.csv (what was drawn of each uncertain world, if
    there are any, and what is best there); provenance.json (how to make it again); each figure as
    NAME.png, NAME.svg and NAME.csv (what it is drawn from): differences, tradeoff, prices, missed,
    records, along and map if all policies share a line, doses if factors are varied one at a time,
    achievable if floor and ceilings are known.

    Returns
    -------
    The HTML file.

    Raises
    ------
    InputError : the folder cannot be written to
    """
    make_folder(folder)
    findings = Findings(comparison)
    assumptions, regrets = assumptions_of(comparison), regrets_of(findings)
    with told_if_refused(folder):
        _write_tables(findings, assumptions, regrets, folder)
        drawn = {each.name: (each, each.write(folder)) for each in exhibits(findings)}
        origin = provenance(comparison)
        text = json.dumps(origin, indent=2, ensure_ascii=False) + "\n"
        (folder / "provenance.json").write_text(text, encoding="utf-8")
        page = folder / "report.html"
        html = _render(findings, assumptions, regrets, origin, drawn)
        page.write_text(html, encoding="utf-8")
    return page


def exhibits(findings: Findings) -> list[Exhibit]:
    """Draw every figure that a comparison has the data for, in the order of the page."""
    comparison = findings.comparison
    makers: list[Callable[[Findings], Exhibit]] = []
    if comparison.experiment.varies_one_of_several:
        makers.append(panel_exhibit)
    if len(comparison.points) > 1:
        makers += [difference_exhibit, plane_exhibit, price_exhibit]
    if knows_causes(comparison):
        makers.append(missed_exhibit)
    drawn = [make(findings) for make in makers]
    if has_one_line(comparison):
        along = Along(findings)
        drawn += [strip_exhibit(along), map_exhibit(along)]
    if comparison.achieved is not None:
        drawn.append(achievable_exhibit(findings, comparison.achieved))
    return [*drawn, ledger_exhibit(findings)]


def _write_tables(
    findings: Findings, assumptions: Assumptions, regrets: Regrets, folder: Path
) -> None:
    comparison = findings.comparison
    policies = with_shares(policy_frame(findings), comparison)
    policies.to_csv(folder / "policies.csv", index=False)
    runs = comparison.runs.copy()
    runs.insert(1, "name", [comparison.points[index].name for index in runs["point"]])
    runs.to_csv(folder / "runs.csv", index=False)
    sides_frame(comparison).to_csv(folder / "sides.csv", index=False)
    lost = pd.concat([regrets.by_world, regrets.summary])
    lost.to_csv(folder / "regret.csv", index_label="world")
    if comparison.worlds:
        worlds_frame(comparison, regrets).to_csv(folder / "worlds.csv", index=False)
    assumed = pd.DataFrame([vars(each) for each in assumptions.assumed])
    assumed.to_csv(folder / "assumed.csv", index=False)
    write_workbook(policies, findings, assumptions, folder / "policies.xlsx")


def _render(
    findings: Findings,
    assumptions: Assumptions,
    regrets: Regrets,
    origin: dict[str, Any],
    drawn: dict[str, tuple[Exhibit, str]],
) -> str:
    comparison = findings.comparison
    environment = Environment(
        loader=PackageLoader("sim.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    script = _asset("sort.js") + _asset("print.js")
    policies = policy_table(findings)
    is_long = regrets.are_seeds or len(regrets.by_world) > MOST_WORLDS
    return environment.get_template("report.html").render(
        title=comparison.experiment.title or comparison.experiment.path.stem,
        style=_asset("style.css"),
        script=script,
        script_sha256=_hash(script),
        caveats=caveats(findings, assumptions, regrets),
        answer=answer(findings, regrets),
        doses=_dose_findings(findings),
        summary=summary(findings),
        policies=policies,
        intervals=INTERVALS,
        mark=RESAMPLED if policies.has_resampled else "",
        sides=side_table(findings),
        missed=missed_table(findings) if "missed" in drawn else None,
        missed_told=missed_told(findings) if "missed" in drawn else [],
        regret=regret_table(findings, regrets, summed_up=is_long),
        by_world=regret_table(findings, regrets) if is_long else None,
        worlds=_worlds(comparison, regrets),
        where=where_told(comparison, regrets) if comparison.worlds else [],
        figures={
            name: {"svg": svg, "caption": each.caption, "table": data_table(each.data)}
            for name, (each, svg) in drawn.items()
        },
        achievable=achievable_told(comparison),
        achieved=achievable_sheet(findings),
        effect=label_of(findings.effect),
        assumptions=assumptions,
        measured=[
            (label_of(metric), MEASURES[metric], direction_text(metric))
            for metric in comparison.experiment.measured
        ],
        important=comparison.experiment.important,
        baseline=comparison.points[comparison.baseline].name,
        origin=origin,
        command=command(origin),
    )


def _worlds(comparison: Comparison, regrets: Regrets) -> Sheet | None:
    """Give what was drawn of each uncertain world, if there are any."""
    worlds = comparison.experiment.worlds
    if worlds is None:
        return None
    titles = {factor.key: factor.title for factor in worlds.factors}
    sheet = data_table(worlds_frame(comparison, regrets).rename(columns=titles))
    return replace(sheet, caption="What was drawn of each world, and which policy is best there")


def _asset(name: str) -> str:
    return (files("sim.report") / "templates" / name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    """Give the hash by which the page's policy lets this script run and no other."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _dose_findings(findings: Findings) -> list[str]:
    """Say what was shown of each factor, if one was varied at a time."""
    comparison = findings.comparison
    experiment = comparison.experiment
    if not experiment.varies_one_of_several:
        return []
    return [
        finding(comparison, metric_of(comparison, factor), factor, findings)
        for factor in experiment.factors
    ]

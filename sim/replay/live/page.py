"""The page of a run: Mesa's controls, the map of the shift, outcomes as they grow, and doses."""

from collections.abc import Sequence
from html import escape
from typing import Any

import solara
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from sim.outcomes import MEASURES
from sim.replay.live import curves
from sim.replay.live.desk import Desk, Request
from sim.replay.live.model import LiveModel
from sim.replay.live.panel import PolicyPanel
from sim.replay.live.shift_map import ShiftMap
from sim.scenario.injects import Inject


request: Request | None = None
"""What each page is made from; the command sets it before a page is asked for."""

FIRST_OUTCOME = "mean_information_age_days"

STYLE = """
.solara-content-main { padding: 8px 12px; }
.shift-map img { width: 100%; height: auto; display: block; border: 1px solid #d4d7dc; }
.curves { display: grid; grid-template-columns: repeat(auto-fit, minmax(270px, 1fr)); gap: 12px; }
.curves h3, .status { font-size: 15px; font-weight: 600; margin: 4px 0; }
.books { border-collapse: collapse; font-size: 14px; margin: 6px 0; }
.books th, .books td { padding: 2px 14px 2px 0; text-align: right; }
.books th:first-child, .books td:first-child { text-align: left; }
.books caption { text-align: left; font-weight: 600; }
.doses .explained, .doses .meaning { font-size: 12.5px; line-height: 1.35; color: #444; }
.doses .v-expansion-panel-header { min-height: 32px !important; padding: 4px 8px; font-size: 14px; }
.doses .v-expansion-panel-content__wrap { padding: 0 8px 8px; }
.again code { white-space: pre-wrap; overflow-wrap: anywhere; display: block; padding: 6px; }
.marks { font-size: 13px; margin: 2px 0; }
"""


@solara.component
def Page() -> None:
    """Show a run of its own in each window."""
    solara.Style(STYLE)
    desk = solara.use_memo(_desk, [])
    first = solara.use_memo(lambda: LiveModel(desk, desk.seed), [])
    model: solara.Reactive[LiveModel] = solara.use_reactive(first)
    scenario = desk.scenario
    title = scenario.title or scenario.name
    solara.Title(f"{title} · bordersim")
    with solara.Column(gap="6px"):
        SolaraViz(
            model,
            components=[],
            model_params={
                "desk": desk,
                "rng": {
                    "type": "InputText",
                    "value": str(desk.seed),
                    "label": "Seed of the run, used by Reset",
                },
            },
            name=title,
        )
        _Deeper(model)
        _Shown(model)


def _desk() -> Desk:
    assert request is not None, "the command has not said what to run"
    return Desk(request)


@solara.component
def _Deeper(model: solara.Reactive[LiveModel]) -> None:
    """Put the doses into the side bar, under Mesa's controls: what is nested deeper comes later."""
    _InSidebar(model)


@solara.component
def _InSidebar(model: solara.Reactive[LiveModel]) -> None:
    with solara.Sidebar():
        PolicyPanel(model)


@solara.component
def _Shown(model: solara.Reactive[LiveModel]) -> None:
    """Show what has happened so far."""
    update_counter.get()
    run = model.value
    names = _names(run)
    if run.complaint:
        solara.Error(run.complaint)
    solara.HTML(tag="div", classes=["status"], unsafe_innerHTML=escape(_status(run)))
    _Map(run)
    _Curves(run, names)
    _Books(run, names)
    with solara.Details("The command that makes the same run again"):
        told = run.desk.command(run.scenario_so_far, run.stage.chance.seed)
        solara.HTML(
            tag="div", classes=["again"], unsafe_innerHTML=f"<code>{escape(told)}</code>"
        )


@solara.component
def _Map(run: LiveModel) -> None:
    """Show the last shift, and a stretch around a post of choice."""
    posts = run.stage.world.posts
    labels = [f"{site.name} ({site.side})" for site in posts]
    named = run.stage.scenario.posts.named
    middle = named[0].segment if named else len(run.stage.world.segments) // 2
    first = next((site.number for site in posts if middle in site.sector), 0)
    chosen: solara.Reactive[str] = solara.use_reactive(labels[first])
    number = labels.index(chosen.value)
    drawing = solara.use_memo(lambda: ShiftMap(run, number), [number])
    picture = solara.use_memo(lambda: drawing.draw(run), [drawing, run, run.clock, run.policy])
    solara.Image(picture, width="100%", classes=["shift-map"])
    solara.Select("Close-up around", labels, value=chosen, dense=True)


@solara.component
def _Curves(run: LiveModel, names: dict[str, str]) -> None:
    """Show how outcomes grew, with the dates of what happened."""
    chosen: solara.Reactive[str] = solara.use_reactive(FIRST_OUTCOME)
    history = run.history
    days, end = [each.day for each in history], run.end / 24.0
    past = _past(run)
    with solara.Div(classes=["curves"]):
        with solara.Div():
            solara.HTML(tag="h3", unsafe_innerHTML="Interdiction rate so far")
            _chart(curves.chart(days, curves.rates(history, names), "%", past, end))
        with solara.Div():
            solara.HTML(tag="h3", unsafe_innerHTML="Attempts and cases so far")
            _chart(curves.chart(days, curves.cases(history, names), "", past, end))
        with solara.Div():
            solara.Select("Outcome", list(MEASURES), value=chosen, dense=True)
            drawn = curves.outcome(history, chosen.value)
            unit = curves.unit_of_outcome(chosen.value)
            _chart(curves.chart(days, drawn, unit, past, end))
            solara.Text(MEASURES[chosen.value].meaning, style={"font-size": "13px"})
    for number, each in enumerate(past, 1):
        told = f"{number} · day {each.day:g}: {each.title or each.kind.replace('_', ' ')}"
        solara.HTML(tag="div", classes=["marks"], unsafe_innerHTML=escape(told))


def _chart(option: dict[str, Any]) -> None:
    solara.FigureEcharts(option, attributes={"style": "height: 230px;"}, responsive=True)


@solara.component
def _Books(run: LiveModel, names: dict[str, str]) -> None:
    """Set the truth beside what each side's books show."""
    if run.history:
        last = run.history[-1]
        solara.HTML(tag="div", unsafe_innerHTML=_table(last, names))


def _table(moment: curves.Moment, names: dict[str, str]) -> str:
    heads = "".join(f'<th scope="col">{escape(name)}’s books</th>' for name in names.values())
    rows = []
    for name, (told, record) in curves.TABLE.items():
        share = MEASURES[name].share
        cells = [_figure(moment.truth[name], share)]
        for side in names:
            cells.append(_figure(moment.records[side][record], share) if record else "–")
        rows.append(f'<tr><th scope="row">{told}</th><td>' + "</td><td>".join(cells) + "</td></tr>")
    return (
        f'<table class="books"><caption>Up to day {moment.day:.2f}</caption><thead><tr><th></th>'
        f'<th scope="col">truth</th>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _figure(value: float, share: bool) -> str:
    return f"{100.0 * value:.1f} %" if share else f"{value:,.0f}"


def _status(run: LiveModel) -> str:
    """Say where a run stands, in one line."""
    shift, days = run.shift, run.end / 24.0
    policy = run.stage.scenario.policy.title or run.stage.scenario.policy_name
    changes = sum(each.kind == "policy_change" for each in _past(run))
    told = f"{policy}, changed {changes} ×" if changes else policy
    if shift is None:
        when = f"before the first shift of {days:g} days"
    else:
        day, hour = divmod(shift.start, 24.0)
        when = f"day {int(day) + 1} of {days:g}, shift from {_clock(hour)} to {_clock(hour + shift.hours)}"
    over = "" if run.running else " · the run is over"
    return f"{when}{over} · started with: {told} · seed {run.stage.chance.seed} · simulated, not observed"


def _clock(hour: float) -> str:
    return f"{int(hour):02d}:{round(hour % 1.0 * 60.0):02d}"


def _past(run: LiveModel) -> Sequence[Inject]:
    """Give what has happened on a date, in order of time; a change just asked for is to come."""
    injects = run.stage.scenario.injects
    return sorted((each for each in injects if 24.0 * each.day < run.clock), key=lambda e: e.day)


def _names(run: LiveModel) -> dict[str, str]:
    told = run.stage.scenario.world.names
    return {side: told.get(side, side) for side in run.stage.world.sides}

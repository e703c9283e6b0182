"""The page of a run: Mesa's controls, the map of the shift, outcomes as they grow, and doses."""

from collections.abc import Sequence
from html import escape
from typing import Any

import solara
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from sim.errors import InputError
from sim.outcomes import MEASURES
from sim.replay.live import curves
from sim.replay.live.desk import Desk, Request
from sim.replay.live.model import LiveModel
from sim.replay.live.panel import PolicyPanel, Standing
from sim.replay.live.shift_map import ShiftMap, in_words
from sim.scenario.injects import Inject

request: Request | None = None
"""What each page is made from; the command sets it before a page is asked for."""

FIRST_OUTCOME = "mean information age days"

STYLE = """
.mesa { height: 0; overflow: hidden; }
.v-navigation-drawer { width: 400px !important; max-width: 100%; }
.v-navigation-drawer .v-card { margin: 3px !important; }
.v-navigation-drawer .v-card__title { padding: 6px 12px 0; font-size: 15px; line-height: 20px; }
.v-navigation-drawer .v-card__text { padding: 4px 12px 8px !important; }
.v-navigation-drawer .d-flex { row-gap: 2px !important; }
.v-navigation-drawer .v-input--checkbox { margin: 0; padding: 0; }
.v-navigation-drawer .v-messages { min-height: 0; }
.doses .v-expansion-panel-header { min-height: 30px !important; padding: 3px 8px; font-size: 14px; }
.doses .v-expansion-panel-content__wrap { padding: 0 8px 8px; }
.doses .any-value { margin-top: 14px; }
.doses .v-select, .doses .v-slider { margin-top: 8px; }
.doses .v-btn { height: auto !important; min-height: 36px; max-width: 100%; }
.doses .v-btn__content { white-space: normal; flex-shrink: 1; }
.doses .pending { margin: 6px 0; }
.explained, .meaning { font-size: 13px; line-height: 1.35; opacity: 0.85; }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 24px; }
.top .status { font-size: 15px; font-weight: 600; flex: 1 1 320px; }
.top .v-select { flex: 0 1 240px; }
.shift-map { border: 1px solid #d4d7dc; }
.curves { display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 10px; }
.curves h3 { font-size: 15px; line-height: 44px; }
.books { border-collapse: collapse; font-size: 14px; margin: 6px 0; }
.books th, .books td { padding: 2px 16px 2px 0; text-align: right; font-weight: 400; }
.books th:first-child { text-align: left; }
.books thead th, .books caption { font-weight: 600; text-align: right; }
.books caption { text-align: left; }
.again { white-space: pre-wrap; overflow-wrap: anywhere; font-family: monospace; font-size: 13px; }
"""


@solara.component
def Page() -> None:
    """Show a run of its own in each window."""
    solara.Style(STYLE)
    desk = solara.use_memo(_desk, [])
    if isinstance(desk, Desk):
        _Run(desk)
    else:
        solara.Error(desk, classes=["complaint"])


def _desk() -> Desk | str:
    """Make a desk, or say what is wrong with the files since the command has read them."""
    assert request is not None, "the command has not said what to run"
    try:
        return Desk(request)
    except InputError as failure:
        return f"{failure}. Mend it, then load this page again."


@solara.component
def _Run(desk: Desk) -> None:
    """Show a run, with all that can be done to it."""
    first = solara.use_memo(lambda: LiveModel(desk, desk.seed), [])
    model: solara.Reactive[LiveModel] = solara.use_reactive(first)
    scenario = desk.scenario
    title = scenario.title or scenario.name
    standing: solara.Reactive[Standing] = solara.use_reactive(Standing.of(first))
    solara.Title(f"{title} · bordersim")
    seed = {"type": "InputText", "value": str(desk.seed), "label": "Seed, used by Reset"}
    with solara.Div(classes=["mesa"]):  # all that Mesa shows is in the side bar and at the top
        SolaraViz(model, components=[], model_params={"desk": desk, "rng": seed}, name=title)
        _InSidebar(model, standing)
    _Live(model, standing)


@solara.component
def _Live(model: solara.Reactive[LiveModel], standing: solara.Reactive[Standing]) -> None:
    """Show all that changes with a step.

    It alone watches Mesa's counter of updates, and hands on what changed: each component that
    watches the counter has the whole page looked through once more, and so has the side bar.
    """
    update = update_counter.get()
    now = Standing.of(model.value)
    solara.use_effect(lambda: standing.set(now), [now])
    _Shown(model.value, update)


@solara.component
def _InSidebar(model: solara.Reactive[LiveModel], standing: solara.Reactive[Standing]) -> None:
    """Put the doses under Mesa's controls: what is nested deeper comes later in the side bar."""
    _Doses(model, standing)


@solara.component
def _Doses(model: solara.Reactive[LiveModel], standing: solara.Reactive[Standing]) -> None:
    with solara.Sidebar():
        PolicyPanel(model, standing)


@solara.component
def _Shown(run: LiveModel, update: int) -> None:
    """Show what has happened so far."""
    names = _names(run)
    if run.complaint:
        solara.Error(run.complaint, classes=["complaint"])
    posts = {f"{site.name} ({site.side})": site.number for site in run.stage.world.posts}
    around: solara.Reactive[str] = solara.use_reactive(list(posts)[_first_post(run)])
    with solara.Div(classes=["top"]):
        solara.HTML(tag="div", classes=["status"], unsafe_innerHTML=escape(_status(run)))
        solara.Select("Close-up around", list(posts), value=around, dense=True)
    _Map(run, posts[around.value], update)
    _Curves(run, names, update)
    _Books(run, names, update)
    with solara.Details("The command that makes the same run again"):
        told = run.desk.command(run.scenario_so_far, run.stage.chance.seed)
        solara.HTML(tag="div", classes=["again"], unsafe_innerHTML=escape(told))


@solara.component
def _Map(run: LiveModel, post: int, update: int) -> None:
    """Show the last shift, and a stretch around a post."""
    drawing = solara.use_memo(lambda: ShiftMap(run, post), [post])
    picture = solara.use_memo(lambda: drawing.draw(run), [drawing, run, run.clock])
    told = {"role": "img", "aria-label": "Map of the line and of a stretch of it, told of below"}
    with solara.v.Html(tag="div", attributes=told):
        solara.Image(picture, width="100%", classes=["shift-map"])
    solara.Text(in_words(run), classes=["explained", "shift"])


def _first_post(run: LiveModel) -> int:
    """Give the number of a post to look at first: of a twinned group, or half-way along."""
    world, named = run.stage.world, run.stage.scenario.posts.named
    middle = named[0].segment if named else len(world.segments) // 2
    return next((site.number for site in world.posts if middle in site.sector), 0)


@solara.component
def _Curves(run: LiveModel, names: dict[str, str], update: int) -> None:
    """Show how outcomes grew, with the dates of what happened."""
    outcomes = {name.replace("_", " "): name for name in MEASURES}
    chosen: solara.Reactive[str] = solara.use_reactive(FIRST_OUTCOME)
    name = outcomes[chosen.value]
    history = run.history
    days, end = [each.day for each in history], run.end / 24.0
    past = _past(run)
    with solara.Div(classes=["curves"]):
        with solara.Div():
            solara.HTML(tag="h3", unsafe_innerHTML="Interdiction rate so far, %")
            _chart(curves.chart(days, curves.rates(history, names), past, end))
        with solara.Div():
            solara.HTML(tag="h3", unsafe_innerHTML="Attempts and cases so far")
            _chart(curves.chart(days, curves.cases(history, names), past, end))
        with solara.Div():
            solara.Select("Outcome", list(outcomes), value=chosen, dense=True)
            drawn = curves.outcome(history, name)
            _chart(curves.chart(days, drawn, past, end))
            unit = curves.unit_of_outcome(name)
            told = MEASURES[name].meaning + (f", {unit}" if unit else "")
            solara.Text(told, classes=["explained"])
    for number, each in enumerate(past, 1):
        told = f"{number} · day {each.day:g}: {each.title or each.kind.replace('_', ' ')}"
        solara.HTML(tag="div", classes=["explained"], unsafe_innerHTML=escape(told))


def _chart(option: dict[str, Any]) -> None:
    solara.FigureEcharts(option, attributes={"style": "height: 240px;"}, responsive=True)


@solara.component
def _Books(run: LiveModel, names: dict[str, str], update: int) -> None:
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
        times = f"{_clock(hour)}–{_clock(hour + shift.hours)}"
        when = f"day {int(day) + 1} of {days:g}, {times}"
    over = "" if run.running else " · the run is over"
    seed = run.stage.chance.seed
    return f"{when}{over} · started with: {told} · seed {seed} · simulated"


def _clock(hour: float) -> str:
    return f"{int(hour):02d}:{round(hour % 1.0 * 60.0):02d}"


def _past(run: LiveModel) -> Sequence[Inject]:
    """Give what has happened on a date, in order of time; a change just asked for is to come."""
    injects = run.stage.scenario.injects
    return sorted((each for each in injects if 24.0 * each.day < run.clock), key=lambda e: e.day)


def _names(run: LiveModel) -> dict[str, str]:
    told = run.stage.scenario.world.names
    return {side: told.get(side, side) for side in run.stage.world.sides}

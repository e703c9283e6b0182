"""Outcomes as they grow: what is counted after each shift, and curves of it for ECharts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.engine import BorderModel
from sim.outcomes import MEASURES
from sim.outcomes.metrics import Accounts, BySide
from sim.replay.marks import DIM, INK, PAPER
from sim.replay.sides import SIDE_COLOURS
from sim.scenario.injects import Inject, PolicyChange

MOST_POINTS = 150
"""Of a curve; more are thinned out, the last one kept."""

TABLE = {
    "attempts": ("attempts that ended", ""),
    "detected": ("detected", "detected"),
    "intercepted": ("intercepted", "intercepted"),
    "handovers": ("of these, after an alert across the line", "handovers"),
    "met_and_referred": ("people met and referred", "met_and_referred"),
    "recorded_cases": ("cases in the books", "recorded_cases"),
    "interdiction_rate": ("interdiction rate", "recorded_interdiction_rate"),
}
"""Outcomes in the table: what each is called, and what a side's record of it is."""


@dataclass(frozen=True)
class Moment:
    """What had been counted by a time.

    Attributes
    ----------
    day : since the start
    truth : outcomes as they truly were, by the names in `sim.outcomes.MEASURES`
    records : what each side's books showed
    """

    day: float
    truth: dict[str, float]
    records: BySide


@dataclass(frozen=True)
class Curve:
    """A line in a chart: its name, a value for each moment, and how it looks."""

    name: str
    values: list[float]
    colour: str
    dashed: bool = False
    is_share: bool = False


def observe(model: BorderModel) -> Moment:
    """Count what has happened in a run so far."""
    accounts = Accounts(model, model.log.columns())
    return Moment(model.clock / 24.0, accounts.truth, accounts.records)


def rates(history: Sequence[Moment], names: dict[str, str]) -> list[Curve]:
    """Give the interdiction rate in per cent: in truth, and by each side's books.

    Parameters
    ----------
    history : moments in order
    names : of the sides, by their codes
    """
    truth = [100.0 * each.truth["interdiction_rate"] for each in history]
    books = _books(history, names, "recorded_interdiction_rate", 100.0)
    return [Curve("truth", truth, INK, is_share=True), *books]


def cases(history: Sequence[Moment], names: dict[str, str]) -> list[Curve]:
    """Give attempts that ended and that were detected in truth, and cases in each side's books."""
    ended = [each.truth["attempts"] for each in history]
    detected = [each.truth["detected"] for each in history]
    return [
        Curve("ended, truth", ended, INK),
        Curve("detected, truth", detected, DIM),
        *_books(history, names, "recorded_cases", 1.0),
    ]


def outcome(history: Sequence[Moment], name: str) -> list[Curve]:
    """Give one outcome, shares in per cent."""
    share = MEASURES[name].share
    values = [(100.0 if share else 1.0) * each.truth[name] for each in history]
    return [Curve("truth", values, INK, is_share=share)]


def unit_of_outcome(name: str) -> str:
    """Give the unit in which `outcome` shows one."""
    return "%" if MEASURES[name].share else MEASURES[name].unit


def _books(
    history: Sequence[Moment], names: dict[str, str], record: str, factor: float
) -> list[Curve]:
    return [
        Curve(
            f"{name}’s books",
            [factor * each.records[side][record] for each in history],
            SIDE_COLOURS[index % len(SIDE_COLOURS)],
            dashed=True,
        )
        for index, (side, name) in enumerate(names.items())
    ]


def chart(
    days: Sequence[float], curves: Iterable[Curve], injects: Iterable[Inject], end: float
) -> dict[str, Any]:
    """Describe a chart over days, as ECharts takes it.

    Parameters
    ----------
    days : of the moments
    curves : a value for each of them
    injects : what happened on a date; each is a line from top to bottom, those of policy solid
    end : of the run, days
    """
    step = max(1, -(-len(days) // MOST_POINTS))
    chosen = [*range(len(days) - 1, -1, -step)][::-1]
    drawn = list(curves)
    series: list[dict[str, Any]] = [
        {
            "name": each.name,
            "type": "line",
            "showSymbol": False,
            "data": [[round(days[at], 3), round(each.values[at], 3)] for at in chosen],
            "lineStyle": {"color": each.colour, "width": 2, "type": _dash(each.dashed)},
            "itemStyle": {"color": each.colour},
        }
        for each in drawn
    ]
    if series:
        series[0]["markLine"] = {
            "symbol": "none",
            "silent": False,
            "data": [_mark(number, each) for number, each in enumerate(injects, 1)],
        }
    return {
        "animation": False,
        "backgroundColor": PAPER,
        "aria": {"enabled": True},
        "grid": {"left": 44, "right": 14, "top": 58, "bottom": 36},
        "legend": {"top": 0, "left": 0, "itemGap": 8, "textStyle": {"fontSize": 11}},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "value", "min": 0, "max": _far_enough(days, end), "name": "day",
            "nameLocation": "middle", "nameGap": 20, "splitLine": {"show": False},
        },
        "yAxis": {"type": "value", "min": 0, "splitNumber": 4, **_top(drawn)},
        "series": series,
    }  # fmt: skip


def _top(curves: Sequence[Curve]) -> dict[str, float]:
    """Keep an axis of shares from going beyond 100 %; others find their own end."""
    most = max((max(each.values, default=0.0) for each in curves), default=0.0)
    is_full = most > 80.0 and any(each.is_share for each in curves)
    return {"max": 100.0, "interval": 25.0} if is_full else {}


def _dash(dashed: bool) -> str:
    return "dashed" if dashed else "solid"


def _far_enough(days: Sequence[float], end: float) -> float:
    """Give an axis that changes seldom while days pass."""
    last = days[-1] if days else 0.0
    steps = (5.0, 10.0, 20.0, 30.0, 60.0, 90.0, 120.0, 180.0, 270.0, 365.0)
    return min(end, next((step for step in steps if step >= last), end))


def _mark(number: int, inject: Inject) -> dict[str, Any]:
    is_policy = isinstance(inject, PolicyChange)
    return {
        "xAxis": inject.day,
        "name": inject.title or inject.kind.replace("_", " "),
        "label": {"formatter": str(number), "position": "end", "distance": 2},
        "lineStyle": {"color": "#CC79A7" if is_policy else DIM, "type": _dash(not is_policy)},
    }

"""From columns to the books of a model: its log, sums and accounts."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents import Cause
from sim.engine.compiled.names import INSTRUMENT_NUMBERS
from sim.engine.compiled.state import LOG, LOG_ROOM, PAGE
from sim.engine.compiled.views import attempt_in
from sim.engine.events import COLUMNS
from sim.engine.markers import Damage

if TYPE_CHECKING:
    from sim.engine.compiled.model import CompiledModel

Columns = dict[str, Any]

COUNTERS = {
    "cultural_exchanges": "events",
    "friendship_exchanges": "meetings",
    "hotline": "calls",
    "joint_patrols": "kept",
    "markers": "surveys",
    "professional_exchanges": "days_held",
    "sharing": "reports_written",
}
"""What instruments count, by their name: the attribute that has it."""


def read_books(model: "CompiledModel", columns: Columns) -> None:
    """Let a model have the log, the sums and the accounts of compiled code."""
    run = columns["run"][0]
    _read_tally(model, columns, run)
    _read_instruments(model, columns, run)
    sides = model.side_index
    imported = columns["imported"]
    model.infection.imported = {side: int(imported[index]) for side, index in sides.items()}
    model.markers.repaired = int(run["repaired"])
    model.markers.days_to_repair = float(run["days_to_repair"])
    _read_damage(model, columns)
    _read_attempts(model, columns)


def read_log(model: "CompiledModel", columns: Columns) -> None:
    """Take over the events that compiled code has logged since the last time.

    They stay where they are: compiled code goes on behind them, and on a new page once one is full.
    """
    run, page = columns["run"][0], columns["log"]
    logged = int(run["logged"])
    rows = page[int(run["read"]) : logged]
    run["read"] = logged
    has_grown = len(page) > LOG_ROOM
    if has_grown:
        rows = rows.copy()
    if has_grown or logged >= PAGE:
        columns["log"] = model.state.replace("log", np.empty(LOG_ROOM, LOG))
        run["logged"] = run["read"] = 0
    model.log.extend({column.name: rows[column.name] for column in COLUMNS})


def _read_tally(model: "CompiledModel", columns: Columns, run: Any) -> None:
    tally, world = model.tally, model.stage.world
    duty, taken, stops = columns["duty_hours"], columns["taken_hours"], columns["stops"]
    for side, index in model.side_index.items():
        tally.duty_hours[side] = float(duty[index])
        tally.taken_hours[side] = float(taken[index])
        tally.stops[side] = int(stops[index])
    tally.shifts = int(run["shift"])
    for name, field in (
        ("lawful", "lawful"),
        ("gate_checks", "gate_checks"),
        ("doubled_hours", "doubled_hours"),
        ("picture_age_hours", "picture_age"),
        ("hours_to_catch", "hours_to_catch"),
    ):
        setattr(tally, name, float(run[field]))
    for name in (
        "covered_once",
        "covered_twice",
        "uncovered",
        "pictures",
        "plans_known",
        "plans_valid",
        "caught",
    ):
        setattr(tally, name, int(run[name]))
    tally.missed = Counter({cause: int(columns["causes"][cause]) for cause in Cause})
    moved = columns["displaced"][: int(run["displaced"])]
    ways, which = np.unique(moved, return_inverse=True)
    km = [world.km_between(*divmod(way, len(world.segments))) for way in ways.tolist()]
    tally.displaced_km = np.array(km)[which].tolist() if km else []


def _read_instruments(model: "CompiledModel", columns: Columns, run: Any) -> None:
    charged, counts = columns["charged"], columns["counts"]
    for each in model.instruments:
        if each.name not in INSTRUMENT_NUMBERS:
            continue
        number = INSTRUMENT_NUMBERS[each.name]
        for side, index in model.side_index.items():
            each.hours[side] = float(charged[number, index])
        instrument: Any = each
        if each.name in COUNTERS:
            setattr(instrument, COUNTERS[each.name], int(counts[number, 0]))
        elif each.name == "material_support":
            instrument.given = {
                side: int(counts[number, index]) for side, index in model.side_index.items()
            }
        elif each.name == "joint_operations":
            instrument.days_of_operation = float(run["operation_days"])
        elif each.name == "health":
            instrument.post_days = float(run["health_days"])
        elif each.name == "schedules":
            instrument.meetings = int(run["schedules_met"])


def _read_damage(model: "CompiledModel", columns: Columns) -> None:
    """Let a model know the markers that are damaged now."""
    rows, first = columns["damages"], columns["damage"]
    model.markers.open.clear()
    model.markers.on.clear()
    for segment in np.flatnonzero(first >= 0).tolist():
        row = int(first[segment])
        while row >= 0:
            here = rows[row]
            damage = Damage(int(here["number"]), segment, float(here["since"]))
            sides = model.stage.world.segments[segment].sides
            for side, field in zip(sides, ("first_noticed", "second_noticed"), strict=True):
                if here[field] >= 0.0:
                    damage.noticed[side] = float(here[field])
            model.markers.open[damage.number] = damage
            model.markers.on.setdefault(segment, []).append(damage)
            row = int(here["after"])


def _read_attempts(model: "CompiledModel", columns: Columns) -> None:
    """Let a model know the attempts that are under way."""
    run = columns["run"][0]
    rows = columns["under_way"][: int(run["under_way"])].tolist()
    attempts = (attempt_in(model, row) for row in rows)
    model.crossings.under_way = {attempt.number: attempt for attempt in attempts}

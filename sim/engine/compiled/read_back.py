"""From columns to the books of a model: its log, sums and accounts."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents import Attempt, Cause
from sim.engine.compiled.names import INSTRUMENT_NUMBERS
from sim.engine.compiled.state import LOG, LOG_ROOM, MOST_LOG_ROOM
from sim.engine.compiled.views import attempt_in, row_under_way
from sim.engine.events import COLUMNS
from sim.engine.markers import Damage

if TYPE_CHECKING:
    from sim.engine.compiled.model import CompiledModel

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


def when_asked(read: Callable[["CompiledModel", Any], None]) -> Callable[[Any, Any], None]:
    """Have a book of a model read from the columns when somebody looks, if they have gone on."""

    def refresh(model: "CompiledModel", book: Any) -> None:
        if read not in model.books_read:
            model.books_read.add(read)
            read(model, book)

    return refresh


def read_log(model: "CompiledModel") -> None:
    """Take over the events that compiled code has logged since the last time.

    They stay where they are: compiled code goes on behind them, and on a new page once one is full.
    A page is as long as all before it together, within limits: the system hands out long ones in
    larger pieces.
    """
    columns, state = model.columns, model.state
    run, page = columns["run"][0], state.columns(("log",))["log"]
    logged = int(run["logged"])
    rows = page[int(run["read"]) : logged]
    run["read"] = logged
    has_grown = len(page) > len(columns["log"])
    if has_grown:
        rows = rows.copy()
    model.log.extend({column.name: rows[column.name] for column in COLUMNS})
    if has_grown or 3 * logged >= 2 * len(page):
        room = min(max(LOG_ROOM, len(model.log)), MOST_LOG_ROOM)
        columns["log"] = state.replace("log", np.empty(room, LOG))
        run["logged"] = run["read"] = 0


def read_tally(model: "CompiledModel", tally: Any) -> None:
    """Let a tally have the sums of compiled code."""
    columns = model.columns
    run = columns["run"][0]
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
    ways, attempts = np.unique(moved, return_counts=True)
    homes, segments = np.divmod(ways, len(model.stage.world.segments))
    pairs = zip(homes.tolist(), segments.tolist(), strict=True)
    tally.displaced = Counter(dict(zip(pairs, attempts.tolist(), strict=True)))


def read_instruments(model: "CompiledModel", instruments: Any) -> None:
    """Let instruments have the accounts of compiled code."""
    run, charged, counts = (model.columns[name] for name in ("run", "charged", "counts"))
    for each in instruments:
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
            instrument.days_of_operation = float(run["operation_days"][0])
        elif each.name == "health":
            instrument.post_days = float(run["health_days"][0])
        elif each.name == "schedules":
            instrument.meetings = int(run["schedules_met"][0])


def read_infection(model: "CompiledModel", infection: Any) -> None:
    """Let it be known how many cases came over the line."""
    imported = model.columns["imported"]
    infection.imported = {side: int(imported[index]) for side, index in model.side_index.items()}


def read_markers(model: "CompiledModel", markers: Any) -> None:
    """Let it be known which markers are damaged, and what repairs took."""
    run = model.columns["run"][0]
    markers.repaired, markers.days_to_repair = int(run["repaired"]), float(run["days_to_repair"])
    rows, first = model.columns["damages"], model.columns["damage"]
    markers.open.clear()
    markers.on.clear()
    for segment in np.flatnonzero(first >= 0).tolist():
        row = int(first[segment])
        while row >= 0:
            here = rows[row]
            damage = Damage(int(here["number"]), segment, float(here["since"]))
            sides = model.stage.world.segments[segment].sides
            for side, field in zip(sides, ("first_noticed", "second_noticed"), strict=True):
                if here[field] >= 0.0:
                    damage.noticed[side] = float(here[field])
            markers.open[damage.number] = damage
            markers.on.setdefault(segment, []).append(damage)
            row = int(here["after"])


class UnderWay(Mapping[int, Attempt]):
    """The attempts of a model that have not ended, by number."""

    def __init__(self, model: "CompiledModel") -> None:
        self._model = model

    def __len__(self) -> int:
        """Count them."""
        return int(self._model.columns["run"]["under_way"][0])

    def __iter__(self) -> Iterator[int]:
        """Go through their numbers."""
        columns = self._model.columns
        rows = columns["under_way"][: len(self)]
        return iter(columns["attempts"]["number"][rows].tolist())

    def __getitem__(self, number: int) -> Attempt:
        """Give one as it is now."""
        row = row_under_way(self._model.columns, number)
        if row < 0:
            raise KeyError(number)
        return attempt_in(self._model, row)

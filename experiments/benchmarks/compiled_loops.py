"""What the compiled engine does most, in loops that are compiled themselves."""

from collections.abc import Callable
from typing import Any

import numpy as np

from sim import Scenario
from sim.coordination.sharing import InformationSharing
from sim.engine.compiled.chance import DETECTION, draw
from sim.engine.compiled.compiling import entry
from sim.engine.compiled.encounters import encounter
from sim.engine.compiled.issues import new_issue
from sim.engine.compiled.messages import BUNDLE, new_message
from sim.engine.compiled.model import CompiledModel
from sim.engine.compiled.pools import give_back
from sim.engine.compiled.reading import _read_bundle
from sim.engine.compiled.telling import write_reports


@entry
def _draw(s: Any, times: int) -> float:
    together = 0.0
    for number in range(times):
        together += draw(s, DETECTION, number, 7, 11)
    return together


@entry
def _encounter(s: Any, patrols: Any, times: int) -> float:
    together, pairs = 0.0, patrols.shape[0]
    for number in range(times):
        pair = number % pairs
        together += encounter(s, pair, patrols[pair])
    return together


@entry
def _begin_report(s: Any, channel: int) -> int:
    """Give the row of a message that carries what is written into the next issue."""
    issue, row = new_issue(s), new_message(s)
    s.issues[issue].until = s.run[0].stop
    for author in range(s.posts.shape[0]):
        s.issue_plan[issue, author] = -1
    message = s.messages[row]
    message.channel, message.form, message.issue = channel, BUNDLE, issue
    message.author = s.authors[s.channels[channel].authors]
    return row


@entry
def _report(s: Any, row: int, times: int) -> None:
    """Read a report, again and again; all posts write theirs after as many as they are."""
    now, message, posts = s.run[0].stop, s.messages[row], s.posts.shape[0]
    issue, reader = message.issue, s.channels[message.channel].reader
    for number in range(times):
        if number % posts == 0:
            for author in range(posts):
                if s.issue_plan[issue, author] >= 0:
                    give_back(s.plans, s.issue_plan[issue, author])
            write_reports(s, issue)
        _read_bundle(s, reader, message, now)


def calls_after(
    shifts: int, scenario: Scenario, meetings_of: Callable[[Any], list[Any]]
) -> dict[str, Callable[[int], object]]:
    """Give draw, encounter and report, each as a call that does it so many times.

    Parameters
    ----------
    shifts : that have passed
    scenario : where
    meetings_of : finds patrols, and attempts that they may meet, in a model
    """
    model = CompiledModel(scenario, 1)
    for _ in range(shifts):
        model.step()
    state = model.state
    meetings = meetings_of(model)[: len(model.columns["attempts"])]
    patrols = np.array([patrol.number for patrol, _ in meetings])
    _put_in(model, [attempt for _, attempt in meetings])
    sharing = next(each for each in model.instruments if isinstance(each, InformationSharing))
    # Of one author, as the report that is written and read with the agents.
    channel = next(each.number for each in sharing.channels if len(each.authors) == 1)
    message = _begin_report(state, channel)
    return {
        "draw": lambda times: _draw(state, times),
        "encounter": lambda times: _encounter(state, patrols, times),
        "report": lambda times: _report(state, message, times),
    }


def _put_in(model: CompiledModel, attempts: list[Any]) -> None:
    """Write attempts in the place of those under way, from the first row on."""
    for row, attempt in zip(model.columns["attempts"], attempts, strict=False):
        for name in ("number", "crime", "segment", "place", "start", "line", "end"):
            row[name] = getattr(attempt, name)
        row["origin"] = model.side_index[attempt.origin]
        row["destination"] = model.side_index[attempt.destination]
        # It has been told of; passes are not queued, over and over.
        row["cause"] = 0

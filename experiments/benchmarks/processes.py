"""Part 4: what a draw, an encounter and a report cost, and where the time of a run goes."""

import cProfile
import json
import platform
import pstats
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath

from border_year import border
from engines import AGENTS, COMPILED, compiled_calls, engines, lacks_compiled
from measuring import Row, left_out, python, row_of, seconds

from sim import BorderModel, run
from sim.agents import Attempt, Patrol
from sim.coordination.sharing import InformationSharing
from sim.draws import Purpose

COSTS = ("draw", "encounter", "report")
"""What is timed by itself: a uniform number, a patrol that looks whether it detects an attempt, and
a report written by one post and read by another."""

DECIDING, ROUTES, ENCOUNTERS = "deciding", "routes and coverage", "encounters"
EVENTS, REPORTS, INSTRUMENTS = "events", "reports", "instruments"
LOG, AROUND, SET_UP, OTHER = "log and outcomes", "surroundings", "set-up", "other"

PROCESS_OF_FILE = {
    "sim/agents/adversaries": DECIDING,
    "sim/agents/allocation.py": DECIDING,
    "sim/agents/belief.py": DECIDING,
    "sim/agents/group.py": DECIDING,
    "sim/agents/partners.py": DECIDING,
    "sim/agents/beat.py": ROUTES,
    "sim/agents/coverage.py": ROUTES,
    "sim/agents/roster.py": ROUTES,
    "sim/agents/post.py": ROUTES,
    "sim/agents/patrol.py": ENCOUNTERS,
    "sim/agents/attempt.py": ENCOUNTERS,
    "sim/engine/model.py": EVENTS,
    "sim/engine/crossings.py": EVENTS,
    "sim/agents/records.py": REPORTS,
    "sim/coordination/sharing.py": REPORTS,
    "sim/coordination": INSTRUMENTS,
    "sim/engine/events.py": LOG,
    "sim/engine/tally.py": LOG,
    "sim/outcomes": LOG,
    "sim/engine/surroundings.py": AROUND,
    "sim/engine/markers.py": AROUND,
    "sim/engine/infection.py": AROUND,
    "sim/engine/injects.py": AROUND,
    "sim/agents/watch.py": AROUND,
    "sim/world": SET_UP,
    "sim/scenario": SET_UP,
    "sim/scenario/parameters.py": None,
}
"""Process by file or folder; the longest that fits counts. None and what is missing serve many."""

PROCESS_OF_FUNCTION = {
    ("sim/agents/post.py", "decide"): DECIDING,
    ("sim/agents/post.py", "close"): DECIDING,
    ("sim/agents/beat.py", "pass_within"): ENCOUNTERS,
    ("sim/agents/beat.py", "bounds_of"): ENCOUNTERS,
    ("sim/agents/beat.py", "hours"): ENCOUNTERS,
    ("sim/engine/crossings.py", "open"): ENCOUNTERS,
    ("sim/engine/crossings.py", "_look_out_for"): ENCOUNTERS,
    ("sim/agents/partners.py", "read_report"): REPORTS,
    ("sim/agents/belief.py", "hear"): REPORTS,
    ("sim/world/sites.py", "pair"): None,
}
"""Functions that belong elsewhere than the rest of their file."""

Function = tuple[str, int, str]
"""File, line and name, as a profile has them."""

ROUNDS = 30

SHIFTS = 21
"""Of a week, after which costs are measured."""


def measure(quick: bool) -> list[Row]:
    """Measure costs and shares."""
    repetitions = 5 if quick else 15
    calls = {AGENTS: agents_calls()}
    if COMPILED in engines():
        calls[COMPILED] = compiled_calls_here()
    rows = [
        row_of(f"{engine} engine: {what}", times, "µs")
        for engine in engines()
        for what, times in costs(calls[engine], repetitions).items()
    ]
    return rows + shares(5 if quick else 60) + shares_of_compiled(30 if quick else 365)


def costs(calls: Mapping[str, Callable[[int], object]], repetitions: int) -> dict[str, list[float]]:
    """Time calls that do something so many times, in turn.

    Parameters
    ----------
    calls : by what they do, each taking how often it is to do it
    repetitions : of each

    Returns
    -------
    Time of doing it once, µs.
    """
    loops = {what: _loops(call) for what, call in calls.items()}
    times: dict[str, list[float]] = {what: [] for what in calls}
    for _ in range(repetitions):
        for what, call in calls.items():
            times[what].append(1e6 * seconds(partial(call, loops[what])) / loops[what])
    return times


def _loops(call: Callable[[int], object]) -> int:
    """Find how often to do something so that it takes about a twentieth of a second."""
    call(1)  # so that what is compiled is
    loops = 1
    while seconds(partial(call, loops)) < 0.05:
        loops *= 2
    return loops


def agents_calls() -> dict[str, Callable[[int], object]]:
    """Give draw, encounter and report of the agents engine, on a line that has run for a week."""
    model = BorderModel(border(30), rng=1)
    for _ in range(SHIFTS):
        model.step()
    uniform, shift = model.stage.chance.uniform, model.shift
    meetings = _meetings(model)
    sharing = next(each for each in model.instruments if isinstance(each, InformationSharing))
    channel = sharing.channels[0]
    author, reader = (model.posts_by_number[n] for n in (channel.authors[0], channel.reader))

    def draw(times: int) -> None:
        for number in range(times):
            uniform(Purpose.DETECTION, number, 7, 11)

    def encounter(times: int) -> None:
        for number in range(times):
            patrol, attempt = meetings[number % len(meetings)]
            patrol.encounter(attempt, shift)

    def report(times: int) -> None:
        for _ in range(times):
            written = author.records.write_report(sharing.categories, shift.end, author.plan)
            reader.partners.read_report(written, shift.end)

    return dict(zip(COSTS, (draw, encounter, report), strict=True))


def compiled_calls_here() -> dict[str, Callable[[int], object]]:
    """Give the same of the compiled engine, on the same line after the same week."""
    return compiled_calls(border(30), SHIFTS, _meetings)


def _meetings(model: BorderModel) -> list[tuple[Patrol, Attempt]]:
    """Bring attempts to each patrol that is out, exposed on its side in the middle of the shift."""
    middle = (model.shift.start + model.shift.end) / 2.0
    (kind, *_) = model.stage.scenario.groups
    group = next(each for each in model.groups_by_number if each.kind is kind)
    attempt = group.choose_crossing()
    pairs = []
    for patrol in model.patrols_by_number:
        if patrol.route is not None and patrol.side == attempt.origin:
            here = patrol.route.beat.segments[0]
            times = {"start": middle - 1.0, "line": middle + 1.0, "end": middle + 3.0}
            pairs.append((patrol, replace(attempt, segment=here, **times)))
    return pairs


def shares(days: float) -> list[Row]:
    """Profile a run of the agents engine and give each process its share of the time."""
    profile = cProfile.Profile()
    profile.runcall(run, border(days), seed=1, engine=AGENTS)
    spent = by_process(pstats.Stats(profile))
    total = sum(spent.values())
    note = f"by profile of {days} days, which makes small functions look dearer than they are"
    return [
        Row(f"agents engine: {process}", 100.0 * time / total, "% of time", note=note)
        for process, time in spent.most_common()
        if time > 0.001 * total
    ]


def shares_of_compiled(days: float) -> list[Row]:
    """Give each process its share of the time of compiled code, which a clock in it tells."""
    if reason := lacks_compiled() or lacks_counter():
        return [left_out("compiled engine: shares of time", "% of time", reason)]
    script = str(Path(__file__).with_name("compiled_shares.py"))
    spent = Counter(json.loads(python(script, str(days))))
    note = f"of simulations alone, {days} days each, by cycles of the processor"
    return [
        Row(f"compiled engine: {process}", 100.0 * share, "% of time", note=note)
        for process, share in spent.most_common()
    ]


def lacks_counter() -> str:
    """Say why cycles cannot be counted on this machine, "" if they can."""
    machine = platform.machine()
    return "" if machine.lower() in ("x86_64", "amd64") else f"no counter of cycles on {machine}"


def by_process(stats: pstats.Stats) -> Counter[str]:
    """Add up the time spent in functions by the process they serve, s.

    What serves many (rules, draws, NumPy, Python itself) counts for those that call it.
    """
    table = stats.stats
    shares = {function: _certain(process_of(function)) for function in table}
    helpers = [function for function in table if process_of(function) is None]
    # Helpers call helpers, some of them in a circle, so what reaches them is passed on in rounds.
    for _ in range(ROUNDS):
        for function in helpers:
            shares[function] = _passed_on(table[function][4], shares)
    spent: Counter[str] = Counter()
    for function, (_, _, own, _, _) in table.items():
        for process, share in (shares[function] or _certain(OTHER)).items():
            spent[process] += share * own
    return spent


def _certain(process: str | None) -> dict[str, float]:
    return {} if process is None else {process: 1.0}


def _passed_on(callers, shares: Mapping[Function, dict[str, float]]) -> dict[str, float]:
    """Give the shares of a function by those of its callers and the time it took for each."""
    parts: Counter[str] = Counter()
    for caller, (_, _, _, cumulated) in callers.items():
        for process, share in shares[caller].items():
            parts[process] += share * cumulated
    total = sum(parts.values())
    return {process: part / total for process, part in parts.items()} if total else {}


def process_of(function: Function) -> str | None:
    """Give the process that a function of the package is part of; None if it serves many."""
    parts = PurePath(function[0]).parts
    if "sim" not in parts:
        return None
    inside = parts[len(parts) - 1 - parts[::-1].index("sim") :]
    file = "/".join(inside)
    if (file, function[2]) in PROCESS_OF_FUNCTION:
        return PROCESS_OF_FUNCTION[file, function[2]]
    for length in range(len(inside), 1, -1):
        if "/".join(inside[:length]) in PROCESS_OF_FILE:
            return PROCESS_OF_FILE["/".join(inside[:length])]
    return None

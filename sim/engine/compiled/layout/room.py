"""Room for what happens, and for sums."""

import numpy as np

from sim.agents import Cause
from sim.agents.adversaries import DAYPARTS
from sim.agents.watch import MONTH_HOURS
from sim.engine.compiled.columns import POOLS, SCRATCH, chain, table
from sim.engine.compiled.layout.layout import Layout
from sim.engine.compiled.names import INSTRUMENT_NUMBERS
from sim.engine.compiled.state import LOG, LOG_ROOM
from sim.engine.events import Kind


def lay_out_room(layout: Layout) -> None:
    """Room for what happens, and sums."""
    sides, posts = len(layout.sides), len(layout.posts)
    longest = max(layout.longest, int(layout.columns["posts"]["in_view"].max()))
    most_beats = int(layout.columns["posts"]["n_beats"].max())
    most_options = max([DAYPARTS, *(len(group.options) for group in layout.model.groups_by_number)])
    most_shared = int(layout.columns["pairs"]["n_segments"].max(initial=0))
    work = max(longest, most_beats, most_options, layout.most, most_shared)
    layout.columns |= {
        "log": np.empty(LOG_ROOM, LOG),
        "queue": table("queue", 256),
        "later_in": np.full(len(layout.columns["shift_forms"]), -1),
        "next_dates": np.zeros(len(INSTRUMENT_NUMBERS)),
        "noted": np.zeros(1 + max(Kind)),
        "charged": np.zeros((len(INSTRUMENT_NUMBERS), sides)),
        "counts": np.zeros((len(INSTRUMENT_NUMBERS), max(1, sides))),
        "duty_hours": np.zeros(sides),
        "taken_hours": np.zeros(sides),
        "stops": np.zeros(sides),
        "imported": np.zeros(sides),
        "screening": np.zeros(sides),
        "came_through": np.zeros((sides, sides)),
        "causes": np.zeros(1 + max(Cause)),
        "displaced": np.zeros(256),
        "under_way": np.zeros(256),
    }
    room = {
        "work_gain": (int(layout.columns["posts"]["n_stretches"].max()),),
        "work_rate": (work, layout.crimes),
        "work_terms": (layout.longest * layout.crimes,),
        "work_stopped": (layout.longest * layout.crimes,),
        "work_taken_hours": (sides, posts),
        "work_late": (sides,),
        "work_teams": (sides,),
    }
    for matrix in SCRATCH:
        layout.columns[matrix.name] = np.zeros(room.get(matrix.name, (work,)))
    layout.columns["asked"] = table("asked", 1)
    run = table("run", 1)
    run["next_month"] = MONTH_HOURS
    run["ears_changed"] = 1
    run["next_worn"] = np.inf
    run["sensor_period"] = run["day"] = run["operation"] = run["scouted"] = -1
    run["ahead"] = layout.ahead
    run["beat_segments"] = layout.scenario.patrols.beat_segments
    for name in ("next_schedule", "next_review", "next_report"):
        run[name] = layout.model.clock
    run["next_review"] += 30.0 * 24.0
    layout.columns["run"] = run


def lay_out_pools(layout: Layout) -> None:
    """Tables whose things come and go."""
    for name, rows in POOLS.items():
        layout.columns[name] = table(name, rows)
        chain(layout.columns[name])
    posts = len(layout.posts)
    cells = len(layout.columns["cell_segment"]) if "sharing" in layout.instruments else 1
    layout.columns |= {
        "issue_seen": np.zeros((POOLS["issues"], 2, cells, layout.crimes)),
        "issue_since": np.zeros((POOLS["issues"], posts)),
        "issue_found": np.zeros((POOLS["issues"], posts)),
        "issue_plan": np.full((POOLS["issues"], posts), -1),
    }

"""Room for what happens, and for sums."""

import numpy as np

from sim.agents.adversaries import DAYPARTS
from sim.agents.watch import MONTH_HOURS
from sim.engine.compiled.columns import MATRICES, table
from sim.engine.compiled.layout.layout import Layout
from sim.engine.compiled.names import INSTRUMENT_NUMBERS
from sim.engine.events import COLUMNS


def lay_out_room(layout: Layout) -> None:
    """Room for what happens, and sums."""
    sides, posts, cells = len(layout.sides), len(layout.posts), len(layout.columns["cell_segment"])
    sharing = "sharing" in layout.instruments
    for name, rows, link in (
        ("attempts", 256, "list_place"),
        ("damages", 64, "after"),
        ("messages", 256, "after"),
        ("lessons", 64, "after"),
        ("call_ups", 64, "after"),
    ):
        free = table(name, rows)
        free[link] = np.arange(1, rows + 1)
        free[link][-1] = -1
        layout.columns[name] = free
    layout.columns["attempts"]["number"] = -1
    issues = 4 if sharing else 1
    longest = max(layout.longest, int(layout.columns["posts"]["in_view"].max()))
    most_beats = int(layout.columns["posts"]["n_beats"].max())
    most_options = max([DAYPARTS, *(len(group.options) for group in layout.model.groups_by_number)])
    most_shared = int(layout.columns["pairs"]["n_segments"].max(initial=0))
    work = max(longest, most_beats, most_options, layout.most, most_shared)
    log = np.dtype([(column.name, column.dtype) for column in COLUMNS], align=True)
    layout.columns |= {
        "log": np.zeros(4096, log),
        "queue": table("queue", 1024),
        "issues": table("issues", issues),
        "issue_seen": np.zeros((issues, cells if sharing else 1, layout.crimes, 2)),
        "issue_since": np.zeros((issues, posts)),
        "issue_plan": np.full((issues, posts), -1),
        "charged": np.zeros((len(INSTRUMENT_NUMBERS), sides)),
        "counts": np.zeros((len(INSTRUMENT_NUMBERS), max(1, sides))),
        "duty_hours": np.zeros(sides),
        "taken_hours": np.zeros(sides),
        "taken_now": np.zeros(posts),
        "stops": np.zeros(sides),
        "imported": np.zeros(sides),
        "screening": np.zeros(sides),
        "came_through": np.zeros((sides, sides)),
        "displaced": np.zeros(256),
        "under_way": np.zeros(256),
    }
    for matrix in MATRICES:
        if matrix.name.startswith("work_") or matrix.name == "options_now":
            room = {
                "work_gain": (work, layout.longest),
                "work_walk": (layout.longest, layout.crimes),
                "work_rate": (work, layout.crimes),
                "work_terms": (layout.longest * layout.crimes,),
                "work_stopped": (layout.longest * layout.crimes,),
                "work_taken_hours": (posts,),
                "work_age": (max(1, int(layout.columns["posts"]["n_links"].max())),),
            }.get(matrix.name, (work,))
            layout.columns[matrix.name] = np.zeros(room)
    run = table("run", 1)
    run["seed"] = layout.stage.chance.seed % 2**63
    run["next_month"] = MONTH_HOURS
    run["ears_changed"] = 1
    run["day"] = run["operation"] = run["scouted"] = -1
    run["ahead"] = layout.ahead
    run["beat_segments"] = layout.scenario.patrols.beat_segments
    run["free_plan"] = layout.free_plan
    for name in ("next_schedule", "next_review", "next_report"):
        run[name] = layout.model.clock
    run["next_review"] += 30.0 * 24.0
    layout.columns["run"] = run

"""Reports that posts write at one time, kept until the last of their readers has them."""

from typing import Any

from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.pools import extended, give_back, grown, is_full, take_row

FINDS, EFFORT = 0, 1
"""What a report tells of each cell, in `issue_seen`."""


@compiled
def new_issue(s: Any) -> int:
    """Give a free row of `s.issues`, for the reports that are written now."""
    if is_full(s.issues):
        s.issues = extended(s.issues)
        s.issue_seen = grown(s.issue_seen)
        s.issue_since = grown(s.issue_since)
        s.issue_found = grown(s.issue_found)
        s.issue_plan = grown(s.issue_plan)
    return take_row(s.issues)


@compiled
def read_once(s: Any, row: int) -> None:
    """Count off one of the messages with an issue, and drop the issue after the last."""
    s.issues[row].waiting -= 1
    if s.issues[row].waiting:
        return
    if s.settings[0].plans and not s.settings[0].at_once:
        for author in range(s.posts.shape[0]):
            if s.posts[author].n_channels:
                give_back(s.plans, s.issue_plan[row, author])
    give_back(s.issues, row)

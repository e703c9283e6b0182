"""Who: posts, patrols and smuggling groups as Mesa agents, and what they hold in their heads."""

from sim.agents.attempt import Attempt, Cause, Outcome
from sim.agents.beat import Assignment
from sim.agents.group import SmugglingGroup
from sim.agents.patrol import Patrol
from sim.agents.post import Post
from sim.agents.stage import Shift, Stage

__all__ = [
    "Assignment",
    "Attempt",
    "Cause",
    "Outcome",
    "Patrol",
    "Post",
    "Shift",
    "SmugglingGroup",
    "Stage",
]

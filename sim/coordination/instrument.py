"""The shape of an instrument of coordination: what it connects, schedules, changes and costs."""

from collections.abc import Sequence
from typing import Protocol

from sim.agents import Attempt, Post, Shift, Stage
from sim.agents.report import Plan


class Theatre(Protocol):
    """What an instrument may touch of the run that it acts in."""

    stage: Stage
    posts_by_number: Sequence[Post]

    def schedule_alert(self, post: int, attempt: Attempt, time: float) -> None:
        """Let a post hear of an attempt at a time."""

    def note_report(self, event: str, time: float, author: int, reader: int, items: int) -> None:
        """Write a report's being "sent", "read" or "lost" into the log."""


class Instrument:
    """One form of cooperation; subclasses override the hooks they need.

    Parameters
    ----------
    theatre : the run it acts in

    Attributes
    ----------
    name : the instrument's table in a policy file
    hours : patrol-hours it has taken so far
    """

    name = ""

    def __init__(self, theatre: Theatre) -> None:
        self.theatre = theatre
        self.stage = theatre.stage
        self.hours = 0.0

    def connect(self) -> None:
        """Change the communication graph before the run; called in the order of instruments."""

    def prepare(self) -> None:
        """Find out what the finished communication graph allows."""

    def before_decisions(self, shift: Shift) -> None:
        """Act at the start of a shift, before posts decide."""

    def plan_decided(self, post: Post, plan: Plan, time: float) -> None:
        """Act when a post has decided where its patrols will go."""

    def on_detection(self, attempt: Attempt, post: Post, time: float) -> None:
        """Act when a post detects an attempt for the first time."""

    def after_shift(self, shift: Shift) -> None:
        """Act at the end of a shift, when posts have drawn their conclusions."""

    def money(self, days: float) -> float:
        """What it cost over so many days, money units."""
        return 0.0

    def charge(self, post: Post, hours: float) -> None:
        """Take patrol time from a post; its patrols go out later until it is made up."""
        post.debt_hours += hours
        self.hours += hours

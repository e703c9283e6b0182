"""What a post has observed, and what of it it has told to whom."""

import numpy as np
from numpy.typing import NDArray

from sim.agents.attempt import Attempt
from sim.agents.belief import Belief
from sim.agents.report import Plan, Report
from sim.agents.stage import Stage

PATROLS, INLAND = 0, 1
"""What a post observed by its own means, and what it learned later inland."""

EVERYBODY = -1
"""Audience of reports that go to all who are linked."""


class Records:
    """The observations of a post since the start of the run, and its reports of them.

    Parameters
    ----------
    stage : setting of the run
    post : number of the post
    belief : its belief, for the segments in view

    Attributes
    ----------
    observed : finds, and days of full exposure, by own means and inland, (2, 2, crime types,
        segments in view)
    """

    def __init__(self, stage: Stage, post: int, belief: Belief) -> None:
        self.stage = stage
        self.post = post
        self.index = belief.index
        self.observed = np.zeros((2, 2, *belief.shape))
        self._told: dict[int, tuple[float, NDArray[np.float64]]] = {}

    def write_report(
        self, categories: frozenset[str], now: float, plan: Plan | None, audience: int = EVERYBODY
    ) -> Report:
        """Sum up what an audience has not been told yet, under the headings that are passed on.

        Parameters
        ----------
        categories : headings
        now : h
        plan : to tell as well
        audience : number of the one post that is told, or `EVERYBODY`
        """
        stage = self.stage
        passed = np.array(
            [[stage.crime(k).category in categories] for k in range(len(stage.crimes))]
        )
        since, told = self._told_to(audience)
        news = self.observed - told
        seen = news[PATROLS] * passed
        if "area_situation" in categories:
            seen = seen + news[INLAND] * passed
        self._told[audience] = now, self.observed.copy()
        return Report(self.post, seen, since, now, plan)

    def tell_at_once(self, attempt: Attempt, now: float) -> Report:
        """Report one find without waiting for the shift to end; its effort follows later."""
        seen = np.zeros(self.observed.shape[1:])
        place = 0, attempt.crime, self.index[attempt.segment]
        seen[place] = 1.0
        since, told = self._told_to(EVERYBODY)
        told[PATROLS][place] += 1.0
        self._told[EVERYBODY] = since, told
        return Report(self.post, seen, now, now, None)

    def _told_to(self, audience: int) -> tuple[float, NDArray[np.float64]]:
        """Until when an audience has been told, h, and what; nothing since the start if never."""
        return self._told.get(audience, (0.0, np.zeros_like(self.observed)))

    def begin_to_report(self, now: float) -> None:
        """Leave out of the first report to everybody what may have been told face to face."""
        if self._told and EVERYBODY not in self._told:
            self._told[EVERYBODY] = now, self.observed.copy()

    def count_as_told(self, reader: int) -> None:
        """Take note that a post has been told what everybody was."""
        if EVERYBODY in self._told:
            since, told = self._told[EVERYBODY]
            self._told[reader] = since, told.copy()

"""What a post believes of the attempts on the segments it knows."""

import numpy as np
from numpy.typing import NDArray

from sim.agents.stage import Stage
from sim.rules.belief import forget, keep_share, observe, posterior_mean
from sim.world.sites import PostSite

Table = NDArray[np.float64]
"""Shape (crime types, segments in view)."""


class Belief:
    """Gamma beliefs about the rate of attempts, by crime type and segment in view.

    Parameters
    ----------
    stage : setting of the run
    site : the post; its view is its sector and the segments next to it

    Attributes
    ----------
    view : numbers of the segments in view, the sector first
    index : column of each segment in view
    evidence : shape, and rate in days of full exposure, (2, crime types, segments in view)
    """

    def __init__(self, stage: Stage, site: PostSite) -> None:
        prior = stage.scenario.posts.belief
        beyond = {other for number in site.sector for other in stage.world.border[number]} - set(
            site.sector
        )
        self.view = (*site.sector, *sorted(beyond))
        self.index = {number: place for place, number in enumerate(self.view)}
        self.shape = (len(stage.crimes), len(self.view))
        self.prior = np.empty((2, *self.shape))
        self.prior[0] = prior.prior_rate_per_day * prior.prior_days
        self.prior[1] = prior.prior_days
        self.evidence = self.prior.copy()
        self.half_life_hours = 24.0 * prior.half_life_days

    @property
    def alpha(self) -> Table:
        """Shape of each gamma belief."""
        alpha: Table = self.evidence[0]
        return alpha

    @property
    def beta(self) -> Table:
        """Rate of each gamma belief, days of full exposure."""
        beta: Table = self.evidence[1]
        return beta

    def fade(self, hours: float) -> None:
        """Forget for some time."""
        self.evidence = forget(self.evidence, self.prior, keep_share(hours, self.half_life_hours))

    def add(self, seen: NDArray[np.float64]) -> None:
        """Take in what one saw oneself: finds, and days of full exposure, one above the other."""
        self.evidence = observe(self.evidence, seen, 1.0)

    def hear(
        self,
        told: NDArray[np.float64],
        weight: float,
        age_hours: float,
        theirs: list[int],
        mine: list[int],
    ) -> None:
        """Take in what a partner reported.

        Parameters
        ----------
        told : finds and exposure, one above the other, columns as in the partner's view
        weight : trust in the partner, 0 to 1
        age_hours : mean age of the observations
        theirs, mine : columns of the partner's view and of this one that are the same segments
        """
        faded = weight * keep_share(age_hours, self.half_life_hours)
        self.evidence[:, :, mine] = observe(self.evidence[:, :, mine], told[:, :, theirs], faded)

    @property
    def mean(self) -> Table:
        """Believed attempts per day."""
        return posterior_mean(self.alpha, self.beta)

"""Where to put a few fixed or joint posts against groups that see them.

Stochastic network interdiction: each journey goes by the way on which it is most likely to stay
undetected, knowing where posts are, and their places minimise how likely journeys stay so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from sim.errors import BordersimError, InputError
from sim.optimum.linear import minimise
from sim.optimum.paths import Network, Way

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

VIOLATED = 1e-7
"""By how much a way must be more likely than was thought to make a cut."""


@dataclass(frozen=True)
class Journey:
    """A way somebody wants to go.

    Attributes
    ----------
    origin, destination : nodes of the graph
    weight : how likely, or how often
    """

    origin: Any
    destination: Any
    weight: float


@dataclass(frozen=True)
class Placed:
    """Where posts are, and what is known of how good that is.

    Attributes
    ----------
    edges : that have a post
    value : weighted probability that journeys stay undetected
    bound : what no placement can be below
    cuts : ways that were looked at
    """

    edges: tuple[tuple[Any, Any], ...]
    value: float
    bound: float
    cuts: int

    @property
    def gap(self) -> float:
        """Distance of the value from its bound, relative to the value; 0 if it is the optimum."""
        return max(0.0, 1.0 - self.bound / self.value) if self.value else 0.0


def place(
    graph: "nx.DiGraph[Any]",
    journeys: Iterable[Journey],
    posts: int,
    seconds: float = 300.0,
    gap: float = 1e-6,
) -> Placed:
    """Put posts on edges so that journeys are least likely to stay undetected.

    Parameters
    ----------
    graph : edges have `passes`, the probability to stay undetected on them, above 0; those on which
        a post can be put have `watched`, the same with a post, above 0 and at most `passes`
    journeys : who goes from where to where; those without a way count as detected
    posts : how many there are
    seconds : after which the best found so far is given
    gap : relative distance of the value from its bound at which it counts as optimal

    Raises
    ------
    InputError : an edge without probabilities, or with impossible ones; posts below 0

    Source
    ------
    Pan, Charlton & Morton (2003), in Network Interdiction and Stochastic Integer Programming; cuts
    from ways as in Pan & Morton, Networks 52 (2008), 111. That a way with k posts of equal effect
    passes with a probability convex in k gives the steepest cut through two neighbouring k.
    """
    if posts < 0:
        raise InputError(f"{posts} posts cannot be placed", where="posts", remedy="0 or more")
    return _Search(Network(graph), list(journeys), posts).run(monotonic() + seconds, gap)


class _Search:
    """Cuts from ways, added until posts are placed as well as all ways allow.

    Variables are whether each edge that can have a post has one, then each journey's probability.
    """

    def __init__(self, network: Network, journeys: Sequence[Journey], posts: int) -> None:
        self.network = network
        self.journeys = journeys
        self.weights = np.array([each.weight for each in journeys], dtype=float)
        self.places = len(network.places)
        self.posts = min(posts, self.places)
        self.best = np.zeros(self.places)
        self.value = np.inf
        self.bound = 0.0
        self._cuts: list[tuple[int, Ints, Floats]] = []
        self._constants: list[float] = []

    def run(self, deadline: float, gap: float) -> Placed:
        """Solve with fractions of posts until no cut is missing, then with whole ones."""
        x, likely = np.zeros(self.places), np.zeros(len(self.journeys))
        self._improve(x)
        while self._cut(x, likely) and monotonic() < deadline:
            x, likely = self._solve()
            self._improve(self._rounded(x))
        while self.value - self.bound > gap * self.value and monotonic() < deadline:
            found = self._solve_whole(deadline - monotonic(), gap / 2.0)
            if found is None:
                break
            whole, likely = np.round(found[0]), found[1]
            self._improve(whole)
            if not self._cut(whole, likely):
                break
        edges = tuple(self.network.places[index] for index in np.flatnonzero(self.best > 0.5))
        return Placed(edges, self.value, min(self.bound, self.value), len(self._cuts))

    def _improve(self, posts: Floats) -> None:
        """Keep posts if they are better than the best so far."""
        likely = np.zeros(len(self.journeys))
        for journey, way in self._ways(posts):
            likely[journey] = way.likely(posts)
        value = float(self.weights @ likely)
        if value < self.value:
            self.value, self.best = value, posts

    def _ways(self, posts: Floats) -> Iterable[tuple[int, Way]]:
        """Give the likeliest way of each journey."""
        pairs = [(each.origin, each.destination) for each in self.journeys]
        return self.network.likeliest(posts, pairs)

    def _rounded(self, posts: Floats) -> Floats:
        """Give whole posts where most of one is."""
        whole = np.zeros(self.places)
        whole[np.argsort(-posts, kind="stable")[: self.posts]] = 1.0
        return whole

    def _cut(self, posts: Floats, likely: Floats) -> bool:
        """Add a cut for each journey whose likeliest way is more likely than was thought.

        Returns
        -------
        Whether there was any.
        """
        found = False
        for journey, way in self._ways(posts):
            constant, slopes = _cut_of(way, posts)
            if constant + slopes @ posts[way.places] > likely[journey] + VIOLATED:
                self._cuts.append((journey, way.places, slopes))
                self._constants.append(constant)
                found = True
        return found

    def _constraints(self) -> tuple[Any, Floats]:
        """Give all cuts: slopes · posts − probability ≤ −constant, and the number of posts."""
        entries = [(len(self._cuts), place, 1.0) for place in range(self.places)]
        for row, (journey, places, slopes) in enumerate(self._cuts):
            entries.append((row, self.places + journey, -1.0))
            entries += [
                (row, int(place), slope) for place, slope in zip(places, slopes, strict=True)
            ]
        rows, columns, values = zip(*entries, strict=True)
        shape = len(self._cuts) + 1, self.places + len(self.journeys)
        matrix = sparse.csr_array((values, (rows, columns)), shape=shape)
        return matrix, np.append(-np.array(self._constants), float(self.posts))

    def _solve(self) -> tuple[Floats, Floats]:
        """Solve with fractions of posts, which gives a bound."""
        matrix, right = self._constraints()
        cost = np.append(np.zeros(self.places), self.weights)
        found = minimise(cost, A_ub=matrix, b_ub=right, bounds=(0.0, 1.0))
        if found is None:
            raise BordersimError("cuts contradict each other", where="placement")
        self.bound = max(self.bound, found.value)
        return found.x[: self.places], found.x[self.places :]

    def _solve_whole(self, seconds: float, gap: float) -> tuple[Floats, Floats] | None:
        """Solve with whole posts, which gives a better bound; None if time was too short."""
        matrix, right = self._constraints()
        variables = self.places + len(self.journeys)
        found: Any = milp(
            np.append(np.zeros(self.places), self.weights),
            constraints=LinearConstraint(matrix, -np.inf, right),
            integrality=np.append(np.ones(self.places), np.zeros(len(self.journeys))),
            bounds=Bounds(np.zeros(variables), np.ones(variables)),
            options={"time_limit": seconds, "mip_rel_gap": gap},
        )
        if found.mip_dual_bound is not None:
            self.bound = max(self.bound, float(found.mip_dual_bound))
        if found.x is None:
            return None
        return found.x[: self.places], found.x[self.places :]


def _cut_of(way: Way, posts: Floats) -> tuple[float, Floats]:
    """Give a straight line below the probability of a way, whatever posts there are.

    Parameters
    ----------
    way : whose probability is passes · exp(−harder · posts), convex in harder · posts
    posts : where the line is to be high

    Returns
    -------
    Constant, and slope by place of the way.
    """
    here = float(way.harder @ posts[way.places])
    if len(way.places) and np.ptp(way.harder) < 1e-9 and way.harder[0] > 0.0:
        # Whole posts of equal effect: the chord between two neighbouring numbers of them.
        step = float(way.harder[0])
        whole = np.floor(here / step + 1e-9)
        low, high = way.passes * np.exp(-step * whole), way.passes * np.exp(-step * (whole + 1.0))
        slope = high - low
        return float(low - slope * whole), np.full(len(way.places), slope)
    height = way.passes * np.exp(-here)
    return float(height * (1.0 + here)), -height * way.harder

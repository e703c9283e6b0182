"""Ways through a network on which somebody stays undetected with the greatest probability."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from sim.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Way:
    """A way from an origin to a destination.

    Attributes
    ----------
    passes : probability to stay undetected on it if no post is anywhere
    places : indices of its edges that can have a post
    harder : for each of these, −log of what a post there multiplies that probability by
    """

    passes: float
    places: Ints
    harder: Floats

    def likely(self, posts: Floats) -> float:
        """Give the probability to stay undetected with posts, by place, fractions of one too."""
        return float(self.passes * np.exp(-self.harder @ posts[self.places]))


class Network:
    """A directed graph with probabilities on its edges, laid out for shortest ways.

    Parameters
    ----------
    graph : as of `sim.optimum.placement.place`

    Attributes
    ----------
    places : edges that can have a post

    Raises
    ------
    InputError : an edge without probabilities, or with impossible ones
    """

    def __init__(self, graph: "nx.DiGraph[Any]") -> None:
        self.index = {node: number for number, node in enumerate(graph)}
        self.places: list[tuple[Any, Any]] = []
        rows, columns, lengths, place, harder = [], [], [], [], []
        for one, other, told in graph.edges(data=True):
            passes, watched = _probabilities((one, other), told)
            rows.append(self.index[one])
            columns.append(self.index[other])
            lengths.append(-np.log(passes))
            place.append(len(self.places) if watched is not None else -1)
            if watched is not None:
                self.places.append((one, other))
                harder.append(np.log(passes / watched))
        self._ends = np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)
        self._lengths = np.array(lengths)
        self._place = np.array(place, dtype=np.int64)
        self.harder = np.array(harder)
        self._edge = {ends: edge for edge, ends in enumerate(zip(rows, columns, strict=True))}

    def likeliest(
        self, posts: Floats, pairs: Iterable[tuple[Any, Any]]
    ) -> Iterator[tuple[int, Way]]:
        """Find the likeliest way for each of some pairs of origin and destination.

        Parameters
        ----------
        posts : on each place, 0 to 1
        pairs : nodes

        Yields
        ------
        Index of the pair, and its way; pairs without one are left out.
        """
        lengths = self._lengths.copy()
        held = self._place >= 0
        lengths[held] += self.harder[self._place[held]] * posts[self._place[held]]
        # A way that costs nothing is a way all the same, which zeros of a sparse graph are not.
        lengths = np.maximum(lengths, 1e-300)
        nodes = len(self.index)
        # Backwards from each destination, since many journeys go to the same few.
        backwards = sparse.csr_array((lengths, self._ends[::-1]), shape=(nodes, nodes))
        wanted: dict[int, list[tuple[int, int]]] = {}
        for number, (origin, destination) in enumerate(pairs):
            there = wanted.setdefault(self.index[destination], [])
            there.append((number, self.index[origin]))
        far, onward = dijkstra(backwards, indices=list(wanted), return_predecessors=True)
        for row, each in enumerate(wanted.values()):
            for number, origin in each:
                if far[row, origin] < inf:
                    yield number, self._way(onward[row], origin)

    def _way(self, onward: Ints, node: int) -> Way:
        """Follow the next nodes from an origin until there is none."""
        nodes = [node]
        while onward[nodes[-1]] >= 0:
            nodes.append(int(onward[nodes[-1]]))
        edges = np.array([self._edge[step] for step in pairwise(nodes)], dtype=np.int64)
        places = self._place[edges]
        places = places[places >= 0]
        return Way(float(np.exp(-self._lengths[edges].sum())), places, self.harder[places])


def _probabilities(edge: tuple[Any, Any], told: dict[str, Any]) -> tuple[float, float | None]:
    """Give the probabilities of an edge without and with a post, None if there can be none."""
    passes, watched = told.get("passes"), told.get("watched")
    if passes is None or not 0.0 < passes <= 1.0 or not 0.0 < (watched or passes) <= passes:
        raise InputError(
            f"edge {edge} has passes {passes} and watched {watched}",
            where="graph",
            remedy="probabilities above 0, `watched` at most `passes` or left out",
        )
    return float(passes), None if watched is None else float(watched)

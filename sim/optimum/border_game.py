"""The patrol game of a scenario: the best coverage against groups who know how it is drawn.

Forces lose the harm that passes, wherever groups choose to go. Posts that are linked place their
patrols as one, so that they keep apart, and hand over at once; others know nothing of each other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sim.optimum.board import Board
from sim.optimum.security import SecurityGame, opposed
from sim.world.communication import Node, post_node

Floats = NDArray[np.float64]

Links = Collection[tuple[int, int]]
"""Pairs of posts, author and reader: the reader knows where the author's patrols go, and hears at
once of what they detect."""


@dataclass(frozen=True)
class Coverage:
    """How patrols are placed on average, and what that prevents at least.

    Attributes
    ----------
    placed : teams of each placement, on average
    teams : the same on each segment, by side in the order of the segment, shape (segments, 2)
    stopped : probability that each attack is stopped, shape (attacks,)
    prevented : share of all harm that is prevented if each group goes where least is
    passes : harm a day that passes then
    """

    placed: Floats
    teams: Floats
    stopped: Floats
    prevented: float
    passes: float


def everybody(board: Board) -> Links:
    """Give the links of all posts with all that hold some of the same line."""
    return [(post, other) for post, facing in board.world.facing.items() for other in facing]


def links_in(communication: "nx.DiGraph[Node]", board: Board) -> Links:
    """Give the pairs of posts that have a direct tie in a communication graph."""
    nodes = [post_node(site) for site in board.world.posts]
    return [
        (post, other)
        for post, other in everybody(board)
        if communication.has_edge(nodes[post], nodes[other])
    ]


def best_coverage(board: Board, links: Links) -> Coverage:
    """Place patrols as well as can be with some links.

    Without links each side solves the game as if it were alone; with all of them both solve it as
    one. In between, each counts on the other's patrols where the posts are linked, and only there;
    what it then leaves to the other may be missed, so that few links can do less than none.

    Parameters
    ----------
    board : of the scenario
    links : between posts across the line

    Returns
    -------
    The coverage, and what it truly prevents when groups answer to both sides' patrols. Patrols that
    the value of the game does not need go where they stop most if groups go everywhere alike.
    """
    game = game_of(board, links)
    everywhere = game.weights[game.types] @ game.stopped
    placed = opposed(game, everywhere).placed[: len(board.placements)]
    return what_comes_of(board, links, placed)


def what_comes_of(board: Board, links: Links, placed: Floats) -> Coverage:
    """Give what a placement of patrols prevents when groups go where it prevents least.

    Parameters
    ----------
    board, links : as of `best_coverage`
    placed : teams of each placement, on average

    Notes
    -----
    Linked patrols are never together on a segment unless there are too many to keep apart; others
    are drawn independently. The game reckons with two patrols that meet, not with the third and
    fourth, so that where posts put several on a beat the coverage may be short of the best.
    """
    here, there = (chances @ placed for chances in stopping(board, links))
    teams = np.column_stack([present @ placed for present in board.present])
    some = np.column_stack([present @ placed for present in _some_there(board)])
    together = np.maximum(0.0, some.sum(axis=1) - 1.0)
    presence = some.prod(axis=1)
    share = np.divide(together, presence, out=np.zeros_like(presence), where=presence > 0.0)
    joint = here + there - here * there * share[board.attacks.segment]
    knows = _knows(board, links)[board.attacks.segment]
    stopped = np.where(knows[:, 0] | knows[:, 1], joint, 1.0 - (1.0 - here) * (1.0 - there))
    least = np.full(len(board.harm), np.inf)
    np.minimum.at(least, board.attacks.group, stopped)
    passes = float(board.harm @ (1.0 - least))
    total = float(board.harm.sum())
    return Coverage(placed, teams, stopped, 1.0 - passes / total if total else 0.0, passes)


def game_of(board: Board, links: Links) -> SecurityGame:
    """Give the game that both sides think they play.

    Each group is a type twice, as either side sees it: by its own patrols and those of the other
    side that it is told of. Where all are told of everything both see the same.

    Returns
    -------
    With a placement for each of the board's, and one for each segment that two sides hold, which
    says how much oftener than never both are there at the same time.
    """
    attacks, count = board.attacks, len(board.world.segments)
    chances, knows = stopping(board, links), _knows(board, links)
    both = _both(board, links)
    seen = []
    for side in (0, 1):
        told = sparse.diags_array(knows[attacks.segment, side].astype(float))
        lost = sparse.csr_array(
            (-both, (np.arange(len(both)), attacks.segment)), shape=(len(both), count)
        )
        stopped = chances[side] + told @ chances[1 - side]
        seen.append(sparse.hstack([stopped, told @ lost]))
    first, second = _some_there(board)
    placements = len(board.placements)
    of_post = sparse.csr_array(
        (np.ones(placements), (board.placements.post, np.arange(placements))),
        shape=(len(board.posts), placements),
    )
    rows = len(attacks.segment)
    return SecurityGame(
        stopped=sparse.vstack(seen, format="csr"),
        limits=sparse.block_array(
            [[of_post, None], [first + second, -sparse.eye_array(count)]], format="csr"
        ),
        limit=np.concatenate([board.teams, np.ones(count)]),
        upper=np.concatenate([np.ones(placements), np.full(count, np.inf)]),
        types=np.concatenate([attacks.group, attacks.group + len(board.harm)]),
        weights=np.tile(board.harm / 2.0, 2),
        passes=np.ones(2 * rows),
        caught=np.zeros(2 * rows),
    )


def _some_there(board: Board) -> tuple[Any, Any]:
    """Whether a placement is the first team of its post on a segment, for patrols of either side.

    Sparse, shape (segments, placements).
    """
    is_first = sparse.diags_array((board.placements.turn == 0).astype(float))
    first, second = (present @ is_first for present in board.present)
    return first, second


def _knows(board: Board, links: Links) -> NDArray[np.bool_]:
    """Whether each side is told of the other's patrols on each segment, shape (segments, 2)."""
    pairs, holder = set(links), board.world.holder
    knows = np.zeros((len(board.world.segments), 2), dtype=bool)
    for segment in board.world.segments:
        posts = [holder.get((side, segment.number)) for side in segment.sides]
        knows[segment.number] = [(posts[1], posts[0]) in pairs, (posts[0], posts[1]) in pairs]
    return knows


def stopping(
    board: Board, links: Links, detected: tuple[Any, Any] | None = None
) -> tuple[Any, Any]:
    """Probability that a placement stops an attack, for patrols of either side.

    By those who detect it, or by those across the line whom they tell.

    Parameters
    ----------
    board, links : as of `best_coverage`
    detected : as `Board.detected_with` gives it; mean of shifts and weather if missing
    """
    attacks, knows = board.attacks, _knows(board, links)
    told = knows[attacks.segment][:, ::-1]
    chances = attacks.own + told * (1.0 - attacks.own) * attacks.handed_over
    first, second = (
        sparse.diags_array(chances[:, side]) @ (detected or board.detected)[side] for side in (0, 1)
    )
    return first, second


def _both(board: Board, links: Links) -> Floats:
    """By how much two patrols at the same time on both sides stop an attack less than their sum."""
    most = [
        chances.max(axis=1).toarray().ravel() if chances.nnz else np.zeros(chances.shape[0])
        for chances in stopping(board, links)
    ]
    product: Floats = most[0] * most[1]
    return product

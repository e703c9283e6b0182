"""Those who place the patrols of both sides, shift by shift, as nobody in the simulation can."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sim.agents.adversaries import DAYPARTS, Adversary
from sim.agents.adversaries.estimating import BestResponse
from sim.draws import Purpose
from sim.engine import BorderModel
from sim.optimum.board import Board
from sim.optimum.border_game import Coverage, best_coverage, everybody, game_of, stopping
from sim.optimum.linear import minimise
from sim.scenario.injects import Surge

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_OFFSETS = 64
"""Ways that are tried to draw one side's patrols against the other's."""


class Director(ABC):
    """Places all patrols of a run.

    Parameters
    ----------
    model : before its first shift; from then on its posts do as they are told

    Attributes
    ----------
    model, board : of the run
    teams : patrols of each post on duty, by shift of the cycle, shape (cycle, posts)
    side : of each post, in the order of its segments, 0 or 1, shape (posts,)
    """

    def __init__(self, model: BorderModel) -> None:
        self.model = model
        self.board = Board(model)
        cycle = model.stage.scenario.patrols.duty_cycle_shifts
        self.teams = np.array(
            [[len(post.on_duty(turn)) for post in model.posts_by_number] for turn in range(cycle)]
        )
        segments = model.stage.world.segments
        self.side = np.array(
            [segments[post.site.sector[0]].sides.index(post.side) for post in model.posts_by_number]
        )
        model.before_shift = self._direct

    def _direct(self, shift: int) -> None:
        self.model.commit(shift, self.deploy(shift))

    @abstractmethod
    def deploy(self, shift: int) -> Sequence[Sequence[int]]:
        """Give the beat of each patrol on duty in a shift, by post."""

    def in_beats(self, chosen: Ints) -> list[list[int]]:
        """Give placements that were chosen as beats by post."""
        beats: list[list[int]] = [[] for _ in self.board.posts]
        placements = self.board.placements
        for post, beat in zip(
            placements.post[chosen].tolist(), placements.beat[chosen].tolist(), strict=True
        ):
            beats[post].append(beat)
        return beats


class Equilibrium(Director):
    """Draws patrols as often as in the equilibrium of the patrol game, both sides as one.

    Each post draws by a comb along its sector, so that it has all its teams out and each place as
    often as the game says; combs of posts that face each other are shifted against each other so
    that they meet as little as may be.
    """

    def __init__(self, model: BorderModel) -> None:
        super().__init__(model)
        self.coverage: Coverage = best_coverage(self.board, everybody(self.board))
        placed = self.coverage.placed
        post = self.board.placements.post
        ends = np.cumsum(placed)
        begins = np.searchsorted(post, np.arange(len(self.board.posts)))
        before = np.append(0.0, ends)[begins][post]
        self._low, self._high = ends - placed - before, ends - before
        self._offset = self._keep_apart()

    def _keep_apart(self) -> Floats:
        """Find by how much each post shifts its comb, shape (posts,)."""
        board, post = self.board, self.board.placements.post
        offset = np.zeros(len(board.posts))
        teeth = (np.arange(_OFFSETS) + 0.5) / _OFFSETS
        drawn = np.asarray(self._drawn(teeth[None, :]), dtype=float)
        sides = [present.tocsc() for present in board.present]
        there = [np.zeros((len(board.world.segments), _OFFSETS)) for _ in sides]
        for number, side in enumerate(self.side):
            mine = post == number
            here = sides[side][:, mine] @ drawn[mine]
            meets = [(np.roll(here, -by, axis=1) * there[1 - side]).sum() for by in range(_OFFSETS)]
            best = int(np.argmin(meets))
            offset[number] = best / _OFFSETS
            there[side] += np.roll(here, -best, axis=1)
        return offset

    def _drawn(self, teeth: Floats) -> NDArray[np.bool_]:
        """Whether placements are drawn with the first tooth of their comb at some places.

        Systematic sampling, as in `sim.rules.security.comb_sample`.

        Parameters
        ----------
        teeth : 0 to 1, shape (placements, n) or (1, n)
        """
        high = np.floor(self._high[:, None] - teeth + 1e-9)
        low = np.floor(self._low[:, None] - teeth + 1e-9)
        drawn: NDArray[np.bool_] = high > low
        return drawn

    def teeth(self, shift: int) -> Floats:
        """Give where the first tooth of each post's comb is in a shift, shape (posts,)."""
        share = self.model.stage.chance.uniform(Purpose.EXTENSION, 0, shift)
        return np.mod(share + self._offset, 1.0)

    def deploy(self, shift: int) -> Sequence[Sequence[int]]:
        """Draw the beats of a shift."""
        teeth = self.teeth(shift)[self.board.placements.post]
        return self.in_beats(np.flatnonzero(self._drawn(teeth[:, None])))


class Oracle(Director):
    """Sees what each group would choose now, and puts each patrol where it prevents most.

    Parameters
    ----------
    model : as for any director
    look_every : shifts after which it works out what could have been prevented at most; 0 for never

    Attributes
    ----------
    prevented, possible : harm that its patrols were to prevent in the shifts looked at, and what
        none could be placed to exceed if groups choose as they did
    """

    def __init__(self, model: BorderModel, look_every: int = 0) -> None:
        super().__init__(model)
        self.prevented = self.possible = 0.0
        self._look_every = look_every
        board, wet = self.board, model.stage.scenario.world.wet_slowdown
        links = everybody(board)
        self._game = game_of(board, links)
        covers = [
            [board.cover(form, slowdown) for slowdown in (1.0, wet)] for form in range(board.forms)
        ]
        ways = [[stopping(board, links, board.detected_with(c)) for c in pair] for pair in covers]
        # By shift of the day and side, on a dry and on a wet day.
        self._stops = [list(zip(dry, rainy, strict=True)) for dry, rainy in ways]
        self._first = np.flatnonzero(board.placements.turn == 0)

    def flows(self, shift: int) -> Floats:
        """Give the harm that each attack would do in a shift, by what groups would choose now."""
        hours = self.model.stage.scenario.time.shift_hours
        begin = shift * hours
        length = 24.0 / DAYPARTS
        parts = length * np.arange(DAYPARTS)
        within = np.minimum(begin % 24.0 + hours, parts + length) - np.maximum(begin % 24.0, parts)
        of_part = np.maximum(0.0, within) / length
        adversaries = [group.adversary for group in self.model.groups_by_number]
        dayparts = _likely([(each, each.daypart_utilities()) for each in adversaries])
        now = dayparts.reshape(len(adversaries), DAYPARTS) @ of_part
        surges = [_surge(group.surges, begin) for group in self.model.groups_by_number]
        harm = self.board.harm * np.array(surges) * now
        segments = _likely([(each, each.utilities()) for each in adversaries])
        return np.asarray(harm[self.board.attacks.group] * segments)

    def deploy(self, shift: int) -> Sequence[Sequence[int]]:
        """Place patrols one by one where they prevent most, given those before."""
        stops, wet = self._stops[shift % len(self._stops)], self._wet(shift)
        flows = left = self.flows(shift)
        teams, post = self.teams[shift % len(self.teams)], self.board.placements.post
        chosen = [np.zeros(0, dtype=np.int64)]
        for turn in range(int(teams.max(initial=0))):
            for side in (0, 1):
                dry, rainy = stops[side]
                picks = self._best_of_each(np.where(wet, left @ rainy, left @ dry))
                picks = picks[(self.side[post[picks]] == side) & (teams[post[picks]] > turn)]
                chosen.append(picks)
                picked = np.zeros(len(post))
                picked[picks] = 1.0
                left = left * (1.0 - dry @ (picked * ~wet) - rainy @ (picked * wet))
        if self._look_every and shift % self._look_every == 0:
            self.prevented += float((flows - left).sum())
            self.possible += self._most(flows, stops, wet, teams)
        return self.in_beats(np.concatenate(chosen))

    def _wet(self, shift: int) -> NDArray[np.bool_]:
        """Whether it is wet where each placement is, shape (placements,)."""
        hours = self.model.stage.scenario.time.shift_hours
        weather = self.model.surroundings.shift(shift, shift * hours, (shift + 1) * hours).slowdown
        wet = np.array(
            [weather[post.site.province] != 1.0 for post in self.board.posts], dtype=bool
        )
        return wet[self.board.placements.post]

    def _best_of_each(self, gains: Floats) -> Ints:
        """Give the placement of a post's next team that gains most, of each post with patrols."""
        gains, post = gains[self._first], self.board.placements.post[self._first]
        posts, starts = np.unique(post, return_index=True)
        most = np.zeros(len(self.board.posts))
        most[posts] = np.maximum.reduceat(gains, starts)
        best = np.flatnonzero(gains == most[post])
        _, firsts = np.unique(post[best], return_index=True)
        return self._first[best[firsts]]

    def _most(
        self, flows: Floats, stops: list[tuple[Any, Any]], wet: NDArray[np.bool_], teams: Ints
    ) -> float:
        """Harm that no placement of the teams could exceed in preventing, by linear programming."""
        now = [
            dry @ sparse.diags_array(1.0 * ~wet) + rainy @ sparse.diags_array(1.0 * wet)
            for dry, rainy in stops
        ]
        here, there = (each.max(axis=1).toarray().ravel() for each in now)
        segments = self.board.attacks.segment
        both = np.bincount(segments, flows * here * there, len(self.board.world.segments))
        found = minimise(
            np.concatenate([-flows @ (now[0] + now[1]), both]),
            A_ub=self._game.limits,
            b_ub=np.concatenate([teams, self._game.limit[len(teams) :]]),
            bounds=np.column_stack([np.zeros(len(self._game.upper)), self._game.upper]),
        )
        assert found is not None  # no team anywhere satisfies the constraints
        return -found.value


def _likely(valued: Sequence[tuple[Adversary, Sequence[float]]]) -> Floats:
    """Probability of each option of groups by what it is worth to them, one group after another."""
    scaled = [
        _certain(adversary, utilities)
        if isinstance(adversary, BestResponse)
        else adversary.sensitivity * np.array(utilities)
        for adversary, utilities in valued
    ]
    sizes = [len(each) for each in scaled]
    starts = np.cumsum([0, *sizes[:-1]])
    values = np.concatenate(scaled)
    values = np.exp(values - np.repeat(np.maximum.reduceat(values, starts), sizes))
    likely: Floats = values / np.repeat(np.add.reduceat(values, starts), sizes)
    return likely


def _certain(adversary: Adversary, utilities: Sequence[float]) -> Floats:
    """Scaled utilities of a group that takes its best option for sure."""
    scaled = np.full(len(utilities), -np.inf)
    scaled[adversary.choose(utilities, [0.0] * len(utilities))] = 0.0
    return scaled


def _surge(surges: Sequence[Surge], hour: float) -> float:
    """By how much surges multiply what a group attempts at an hour."""
    return prod(
        each.factor for each in surges if 24.0 * each.day <= hour < 24.0 * (each.day + each.days)
    )

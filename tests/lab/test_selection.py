"""Ranking and selection: a planted best policy is found as often as stated."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from small_world import small_scenario

from sim.errors import InputError
from sim.lab import Point, run_points
from sim.lab.selection import Selection, select_best

LONGEST = 3000


class Planted:
    """Systems with known means on common chance, and a count of what was asked for."""

    def __init__(self, seed: int, means: Sequence[float], shared: float = 1.0, own: float = 1.0):
        random = np.random.default_rng(seed)
        chance = random.normal(scale=shared, size=LONGEST)
        self.values = np.array(
            [mean + chance + random.normal(scale=own, size=LONGEST) for mean in means]
        )
        self.asked = 0

    def __call__(self, systems: Sequence[int], done: int, more: int) -> NDArray[np.float64]:
        """Give more replications."""
        self.asked += len(systems) * more
        return self.values[list(systems), done : done + more]


@pytest.mark.parametrize(("shared", "better"), [(0.0, "more"), (2.0, "less")])
def test_a_planted_best_is_found_as_often_as_stated(shared: float, better: Any) -> None:
    """In the hardest case, all others just the indifference away, it is right 9 times in 10."""
    trials, sign = 300, 1.0 if better == "more" else -1.0
    means = [0.0, 0.0, sign * 0.5, 0.0, 0.0]
    right = 0
    for seed in range(trials):
        planted = Planted(seed, means, shared)
        found = select_best(planted, 5, 0.5, level=0.9, better=better, first=8)
        assert found.is_certain
        right += found.best == 2
    assert right / trials >= 0.9 - 4 * math.sqrt(0.9 * 0.1 / trials)


def test_common_chance_makes_selection_cheaper() -> None:
    """Chance that is shared costs nothing; chance of the same size that is not costs runs."""
    means = [0.0, 0.3, 0.6, 1.0]
    paired, apart = Planted(1, means, shared=3.0), Planted(1, means, shared=0.0, own=math.sqrt(10))
    assert select_best(paired, 4, 0.4).best == 3
    select_best(apart, 4, 0.4)
    assert paired.asked * 3 < apart.asked


def test_clearly_worse_systems_are_dropped_early() -> None:
    """Those far behind are run little longer than at first; close ones go on."""
    found = select_best(Planted(2, [0.0, 5.0, 5.3, 1.0]), 4, 0.2)
    assert found.best == 2
    assert found.contenders == (2,)
    assert max(found.replications[0], found.replications[3]) < 15 < found.replications[1]


def test_batches_change_what_is_run_and_not_what_is_found() -> None:
    """Runs asked for many at once are looked at one by one."""
    means = [0.0, 0.2, 0.5, 0.4]
    one = select_best(Planted(3, means), 4, 0.2)
    many = select_best(Planted(3, means), 4, 0.2, batch=16)
    assert (one.best, one.contenders, one.means[one.best]) == (
        many.best,
        many.contenders,
        many.means[many.best],
    )
    assert all(a <= b < a + 16 for a, b in zip(one.replications, many.replications, strict=True))


def test_equal_systems_end_and_both_remain() -> None:
    """Two policies that are the same in every run are told to be so, not run for ever."""
    values = np.random.default_rng(4).normal(size=(1, LONGEST)).repeat(2, axis=0)
    found = select_best(lambda systems, done, more: values[:, done : done + more], 2, 0.1)
    assert found.contenders == (0, 1)
    assert found.best == 0
    assert found.is_certain


def test_a_budget_that_ends_too_early_is_told() -> None:
    """At the maximum the best so far is given, without the stated probability."""
    found = select_best(Planted(5, [0.0, 0.01, 0.02]), 3, 0.01, batch=7, maximum=40)
    assert not found.is_certain
    assert max(found.replications) == 40
    assert len(found.contenders) > 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"systems": 1}, "systems"),
        ({"indifference": 0.0}, "indifference"),
        ({"level": 0.2}, "level"),
        ({"first": 1}, "first"),
        ({"batch": 0}, "batch"),
        ({"maximum": 5}, "maximum"),
    ],
)
def test_arguments_out_of_bounds_are_refused(arguments: dict[str, Any], told: str) -> None:
    """Each argument says what it may be."""
    given: dict[str, Any] = {"systems": 4, "indifference": 0.1} | arguments
    with pytest.raises(InputError, match=told):
        select_best(Planted(6, [0.0, 0.1, 0.2, 0.3]), **given)


def test_a_sample_of_the_wrong_shape_is_refused() -> None:
    """Values that are not one for each system and replication are never reinterpreted."""
    with pytest.raises(InputError, match="shape"):
        select_best(lambda systems, done, more: np.zeros((1, 1)), 3, 0.1)


def published(planted: Planted, systems: int, delta: float, first: int) -> tuple[int, list[int]]:
    """Run KN of sim-tools on planted systems; gives the best and the replications of each."""
    zone = pytest.importorskip("sim_tools.ovs.indifference_zone")

    class Environment:
        """Systems as sim-tools asks for them: one run of one system at a time."""

        def __init__(self) -> None:
            self.counts = [0] * systems

        def register_observer(self, observer: Any) -> None:
            """Take who is told of each value."""
            self.observer = observer

        def simulate(self, design: int) -> None:
            """Run a system once."""
            value = planted.values[design, self.counts[design]]
            self.counts[design] += 1
            self.observer.feedback(self, design, value)

    class Kn(zone.KN):  # type: ignore[misc, name-defined]
        """KN of sim-tools with the variance of the pair that is asked for.

        Version 1.3.0 looks up another pair's if the second system is before the first.
        """

        def _limit_to_distance_from_sample_means(self, design_i: int, design_l: int) -> float:
            return float(
                super()._limit_to_distance_from_sample_means(*sorted((design_i, design_l)))
            )

    environment = Environment()
    (best,) = Kn(environment, systems, delta, 0.05, first).solve()
    return int(best), environment.counts


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("means", [[0.0, 0.3], [0.0, 0.2, 0.6, 0.3, 0.9]])
def test_it_finds_what_a_published_implementation_finds(seed: int, means: list[float]) -> None:
    """On the same values KN of sim-tools keeps the same system, ruling others out as early.

    Once one is left sim-tools runs it once more.
    """
    best, counts = published(Planted(seed, means), len(means), 0.25, 10)
    found = select_best(Planted(seed, means), len(means), 0.25)
    assert found.best == best
    ours = list(found.replications)
    longest = max(ours)
    assert [min(count, longest) for count in counts] == ours
    assert max(counts) <= longest + 1


def test_the_best_roster_is_found_by_real_runs(tmp_path: Path) -> None:
    """More patrols detect more: runs of the small world find that, and drop the others early."""

    def point(patrols: int) -> Point:
        scenario = small_scenario(tmp_path, patrols__per_post=patrols, time__days=6)
        return Point(str(patrols), {}, scenario, is_baseline=False)

    points = [point(patrols) for patrols in (1, 6, 2)]

    def sample(systems: Sequence[int], done: int, more: int) -> NDArray[np.float64]:
        chosen = [points[index] for index in systems]
        runs = run_points(chosen, more, seed=1 + done, workers=1).runs
        table = runs.pivot_table(index="point", columns="seed", values="detection_rate")
        return table.to_numpy()

    found: Selection = select_best(sample, 3, 0.1, first=6, batch=4, maximum=60)
    assert points[found.best].name == "6"
    assert found.is_certain
    assert max(found.replications) < 60

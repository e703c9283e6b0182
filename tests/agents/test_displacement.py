"""Displacement: where groups go instead, measured against where they would have gone."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from small_world import small_scenario

from sim import BorderModel, run
from sim.agents import Attempt, SmugglingGroup


def both(**settings: Any) -> dict[str, Any]:
    """Settings for both kinds of groups of the small world."""
    return {f"groups__{kind}__{key}": value for kind in (0, 1) for key, value in settings.items()}


class Witness(SmugglingGroup):
    """A group that keeps what it did."""

    done: list[Attempt]

    def learn(self, attempt: Attempt, intercepted: bool, now: float) -> None:
        """Keep the attempt, and learn as ever."""
        self.done = [*getattr(self, "done", []), attempt]
        super().learn(attempt, intercepted, now)


def witnessed(home: Path, **changes: Any) -> tuple[BorderModel, dict[int, Attempt]]:
    """A finished run, and its attempts that ended, by number."""
    scenario = small_scenario(home, time__days=40, **changes)
    model = BorderModel(scenario, rng=2, agent_classes={"group": Witness})
    model.run_model()
    done = {each.number: each for group in model.groups_by_number for each in group.done}
    return model, done


@pytest.mark.parametrize("adversary", ["ewa", "best_response", "suqr", "prospect", "level_k"])
def test_displacement_is_the_way_from_where_nothing_learned_would_lead(
    tmp_path: Path, adversary: str
) -> None:
    """Home is where the same group goes on the same chance if nobody is ever caught or passes.

    Segments are ten kilometres long on a straight line.
    """
    model, done = witnessed(tmp_path, **both(adversary=adversary))
    fresh = BorderModel(small_scenario(tmp_path, **both(adversary=adversary)), rng=2)
    for group in fresh.groups_by_number:
        for _ in range(30):
            attempt = group.choose_crossing()
            group.want_next()
            if attempt.number in done:
                assert done[attempt.number].home_segment == attempt.segment
    ways = [(each.home_segment, each.segment) for each in done.values()]
    away = [10.0 * abs(here - there) for here, there in ways if here != there]
    assert model.tally.displaced == Counter(way for way in ways if way[0] != way[1])
    assert len(away) > 10
    outcomes = run(model.stage.scenario, seed=2).outcomes
    assert outcomes["displaced_share"] == pytest.approx(len(away) / len(done))
    assert outcomes["displacement_km"] == pytest.approx(sum(away) / len(done))


def test_groups_that_never_learn_are_never_displaced(tmp_path: Path) -> None:
    """Fixed groups go where they always would, whatever they meet with."""
    changes = both(adversary="static", scouts={"lag_days": 1.0}, shares=1.0)
    outcomes = run(small_scenario(tmp_path, **changes), seed=4).outcomes
    assert outcomes["intercepted"] > 0
    assert outcomes["displaced_share"] == 0.0
    assert outcomes["displacement_km"] == 0.0

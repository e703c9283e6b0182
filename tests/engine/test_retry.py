"""Further attempts after an interception: counted apart, keyed by the attempt that failed."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_world import small_scenario

from sim import BorderModel
from sim.agents import Attempt, Outcome, SmugglingGroup
from sim.engine import Kind
from sim.outcomes.counts import CAUGHT, ENDINGS
from sim.outcomes.metrics import Accounts

AFTER = 30.0


class Witness(SmugglingGroup):
    """A group that keeps what it did."""

    def learn(self, attempt: Attempt, intercepted: bool, now: float) -> None:
        """Keep the attempt, and learn as ever."""
        self.done = [*getattr(self, "done", []), attempt]
        super().learn(attempt, intercepted, now)


def finished(home: Path, retry: float, **changes: Any) -> BorderModel:
    """Run the small world with patrols that intercept most of what they detect."""
    settings = {"patrols__interception": 0.95, "patrols__duty_cycle_shifts": 1, "time__days": 40}
    for kind in (0, 1):
        settings |= {
            f"groups__{kind}__retry": retry,
            f"groups__{kind}__retry_after_hours": AFTER,
            f"groups__{kind}__count": 10,
        }
    scenario = small_scenario(home, **settings | changes)
    model = BorderModel(scenario, rng=6, agent_classes={"group": Witness})
    model.run_model()
    return model


def events(model: BorderModel) -> pd.DataFrame:
    """The events that concern attempts."""
    frame = pd.DataFrame(model.log.columns())
    return frame[frame.attempt >= 0]


def test_every_retry_follows_an_interception_after_the_wait(tmp_path: Path) -> None:
    """A retry has the number after the attempt that failed, and comes just so much later."""
    model = finished(tmp_path, 1.0)
    frame = events(model)
    retried = frame[frame.kind == Kind.RETRIED].set_index("attempt")["time"]
    caught = frame[frame.kind.isin(CAUGHT)].set_index("attempt")["time"]
    due = caught[caught + AFTER < model.clock] + AFTER
    due.index = due.index + (1 << 40)
    pd.testing.assert_series_equal(due.sort_index(), retried.sort_index(), check_index_type=False)
    assert len(retried) > 100
    assert (retried.index.to_numpy() >> 40).max() >= 2, "no retry of a retry to look at"
    for group in model.groups_by_number:
        for attempt in group.done:
            again = attempt.number >> 40
            assert attempt.retry_of == (attempt.number - (1 << 40) if again else -1)
            assert attempt.start >= attempt.wanted
            assert attempt.outcome is not Outcome.UNDER_WAY


def test_wanted_and_retried_are_ended_and_under_way(tmp_path: Path) -> None:
    """Attempts add up, and no number is used twice."""
    model = finished(tmp_path, 0.6)
    frame = events(model)
    begun = frame[frame.kind.isin([Kind.WANTED, Kind.RETRIED])]["attempt"]
    ended = frame[frame.kind.isin(ENDINGS)]["attempt"]
    assert begun.is_unique
    assert ended.is_unique
    assert set(begun) == set(ended) | set(model.crossings.under_way)
    assert len(begun) == len(ended) + len(model.crossings.under_way)
    truth = Accounts(model, model.log.columns()).truth
    assert truth["retried"] == (frame.kind == Kind.RETRIED).sum() > 0
    assert truth["wanted"] + truth["retried"] == truth["attempts"] + truth["under_way"]


def test_as_many_are_retried_as_the_probability_says(tmp_path: Path) -> None:
    """Of the interceptions long enough ago, that share is followed by a retry."""
    model = finished(tmp_path, 0.3)
    frame = events(model)
    caught = frame[frame.kind.isin(CAUGHT) & (frame.time + AFTER < model.clock)]["attempt"]
    retried = set(frame[frame.kind == Kind.RETRIED]["attempt"])
    followed = np.array([number + (1 << 40) in retried for number in caught])
    error = np.sqrt(0.3 * 0.7 / len(followed))
    assert len(followed) > 100
    assert followed.mean() == pytest.approx(0.3, abs=4.0 * error)
    assert followed.sum() == len(retried)


def test_retries_leave_what_is_wanted_alone(tmp_path: Path) -> None:
    """With or without retries, under any policy, the same attempts are wanted at the same time."""
    worlds = []
    for retry, policy in ((0.0, {}), (1.0, {}), (1.0, {"allocation__kind": "uniform"})):
        columns = finished(tmp_path, retry, **policy).log.columns()
        wanted = columns["kind"] == Kind.WANTED
        worlds.append([columns[name][wanted].tolist() for name in ("time", "attempt", "crime")])
    assert worlds[0] == worlds[1] == worlds[2]
    assert len(worlds[0][0]) > 400

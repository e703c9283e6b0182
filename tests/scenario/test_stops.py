"""Questions for a replay are checked like everything else, and are no part of a run."""

from pathlib import Path
from typing import Any

import pytest
from small_world import small_scenario

from sim.errors import InputErrors
from sim.outcomes import run


def test_a_stop_changes_neither_the_hash_nor_the_run(tmp_path: Path) -> None:
    """The same inputs with and without a question are the same inputs."""
    bare = small_scenario(tmp_path, time__days=2.0)
    asked = small_scenario(tmp_path, time__days=2.0, stops=[{"day": 1.0, "question": "why"}])
    assert asked.stops[0].answer == ""
    assert asked.inputs_sha256 == bare.inputs_sha256
    assert run(asked).outcomes == run(bare).outcomes


@pytest.mark.parametrize(
    ("stop", "problem"),
    [
        ({"day": 1.0}, r"stops.0.question: is missing"),
        ({"day": 1.0, "question": ""}, r"stops.0.question: "),
        ({"day": -1.0, "question": "why"}, r"stops.0.day: "),
        ({"day": 1.0, "question": "why", "anwser": "so"}, r"stops.0.anwser: unknown key .*answer"),
    ],
)
def test_a_stop_that_makes_no_sense_is_named(
    tmp_path: Path, stop: dict[str, Any], problem: str
) -> None:
    """Each error says which stop and which key."""
    with pytest.raises(InputErrors, match=problem):
        small_scenario(tmp_path, stops=[stop])

"""What an experiment file says for the report, and the study that the README shows."""

import json
from pathlib import Path

import pytest

from sim import Experiment
from sim.errors import BordersimError
from sim.lab import points_of

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("important", "said"),
    [
        ("{ detected = 1.0 }", "important names .*detected"),
        ("{ detection_rate = 0.0 }", "important.detection_rate"),
    ],
)
def test_what_matters_must_be_measured_and_above_nothing(
    folder: Path, tmp_path: Path, important: str, said: str
) -> None:
    """A threshold for an outcome that the experiment does not compare is an error, as is none."""
    text = (folder / "study.toml").read_text()
    broken = text.replace("{ detection_rate = 0.02 }", important)
    assert broken != text
    (tmp_path / "small.toml").write_text((folder / "small.toml").read_text())
    (tmp_path / "study.toml").write_text(broken)
    with pytest.raises(BordersimError, match=said):
        Experiment.load(tmp_path / "study.toml")


def test_the_reference_numbers_are_of_the_inputs_of_today() -> None:
    """The stored study of the agreed programmes has the policies and inputs of its files."""
    stored = ROOT / "results" / "reference" / "policies" / "provenance.json"
    told = json.loads(stored.read_text(encoding="utf-8"))
    points = points_of(Experiment.load(ROOT / "experiments" / "policies.toml"))
    assert len(points) >= 6
    assert [(each["name"], each["inputs_sha256"]) for each in told["points"]] == [
        (point.name, point.scenario.inputs_sha256) for point in points
    ]

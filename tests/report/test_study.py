"""What an experiment file says for the report, and the study that the README shows."""

import json
from pathlib import Path

import pytest

from sim import Experiment
from sim.errors import BordersimError
from sim.lab import compare, points_of
from sim.report import write_report

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


def test_a_baseline_alone_still_has_a_report(folder: Path, tmp_path: Path) -> None:
    """With nothing to compare, and nobody who tries, the page says so and is whole."""
    text = (folder / "study.toml").read_text()
    head = text.split("[[policies]]")[0].replace("days = 6", "days = 1")
    quiet = '{ "groups.0.attempts_per_day" = 0.000001, "groups.1.attempts_per_day" = 0.000001 }'
    path = folder / "alone.toml"
    path.write_text(f'{head}[[policies]]\nname = "alone"\nset = {quiet}\n')
    page = write_report(compare(Experiment.load(path), workers=1), tmp_path / "alone")
    assert "There is nothing to compare the baseline with." in page.read_text(encoding="utf-8")

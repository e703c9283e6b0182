"""What a researcher adds in Python works without editing the package, and only if allowed."""

from pathlib import Path

import pytest
from small_world import small_scenario

from sim import BorderModel, Scenario, run
from sim.errors import InputErrors
from sim.lab import points_of
from sim.outcomes import RunResult
from sim.scenario import Experiment

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "experiments" / "extending.toml"


@pytest.fixture(autouse=True)
def _from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Call from the folder that holds the example."""
    monkeypatch.syspath_prepend(str(ROOT))


def finished(tmp_path: Path, **changes: object) -> RunResult:
    """Run the small world with code of one's own."""
    small_scenario(tmp_path)
    overrides = {key.replace("__", "."): value for key, value in changes.items()}
    scenario = Scenario.load(tmp_path / "small.toml", overrides=overrides, allow_code=True)
    return run(scenario, seed=3)


def test_code_is_honoured_only_if_allowed() -> None:
    """Without leave every name of code is an error, with the file and what to do."""
    with pytest.raises(InputErrors) as caught:
        points_of(Experiment.load(EXAMPLE))
    text = str(caught.value)
    assert "experiments.extending:Loudspeaker" in text
    assert "--allow-code" in text


def test_an_instrument_of_ones_own_acts(tmp_path: Path) -> None:
    """Loudspeakers hand over what nobody else could; unheard, they are not there, bit for bit."""
    name = "experiments.extending:Loudspeaker"
    without = finished(tmp_path)
    deaf = finished(tmp_path, extensions=[{"instrument": name, "dose": {"hears": 0.0}}])
    heard = finished(tmp_path, extensions=[{"instrument": name, "dose": {"hears": 1.0}}])
    assert without.outcomes["handovers"] == 0
    assert heard.outcomes["handovers"] > 0
    assert deaf.outcomes["events_sha256"] == without.outcomes["events_sha256"]
    assert set(heard.costs) == {"loudspeaker"}
    assert heard.inputs_sha256 != without.inputs_sha256


def test_an_allocation_of_ones_own_decides(tmp_path: Path) -> None:
    """Patrols go to the middle of the sector, whatever is believed."""
    small_scenario(tmp_path)
    scenario = Scenario.load(
        tmp_path / "small.toml",
        overrides={"allocation.kind": {"AAA": "experiments.extending:middle_first", "BBB": "rota"}},
        allow_code=True,
    )
    model = BorderModel(scenario, rng=3)
    for _ in range(6):
        model.step()
        for post in model.posts.select(lambda post: post.side == "BBB"):
            assert len(set(post.plan.beats)) == len(post.plan.beats)
        assert {post.plan.beats for post in model.posts if post.side == "AAA"} == {(0,)}


def test_an_adversary_of_ones_own_chooses(tmp_path: Path) -> None:
    """A group that minds losses more goes elsewhere, once it has had one."""
    wary = finished(tmp_path, groups__0__adversary="experiments.extending:Wary")
    usual = finished(tmp_path)
    assert wary.outcomes["wanted"] == usual.outcomes["wanted"]
    assert wary.outcomes["events_sha256"] != usual.outcomes["events_sha256"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere.at_all:Thing", "cannot import nowhere.at_all"),
        ("experiments.extending:Nothing", "experiments.extending has no Nothing"),
        ("experiments.extending:Wary", "no subclass of Instrument"),
    ],
)
def test_code_that_does_not_fit_is_said_in_words(tmp_path: Path, name: str, told: str) -> None:
    """What cannot be imported, or is of another kind, is an error of the input."""
    with pytest.raises(Exception, match=told):
        finished(tmp_path, extensions=[{"instrument": name}])

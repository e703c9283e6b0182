"""EMA Workbench: a scenario as its model, and the search of the worked example."""

import importlib.util
import sys
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_world import SCENARIO, write_border

from sim import Experiment, run
from sim.errors import InputError
from sim.lab import points_of
from sim.lab.ema import PairedRuns, ema_model, ema_scenarios, ema_workbench, parameter_name

EXAMPLE = Path(__file__).parents[2] / "experiments" / "where_weekly_sharing_does_not_pay.py"

EXPERIMENT = """
format = 1
scenario = "small.toml"
design = "lhs"
samples = 5
days = 3
replications = 3
metrics = ["detection_rate", "patrol_hours"]
[[factors]]
key = "patrols.detection"
range = [0.1, 0.9]
[[factors]]
key = "groups.0.count"
range = [1, 4]
[[factors]]
key = "sharing.latency_hours"
scale = "log"
[[factors]]
key = "sharing.interval_days"
values = [1, "never"]
"""


@pytest.fixture
def experiment(tmp_path: Path) -> Experiment:
    """A small sampled experiment."""
    write_border(tmp_path / "border")
    (tmp_path / "small.toml").write_text(SCENARIO)
    (tmp_path / "experiment.toml").write_text(EXPERIMENT)
    return Experiment.load(tmp_path / "experiment.toml")


@pytest.fixture
def ema() -> ModuleType:
    """EMA Workbench, or no test."""
    if importlib.util.find_spec("ema_workbench") is None:
        pytest.skip("EMA Workbench is not installed")
    return ema_workbench()


def test_outcomes_are_means_of_the_same_runs(experiment: Experiment) -> None:
    """A call gives what runs of that scenario on the experiment's seeds give, and their spread."""
    point = points_of(experiment)[2]
    runs = [run(point.scenario, seed).outcomes for seed in (1, 2, 3)]
    named = {parameter_name(key): value for key, value in point.settings.items()}
    found = PairedRuns(experiment)(**named)
    for metric in experiment.metrics:
        assert found[metric] == pytest.approx(np.mean([each[metric] for each in runs]))
    assert found["detection_rate_half_width"] > 0.0


def test_paired_outcomes_are_differences_on_the_same_chance(experiment: Experiment) -> None:
    """Against itself a setting differs by exactly nothing; against another by what the runs say."""
    named = {"patrols__detection": 0.5, "sharing__interval_days": "never"}
    same = PairedRuns(experiment, against={"sharing.interval_days": "never"})(**named)
    assert set(same.values()) == {0.0}
    fewer = PairedRuns(experiment, against={"patrols.per_post": {"AAA": 1, "BBB": 1}})(**named)
    plain = PairedRuns(experiment)(**named)
    assert 0.0 < fewer["patrol_hours"] < plain["patrol_hours"]


def test_the_model_has_the_experiments_factors_and_outcomes(experiment, ema) -> None:
    """Levers are what was named so, uncertainties the rest, with their ranges and kinds."""
    model = ema_model(experiment, levers=["sharing.interval_days"])
    kinds = {each.name: type(each).__name__ for each in [*model.uncertainties, *model.levers]}
    assert kinds == {
        "patrols__detection": "RealParameter",
        "groups__0__count": "IntegerParameter",
        "sharing__latency_hours": "RealParameter",
        "sharing__interval_days": "CategoricalParameter",
    }
    assert [each.name for each in model.levers] == ["sharing__interval_days"]
    latency = model.uncertainties["sharing__latency_hours"]
    assert (latency.lower_bound, latency.upper_bound) == pytest.approx((0.1, 72.0))
    assert [each.name for each in model.outcomes] == [
        "detection_rate",
        "detection_rate_half_width",
        "patrol_hours",
        "patrol_hours_half_width",
    ]


@pytest.mark.filterwarnings("ignore")
def test_ema_workbench_runs_the_points_of_the_experiment(experiment, ema) -> None:
    """Its experiments are the sample that the seed draws, each with the outcomes of its runs."""
    model = ema_model(experiment)
    worlds, outcomes = ema.perform_experiments(model, scenarios=ema_scenarios(experiment))
    points = points_of(experiment)
    assert len(worlds) == len(points) == 5
    for place, name in enumerate(worlds["scenario"]):
        point = points[int(name.removeprefix("sample ")) - 1]
        runs = [run(point.scenario, seed).outcomes["detection_rate"] for seed in (1, 2, 3)]
        assert outcomes["detection_rate"][place] == pytest.approx(np.mean(runs))
        assert worlds["patrols__detection"].iloc[place] == point.settings["patrols.detection"]


@pytest.mark.filterwarnings("ignore")
def test_ema_workbenchs_own_sampling_reaches_the_scenario(experiment, ema) -> None:
    """Values that EMA Workbench draws, whole numbers and words among them, are understood."""
    model = ema_model(experiment, levers=["sharing.interval_days"])
    worlds, outcomes = ema.perform_experiments(model, scenarios=3, policies=2)
    assert len(worlds) == 6
    assert np.isfinite(outcomes["patrol_hours"]).all()


def test_a_design_without_ranges_is_no_model(experiment: Experiment, ema) -> None:
    """A lever that is no factor and a design that compares are refused."""
    with pytest.raises(InputError, match="no factors"):
        ema_model(experiment, levers=["hotline.minutes"])
    factorial = experiment.model_copy(update={"design": "factorial"})
    with pytest.raises(InputError, match="no ranges to sample"):
        ema_model(factorial)


def test_without_ema_workbench_it_says_what_to_install(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has not installed the extra is told so."""
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    with pytest.raises(InputError, match="bordersim\\[ema\\]"):
        ema_model(experiment)


def example() -> Any:
    """Import the worked example."""
    spec = importlib.util.spec_from_file_location("worked_example", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_worked_example_finds_a_planted_region(ema) -> None:
    """Worlds that fail where two factors are low are boxed, and judged on those not searched."""
    random = np.random.default_rng(1)
    worlds = pd.DataFrame(random.random((400, 3)), columns=["a", "b", "c"])
    planted = (worlds["a"] < 0.5) & (worlds["b"] < 0.4)
    worlds["harm_prevented_share"] = np.where(planted, -1.0, 1.0)
    worlds["harm_prevented_share_half_width"] = 0.5
    module = example()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        box = module.box_of(worlds[["a", "b", "c"]], planted)
        told = module.report(worlds, ["a", "b", "c"], "harm_prevented_share")
    assert set(box) == {"a", "b"}
    assert box["a"][1] == pytest.approx(0.5, abs=0.06)
    assert box["b"][1] == pytest.approx(0.4, abs=0.06)
    held = module.inside(worlds, box)
    assert planted[held].mean() > 0.9
    assert "judged: base rate" in told

"""What Mesa users know works here as they know it."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest
from small_world import small_scenario

from sim.agents import Patrol, Post, SmugglingGroup
from sim.engine import BorderModel, Kind, engines, events_sha256
from sim.engine.compiled.model import CompiledModel
from sim.engine.engines import model_of
from sim.errors import InputError
from sim.scenario import Scenario

HAS_TIME = hasattr(mesa.Model, "run_for")
HAS_SCENARIOS = hasattr(mesa.Model, "scenario")
SHIFTS = 36
"""Of eight hours, in the twelve days of the small world."""


def intercepted(model: BorderModel) -> int:
    """Interceptions so far."""
    kinds = (Kind.INTERCEPTED, Kind.HANDED_OVER, Kind.INTERCEPTED_JOINTLY)
    return int(np.isin(model.log.columns()["kind"], kinds).sum())


class Watched(BorderModel):
    """A border that collects at every step, as the models in Mesa's own tutorials do."""

    def __init__(self, scenario: Scenario, rng: int = 1) -> None:
        super().__init__(scenario, rng)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "hours": "clock",
                "intercepted": intercepted,
                "under way": lambda model: len(model.crossings.under_way),
            },
            agent_reporters={"number": "number"},
            agenttype_reporters={
                Post: {"debt": "debt_hours", "partners": lambda post: len(post.partners.trust)},
                SmugglingGroup: {"next": "next_wanted"},
            },
        )

    def step(self) -> None:
        """Run one shift and collect."""
        super().step()
        self.datacollector.collect(self)


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    """The small world, with weekly sharing."""
    return small_scenario(tmp_path, sharing__interval_days=7)


def test_agents_have_numbers_of_their_own(scenario: Scenario) -> None:
    """From 1 in every model, and those that somebody adds as well."""
    for _ in range(2):
        model = BorderModel(scenario)
        mesa.Agent(model)
        numbers = [agent.unique_id for agent in model.agents]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("kind", [BorderModel, CompiledModel])
def test_a_model_that_nobody_holds_is_gone(kind: type[BorderModel], scenario: Scenario) -> None:
    """With all its agents and columns, at the next look of the collector of garbage."""
    model = kind(scenario)
    model.run_model()
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


@pytest.fixture
def looks() -> Iterator[list[int]]:
    """Generations that the collector of garbage, which looks often here, has looked at."""
    seen: list[int] = []

    def note(phase: str, told: dict[str, int]) -> None:
        if phase == "start":
            seen.append(told["generation"])

    before, was_at_work = gc.get_threshold(), gc.isenabled()
    gc.set_threshold(10)
    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)
    gc.set_threshold(*before)
    (gc.enable if was_at_work else gc.disable)()


@pytest.mark.parametrize("is_large", [True, False])
def test_the_collector_rests_while_a_large_model_is_made(
    is_large: bool, scenario: Scenario, looks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it has let go of what earlier runs left; then it is at work as before."""
    posts = len(BorderModel(scenario).posts_by_number)
    monkeypatch.setattr(engines, "_LARGE", posts + (0 if is_large else 1))
    looks.clear()
    model_of(scenario, 1, "agents")
    assert gc.isenabled()
    assert (2 in looks and len(looks) < 10) if is_large else len(looks) > 20
    gc.disable()
    model_of(scenario, 1, "agents")
    assert not gc.isenabled()


def test_the_collector_goes_on_after_a_model_that_cannot_be_made(
    scenario: Scenario, looks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was before."""
    monkeypatch.setattr(engines, "_LARGE", 0)
    with pytest.raises(InputError, match="seed"):
        model_of(scenario, -1, "agents")
    assert gc.isenabled()


def undisturbed(scenario: Scenario, rng: int = 1) -> str:
    """Hash of what happens when nobody looks."""
    model = BorderModel(scenario, rng)
    model.run_model()
    return events_sha256(model.log.columns())


def test_a_data_collector_in_a_subclass_sees_every_shift(scenario: Scenario) -> None:
    """Reporters of model, agents and kinds of agent give a row for each step, and change none."""
    model = Watched(scenario)
    model.run_model()

    of_model = model.datacollector.get_model_vars_dataframe()
    assert of_model["hours"].tolist() == [8.0 * step for step in range(1, SHIFTS + 1)]
    assert of_model["intercepted"].is_monotonic_increasing
    assert of_model["intercepted"].iloc[-1] == intercepted(model) > 0
    of_agents = model.datacollector.get_agent_vars_dataframe()
    assert of_agents.groupby("Step").size().tolist() == [len(model.agents)] * SHIFTS
    of_posts = model.datacollector.get_agenttype_vars_dataframe(Post)
    assert list(of_posts) == ["debt", "partners"]
    assert of_posts.xs(SHIFTS, level="Step")["partners"].gt(0).any()
    of_groups = model.datacollector.get_agenttype_vars_dataframe(SmugglingGroup)
    assert len(of_groups) == SHIFTS * len(model.groups)
    assert events_sha256(model.log.columns()) == undisturbed(scenario)


def test_a_data_collector_can_be_attached_from_outside(scenario: Scenario) -> None:
    """A collector assigned to a model and called between steps records the model's attributes."""
    model = BorderModel(scenario)
    model.datacollector = mesa.DataCollector(model_reporters={"hours": "clock", "shift": "steps"})
    while model.running:
        model.step()
        model.datacollector.collect(model)

    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["shift"].tolist() == list(range(1, SHIFTS + 1))
    assert frame["hours"].iloc[-1] == model.end


def test_agents_are_found_by_their_type(scenario: Scenario) -> None:
    """Mesa's registers and the model's own AgentSets hold the same agents."""
    model = BorderModel(scenario)

    assert set(model.agent_types) == {Post, Patrol, SmugglingGroup}
    for kind, own in ((Post, model.posts), (Patrol, model.patrols), (SmugglingGroup, model.groups)):
        assert list(model.agents_by_type[kind]) == list(own)
    assert len(model.agents) == len(model.posts) + len(model.patrols) + len(model.groups)
    assert {agent.model for agent in model.agents} == {model}


def test_agent_sets_select_get_aggregate_and_do(scenario: Scenario) -> None:
    """The idioms of AgentSet work on posts."""
    model = BorderModel(scenario)
    model.step()

    here = model.posts.select(lambda post: post.side == "AAA")
    assert here
    assert [post.side for post in here] == ["AAA"] * len(here)
    assert here.get("number") == [post.number for post in here]
    assert model.posts.agg("number", max) == len(model.posts) - 1
    assert model.posts.groupby("side").count()["AAA"] == len(here)
    assert model.patrols.groupby("post").count()[0] == 3
    assert model.posts.map("on_duty", 0) == [post.on_duty(0) for post in model.posts]
    model.posts.do("motorise", 1.0)
    model.posts.set("debt_hours", 2.0)
    assert set(model.posts.shuffle_do("motorise", 1.0).get("debt_hours")) == {2.0}


def test_shuffling_and_drawing_from_mesa_does_not_change_what_happens(tmp_path: Path) -> None:
    """Neither the order of AgentSets nor Mesa's own generators have a part in a run."""
    doses = {"sharing__interval_days": 0, "sharing__plans": True, "hotline__works": 0.7}
    scenario = small_scenario(
        tmp_path, **doses, twinning__groups="facing", allocation__kind="thompson"
    )
    model = BorderModel(scenario)
    orders = set()
    while model.running:
        for agents in (model.agents, model.posts, model.patrols, model.groups):
            agents.shuffle(inplace=True)
        model.posts.shuffle_do("on_duty", 0)
        orders.add(tuple(model.posts.get("number")))
        model.random.random()
        model.rng.random()
        model.step()

    assert len(orders) > 5
    assert events_sha256(model.log.columns()) == undisturbed(scenario)


def test_steps_after_the_end_do_nothing(scenario: Scenario) -> None:
    """Mesa's loops may step on; nothing happens after the end of the run."""
    model = BorderModel(scenario)
    model.run_model()
    model.step()

    assert (model.clock, model.running) == (model.end, False)
    assert events_sha256(model.log.columns()) == undisturbed(scenario)


@pytest.mark.skipif(not HAS_TIME, reason="needs Model.run_for, of Mesa 3.5")
def test_mesas_clock_runs_the_model(scenario: Scenario) -> None:
    """A unit of Mesa's time is a shift; running on past the end does no harm."""
    model = BorderModel(scenario)
    model.run_for(4)
    assert (model.clock, model.shift_number) == (32.0, 4)
    model.run_until(SHIFTS + 10)
    assert events_sha256(model.log.columns()) == undisturbed(scenario)


def sweep(scenarios: list[Scenario], seeds: list[int]) -> list[dict[str, Any]]:
    """Run the sweep of Mesa with seeds, which older versions take as a parameter like others."""
    choices: dict[str, Any] = {"scenario": scenarios}
    if HAS_TIME:
        return mesa.batch_run(Watched, choices, rng=seeds, max_steps=100, display_progress=False)
    choices["rng"] = seeds
    return mesa.batch_run(Watched, choices, max_steps=100, display_progress=False)


def test_a_batch_run_sweeps_scenarios_and_seeds(tmp_path: Path) -> None:
    """Every pair of scenario and seed gives what a run of its own gives."""
    scenarios = [small_scenario(tmp_path, time__days=3, patrols__detection=x) for x in (0.1, 0.9)]
    rows = sweep(scenarios, [1, 2])

    last = {(row["scenario"].patrols.detection, row["rng"]): row["intercepted"] for row in rows}
    expected = {}
    for scenario in scenarios:
        for seed in (1, 2):
            model = BorderModel(scenario, seed)
            model.run_model()
            expected[scenario.patrols.detection, seed] = intercepted(model)
    assert last == expected
    assert len(set(expected.values())) > 1


def test_a_sweep_with_a_scenario_outside_a_list_is_refused(scenario: Scenario) -> None:
    """Mesa would take a scenario apart into its tables, since they can be iterated over."""
    with pytest.raises(InputError, match=r"scenario: .* is no scenario \(.*in a list"):
        mesa.batch_run(Watched, {"scenario": scenario}, display_progress=False)


@pytest.mark.skipif(not HAS_SCENARIOS, reason="needs Model.scenario, of Mesa 3.5")
def test_a_scenario_of_mesa_can_hold_the_doses(tmp_path: Path) -> None:
    """A model that takes a scenario of Mesa's makes ours from it; Mesa keeps its own."""
    from mesa.experimental.scenarios import Scenario as MesaScenario

    class Dose(MesaScenario):
        days: int = 2
        detection: float = 0.5

    class Dosed(BorderModel):
        def __init__(self, scenario: Dose) -> None:
            changes = {"time__days": scenario.days, "patrols__detection": scenario.detection}
            super().__init__(small_scenario(tmp_path, **changes), rng=scenario.rng)
            self.scenario = scenario

    results = {}
    for dose in (Dose(rng=seed, detection=share) for seed in (1, 2) for share in (0.0, 0.9)):
        model = Dosed(dose)
        with pytest.raises(ValueError, match="during model run"):
            dose.days = 5
        model.run_model()
        assert {post.scenario for post in model.posts} == {dose}
        assert model.clock == 48.0
        results[dose.rng, dose.detection] = intercepted(model)
    assert results[1, 0.0] == results[2, 0.0] == 0
    assert min(results[1, 0.9], results[2, 0.9]) > 0


class DesertedPost(Post):
    """A post of AAA that sends nobody out."""

    def on_duty(self, shift_number: int) -> list[Patrol]:
        """Nobody on the side of AAA."""
        return [] if self.side == "AAA" else super().on_duty(shift_number)


def test_a_subclass_of_an_agent_takes_its_place(tmp_path: Path) -> None:
    """Where all posts of a side stay at home, only the other side detects anything."""
    scenario = small_scenario(tmp_path, community__reports=0.0)

    def detecting(**agent_classes: Any) -> set[int]:
        model = BorderModel(scenario, **agent_classes)
        model.run_model()
        columns = model.log.columns()
        return set(columns["side"][columns["kind"] == Kind.DETECTED].tolist())

    assert detecting() == {0, 1}
    assert detecting(agent_classes={"post": DesertedPost}) == {1}


def test_numpy_seeds_are_whole_numbers_too(scenario: Scenario) -> None:
    """Seeds made by NumPy, as Mesa's sweeps take them, are those of plain numbers."""
    assert undisturbed(scenario, np.int64(5)) == undisturbed(scenario, 5)


# Solara finds fault with a component of Mesa 3.3 itself.
@pytest.mark.filterwarnings("ignore:Failed to validate hooks:UserWarning")
class TestSolaraViz:
    """Mesa's live view of the model: `pip install 'bordersim[play]'`."""

    @pytest.fixture
    def shown(self, scenario: Scenario) -> Iterator[tuple[Any, Any]]:
        """Render a border with a plot and a component of one's own, and give the model too."""
        solara = pytest.importorskip("solara", reason="needs bordersim[play]")
        from mesa.visualization import SolaraViz, make_plot_component

        def clock(model: BorderModel) -> Any:
            return solara.Text(f"hour {model.clock:g}, {type(model.stage.scenario).__name__}")

        model = solara.reactive(Watched(scenario))
        page = SolaraViz(
            model,
            components=[make_plot_component("intercepted"), clock],
            model_params={
                "scenario": scenario,
                "rng": {"type": "SliderInt", "value": 3, "min": 1, "max": 9, "step": 1},
            },
        )
        # The controls are in the side bar, which is shown as part of a whole page only.
        _, rendered = solara.render(solara.AppLayout(children=[page]), handle_error=False)
        yield model, rendered
        rendered.close()

    @staticmethod
    def press(rendered: Any, label: str) -> None:
        """Press a button."""
        import ipyvuetify

        rendered.find(ipyvuetify.Btn, children=[label]).widget.click()

    def test_the_buttons_step_and_reset_the_model(self, shown: tuple[Any, Any]) -> None:
        """Each press of Step is a shift; Reset makes the same scenario anew, with the seed set."""
        model, rendered = shown
        self.press(rendered, "Step")
        self.press(rendered, "Step")
        assert model.value.clock == 16.0
        rendered.find(children=["hour 16, Scenario"]).assert_single()
        old = model.value
        self.press(rendered, "Reset")
        assert model.value is not old
        assert (model.value.clock, model.value.stage.chance.seed) == (0.0, 3)
        assert model.value.stage.scenario is old.stage.scenario
        self.press(rendered, "Step")
        assert model.value.clock == 8.0

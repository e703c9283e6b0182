"""What the benchmarks compare does comparable things; how long it takes is not tested."""

import importlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sim import BorderModel, Scenario, run

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "experiments" / "benchmarks"
DAYS = 10

DETECTED = 0.315
"""Share of attempts that patrols detect in the moves of `moves.py`, over a long run of each."""


@pytest.fixture(autouse=True)
def _beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Import from the folder, as the command does."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))


@pytest.fixture
def scenario() -> Scenario:
    """Some days of the Vietnam–Laos line."""
    path = ROOT / "scenarios" / "vietnam_laos.toml"
    return Scenario.load(path, overrides={"time.days": DAYS})


def part(name: str) -> ModuleType:
    """Import a module of the benchmarks."""
    return importlib.import_module(name)


def wanted_per_day(scenario: Scenario) -> float:
    """Attempts that all groups together want."""
    return sum(kind.count * kind.attempts_per_day for kind in scenario.groups)


@pytest.mark.parametrize("tick_hours", [0.25, 1.0])
def test_the_tick_model_is_of_the_same_border(scenario: Scenario, tick_hours: float) -> None:
    """As many posts, patrols, groups and attempts, and about as many detections, as the engine."""
    model = part("idiomatic_mesa").TickModel(scenario, tick_hours)
    model.run_days(DAYS)
    by_name = {kind.__name__: len(them) for kind, them in model.agents_by_type.items()}
    ours = BorderModel(scenario, rng=1)
    assert by_name["Post"] == len(ours.posts)
    assert by_name["Patrol"] == len(ours.patrols)
    assert by_name["Group"] == len(ours.groups)
    counts, under_way = model.counts, by_name.get("Crossing", 0)
    expected = wanted_per_day(scenario) * DAYS
    assert counts["attempts"] == pytest.approx(expected, abs=5 * expected**0.5)
    assert counts["attempts"] == counts["passed"] + counts["intercepted"] + under_way
    share = counts["detected"] / counts["attempts"]
    outcomes = run(scenario, seed=1).outcomes
    assert share == pytest.approx(outcomes["detection_rate"], rel=0.4)
    assert 0 < counts["intercepted"] <= counts["detected"]


@pytest.mark.parametrize("name", ["mesa_peer:MesaPeer", "agentpy_peer:AgentpyPeer", "numpy_peer"])
def test_peers_make_the_same_moves(scenario: Scenario, name: str) -> None:
    """Each framework has as many attempts as groups want, and detects the same share of them."""
    if name.startswith("agentpy"):
        pytest.importorskip("agentpy")
    moves = part("moves").moves_of(scenario)
    module, _, attribute = name.partition(":")
    peer: Any = getattr(part(module), attribute or "NumpyPeer")(moves)
    peer.advance(round(DAYS * 24.0 / part("moves").TICK_HOURS))
    # Who is caught is home sooner, so that there are a few more.
    expected = moves.attempts_per_day * DAYS
    assert peer.attempts == pytest.approx(expected, rel=0.05, abs=5 * expected**0.5)
    assert peer.detected / peer.attempts == pytest.approx(DETECTED, abs=0.08)


def test_moves_are_of_the_scenario(scenario: Scenario) -> None:
    """Patrols on duty and groups are as many as there are, and several lines are so many times."""
    moves, many = (part("moves").moves_of(scenario, lines) for lines in (1, 3))
    model = BorderModel(scenario, rng=1)
    assert len(moves.beats) == len(model.patrols) / scenario.patrols.duty_cycle_shifts
    assert len(moves.options) == len(model.groups)
    assert many.agents == 3 * moves.agents
    assert many.beats == sorted(many.beats)


def test_a_straight_border_is_in_proportion(tmp_path: Path) -> None:
    """Twice the line has twice of everything, and runs with every instrument."""
    sizes = part("sizes")
    small, large = (
        BorderModel(sizes.write_world(tmp_path / str(n), n, days=1.0), rng=1) for n in (110, 220)
    )
    for model, share in ((small, 0.5), (large, 1.0)):
        assert len(model.border) == 220 * share
        assert len(model.groups) == 76 * share
        assert len(model.stage.world.skies) == 20 * share
        assert len(model.posts) == pytest.approx(111 * share, rel=0.1)
        assert len(model.stage.world.settlements) == pytest.approx(312 * share, rel=0.05)
    small.run_model()
    assert {each.name for each in small.instruments} >= {"sharing", "residential_twinning"}


def test_exponents_are_of_power_laws() -> None:
    """Cost that grows with the square of the size has exponent 2."""
    points = [(n, 3.0 * n**2) for n in (220, 2_200, 22_000)]
    assert part("sizes").fitted_exponent(points) == pytest.approx(2.0)


def test_processes_are_of_code_that_there_is() -> None:
    """Every file, folder and function that is said to be part of a process exists."""
    processes = part("processes")
    for file in processes.PROCESS_OF_FILE:
        assert (ROOT / file).exists(), file
    for file, function in processes.PROCESS_OF_FUNCTION:
        assert f"def {function}(" in (ROOT / file).read_text(encoding="utf-8"), (file, function)


def test_clocks_are_in_code_that_there_is() -> None:
    """Every compiled function that is said to be of a process exists, and each process has some."""
    shares = part("compiled_shares")
    for named in shares.PROCESS_OF:
        module, _, function = named.partition(".")
        assert hasattr(importlib.import_module(f"sim.engine.compiled.{module}"), function), named
    assert {*shares.PROCESS_OF.values(), shares.PROCESSES[0]} == set(shares.PROCESSES)


def test_a_clock_tells_who_had_the_time() -> None:
    """A process has the time from when it begins to when it ends, but for that of another in it."""
    if reason := part("processes").lacks_counter():
        pytest.skip(reason)
    shares = part("compiled_shares")
    deciding, routes = (
        shares.PROCESSES.index(each) for each in ("deciding", "routes and coverage")
    )

    def work(times: int) -> float:
        together = 0.0
        for number in range(times):
            together += 1.0 / (together + number + 1.0)
        return together

    inner = shares.clocked(work, "routes and coverage")

    def caller(times: int) -> float:
        together = 0.0
        for _ in range(10):
            together += inner(times)
        return together

    outer = shares.clocked(caller, "deciding")
    called = shares.njit(lambda times: outer(times))
    called(1)
    shares.start()
    called(200_000)
    shares.hand_over(0)
    switches = shares._BOOK[shares._SWITCHES :]
    assert (switches[deciding], switches[routes]) == (11, 10)
    spent = shares.cycles()
    assert spent["routes and coverage"] > 9.0 * spent["deciding"]


def test_shares_of_processes_make_up_the_time() -> None:
    """Nothing of a profile is lost, and what cannot be ascribed is little."""
    rows = {row.what.partition(": ")[2]: row.value for row in part("processes").shares(days=1)}
    assert sum(rows.values()) == pytest.approx(100.0, abs=1.0)
    assert rows.get("other", 0.0) < 2.0
    assert {"deciding", "routes and coverage", "encounters", "events", "reports"} <= set(rows)


def test_costs_are_of_everything_named() -> None:
    """Draw, encounter and report of either engine can be timed."""
    processes = part("processes")
    for calls in (processes.agents_calls(), processes.compiled_calls_here()):
        assert tuple(calls) == processes.COSTS
        for call in calls.values():
            call(3)


def test_set_up_and_simulation_are_the_run(scenario: Scenario) -> None:
    """What is timed as simulation alone ends where the run does, on either engine."""
    engines = part("engines")
    for engine in engines.engines():
        simulate = engines.set_up(engine, scenario, seed=2)
        simulate()
        model = simulate.__self__
        assert model.clock == model.end
        assert (type(model) is BorderModel) == (engine == engines.AGENTS)


def test_the_command_writes_table_and_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The parts asked for are measured; machine, versions and why something is missing are told."""
    assert part("run").main(["--quick", "--only", "peers", "--out", str(tmp_path)]) == 0
    table = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert table in capsys.readouterr().out
    told = json.loads((tmp_path / "benchmarks.json").read_text(encoding="utf-8"))
    assert {"CPU", "cores", "RAM"} <= set(told["machine"])
    assert {"Python", "numpy", "mesa", "agentpy", "commit"} <= set(told["versions"])
    rows = {row["what"]: row for row in told["parts"]["peers"]}
    assert rows["NumPy"]["value"] > 0.0
    assert rows["agentpy"]["value"] or "left out" in rows["agentpy"]["note"]

"""What depends on the world alone is worked out once, and no run sees what another did to it."""

from pathlib import Path

import pytest
from small_world import small_scenario, write_border

from sim import run
from sim.engine import BorderModel
from sim.scenario import Scenario
from sim.world import build_world, world
from sim.world.sites import travel_hours

LINKS = {"twinning__groups": "facing", "hotline__works": 0.7, "sharing__interval_days": 1}


def ties(scenario: Scenario) -> set[str]:
    """Give the kinds of ties in the world of a scenario as it is built."""
    told = build_world(scenario).communication.edges(data="tie")
    return {tie for _, _, tie in told}


def test_runs_share_a_world_but_no_links(tmp_path: Path) -> None:
    """Two runs have one line and one set of posts; links that one adds are its own."""
    scenario = small_scenario(tmp_path, **LINKS)
    before = ties(scenario)
    first, second = (BorderModel(scenario, rng=seed).stage.world for seed in (1, 2))
    assert first.segments is second.segments
    assert first.roads is second.roads
    assert first.communication is not second.communication
    assert "twin" in {tie for _, _, tie in first.communication.edges(data="tie")}
    assert ties(scenario) == before
    assert "twin" not in before


def test_what_ran_before_does_not_show(tmp_path: Path) -> None:
    """Runs on a shared world, of other policies and seeds in turn, are those on a world of its own.

    The first of the policies brings links, and another that takes them away, into force on the way.
    """
    change = {"kind": "policy_change", "day": 3.0, "set": {"twinning.groups": "none"}}
    scenarios = [
        small_scenario(tmp_path, time__days=8, **LINKS, injects=[change]),
        small_scenario(tmp_path, time__days=8),
        small_scenario(tmp_path, time__days=8, **LINKS | {"sharing__scope": "province"}),
    ]
    turns = [(scenario, seed) for seed in (1, 2) for scenario in scenarios]
    shared = [run(*turn).outcomes["events_sha256"] for turn in turns + turns[::-1]]
    alone = []
    for turn in turns:
        world._kept.clear()
        alone.append(run(*turn).outcomes["events_sha256"])
    assert shared == alone + alone[::-1]
    assert len(set(alone)) == len(alone)


def test_border_data_that_changed_are_read_again(tmp_path: Path) -> None:
    """The same scenario has another world once other data lie in its folder."""
    scenario = small_scenario(tmp_path)
    before = build_world(scenario)
    write_border(tmp_path / "border", segments=9)
    assert (len(before.segments), len(build_world(scenario).segments)) == (6, 9)
    (tmp_path / "border" / "gates.csv").write_text("gate,kind,segment\nMain,main,4\n")
    assert build_world(scenario).segments[4].gate == "main"


def test_only_a_few_worlds_are_kept(tmp_path: Path) -> None:
    """Worlds of many scenarios do not add up."""
    for spacing in range(5, 15):
        build_world(small_scenario(tmp_path, world__settlement_spacing_km=float(spacing)))
    assert len(world._kept) <= 3


@pytest.mark.parametrize("wanted", [1, 12, 30, 500])
def test_ways_are_those_that_a_search_of_the_whole_line_finds(tmp_path: Path, wanted: int) -> None:
    """Looking near both ends alone leaves out no goal and no segment, ties included."""
    write_border(tmp_path / "border", segments=150)
    here = build_world(small_scenario(tmp_path, world__settlement_spacing_km=4.0))
    scenario = small_scenario(tmp_path, world__settlement_spacing_km=4.0)
    for home in [place for place in here.settlements if place.side == "AAA"][::31]:
        out = travel_hours(here.border, scenario, home)
        across = [place for place in here.settlements if place.side == "BBB"]
        across.sort(key=lambda place: (out[place.segment], place.number))
        goals = here.roads.goals(home, "BBB")
        assert goals == across[:5]
        for goal in (goals[0], goals[-1], across[-1]):
            onward = travel_hours(here.border, scenario, goal)
            both = {number: out[number] + onward[number] for number in out}
            ranked = sorted(both, key=lambda number: (both[number], number))[:wanted]
            assert list(here.roads.ways(home, goal, wanted).items()) == [
                (number, both[number]) for number in ranked
            ]

"""`bordersim optimum`: the game, and shares of the achievable, for people and for programs."""

import json

import pytest


def test_the_game_alone_is_told_for_people(bordersim, scenario):
    """Values by who plans, and coverage by province of either side, without a single run."""
    call = bordersim("optimum", scenario, "--replications", 0)
    assert call.code == 0
    assert "both sides as one" in call.out
    assert "Dien Bien" in call.out
    assert "Share of the achievable" not in call.out


def test_the_game_is_told_for_programs(bordersim, scenario):
    """One document: acting as one prevents more than each alone, and direct ties lie between."""
    call = bordersim(
        "optimum", scenario, "--policy", "twinning_and_hotline", "--replications", 0, "--json"
    )
    told = json.loads(call.out)
    prevented = {name: each["prevented"] for name, each in told["games"].items()}
    assert prevented["alone"] < prevented["linked"] <= prevented["together"] < 1.0
    assert len(told["segments"]) == 220
    assert sum(each["teams"]["VNM"] for each in told["segments"]) == pytest.approx(152)
    assert "achievable" not in told


def test_policies_are_scored_on_a_common_chance(bordersim, scenario):
    """Days of a stretch on two seeds: every policy, floor and ceilings, with what they rest on."""
    stretch = scenario.with_name("dien_bien_phongsaly.toml")
    words = ("--policy", "none", "--policy", "twinning_and_hotline", "--days", 5)
    call = bordersim("optimum", stretch, *words, "--replications", 2, "--json")
    told = json.loads(call.out)["achievable"]
    assert told["seeds"] == [1, 2]
    assert told["days"] == 5.0
    assert set(told["allocation_of_floor"]) == {"VNM", "LAO"}
    assert told["oracle_slack"] >= 1.0
    assert set(told["shares"]) == {"none", "twinning_and_hotline"}
    for limits in told["limits"].values():
        assert limits[limits["ceiling"]] == max(limits["equilibrium"], limits["oracle"])


@pytest.mark.parametrize("count", [1, -2])
def test_too_few_runs_are_refused(bordersim, scenario, count):
    """One run has no interval."""
    call = bordersim("optimum", scenario, f"--replications={count}")
    assert call.code == 2
    assert "two or more" in call.err

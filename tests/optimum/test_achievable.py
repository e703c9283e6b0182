"""Floor and ceilings: placed as they say, the same on both engines, and in the right order."""

import numpy as np
import pytest
from small_world import small_scenario

from sim.engine import BorderModel
from sim.engine.engines import model_of
from sim.optimum.achievable import as_one, best_alone, directed, limits_of
from sim.optimum.directing import Equilibrium, Oracle
from sim.outcomes import run
from sim.outcomes.result import result_of
from sim.rules.security import comb_sample


def placed_by(director: Equilibrium | Oracle, shifts: int) -> np.ndarray:
    """Give how often a director sends a patrol on each segment, by side, over some shifts."""
    posts = director.board.posts
    counts = np.zeros((len(director.board.world.segments), 2))
    for shift in range(shifts):
        for post, beats in zip(posts, director.deploy(shift), strict=True):
            for beat in beats:
                for segment in post.beats[beat].segments:
                    sides = director.board.world.segments[segment].sides
                    counts[segment, sides.index(post.side)] += 1
    return counts / shifts


def test_the_equilibrium_is_drawn_as_often_as_the_game_says(tmp_path):
    """Over a thousand shifts, within four standard errors of a share."""
    director = Equilibrium(BorderModel(small_scenario(tmp_path)))
    expected = director.coverage.teams
    assert placed_by(director, 1000) == pytest.approx(expected, abs=4 * 0.5 / np.sqrt(1000))


def test_every_post_has_all_its_teams_out_in_every_shift(tmp_path):
    """Neither director leaves anybody at home, or sends out who is not on duty."""
    scenario = small_scenario(tmp_path, patrols__per_post=6)
    for director in (Equilibrium(BorderModel(scenario)), Oracle(BorderModel(scenario))):
        for shift in range(30):
            assert [len(beats) for beats in director.deploy(shift)] == [2] * len(
                director.board.posts
            )


def test_posts_draw_their_beats_as_the_comb_of_the_rules_does(tmp_path):
    """For each post and shift the rule gives the same with the same tooth."""
    director = Equilibrium(BorderModel(small_scenario(tmp_path)))
    placements, placed = director.board.placements, director.coverage.placed
    for shift in range(20):
        beats, tooth = director.deploy(shift), director.teeth(shift)
        for number in range(len(beats)):
            mine = np.flatnonzero(placements.post == number)
            drawn = comb_sample(placed[mine].tolist(), float(tooth[number]))
            assert beats[number] == placements.beat[mine][drawn].tolist()


def test_sides_of_the_equilibrium_meet_less_often_than_by_chance(tmp_path):
    """Their combs are shifted against each other."""
    director = Equilibrium(BorderModel(small_scenario(tmp_path)))
    teams, met, shifts = director.coverage.teams, 0.0, 400
    for shift in range(shifts):
        there = np.zeros_like(teams)
        for post, beats in zip(director.board.posts, director.deploy(shift), strict=True):
            for beat in beats:
                segment = post.beats[beat].segments[0]
                sides = director.board.world.segments[segment].sides
                there[segment, sides.index(post.side)] = 1.0
        met += there.prod(axis=1).sum() / shifts
    assert met < 0.75 * teams.prod(axis=1).sum()


def test_the_oracle_goes_where_groups_want_to_go(tmp_path):
    """With all flow on one segment, both who hold it are there, and prevent nearly all they can."""
    director = Oracle(BorderModel(small_scenario(tmp_path)), look_every=1)
    here = director.board.attacks.segment == 2
    director.flows = lambda shift: here.astype(float)
    assert (placed_by(director, 3)[2] >= 1.0).all()
    assert director.prevented <= director.possible * (1.0 + 1e-9)
    assert director.prevented >= 0.9 * director.possible


def test_what_the_oracle_expects_is_what_groups_want(tmp_path):
    """Summed over a day it is all harm that groups would do in one."""
    director = Oracle(BorderModel(small_scenario(tmp_path)))
    day = sum(director.flows(shift).sum() for shift in range(3))
    assert day == pytest.approx(director.board.harm.sum())


@pytest.mark.parametrize("adversary", ["ewa", "suqr", "best_response"])
@pytest.mark.parametrize("director", [Equilibrium, Oracle])
def test_both_engines_give_the_same_events_under_direction(tmp_path, director, adversary):
    """So ceilings can be run by compiled code; the oracle reads what groups have learned there."""
    kinds = {f"groups__{n}__adversary": adversary for n in (0, 1)}
    scenario = as_one(small_scenario(tmp_path, **kinds))
    hashes = []
    for engine in ("agents", "compiled"):
        model = model_of(scenario, 4, engine)
        director(model)
        model.run_model()
        hashes.append(result_of(model, engine).outcomes["events_sha256"])
    assert hashes[0] == hashes[1]


def test_as_one_every_early_detection_reaches_the_other_side(tmp_path):
    """An alert for each, and handovers among them."""
    outcomes = directed(as_one(small_scenario(tmp_path, time__days=60)), 1, Oracle)[0].outcomes
    assert outcomes["alerts"] > 0
    assert outcomes["handovers"] > 0
    assert outcomes["coordination_hours"] == 0.0


def test_sides_alone_take_the_allocation_that_does_best(tmp_path):
    """No other pair of kinds does better on the pilots by changing one of them."""
    scenario = small_scenario(tmp_path)
    found = best_alone(scenario, "harm_prevented_share", 1)
    kinds = found.policy.allocation.kind
    assert set(kinds) == {"AAA", "BBB"}
    assert found.policy.hotline is None
    assert run(found, 1).outcomes["alerts"] == 0


def test_ceilings_are_above_the_floor(tmp_path):
    """On a small line over forty days, and the oracle's slack is a bound."""
    scenario = small_scenario(tmp_path, time__days=40, patrols__per_post=3)
    limits = limits_of(scenario, (1, 2, 3), pilots=1)
    metric = "harm_prevented_share"
    floor = np.mean([each[metric] for each in limits.floor])
    best = np.mean([each[metric] for each in getattr(limits, limits.ceiling(metric))])
    assert best > floor
    assert 1.0 <= limits.slack < 1.5

"""Where posts send their patrols: randomised Stackelberg coverage, and keeping off partners."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_world import SCENARIO, small_scenario, write_border

from sim import BorderModel, run
from sim.agents import Post
from sim.agents.allocation import ALLOCATIONS
from sim.agents.report import Plan
from sim.agents.stage import Shift

SHIFTS = 20_000


def one_post_a_side(home: Path, patrols: int, segments: int = 5, **changes: Any) -> BorderModel:
    """A line with one post on each side, whose patrols are there at once and miss nothing."""
    write_border(home / "border", segments)
    table = home / "border" / "segments.csv"
    table.write_text(table.read_text().replace("north of ", "").replace("south of ", ""))
    (home / "small.toml").write_text(SCENARIO)
    settings = {
        "world__vehicle_kmh": 1e9,
        "posts__sector_km": 10.0 * segments,
        "patrols__per_post": patrols,
        "patrols__duty_cycle_shifts": 1,
        "patrols__night_penalty": 0.0,
        "patrols__detection": 1.0,
        "crimes__goods__exposure_hours": 30.0,
        "crimes__goods__detectability": 1e9,
        "groups__1__crime": "goods",
        "allocation__kind": "stackelberg",
    }
    return BorderModel(small_scenario(home, **settings | changes), rng=5)


def shift(model: BorderModel, number: int) -> Shift:
    """A shift by day under the first sky."""
    slowdown = model.surroundings.shift(0, 0.0, 8.0).slowdown
    return Shift(number, 8.0 * number, 8.0 * number + 8.0, 0.0, slowdown)


def believing(post: Post, rates: tuple[float, ...]) -> Post:
    """The post, sure of the rates on the segments of its sector."""
    post.belief.evidence[1] = 1.0
    post.belief.evidence[0] = 1e-12
    post.belief.evidence[0, 0, : len(rates)] = rates
    return post


def frequencies(model: BorderModel, post: Post) -> np.ndarray:
    """Patrols on each beat in a shift, mean of many."""
    counts = np.zeros(len(post.beats))
    for number in range(SHIFTS):
        beats = post.decide(shift(model, number)).beats
        assert len(beats) == len(post.patrols)
        for beat in beats:
            counts[beat] += 1
    return counts / SHIFTS


def check(often: np.ndarray, expected: tuple[float, ...]) -> None:
    """Frequencies are within four standard errors of probabilities."""
    for share, probability in zip(often, expected, strict=True):
        error = math.sqrt(probability * (1.0 - probability) / SHIFTS)
        assert share == pytest.approx(probability, abs=4.0 * error + 1e-9)


def test_a_post_plays_the_stackelberg_equilibrium(tmp_path: Path) -> None:
    """Believed harm 10, 8, 6, 4, 2 and one patrol: no target is worth more than 240/47."""
    model = one_post_a_side(tmp_path, 1)
    post = believing(model.posts_by_number[0], (10.0, 8.0, 6.0, 4.0, 2.0))
    often = frequencies(model, post)
    check(often, (23 / 47, 17 / 47, 7 / 47, 0.0, 0.0))
    worths = np.array([10.0, 8.0, 6.0, 4.0, 2.0]) * (1.0 - often)
    assert worths.max() == pytest.approx(240 / 47, abs=0.14)


def test_two_patrols_are_drawn_together_and_never_on_one_beat(tmp_path: Path) -> None:
    """With two the attack set is the best four: (4 − 2) / Σ 1/worth = 240/77."""
    model = one_post_a_side(tmp_path, 2)
    post = believing(model.posts_by_number[0], (10.0, 8.0, 6.0, 4.0, 2.0))
    assert all(len(set(post.decide(shift(model, n)).beats)) == 2 for n in range(500))
    value = 240 / 77
    check(frequencies(model, post), tuple(max(0.0, 1 - value / v) for v in (10, 8, 6, 4, 2)))


def test_what_a_partner_covers_is_worth_less(tmp_path: Path) -> None:
    """A partner known to stop all on the best target leaves the game of the other four."""
    sharing = {"sharing__interval_days": 0, "sharing__plans": True}
    model = one_post_a_side(tmp_path, 1, **sharing, sharing__plan_half_life_days=1e9)
    post = believing(model.posts_by_number[0], (10.0, 8.0, 6.0, 4.0, 2.0))
    post.partners.read_plan(1, Plan(0, (0,), (1.0, 0.0, 0.0, 0.0, 0.0)))
    # (k − 1) / Σ 1/worth over 8, 6, 4: 2 / (13/24) = 48/13, less than 4.
    value = 48 / 13
    check(frequencies(model, post), (0.0, *(max(0.0, 1 - value / v) for v in (8, 6, 4, 2))))


def test_patrols_beyond_one_for_each_beat_start_over(tmp_path: Path) -> None:
    """Seven patrols that miss most on five alike beats: all have one, and two have a second."""
    model = one_post_a_side(tmp_path, 7, crimes__goods__detectability=0.05)
    post = believing(model.posts_by_number[0], (1.0,) * 5)
    for number in range(200):
        beats = post.decide(shift(model, number)).beats
        assert sorted(np.bincount(beats, minlength=5)) == [1, 1, 1, 2, 2]


def test_a_patrol_too_many_goes_anywhere_if_those_before_miss_nothing(tmp_path: Path) -> None:
    """Six perfect patrols on five beats: one each, and nothing is left for the sixth to go by."""
    model = one_post_a_side(tmp_path, 6)
    post = believing(model.posts_by_number[0], (10.0, 8.0, 6.0, 4.0, 2.0))
    check(frequencies(model, post) - 1.0, (0.2,) * 5)


def test_beats_that_overlap_are_not_drawn_for_one_segment_twice(tmp_path: Path) -> None:
    """Of beats of two on six segments the three side by side are drawn, as their harm says."""
    model = one_post_a_side(tmp_path, 1, segments=6, patrols__beat_segments=2)
    post = believing(model.posts_by_number[0], (5.0, 5.0, 6.0, 2.0, 3.0, 3.0))
    assert len(post.beats) == 5
    often = frequencies(model, post)
    value = 2 / (1 / 10 + 1 / 8 + 1 / 6)
    check(often, (1 - value / 10, 0.0, 1 - value / 8, 0.0, 1 - value / 6))


PLANS = {"sharing__interval_days": 1, "sharing__plans": True}


def keeping_off(home: Path, kind: str, deconflict: str, patrols: int = 2) -> tuple[Any, Post]:
    """A post that follows a kind of allocation, and the model it is in."""
    settings = {"allocation__kind": kind, "allocation__deconflict": deconflict}
    model = one_post_a_side(home, patrols, **PLANS, **settings)
    return model, believing(model.posts_by_number[0], (10.0, 8.0, 6.0, 4.0, 2.0))


@pytest.mark.parametrize("kind", sorted(ALLOCATIONS))
def test_strict_deconfliction_never_joins_a_partner_while_a_beat_is_free(
    tmp_path: Path, kind: str
) -> None:
    """Whatever the kind, of five beats with a partner on two only the other three are walked."""
    model, post = keeping_off(tmp_path, kind, "strict")
    walked = set()
    for number in range(60):
        post.partners.read_plan(1, Plan(number, (0, 3), (0.2, 0.0, 0.0, 0.2, 0.0)))
        walked |= set(post.decide(shift(model, number)).beats)
    assert walked
    assert walked <= {1, 2, 4}


@pytest.mark.parametrize("kind", sorted(ALLOCATIONS))
def test_expected_cover_alone_does_not_rule_a_beat_out(tmp_path: Path, kind: str) -> None:
    """Without strictness some of the beats that a partner covers a little are walked too."""
    model, post = keeping_off(tmp_path, kind, "expected", patrols=4)
    walked = set()
    for number in range(60):
        post.partners.read_plan(1, Plan(number, (0, 3), (0.2, 0.0, 0.0, 0.2, 0.0)))
        walked |= set(post.decide(shift(model, number)).beats)
    assert walked & {0, 3}


@pytest.mark.parametrize("kind", sorted(ALLOCATIONS))
def test_where_all_beats_are_taken_the_post_still_patrols(tmp_path: Path, kind: str) -> None:
    """A partner that is everywhere rules nothing out."""
    model, post = keeping_off(tmp_path, kind, "strict")
    post.partners.read_plan(1, Plan(0, (0, 1, 2, 3, 4), (0.2,) * 5))
    assert len(post.decide(shift(model, 0)).beats) == 2


def test_an_old_plan_rules_nothing_out(tmp_path: Path) -> None:
    """A plan holds until it is less likely than not to: three days, or nine shifts."""
    model, post = keeping_off(tmp_path, "posterior_mean", "strict")
    post.partners.read_plan(1, Plan(0, (0,), (0.2, 0.0, 0.0, 0.0, 0.0)))
    assert 0 not in post.decide(shift(model, 9)).beats
    assert 0 in post.decide(shift(model, 10)).beats


def test_a_rota_passes_over_what_is_taken_and_keeps_its_order(tmp_path: Path) -> None:
    """Beat 1 is a partner's: the others come in their turn, and the one after stands in for it."""
    model, post = keeping_off(tmp_path, "rota", "strict", patrols=1)
    first = []
    for day in range(5):
        post.partners.read_plan(1, Plan(3 * day, (1,), (0.0, 0.2, 0.0, 0.0, 0.0)))
        first += post.decide(shift(model, 3 * day)).beats
    assert first == [0, 2, 2, 3, 4]


def test_strict_deconfliction_lowers_doubly_covered_time(tmp_path: Path) -> None:
    """Rotas that know of each other at once meet less if they keep off each other's beats."""
    twice = {}
    for deconflict in ("expected", "strict"):
        settings = {"allocation__kind": "rota", "allocation__deconflict": deconflict}
        model = small_scenario(
            tmp_path,
            **settings,
            time__days=30,
            sharing__interval_days=0,
            sharing__plans=True,
            sharing__latency_hours=0.0,
            sharing__reliability=1.0,
            sharing__reports_per_day=1e6,
        )
        twice[deconflict] = run(model, seed=1).outcomes["doubly_covered"]
    assert twice["strict"] < 0.8 * twice["expected"]

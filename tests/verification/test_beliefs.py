"""Beliefs are calibrated: posts that look at known fixed rates come to believe the truth.

Groups choose evenly among the segments in their reach and never learn; nothing is intercepted, and
posts forget nothing. Attempts on a segment are then a Poisson process of known rate, and the gamma
beliefs are right if the exposure that posts reckon with is what their patrols really cover.

Windows are short against shifts and beats change from shift to shift: a crosser who is exposed in
two shifts counts towards the exposure of both and is found once, so that a post that stays on one
beat with windows of two hours underrates by about a twentieth.
"""

import math

import numpy as np
import pytest
from scipy import stats

from sim import BorderModel

REACH = 6


def believing_line(verification_line, **changes):
    """A line of 40 posts on side BBB with three segments each, looked at for 150 days."""
    settings = {
        "world.provinces": ["Line"],
        "posts.sector_km": 3 * 9.045,
        "posts.belief.half_life_days": 1e9,
        "posts.belief.prior_days": 0.5,
        "posts.belief.prior_rate_per_day": 1.0,
        "patrols.per_post": {"AAA": 0, "BBB": 1},
        # Anew each shift: a patrol that walks on could meet the same hours of every day.
        "patrols.phase": "each_shift",
        "crimes.crossing.exposure_hours": {"AAA": 0.0, "BBB": 1.0},
        "groups.0.count": 60,
        "groups.0.attempts_per_day": 2.0,
        "groups.0.reach_segments": REACH,
        "community.learned_later_days": 1.0,
        "allocation.kind": "uniform",
        "time.days": 150.0,
        "time.shift_hours": 8.0,
    }
    return verification_line(settings | {key.replace("__", "."): v for key, v in changes.items()})


def true_rates(model):
    """Attempts per segment and day that the groups make on average."""
    rates = np.zeros(len(model.border))
    for group in model.groups_by_number:
        rates[group.options] += group.kind.attempts_per_day / len(group.options)
    return rates


def look(scenario, seed):
    """Run, and give finds, exposure times true rate, and whether 90 % intervals hold the truth.

    All by segment of each post's sector that gets at least one attempt in three days.
    """
    model = BorderModel(scenario, rng=seed)
    model.run_model()
    rates = true_rates(model)
    finds, due, held = [], [], []
    for post in model.posts_by_number:
        belief = post.belief
        for place, segment in enumerate(post.site.sector):
            if not post.patrols or rates[segment] < 1 / 3:
                continue
            alpha, beta = belief.alpha[0, place], belief.beta[0, place]
            finds.append(alpha - belief.prior[0, 0, place])
            due.append((beta - belief.prior[1, 0, place]) * rates[segment])
            low, high = stats.gamma.ppf([0.05, 0.95], alpha) / beta
            held.append(low <= rates[segment] <= high)
    return np.array(finds), np.array(due), np.array(held)


def check_calibration(finds, due, held):
    """Finds are as many as exposure says, and nine intervals in ten hold the truth."""
    assert len(held) > 100
    assert due.min() > 0.0
    assert finds.sum() / due.sum() == pytest.approx(1.0, abs=4.0 / math.sqrt(due.sum()))
    assert held.mean() == pytest.approx(0.9, abs=4.0 * math.sqrt(0.09 / len(held)))


def test_finds_of_a_partner_do_not_bias_news_from_inland(verification_line):
    """A side learns later of what it missed itself, whether or not the other side detected it."""
    scenario = believing_line(
        verification_line,
        patrols__per_post=1,
        crimes__crossing__exposure_hours=1.0,
        community__learned_later=0.5,
        time__days=80.0,
    )
    check_calibration(*look(scenario, seed=33))


def test_longer_looking_narrows_beliefs_around_the_truth(verification_line):
    """Four times the days about halve the relative error of the posterior mean."""
    errors = []
    for days in (25.0, 100.0):
        finds, due, _ = look(believing_line(verification_line, time__days=days), seed=34)
        errors.append(math.sqrt(np.mean((finds / due - 1.0) ** 2)))
    assert 0.35 < errors[1] / errors[0] < 0.7


def test_segments_never_visited_keep_their_prior(verification_line):
    """A post that always walks one beat learns nothing of the rest of its view."""
    scenario = believing_line(
        verification_line,
        allocation__kind="rota",
        allocation__rota_days=1e6,
        posts__belief__half_life_days=30.0,
        time__days=30.0,
    )
    model = BorderModel(scenario, rng=35)
    model.run_model()
    for post in model.posts_by_number:
        belief = post.belief
        visited = {0} if post.patrols else set()
        for place in range(len(belief.view)):
            unchanged = np.array_equal(belief.evidence[:, :, place], belief.prior[:, :, place])
            assert unchanged == (place not in visited)


def test_sensors_and_people_add_as_much_exposure_as_finds(verification_line):
    """What sensors see and people tell is reckoned with as rightly as what patrols find."""
    scenario = believing_line(
        verification_line,
        posts__sensors__fixed=1,
        posts__sensors__mobile=1,
        posts__sensors__move_days=3.0,
        posts__sensors__range_km=5.0,
        community__reports=0.15,
        community__learned_later=0.2,
        time__days=60.0,
    )
    check_calibration(*look(scenario, seed=36))


def test_who_only_listens_believes_rightly(verification_line):
    """Posts without patrols believe what sensors and people tell them, and no more."""
    scenario = believing_line(
        verification_line,
        patrols__per_post={"AAA": 0, "BBB": 0},
        posts__sensors__fixed=2,
        posts__sensors__range_km=4.0,
        community__reports=0.1,
        time__days=50.0,
    )
    model = BorderModel(scenario, rng=37)
    model.run_model()
    rates = true_rates(model)
    finds = due = 0.0
    for post in model.posts_by_number:
        for place, segment in enumerate(post.site.sector):
            if post.side == "BBB":
                gained = post.belief.evidence[:, 0, place] - post.belief.prior[:, 0, place]
                finds += gained[0]
                due += gained[1] * rates[segment]
    assert due > 1000.0
    assert finds / due == pytest.approx(1.0, abs=4.0 / math.sqrt(due))


@pytest.mark.parametrize("where", ["rotate", "belief"])
def test_joint_patrols_keep_beliefs_calibrated(verification_line, where):
    """Both sides believe rightly what teams found together, with authority on both sides."""
    scenario = believing_line(
        verification_line,
        patrols__per_post=2,
        crimes__crossing__exposure_hours=1.0,
        joint_patrols__per_month=30,
        joint_patrols__preparation_hours=0.0,
        joint_patrols__where=where,
        # What is told face to face has been seen by both already.
        posts__trust__start=0.0,
        posts__trust__kept=0.0,
        posts__trust__gain=0.0,
        time__days=50.0,
    )
    finds, due, held = look(scenario, seed=38)
    check_calibration(finds, due, held)


def test_better_skill_is_reckoned_with(verification_line):
    """Posts that detect more since they learned know that they do."""
    scenario = believing_line(
        verification_line,
        patrols__per_post=1,
        patrols__detection=0.3,
        crimes__crossing__exposure_hours=1.0,
        professional_exchanges__days_per_year=36,
        professional_exchanges__learned=0.5,
        professional_exchanges__most=1.0,
        professional_exchanges__hours_per_day=0.0,
        time__days=50.0,
    )
    check_calibration(*look(scenario, seed=39))

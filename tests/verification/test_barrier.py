"""Back-and-forth patrols meet the shares of crossers that the exact formulas say.

Crossers appear uniformly in place and time; `a` is the window over the hours of a beat one way.
About 10,000 attempts a run keep the suite short: a standard error of at most 0.005, not 0.002.
"""

import math

import pytest

from sim import run

ATTEMPTS = 10_000
BEAT_HOURS = 2.26125
SHARES = pytest.mark.parametrize("a", [0.25, 0.5, 1.0])


def one_patrol(a):
    """Share met by one patrol."""
    return 1.0 - (1.0 - a / 2.0) ** 2


def two_spread(a):
    """Share met by two patrols in antiphase, or with half of the sector each."""
    return 1.0 - (1.0 - a) ** 2


def two_independent(a):
    """Share met by two patrols that do not know of each other's phase."""
    return 1.0 - 2.0 / 3.0 * (1.0 - a / 2.0) ** 3 - 1.0 / 3.0 * (1.0 - a) ** 3


def detections(scenario, seed):
    """Events of detection of attempts that ended, and how many ended."""
    events = run(scenario, seed=seed).events
    ended = set(events.loc[events["kind"] == "passed", "attempt"])
    return events[(events["kind"] == "detected") & events["attempt"].isin(ended)], len(ended)


def detected_shares(scenario, seed):
    """Share of ended attempts that each side detects, and how many ended."""
    found, ended = detections(scenario, seed)
    by_side = found.groupby("side")["attempt"].nunique()
    shares = {side: by_side.get(index, 0) / ended for index, side in enumerate(("AAA", "BBB"))}
    return shares, ended


def within(expected, attempts, spread=0.0):
    """Accept four standard errors around a share, with that of random phases beside."""
    error = math.sqrt(expected * (1.0 - expected) / attempts + spread**2)
    return pytest.approx(expected, abs=4.0 * error + 1e-4)


def line_settings(windows, days=600.0, **more):
    """Overrides for a window on each side, with about `ATTEMPTS` attempts."""
    settings = {
        "time.days": days,
        "groups.0.attempts_per_day": ATTEMPTS / days,
        "crimes.crossing.exposure_hours": windows,
    }
    return settings | {key.replace("__", "."): value for key, value in more.items()}


COORDINATED = {
    "one patrol, and two in antiphase": (
        {"patrols__per_post": {"AAA": 1, "BBB": 2}, "patrols__spacing": "even"},
        (one_patrol, two_spread),
    ),
    "half a sector for each of two patrols, and of two posts": (
        {
            "world__provinces": ["Double"],
            "posts__sector_km": {"AAA": 9.045, "BBB": 4.5225},
            "patrols__per_post": {"AAA": 2, "BBB": 1},
            "allocation__kind": "rota",
            "allocation__rota_days": 1e6,
        },
        (two_spread, two_spread),
    ),
}


@SHARES
@pytest.mark.parametrize("layout", COORDINATED)
def test_coordinated_patrols_meet_the_exact_share(verification_line, layout, a):
    """One meets 1 − (1 − a/2)²; two in antiphase, or with half a sector each, 1 − (1 − a)²."""
    settings, expected = COORDINATED[layout]
    window = a * BEAT_HOURS
    scenario = verification_line(line_settings({"AAA": window, "BBB": window}, **settings))
    shares, attempts = detected_shares(scenario, seed=11)
    for side, share in zip(("AAA", "BBB"), expected, strict=True):
        assert shares[side] == within(share(a), attempts)


@SHARES
def test_two_patrols_in_the_same_phase_meet_no_more_than_one(verification_line, a):
    """Two patrols that walk together meet exactly the attempts that the first of them meets."""
    scenario = verification_line(
        line_settings(
            {"AAA": a * BEAT_HOURS, "BBB": 0.0},
            patrols__per_post={"AAA": 2, "BBB": 0},
            patrols__spacing="same",
        )
    )
    found, ended = detections(scenario, seed=12)
    first, second = (set(found.loc[found["partner"] == number, "attempt"]) for number in (0, 1))
    assert first == second
    assert len(first) / ended == within(one_patrol(a), ended)


@SHARES
def test_independent_phases_meet_what_uncoordinated_patrols_do(verification_line, a):
    """Two random phases meet 1 − ⅔(1 − a/2)³ − ⅓(1 − a)³ on average over phases."""
    days, shift_hours = 36_500.0, 400.0
    window = a * BEAT_HOURS
    # Shifts long against the window: an attempt hardly ever meets two pairs of phases.
    scenario = verification_line(
        line_settings(
            {"AAA": window, "BBB": window},
            days,
            time__shift_hours=shift_hours,
            patrols__per_post={"AAA": 1, "BBB": 2},
            patrols__phase="each_shift",
            patrols__spacing="independent",
        )
    )
    shares, attempts = detected_shares(scenario, seed=13)
    # Over phases the share moves between that of one patrol and that of two in antiphase.
    spread = (two_spread(a) - one_patrol(a)) / math.sqrt(12.0 * days * 24.0 / shift_hours)
    assert shares["AAA"] == within(one_patrol(a), attempts)
    assert shares["BBB"] == within(two_independent(a), attempts, spread)


def test_terrain_and_side_do_not_matter_in_hours_of_walking(verification_line):
    """On a beat of three reliefs each side's patrols meet the share of that side's own window."""
    hours = 3 * 1.809
    scenario = verification_line(
        line_settings(
            {"AAA": 0.5 * hours, "BBB": 0.25 * hours},
            world__provinces=["Mixed"],
            posts__sector_km=16.281,
            patrols__beat_segments=3,
            patrols__per_post={"AAA": 1, "BBB": 2},
            patrols__spacing="even",
        )
    )
    shares, attempts = detected_shares(scenario, seed=15)
    assert shares["AAA"] == within(one_patrol(0.5), attempts)
    assert shares["BBB"] == within(two_spread(0.25), attempts)


def test_a_patrol_acts_only_on_its_own_side(verification_line):
    """Crossers who are exposed on the other side only are never detected."""
    settings = line_settings({"AAA": 0.0, "BBB": BEAT_HOURS})
    shares, attempts = detected_shares(verification_line(settings), seed=16)
    assert attempts > 0.9 * ATTEMPTS
    assert shares == {"AAA": 0.0, "BBB": 0.0}

"""The geometry of a back-and-forth patrol, against brute force."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.draws import stream_key, uniform
from sim.rules.barrier import (
    first_success,
    overlap_integral,
    pass_time,
    patrol_exposure,
    place_on_beat,
)

hours = st.floats(0.1, 20.0)
shares = st.floats(0.0, 1.0)


@given(phase=st.floats(-50.0, 50.0), beat=hours, step=st.floats(0.0, 0.05))
def test_a_patrol_stays_on_its_beat_and_walks_at_one_hour_an_hour(phase, beat, step):
    """Its place is within the beat, moves no faster than time and repeats after a round."""
    place = place_on_beat(phase, beat)
    assert 0.0 <= place <= beat
    assert abs(place_on_beat(phase + step, beat) - place) <= step + 1e-9
    assert place_on_beat(phase + 2.0 * beat, beat) == pytest.approx(place, abs=1e-9)


def crossings(after, until, place, beat, phase, start):
    """Times at which the walk takes a place: both branches of every round, sorted."""
    first_round = math.floor((phase + after - start) / (2.0 * beat)) - 1
    last_round = math.ceil((phase + until - start) / (2.0 * beat)) + 1
    times = []
    for turn in range(first_round, last_round + 1):
        for at in (place, 2.0 * beat - place):
            times.append(start - phase + 2.0 * beat * turn + at)
    return sorted(time for time in times if after - 1e-9 <= time <= until)


@settings(max_examples=300)
@given(
    beat=hours,
    share=st.floats(0.01, 0.99),
    phase=st.floats(0.0, 40.0),
    start=st.floats(0.0, 100.0),
    wait=st.floats(0.0, 30.0),
    number=st.integers(0, 7),
)
def test_pass_times_are_all_crossings_of_the_triangle_wave(beat, share, phase, start, wait, number):
    """The n-th pass is the n-th time that the walk takes the place, none left out."""
    place, after = share * beat, start + wait
    times = crossings(after, after + 12.0 * beat, place, beat, phase, start)
    # A pass at the very moment `after` may fall to either side of it by rounding.
    if times[0] < after + 1e-7 or min(np.diff(times)) < 1e-7:
        return
    time = pass_time(number, after, place, beat, phase, start)
    assert time == pytest.approx(times[number], abs=1e-7)
    assert place_on_beat(phase + time - start, beat) == pytest.approx(place, abs=1e-7)


@pytest.mark.parametrize("chance", [0.05, 0.4, 0.9])
def test_first_success_is_geometric(chance):
    """Trial n is the first to succeed with probability p (1 − p)ⁿ."""
    many, key = 20_000, stream_key(3, 1)
    trials = np.array([first_success(uniform(key, n), chance) for n in range(many)])
    for n in range(5):
        expected = chance * (1.0 - chance) ** n
        error = math.sqrt(expected * (1.0 - expected) / many)
        assert (trials == n).mean() == pytest.approx(expected, abs=4.0 * error)
    error = math.sqrt(1.0 - chance) / chance / math.sqrt(many)
    assert trials.mean() == pytest.approx((1.0 - chance) / chance, abs=4.0 * error)


def test_first_success_at_the_ends():
    """A certain trial succeeds at once, an impossible one never in any window."""
    assert first_success(0.5, 1.0) == 0
    assert first_success(0.5, 0.0) > 10**8
    assert first_success(1e-300, 1e-300) >= 10**8


@given(upto=st.floats(-1.0, 10.0), window=st.floats(0.0, 8.0), on_site=st.floats(0.0, 8.0))
def test_overlap_integral_is_the_integral(upto, window, on_site):
    """It equals the integral of (window − g)⁺ (on_site − g)⁺ by the midpoint rule."""
    gaps = (np.arange(2_000) + 0.5) / 2_000 * max(upto, 0.0)
    values = np.clip(window - gaps, 0.0, None) * np.clip(on_site - gaps, 0.0, None)
    expected = values.mean() * max(upto, 0.0)
    assert overlap_integral(upto, window, on_site) == pytest.approx(expected, abs=2e-3)


def exposure_by_brute_force(window, on_site, beat, begin, end, chance, grid=160):
    """Average over places and phases of the measure of starts, each weighed by detection.

    Passes at times t in [0, on_site]: a crosser starting in [t − window, t] meets that pass. The
    measure of starts that meet k passes is summed with 1 − (1 − chance)^k.
    """
    places = begin + (np.arange(grid) + 0.5) / grid * (end - begin)
    phases = (np.arange(grid) + 0.5) / grid * 2.0 * beat
    total = 0.0
    for place in places:
        for phase in phases:
            passes = [
                turn * 2.0 * beat + at - phase
                for turn in range(int((on_site + phase) / (2.0 * beat)) + 2)
                for at in (place, 2.0 * beat - place)
            ]
            passes = [time for time in passes if 0.0 <= time < on_site]
            # Sweep over starts: one more pass in reach from t − window, one fewer from t.
            steps = sorted([(time - window, 1) for time in passes] + [(t, -1) for t in passes])
            met, before = 0, 0.0
            for time, change in steps:
                total += (1.0 - (1.0 - chance) ** met) * (time - before) if met else 0.0
                met, before = met + change, time
    return total / (grid * grid)


@pytest.mark.parametrize("chance", [1.0, 0.6, 0.1])
@pytest.mark.parametrize(
    ("window", "on_site", "beat", "begin", "end"),
    [
        (1.0, 8.0, 3.3, 0.0, 3.3),  # the whole of a beat, walked more than once
        (2.5, 8.0, 3.3, 0.0, 1.1),  # the first third, near the turning point
        (2.5, 8.0, 3.3, 1.1, 2.2),  # the middle
        (2.5, 8.0, 3.3, 2.2, 3.3),  # the end
        (2.0, 1.5, 5.0, 0.0, 5.0),  # less time on site than the window
        (3.0, 6.0, 0.4, 0.1, 0.3),  # a short beat, passed many times in a window
        (12.0, 8.0, 2.0, 0.5, 2.0),  # a window longer than the shift
        (0.2, 0.3, 5.0, 4.0, 5.0),  # hardly there at all
    ],
)
def test_patrol_exposure_equals_brute_force(window, on_site, beat, begin, end, chance):
    """Closed form and counting of passes agree for any stretch, window and chance."""
    expected = exposure_by_brute_force(window, on_site, beat, begin, end, chance, grid=80)
    exposure = patrol_exposure(window, on_site, beat, begin, end, chance)
    assert exposure == pytest.approx(expected, rel=0.005, abs=0.002)


@pytest.mark.parametrize("a", [0.25, 0.5, 1.0])
def test_exposure_of_a_long_shift_is_the_barrier_patrol_share(a):
    """Over a shift that never ends it is 1 − (1 − a/2)² of the crossers."""
    share = patrol_exposure(a * 2.0, 1e6, 2.0, 0.0, 2.0, 1.0) / 1e6
    assert share == pytest.approx(1.0 - (1.0 - a / 2.0) ** 2, abs=1e-5)


@given(window=st.floats(0.0, 15.0), on_site=st.floats(0.0, 15.0), beat=hours, chance=shares)
def test_exposure_is_within_its_bounds_and_adds_up(window, on_site, beat, chance):
    """It lies between 0 and window + on_site, and two halves of a beat make the whole."""
    whole = patrol_exposure(window, on_site, beat, 0.0, beat, chance)
    assert -1e-9 <= whole <= window + on_site + 1e-9
    first = patrol_exposure(window, on_site, beat, 0.0, beat / 2.0, chance)
    second = patrol_exposure(window, on_site, beat, beat / 2.0, beat, chance)
    assert (first + second) / 2.0 == pytest.approx(whole, abs=1e-6)
    assert first == pytest.approx(second, abs=1e-6)

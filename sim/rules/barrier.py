"""Back-and-forth barrier patrol: where a patrol is, when it passes a place, how much it covers.

Everything is in hours of walking, so terrain is already in it. A patrol on a beat of one-way length
`beat` is at `phase` in its round of 2·beat: on its way out below `beat`, on its way back above.
"""

import math

from sim.rules import rule

_THIRD = 1.0 / 3.0


@rule
def into_round(time: float, period: float) -> float:
    """How far into a round something is that began at time 0.

    Parameters
    ----------
    time : h, any number
    period : length of a round, h, above 0

    Returns
    -------
    The time less all whole rounds, 0 to `period`, up to rounding.

    Source
    ------
    Convention: a remainder to the last bit takes five times as long in compiled code.
    """
    rounds = time / period
    return (rounds - math.floor(rounds)) * period


@rule
def place_on_beat(phase: float, beat: float) -> float:
    """Where on its beat a patrol is.

    Parameters
    ----------
    phase : how far into its round, h, any number
    beat : one-way length of the beat, h, above 0

    Returns
    -------
    Hours of walking from the start of the beat, 0 to `beat`.

    Source
    ------
    Triangle wave of period 2·beat.
    """
    turn = into_round(phase, 2.0 * beat)
    return turn if turn <= beat else 2.0 * beat - turn


@rule
def pass_time(
    number: int, after: float, place: float, beat: float, phase: float, start: float
) -> float:
    """When a back-and-forth patrol passes a place for the n-th time.

    Parameters
    ----------
    number : which pass, 0 for the first at or after `after`
    after : earliest time that counts, h
    place : where on the beat, h of walking from its start, 0 to `beat`
    beat : one-way length of the beat, h, above 0
    phase : how far into its round of 2·beat the patrol is at `start`, h
    start : time at which the phase holds, h

    Returns
    -------
    Time of that pass, h, at least `after`.

    Source
    ------
    A triangle wave takes the value `place` at phases place and 2·beat − place of each round.
    """
    period = 2.0 * beat
    now = phase + after - start
    out = into_round(place - now, period)
    back = into_round(-place - now, period)
    first = min(out, back)
    second = max(out, back)
    wait = first if number % 2 == 0 else second
    return after + wait + (number // 2) * period


@rule
def first_success(share: float, chance: float) -> int:
    """Which of a row of independent trials is the first to succeed.

    Parameters
    ----------
    share : uniform draw in (0, 1)
    chance : probability of success of each trial, 0 to 1

    Returns
    -------
    0 for the first trial; a very large number if the chance is 0.

    Source
    ------
    Inversion of the geometric distribution.
    """
    if chance >= 1.0:
        return 0
    if chance <= 0.0:
        return 1 << 30
    return int(min(math.log(share) / math.log1p(-chance), 1e9))


@rule
def overlap_integral(upto: float, window: float, on_site: float) -> float:
    """Integrate (window − g)⁺ (on_site − g)⁺ over gaps g from 0 to `upto`, in h³.

    The measure of window starts that hold two passes a gap g apart, times the room for that gap
    in the time on site.

    Source
    ------
    Own derivation: elementary integral of a product of two straight lines.
    """
    end = min(upto, window, on_site)
    if end <= 0.0:
        return 0.0
    return end * (window * on_site - end * ((window + on_site) * 0.5 - end * _THIRD))


@rule
def patrol_exposure(
    window: float, on_site: float, beat: float, begin: float, end: float, chance: float
) -> float:
    """Expected hours of crossing starts that a patrol would detect on a stretch of its beat.

    A crosser appears at a uniform place between `begin` and `end` and is exposed for `window`; the
    patrol walks the beat back and forth for `on_site` hours from a uniform phase, and detects with
    probability `chance` at each pass. The result divided by the length of a period is the share of
    the crossers starting in that period that are detected.

    Parameters
    ----------
    window : how long a crosser is exposed, h, at least 0
    on_site : how long the patrol is on its beat, h, at least 0
    beat : one-way length of the beat, h, above 0
    begin, end : the stretch, h of walking from the start of the beat, 0 ≤ begin < end ≤ beat
    chance : detection probability per pass, 0 to 1

    Returns
    -------
    Hours, at least 0 and at most window + on_site.

    Source
    ------
    Own derivation: a pass adds chance·(1 − chance)^(earlier passes in the window); earlier passes
    lie at gaps 2m·beat and 2m·beat + 2·(distance to the turning point). For an unbroken patrol
    on its whole beat with chance 1 and window = a·beat ≤ beat it is 1 − (1 − a/2)² of the crossers.
    """
    stretch = end - begin
    # Divided by once, and not in each term.
    per_round, per_stretch = 1.0 / (2.0 * beat), 0.5 / stretch
    total = 2.0 * on_site * per_round * window
    missed = 1.0
    order = 0
    while True:
        shift = 2.0 * beat * (order // 2)
        if shift >= window or on_site <= 0.0 or chance <= 0.0 or missed < 1e-9:
            break
        weight = chance * missed * per_round
        if order % 2 == 0:
            low_turn = overlap_integral(shift + 2.0 * end, window, on_site) - overlap_integral(
                shift + 2.0 * begin, window, on_site
            )
            high_turn = low_turn
            # Of the whole beat, both turning points are alike.
            if stretch < beat:
                high_turn = overlap_integral(
                    shift + 2.0 * (beat - begin), window, on_site
                ) - overlap_integral(shift + 2.0 * (beat - end), window, on_site)
            total -= weight * (low_turn + high_turn) * per_stretch
        else:
            gap = shift + 2.0 * beat
            total -= weight * 2.0 * max(0.0, window - gap) * max(0.0, on_site - gap)
        missed *= 1.0 - chance
        order += 1
    return max(0.0, chance * total)

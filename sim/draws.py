"""Keyed chance: every draw is a hash of who draws, what for, and which time.

A draw depends on nothing but (seed, purpose, entity, occasion, part). The order in which agents
act, the number of workers and what other agents do cannot change it, and two policies under one
seed meet the same chance. Nothing else in a run may be a source of chance.

The hash is the finaliser of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014), applied in a chain.
All functions take and return plain scalars, so that they can be compiled.
"""

import math
from enum import IntEnum

_WORD = 0xFFFFFFFFFFFFFFFF
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_GOLDEN = 0x9E3779B97F4A7C15
_ENTITY = 0xD1B54A32D192ED03
_OCCASION = 0xABC98388FB8FAC03
_PART = 0x8CB92BA72F3D8DD7
_UNIT = 2.0**-52


class Purpose(IntEnum):
    """What a draw is for. Numbers are part of the results: add at the end, never renumber."""

    WANTED = 1
    SETTLEMENT = 2
    SEGMENT_CHOICE = 3
    DAYPART_CHOICE = 4
    START = 5
    PLACE = 6
    WEATHER = 7
    PHASE = 8
    ALLOCATION = 9
    DETECTION = 10
    RESPONSE = 11
    INTERCEPTION = 12
    REPORT_LOSS = 13
    READING = 14
    ANSWER = 15
    LEARNED_LATER = 16
    LAWFUL = 17
    FALSE_STOP = 18
    ROTA = 19
    WEAR = 20
    APPOINTMENT = 21
    MARKER = 22
    REPAIR = 23
    SENSOR = 24
    COMMUNITY = 25
    CARRIERS = 26
    STORAGE = 27
    INFECTION = 28
    VILLAGE = 29
    SCOUT = 40
    RETRY = 41
    EXTENSION = 60


def scramble(word: int) -> int:
    """Mix a 64-bit word so that every input bit reaches every output bit (SplitMix64)."""
    word &= _WORD
    word = ((word ^ (word >> 30)) * _FIRST) & _WORD
    word = ((word ^ (word >> 27)) * _SECOND) & _WORD
    return word ^ (word >> 31)


def stream_key(seed: int, purpose: int) -> int:
    """Give the 64-bit key of one purpose under one seed."""
    return scramble(scramble(seed + _GOLDEN) + purpose * _GOLDEN)


def uniform(key: int, entity: int, occasion: int = 0, part: int = 0) -> float:
    """Draw from the open interval (0, 1).

    Parameters
    ----------
    key : from `stream_key`
    entity : who draws, a number that does not depend on the policy
    occasion : which time it draws, for example the shift
    part : which of several draws on that occasion

    Returns
    -------
    A multiple of 2⁻⁵² plus 2⁻⁵³: never 0 and never 1, so that logarithms are finite.
    """
    # `scramble` twice, written out: this is the most called function of a run.
    word = (key + entity * _ENTITY) & _WORD
    word = ((word ^ (word >> 30)) * _FIRST) & _WORD
    word = ((word ^ (word >> 27)) * _SECOND) & _WORD
    word = ((word ^ (word >> 31)) + occasion * _OCCASION + part * _PART) & _WORD
    word = ((word ^ (word >> 30)) * _FIRST) & _WORD
    word = ((word ^ (word >> 27)) * _SECOND) & _WORD
    return (((word ^ (word >> 31)) >> 12) + 0.5) * _UNIT


def exponential(share: float) -> float:
    """Turn a uniform draw into an exponential one of mean 1 (inverse distribution function)."""
    # Of a draw, what is left to 1 is exact, and this takes a third of the time of log1p.
    return -math.log(1.0 - share)


def gumbel(share: float) -> float:
    """Turn a uniform draw into a standard Gumbel one (inverse distribution function)."""
    return -math.log(-math.log(share))


def normal(first: float, second: float) -> float:
    """Turn two uniform draws into a standard normal one (Box & Muller 1958)."""
    return math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * second)


LARGE_MEAN = 50.0
"""Above it, a Poisson count is worked out by its expansion."""


def poisson(mean: float, share: float) -> int:
    """Turn one uniform draw into a Poisson count, monotone in the mean.

    Parameters
    ----------
    mean : expected count, at least 0
    share : uniform draw in (0, 1)

    Returns
    -------
    The count, by inversion up to `LARGE_MEAN` and above it by the normal quantile corrected for
    skewness (Cornish & Fisher 1938).
    """
    if mean <= 0.0:
        return 0
    if mean > LARGE_MEAN:
        return _large_poisson(mean, share)
    # exp(-mean) is at least 1 - mean, so that for most small means it need not be worked out.
    if share < 1.0 - mean - 1e-9:
        return 0
    count = 0
    term = math.exp(-mean)
    total = term
    while total < share:
        count += 1
        term *= mean / count
        if total + term == total:
            break
        total += term
    return count


def poisson_steps(mean: float) -> list[float]:
    """Give the shares up to which a Poisson count is 0, up to which it is 1, and so on.

    As many of them as are below a share are the count that `poisson` gives for it.

    Parameters
    ----------
    mean : expected count, 0 to `LARGE_MEAN`
    """
    if mean <= 0.0:
        return []
    term = math.exp(-mean)
    steps = [term]
    while steps[-1] + (term := term * (mean / len(steps))) > steps[-1]:
        steps.append(steps[-1] + term)
    return steps


def _large_poisson(mean: float, share: float) -> int:
    """Invert a Poisson distribution of large mean by its Cornish–Fisher expansion."""
    z = normal_quantile(share)
    return max(0, math.floor(mean + z * math.sqrt(mean) + (z * z - 1.0) / 6.0 + 0.5))


def normal_quantile(share: float) -> float:
    """Give the standard normal quantile.

    Source
    ------
    Abramowitz & Stegun 26.2.23 (rational, absolute error below 4.5e-4).
    """
    tail = share if share < 0.5 else 1.0 - share
    t = math.sqrt(-2.0 * math.log(tail))
    top = 2.515517 + t * (0.802853 + t * 0.010328)
    bottom = 1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    value = t - top / bottom
    return -value if share < 0.5 else value


def gamma(shape: float, key: int, entity: int, occasion: int = 0, part: int = 0) -> float:
    """Draw from a gamma distribution of scale 1.

    Parameters
    ----------
    shape : above 0
    key, entity, occasion, part : as for `uniform`; a part takes up 256 parts of the hash

    Source
    ------
    Marsaglia & Tsang, ACM TOMS 26 (2000); below shape 1 by the boost u^(1/shape).
    """
    boosted = shape if shape >= 1.0 else shape + 1.0
    d = boosted - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    base = 256 * part
    value = d
    for attempt in range(64):
        first = uniform(key, entity, occasion, base + 3 * attempt + 1)
        second = uniform(key, entity, occasion, base + 3 * attempt + 2)
        z = normal(first, second)
        cube = 1.0 + c * z
        if cube <= 0.0:
            continue
        cube = cube * cube * cube
        u = uniform(key, entity, occasion, base + 3 * attempt + 3)
        if math.log(u) < 0.5 * z * z + d - d * cube + d * math.log(cube):
            value = d * cube
            break
    if shape >= 1.0:
        return value
    return float(value * uniform(key, entity, occasion, base) ** (1.0 / shape))


class Chance:
    """All the chance of one run: the seed, with the key of each purpose at hand.

    Parameters
    ----------
    seed : any whole number
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.keys = {purpose: stream_key(seed, purpose) for purpose in Purpose}

    def uniform(self, purpose: Purpose, entity: int, occasion: int = 0, part: int = 0) -> float:
        """Draw from (0, 1) for a purpose; see `uniform`."""
        return uniform(self.keys[purpose], entity, occasion, part)

    def gamma(
        self, shape: float, purpose: Purpose, entity: int, occasion: int = 0, part: int = 0
    ) -> float:
        """Draw from a gamma distribution of scale 1; see `gamma`."""
        return gamma(shape, self.keys[purpose], entity, occasion, part)

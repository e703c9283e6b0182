"""Chance and rules for compiled code: the very functions of `sim.draws` and `sim.rules`.

Only the hash is written again, for machine words; a test compares the two.
"""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numba.extending import overload, register_jitable

from sim import draws
from sim.draws import Purpose
from sim.engine.compiled.compiling import RULE, compiled
from sim.rules import (  # noqa: F401  imported so that their rules are known
    RULES,
    barrier,
    belief,
    choice,
    cooperation,
    encounter,
    infection,
    learning,
    security,
    ties,
)

_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_ENTITY = np.uint64(0xD1B54A32D192ED03)
_OCCASION = np.uint64(0xABC98388FB8FAC03)
_PART = np.uint64(0x8CB92BA72F3D8DD7)
_30, _27, _31, _12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)


@overload(draws.uniform, jit_options=RULE)
def _uniform(key: Any, entity: Any, occasion: Any = 0, part: Any = 0) -> Any:
    def hashed(key: Any, entity: Any, occasion: Any = 0, part: Any = 0) -> float:
        word = np.uint64(key) + np.uint64(entity) * _ENTITY
        word = (word ^ (word >> _30)) * _FIRST
        word = (word ^ (word >> _27)) * _SECOND
        word = (word ^ (word >> _31)) + np.uint64(occasion) * _OCCASION + np.uint64(part) * _PART
        word = (word ^ (word >> _30)) * _FIRST
        word = (word ^ (word >> _27)) * _SECOND
        return (((word ^ (word >> _31)) >> _12) + 0.5) * 2.0**-52

    return hashed


for _function in (
    draws.exponential,
    draws.gumbel,
    draws.normal,
    draws.poisson,
    draws._large_poisson,
    draws.normal_quantile,
    draws.gamma,
    *RULES.values(),
):
    # Rates of beliefs are above 0 by their priors; what need not look divides several at a time.
    _divides = {"error_model": "numpy"} if _function.__module__ == belief.__name__ else {}
    register_jitable(**RULE | _divides)(cast(Callable[..., object], _function))


@compiled
def draw(s: Any, purpose: int, entity: int, occasion: int, part: int) -> float:
    """Draw from (0, 1) for a purpose; see `sim.draws.uniform`."""
    return draws.uniform(s.keys[purpose], entity, occasion, part)


WANTED = int(Purpose.WANTED)
SEGMENT_CHOICE = int(Purpose.SEGMENT_CHOICE)
DAYPART_CHOICE = int(Purpose.DAYPART_CHOICE)
START = int(Purpose.START)
PLACE = int(Purpose.PLACE)
WEATHER = int(Purpose.WEATHER)
PHASE = int(Purpose.PHASE)
ALLOCATION = int(Purpose.ALLOCATION)
DETECTION = int(Purpose.DETECTION)
RESPONSE = int(Purpose.RESPONSE)
INTERCEPTION = int(Purpose.INTERCEPTION)
REPORT_LOSS = int(Purpose.REPORT_LOSS)
READING = int(Purpose.READING)
ANSWER = int(Purpose.ANSWER)
LEARNED_LATER = int(Purpose.LEARNED_LATER)
LAWFUL = int(Purpose.LAWFUL)
FALSE_STOP = int(Purpose.FALSE_STOP)
ROTA = int(Purpose.ROTA)
WEAR = int(Purpose.WEAR)
MARKER = int(Purpose.MARKER)
REPAIR = int(Purpose.REPAIR)
SENSOR = int(Purpose.SENSOR)
COMMUNITY = int(Purpose.COMMUNITY)
CARRIERS = int(Purpose.CARRIERS)
STORAGE = int(Purpose.STORAGE)
INFECTION = int(Purpose.INFECTION)
SCOUT = int(Purpose.SCOUT)
RETRY = int(Purpose.RETRY)

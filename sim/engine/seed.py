"""The seed of a run, as callers give it."""

import operator

from sim.errors import InputError


def whole_number(rng: object) -> int:
    """Take a seed, or say what is wrong with it."""
    try:
        if isinstance(rng, bool):
            raise TypeError
        seed = operator.index(rng)  # type: ignore[arg-type]
        if seed < 0:
            raise TypeError
        return seed
    except TypeError:
        raise InputError(
            f"{rng!r} is not a whole number from 0", where="seed", remedy="e.g. 1"
        ) from None

"""What a run is known by: a hash of everything that determines it."""

import hashlib
from functools import cache
from importlib.metadata import version

from sim.engine.fingerprint import sources_sha256

_DETERMINING = (
    "draws.py",
    "rules/**/*.py",
    "scenario/**/*.py",
    "world/**/*.py",
    "agents/**/*.py",
    "coordination/**/*.py",
    "engine/**/*.py",
    "outcomes/**/*.py",
)

_DIRECTING = ("optimum/**/*.py",)


@cache
def model_version() -> str:
    """Name the model as it is: the version of the package, and a hash of what determines a run.

    A change of any rule makes another model, also between two releases. The compiled engine is
    left out, since it gives the same as the agents do.

    Returns
    -------
    As `0.1.0+1f0c…`, with 12 hexadecimal digits.
    """
    return f"{version('bordersim')}+{sources_sha256(*_DETERMINING, but='engine/compiled')[:12]}"


def run_key(inputs_sha256: str, seed: int, model: str) -> str:
    """Give the key of a run, the same for the same run anywhere.

    Parameters
    ----------
    inputs_sha256 : of the scenario
    seed : of all chance in the run
    model : version of the model, as of `model_version`

    Returns
    -------
    32 hexadecimal digits.
    """
    return hashlib.sha256(f"{inputs_sha256} {seed} {model}".encode()).hexdigest()[:32]


def directed_key(inputs_sha256: str, seed: int, model: str, hand: str) -> str:
    """Give the key of a run in which one hand places all patrols.

    Parameters
    ----------
    inputs_sha256, seed, model : as of `run_key`
    hand : who places them, as of `sim.optimum.Hand`; how that is done counts, too

    Returns
    -------
    32 hexadecimal digits.
    """
    told = f"{inputs_sha256} {seed} {model} {hand} {_directing()}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


@cache
def _directing() -> str:
    """Name the ways of placing patrols as they are."""
    return sources_sha256(*_DIRECTING)

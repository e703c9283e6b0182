"""What happens: the model's rules as pure functions of scalars, each with its source.

A rule takes and returns numbers only, reads nothing and changes nothing, so that one text serves
agents that call it one at a time and engines that run it over columns.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

RULES: dict[str, Callable[..., object]] = {}


def rule(function: Callable[P, R]) -> Callable[P, R]:
    """Declare a rule of the model, so that engines and documents can find all of them."""
    RULES[f"{function.__module__}.{function.__qualname__}"] = function
    return function

"""Linear programmes by HiGHS, with an error in words where there is no solution."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from sim.errors import BordersimError


@dataclass(frozen=True)
class Optimum:
    """Solution of a linear programme.

    Attributes
    ----------
    value : least value of what was minimised
    x : of the variables
    prices : by how much the value would rise if the right side of each inequality rose by one
    """

    value: float
    x: NDArray[np.float64]
    prices: NDArray[np.float64]


def minimise(cost: NDArray[np.float64], **constraints: Any) -> Optimum | None:
    """Solve a linear programme.

    Parameters
    ----------
    cost : of each variable
    constraints : `A_ub`, `b_ub`, `A_eq`, `b_eq` and `bounds` as of `scipy.optimize.linprog`;
        matrices may be sparse

    Returns
    -------
    The solution; None if nothing satisfies the constraints.

    Raises
    ------
    BordersimError : HiGHS gave up, or there is no least value
    """
    found: Any = linprog(cost, method="highs", **constraints)
    if found.status == 2:
        return None
    if found.status != 0:
        raise BordersimError(f"the linear programme was not solved: {found.message}", where="HiGHS")
    return Optimum(float(found.fun), found.x, found.ineqlin.marginals)

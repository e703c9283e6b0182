"""Units of parameters, by key path."""

from sim.scenario.keys import declared_at


def unit_of(key: str) -> str:
    """Give the unit of a parameter of a scenario or policy file.

    Parameters
    ----------
    key : key path, as `joint_patrols.per_month` or `groups.0.attempts_per_day`

    Returns
    -------
    The unit as declared; "" for pure numbers, words, tables, and keys that do not exist.
    """
    return declared_at(key).unit

"""Putting things in order, one by one."""

from typing import Any

from sim.engine.compiled.compiling import compiled


@compiled
def put_in_order(order: Any, keys: Any, count: int, item: int, key: Any) -> None:
    """Put an item into a row in ascending order of keys, lower items first where keys are alike.

    Parameters
    ----------
    order, keys : the row, and the key of each item in it, with room for one more
    count : how many there are so far
    item, key : the new one, a whole number, and its key
    """
    place = count
    while place > 0 and (
        keys[place - 1] > key or (keys[place - 1] == key and order[place - 1] > item)
    ):
        keys[place] = keys[place - 1]
        order[place] = order[place - 1]
        place -= 1
    keys[place] = key
    order[place] = item

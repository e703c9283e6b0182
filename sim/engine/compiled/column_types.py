"""Columns as compiled code sees them: arrays that nobody owns, and that count from the front only.

An array of Numba's counts its users, which takes longer than much of what a run does with it, and a
negative index counts from its end, which is checked at each use. The columns of a run stay as long
as it does, and an index of -1 stands for none.
"""

import operator
from typing import Any

from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.datamodel.registry import default_manager
from numba.extending import lower_builtin, lower_cast
from numba.np import arrayobj


class Column(types.Array):
    """Type of a column: an array in one piece, or a part of one."""

    def __init__(self, dtype: Any, ndim: int, layout: str = "C") -> None:
        super().__init__(dtype, ndim, layout, name=f"column({dtype}, {ndim}d, {layout})")

    def copy(
        self, dtype: Any = None, ndim: Any = None, layout: Any = None, readonly: Any = None
    ) -> "Column":
        """Give the type of a part of it."""
        return Column(
            self.dtype if dtype is None else dtype,
            self.ndim if ndim is None else ndim,
            self.layout if layout is None else layout,
        )


class _ColumnModel(models.StructModel):
    """What compiled code holds of a column: as of an array, but without anything to be counted."""

    def __init__(self, manager: Any, kind: Column) -> None:
        numbers = types.UniTuple(types.intp, kind.ndim)
        members = [
            ("meminfo", types.voidptr),
            ("parent", types.voidptr),
            ("nitems", types.intp),
            ("itemsize", types.intp),
            ("data", types.CPointer(kind.dtype)),
            ("shape", numbers),
            ("strides", numbers),
        ]
        super().__init__(manager, kind, members)


default_manager.register(Column, _ColumnModel)


@lower_cast(types.Array, Column)
def _borrow(context: Any, builder: Any, source: Any, target: Any, value: Any) -> Any:
    """Take an array for a column; whoever does so sees to it that the array stays."""
    array = context.make_array(source)(context, builder, value)
    column = context.make_array(target)(context, builder)
    for part in ("nitems", "itemsize", "data", "shape", "strides"):
        setattr(column, part, getattr(array, part))
    column.meminfo = array.meminfo
    column.parent = cgutils.get_null_value(column.parent.type)
    return column._getvalue()


def _from_the_front(context: Any, builder: Any, kind: Any, index: Any) -> tuple[Any, Any]:
    """Give an index, or several, as numbers that cannot be negative, with their type."""
    if isinstance(kind, types.Integer):
        return types.uintp, context.cast(builder, index, kind, types.intp)
    if isinstance(kind, types.BaseTuple):
        parts = cgutils.unpack_tuple(builder, index, len(kind))
        those = [
            _from_the_front(context, builder, *each) for each in zip(kind, parts, strict=True)
        ]
        several = types.Tuple([each for each, _ in those])
        return several, context.make_tuple(builder, several, [value for _, value in those])
    return kind, index


@lower_builtin(operator.getitem, Column, types.Integer)
def _get_one(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Get an item of a column, or a part of it."""
    column, kind = signature.args
    kind, index = _from_the_front(context, builder, kind, arguments[1])
    signature = signature.replace(args=(column, kind))
    return arrayobj.getitem_arraynd_intp(context, builder, signature, (arguments[0], index))


@lower_builtin(operator.getitem, Column, types.BaseTuple)
def _get_by_several(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Get an item of a column by an index for each axis, or a part of it."""
    column, kind = signature.args
    kind, index = _from_the_front(context, builder, kind, arguments[1])
    signature = signature.replace(args=(column, kind))
    return arrayobj.getitem_array_tuple(context, builder, signature, (arguments[0], index))


@lower_builtin(operator.setitem, Column, types.Any, types.Any)
def _set(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Set an item of a column."""
    column, kind, value = signature.args
    kind, index = _from_the_front(context, builder, kind, arguments[1])
    signature = signature.replace(args=(column, kind, value))
    return arrayobj.setitem_array(context, builder, signature, (arguments[0], index, arguments[2]))

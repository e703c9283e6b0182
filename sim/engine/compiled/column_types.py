"""Columns as compiled code sees them: arrays that nobody owns, and that count from the front only.

An array of Numba's counts its users, which takes longer than much of what a run does with it, and a
negative index counts from its end, which is checked at each use. The columns of a run stay as long
as it does, and an index of -1 stands for none. Where NUMBA_BOUNDSCHECK is set to 1, with a folder
of its own in NUMBA_CACHE_DIR, each index is checked.

What is written into one column is in no other. The optimiser is told so (by what LLVM calls
type-based alias analysis), or it would load all numbers anew after each that is written.
"""

import operator
from typing import Any

from llvmlite.ir import MetaDataString
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.datamodel.registry import default_manager
from numba.extending import (
    intrinsic,
    lower_builtin,
    lower_cast,
    lower_getattr_generic,
    lower_setattr_generic,
)
from numba.np import arrayobj

ANY = ""
"""Name of a column that may be any."""


class Row(types.Record):
    """Type of a row of a table."""

    def __init__(self, table: str, record: types.Record) -> None:
        fields: Any = [(name, field._asdict()) for name, field in record.fields.items()]
        super().__init__(fields, record.size, record.aligned)
        # The long name of a record, of all its fields, would be part of those of functions.
        self.name = f"row({table}, {self.size})"
        self.table = table


class Column(types.Array):
    """Type of a column: an array in one piece, or a part of one.

    Parameters
    ----------
    name : of the column; functions take `ANY`, so that they are compiled once for all
    """

    def __init__(self, name: str, dtype: Any, ndim: int, layout: Any = "C") -> None:
        self.column = name
        super().__init__(dtype, ndim, layout, name=f"column({name}, {dtype}, {ndim}, {layout})")

    @property
    def key(self) -> Any:
        """What makes it the type it is."""
        return self.column, self.dtype, self.ndim, self.layout

    def copy(  # type: ignore[override]
        self, dtype: Any = None, ndim: Any = None, layout: Any = None, readonly: Any = None
    ) -> "Column":
        """Give the type of a part of it."""
        return Column(
            self.column,
            self.dtype if dtype is None else dtype,
            self.ndim if ndim is None else ndim,
            self.layout if layout is None else layout,
        )

    def unify(self, context: Any, other: Any) -> "Column | None":
        """Give the type of what may be either of two columns."""
        alike = isinstance(other, Column) and self.of_any_name() == other.of_any_name()
        return self.of_any_name() if alike else None

    def of_any_name(self) -> "Column":
        """Give the type of such columns, whatever their names."""
        return Column(ANY, self.dtype, self.ndim, self.layout)


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
default_manager.register(Row, models.RecordModel)


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


def mark(builder: Any, access: Any, *names: str) -> Any:
    """Tell the optimiser what memory a load or a store is about.

    Parameters
    ----------
    access : the load or store
    names : of the memory, the whole first and its parts after; one name is apart from others
    """
    module = builder.module
    node = module.add_metadata([MetaDataString(module, "columns")])
    zero = cgutils.intp_t(0)
    for name in names:
        node = module.add_metadata([MetaDataString(module, name), node, zero])
    access.set_metadata("tbaa", module.add_metadata([node, node, zero]))
    return access


def _indices(context: Any, builder: Any, kind: Any, index: Any) -> list[Any] | None:
    """Give the numbers of an index, of which none is negative; None if it has a slice."""
    kinds, parts = [kind], [index]
    if isinstance(kind, types.BaseTuple):
        kinds = list(kind)  # type: ignore[call-overload]
        parts = cgutils.unpack_tuple(builder, index, len(kinds))
    if not all(isinstance(each, types.Integer) for each in kinds):
        return None
    return [
        context.cast(builder, part, each, types.intp)
        for each, part in zip(kinds, parts, strict=True)
    ]


def _place(context: Any, builder: Any, column: Any, value: Any, indices: list[Any]) -> Any:
    """Give where an item of a column is."""
    array = context.make_array(column)(context, builder, value)
    checked = context.enable_boundscheck
    return cgutils.get_item_pointer(context, builder, column, array, indices, False, checked)


def _names(column: Column) -> tuple[str, ...]:
    """Names of the memory of a column's numbers."""
    return (f"{column.dtype}", column.column) if column.column != ANY else (f"{column.dtype}",)


@lower_builtin(operator.getitem, Column, types.Integer)
@lower_builtin(operator.getitem, Column, types.BaseTuple)
def _get(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Get an item of a column, or a part of it."""
    column, kind = signature.args
    indices = _indices(context, builder, kind, arguments[1])
    if indices is not None and len(indices) == column.ndim:
        place = _place(context, builder, column, arguments[0], indices)
        if isinstance(column.dtype, types.Record):
            return context.unpack_value(builder, column.dtype, place)
        return mark(builder, builder.load(place), *_names(column))
    several = isinstance(kind, types.BaseTuple)
    if indices is not None:
        unsigned = types.UniTuple(types.uintp, len(indices)) if several else types.uintp
        index = context.make_tuple(builder, unsigned, indices) if several else indices[0]
        signature, arguments = signature.replace(args=(column, unsigned)), (arguments[0], index)
    whole = arrayobj.getitem_array_tuple if several else arrayobj.getitem_arraynd_intp
    return whole(context, builder, signature, arguments)


@lower_builtin(operator.setitem, Column, types.Integer, types.Any)
@lower_builtin(operator.setitem, Column, types.BaseTuple, types.Any)
def _set(context: Any, builder: Any, signature: Any, arguments: Any) -> None:
    """Set a number or a row of a column."""
    column, kind, given = signature.args
    indices = _indices(context, builder, kind, arguments[1])
    if indices is None or len(indices) != column.ndim:
        raise NotImplementedError(f"{kind} of {column} cannot be set at once")
    place = _place(context, builder, column, arguments[0], indices)
    if isinstance(column.dtype, types.Record):
        size = cgutils.intp_t(column.dtype.size)
        cgutils.raw_memcpy(builder, place, arguments[2], cgutils.intp_t(1), size)
        return
    value = context.cast(builder, arguments[2], given, column.dtype)
    mark(builder, builder.store(value, place), *_names(column))


def _field(context: Any, builder: Any, row: Row, value: Any, name: str) -> Any:
    """Give where a field of a row is."""
    kind = context.get_data_type(row.typeof(name))
    return cgutils.get_record_member(builder, value, row.offset(name), kind)


@lower_getattr_generic(Row)
def _get_field(context: Any, builder: Any, row: Any, value: Any, name: str) -> Any:
    """Get a field of a row."""
    place = _field(context, builder, row, value, name)
    return mark(builder, builder.load(place), row.table, f"{row.table}.{name}")


@lower_setattr_generic(Row)
def _set_field(context: Any, builder: Any, signature: Any, arguments: Any, name: str) -> None:
    """Set a field of a row."""
    row, given = signature.args
    place = _field(context, builder, row, arguments[0], name)
    value = context.cast(builder, arguments[1], given, row.typeof(name))
    mark(builder, builder.store(value, place), row.table, f"{row.table}.{name}")


def _flat(typing_context: Any, column: Any) -> Any:
    """Give all numbers of a column in one row."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole = context.make_array(column)(context, builder, arguments[0])
        row = context.make_array(signature.return_type)(context, builder)
        for part in ("meminfo", "parent", "nitems", "itemsize", "data"):
            setattr(row, part, getattr(whole, part))
        row.shape = cgutils.pack_array(builder, [whole.nitems])
        row.strides = cgutils.pack_array(builder, [whole.itemsize])
        return row._getvalue()

    return column.copy(ndim=1)(column), generate


def _copy_rows(typing_context: Any, to: Any, source: Any) -> Any:
    """Copy all that is in an array into the beginning of another."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        there, here = (
            context.make_array(kind)(context, builder, value)
            for kind, value in zip(signature.args, arguments, strict=True)
        )
        cgutils.raw_memcpy(builder, there.data, here.data, here.nitems, here.itemsize)
        return context.get_dummy_value()

    return types.none(to, source), generate


flat: Any = intrinsic(_flat)
copy_rows: Any = intrinsic(_copy_rows)

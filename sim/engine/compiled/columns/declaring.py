"""How a column is declared: its name, type, unit and meaning."""

from typing import NamedTuple


class Field(NamedTuple):
    """A column of a table: its name, NumPy type, unit and meaning."""

    name: str
    dtype: str
    unit: str
    meaning: str


class Matrix(NamedTuple):
    """An array of its own: its name, number of axes, NumPy type, unit, and what it holds."""

    name: str
    axes: int
    dtype: str
    unit: str
    meaning: str


COUNT, WHOLE, REAL = "i4", "i8", "f8"
"""Whole and real numbers.

A long line's columns are many times as large as the processor's caches, and their memory is most of
its time. So whole numbers that stay small are half as long: where something is among the rows of a
column, how many there are, whether something holds. What a file can make as large as it likes, what
numbers all attempts, and what rows are multiplied with are at full length.
"""

"""Columns of whole numbers, packed small, that a browser unpacks without help."""

import base64
import gzip
import json
import struct
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FORMAT = 1
"""Version of the format; a player refuses another one."""

TYPES = ("i1", "i2", "i4")


class Packed(NamedTuple):
    """What was in a pack.

    Attributes
    ----------
    meta : what is said in words
    columns : by name; whole numbers, divided by their scale where they have one
    """

    meta: dict[str, Any]
    columns: dict[str, NDArray[Any]]


class Pack:
    """Columns and words about them, ready to be put into a page.

    A pack is gzip over: the length of the header (4 bytes, little endian), the header (JSON in
    UTF-8), and the columns one after another. The header has `format`, `meta` and `columns`; of
    each column its name, type (signed, of 1, 2 or 4 bytes, little endian), length, scale, and
    whether differences from one entry to the next are stored (`delta`; the first from 0).

    Parameters
    ----------
    meta : what is said in words, ready for JSON
    """

    def __init__(self, meta: dict[str, Any]) -> None:
        self.meta = meta
        self._told: list[dict[str, Any]] = []
        self._parts: list[bytes] = []

    def add(self, name: str, values: ArrayLike, scale: int = 1, *, delta: bool = True) -> None:
        """Add a column.

        Parameters
        ----------
        name : no other column has it
        values : numbers of up to 31 bits, once they are multiplied by the scale and rounded
        scale : steps to a unit
        delta : whether to store differences, which pays where neighbours are alike
        """
        whole = np.rint(np.asarray(values, dtype=np.float64).ravel() * scale).astype(np.int64)
        stored = np.diff(whole, prepend=0) if delta else whole
        kind = _narrowest(stored)
        self._told.append(
            {"name": name, "type": kind, "length": len(whole), "scale": scale, "delta": delta}
        )
        self._parts.append(stored.astype(f"<{kind}").tobytes())

    def bytes(self) -> bytes:
        """Give it all, compressed; the same columns give the same bytes."""
        header = {"format": FORMAT, "meta": self.meta, "columns": self._told}
        text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
        whole = struct.pack("<I", len(text)) + text + b"".join(self._parts)
        return gzip.compress(whole, compresslevel=9, mtime=0)

    def text(self) -> str:
        """Give it all in base 64."""
        return base64.b64encode(self.bytes()).decode("ascii")


def _narrowest(values: NDArray[np.int64]) -> str:
    """Name the narrowest type that holds some whole numbers."""
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    return next(kind for kind in TYPES if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)


def unpack(packed: bytes) -> Packed:
    """Read a pack as the player does."""
    whole = gzip.decompress(packed)
    (length,) = struct.unpack_from("<I", whole)
    header = json.loads(whole[4 : 4 + length])
    columns: dict[str, NDArray[Any]] = {}
    begin = 4 + length
    for told in header["columns"]:
        stored = np.frombuffer(whole, f"<{told['type']}", told["length"], begin).astype(np.int64)
        begin += stored.size * int(told["type"][1])
        values = np.cumsum(stored) if told["delta"] else stored
        columns[told["name"]] = values if told["scale"] == 1 else values / told["scale"]
    return Packed(header["meta"], columns)

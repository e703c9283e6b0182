"""Where a film, a still or a page goes: put in place when it is whole."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import InputError, os_error_as_input_error

FORMATS = (".html", ".mp4", ".gif", ".png")


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Give a path to write to beside `out`, and put the file in place when all went well.

    Raises
    ------
    InputError : the ending is not one of `FORMATS`, or the folder cannot be written
    """
    if out.suffix.lower() not in FORMATS:
        raise InputError(
            f"ends in {out.suffix!r}, which says no kind of picture",
            where=str(out),
            remedy=f"end it in {', '.join(FORMATS)}",
        )
    if out.is_dir():
        raise InputError("is a folder", where=str(out), remedy="name a file in it")
    if not out.parent.is_dir():
        raise InputError("no such folder", where=str(out.parent), remedy="make it first")
    remedy = "name a folder you may write to"
    with os_error_as_input_error("cannot be written", where=out.parent, remedy=remedy):
        folder = tempfile.TemporaryDirectory(prefix=f".{out.stem}-", dir=out.parent)
    with folder as name:
        part = Path(name) / f"film{out.suffix.lower()}"
        yield part
        part.replace(out)

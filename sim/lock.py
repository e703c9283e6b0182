"""One process at a time in a folder."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import os_error_as_input_error

if sys.platform != "win32":
    import fcntl


@contextmanager
def alone_in(folder: Path, waiting: Callable[[], None], remedy: str) -> Iterator[bool]:
    """Wait until no other process works in a folder, and keep others out.

    The system frees the lock when a process ends, however it ends. Where there are no such locks,
    as on some network disks, nobody waits: two processes may do the same work, and must bear it.

    Parameters
    ----------
    folder : to work in; made if need be
    waiting : called once if somebody else is at work
    remedy : what the user can do if the folder cannot be written to

    Yields
    ------
    Whether nobody else is at work for certain.

    Raises
    ------
    InputError : the folder cannot be written to
    """
    with os_error_as_input_error("cannot be written to", where=folder, remedy=remedy):
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o666)
    try:
        yield _locked(handle, waiting)
    finally:
        os.close(handle)


def _locked(handle: int, waiting: Callable[[], None]) -> bool:
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        waiting()
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:
        return False
    return True

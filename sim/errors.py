"""What can go wrong, as classes a caller can catch.

Every message says what is wrong, where, and what to do about it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class BordersimError(Exception):
    """Base of all errors that bordersim raises on purpose.

    Parameters
    ----------
    what : what is wrong, in one sentence without a full stop
    where : the file, key path or argument it was found in
    remedy : what the user can do about it
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        place = f"{where}: " if where else ""
        advice = f" ({remedy})" if remedy else ""
        super().__init__(f"{place}{what}{advice}")


class InputError(BordersimError):
    """A file, a key, a value or an argument that cannot be used."""

    exit_code = 2


@contextmanager
def os_error_as_input_error(what: str, *, where: Path, remedy: str) -> Iterator[None]:
    """Say of a file or folder that the system refuses what cannot be done with it, and why.

    Parameters
    ----------
    what : what cannot be done, without the reason, which is added
    where, remedy : as of any error

    Raises
    ------
    InputError : the body raised an OSError
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{what}: {reason}", where=str(where), remedy=remedy) from error


class InputErrors(InputError):
    """Several input errors at once, so that a user can mend them in one go.

    Attributes
    ----------
    errors : the single errors, in the order found, at least one
    """

    def __init__(self, errors: list[InputError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


class NeedsAgents(BordersimError):
    """Code of a user's own reaches for something that only the agents engine can give it."""

    exit_code = 2

    def __init__(self, what: str) -> None:
        super().__init__(what, where="engine", remedy="use agents or auto")


class BrokenRunError(BordersimError):
    """A run that breaks one of the model's own invariants; never the user's fault."""

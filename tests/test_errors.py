"""Errors say what is wrong, where, and what to do."""

from pathlib import Path

import pytest

from sim.errors import InputError, os_error_as_input_error


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), OSError("No space left on device")]
)
def test_what_the_system_refuses_is_told_as_an_input_error(error: OSError) -> None:
    """The system's reason stands between what cannot be done and the advice."""
    with (
        pytest.raises(InputError) as told,
        os_error_as_input_error("cannot be written", where=Path("a.csv"), remedy="make room"),
    ):
        raise error
    assert str(told.value) == "a.csv: cannot be written: No space left on device (make room)"
    assert told.value.__cause__ is error


def test_a_slip_of_the_program_is_not_told_as_an_input_error() -> None:
    """Errors of another kind pass through as they are."""
    with (
        pytest.raises(ZeroDivisionError),
        os_error_as_input_error("cannot be written", where=Path("a.csv"), remedy="make room"),
    ):
        raise ZeroDivisionError

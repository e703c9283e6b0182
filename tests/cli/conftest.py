"""The command as a user calls it, in this process."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.cli.app import main

ROOT = Path(__file__).parents[2]


class Call(NamedTuple):
    """How a call of the command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def bordersim(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Call]:
    """Call the command with some words; an exception that escapes it fails the test."""

    def call(*words: object) -> Call:
        monkeypatch.setattr(sys, "argv", ["bordersim", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        streams = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return Call(end.value.code, streams.out, streams.err)

    return call


@pytest.fixture
def scenario() -> Path:
    """Give the scenario that comes with the library."""
    return ROOT / "scenarios" / "vietnam_laos.toml"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Copy the library's files to where a test may change them; gives the new root."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "library" / "scenarios")
    shutil.copytree(ROOT / "experiments", tmp_path / "library" / "experiments")
    return tmp_path / "library"

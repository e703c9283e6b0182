"""`bordersim verify`: prints what is known against what was simulated, and fails if it differs."""

import json
from dataclasses import replace

import pytest

from sim.cli.verify import verify_command
from sim.errors import BordersimError
from sim.verification import ladder


def test_lines_say_expected_simulated_and_verdict(capsys):
    """Each quantity has a line, and the end sums up."""
    verify_command(["process.trust"], "compiled", True, 1, False)
    printed = capsys.readouterr().out
    assert "process.trust, trust" in printed
    assert "0.8305" in printed
    assert "holds" in printed
    assert "1 of 1 rungs hold" in printed


def test_json_has_standard_errors_and_whether_engines_agree(capsys):
    """One JSON document, with a short run of the agents beside."""
    verify_command(["barrier.own_side"], "both", True, 1, True)
    (document,) = json.loads(capsys.readouterr().out)
    assert document["holds"] is True
    assert document["engines_agree"] is True
    (reading,) = document["readings"]
    assert reading["expected"] == reading["simulated"] == 0.0


def test_a_rung_that_does_not_hold_fails_the_command(monkeypatch, capsys):
    """The error names the rung, and the exit code is 1."""
    rung = ladder.LADDER["process.trust"]
    monkeypatch.setitem(ladder.LADDER, rung.name, replace(rung, expected={"trust": 0.9}))
    with pytest.raises(BordersimError, match=r"1 of 1 rungs do not hold: process\.trust") as caught:
        verify_command([rung.name], "compiled", True, 1, False)
    assert caught.value.exit_code == 1
    assert "FAILS" in capsys.readouterr().out

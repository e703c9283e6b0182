"""A library of three files and one short border, to be broken in every way."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli.app import main

SCENARIO = """\
format = 1
title = "Strip"
policy = "policies/weekly.toml"

[world]
borders = ["data/strip"]
provinces = []

[patrols]
per_post = 2

[[groups]]
name = "goods, eastward"
crime = "goods"
origin = "AAA"
destination = "BBB"
provinces = []
count = 2
attempts_per_day = 1.0

[groups.learning]
phi = 0.9
rho = 0.8

[sources]
"patrols.per_post" = "a citation"
"""

POLICY = """\
format = 1
extends = "none.toml"
title = "Weekly"

[sharing]
interval_days = 7

[sources]
"sharing.interval_days" = { assumed = "a guess", range = [1, 30] }
"""

EXPERIMENT = """\
format = 1
scenario = "../scenarios/strip.toml"
policy = "../scenarios/policies/weekly.toml"
design = "factorial"
replications = 2
metrics = ["interdiction_rate"]

[[factors]]
key = "sharing.interval_days"
values = [1, 7]

[baseline]
"sharing.interval_days" = 7
"""

SEGMENTS = """\
segment,length_km,province_aaa,province_bbb,relief_class
0,10.0,Upland,Westmark,1
1,10.0,Upland,Eastmark,2
2,10.0,Lowland,Eastmark,3
"""


def line() -> str:
    """Course of the three segments, west to east."""
    features = [
        {
            "type": "Feature",
            "properties": {"segment": number},
            "geometry": {
                "type": "LineString",
                "coordinates": [[number / 10, 0.0], [(number + 1) / 10, 0.0]],
            },
        }
        for number in range(3)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


class Library:
    """Files of a test, in a folder of their own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.scenario = root / "scenarios" / "strip.toml"
        self.policy = root / "scenarios" / "policies" / "weekly.toml"
        self.experiment = root / "experiments" / "study.toml"
        self.border = root / "scenarios" / "data" / "strip"
        self.write(self.scenario, SCENARIO)
        self.write(self.policy, POLICY)
        self.write(self.policy.with_name("none.toml"), 'format = 1\ntitle = "Nothing shared"\n')
        self.write(self.experiment, EXPERIMENT)
        self.write(self.border / "segments.csv", SEGMENTS)
        self.write(self.border / "line.geojson", line())

    def write(self, path: str | Path, text: str) -> Path:
        """Write a file, with the folders it needs; a relative path holds from the root."""
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    @staticmethod
    def edit(path: Path, old: str, new: str) -> Path:
        """Replace what a file says in one place."""
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is not once in {path}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Give a library whose files are all valid."""
    return Library(tmp_path / "library")


@pytest.fixture
def refusal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Call the command, see that it ends with exit code 2 and an advice, and give its stderr."""

    def call(*words: object) -> str:
        monkeypatch.setattr(sys, "argv", ["bordersim", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        message = capsys.readouterr().err
        assert end.value.code == 2, message
        assert message.strip()
        assert "Traceback" not in message
        return message

    return call

"""A small experiment for tests: four policies on the small world, some milliseconds a run."""

from pathlib import Path

from small_world import SCENARIO, write_border

from sim import Experiment
from sim.lab import Tables

EXPERIMENT = """
format = 1
title = "Sharing, with plans or without"
scenario = "small.toml"
design = "factorial"
days = 4
replications = 3
metrics = ["interdiction_rate", "doubly_covered"]
[[factors]]
key = "sharing.interval_days"
values = [1, "never"]
[[factors]]
key = "sharing.plans"
values = [false, true]
[baseline]
"sharing.interval_days" = "never"
"sharing.plans" = false
"""

TROUBLE = """
format = 1
title = "An instrument that makes trouble"
scenario = "small.toml"
design = "paired"
days = 4
replications = 4
metrics = ["interdiction_rate"]
baseline = "quiet"
[[policies]]
name = "quiet"
[[policies]]
name = "trouble"
set = { extensions = [{ instrument = "trouble:Trouble" }] }
"""


def small_experiment(folder: Path, text: str = EXPERIMENT) -> Experiment:
    """Write an experiment on the small world into a folder and load it."""
    write_border(folder / "border")
    (folder / "small.toml").write_text(SCENARIO)
    (folder / "experiment.toml").write_text(text)
    return Experiment.load(folder / "experiment.toml")


def troubled_experiment(folder: Path, trouble: str) -> Experiment:
    """Write an experiment with an instrument of one's own that does something as a run begins.

    Parameters
    ----------
    folder : to write into
    trouble : Python statements; `seed` is the seed of the run
    """
    body = "".join(f"\n        {line}" for line in trouble.strip().splitlines())
    (folder / "trouble.py").write_text(
        "import os\nfrom pathlib import Path\nfrom sim.coordination import Instrument\n\n"
        "class Trouble(Instrument):\n    name = 'trouble'\n    key = 1002\n"
        "    def __init__(self, theatre, dose):\n        super().__init__(theatre, dose)\n"
        f"        seed = self.stage.chance.seed{body}\n"
    )
    return small_experiment(folder, TROUBLE)


def as_bytes(tables: Tables, folder: Path) -> dict[str, bytes]:
    """Give what a study writes, by the name of the file."""
    tables.write(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}

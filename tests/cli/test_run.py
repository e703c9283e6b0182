"""`bordersim run`: one document on stdout, one explanation on stderr."""

import json
import subprocess
import sys

import pytest

from sim import Scenario, run

NAMED = {
    "scenario": str,
    "policy": str,
    "seed": int,
    "days": float,
    "engine": str,
    "version": str,
    "inputs_sha256": str,
    "outcomes": dict,
}
OUTCOMES = (
    "attempts",
    "detected",
    "intercepted",
    "undetected",
    "interdiction_rate",
    "recorded_interdiction_rate",
    "handovers",
    "false_stops",
    "mean_information_age_days",
    "patrol_hours",
    "coordination_hours",
    "marker_backlog",
)


def test_json_is_one_document_with_all_that_is_promised(bordersim, scenario):
    """`--json` prints one JSON document with every promised key and nothing else."""
    call = bordersim("run", scenario, "--days", 2, "--seed", 1, "--json")
    assert call.code == 0
    document = json.loads(call.out)
    assert {key: type(document[key]) for key in NAMED} == NAMED
    assert (document["scenario"], document["policy"]) == ("vietnam_laos", "none")
    assert (document["seed"], document["days"]) == (1, 2)
    assert document["engine"] in ("agents", "compiled")
    outcomes = document["outcomes"]
    assert all(type(outcomes[name]) in (int, float) for name in OUTCOMES)
    for digest in (document["inputs_sha256"], outcomes["events_sha256"]):
        assert len(bytes.fromhex(digest)) == 32
    assert outcomes["detected"] + outcomes["undetected"] == outcomes["attempts"] > 0


def test_the_installed_command_prints_the_same_document(scenario):
    """In a process of its own the command prints what the same run gives in Python."""
    words = ("run", str(scenario), "--days", "1", "--seed", "3", "--policy", "weekly_sharing")
    code = "from sim.cli.app import main; main()"
    process = subprocess.run(
        [sys.executable, "-c", code, *words, "--set", "sharing.interval_days=0.5", "--json"],
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    overrides = {"sharing.interval_days": 0.5, "time.days": 1}
    loaded = Scenario.load(scenario, policy="weekly_sharing", overrides=overrides)
    assert json.loads(process.stdout) == run(loaded, seed=3).summary()


@pytest.mark.skipif(sys.platform != "linux", reason="memory of a process is limited by Linux")
def test_what_does_not_fit_into_memory_is_told(scenario):
    """A run that is too large ends with what to do, not with a traceback."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30)); "
    code = f"{limit}from sim.cli.app import main; main()"
    many = ("--set", "groups.*.count=100", "--set", "groups.*.attempts_per_day=1000")
    words = (scenario, *many, "--days", "36500", "--engine", "compiled")
    process = subprocess.run(
        [sys.executable, "-c", code, "run", *words],
        capture_output=True,
        text=True,
    )
    assert process.returncode == 1
    assert "Traceback" not in process.stderr
    assert "bordersim: not enough memory: " in process.stderr
    assert "shorten the run" in process.stderr


def test_tables_show_truth_and_record(bordersim, scenario):
    """Without `--json` the outcomes are shown beside what each side's records show."""
    call = bordersim("run", scenario, "--days", 1)
    assert call.code == 0
    for words in ("What happened", "records show", "interdiction_rate", "VNM", "LAO"):
        assert words in call.out


def test_results_are_written_where_they_are_wanted(bordersim, scenario, tmp_path):
    """`--out` makes a folder whose outcomes are the document that is printed."""
    out = tmp_path / "new" / "folder"
    call = bordersim("run", scenario, "--days", 1, "--out", out, "--json")
    assert call.code == 0
    assert json.loads((out / "outcomes.json").read_text("utf-8")) == json.loads(call.out)
    assert (out / "events.csv").stat().st_size > 0
    assert (out / "daily.csv").stat().st_size > 0


REFUSED = {
    "setting without a value": (["--set", "sharing"], ["KEY=VALUE", "e.g."]),
    "setting of nothing": (["--set", "=7"], ["KEY=VALUE", "e.g."]),
    "unknown table": (["--set", "shering.interval_days=7"], ["shering", "did you mean sharing?"]),
    "unknown key": (
        ["--set", "sharing.interval_day=7"],
        ["sharing.interval_day", "did you mean interval_days?"],
    ),
    "group that is not there": (["--set", "groups.99.count=1"], ["groups.99.count", "0 to 5"]),
    "setting into a value": (["--set", "title.x=1"], ["title.x", "into a value"]),
    "setting out of range": (
        ["--set", "sharing.interval_days=-1"],
        ["sharing.interval_days", "-1"],
    ),
    "setting that is NaN": (["--set", "patrols.detection=nan"], ["patrols.detection", "finite"]),
    "setting of the wrong type": (["--set", "patrols.detection=high"], ["detection", "'high'"]),
    "unknown province": (
        ["--set", 'world.provinces=["Son Laa"]'],
        ["world.provinces", "did you mean Son La?"],
    ),
    "seed that is a word": (["--seed", "one"], ["--seed", "integer"]),
    "seed that is a fraction": (["--seed", "1.5"], ["--seed", "integer"]),
    "negative days": (["--days", "-1"], ["time.days", "greater than 0", "-1"]),
    "no days": (["--days", "0"], ["time.days", "greater than 0"]),
    "days without end": (["--days", "inf"], ["time.days", "finite"]),
    "days that are no number": (["--days", "nan"], ["time.days"]),
    "days beyond a century": (["--days", "1e99"], ["time.days", "less than"]),
    "days in words": (["--days", "two"], ["--days", "number"]),
    "unknown engine": (["--engine", "nonsense", "--days", "1"], ["engine", "nonsense", "agents"]),
    "unknown policy": (["--policy", "weakly_sharing"], ["did you mean weekly_sharing.toml?"]),
    "policy that is a folder": (["--policy", "policies/"], ["policies"]),
    "unknown option": (["--sed", "1"], ["--sed"]),
    "second scenario": (["other.toml"], ["other.toml"]),
}


@pytest.mark.parametrize(
    ("words", "told"), [pytest.param(*case, id=name) for name, case in REFUSED.items()]
)
def test_a_call_that_cannot_be_met_is_explained(bordersim, scenario, words, told):
    """A wrong argument ends with exit code 2 and an explanation, and prints no result."""
    call = bordersim("run", scenario, *words)
    assert call.code == 2, call.err
    assert call.out == ""
    assert not [word for word in told if word not in call.err], call.err


def test_the_compiled_engine_runs_or_is_refused(bordersim, scenario):
    """`--engine compiled` never falls back on another engine in silence."""
    call = bordersim("run", scenario, "--days", 1, "--engine", "compiled", "--json")
    if call.code == 0:
        assert json.loads(call.out)["engine"] == "compiled"
    else:
        assert call.code == 2
        assert "compiled engine" in call.err
        assert call.out == ""


@pytest.mark.parametrize("below", ["", "deeper"])
def test_results_cannot_be_written_into_a_file(bordersim, scenario, tmp_path, below):
    """`--out` that is a file, or lies in one, is refused by its name; the file is left alone."""
    taken = tmp_path / "taken"
    taken.write_text("mine")
    call = bordersim("run", scenario, "--days", 1, "--out", taken / below)
    assert call.code == 2
    assert "taken" in call.err
    assert "--out" in call.err
    assert taken.read_text() == "mine"


def test_a_negative_seed_is_refused(bordersim, scenario):
    """A seed below 0, which no experiment may have either, is refused."""
    call = bordersim("run", scenario, "--days", 0.4, "--seed", -1)
    assert call.code == 2
    assert "seed" in call.err
    assert "-1" in call.err


@pytest.mark.parametrize("seed", [0, 10**30])
def test_any_whole_number_from_0_is_a_seed(bordersim, scenario, seed):
    """Seeds of 0 and above 64 bits run like any other, and are reported as given."""
    call = bordersim("run", scenario, "--days", 0.4, "--seed", seed, "--json")
    assert call.code == 0
    assert json.loads(call.out)["seed"] == seed


def test_the_twin_differs_in_nothing_but_coordination(bordersim, scenario):
    """`--twin` runs the same chance without any instrument, and says what coordination took."""
    call = bordersim(
        "run", scenario, "--days", 4, "--policy", "twinning_and_hotline", "--twin", "--json"
    )
    assert call.code == 0
    document = json.loads(call.out)
    twin = document["twin"]
    assert twin["policy"] == "twinning_and_hotline (without coordination)"
    assert twin["outcomes"]["wanted"] == document["outcomes"]["wanted"] > 0
    assert twin["outcomes"]["handovers"] == 0 < document["outcomes"]["alerts"]
    assert twin["costs"] == {}
    assert set(document["costs"]) == {"twinning", "hotline", "sharing"}
    alone = run(Scenario.load(scenario, policy="none", overrides={"time.days": 4}), seed=1)
    assert twin["outcomes"]["events_sha256"] == alone.outcomes["events_sha256"]


def test_costs_and_sides_are_printed_in_tables(bordersim, scenario):
    """What coordination took, and what it meant to each side, stand beside what happened."""
    call = bordersim("run", scenario, "--days", 1, "--policy", "weekly_sharing", "--twin")
    assert call.code == 0
    for title in ("What happened", "What coordination took", "What it meant to each side"):
        assert title in call.out

"""Whatever is wrong with a file, the user reads what, where and what to do."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli.app import main
from sim.errors import InputError
from sim.scenario import Experiment, Scenario

Refusal = Callable[..., str]

SCENARIO_EDITS = {
    "wrong type": ("per_post = 2", 'per_post = "two"', ["patrols.per_post", "integer", "'two'"]),
    "bool for a whole number": ("count = 2", "count = true", ["groups.0.count", "True"]),
    "bool for a number": (
        "attempts_per_day = 1.0",
        "attempts_per_day = true",
        ["groups.0.attempts_per_day", "True"],
    ),
    "number in quotes": (
        "attempts_per_day = 1.0",
        'attempts_per_day = "1.0"',
        ["groups.0.attempts_per_day", "'1.0'"],
    ),
    "fraction of a patrol": ("per_post = 2", "per_post = 2.5", ["patrols.per_post", "2.5"]),
    "negative count": ("count = 2", "count = -2", ["groups.0.count", "greater", "-2"]),
    "count of 5,000 digits": ("count = 2", f"count = {'9' * 5000}", ["is not TOML"]),
    "rate of 400 digits": (
        "attempts_per_day = 1.0",
        f"attempts_per_day = {'9' * 400}",
        ["groups.0.attempts_per_day"],
    ),
    "NaN": ("attempts_per_day = 1.0", "attempts_per_day = nan", ["attempts_per_day", "finite"]),
    "infinity": (
        "attempts_per_day = 1.0",
        "attempts_per_day = inf",
        ["attempts_per_day", "finite"],
    ),
    "date for a title": ('title = "Strip"', "title = 2025-01-01", ["title", "string"]),
    "array for a table": ("[patrols]\nper_post = 2", "[[patrols]]", ["patrols"]),
    "table for an array": ("[[groups]]", "[groups.x]", ["groups"]),
    "unknown table": ("[patrols]", "[patrol]", ["patrol", "did you mean patrols?"]),
    "unknown key": ("per_post = 2", "per_pots = 2", ["patrols.per_pots", "did you mean per_post?"]),
    "unknown key of a group": ("count = 2", "cuont = 2", ["groups.0.cuont", "did you mean count?"]),
    "key far from any": ("count = 2", "zzzzzzz = 2", ["groups.0.zzzzzzz", "valid here: name,"]),
    "missing key": ("count = 2\n", "", ["groups.0.count", "is missing", "add it"]),
    "missing format": ("format = 1", "", ["format", "is missing"]),
    "format of the future": ("format = 1", "format = 2", ["format", "not 2"]),
    "same key twice": ("count = 2", "count = 2\ncount = 3", ["is not TOML", "line 19"]),
    "unknown province of the world": (
        "provinces = []\n\n[patrols]",
        'provinces = ["Uplnd"]\n\n[patrols]',
        ["world.provinces", "'Uplnd'", "did you mean Upland?"],
    ),
    "unknown province of a group": (
        "provinces = []\ncount",
        'provinces = ["Lowlnd"]\ncount',
        ["groups.0.provinces", "'Lowlnd'", "did you mean Lowland?"],
    ),
    "province of the other side": (
        "provinces = []\ncount",
        'provinces = ["Westmark"]\ncount',
        ["groups.0.provinces", "side of AAA", "Upland"],
    ),
    "unknown crime": (
        'crime = "goods"',
        'crime = "god"',
        ["groups.0.crime", "did you mean goods?"],
    ),
    "no way across": (
        'destination = "BBB"',
        'destination = "AAA"',
        ["groups.0", "origin and destination are both AAA", "from one side to another"],
    ),
    "side not on the border": (
        'origin = "AAA"',
        'origin = "CCC"',
        ["groups.0.origin", "CCC is no side of this border", "sides are AAA, BBB"],
    ),
    "side in small letters": ('origin = "AAA"', 'origin = "aaa"', ["groups.0.origin", "'aaa'"]),
    "rho above phi": ("rho = 0.8", "rho = 0.95", ["groups.0.learning.rho", "0 ≤ rho ≤ phi"]),
    "share above 1": ("phi = 0.9", "phi = 1.5", ["groups.0.learning.phi", "1.5"]),
    "days 0": ("[patrols]", "[time]\ndays = 0\n[patrols]", ["time.days", "greater than 0"]),
    "days 1e99": (
        "[patrols]",
        "[time]\ndays = 1e99\n[patrols]",
        ["time.days", "less than", "1e+99"],
    ),
    "repair of 1e-13 days": (
        "provinces = []\n\n",
        "marker_repair_days = 1e-13\n\n",
        ["world.marker_repair_days", "1e-13 is not 0, nor between 1e-12 and 1e+12", "unit"],
    ),
    "loss of 1e13": (
        'crime = "goods"',
        'crime = "goods"\nloss = 1e13',
        ["groups.0.loss", "10000000000000.0 is not 0, nor between 1e-12 and 1e+12"],
    ),
    "a million patrols at a post": (
        "per_post = 2",
        "per_post = { AAA = 2, BBB = 1_000_000 }",
        ["patrols.per_post.BBB", "less than or equal to 1000", "1000000"],
    ),
    "shift of no hours": ("[patrols]", "[time]\nshift_hours = 0\n[patrols]", ["time.shift_hours"]),
    "dusk before dawn": (
        "provinces = []\n\n",
        "dusk_hour = 12.0\ndawn_hour = 12.0\n\n",
        ["world.dusk_hour", "dusk must be after dawn"],
    ),
    "eleven months": (
        "provinces = []\n\n",
        f"wet_days = {[0.1] * 11}\n\n",
        ["world.wet_days", "12"],
    ),
    "no border": ('["data/strip"]', "[]", ["world.borders", "at least 1"]),
    "missing border folder": (
        "data/strip",
        "data/stirp",
        ["stirp", "segments.csv", "No such file"],
    ),
    "border that climbs out": ("data/strip", "../../elsewhere", ["world.borders", "climbs out"]),
    "border at an absolute path": (
        "data/strip",
        "/strip",
        ["world.borders", "absolute", "relative"],
    ),
    "border with a NUL": ("data/strip", "\\u0000", ["world.borders", "is not a path"]),
    "border without a name": ("data/strip", "", ["world.borders", "is not a path"]),
    "patrols of one side only": (
        "per_post = 2",
        "per_post = { AAA = 2 }",
        ["patrols.per_post", "no value for side 'BBB'", "add BBB"],
    ),
    "posts of one side only": (
        "[patrols]",
        "[posts]\nsector_km = { BBB = 20.0 }\n[patrols]",
        ["posts.sector_km", "no value for side 'AAA'", "add AAA"],
    ),
    "exposure of one side only": (
        "[patrols]",
        "[crimes.goods]\nexposure_hours = { AAA = 2.0 }\n[patrols]",
        ["crimes.goods.exposure_hours", "no value for side 'BBB'", "add BBB"],
    ),
    "citation of an unknown key": (
        '"patrols.per_post" =',
        '"patrols.per_pots" =',
        ['sources."patrols.per_pots"', "does not exist", "did you mean per_post?"],
    ),
    "citation of an unknown group": (
        '"patrols.per_post" =',
        '"groups.7.count" =',
        ['sources."groups.7.count"', "does not exist"],
    ),
    "citation of a digit that is none": (
        '"patrols.per_post" =',
        '"groups.².count" =',
        ['sources."groups.².count"', "does not exist"],
    ),
    "citation that is a number": ('"a citation"', "3", ["sources.patrols.per_post"]),
    "assumption without a range": (
        '"a citation"',
        '{ assumed = "a guess" }',
        ["sources.patrols.per_post", "is missing"],
    ),
    "policy that is a number": ('"policies/weekly.toml"', "7", ["policy", "path in quotes"]),
    "missing policy": ("policies/weekly", "policies/weakly", ["no such file", "weekly.toml?"]),
    "policy that climbs out": ("policies/weekly", "../../weekly", ["policy", "climbs out"]),
    "policy at an absolute path": ("policies/weekly", "/weekly", ["policy", "absolute path"]),
    "missing parent": (
        "format = 1",
        'format = 1\nextends = "stripe.toml"',
        ["no such file", "did you mean strip.toml?"],
    ),
    "parent that climbs out": (
        "format = 1",
        'format = 1\nextends = "../../strip.toml"',
        ["extends", "climbs out"],
    ),
    "parent at an absolute path": (
        "format = 1",
        'format = 1\nextends = "/strip.toml"',
        ["extends", "absolute path", "relative path"],
    ),
    "parent that is a folder": ("format = 1", 'format = 1\nextends = "data"', ["is a folder"]),
    "parent that is a number": ("format = 1", "format = 1\nextends = 3", ["extends", "in quotes"]),
    "parent with an endless name": (
        "format = 1",
        f'format = 1\nextends = "{"a" * 5000}"',
        ["cannot be read"],
    ),
    "own parent": (
        "format = 1",
        'format = 1\nextends = "strip.toml"',
        ["extends", "in a circle: strip.toml → strip.toml", "remove one"],
    ),
    "deep array": ("count = 2", f"count = {'[' * 5000}{']' * 5000}", ["nested too deeply"]),
    "deep table": ("count = 2", f"count = {'{a=' * 5000}1{'}' * 5000}", ["nested too deeply"]),
    "deep key": ("count = 2", f"{'a.' * 50_000}a = 2", ["nested too deeply", "flatten it"]),
    "deep header": ("[patrols]", f"[{'a.' * 50_000}a]", ["nested too deeply", "flatten it"]),
}

POLICY_EDITS = {
    "negative interval": (
        "interval_days = 7",
        "interval_days = -7",
        ["sharing.interval_days", "-7"],
    ),
    "interval of 1e-300 days": (
        "interval_days = 7",
        "interval_days = 1e-300",
        ["sharing.interval_days", "1e-300 is not 0, nor between 1e-12 and 1e+12", "unit"],
    ),
    "more than a survey an hour": (
        "[sharing]",
        "[markers]\nsurveys_per_year = 1_000_000\n[sharing]",
        ["markers.surveys_per_year", "less than or equal to 8760", "1000000"],
    ),
    "interval in unknown words": (
        "interval_days = 7",
        'interval_days = "nevr"',
        ["sharing.interval_days", "'never'", "'nevr'"],
    ),
    "NaN": ("interval_days = 7", "interval_days = nan", ["sharing.interval_days", "finite"]),
    "infinity": ("interval_days = 7", "interval_days = inf", ["sharing.interval_days", "finite"]),
    "bool for a number": ("interval_days = 7", "interval_days = true", ["sharing.interval_days"]),
    "number for a bool": (
        "interval_days = 7",
        "interval_days = 7\nplans = 1",
        ["sharing.plans", "boolean", "not 1"],
    ),
    "unknown key": (
        "interval_days = 7",
        "interval_day = 7",
        ["sharing.interval_day", "did you mean interval_days?"],
    ),
    "unknown instrument": ("[sharing]", "[shairing]", ["shairing", "did you mean sharing?"]),
    "instrument that is no table": ("[sharing]", "hotline = 3\n[sharing]", ["hotline"]),
    "unknown category": (
        "interval_days = 7",
        'interval_days = 7\ncategories = ["gossip"]',
        ["sharing.categories.0", "'gossip'"],
    ),
    "citation of an instrument that is off": (
        '"sharing.interval_days" =',
        '"hotline.works" =',
        ['sources."hotline.works"', "does not exist"],
    ),
    "missing parent": ("none.toml", "non.toml", ["no such file", "did you mean none.toml?"]),
    "own parent": ("none.toml", "weekly.toml", ["extends", "in a circle"]),
    "parent that climbs out": ("none.toml", "../../../none.toml", ["extends", "climbs out"]),
}

EXPERIMENT_EDITS = {
    "both policies and factors": (
        "[[factors]]",
        '[[policies]]\nname = "a"\n[[factors]]',
        ["[[policies]] or [[factors]]"],
    ),
    "neither policies nor factors": (
        '[[factors]]\nkey = "sharing.interval_days"\nvalues = [1, 7]',
        "",
        ["[[policies]] or [[factors]]"],
    ),
    "baseline that is no value": (
        '"sharing.interval_days" = 7',
        '"sharing.interval_days" = 8',
        ["baseline of sharing.interval_days", "not one of its values"],
    ),
    "baseline of another factor": (
        '"sharing.interval_days" = 7',
        '"sharing.plans" = true',
        ["baseline", "a value for each of"],
    ),
    "baseline by name": (
        '[baseline]\n"sharing.interval_days" = 7',
        "",
        ["baseline", "is missing"],
    ),
    "unknown metric": (
        '["interdiction_rate"]',
        '["interdiction_rat"]',
        ["metrics", "'interdiction_rat'", "did you mean interdiction_rate?"],
    ),
    "no metric": ('["interdiction_rate"]', "[]", ["metrics", "at least 1"]),
    "unknown design": ('"factorial"', '"latin"', ["design", "'factorial'", "'latin'"]),
    "design for policies": ('"factorial"', '"paired"', ["design", 'use design = "factorial"']),
    "one replication": ("replications = 2", "replications = 1", ["replications", "not 1"]),
    "negative days": ("replications = 2", "days = -3\nreplications = 2", ["days", "-3"]),
    "negative seed": ("replications = 2", "seed = -3\nreplications = 2", ["seed", "-3"]),
    "values that are none": ("values = [1, 7]", "values = 7", ["factors.0.values"]),
    "names for some values only": (
        "values = [1, 7]",
        'values = [1, 7]\nnames = ["daily"]',
        ["factors.0", "1 names for 2 values"],
    ),
    "value out of range": ("values = [1, 7]", "values = [-1, 7]", ["sharing.interval_days", "-1"]),
    "value that is a date": (
        "values = [1, 7]",
        "values = [2025-01-01, 7]",
        ["sharing.interval_days"],
    ),
    "unknown key": ("replications", "replication", ["replication", "did you mean replications?"]),
    "missing scenario": ("strip.toml", "strap.toml", ["no such file", "did you mean strip.toml?"]),
    "scenario that climbs out": ("../scenarios/strip", "../../other", ["scenario", "climbs out"]),
    "scenario at an absolute path": ("../scenarios/strip", "/strip", ["scenario", "absolute path"]),
    "scenario that is a number": (
        '"../scenarios/strip.toml"',
        "3",
        ["scenario", "string", "not 3"],
    ),
    "missing policy": ("weekly.toml", "weakly.toml", ["no such file", "did you mean weekly.toml?"]),
}

SEGMENTS_EDITS = {
    "length that is no number": ("1,10.0", "1,ten", ["line 3: length_km", "'ten' is not a number"]),
    "length 0": ("1,10.0", "1,0", ["line 3", "not above 0"]),
    "length NaN": ("1,10.0", "1,nan", ["line 3", "not finite"]),
    "row that is too short": ("0,10.0,Upland,Westmark,1", "0,10.0", ["too short"]),
    "unknown relief": ("Westmark,1", "Westmark,4", ["line 2", "relief '4'"]),
    "segment without a course": ("2,10.0", "9,10.0", ["line.geojson has no segment 9"]),
    "column that is missing": ("length_km", "length", ["lacks the columns length_km"]),
    "side that is missing": ("province_bbb", "region_bbb", ["1 province columns"]),
}


def cases(table: dict[str, tuple[str, str, list[str]]]) -> pytest.MarkDecorator:
    """Make one test of each edit."""
    return pytest.mark.parametrize(
        ("old", "new", "told"), [pytest.param(*case, id=name) for name, case in table.items()]
    )


def assert_told(message: str, file: Path, told: list[str]) -> None:
    """See that a message names the file and all that a user needs to know."""
    missing = [words for words in [file.name, *told] if words not in message]
    assert not missing, f"{missing} not in {message[:2000]}"


def test_the_unbroken_library_is_valid(library, monkeypatch, capsys):
    """The files that the other tests break are valid before they do."""
    files = (library.scenario, library.policy, library.experiment)
    monkeypatch.setattr("sys.argv", ["bordersim", "validate", *map(str, files)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    assert [line.rsplit(" ", 1)[1] for line in capsys.readouterr().out.splitlines()] == [
        "scenario",
        "policy",
        "experiment",
    ]


@cases(SCENARIO_EDITS)
def test_a_broken_scenario_is_explained(library, refusal: Refusal, old, new, told):
    """A scenario that cannot be used is refused with file, key path and what to do."""
    path = library.edit(library.scenario, old, new)
    assert_told(refusal("validate", path), path, told)


@cases(SCENARIO_EDITS)
def test_a_broken_scenario_does_not_run(library, refusal: Refusal, old, new, told):
    """What `validate` refuses, `run` refuses too, for the same reason."""
    path = library.edit(library.scenario, old, new)
    assert_told(refusal("run", path) + path.name, path, told[1:])


@cases(POLICY_EDITS)
def test_a_broken_policy_is_explained(library, refusal: Refusal, old, new, told):
    """A policy that cannot be used is refused by itself and as part of a scenario."""
    path = library.edit(library.policy, old, new)
    assert_told(refusal("validate", path), path, told)
    assert_told(refusal("run", library.scenario), path, told)


@cases(EXPERIMENT_EDITS)
def test_a_broken_experiment_is_explained(library, refusal: Refusal, old, new, told):
    """An experiment that cannot be run is refused before any run, by `validate` and `compare`."""
    path = library.edit(library.experiment, old, new)
    assert_told(refusal("validate", path), path, told)
    out = library.root / "out"
    assert_told(refusal("compare", path, "--workers", 1, "--out", out) + path.name, path, told)
    assert not out.exists()


def test_an_unknown_factor_is_explained(library, refusal: Refusal):
    """A factor that is no key of scenario or policy is refused with the nearest that is."""
    text = library.experiment.read_text().replace("sharing.interval_days", "shering.interval_days")
    path = library.write(library.experiment, text)
    assert_told(refusal("validate", path), path, ["shering.interval_days", "did you mean sharing?"])


@pytest.mark.parametrize("baseline", ['"b"', "3", '{ "x" = 1 }', '["a"]'])
def test_a_baseline_must_name_a_policy(library, refusal: Refusal, baseline):
    """An experiment on policies is refused if its baseline is none of them."""
    path = library.write(
        library.experiment,
        f'format = 1\nscenario = "../scenarios/strip.toml"\ndesign = "paired"\n'
        f'baseline = {baseline}\n[[policies]]\nname = "a"\n',
    )
    assert_told(refusal("validate", path), path, ["baseline"])


def test_two_policies_of_one_name_are_refused(library, refusal: Refusal):
    """Policies that a table could not tell apart are refused."""
    path = library.write(
        library.experiment,
        'format = 1\nscenario = "../scenarios/strip.toml"\ndesign = "paired"\nbaseline = "a"\n'
        '[[policies]]\nname = "a"\n[[policies]]\nname = "a"\n',
    )
    assert_told(refusal("validate", path), path, ["two policies have the same name"])


def test_allocation_of_one_side_only_is_refused(library, refusal: Refusal):
    """A policy that says nothing of a side that groups come from is refused with the scenario."""
    text = library.policy.read_text() + '[allocation]\nkind = { AAA = "rota" }\n'
    library.write(library.policy, text)
    message = refusal("validate", library.scenario)
    assert_told(message, library.policy, ["allocation.kind", "side 'BBB'", "add BBB"])


@cases(SEGMENTS_EDITS)
def test_a_broken_segment_table_is_explained(library, refusal: Refusal, old, new, told):
    """Border data that cannot be used are refused with the file and the line."""
    path = library.edit(library.border / "segments.csv", old, new)
    assert_told(refusal("validate", library.scenario), path, told)


@pytest.mark.parametrize("content", [b"", b"segment,length_km\n", b"\xff\xfe\x00", b"a\0b\n\0\n"])
def test_a_segment_table_of_garbage_is_refused(library, refusal: Refusal, content):
    """A segment table without rows or text is refused by its name."""
    path = library.border / "segments.csv"
    path.write_bytes(content)
    assert_told(refusal("validate", library.scenario), path, [])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"features": 3}',
        b'{"features": [{}]}',
        b'{"features": [{"properties": {"segment": "x"}, "geometry": {"coordinates": []}}]}',
        b'{"features": [{"properties": {"segment": 0}, "geometry": {"coordinates": [[1, 2]]}}]}',
        b'{"features": [{"properties": {"segment": 0}, "geometry": {"coordinates": [1, 2]}}]}',
        b'{"features": []}',
    ],
)
def test_a_broken_course_is_refused(library, refusal: Refusal, content):
    """A course of the line that cannot be read or lacks a segment is refused by its name."""
    path = library.border / "line.geojson"
    path.write_bytes(content)
    assert_told(refusal("validate", library.scenario), path, [])


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        pytest.param("segments.csv", "relief_class\n", "relief_class,\n", id="empty column"),
        pytest.param("segments.csv", "Westmark,1\n", "Westmark,1,2,3\n", id="row too long"),
        pytest.param(
            "line.geojson",
            '"segment": 0',
            '"segment": Infinity',
            id="infinite segment",
        ),
        pytest.param("line.geojson", "[0.0, 0.0]", "[NaN, 0.0]", id="place that is no number"),
        pytest.param(
            "line.geojson",
            "[0.0, 0.0]",
            f"{'[' * 99999}{']' * 99999}",
            id="deep array",
        ),
        pytest.param("gates.csv", "Ford,main,1", "Ford,main,one", id="gate at no segment"),
        pytest.param("gates.csv", "Ford,main,1", "Ford,mian,1", id="gate of no kind"),
    ],
)
def test_border_data_in_disorder_are_refused(library, refusal: Refusal, name, old, new):
    """Border data whose table or course is out of shape are refused by their name."""
    library.write(library.border / "gates.csv", "gate,kind,segment\nFord,main,1\n")
    path = library.edit(library.border / name, old, new)
    assert_told(refusal("validate", library.scenario), path, [])


def test_a_missing_course_is_refused(library, refusal: Refusal):
    """Border data without the course of the line are refused."""
    path = library.border / "line.geojson"
    path.unlink()
    assert_told(refusal("validate", library.scenario), path, ["cannot be read"])


CONTENTS = {
    "empty": (b"", "is missing"),
    "binary": (bytes(range(256)), "is not UTF-8 text"),
    "UTF-16": ("format = 1\n".encode("utf-16"), "is not UTF-8 text"),
    "byte order mark": ("\ufefformat = 1\n".encode(), "is not TOML"),
    "NUL bytes": (b"\0" * 100, "is not TOML"),
    "prose": (b"Dear reader,", "is not TOML"),
    "JSON": (b'{"format": 1}', "is not TOML"),
    "half a file": (b"[world", "is not TOML"),
}


@pytest.mark.parametrize(
    ("content", "told"), [pytest.param(*case, id=name) for name, case in CONTENTS.items()]
)
def test_a_file_that_is_no_scenario_is_refused(library, refusal: Refusal, content, told):
    """A file of anything but a scenario is refused by its name, as scenario and as policy."""
    library.scenario.write_bytes(content)
    assert_told(refusal("validate", library.scenario), library.scenario, [told])
    assert_told(refusal("run", library.scenario), library.scenario, [told])


@pytest.mark.parametrize("size", [1_000_001, 100_000_000])
def test_a_huge_file_is_refused_unread(library, refusal: Refusal, size):
    """A file that is far too long is refused without reading all of it."""
    os.truncate(library.scenario, size)
    assert_told(refusal("validate", library.scenario), library.scenario, ["1,000,000 bytes"])


class Endless(io.BytesIO):
    """A file without end, as /dev/zero is."""

    def read(self, size: int | None = -1) -> bytes:
        """As many zeros as asked for."""
        assert size is not None
        assert size >= 0, "would read for ever"
        return b"\0" * size


def test_a_file_without_end_is_refused(library, refusal: Refusal, monkeypatch):
    """A device that never ends is refused like a file that is too long."""
    monkeypatch.setattr(Path, "open", lambda *_, **__: Endless())
    assert "1,000,000 bytes" in refusal("validate", library.scenario)


def test_a_folder_is_no_file(library, refusal: Refusal):
    """A folder in place of a scenario is called a folder."""
    assert_told(
        refusal("run", library.scenario.parent), library.scenario.parent, ["is a folder", ".toml"]
    )


@pytest.mark.parametrize("verb", ["run", "validate", "compare"])
def test_a_misspelt_file_name_is_guessed(library, refusal: Refusal, verb):
    """A file that is not there is refused with the sibling that may have been meant."""
    path = library.scenario.with_name("stirp.toml")
    assert_told(refusal(verb, path), path, ["no such file", "did you mean strip.toml?"])


def test_a_file_in_no_folder_is_refused(library, refusal: Refusal):
    """A path through a folder that does not exist is refused."""
    path = library.root / "nowhere" / "strip.toml"
    assert_told(refusal("run", path), path, ["no such file", "check the path"])


@pytest.mark.parametrize("make", ["scenario", "parent"])
def test_links_in_a_circle_are_refused(library, refusal: Refusal, make):
    """A symbolic link that leads to itself is refused, be it the scenario or what it extends."""
    loop = library.scenario.with_name("loop.toml")
    loop.symlink_to(loop)
    path = loop
    if make == "parent":
        path = library.edit(library.scenario, "format = 1", 'format = 1\nextends = "loop.toml"')
    assert_told(refusal("validate", path), loop, ["cannot be read"])


def test_a_link_out_of_the_library_is_refused(library, refusal: Refusal, tmp_path):
    """A symbolic link does not help a path to climb out of the library."""
    outside = library.write(tmp_path / "outside.toml", "format = 1\n")
    library.scenario.with_name("inside.toml").symlink_to(outside)
    path = library.edit(library.scenario, "format = 1", 'format = 1\nextends = "inside.toml"')
    assert_told(refusal("validate", path), path, ["extends", "climbs out"])


def test_two_files_that_extend_each_other_are_refused(library, refusal: Refusal):
    """Files that extend each other in a circle are refused, and the circle is shown."""
    library.write("scenarios/other.toml", 'extends = "strip.toml"\n')
    path = library.edit(library.scenario, "format = 1", 'format = 1\nextends = "other.toml"')
    told = ["extends", "strip.toml → other.toml → strip.toml", "remove one"]
    assert_told(refusal("validate", path), path, told)


def test_deep_tables_of_two_files_are_merged_or_refused(library, refusal: Refusal):
    """Tables as deep as TOML may nest them do not break inheritance."""
    deep = f"[{'a.' * 99}a]\n" + f"{'b.' * 99}b = {'{c=' * 40}1{'}' * 40}\n"
    library.write("scenarios/parent.toml", deep)
    path = library.write("scenarios/child.toml", f'extends = "parent.toml"\n{deep}')
    assert_told(refusal("validate", path), path, ["a", "unknown key"])


def test_errors_are_values_in_python(library):
    """From Python, all that is wrong arrives as one `InputError` with exit code 2."""
    library.edit(library.scenario, "count = 2", "count = -2")
    with pytest.raises(InputError, match=r"groups\.0\.count") as scenario:
        Scenario.load(library.scenario)
    assert scenario.value.exit_code == 2
    library.edit(library.experiment, "replications = 2", "replications = 0")
    with pytest.raises(InputError, match="replications"):
        Experiment.load(library.experiment)

"""`bordersim validate` and `bordersim schema`: what a file may say, and every way it does not."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = [
    *sorted((ROOT / "scenarios").glob("*.toml")),
    *sorted((ROOT / "scenarios" / "policies").glob("*.toml")),
    *sorted((ROOT / "experiments").glob("*.toml")),
]


def test_all_shipped_files_are_valid(bordersim, monkeypatch):
    """Every file that comes with the library passes, and each is told by its kind."""
    monkeypatch.syspath_prepend(ROOT)
    call = bordersim("validate", "--allow-code", *SHIPPED)
    assert call.code == 0, call.err
    kinds = {"scenarios": "scenario", "policies": "policy", "experiments": "experiment"}
    assert call.out.splitlines() == [
        f"{path}: a valid {kinds[path.parent.name]}" for path in SHIPPED
    ]


def test_every_error_of_every_file_is_listed(bordersim, copied):
    """All errors of all files are listed, one a line with file and key, and counted."""
    scenario = copied / "scenarios" / "vietnam_laos.toml"
    text = scenario.read_text("utf-8")
    for old, new in (
        ("published_length_km = 2337.0", "published_length_km = -1.0"),
        ("per_post = {", "per_pots = {"),
        ("count = 20", 'count = "twenty"'),
        ("attempts_per_day = 0.15", "attempts_per_day = inf"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    scenario.write_text(text, "utf-8")
    policy = copied / "scenarios" / "policies" / "broken.toml"
    policy.write_text("format = 1\n[sharing]\ninterval_days = -1\nplan = true\n", "utf-8")
    experiment = copied / "experiments" / "missing.toml"
    good = copied / "scenarios" / "policies" / "none.toml"
    call = bordersim("validate", scenario, good, policy, experiment)
    assert call.code == 2
    assert call.out == f"{good}: a valid policy\n"
    *errors, count = call.err.splitlines()
    expected = [
        (scenario, "world.published_length_km"),
        (scenario, "patrols.per_pots"),
        (scenario, "groups.0.count"),
        (scenario, "groups.1.attempts_per_day"),
        (policy, "sharing.interval_days"),
        (policy, "sharing.plan"),
        (experiment, "no such file"),
    ]
    places = [f"{path}: {key}" for path, key in expected]
    assert sorted(places) == sorted(
        next((place for place in places if error.startswith(f"{place}")), error)
        for error in set(errors)
    )
    assert len(errors) == len(expected)
    assert count.startswith("bordersim: 7 errors in ")


def test_contradictions_are_all_listed(bordersim, copied):
    """Names that refer to nothing are all found in one call, not one at a time."""
    scenario = copied / "scenarios" / "vietnam_laos.toml"
    text = scenario.read_text("utf-8")
    text = text.replace('crime = "weapons"', 'crime = "weapon"')
    text = text.replace('crime = "drugs"', 'crime = "drug"')
    text = text.replace("sector_km = { VNM = 30.0, LAO = 65.0 }", "sector_km = { VNM = 30.0 }")
    scenario.write_text(text, "utf-8")
    call = bordersim("validate", scenario)
    assert call.code == 2
    for words in (
        "groups.0.crime: no crime 'drug' (did you mean drugs?)",
        "groups.1.crime: no crime 'weapon' (did you mean weapons?)",
        "posts.sector_km: no value for side 'LAO'",
        'sources."posts.sector_km.LAO": cites a key that does not exist',
        "4 errors in",
    ):
        assert words in call.err


def test_names_that_the_border_lacks_are_placed_in_the_file(bordersim, copied):
    """Errors that only the border data reveal still name the scenario file and all groups."""
    scenario = copied / "scenarios" / "vietnam_laos.toml"
    text = scenario.read_text("utf-8").replace("count = 16", 'count = 16\nprovinces = ["Nowhere"]')
    scenario.write_text(text, "utf-8")
    call = bordersim("validate", scenario)
    assert call.code == 2
    assert call.err.count("no province 'Nowhere'") == 2
    assert all(str(scenario) in line for line in call.err.splitlines()[:2])
    assert "groups.2.provinces" in call.err
    assert "groups.3.provinces" in call.err


def test_an_experiment_is_checked_as_a_whole(bordersim, copied):
    """Unknown outcomes and a policy that is missing are found together, before any run."""
    experiment = copied / "experiments" / "sharing_frequency.toml"
    text = experiment.read_text("utf-8")
    text = text.replace('"detection_rate"', '"detection_rat"').replace("weekly_sh", "weakly_sh")
    experiment.write_text(text, "utf-8")
    call = bordersim("validate", experiment)
    assert call.code == 2
    assert "no outcome 'detection_rat' (did you mean detection_rate?)" in call.err
    assert "did you mean weekly_sharing.toml?" in call.err


def test_validate_needs_a_file(bordersim):
    """Without a file there is nothing to check, and that is a wrong call."""
    call = bordersim("validate")
    assert call.code == 2
    assert "FILE" in call.err


def references_in(node: object) -> set[str]:
    """Collect what a JSON Schema refers to."""
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(references_in, node.values()))
    return set().union(*map(references_in, node)) if isinstance(node, list) else set()


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("scenario", {"format", "extends", "title", "world", "posts", "patrols", "groups", "time"}),
        ("policy", {"format", "extends", "title", "sharing", "twinning", "hotline", "allocation"}),
        ("experiment", {"scenario", "policies", "factors", "baseline", "design", "metrics"}),
    ],
)
def test_a_schema_is_json_schema(bordersim, kind, keys):
    """A schema is one JSON document that has every key, resolves its references, and is closed."""
    call = bordersim("schema", kind)
    assert call.code == 0
    document = json.loads(call.out)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["type"] == "object"
    assert keys <= set(document["properties"])
    assert set(document["required"]) <= set(document["properties"])
    assert document["additionalProperties"] is False
    references = references_in(document)
    assert references
    assert references <= {f"#/$defs/{name}" for name in document["$defs"]}


def test_a_schema_says_units_and_ranges(bordersim):
    """Numbers of a scenario carry their unit and the range that a study should sweep."""
    document = json.loads(bordersim("schema", "scenario").out)
    assert document["$defs"]["Patrols"]["properties"]["response_hours"]["x-unit"] == "h"
    assert document["$defs"]["Patrols"]["properties"]["detection"]["x-assumed"] == [0.2, 0.95]


def test_all_parameters_are_told_in_one_table(bordersim):
    """In place of a kind of file, every parameter is listed with unit, default and source."""
    call = bordersim("schema", "parameters")
    assert call.code == 0
    assert (
        "| `world.vehicle_kmh` | speed from a post to its beats, on tracks | km/h | `15` |"
        in call.out
    )
    assert "##### `hotline`" in call.out


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("scenaro", "did you mean scenario?"),
        ("zzz", "valid: scenario, policy, experiment, parameters"),
        ("", "valid: scenario, policy, experiment, parameters"),
    ],
)
def test_an_unknown_kind_of_schema_is_refused(bordersim, kind, told):
    """A kind of file that does not exist is refused with those that do."""
    call = bordersim("schema", kind)
    assert call.code == 2
    assert call.out == ""
    assert told in call.err

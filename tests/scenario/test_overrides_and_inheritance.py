"""A scenario as a value: what reaches it, from which file, and what its hash sees."""

import re
from pathlib import Path

import pytest

from sim import run
from sim.errors import InputError, InputErrors
from sim.scenario import Experiment, Scenario
from sim.scenario.files import parse_setting


def fingerprint(library, **overrides: object) -> str:
    """Hash of the library's scenario, with overrides by key path, `__` for a dot."""
    changes = {key.replace("__", "."): value for key, value in overrides.items()}
    return Scenario.load(library.scenario, overrides=changes).inputs_sha256


def test_an_override_reaches_the_policy(library):
    """A key of an instrument changes the policy and nothing else of it."""
    scenario = Scenario.load(library.scenario, overrides={"sharing.interval_days": 3})
    plain = Scenario.load(library.scenario)
    assert scenario.policy.sharing.interval_days == 3
    assert plain.policy.sharing.interval_days == 7
    assert scenario.patrols == plain.patrols


def test_an_override_switches_an_instrument_on(library):
    """A key of an instrument that the policy lacks switches it on with its defaults."""
    assert Scenario.load(library.scenario).policy.hotline is None
    scenario = Scenario.load(library.scenario, overrides={"hotline.minutes": 5})
    assert scenario.policy.hotline.minutes == 5
    assert scenario.policy.hotline.level == "post"


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("patrols.per_post", 5, lambda scenario: scenario.patrols.per_post),
        ("time.days", 12, lambda scenario: scenario.time.days),
        ("groups.0.count", 9, lambda scenario: scenario.groups[0].count),
        ("groups.0.learning.phi", 0.85, lambda scenario: scenario.groups[0].learning.phi),
        ("crimes.goods.value", 2.5, lambda scenario: scenario.crimes["goods"].value),
        ("posts.sector_km", {"AAA": 15.0, "BBB": 40.0}, lambda scenario: scenario.posts.sector_km),
    ],
)
def test_an_override_reaches_the_scenario(library, key, value, read):
    """A key of the scenario changes that value, in tables, arrays and tables not in the file."""
    scenario = Scenario.load(library.scenario, overrides={key: value})
    assert read(scenario) == value
    assert read(Scenario.load(library.scenario)) != value


def test_an_override_reaches_every_member_of_an_array():
    """A star stands for all kinds of groups, and for nothing else of them."""
    path = Path(__file__).parents[2] / "scenarios" / "dien_bien_phongsaly.toml"
    plain = Scenario.load(path)
    changed = Scenario.load(path, overrides={"groups.*.learning.phi": 0.92})
    assert {kind.learning.phi for kind in changed.groups} == {0.92}
    assert [kind.count for kind in changed.groups] == [kind.count for kind in plain.groups]
    assert {kind.learning.phi for kind in plain.groups} == {0.95}


def test_names_of_which_nothing_is_said_keep_their_defaults(library):
    """In a table that has a default by names, whether a file or an override tells of one."""
    text = library.scenario.read_text() + "\n[community.lawful_per_gate]\nmain = 70.0\n"
    library.scenario.write_text(text)
    level = {"friendship_exchanges.per_year": 2, "friendship_exchanges.trust_gain.post": 0.1}
    scenario = Scenario.load(library.scenario, overrides=level)
    people = scenario.community.people_at_gates
    assert people == {"international": 200.0, "main": 70.0, "secondary": 10.0}
    assert scenario.policy.friendship_exchanges.gain == 0.04
    at_posts = level | {"friendship_exchanges.level": "post"}
    assert (
        Scenario.load(library.scenario, overrides=at_posts).policy.friendship_exchanges.gain == 0.1
    )
    with pytest.raises(InputError, match="village"):
        Scenario.load(library.scenario, overrides={"community.lawful_per_gate.village": 1.0})


def test_a_table_by_side_that_lacks_one_is_refused(library):
    """A whole table replaces what was there, and has to name every side."""
    with pytest.raises(InputErrors, match="no value for side 'BBB'"):
        Scenario.load(library.scenario, overrides={"posts.sector_km": {"AAA": 15.0}})


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("shering.interval_days", "did you mean sharing?"),
        ("sharing.interval_day", "did you mean interval_days?"),
        ("groups.99.count", "0 to 0"),
        ("groups.².count", "not an index"),
        (f"groups.{'9' * 5000}.count", "not an index"),
        ("groups.first.count", "not an index"),
        ("title.x", "leads into a value"),
        ("crimes.*.value", "there is none"),
        ("injects.*.day", "there is none"),
        ("world" + ".x" * 5000, "dots in a key path"),
        ("", "unknown key"),
        (".", "unknown key"),
        ("extends", "unknown key"),
        ("policy", "unknown key"),
    ],
)
def test_an_override_of_nothing_is_refused(library, key, told):
    """A key path that leads nowhere is an input error with an advice, never ignored."""
    with pytest.raises(InputError, match=re.escape(told)):
        Scenario.load(library.scenario, overrides={key: 1})


def test_all_bad_overrides_are_told_at_once(library):
    """Two overrides that cannot be used are two errors."""
    with pytest.raises(InputErrors) as found:
        Scenario.load(library.scenario, overrides={"nothing": 1, "groups.5.count": 2})
    assert len(found.value.errors) == 2


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("a.b=7", ("a.b", 7)),
        ("a=0.5", ("a", 0.5)),
        ("a=true", ("a", True)),
        ("a=never", ("a", "never")),
        ('a="never"', ("a", "never")),
        ("a = [1, 2]", ("a", [1, 2])),
        ("a={ VNM = 1 }", ("a", {"VNM": 1})),
        ("a=", ("a", "")),
        ("a=b=c", ("a", "b=c")),
        (f"a={'[' * 5000}", ("a", "[" * 5000)),
        (f"a={'9' * 5000}", ("a", "9" * 5000)),
    ],
)
def test_a_setting_is_toml_or_a_word(text, setting):
    """The value of KEY=VALUE is read as TOML, and what is not TOML is a word."""
    assert parse_setting(text) == setting


@pytest.mark.parametrize("text", ["a", "", "=", "=7", "  =7"])
def test_a_setting_without_key_or_value_is_refused(text):
    """What is not KEY=VALUE is refused with an example."""
    with pytest.raises(InputError, match=r"e\.g\. sharing\.interval_days=7"):
        parse_setting(text)


@pytest.mark.parametrize(
    "change",
    [
        {"patrols__detection": 0.61},
        {"sharing__interval_days": 8},
        {"groups__0__count": 3},
        {"time__days": 364},
        {"crimes__goods__value": 1.01},
        {"sharing__plans": True},
        {"hotline__minutes": 15},
        {"world__provinces": ["Upland"]},
    ],
    ids=str,
)
def test_the_hash_sees_every_value(library, change):
    """A scenario that differs in one value, of scenario or policy, has another hash."""
    assert fingerprint(library, **change) != fingerprint(library)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another title"},
        {"sources": {}},
        {"patrols__per_post": 2},
        {"sharing__interval_days": 7.0},
        {"patrols__detection": 0.6},
    ],
    ids=str,
)
def test_the_hash_does_not_see_words(library, change):
    """Titles, citations and defaults that are spelt out leave the hash as it is."""
    assert fingerprint(library, **change) == fingerprint(library)


def test_the_hash_does_not_see_where_files_lie(library):
    """The same content under another name, beside another policy name, has the same hash."""
    before = fingerprint(library)
    policy = library.policy.rename(library.policy.with_name("other.toml"))
    scenario = library.scenario.rename(library.scenario.with_name("another.toml"))
    library.border.rename(library.border.with_name("moved"))
    library.edit(scenario, "data/strip", "data/moved")
    assert Scenario.load(scenario, policy=policy).inputs_sha256 == before


@pytest.mark.parametrize("name", ["segments.csv", "line.geojson"])
def test_the_hash_sees_the_border(library, name):
    """A change of the border's lengths or course changes the hash."""
    before = fingerprint(library)
    path = library.border / name
    text = path.read_text()
    library.write(path, text.replace("10.0", "11.0").replace("[0.1, 0.0]", "[0.1, 0.01]"))
    assert path.read_text() != text
    assert fingerprint(library) != before


def test_the_hash_does_not_see_the_public_record(library):
    """Files of citations beside the border data leave the hash as it is."""
    before = fingerprint(library)
    library.write(library.border / "public_record.csv", "quantity,value\n")
    assert fingerprint(library) == before


def test_the_nearer_file_wins_key_by_key(library):
    """What a file says replaces that key of its parent; other keys of the table stay."""
    child = library.write(
        "scenarios/child.toml",
        'extends = "strip.toml"\n[patrols]\ndetection = 0.4\n[world]\nwet_slowdown = 1.5\n',
    )
    library.edit(library.scenario, "per_post = 2", "per_post = 4\ndetection = 0.9")
    grandchild = library.write(
        "scenarios/grandchild.toml", 'extends = "child.toml"\n[world]\nwet_slowdown = 1.7\n'
    )
    scenario = Scenario.load(grandchild)
    assert scenario.patrols.per_post == 4
    assert scenario.patrols.detection == 0.4
    assert scenario.world.wet_slowdown == 1.7
    assert scenario.world.borders == ("data/strip",)
    assert Scenario.load(child).world.wet_slowdown == 1.5


def test_arrays_are_replaced_whole(library):
    """Groups of a child replace those of its parent, and are not added to them."""
    child = library.write(
        "scenarios/child.toml",
        'extends = "strip.toml"\n[[groups]]\nname = "x"\ncrime = "drugs"\norigin = "BBB"\n'
        'destination = "AAA"\ncount = 1\nattempts_per_day = 1\n',
    )
    assert [group.name for group in Scenario.load(child).groups] == ["x"]


def test_paths_of_a_parent_hold_from_the_parent(library):
    """Policy and border data that a parent in another folder names are found from there."""
    child = library.write("studies/deep/child.toml", 'extends = "../../scenarios/strip.toml"\n')
    scenario = Scenario.load(child)
    assert scenario.policy_name == "weekly"
    assert scenario.border_folders == (library.border.resolve(),)
    assert scenario.inputs_sha256 == fingerprint(library)
    assert run(Scenario.load(child, overrides={"time.days": 1})).days == 1


def test_an_experiment_inherits_its_scenario_path(library):
    """The scenario that a parent experiment names is found from where the parent lies."""
    child = library.write(
        "experiments/long/child.toml", 'extends = "../study.toml"\nreplications = 9\n'
    )
    experiment = Experiment.load(child)
    assert experiment.replications == 9
    assert experiment.scenario_path == library.scenario.resolve()
    assert experiment.policy_path(None) == library.policy.resolve()


def test_a_policy_is_found_by_its_bare_name(library):
    """A name without folder or ending is a policy beside the scenario, wherever one stands."""
    by_name = Scenario.load(library.scenario, policy="none")
    by_path = Scenario.load(library.scenario, policy=library.policy.with_name("none.toml"))
    assert by_name.policy_name == by_path.policy_name == "none"
    assert by_name.inputs_sha256 == by_path.inputs_sha256 != fingerprint(library)


def test_a_misspelt_policy_name_is_guessed(library):
    """A bare name that is no policy is refused with the nearest that is."""
    with pytest.raises(InputError, match=r"weakly\.toml.*did you mean weekly\.toml\?"):
        Scenario.load(library.scenario, policy="weakly")


def test_a_scenario_without_a_policy_shares_nothing(library):
    """A scenario that names no policy runs with every instrument switched off."""
    library.edit(library.scenario, 'policy = "policies/weekly.toml"\n', "")
    scenario = Scenario.load(library.scenario)
    assert scenario.policy_name == "none"
    assert scenario.policy.sharing is None
    assert scenario.policy.twinning is None
    assert scenario.policy.hotline is None


def test_errors_of_scenario_and_policy_are_told_together(library):
    """Errors of a scenario, of its policy and of its border paths come in one go."""
    text = library.scenario.read_text()
    text = text.replace("rho = 0.8", "rho = 0.95").replace("data/strip", "../../strip")
    library.write(library.scenario, text)
    library.edit(library.policy, "interval_days = 7", "interval_days = -7")
    with pytest.raises(InputErrors) as found:
        Scenario.load(library.scenario)
    places = [error.where for error in found.value.errors]
    assert [Path(place.partition(": ")[0]).name for place in places].count("strip.toml") == 2
    assert any(place.endswith("weekly.toml: sharing.interval_days") for place in places)

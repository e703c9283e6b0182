"""What is declared at a key path, and changes of one member of an array that no file gives."""

import re

import pytest

from sim import run
from sim.errors import InputError
from sim.scenario import Scenario
from sim.scenario.keys import NOTHING, assumed_range, declared_at
from sim.scenario.schema import Assumed


@pytest.mark.parametrize(
    ("key", "unit", "assumed", "is_number", "is_whole"),
    [
        ("groups.0.count", "", (1.0, 500.0), True, True),
        ("patrols.per_post.LAO", "", (1.0, 12.0), True, True),
        ("sharing.interval_days", "days", (0.0, 30.0), True, False),
        ("world.wet_days.3", "", (0.0, 0.9), True, False),
        ("crimes.goods.value", "", (0.1, 10.0), True, False),
        ("injects.0.factor", "", (0.0, 10.0), True, False),
        ("time.start_month", "", None, True, True),
        ("sharing.plans", "", None, False, False),
        ("allocation.kind", "", None, False, False),
        ("extensions.0.dose.anything", "", None, True, False),
    ],
)
def test_what_is_declared_is_found_by_key_path(key, unit, assumed, is_number, is_whole):
    """Unit, range and kind of number are those of the table that a key path leads to."""
    found = declared_at(key)
    told = (found.unit, found.assumed, found.is_number, found.is_whole)
    assert told == (unit, assumed, is_number, is_whole)


@pytest.mark.parametrize("key", ["nothing", "sharing.nothing", "groups.0.nothing", "world.x.y"])
def test_nothing_is_declared_of_what_does_not_exist(key):
    """A misspelt key is not taken for the table that it would be in."""
    assert declared_at(key) == NOTHING


@pytest.mark.parametrize(
    ("key", "is_choice", "is_by_side"),
    [
        ("joint_patrols.per_month", True, False),
        ("sharing.interval_days", True, False),
        ("schedules.kind", True, False),
        ("sharing.plans", True, False),
        ("hotline.works", False, False),
        ("friendship_exchanges.trust_gain.post", False, False),
        ("patrols.per_post", False, True),
        ("crimes.drugs.exposure_hours", False, True),
        ("allocation.kind", True, True),
        ("posts.named.0.names", True, False),
    ],
)
def test_choices_and_sides_are_told_by_the_declaration(key, is_choice, is_by_side):
    """A dose or a word is a choice, a strength is none; some numbers may be given by side."""
    found = declared_at(key)
    assert (found.is_choice, found.is_by_side) == (is_choice, is_by_side)


def test_the_range_of_a_file_goes_before_the_declared_one():
    """A file that assumes a narrower range is believed; a citation is no range."""
    key = "sharing.reliability"
    assert assumed_range(key, {key: Assumed(assumed="why", range=(0.8, 0.9))}) == (0.8, 0.9)
    assert assumed_range(key, {key: "a citation"}) == (0.5, 1.0)
    assert assumed_range("time.start_month", {}) is None


def test_a_member_of_an_array_that_no_file_gives_can_be_changed(library):
    """The other members keep the values they would have had; the index must be one of them."""
    scenario = Scenario.load(library.scenario, overrides={"world.speed_kmh.1": 2.5})
    assert scenario.world.speed_kmh == (4.0, 2.5, 2.0)
    assert Scenario.load(library.scenario).world.speed_kmh == (4.0, 3.0, 2.0)
    with pytest.raises(InputError, match=re.escape("0 to 2")):
        Scenario.load(library.scenario, overrides={"world.speed_kmh.3": 2.5})


def test_one_side_of_a_number_given_for_both_can_be_changed(library):
    """The other side keeps the value that both had, whether a file gives it or not."""
    one = Scenario.load(library.scenario, overrides={"patrols.per_post.AAA": 3})
    both = Scenario.load(library.scenario).patrols.per_post
    assert isinstance(both, int)
    assert one.patrols.per_post == {"AAA": 3, "BBB": both}
    given = {"patrols.per_post": 2, "patrols.per_post.AAA": 3, "posts.sensors.mobile.BBB": 4}
    scenario = Scenario.load(library.scenario, overrides=given)
    assert scenario.patrols.per_post == {"AAA": 3, "BBB": 2}
    assert scenario.posts.sensors.mobile == {"AAA": 0, "BBB": 4}
    kinds = Scenario.load(library.scenario, overrides={"allocation.kind.AAA": "rota"})
    assert kinds.policy.allocation.kind == {"AAA": "rota", "BBB": "posterior_mean"}


def test_both_sides_by_table_run_as_both_by_number(library):
    """A table with the same number for each side gives the same run."""
    number, table = (
        Scenario.load(library.scenario, overrides={"time.days": 1} | changes)
        for changes in ({"patrols.per_post": 3}, {"patrols.per_post": 3, "patrols.per_post.AAA": 3})
    )
    assert number.inputs_sha256 != table.inputs_sha256
    assert run(number, seed=1).outcomes == run(table, seed=1).outcomes


@pytest.mark.parametrize("key", ["patrols.detection.AAA", "patrols.per_post.CCC", "title.AAA"])
def test_what_has_no_sides_is_not_made_to_have_them(library, key):
    """A number that is one for all, and a side that is none of the scenario's, are refused."""
    with pytest.raises(InputError):
        Scenario.load(library.scenario, overrides={key: 1})


def test_a_change_of_policy_may_be_of_one_side(library):
    """An inject changes the allocation of one side and leaves the other's."""
    inject = {"kind": "policy_change", "day": 1.0, "set": {"allocation.kind.AAA": "uniform"}}
    scenario = Scenario.load(library.scenario, overrides={"injects": [inject]})
    assert scenario.later_policies[0].allocation.kind == {"AAA": "uniform", "BBB": "posterior_mean"}

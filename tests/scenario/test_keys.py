"""What is declared at a key path, and changes of one member of an array that no file gives."""

import re

import pytest

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

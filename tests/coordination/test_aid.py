"""Aid in a surge: who comes, in which order, for how long, and who does not."""

from pathlib import Path
from typing import Any

import pytest
from runs import begun, finished, instrument, rows, steps

from sim import BorderModel
from sim.engine import Kind

OWN, TWIN, PROVINCE, PARTNERS_PROVINCE = range(4)

SURGE: dict[str, Any] = {
    "posts__aid__trigger_finds": 2,
    "posts__aid__days": 2.0,
    "posts__aid__teams": 1,
    "posts__aid__mobilisation_hours": [4.0, 10.0, 24.0, 48.0],
    "patrols__per_post": 6,
    "patrols__detection": 1.0,
    "time__days": 12,
}
TIED: dict[str, Any] = {
    "twinning__groups": "facing",
    "hotline__level": "province",
    "hotline__works": 0.01,
}


def came(model: BorderModel) -> set[int]:
    """Kinds of helpers that came."""
    return set(rows(model, Kind.AID_CAME)["value"].astype(int))


def test_helpers_come_in_their_order_once_they_are_ready(tmp_path: Path) -> None:
    """Each in the first shift that begins after its mobilisation, none before."""
    model = finished(tmp_path, **SURGE, **TIED)
    called, arrived = rows(model, Kind.AID_CALLED), rows(model, Kind.AID_CAME)
    assert came(model) >= {OWN, TWIN, PROVINCE}
    wait = [4.0, 10.0, 24.0, 48.0]
    for row in arrived.itertuples():
        since = row.time - called.loc[called["post"] == row.post, "time"]
        ready = wait[int(row.value)]
        assert ((since >= ready) & (since < ready + 8.0)).any()


def test_own_force_and_province_need_no_link(tmp_path: Path) -> None:
    """Without ties across the line only one's own side comes."""
    assert came(finished(tmp_path, **SURGE)) == {OWN, PROVINCE}


@pytest.mark.parametrize(
    ("ties", "kinds"),
    [
        ({"twinning__groups": "facing"}, {TWIN}),
        ({"hotline__level": "post", "hotline__works": 0.01}, set()),
        ({"hotline__level": "province", "hotline__works": 0.01}, {PARTNERS_PROVINCE}),
        ({"hotline__level": "province", "hotline__works": 0.0}, set()),
        ({"sharing__interval_days": 30, "sharing__scope": "province"}, {PARTNERS_PROVINCE}),
        ({"sharing__interval_days": 30, "sharing__scope": "neighbours"}, set()),
        ({"sharing__interval_days": "never", "sharing__scope": "province"}, set()),
    ],
)
def test_who_comes_across_the_line_depends_on_the_links_there_are(
    tmp_path: Path, ties: dict[str, Any], kinds: set[int]
) -> None:
    """The twin needs twinning, the partner's province a link between commands."""
    assert came(finished(tmp_path, **SURGE, **ties)) == {OWN, PROVINCE} | kinds


def test_nobody_across_the_line_can_be_asked_while_links_are_down(tmp_path: Path) -> None:
    """With all links out only one's own side comes; with one of them, who is asked by the other."""
    both = TIED | {"twinning__groups": "named"}
    outage = {"kind": "link_outage", "day": 0, "days": 30}
    assert came(finished(tmp_path, injects=[outage], **SURGE, **TIED)) == {OWN, PROVINCE}
    half = outage | {"instruments": ["sharing"]}
    assert PARTNERS_PROVINCE in came(finished(tmp_path, injects=[half], **SURGE, **both))
    half = outage | {"instruments": ["hotline"]}
    assert came(finished(tmp_path, injects=[half], **SURGE, **both)) == {OWN, PROVINCE}


def test_lent_patrols_walk_for_the_post_in_need_and_go_home(tmp_path: Path) -> None:
    """Posts of the province lend patrols for as long as aid stays; all are home when it is over."""
    model = begun(
        tmp_path,
        injects=[{"kind": "surge", "day": 4, "days": 30, "factor": 0.0}],
        **(SURGE | {"time__days": 12}),
    )
    lent_once = False
    for shift in steps(model):
        away = [patrol for patrol in model.patrols if patrol.post != patrol.home]
        lent_once |= bool(away)
        for patrol in away:
            assert patrol.side == model.posts_by_number[patrol.home].side
            assert patrol in model.posts_by_number[patrol.post].patrols
            if patrol.on_duty(shift.number):
                assert patrol.route is not None
                sector = model.posts_by_number[patrol.post].site.sector
                assert set(patrol.route.beat.segments) <= set(sector)
    assert lent_once
    assert all(patrol.post == patrol.home for patrol in model.patrols)


def test_call_ups_are_on_the_account_of_aid_and_rested(tmp_path: Path) -> None:
    """Aid is charged for every shift worked beyond a turn, wherever; patrols rest for them."""
    model = begun(tmp_path, **SURGE, **TIED)
    hours = {"AAA": 0.0, "BBB": 0.0}
    for shift in steps(model):
        for post in model.posts:
            beyond = sum(not patrol.on_duty(shift.number) for patrol in post.team)
            hours[post.side] += beyond * shift.hours
    assert min(hours.values()) > 0.0
    assert instrument(model, "aid").hours == pytest.approx(hours)


def test_a_change_of_policy_leaves_aid_as_it_is(tmp_path: Path) -> None:
    """Aid is no instrument of a policy: who is lent goes home although members change."""
    change = {"kind": "policy_change", "day": 3, "set": {"multilateral.members": ["BBB"]}}
    calm = {"kind": "surge", "day": 4, "days": 30, "factor": 0.0}
    model = begun(tmp_path, injects=[change, calm], **SURGE)
    aid = instrument(model, "aid")
    model.run_model()
    assert instrument(model, "aid") is aid
    assert all(patrol.post == patrol.home for patrol in model.patrols)

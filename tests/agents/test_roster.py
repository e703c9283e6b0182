"""Rosters: turns, call-ups and the rest they are owed, losses, loans."""

from pathlib import Path

import pytest
from runs import begun

from sim.agents import Patrol
from sim.agents.roster import Roster


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    """Roster of a post with six patrols, two on duty in each shift."""
    return begun(tmp_path, patrols__per_post=6).posts_by_number[0].roster


def numbers(team: list[Patrol]) -> list[int]:
    """Numbers of patrols."""
    return [patrol.number for patrol in team]


def test_patrols_take_turns(roster: Roster) -> None:
    """Each is on duty one shift in three."""
    assert [numbers(roster.on_duty(shift)) for shift in range(4)] == [
        [0, 3],
        [2, 5],
        [1, 4],
        [0, 3],
    ]


def test_who_is_called_up_works_every_shift_and_rests_as_many_turns(roster: Roster) -> None:
    """Four shifts beyond its turn are four turns at home."""
    assert roster.call_up(1, 0, 5, "aid") == 1
    worked = []
    for shift in range(30):
        team = roster.on_duty(shift)
        roster.keep_account(shift, team)
        worked.append(1 in numbers(team))
    assert worked[:6] == [True] * 6
    assert worked.index(True, 6) == 20
    assert sum(worked) == 10


def test_nobody_is_called_up_for_two_causes_at_a_time(roster: Roster) -> None:
    """A period within another, or around it, finds those who are left."""
    roster.call_up(4, 3, 4, "aid")
    assert roster.call_up(6, 1, 9, "joint_operations") == 2
    assert sum(roster.beyond_turn(3, cause) for cause in ("aid", "joint_operations")) == len(
        [patrol for patrol in roster.on_duty(3) if not patrol.on_duty(3)]
    )


def test_each_cause_answers_for_its_own(roster: Roster) -> None:
    """Who is on duty for another cause, or by supplies, is not counted."""
    roster.more = 1
    roster.call_up(1, 0, 0, "aid")
    assert len(roster.on_duty(0)) == 4
    assert roster.beyond_turn(0, "aid") == 1
    assert roster.beyond_turn(0, "joint_operations") == 0


def test_who_is_dismissed_goes_home(roster: Roster) -> None:
    """Only those called up for that cause."""
    roster.call_up(1, 0, 9, "aid")
    roster.call_up(1, 0, 9, "joint_operations")
    roster.dismiss("joint_operations")
    assert len(roster.on_duty(0)) == 3
    assert roster.beyond_turn(0, "aid") == 1


@pytest.mark.parametrize(
    ("lacking", "wanted", "lent"),
    [(0, 2, [4, 5]), (0, 9, [1, 2, 3, 4, 5]), (3, 2, [1, 2]), (5, 2, []), (6, 2, []), (9, 4, [])],
)
def test_at_least_one_patrol_stays(
    roster: Roster, lacking: int, wanted: int, lent: list[int]
) -> None:
    """A post lends the last of those it still has, and never its only one."""
    roster.lacking = lacking
    other = Roster()
    assert numbers(roster.lend(wanted, other)) == lent
    assert numbers(other.patrols) == lent


def test_a_patrol_that_is_lent_leaves_everything_behind(tmp_path: Path) -> None:
    """Neither route nor authority nor place in the old team goes with it, there or back."""
    model = begun(tmp_path, patrols__per_post=6)
    model.step()
    lender, borrower = model.posts_by_number[:2]
    walking = lender.team[-1]
    walking.authority = frozenset(("AAA", "BBB"))
    lender.lend(5, borrower)
    for here, there in ((lender, borrower), (borrower, lender)):
        assert walking.route is None
        assert walking.authority == {"AAA"}
        assert walking.post == there.number
        assert walking not in here.team
        assert walking not in here.patrols
        if there is borrower:
            walking.authority = frozenset(("AAA", "BBB"))
            borrower.hand_back(walking.number, lender)

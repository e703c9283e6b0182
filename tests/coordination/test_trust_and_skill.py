"""Exchanges of three kinds: who meets how often, what it does to trust and skill, what it costs."""

from pathlib import Path
from typing import Any

import pytest
from runs import begun, count, finished, instrument, rows, steps

from sim.agents import Post
from sim.engine import Kind

NO_DECAY = {"posts__trust__half_life_days": 1e9}


def trust_after(events: int, gain: float) -> float:
    """Trust from 0.5 after so many events."""
    return 1.0 - 0.5 * (1.0 - gain) ** events


def facing(post: Post, other: Post) -> bool:
    """Whether two posts hold some of the same line."""
    return bool(set(post.site.sector) & set(other.site.sector)) and post.side != other.side


def test_a_cultural_event_raises_trust_of_both_posts(tmp_path: Path) -> None:
    """Trust between two posts is what the number of their own events makes it."""
    model = finished(
        tmp_path,
        time__days=90,
        cultural_exchanges__per_year=24,
        cultural_exchanges__trust_gain=0.1,
        cultural_exchanges__hours_each=3.0,
        cultural_exchanges__money_each=11.0,
        **NO_DECAY,
    )
    events = rows(model, Kind.EXCHANGE)
    held = 0
    for pair in instrument(model, "cultural_exchanges").pairs:
        own = int(((events["post"] == pair.first) & (events["partner"] == pair.second)).sum())
        held += own
        assert own in (5, 6)
        first, second = (model.posts_by_number[number] for number in pair.posts)
        assert first.partners.trust_in(pair.second) == pytest.approx(trust_after(own, 0.1))
        assert second.partners.trust_in(pair.first) == pytest.approx(trust_after(own, 0.1))
    assert held == len(events)
    hours = instrument(model, "cultural_exchanges").hours
    assert hours == {"AAA": 3.0 * held, "BBB": 3.0 * held}
    assert instrument(model, "cultural_exchanges").money() == 11.0 * held


@pytest.mark.parametrize(
    ("level", "commands", "gain"), [("post", 4, 0.08), ("province", 2, 0.04), ("national", 1, 0.02)]
)
def test_a_meeting_of_commands_is_felt_by_all_posts_under_them(
    tmp_path: Path, level: str, commands: int, gain: float
) -> None:
    """The higher the level, the fewer meetings, and the less each post feels of one."""
    model = finished(
        tmp_path,
        time__days=365,
        groups=[],
        friendship_exchanges__per_year=6,
        friendship_exchanges__level=level,
        friendship_exchanges__hours_each=1.0,
        friendship_exchanges__money_each=9.0,
        **NO_DECAY,
    )
    friends = instrument(model, "friendship_exchanges")
    assert friends.meetings == count(model, Kind.EXCHANGE) == 6 * commands
    assert friends.money() == 9.0 * friends.meetings
    for pair in friends.pairs:
        first, second = (model.posts_by_number[number] for number in pair.posts)
        assert first.partners.trust_in(pair.second) == pytest.approx(trust_after(6, gain))
        assert second.partners.trust_in(pair.first) == pytest.approx(trust_after(6, gain))
    # A post with two partners meets each of them on the level of posts, and once above it.
    per_side = {"post": (4, 4), "province": (4, 2), "national": (4, 2)}[level]
    assert friends.hours == {"AAA": 6.0 * per_side[0], "BBB": 6.0 * per_side[1]}


def test_trust_fades_when_nothing_happens(tmp_path: Path) -> None:
    """What exchanges gained is half lost after the half-life."""
    model = begun(
        tmp_path, time__days=30, posts__trust__half_life_days=10.0, posts__trust__start=0.5
    )
    model.posts_by_number[0].partners.experience(4, True, 0.8)
    for shift in steps(model):
        trust = model.posts_by_number[0].partners.trust_in(4)
        assert trust == pytest.approx(0.5 + 0.4 * 0.5 ** (shift.end / 240.0))


TAUGHT: dict[str, Any] = {
    "professional_exchanges__days_per_year": 36.0,
    "professional_exchanges__topic": "goods",
    "professional_exchanges__learned": 0.2,
    "professional_exchanges__most": 0.5,
    "professional_exchanges__hours_per_day": 6.0,
    "professional_exchanges__money_per_day": 13.0,
}


def test_skill_rises_with_every_day_on_its_topic(tmp_path: Path) -> None:
    """A post knows 1 − (1 − learned)^days of the topic, and nothing more of the rest."""
    model = finished(tmp_path, time__days=29, professional_exchanges__half_life_days=1e6, **TAUGHT)
    held = rows(model, Kind.EXCHANGE)
    for post in model.posts_by_number:
        days = int(((held["post"] == post.number) | (held["partner"] == post.number)).sum())
        assert days > 1
        skill = 1.0 - 0.8**days
        assert post.skill == [pytest.approx(skill), 0.0]
        assert post.coverage.keenness == [pytest.approx(1.0 + 0.5 * skill, abs=0.003), 1.0]
        assert all(patrol.keenness == post.coverage.keenness for patrol in post.patrols)
    exchanges = instrument(model, "professional_exchanges")
    assert exchanges.hours == {"AAA": 6.0 * len(held), "BBB": 6.0 * len(held)}
    assert exchanges.money() == 13.0 * len(held)


def test_skill_is_forgotten(tmp_path: Path) -> None:
    """Without further days half of it is gone after the half-life."""
    model = begun(tmp_path, time__days=91, professional_exchanges__half_life_days=30.0, **TAUGHT)
    for post in model.posts:
        post.skill = [0.8, 0.4]
    instrument(model, "professional_exchanges").pairs.clear()
    model.run_model()
    for post in model.posts:
        assert post.skill == [pytest.approx(0.1), pytest.approx(0.05)]
        assert post.coverage.keenness == [
            pytest.approx(1.05, abs=0.003),
            pytest.approx(1.025, 0.003),
        ]


def test_all_topics_are_taught_in_turn(tmp_path: Path) -> None:
    """Without a topic the days are shared evenly among the crimes that occur."""
    model = finished(
        tmp_path, time__days=120, **(TAUGHT | {"professional_exchanges__topic": "all"})
    )
    for post in model.posts:
        assert min(post.skill) > 0.3


def test_a_topic_nobody_commits_teaches_nothing(tmp_path: Path) -> None:
    """Days on it take place and cost as usual."""
    model = finished(
        tmp_path, time__days=29, **(TAUGHT | {"professional_exchanges__topic": "weapons"})
    )
    assert count(model, Kind.EXCHANGE) > 0
    assert all(post.coverage.keenness == [1.0, 1.0] for post in model.posts)


def test_better_skill_finds_more(tmp_path: Path) -> None:
    """With perfect teaching, more of the topic's crimes are detected."""
    best = TAUGHT | {
        "professional_exchanges__learned": 1.0,
        "professional_exchanges__hours_per_day": 0.0,
        "professional_exchanges__most": 3.0,
        "groups.0.adversary": "static",
        "groups.1.adversary": "static",
        "patrols.detection": 0.2,
    }
    taught = finished(tmp_path, time__days=120, **best)
    untaught = finished(
        tmp_path, time__days=120, **(best | {"professional_exchanges__days_per_year": 0.0})
    )
    found = [
        rows(model, Kind.DETECTED).groupby("crime")["attempt"].nunique()
        for model in (taught, untaught)
    ]
    assert found[0][0] > 1.2 * found[1][0]

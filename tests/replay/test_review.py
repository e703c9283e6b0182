"""The after-action review tells what happened, and nothing from a file becomes markup."""

import re
from pathlib import Path

import pytest

from sim.cli.app import animate
from sim.errors import InputError
from sim.replay import Recording, record
from sim.replay.misses import misses
from sim.replay.review import render_review
from sim.replay.standing import standing
from sim.scenario import Scenario

STRETCH = Path(__file__).parents[2] / "scenarios" / "dien_bien_phongsaly.toml"


@pytest.fixture(scope="module")
def page(recorded: Recording) -> str:
    """The page of a lively run."""
    return render_review(recorded)


def test_causes_add_up(recorded: Recording, page: str) -> None:
    """The causes in the table are those of all attempts that got through."""
    counts = [int(each) for each in re.findall(r'<td class="n">(\d+)</td>', page)]
    assert sum(counts) == len(misses(recorded)) > 0
    assert page.count("<li>") == len(misses(recorded))


def test_stops_are_told_in_order_and_those_never_reached_are_not(page: str) -> None:
    """Each stop of the scenario within the run is there, with question and answer; then the end."""
    asked = re.findall(r"<b>Asked:</b> ([^<]*)</p>", page)
    assert asked == ["and now", "who knows"]
    assert "hidden reply" in page
    assert "nobody at all" in page
    assert page.index("Stop 2") < page.index("The end")


def test_what_passed_between_stops_adds_up(recorded: Recording, page: str) -> None:
    """The parts between stops make up the whole run."""
    parts = re.findall(r"(\d+) were met, (\d+) got through", page)
    counts = recorded.counts_at(recorded.hours)
    met = counts.own_side + counts.handed_over + counts.jointly + counts.referred
    assert len(parts) == 3
    assert [sum(int(part[k]) for part in parts) for k in (0, 1)] == [met, counts.passed]


def test_a_side_knows_nothing_at_the_start_and_more_later(recorded: Recording) -> None:
    """Finds, what was told and what was read only grow."""
    before, middle, after = (standing(recorded, time) for time in (0.0, 190.0, recorded.hours))
    for first, second, last in zip(before, middle, after, strict=True):
        assert (first.found, first.told, first.true) == (0, 0, [])
        assert second.found <= last.found > 0
        assert second.told <= last.told > 0
        assert second.read <= last.read
        assert last.age_days < 2.0


def test_without_reports_information_is_as_old_as_the_run() -> None:
    """A side that is told nothing has nothing to act on but its own finds."""
    alone = record(Scenario.load(STRETCH, "none", {"time.days": 3.0}), seed=1)
    for side in standing(alone, 60.0):
        assert (side.told, side.read, side.waiting) == (0, 0, 0)
        assert side.age_days == pytest.approx(2.5)


def test_text_from_files_is_escaped() -> None:
    """A title, a question or a name is text, whatever is in it."""
    stop = {"day": 1.0, "question": "<script>alert(1)</script>", "text": "<b>bold</b>"}
    overrides = {"time.days": 2.0, "title": "<img src=x>", "stops": [stop]}
    told = render_review(record(Scenario.load(STRETCH, "none", overrides), seed=1))
    assert "<script" not in told
    assert "<img" not in told
    assert "<b>bold" not in told
    assert "&lt;script&gt;alert(1)" in told
    assert "default-src 'none'" in told
    assert "http" not in told.replace("http-equiv", "")


def test_the_command_writes_a_review_beside_a_still(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both files are named on standard output."""
    picture, review = tmp_path / "run.png", tmp_path / "review.html"
    animate(STRETCH, picture, policy=["none"], days=1.0, after_action=review)
    assert capsys.readouterr().out.split() == [str(picture), str(review)]
    assert "After-action review" in review.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "more", "problem"),
    [
        ("review.pdf", {}, r"--after-action: is a page \(end the file in .html\)"),
        ("review.html", {"trainee": True}, "--after-action: tells the truth of the run"),
        ("review.html", {"policy": ["none", "everything"]}, "--after-action: is about one run"),
        ("nowhere/review.html", {}, "no such folder"),
    ],
)
def test_a_review_that_cannot_be_is_refused_first(
    tmp_path: Path, name: str, more: dict[str, object], problem: str
) -> None:
    """What does not go together is said before anything runs, and leaves nothing behind."""
    with pytest.raises(InputError, match=problem):
        animate(STRETCH, tmp_path / "run.html", after_action=tmp_path / name, **more)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []

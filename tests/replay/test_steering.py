"""Loops, slowing near events and notes, in a real browser."""

import csv
import io
from pathlib import Path

import pytest
from browser import Page, in_browser, visit

from sim.replay import Recording, record
from sim.replay.page import render_page
from sim.replay.review import render_review
from sim.scenario import Scenario

pytestmark = in_browser

DAY = 86400
STRETCH = Path(__file__).parents[2] / "scenarios" / "dien_bien_phongsaly.toml"


@pytest.fixture(scope="module")
def agreed() -> Recording:
    """Posts that face each other agree on plans two days ahead, and share nothing else."""
    return record(Scenario.load(STRETCH, "coordinated_schedules", {"time.days": 3.0}), seed=1)


def test_a_loop_goes_round_until_it_is_ended(page: Page, file: Path) -> None:
    """Time goes back from B to A, keys and buttons agree, and L ends it."""
    page.open(file)
    page.js("player.seek(arguments[0])", DAY)
    page.press("a")
    page.js("player.seek(arguments[0])", 2 * DAY)
    page.press("b")
    page.wait(lambda: str(2 * DAY) in page.js("return location.hash"))  # it has come to rest
    assert "Loop from Day 2, 00:00 to Day 3, 00:00" in page.text("live")
    page.js("player.advance(player.state.time + 5)")
    assert page.time == DAY
    page.js("player.advance(player.state.time + 60)")
    assert page.time == DAY + 60
    page.press("l")
    page.js("player.seek(arguments[0]); player.advance(arguments[0] + 5)", 2 * DAY)
    assert page.time == 2 * DAY + 5
    assert page.js("return document.getElementById('loop-off').disabled")


def test_ends_of_a_loop_in_the_wrong_order_give_way(page: Page, file: Path) -> None:
    """Whoever sets B before A starts anew from there."""
    page.open(file)
    loops = page.js("""
        const { marked, looped } = modules.pace;
        const first = marked({ from: null, to: null }, "from", 50);
        return [marked(first, "to", 80), marked(first, "to", 20),
                marked({ from: 1, to: 9 }, "from", 9),
                looped({ from: 50, to: null }, 60, 100)];""")
    assert loops == [{"from": 50, "to": 80}, {"from": None, "to": 20}, {"from": 9, "to": None}, 100]


def test_play_is_slower_near_events_and_tells_no_future(page: Page, file: Path) -> None:
    """Before an event only truth is slower; after it everybody's view is; elsewhere none."""
    page.open(file)
    paces = page.js("""
        const { paceAt } = modules.pace;
        const items = [{ time: 10000, type: "event", index: 0 }];
        return [5000, 9900, 10100, 20000].map((time) =>
          [true, false].map((ahead) => paceAt(items, time, 3600, ahead)));""")
    assert paces == [[3600, 3600], [600, 3600], [600, 600], [3600, 3600]]
    assert page.js("return player.pace") == 3600
    page.js("document.getElementById('easy').click(); player.seek(player.items[3].time)")
    assert page.js("return player.pace") == 600


def test_notes_are_saved_as_markdown_and_csv(page: Page, file: Path) -> None:
    """A note holds the moment, the eyes and what is written; a formula stays text."""
    page.open(file, f"#t={2 * DAY}&eyes=side0&speed=3600")
    page.press("n")
    page.js("""
        const fill = (name, text) => {
          const field = document.querySelector(`#notes-list [name=${name}]`);
          field.value = text;
          field.dispatchEvent(new Event("input"));
        };
        fill("observation", 'two "patrols"\\non one beat');
        fill("why", "=1+1");
        fill("verdict", "sustain");""")
    markdown, table = page.js("""
        const { asMarkdown, asCsv } = modules.notes;
        return [asMarkdown(player.meta.title, player.notes.notes), asCsv(player.notes.notes)];""")
    assert "## Day 3, 00:00 (Laos)" in markdown
    assert '- Observation: two "patrols" on one beat\n- Why: =1+1\n' in markdown
    head, row = csv.reader(io.StringIO(table, newline=""))
    told = dict(zip(head, row, strict=True))
    assert told["observation"] == 'two "patrols"\non one beat'
    assert told["why"] == "'=1+1"
    assert told["sustain or improve"] == "sustain"
    assert float(told["seconds"]) == 2 * DAY
    page.js("document.querySelector('#notes-list button').click()")
    assert page.time == 2 * DAY
    assert not page.js("return document.getElementById('notes').open")


def test_keys_are_left_to_notes_while_they_are_written(page: Page, file: Path) -> None:
    """Letters that are written into a note steer nothing."""
    page.open(file)
    page.press("n")
    page.js("document.querySelector('#notes-list textarea').focus()")
    page.driver.switch_to.active_element.send_keys("k a b ?")
    assert page.js("return document.querySelector('#notes-list textarea').value") == "k a b ?"
    assert not page.js("return player.state.playing")
    assert page.js("return player.state.loop.from") is None
    page.js("player.notes.saved = true")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_review_fits_any_screen_without_a_complaint(
    page: Page, recorded: Recording, tmp_path: Path, width: int
) -> None:
    """The page of a run is no wider than its window, asks for nothing and runs nothing."""
    path = tmp_path / "review.html"
    path.write_text(render_review(recorded), encoding="utf-8")
    page.complaints(), page.requests()
    view = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", view)
    visit(page.driver, path.as_uri())
    try:
        assert page.js("return document.documentElement.scrollWidth") <= width
        assert page.js("return document.querySelectorAll('h2').length") >= 5
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert page.complaints() == []
    assert page.requests() == []


def test_plans_that_were_agreed_are_shown_in_their_shift(
    page: Page, agreed: Recording, tmp_path: Path
) -> None:
    """Who knows an agreed plan sees, in each shift, that for the shift; others see none."""
    path = tmp_path / "agreed.html"
    path.write_text(render_page([agreed]), encoding="utf-8")
    page.open(path)
    messages = agreed.messages
    readers = messages.reader[messages.channel]
    reader = int(readers[0])
    outsider = next(each.number for each in agreed.world.posts if each.number not in readers)
    for shift in (0, 2, 4):
        time = float(agreed.shifts[shift]) - 1.0
        shown = page.js(
            """
            const [time, post] = arguments;
            const moment = { time, eyes: { kind: "post", post }, speed: 3600, hidden: false };
            return modules.actors.actorsAt(player.scenes[0], moment).planned
              .map((each) => each.segment);""",
            time * 3600.0,
            reader,
        )
        due = [
            segment
            for message in range(len(messages.sent))
            if readers[message] == reader and messages.read[message] <= time
            for plan in [messages.message_plan[message]]
            if messages.plan_shift[plan] == shift
            for segment in messages.planned[
                messages.plan_offsets[plan] : messages.plan_offsets[plan + 1]
            ]
        ]
        assert sorted(shown) == sorted(due)
        assert due
    page.js(
        "player.choose(arguments[0]); player.look({ kind: 'post', post: arguments[0] })", outsider
    )
    assert page.js("return player.actors(0).planned") == []

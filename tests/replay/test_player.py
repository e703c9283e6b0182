"""The player in a real browser: it plays from a file, and shows nobody what they do not know."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import Page, in_browser
from lively import STOPS
from small_world import small_scenario

from sim.outcomes import run
from sim.replay import Recording, record
from sim.replay.page import render_page
from sim.replay.walks import Walks
from sim.scenario import Scenario

pytestmark = in_browser

DAY = 86400


def test_it_plays_from_a_file_without_a_network_or_a_complaint(page: Page, file: Path) -> None:
    """It does not play by itself; Play moves time, Pause stops it and says where things stand."""
    page.open(file)
    assert page.time == 0.0
    assert page.text("speed") == "1 h/s"
    page.press("k")
    page.wait(lambda: page.time > 1800)
    page.press(" ")
    stopped = page.time
    assert page.text("play") == "Play"
    page.wait(lambda: page.text("live").startswith("Day 1, "))
    assert page.js("return player.frames") > 5
    assert page.time == stopped
    assert page.complaints() == []
    assert page.requests() == []


def test_every_kind_of_moment_can_be_drawn(page: Page, file: Path) -> None:
    """All eyes, near and far, throughout the run, without a complaint."""
    page.open(file)
    page.js("""
        for (const place of ["all", "post", "strip", "province:Phongsaly"]) {
          player.panel.goTo(place);
          for (let day = 0; day <= 16; day += 0.7) {
            for (const key of ["1", "2", "3", "4"]) {
              document.dispatchEvent(new KeyboardEvent("keydown", {key}));
              player.seek(day * 86400);
            }
          }
        }""")
    assert page.complaints() == []


def test_keys_scrub_step_and_change_eyes(page: Page, file: Path) -> None:
    """Arrows, Home, End, full stop and comma move in time; brackets change speed; digits, eyes."""
    from selenium.webdriver.common.keys import Keys

    page.open(file)
    page.press(Keys.ARROW_RIGHT)
    assert page.time == 600
    page.press(Keys.END)
    assert page.time == 16 * DAY
    page.press(Keys.HOME)
    times = page.js("return player.items.map((item) => item.time)")
    page.press(".")
    assert page.time == times[0]
    page.press(".")
    assert page.time == next(time for time in times if time > times[0])
    page.press(",")
    assert page.time == times[0]
    page.press("]")
    assert page.text("speed") == "3 h/s"
    for key, kind in (("2", "side"), ("4", "post"), ("1", "truth")):
        page.press(key)
        assert page.js("return player.state.eyes.kind") == kind
    page.js("const box = document.getElementById('letters'); box.checked = false;")
    page.press("k")
    assert page.js("return player.state.playing") is False


def test_the_slider_and_the_list_drive_time(page: Page, file: Path) -> None:
    """Moving the slider seeks, and so does choosing an event; the event becomes the present one."""
    page.open(file)
    page.js("""
        const slider = document.getElementById("scrub");
        slider.value = 5 * 86400;
        slider.dispatchEvent(new Event("input"));""")
    assert page.time == 5 * DAY
    assert page.text("clock") == "Day 6, 00:00"
    when = page.js("""
        const row = document.querySelector("#events .later button");
        row.click();
        return row.querySelector("time").textContent;""")
    assert page.js("return document.querySelector('[aria-current] time').textContent") == when
    assert page.time > 5 * DAY


def test_pointers_move_zoom_and_choose(page: Page, file: Path) -> None:
    """Dragging moves map and strip, the wheel zooms, and a click on a post chooses it."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
    from selenium.webdriver.common.by import By

    page.open(file)
    canvas = page.driver.find_element(By.CSS_SELECTOR, "canvas.map")
    before = page.js("return {...player.stage.camera}")
    acts = ActionChains(page.driver, duration=50)
    acts.move_to_element(canvas).click_and_hold().move_by_offset(60, -20).release().perform()
    after = page.js("return {...player.stage.camera}")
    assert (before["x"] - after["x"]) * after["scale"] == pytest.approx(60, abs=1)
    assert (before["y"] - after["y"]) * after["scale"] == pytest.approx(-20, abs=1)
    acts.scroll_from_origin(ScrollOrigin.from_element(canvas), 0, -200).perform()
    assert page.js("return player.stage.camera.scale") > 1.3 * before["scale"]
    strip = page.driver.find_element(By.CSS_SELECTOR, "canvas.strip")
    start = page.js("return player.stage.stretch.from")
    acts.move_to_element(strip).click_and_hold().move_by_offset(-80, 0).release().perform()
    assert page.js("return player.stage.stretch.from") > start
    x, y = page.js("""
        player.panel.goTo("all");
        const { stage } = player;
        const canvas = stage.maps[0];
        const [width, height] = [canvas.clientWidth, canvas.clientHeight];
        const [x, y] = modules.projection.postOnMap(stage.run, {...stage, width, height}, 5);
        return [Math.round(x - width / 2), Math.round(y - height / 2)];""")
    acts.move_to_element_with_offset(canvas, x, y).click().perform()
    assert page.js("return player.state.post") == 5


def test_a_border_that_nobody_crosses_can_be_played(page: Page, tmp_path: Path) -> None:
    """Without groups there is no attempt at all; it plays all the same."""
    empty = small_scenario(tmp_path, groups=[], time__days=1.5)
    path = tmp_path / "empty.html"
    path.write_text(render_page([record(empty, 1)]), encoding="utf-8")
    page.open(path)
    page.js("player.seek(player.end); player.stepEvent(-1); player.look({kind: 'post', post: 0});")
    assert page.complaints() == []


def test_an_address_leads_to_its_moment(page: Page, file: Path) -> None:
    """Time, eyes and speed are taken from the address and kept in it."""
    page.open(file, "#t=432000&eyes=post4&speed=21600")
    assert page.time == 5 * DAY
    assert page.js("return player.state.eyes") == {"kind": "post", "post": 4}
    assert page.text("speed") == "6 h/s"
    page.js("player.seek(100)")
    page.wait(lambda: page.js("return location.hash") == "#t=100&eyes=post4&speed=21600")


def test_whoever_prefers_no_motion_steps(page: Page, file: Path) -> None:
    """With reduced motion, Play goes to the next event and stays there."""
    feature = {"name": "prefers-reduced-motion", "value": "reduce"}
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    page.open(file)
    first = page.js("return player.items[0].time")
    assert page.text("play") == "Next event"
    page.press(" ")
    assert page.time == first
    assert page.js("return player.state.playing") is False
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_patrols_are_where_the_recording_has_them(
    page: Page, file: Path, recorded: Recording
) -> None:
    """The player's closed form gives the places that Python gives, for all patrols at odd times."""
    page.open(file)
    times = [1234.0 + 40507.0 * step for step in range(34)]
    shown = page.js(
        """
        const { walkAt, shiftAt, emptyWalk } = modules.walks;
        const { run } = player.scenes[0];
        const patrols = run.columns["leg.offsets"].length - 1;
        return arguments[0].map((time) => [...Array(patrols).keys()].map((patrol) => {
          const walk = emptyWalk();
          return walkAt(run, patrol, shiftAt(run, time), time, walk) ? walk : null;
        }));""",
        times,
    )
    compared = 0
    for time, walks in zip(times, shown, strict=True):
        hours = time / 3600.0
        legs = recorded.legs[recorded.shift_at(hours)]
        assert {patrol for patrol, walk in enumerate(walks) if walk} == {leg.patrol for leg in legs}
        now = Walks(legs).at(hours)
        for row, leg in enumerate(legs):
            walk = walks[leg.patrol]
            assert walk["busy"] == now.busy[row] or leg.route.leave <= leg.route.arrive
            assert walk["part"] == pytest.approx(now.part[row], abs=0.01)
            for spots, end in ((now.first, "1"), (now.second, "2")):
                segment, share, away = spots[row]
                assert walk[f"a{end}"] == away
                assert walk[f"s{end}"] + walk[f"p{end}"] == pytest.approx(segment + share, abs=0.02)
                compared += 1
    assert compared > 1000


def test_nothing_is_in_a_posts_view_before_it_has_read_it(
    page: Page, file: Path, recorded: Recording
) -> None:
    """For every message and post: seen from when it was read, by its reader; and by its authors."""
    page.open(file)
    seen = page.js("""
        const { run } = player.scenes[0];
        return run.meta.posts.map((_, post) => modules.knowledge.itemsOf(run, {kind: "post", post})
          .filter((item) => item.type === "read" || item.type === "sent")
          .map((item) => [item.time, item.type, item.index]));""")
    messages = recorded.messages
    expected: list[list[list[Any]]] = [[] for _ in recorded.world.posts]
    for number, channel in enumerate(messages.channel.tolist()):
        read = messages.read[number]
        if np.isfinite(read):
            when = int(np.ceil(read * 3600.0 - 1e-6))
            expected[messages.reader[channel]].append([when, "read", number])
        begin, end = messages.author_offsets[channel : channel + 2]
        when = int(np.ceil(messages.sent[number] * 3600.0 - 1e-6))
        for author in messages.authors[begin:end]:
            expected[author].append([when, "sent", number])
    for post, items in enumerate(seen):
        assert sorted(items) == sorted(expected[post]), post
    assert sum(map(len, seen)) > 300


def test_what_a_report_tells_is_drawn_from_its_reading_on(page: Page, file: Path) -> None:
    """For every report with finds: not a second before it was read, and then in that view alone."""
    page.open(file)
    checked = page.js("""
        const scene = player.scenes[0];
        const c = scene.run.columns;
        const week = 7 * 86400;
        const drawn = (eyes, time) =>
          modules.actors.actorsAt(scene, {time, eyes, speed: 3600, hidden: false}).told.length;
        let checked = 0;
        for (let i = 0; i < c["message.read"].length; i++) {
          const time = c["message.read"][i];
          const finds = modules.told.reportsIn(scene.run, i)
            .map((report) => c["find.offsets"][report + 1] - c["find.offsets"][report])
            .reduce((sum, count) => sum + count, 0);
          if (time < 0 || finds === 0) continue;
          const eyes = {kind: "post", post: c["channel.reader"][c["message.channel"][i]]};
          const times = modules.actors.sightOf(scene, eyes).told.map((find) => find.time);
          const come = times.filter((each) => each === time).length;
          const gone = times.filter((each) => each === time - week - 1).length;
          if (come < finds || drawn(eyes, time) - drawn(eyes, time - 1) !== come - gone) {
            return `message ${i}`;
          }
          checked += 1;
        }
        return checked;""")
    assert isinstance(checked, int), checked
    assert checked > 10


def test_a_plan_is_expected_to_hold_only_once_it_was_read(page: Page, file: Path) -> None:
    """In a post's view patrols of partners are outlined where plans read by then put them.

    Plans that were agreed for a shift to come wait for it.
    """
    page.open(file)
    checked = page.js("""
        const scene = player.scenes[0];
        const c = scene.run.columns;
        let checked = 0;
        for (const post of scene.run.meta.posts.keys()) {
          const eyes = {kind: "post", post};
          const known = new Set();
          for (const {time, author, plan} of modules.actors.sightOf(scene, eyes).toldPlans) {
            if (known.has(plan)) continue;
            known.add(plan);
            const at = (moment) => {
              modules.actors.actorsAt(scene, {time: moment, eyes, speed: 3600, hidden: false});
              return modules.actors.sightOf(scene, eyes).plans.plans.get(author);
            };
            const before = at(time - 1);
            if (before === plan) return `plan ${plan} of ${author} before ${time}`;
            const shift = modules.walks.shiftAt(scene.run, time);
            if (c["plan.shift"][plan] > shift) {
              if (at(time) === plan) return `plan ${plan} of ${author} ahead of its shift`;
              continue;
            }
            const newest = c["plan.shift"][at(time)];
            if (newest < c["plan.shift"][plan]) return `plan ${plan} of ${author} not at ${time}`;
            checked += 1;
          }
        }
        return checked;""")
    assert isinstance(checked, int), checked
    assert checked > 100


def test_true_rates_are_those_of_the_attempts(page: Page, file: Path, recorded: Recording) -> None:
    """Attempts a day on the strip are those that began in the four weeks before, by segment."""
    page.open(file)
    time = 10.5 * DAY
    rates = page.js(
        "return [...modules.fates.ratesBefore(player.scenes[0].run, arguments[0])]", time
    )
    begun = recorded.crossings.segment[recorded.crossings.begin * 3600.0 <= time]
    expected = np.bincount(begun, minlength=len(recorded.world.segments)) / 10.5
    np.testing.assert_allclose(rates, expected)


def test_posts_see_their_own_and_no_more(page: Page, file: Path) -> None:
    """Patrols, marks, figures, timeline and list of a view hold nothing of others or to come."""
    page.open(file)
    wrong = page.js("""
        const scene = player.scenes[0];
        const { run } = scene;
        const c = run.columns;
        const rows = [...c["event.attempt"].keys()];
        const knows = (post, attempt, time) => rows.some((i) => c["event.attempt"][i] === attempt
          && c["event.time"][i] <= time
          && (c["event.post"][i] === post || c["event.other"][i] === post));
        for (let post = 0; post < run.meta.posts.length; post++) {
          const eyes = {kind: "post", post};
          for (let time = 3600; time < player.end; time += 29000) {
            const moment = {time, eyes, speed: 3600, hidden: false};
            const actors = modules.actors.actorsAt(scene, moment);
            for (const each of actors.patrols) {
              if (each.post !== post && each.company !== post) return ["patrol", post];
            }
            for (const each of [...actors.crossers, ...actors.endings]) {
              if (each.attempt >= 0 && !knows(post, each.attempt, time)) return ["mark", post];
            }
          }
        }
        player.look({kind: "post", post: 3});
        player.seek(9 * 86400);
        if (player.horizon !== 9 * 86400) return ["horizon"];
        if (document.querySelector("#events .later")) return ["list"];
        return [];""")
    assert wrong == []


def test_a_question_halts_hides_and_reveals(page: Page, file: Path) -> None:
    """Playing stops at the question; no truth is shown until it is asked for; then it goes on."""
    page.open(file)
    page.js("player.seek(3 * 86400 - 1000); player.play();")
    page.wait(lambda: not page.js("return player.state.playing"))
    assert page.time == 3 * DAY
    assert page.text("asked") == STOPS[1]["question"]
    assert page.js("return document.getElementById('answer').hidden") is True
    assert page.js("return player.actors(0).crossers.length + player.actors(0).endings.length") == 0
    assert page.text("events") == ""
    assert "hidden" in page.text("figures")
    assert page.js("return player.horizon") == 0
    page.js("document.getElementById('reveal').click()")
    assert page.text("answer") == STOPS[1]["answer"]
    assert page.js("return document.getElementById('answer').hidden") is False
    assert page.js("return player.actors(0).endings.length") > 0
    assert page.js("return player.horizon") == 12 * DAY
    page.js("document.getElementById('go-on').click()")
    page.wait(lambda: page.time > 3 * DAY)
    assert page.js("return document.getElementById('question').hidden") is True
    page.js("player.pause()")


def test_a_trainees_copy_has_eyes_but_no_truth(
    page: Page, recorded: Recording, tmp_path: Path
) -> None:
    """It starts with the eyes of a side, asks its questions, and knows no answer."""
    path = tmp_path / "trainee.html"
    path.write_text(render_page([recorded], trainee=True), encoding="utf-8")
    page.open(path)
    eyes = page.js("return [...player.panel.eyes.options].map((each) => each.value)")
    assert eyes == ["side-0", "side-1", "post"]
    page.press("1")
    assert page.js("return player.state.eyes.kind") == "side"
    page.js("player.ask(0)")
    assert page.text("asked") == STOPS[1]["question"]
    assert page.text("answer") == ""
    assert page.complaints() == []


def test_two_runs_count_up_to_the_difference_of_their_outcomes(
    page: Page, lively: Scenario, tmp_path: Path
) -> None:
    """Played side by side to the end, the counter shows what `run` of both gives for the seed."""
    pair = [lively.twin(), lively]
    path = tmp_path / "two.html"
    path.write_text(render_page([record(each, seed=5) for each in pair]), encoding="utf-8")
    first, second = (run(each, seed=5, engine="agents").outcomes for each in pair)
    page.open(path)
    page.js("player.seek(player.end)")
    cells = page.js("""
        const rows = [...document.querySelectorAll("#figures tr[data-field]")];
        const texts = (row) => [...row.cells].slice(1).map((cell) => cell.textContent);
        return Object.fromEntries(rows.map((row) => [row.dataset.field, texts(row)]));""")
    for field, outcome in (
        ("passed", "passed"),
        ("referred", "met_and_referred"),
        ("caught", "intercepted_own_side"),
        ("handedOver", "handovers"),
        ("jointly", "intercepted_jointly"),
    ):
        change = second[outcome] - first[outcome]
        sign = "+" if change > 0 else "−" if change < 0 else "±"
        assert cells[field] == [str(first[outcome]), str(second[outcome]), f"{sign}{abs(change)}"]
    assert first["passed"] != second["passed"]
    assert page.js("return player.extra.length") > 5
    parted = """
        const marked = [...player.parted[0].keys()].filter((each) => player.hasParted(0, each));
        return marked.length;"""
    assert page.js(parted) > 0
    page.js("player.look({kind: 'side', side: 0})")
    assert page.js(parted) == 0
    page.js("player.look({kind: 'truth'})")
    lists = page.js("""
        const which = document.getElementById("which");
        return ["0", "1"].map((value) => {
          which.value = value;
          which.dispatchEvent(new Event("change"));
          return document.getElementById("events").textContent;
        });""")
    assert lists[0] != lists[1]
    assert page.complaints() == []

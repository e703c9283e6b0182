"""Recording changes nothing, and films show what was recorded."""

import hashlib
import json
import math
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from sim.cli.app import animate
from sim.engine import BorderModel, events_sha256
from sim.errors import InputError
from sim.outcomes.metrics import Accounts
from sim.replay import Recording, record
from sim.replay.beside import Pictures
from sim.replay.course import signs_of
from sim.replay.gif import GRADES, write_gif
from sim.replay.layout import HEIGHT, WIDTH, lay_out
from sim.replay.mail import Mail
from sim.replay.output import staged
from sim.replay.picture import Picture
from sim.replay.recording import Spot
from sim.replay.sides import SIDE_COLOURS
from sim.replay.video import MOST_FRAMES, draw_film, moments
from sim.replay.walks import Walks
from sim.scenario import Scenario

GROUPS = """
[[groups]]
name = "{0} to {1}"
crime = "{2}"
origin = "{0}"
destination = "{1}"
count = 12
attempts_per_day = 2.0
reach_segments = 4
"""


def border(folder: Path, sides: tuple[str, str], lines: list[list[tuple[float, float]]]) -> None:
    """Write border data of segments of 10 km each."""
    folder.mkdir(parents=True)
    columns = ",".join(f"province_{side.lower()}" for side in sides)
    rows = [f"{number},10.0,North,South,2" for number in range(len(lines))]
    (folder / "segments.csv").write_text(
        "\n".join([f"segment,length_km,{columns},relief_class", *rows]) + "\n"
    )
    features = [
        {
            "type": "Feature",
            "properties": {"segment": number},
            "geometry": {"type": "LineString", "coordinates": line},
        }
        for number, line in enumerate(lines)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "line.geojson").write_text(json.dumps(collection))


def world(folder: Path, kind: str) -> Scenario:
    """Make a small scenario: one segment, a long line from west to east, or three sides."""
    single = [[(10.0, 5.0), (10.0, 5.09)]]
    long = [[(20.0 + 0.09 * i, 1.0), (20.09 + 0.09 * i, 1.0)] for i in range(12)]
    onward = [[(10.0, 5.09), (10.05, 5.15)], [(10.05, 5.15), (10.1, 5.2)]]
    pieces = {
        "single": [(("AAA", "BBB"), single)],
        "long": [(("AAA", "BBB"), long)],
        "three": [(("AAA", "BBB"), single), (("BBB", "CCC"), onward)],
    }[kind]
    for index, (sides, lines) in enumerate(pieces):
        border(folder / f"border{index}", sides, lines)
    names = json.dumps([f"border{index}" for index in range(len(pieces))])
    path = folder / f"{kind}.toml"
    path.write_text(
        f'format = 1\ntitle = "cost $5 \\\\frac{{ & more"\n[world]\nborders = {names}\n'
        + GROUPS.format("AAA", "BBB", "goods")
        + GROUPS.format("BBB", "AAA", "irregular")
    )
    overrides = {"time.days": 1.5, "patrols.beat_segments": 2, "patrols.detection": 0.9}
    return Scenario.load(path, overrides=overrides)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Record 36 hours on a line that runs from west to east."""
    return record(world(tmp_path_factory.mktemp("world"), "long"), seed=3)


def test_watching_changes_nothing(recording: Recording) -> None:
    """The event log of a recorded run is that of a run nobody watches."""
    model = BorderModel(recording.scenario, rng=3)
    model.run_model()
    assert len(model.log) > 100
    assert events_sha256(recording.events) == events_sha256(model.log.columns())


def test_final_counts_are_the_outcomes(recording: Recording) -> None:
    """What a film counts in the end agrees with the outcomes of the run."""
    model = BorderModel(recording.scenario, rng=3)
    model.run_model()
    truth = Accounts(model, model.log.columns()).truth
    counts = recording.counts_at(recording.hours)
    assert truth["met_and_referred"] > 0
    assert counts.referred == truth["met_and_referred"]
    assert counts.own_side == truth["intercepted_own_side"]
    assert counts.own_side + counts.handed_over + counts.jointly == truth["intercepted"]
    assert counts.passed == truth["passed"]
    assert counts.interdiction_rate == pytest.approx(truth["interdiction_rate"])


@pytest.mark.parametrize("time", [0.0, 7.3, 20.0, 36.0])
def test_every_attempt_is_somewhere(recording: Recording, time: float) -> None:
    """Attempts that began are under way or ended in exactly one way, at any time."""
    counts = recording.counts_at(time)
    ended = counts.own_side + counts.handed_over + counts.jointly
    assert counts.begun == counts.under_way + ended + counts.referred + counts.passed


def test_crossers_come_from_their_side_and_those_that_pass_get_across(
    recording: Recording,
) -> None:
    """Depth runs from -1 at the start over 0 on the line to 1 for those that pass."""
    crossings = recording.crossings
    passed = crossings.outcome == 1
    late = crossings.depth_at(math.inf)
    assert passed.any()
    np.testing.assert_allclose(late[passed], 1.0)
    assert (late[(crossings.outcome == 2)] < 1.0).all()
    for index in range(len(crossings.begin)):
        assert crossings.depth_at(crossings.begin[index])[index] == pytest.approx(-1.0)


def test_patrols_do_not_jump(recording: Recording) -> None:
    """Within a shift a patrol moves on the map at no more than the pace of a vehicle or so."""
    layout = lay_out(recording)
    step = 0.02
    fastest = 40.0 * step / layout.km_per_point
    walks = Walks(recording.legs[1])
    before = None
    for time in np.arange(recording.shifts[0], recording.shifts[1], step):
        now = walks.at(float(time))
        first, second = (
            np.array([
                layout.map.spot(Spot(int(segment), share, away), side)
                for (segment, share, away), side in zip(spots, walks.side, strict=True)
            ])
            for spots in (now.first, now.second)
        )  # fmt: skip
        places = first + now.part[:, None] * (second - first)
        if before is not None:
            assert np.hypot(*(places - before).T).max() < fastest
        before = places


def test_the_first_side_is_to_the_left(recording: Recording) -> None:
    """On a line that runs east, the first side is to the north, and its posts are drawn there."""
    picture = Picture(recording, 180)
    assert (signs_of(recording.world)[0] == 1.0).all()
    for post, home in zip(recording.world.posts, recording.homes, strict=True):
        side = recording.world.sides.index(post.side)
        up = picture.layout.map.spot(home, side)[1] - picture.layout.map.points[home.segment, 0, 1]
        assert np.sign(up) == (1.0 if post.side == "AAA" else -1.0)


def test_same_moment_same_frame(recording: Recording) -> None:
    """A frame depends on the moment only, not on what was drawn before."""
    times = [0.0, 5.0, 13.7, 30.0, 36.0]

    def hashes(order: list[float]) -> dict[float, str]:
        picture = Picture(recording, 360)
        return {time: hashlib.sha256(picture.frame(time)).hexdigest() for time in order}

    forward, backward = hashes(times), hashes(times[::-1])
    assert forward == backward
    assert len(set(forward.values())) == len(times)


@pytest.mark.parametrize("kind", ["single", "three"])
def test_any_world_can_be_drawn(tmp_path: Path, kind: str) -> None:
    """One segment and three sides are worlds too, and a dollar sign in a title is one."""
    other = record(world(tmp_path, kind), seed=1)
    picture = Picture(other)
    before, after = picture.frame(0.0).copy(), picture.frame(30.0)
    assert before.shape == (HEIGHT, WIDTH, 4)
    assert (before != after).any()


def test_attempts_that_were_given_up_are_in_no_picture(recorded: Recording) -> None:
    """A run in which instruments turned attempts back can be drawn to its end."""
    picture = Picture(recorded, 180)
    assert picture.frame(recorded.hours).any()


def test_two_runs_stand_beside_each_other(recording: Recording) -> None:
    """Each half shows its own run, drawn alike."""
    frame = Pictures([recording, recording], 360).frame(20.0)
    assert frame.shape == (360, 640, 4)
    np.testing.assert_array_equal(frame[:, 5:300], frame[:, 325:620])
    other = Pictures([recording, replace(recording, seed=4)], 360).frame(20.0)
    assert (other[:, 5:300] == frame[:, 5:300]).all()
    assert (other[:, 325:620] != frame[:, 325:620]).any()


def test_joint_patrols_are_marked_as_joint(recorded: Recording) -> None:
    """Where two walk together, the partner's colour is in the picture too."""
    shift, row = next(
        (shift, row)
        for shift, legs in enumerate(recorded.legs)
        for row, leg in enumerate(legs)
        if leg.company >= 0 and leg.route.leave > leg.route.arrive
    )
    legs = recorded.legs[shift]
    time = (legs[row].route.arrive + legs[row].route.leave) / 2.0
    alone = [replace(leg, company=-1) if leg is legs[row] else leg for leg in legs]
    shifts = [alone if index == shift else each for index, each in enumerate(recorded.legs)]
    joint = Picture(recorded).frame(time).copy()
    apart = Picture(replace(recorded, legs=shifts)).frame(time)
    partner = recorded.world.sides.index(recorded.world.posts[legs[row].company].side)
    colour = np.round(255 * np.array(to_rgb(SIDE_COLOURS[partner])))
    many, few = (
        (np.abs(frame[..., :3] - colour).max(axis=-1) <= 1).sum() for frame in (joint, apart)
    )
    assert many > few


def test_reports_go_from_their_author_to_their_reader(recorded: Recording) -> None:
    """A report is on its way from when it is sent until it arrives, ever nearer to its reader."""
    messages, mail = recorded.messages, Mail(recorded)
    chosen = int((messages.arrival - messages.sent).argmax())
    sent, arrival = float(messages.sent[chosen]), float(messages.arrival[chosen])
    assert arrival > sent
    reader = messages.reader[messages.channel[chosen]]
    for share in (0.0, 0.5, 0.99):
        now = mail.at(sent + share * (arrival - sent))
        assert np.isclose(now.part[now.reader == reader], share).any()
    for time in (sent, arrival - 1e-6, arrival):
        under_way = (messages.sent <= time) & (time < messages.arrival)
        assert len(mail.at(time).part) == under_way.sum()


def test_a_gif_has_every_frame_and_its_colours(recording: Recording, tmp_path: Path) -> None:
    """A GIF is 800 pixels wide and lasts as long as it should."""
    out = tmp_path / "film.gif"
    draw_film([recording], out, np.array([1.0, 12.0, 20.0]))
    with Image.open(out) as film:
        assert film.size == (800, 450)
        assert film.n_frames == 3
        assert film.info["duration"] == 100


def test_a_gif_that_would_be_too_large_is_drawn_smaller(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Size and smoothness give way until the file is small enough; then it says what to do."""
    out, times = tmp_path / "film.gif", np.linspace(0.0, 36.0, 60)
    drawn: list[int] = []

    def write(most: int) -> None:
        monkeypatch.setattr("sim.replay.gif.MOST_BYTES", most)
        write_gif(lambda height: Pictures([recording], height), out, times, 10, drawn.append)

    write(10_000_000)
    large = out.stat().st_size
    write(large // 2)
    assert out.stat().st_size <= large // 2
    assert drawn[-1] == len(times)
    with Image.open(out) as film:
        assert film.height < GRADES[0].height or film.n_frames < len(times)
        length = sum(duration_of(film, frame) for frame in range(film.n_frames))
        assert length == pytest.approx(6000, abs=600)
    with pytest.raises(InputError, match="too long for a GIF of 0 MB: 6 s"):
        write(10_000)


def duration_of(film: Image.Image, frame: int) -> int:
    """How long a frame of a film is shown, ms."""
    film.seek(frame)
    return int(film.info["duration"])


def test_counts_of_thousands_have_room(recorded: Recording) -> None:
    """No digit lies where the picture is not written anew."""
    once = recorded.crossings
    times = 12_000 // len(once.begin) + 1
    many = {each.name: np.tile(getattr(once, each.name), times) for each in fields(once)}
    picture = Picture(replace(recorded, crossings=replace(once, **many)))
    picture.frame(recorded.hours)
    begun, _ = picture.dials._texts["begun"]
    assert len(begun.get_text()) == len("12,345")
    for text, box in picture.dials._texts.values():
        extent = text.get_window_extent(picture.canvas.renderer)
        assert box.x <= extent.x0
        assert extent.x1 <= box.x + box.width


def test_the_command_writes_a_film(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A film appears under its name, its length is announced, and nothing else is left behind."""
    import imageio_ffmpeg

    (tmp_path / "world").mkdir()
    world(tmp_path / "world", "single")
    (tmp_path / "out").mkdir()
    out = tmp_path / "out" / "film.mp4"
    scenario = tmp_path / "world" / "single.toml"
    animate(scenario, out, days=0.5, hours_per_second=12.0)
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(str(out))
    assert (frames, seconds) == (49, pytest.approx(49 / 24, abs=0.05))
    assert [each.name for each in out.parent.iterdir()] == ["film.mp4"]
    told = capsys.readouterr()
    assert told.out.strip() == str(out)
    assert "49 frames" in told.err


def test_the_command_draws_a_still(tmp_path: Path) -> None:
    """A still shows the moment asked for, and only moments of the run can be asked for."""
    world(tmp_path, "single")
    scenario = tmp_path / "single.toml"
    for name, at in (("early", 0.2), ("late", None)):
        animate(scenario, tmp_path / f"{name}.png", days=1.0, at=at)
    with Image.open(tmp_path / "early.png") as early, Image.open(tmp_path / "late.png") as late:
        assert early.size == (WIDTH, HEIGHT)
        assert early.tobytes() != late.tobytes()
    with pytest.raises(InputError, match=r"--at: day 2 is not in the run \(0 to 1\)"):
        animate(scenario, tmp_path / "never.png", days=1.0, at=2.0)
    with pytest.raises(InputError, match="--at: is for stills"):
        animate(scenario, tmp_path / "film.mp4", days=1.0, at=0.5)


def test_a_failure_leaves_the_old_film_alone(tmp_path: Path) -> None:
    """What was there stays when drawing fails, and no part of a film is left."""
    out = tmp_path / "film.mp4"
    out.write_text("old")

    def fail() -> None:
        with staged(out) as part:
            part.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("film.avi", r"film.avi: ends in '.avi'.*\(end it in .html, .mp4, .gif, .png\)"),
        ("film", r"ends in ''"),
        ("nowhere/film.mp4", r"nowhere: no such folder \(make it first\)"),
    ],
)
def test_a_bad_output_is_named(tmp_path: Path, name: str, problem: str) -> None:
    """An output that cannot be is refused before anything runs."""
    with pytest.raises(InputError, match=problem), staged(tmp_path / name):
        pytest.fail("must not start")


def test_a_film_has_an_end() -> None:
    """A film that would take for ever is refused with a pace that would do."""
    with pytest.raises(InputError, match="fewer days, or at least --hours-per-second 14") as caught:
        moments(8760.0, 6.0, 30)
    assert f"{MOST_FRAMES:,}" in str(caught.value)
    assert len(moments(8760.0, 14.0, 30)) <= MOST_FRAMES
    for pace in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(InputError, match="hours-per-second"):
            moments(24.0, pace, 30)


def test_frames_are_even_and_the_end_stays() -> None:
    """Time goes evenly, and the last second of a film shows the end of the run."""
    times = moments(24.0, 6.0, 30)
    assert times[0] == 0.0
    np.testing.assert_allclose(np.diff(times[:121]), 0.2)
    assert (times[120:] == 24.0).all()
    assert len(times) == 151

"""The live app without its page: doses read off their declarations, and changes in mid-run."""

import shlex
import socket
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from sim.engine import Kind, events_sha256
from sim.errors import InputError
from sim.outcomes import run
from sim.replay.live import server
from sim.replay.live.curves import MOST_POINTS, Curve, Moment, cases, chart, rates
from sim.replay.live.desk import Desk, Request, seed_of, toml
from sim.replay.live.doses import instruments, value_in
from sim.replay.live.model import LiveModel
from sim.scenario import Scenario
from sim.scenario.files import parse_setting
from sim.scenario.policy import Policy

STRETCH = Path(__file__).parents[2] / "scenarios" / "dien_bien_phongsaly.toml"
DAYS = {"time.days": 12.0}


def live(seed: int | str = 5, policy: str | None = None, **more: Any) -> LiveModel:
    """Make a run of twelve days; `__` in a keyword stands for a dot."""
    settings = {key.replace("__", "."): value for key, value in more.items()}
    return LiveModel(Desk(Request(STRETCH, policy, DAYS | settings)), seed)


def finished(model: LiveModel, shifts: int | None = None) -> LiveModel:
    """Step a run to its end, or some shifts on."""
    while model.running and shifts != 0:
        model.step()
        shifts = None if shifts is None else shifts - 1
    return model


def events(model: LiveModel) -> str:
    """Hash what happened in a run."""
    return events_sha256(model.log.columns())


class TestDoses:
    """What can be set is read off the declarations of policies."""

    def test_every_instrument_is_there_with_a_dose_that_switches_it_off(self) -> None:
        """Only a third side's joining is no dose of its own."""
        tables = [name for name in Policy.model_fields if name not in ("format", "title")]
        named = [each.name for each in instruments()]
        others = ("multilateral", "allocation", "extensions", "sources")
        assert named == [name for name in tables if name not in others]
        for each in instruments():
            off = [value for value in each.main.values if not each.is_on(value)]
            assert off == [each.main.absent], each.name

    def test_words_and_numbers_are_on_offer_through_the_range_assumed(self) -> None:
        """The interval of reports goes from at once to never; calls may never get through."""
        by_name = {each.name: each for each in instruments()}
        interval = by_name["sharing"].main
        assert interval.key == "sharing.interval_days"
        assert interval.values == (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, "never")
        assert [interval.told(each) for each in (0.0, 0.5, "never")] == [
            "at once", "0.5 days", "never",
        ]  # fmt: skip
        assert [each.key for each in by_name["sharing"].others] == [
            "sharing.plans", "sharing.scope",
        ]  # fmt: skip
        assert by_name["hotline"].main.key == "hotline.works"
        assert by_name["hotline"].main.values[0] == 0.0

    def test_a_value_beyond_those_on_offer_is_put_in_its_place(self) -> None:
        """Policies hold doses such as a report a week."""
        interval = instruments()[0].main.with_values(7.0)
        assert interval.values[4:7] == (5.0, 7.0, 10.0)

    def test_doses_in_force_are_read_from_a_policy(self) -> None:
        """A table that is missing is the instrument switched off."""
        weekly = Scenario.load(STRETCH, "weekly_sharing").policy
        by_name = {each.name: value_in(weekly, each.main) for each in instruments()}
        assert by_name["sharing"] == 7
        assert by_name["twinning"] == "none"
        assert by_name["joint_patrols"] == 0.0

    @pytest.mark.parametrize("instrument", instruments(), ids=lambda each: each.name)
    def test_what_is_on_offer_can_be_put_into_force(self, instrument: Any) -> None:
        """Each value of each dose, over a policy that has everything."""
        desk = Desk(Request(STRETCH, "everything", DAYS))
        for dose in (instrument.main, *instrument.others):
            for value in dose.values:
                _, policy = desk.changed(desk.scenario, 0.0, None, {dose.key: value})
                assert value_in(policy, dose) == value


class TestChanges:
    """A change in mid-run is an inject like those of a file."""

    def test_a_run_that_nobody_changes_is_that_of_the_command(self) -> None:
        """Event for event, with the seed of the page."""
        model = finished(live("7"))
        scenario = Scenario.load(STRETCH, overrides=DAYS)
        assert events(model) == run(scenario, 7).outcomes["events_sha256"]
        assert model.history[-1].truth == {
            name: value
            for name, value in run(scenario, 7).outcomes.items()
            if name != "events_sha256"
        }

    def test_the_command_it_gives_makes_the_same_run_with_all_changes(self) -> None:
        """Doses, another file, and two changes before one shift."""
        model = finished(live(), 7)
        model.change(None, {"sharing.interval_days": 0.5, "sharing.plans": True})
        finished(model, 7)
        model.change("twinning_and_hotline", {"hotline.works": 1.0})
        model.change(None, {"markers.surveys_per_year": 12.0})
        finished(model)
        assert (model.log.columns()["kind"] == Kind.INJECT).sum() == 3
        words = shlex.split(model.desk.command(model.scenario_so_far, 5))
        assert words[:3] == ["bordersim", "run", str(STRETCH)]
        options = dict(zip(words[3::2], words[4::2], strict=True))
        assert options["--seed"] == "5"
        pairs = zip(words[3::2], words[4::2], strict=True)
        settings = dict(parse_setting(text) for option, text in pairs if option == "--set")
        again = run(Scenario.load(words[2], None, settings), 5)
        assert again.outcomes["events_sha256"] == events(model)
        assert again.inputs_sha256 == model.scenario_so_far.inputs_sha256

    def test_it_takes_its_place_among_the_changes_of_the_scenario(self) -> None:
        """One that is past stays past; one to come builds on the doses set by hand."""
        own = [
            {"kind": "policy_change", "day": 1.0, "set": {"hotline.works": 0.9}},
            {"kind": "policy_change", "day": 8.0, "set": {"joint_patrols.per_month": 4.0}},
        ]
        model = finished(live(injects=own), 12)
        assert model.stage.policy.hotline is not None
        model.change(None, {"hotline.works": 0.0, "sharing.interval_days": 1.0})
        finished(model)
        policy = model.stage.policy
        assert policy.hotline is not None
        assert policy.sharing is not None
        assert policy.joint_patrols is not None
        assert (policy.hotline.works, policy.sharing.interval_days) == (0.0, 1.0)
        assert events(model) == run(model.scenario_so_far, 5).outcomes["events_sha256"]

    def test_it_comes_into_force_with_the_next_shift(self) -> None:
        """Until then it is known as what is to come; from then on posts report."""
        model = finished(live(), 6)
        model.change(None, {"sharing.interval_days": 0.0})
        assert model.stage.policy.sharing is None
        assert model.policy.sharing is not None
        finished(model)
        columns = model.log.columns()
        sent = columns["time"][columns["kind"] == Kind.REPORT_SENT]
        assert sent.size > 0
        assert sent.min() >= 48.0

    @pytest.mark.parametrize(
        ("policy", "settings", "told"),
        [
            (None, {"sharing.intervall": 1}, "did you mean interval_days"),
            (None, {"hotline.works": 3.0}, "less than or equal to 1"),
            (None, {"time.days": 3.0}, "unknown key"),
            ("no_such", {}, "no such file"),
            ("../../../etc/passwd", {}, "climbs out"),
        ],
    )
    def test_what_cannot_come_into_force_is_refused_and_changes_nothing(
        self, policy: str | None, settings: dict[str, Any], told: str
    ) -> None:
        """The message says what, where and what to do."""
        model = finished(live(), 3)
        with pytest.raises(InputError, match=told):
            model.change(policy, settings)
        with pytest.raises(InputError):
            model.desk.begin_with("no_such", settings)
        assert model.policy == model.stage.policy
        untouched = run(Scenario.load(STRETCH, overrides=DAYS), 5)
        assert events(finished(model)) == untouched.outcomes["events_sha256"]

    def test_nothing_comes_into_force_when_the_run_is_over(self) -> None:
        """And that is said."""
        model = finished(live(time__days=1.0))
        with pytest.raises(InputError, match="run is over"):
            model.change(None, {"sharing.interval_days": 1.0})

    def test_a_start_with_other_doses_is_that_of_the_command(self) -> None:
        """Another file drops the doses set before, but not the length of the run."""
        desk = Desk(Request(STRETCH, None, DAYS | {"sharing.interval_days": 3.0}))
        desk.begin_with("twinning_only", {})
        desk.begin_with(None, {"hotline.works": 0.5})
        with pytest.raises(InputError, match="no key of a policy"):
            desk.begin_with(None, {"posts.sector_km": 20.0})
        expected = Scenario.load(STRETCH, "twinning_only", DAYS | {"hotline.works": 0.5})
        assert desk.scenario.inputs_sha256 == expected.inputs_sha256

    def test_policies_of_the_folder_are_on_offer(self) -> None:
        """By the names that the command takes."""
        policies = Desk(Request(STRETCH)).policies
        assert {"none", "weekly_sharing", "alone/hotline"} <= set(policies)
        for name in policies[::9]:
            assert Scenario.load(STRETCH, name).policy_name == Path(name).name

    def test_a_seed_that_cannot_be_used_is_told_and_the_last_one_taken(self) -> None:
        """Reset hands over what was typed."""
        model = live("8")
        again = LiveModel(model.desk, "eight")
        assert again.stage.chance.seed == 8
        assert "'eight' is not a whole number" in again.complaint
        with pytest.raises(InputError):
            seed_of("-1")

    def test_values_are_written_as_toml_reads_them(self) -> None:
        """Whatever a policy can hold."""
        value = {"a": [1, 2.5, "x'\"y"], "b": True, "sharing.interval_days": "never"}
        assert parse_setting(f"k={toml(value)}") == ("k", value)


@pytest.fixture(scope="module")
def history() -> list[Moment]:
    """Give what was counted in a run."""
    return finished(live()).history


class TestCurves:
    """Charts of what was counted."""

    def test_truth_and_records_stand_apart(self, history: list[Moment]) -> None:
        """Books hold no more than what happened; a point for each shift."""
        names = {"VNM": "Vietnam", "LAO": "Laos"}
        drawn = {each.name: each.values for each in cases(history, names)}
        assert len(history) == 36
        assert drawn["Laos’s books"][-1] == history[-1].records["LAO"]["recorded_cases"]
        assert 0 < drawn["detected, truth"][-1] < drawn["ended, truth"][-1]
        assert rates(history, names)[0].name == "truth"

    def test_long_curves_are_thinned_out_and_keep_their_end(self) -> None:
        """A page is sent each chart anew with each shift."""
        days = [number / 3.0 for number in range(1, 1096)]
        data = chart(days, [Curve("c", days, "#000000")], (), 365.0)["series"][0]["data"]
        assert len(data) <= MOST_POINTS
        assert data[-1] == [365.0, 365.0]

    def test_a_change_of_policy_is_marked_on_its_day(self, history: list[Moment]) -> None:
        """By a line with its number, told apart from other injects."""
        changes = [{"kind": "policy_change", "day": 3.0, "title": "now", "set": {}}]
        injects = Scenario.load(STRETCH, overrides=DAYS | {"injects": changes}).injects
        days = [each.day for each in history]
        marks = chart(days, rates(history, {}), injects, 12.0)["series"][0]["markLine"]["data"]
        assert [(each["xAxis"], each["name"]) for each in marks] == [(3.0, "now")]


class TestCommand:
    """What the command refuses."""

    def test_a_port_in_use_is_an_error_that_says_so(self) -> None:
        """And what to do."""
        with socket.socket() as other:
            other.bind((server.HOST, 0))
            other.listen()
            port = other.getsockname()[1]
            with pytest.raises(InputError, match=f"port {port} cannot be used.*--port"):
                server.free_port(port)
        assert server.free_port(0) > 0

    def test_without_the_extra_it_says_how_to_install_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Versions that do not fit count as missing; what needs no extra does not."""
        needs = [
            "mesa>=3.3",
            "no-such-thing>=1; extra == 'play'",
            "mesa<1; extra == 'play'",
            "selenium>=99; extra == 'test'",
        ]
        monkeypatch.setattr(metadata, "requires", lambda _: needs)
        assert server.lacking() == ["no-such-thing>=1", "mesa<1"]
        with pytest.raises(InputError, match=r"no-such-thing>=1.*pip install 'bordersim\[play\]'"):
            server.serve(Request(STRETCH), 0, open_browser=False)

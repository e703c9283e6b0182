"""The page is one file that asks nothing of a network, and a trainee's holds no truth."""

import base64
import gzip
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lively import STOPS, STRETCH

from sim.cli.app import animate
from sim.errors import InputError
from sim.replay import Recording, record
from sim.replay.packing import unpack
from sim.replay.page import linked_script, render_page
from sim.scenario import Scenario


def packs_in(page: str) -> list[bytes]:
    """Take the packs out of a page."""
    return [base64.b64decode(text) for text in re.findall(r"data-run=\"\d\">([^<]+)<", page)]


def everything_in(page: str) -> str:
    """Give all text of a page, what is packed in it too."""
    return page + "".join(gzip.decompress(each).decode("latin-1") for each in packs_in(page))


def test_the_page_forbids_itself_the_network_and_needs_none(recorded: Recording) -> None:
    """Its policy allows inline script and style alone, and it names no address."""
    page = render_page([recorded])
    allowed = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
    assert f'content="{allowed}"' in page
    assert not re.search(r"https?://|\bsrc=|\bhref=|@import|url\(", page)
    assert len(packs_in(page)) == 1
    assert unpack(packs_in(page)[0]).meta["title"] == recorded.scenario.title


def test_the_whole_line_is_packed_small() -> None:
    """At the rate of three days, a year is below 10 MB packed, and 90 days as a page are too."""
    days = 3.0
    line = Scenario.load(STRETCH.with_name("vietnam_laos.toml"), "everything", {"time.days": days})
    page = render_page([record(line, 1)])
    packed = len(packs_in(page)[0])
    assert packed / days * 365.0 < 10e6
    assert len(page.encode()) / days * 90.0 < 10e6


def test_a_title_is_text_and_not_markup(recorded: Recording) -> None:
    """What a file calls itself cannot become a part of the page."""
    named = recorded.scenario.model_copy(update={"title": "<script>alert(1)</script>"})
    page = render_page([replace(recorded, scenario=named)])
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_trainees_page_has_questions_but_no_answers_and_no_truth(recorded: Recording) -> None:
    """Neither in the page nor in what is packed in it; in the trainer's page they are."""
    trainer, trainee = (
        everything_in(render_page([recorded], trainee=each)) for each in (False, True)
    )
    for stop in STOPS[:2]:
        assert stop["question"] in trainer
        assert stop["question"] in trainee
        assert stop["answer"] in trainer
        assert stop["answer"] not in trainee
    for secret in ("a secret turn", "a secret hint"):
        assert secret in trainer
        assert secret not in trainee
    page = render_page([recorded], trainee=True)
    meta, columns = unpack(packs_in(page)[0])
    assert not [name for name in columns if name.startswith("attempt.")]
    assert meta["seed"] is None
    assert "seed" not in page[page.index("<header>") : page.index("</header>")]


def test_every_module_of_the_player_is_in_the_script_once() -> None:
    """No import or export is left, which a script in a page could not have."""
    script = linked_script()
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    folder = Path(render_page.__code__.co_filename).parent / "player"
    for module in folder.glob("*.js"):
        assert script.count(f"modules.{module.stem} = ") == 1
    assert "</script" not in script


def test_the_command_writes_a_page_of_one_run_or_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One policy makes one pack; two make one each, and one of where they part."""
    for policies, packs in ((["none"], 1), (["none", "weekly_sharing"], 3)):
        out = tmp_path / f"{packs}.html"
        animate(STRETCH, out, policy=policies, days=2.0)
        assert len(packs_in(out.read_text(encoding="utf-8"))) == packs
        assert capsys.readouterr().out.strip() == str(out)


@pytest.mark.parametrize(
    ("name", "options", "problem"),
    [
        ("a.html", {"policy": ["none", "none", "none"]}, "--policy: 3 policies are too many"),
        ("a.mp4", {"policy": ["none", "none", "none"]}, "--policy: 3 policies are too many"),
        ("a.mp4", {"trainee": True}, "--trainee: is for pages"),
        ("a.html", {"trainee": True, "policy": ["none", "none"]}, "--trainee: leaves nothing"),
        ("a.html", {"at": 1.0}, "--at: is for stills"),
    ],
)
def test_what_does_not_go_together_is_refused(
    tmp_path: Path, name: str, options: dict[str, object], problem: str
) -> None:
    """Each refusal names the option, and nothing is written."""
    with pytest.raises(InputError, match=problem):
        animate(STRETCH, tmp_path / name, days=1.0, **options)
    assert list(tmp_path.iterdir()) == []

"""One HTML file that plays a run, or two beside each other, without a network."""

import re
from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, PackageLoader

from sim.replay.partings import pack_partings
from sim.replay.recording import Recording
from sim.replay.tables import pack_recording

FIRST_SCRIPT = "start.js"

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


def render_page(recordings: Sequence[Recording], *, trainee: bool = False) -> str:
    """Write the page.

    Parameters
    ----------
    recordings : one run, or two of the same world on the same seed
    trainee : leave out everything that no post knows, and answers
    """
    packs = [pack_recording(each, trainee=trainee) for each in recordings]
    told = packs[0].meta
    if len(recordings) == 2:
        packs.append(pack_partings(recordings[0], recordings[1]))
    player = files("sim.replay") / "player"
    environment = Environment(loader=PackageLoader("sim.replay", "player"), autoescape=True)
    return environment.get_template("page.html").render(
        title=told["title"],
        policies=[pack.meta["policy"] for pack in packs[: len(recordings)]],
        seed=told["seed"],
        trainee=trainee,
        sides=told["sides"],
        style=(player / "player.css").read_text(encoding="utf-8"),
        script=linked_script(),
        runs=[pack.text() for pack in packs],
    )


def linked_script() -> str:
    """Put the player's modules into one script.

    A page opened from a disk cannot import modules. Each becomes a function that is called once,
    after those that it imports from, and gives what it exports.
    """
    player = files("sim.replay") / "player"
    parts: dict[str, str] = {}

    def link(name: str) -> None:
        if name in parts:
            return
        text = (player / f"{name}.js").read_text(encoding="utf-8")
        for _, other in _IMPORT.findall(text):
            link(other)
        exported = [name for _, name in _EXPORT.findall(text)]
        body = _EXPORT.sub(r"\1", _IMPORT.sub(r"const {\1} = modules.\2;\n", text))
        parts[name] = (
            f"modules.{name} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();\n"
        )

    link(FIRST_SCRIPT.removesuffix(".js"))
    return '"use strict";\nconst modules = {};\n' + "".join(parts.values())

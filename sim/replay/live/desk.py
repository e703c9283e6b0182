"""What a trainer asks for on one page: how the run starts, and what changes while it goes on."""

import json
import math
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.scenario import Policy, Scenario
from sim.scenario.injects import PolicyChange
from sim.scenario.keys import POLICY_KEYS

DAY_STEP = 1e-3
"""Days of changes are rounded up to it, so that they can be read; less than two minutes."""

Settings = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """What the command was called with; each page makes a run of its own from it.

    Attributes
    ----------
    path, policy, overrides, allow_code : as of `Scenario.load`
    seed : of the first run
    """

    path: Path
    policy: str | None = None
    overrides: Settings = field(default_factory=dict)
    allow_code: bool = False
    seed: int = 1


class Desk:
    """How a run starts, and how it is changed.

    Parameters
    ----------
    request : what the command was called with

    Attributes
    ----------
    policy : with which a run starts, None if the scenario says
    scenario : what a run starts with
    seed : of the next run
    policies : names of the policies in the folder beside the scenario

    Raises
    ------
    InputErrors : the scenario cannot be run
    """

    def __init__(self, request: Request) -> None:
        self.request, self.policy, self.seed = request, request.policy, request.seed
        self._settings = dict(request.overrides)
        self.scenario = self._load(self.policy, self._settings)
        self.policies = _library(request.path.parent / "policies")

    def _load(self, policy: str | None, settings: Settings) -> Scenario:
        return Scenario.load(self.request.path, policy, settings, self.request.allow_code)

    def begin_with(self, policy: str | None, settings: Settings) -> None:
        """Let runs start with another policy, or with other doses.

        Parameters
        ----------
        policy : name of one in the folder; None leaves that which was
        settings : key paths to values that differ from it

        Raises
        ------
        InputError : that cannot be run; all stays as it was
        """
        for key in settings:
            if not _is_of_policy(key):
                raise InputError("is no key of a policy", where=key, remedy="--set, or the file")
        kept = self._settings
        if policy is not None:
            kept = {key: value for key, value in kept.items() if not _is_of_policy(key)}
        chosen = {**kept, **settings}
        scenario = self._load(policy or self.policy, chosen)
        self.policy, self._settings, self.scenario = policy or self.policy, chosen, scenario

    def changed(
        self, scenario: Scenario, hour: float, policy: str | None, settings: Settings
    ) -> tuple[Scenario, Policy]:
        """Add a change of policy to what is run, as an inject like those of a file.

        Parameters
        ----------
        scenario : what is run, with the changes so far
        hour : from when on, h since the start
        policy : name of one in the folder; None leaves that in force so far
        settings : key paths to values that differ from it

        Returns
        -------
        The scenario with the change, and the policy that it brings.

        Raises
        ------
        InputErrors : that cannot be run
        """
        change: Settings = {"kind": "policy_change", "day": _day_from(hour), "set": settings}
        change["title"] = told_of(policy, settings)
        if policy is not None:
            change["file"] = f"policies/{policy}.toml"
        injects = [each.model_dump(exclude_unset=True) for each in scenario.injects]
        changed = self._load(self.policy, {**self._settings, "injects": [*injects, change]})
        days = [each.day for each in changed.injects if isinstance(each, PolicyChange)]
        place = sum(day <= change["day"] for day in days) - 1
        return changed, changed.later_policies[place]

    def command(self, scenario: Scenario, seed: int) -> str:
        """Give the command that runs the same again, with the changes made so far."""
        words = ["bordersim", "run", str(self.request.path), "--seed", str(seed)]
        if self.policy is not None:
            words += ["--policy", self.policy]
        settings = dict(self._settings)
        if scenario.injects != self.scenario.injects:
            injects = [each.model_dump(exclude_unset=True) for each in scenario.injects]
            settings["injects"] = injects
        for key, value in settings.items():
            words += ["--set", f"{key}={toml(value)}"]
        if self.request.allow_code:
            words.append("--allow-code")
        return shlex.join(words)


def seed_of(text: str) -> int:
    """Read a seed.

    Raises
    ------
    InputError : it is none
    """
    if not text.strip().isdecimal():
        raise InputError(
            f"{text!r:.40} is not a whole number from 0", where="seed", remedy="e.g. 1"
        )
    return int(text)


def told_of(policy: str | None, settings: Settings) -> str:
    """Say a change in few words."""
    named = [policy] if policy is not None else []
    return ", ".join([*named, *(f"{key} = {toml(value)}" for key, value in settings.items())])


def toml(value: Any) -> str:
    """Write a value as TOML does, on one line."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items())
        return f"{{{inner}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _day_from(hour: float) -> float:
    """Give a day that is easy to read, at an hour or shortly after."""
    day = round(math.ceil(hour / 24.0 / DAY_STEP - 1e-6) * DAY_STEP, 3)
    return day if 24.0 * day >= hour else round(day + DAY_STEP, 3)


def _is_of_policy(key: str) -> bool:
    return key.partition(".")[0] in POLICY_KEYS


def _library(folder: Path) -> list[str]:
    """Give the names of the policies in a folder, those in folders within it last."""
    files = (file.relative_to(folder).with_suffix("") for file in folder.rglob("*.toml"))
    return sorted((file.as_posix() for file in files), key=lambda name: (name.count("/"), name))

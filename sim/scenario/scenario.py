"""A scenario as a value: its tables, its policy, its data, and a hash of them all."""

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from sim.errors import InputError, InputErrors
from sim.scenario.code import code_in, source_of
from sim.scenario.experiment import ExperimentFile, ExperimentTables
from sim.scenario.files import (
    check,
    collecting,
    inherit,
    resolve_reference,
)
from sim.scenario.injects import PolicyChange
from sim.scenario.names import (
    contradictions,
    lacking_sides,
    out_of_range,
    per_side,
    sides_of_groups,
    unfit_doses,
    unknown_sources,
)
from sim.scenario.overrides import apply_overrides, override
from sim.scenario.policy import Policy, PolicyFile
from sim.scenario.schema import ScenarioFile, ScenarioTables

BORDER_DATA = ("gates.csv", "line.geojson", "segments.csv")


class Scenario(ScenarioTables):
    """A world, an adversary and a policy: everything that determines a run but its seed.

    Attributes
    ----------
    policy : doses of the instruments in force at the start
    later_policies : the policy that each inject of kind policy_change brings, in order of time
    name, policy_name : file names without their ending
    path : the scenario file
    border_folders : where the border data lies, one folder for each of `world.borders`
    """

    policy: Policy
    later_policies: tuple[Policy, ...] = ()
    name: str
    policy_name: str
    path: Path
    border_folders: tuple[Path, ...]

    @classmethod
    def load(
        cls,
        path: str | Path,
        policy: str | Path | None = None,
        overrides: Mapping[str, Any] | None = None,
        allow_code: bool = False,
    ) -> "Scenario":
        """Read a scenario file and its policy.

        Parameters
        ----------
        path : scenario file
        policy : policy file, or the name of one in the `policies` folder beside the scenario, as
            `weekly_sharing` or `alone/hotline`; the scenario's own if missing, and nothing shared
            if it names none
        overrides : key paths to values, of scenario or policy, as `sharing.interval_days`
        allow_code : whether names of Python code in the files are honoured; only for files that
            one trusts

        Raises
        ------
        InputErrors : everything that is wrong with either file
        """
        path = Path(path)
        tree = inherit(path)
        errors: list[InputError] = []
        policy_path, policy_tree = None, {"format": 1, "title": "None"}
        with collecting(errors):
            policy_path = _find_policy(policy, path, tree.get("policy"))
            policy_tree = inherit(policy_path) if policy_path else policy_tree
        with collecting(errors):
            apply_overrides(tree, policy_tree, overrides or {})
        label = f"{path} with overrides" if overrides else str(path)
        policy_label = f"{policy_path or path}" + (" with overrides" if overrides else "")
        tables, doses, folders = None, None, []
        with collecting(errors):
            tables = check(ScenarioFile, tree, label)
            errors += out_of_range(tree, label) + contradictions(tables, label)
            errors += lacking_sides(per_side(tables), sides_of_groups(tables), label)
        with collecting(errors):
            doses = check_policy(policy_tree, policy_label)
        if tables is not None:
            for folder in tables.world.borders:
                with collecting(errors):
                    folders.append(resolve_reference(folder, path, "world.borders"))
        if tables is not None and doses is not None:
            kinds = {"allocation.kind": doses.allocation.kind}
            errors += lacking_sides(kinds, sides_of_groups(tables), policy_label)
        later: tuple[Policy, ...] = ()
        if tables is not None and doses is not None:
            with collecting(errors):
                later = _later_policies(tables, policy_tree, path)
            for each in (doses, *later):
                errors += unfit_doses(each, tables, policy_label)
            for each in later:
                kinds = {"allocation.kind": each.allocation.kind}
                errors += lacking_sides(kinds, sides_of_groups(tables), f"{label}: injects")
        if not allow_code:
            errors += _forbidden_code(tables, label) + _forbidden_code(doses, policy_label)
            errors += [each for change in later for each in _forbidden_code(change, label)]
        if errors or tables is None or doses is None:
            raise InputErrors(errors)
        values = {key: getattr(tables, key) for key in ScenarioTables.model_fields}
        chosen = Policy(**{key: getattr(doses, key) for key in Policy.model_fields})
        return cls(
            **values,
            policy=chosen,
            later_policies=later,
            name=path.stem,
            policy_name=policy_path.stem if policy_path else "none",
            path=path,
            border_folders=tuple(folders),
        )

    def twin(self) -> "Scenario":
        """Give the same scenario without coordination: its own allocation, and no instrument.

        Run on the same seed, the two differ in nothing but what coordination does.
        """
        alone = Policy(format=1, title="Without coordination", allocation=self.policy.allocation)
        return self.model_copy(
            update={
                "policy": alone,
                "later_policies": tuple(
                    Policy(format=1, allocation=each.allocation) for each in self.later_policies
                ),
                "policy_name": f"{self.policy_name} (without coordination)",
            }
        )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy, with changes; the hash of the inputs is that of the copy."""
        copied = super().model_copy(update=update, deep=deep)
        vars(copied).pop("inputs_sha256", None)
        return copied

    @cached_property
    def inputs_sha256(self) -> str:
        """Hash of everything that determines a run but its seed, as 64 hexadecimal digits.

        Titles, citations, stops and where the files lie do not count; every number, the border data
        and the text of code that is named do.
        """
        told = self.model_dump(
            mode="json",
            exclude={
                "title": True,
                "sources": True,
                "stops": True,
                "name": True,
                "policy_name": True,
                "path": True,
                "border_folders": True,
                "world": {"borders"},
                "policy": {"title", "sources"},
                "later_policies": {"__all__": {"title", "sources"}},
            },
        )
        digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
        for policy in (self.policy, *self.later_policies):
            for _, name in (*code_in(self), *code_in(policy)):
                digest.update(name.encode() + b"\0" + source_of(name))
        for folder in self.border_folders:
            for data in (folder / name for name in BORDER_DATA):
                if data.is_file():
                    digest.update(data.name.encode() + b"\0" + data.read_bytes())
        return digest.hexdigest()


class Experiment(ExperimentTables):
    """A question put to many runs.

    Attributes
    ----------
    path : the file it was read from
    """

    path: Path

    @classmethod
    def load(cls, path: str | Path) -> "Experiment":
        """Read an experiment file.

        Raises
        ------
        InputErrors : everything that is wrong with it
        """
        path = Path(path)
        tables = check(ExperimentFile, inherit(path), str(path))
        values = {key: getattr(tables, key) for key in ExperimentTables.model_fields}
        return cls(**values, path=path)

    @property
    def scenario_path(self) -> Path:
        """Where the scenario file lies."""
        return resolve_reference(self.scenario, self.path, "scenario")

    def policy_path(self, file: str | None) -> Path | None:
        """Where a policy file that the experiment names lies, if it names one."""
        named = file or self.policy
        return resolve_reference(named, self.path, "policy") if named else None


def _forbidden_code(tables: object, where: str) -> list[InputError]:
    """Find names of code where it is not allowed."""
    return [
        InputError(
            f"names Python code, {name}",
            where=f"{where}: {key}",
            remedy="if you trust it, pass --allow-code, or allow_code=True in Python",
        )
        for key, name in code_in(tables)
    ]


def _later_policies(tables: ScenarioFile, policy: dict[str, Any], path: Path) -> tuple[Policy, ...]:
    """Give the policies that injects bring into force, in order of time.

    Raises
    ------
    InputErrors : everything that is wrong with them
    """
    changes = [
        (inject.day, index, inject)
        for index, inject in enumerate(tables.injects)
        if isinstance(inject, PolicyChange)
    ]
    later: list[Policy] = []
    errors: list[InputError] = []
    tree = policy
    for _, index, inject in sorted(changes, key=lambda each: each[:2]):
        where = f"{path}: injects.{index}"
        with collecting(errors):
            if inject.file is not None:
                tree = inherit(resolve_reference(inject.file, path, f"injects.{index}.file"))
            tree = deepcopy(tree)
            for key, value in inject.set.items():
                override(tree, key, value, sides_of_groups(tables))
            doses = check_policy(tree, where)
            later.append(Policy(**{key: getattr(doses, key) for key in Policy.model_fields}))
    if errors:
        raise InputErrors(errors)
    return tuple(later)


def _find_policy(given: str | Path | None, scenario: Path, own: Any) -> Path | None:
    """Find the policy file: the caller's path or name first, then the scenario's own."""
    if given is not None:
        named = scenario.parent / "policies" / f"{given}.toml"
        is_name = not str(given).endswith(".toml") and ("/" not in str(given) or named.is_file())
        return named if is_name else Path(given)
    if own is None:
        return None
    if not isinstance(own, str):
        raise InputError(
            "must be a path in quotes", where=f"{scenario}: policy", remedy="put it in quotes"
        )
    return resolve_reference(own, scenario, "policy")


def check_policy(tree: dict[str, Any], where: str) -> PolicyFile:
    """Validate the tree of a policy file.

    Raises
    ------
    InputErrors : everything that is wrong with it
    """
    policy = check(PolicyFile, tree, where)
    errors = out_of_range(tree, where) + unknown_sources(policy, where)
    if errors:
        raise InputErrors(errors)
    return policy

"""What an experiment file may say: which scenario, which policies or factors, how many runs."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sim.scenario.parameters import Sequence, Table, param


class PolicyChoice(Table):
    """A policy to compare: a file, changes to it, or both."""

    name: str = param(..., "what to call it in tables", min_length=1)
    file: str | None = param(None, "policy file; the scenario's own if missing")
    set: dict[str, Any] = param({}, "key paths to values that differ from the file")


class Factor(Table):
    """Something that is varied: a key path and its values."""

    key: str = param(..., "key path in scenario or policy", min_length=1)
    values: Annotated[tuple[Any, ...], Sequence] = param(..., "values to try", min_length=1)
    label: str = param("", "what to call it in tables and on axes")
    names: Annotated[tuple[str, ...], Sequence] = param(
        (), "what to call each value; the values themselves if empty"
    )
    metric: str | None = param(None, "outcome that it is meant to act on")

    @model_validator(mode="after")
    def _a_name_for_each_value(self) -> "Factor":
        if self.names and len(self.names) != len(self.values):
            raise ValueError(f"{len(self.names)} names for {len(self.values)} values")
        return self

    def name_of(self, value: Any) -> str:
        """Say one of its values in words."""
        if self.names:
            return self.names[self.values.index(value)]
        if isinstance(value, bool):
            return "yes" if value else "no"
        return f"{value:.4g}" if isinstance(value, float) else str(value)


class ExperimentTables(Table):
    """The tables of an experiment file."""

    format: Literal[1] = param(..., "version of the file format")
    title: str = param("", "what the experiment asks")
    scenario: str = param(..., "scenario file, relative to this file")
    policy: str | None = param(None, "policy file that factors start from")
    policies: Annotated[tuple[PolicyChoice, ...], Sequence] = param((), "policies to compare")
    factors: Annotated[tuple[Factor, ...], Sequence] = param((), "what to vary")
    baseline: str | dict[str, Any] = param(
        ..., "name of a policy, or a value for each factor, that others are compared with"
    )
    design: Literal["factorial", "paired", "one_at_a_time"] = param(
        "factorial", "factorial and one_at_a_time for factors, paired for policies"
    )
    days: float | None = param(None, "length of a run; the scenario's own if missing", gt=0)
    replications: int = param(
        10, "runs of each point, on the same chance across points", ge=2, le=100_000
    )
    seed: int = param(1, "seed of the first replication", ge=0)
    metrics: Annotated[tuple[str, ...], Sequence] = param(
        ("interdiction_rate",), "outcomes to compare, the first is drawn", min_length=1
    )
    important: dict[str, Annotated[float, Field(gt=0)]] = param(
        {}, "smallest difference that matters, by outcome, shares as 0 to 1"
    )

    @property
    def measured(self) -> tuple[str, ...]:
        """Outcomes to compare, and those that factors are meant to act on."""
        own = (factor.metric for factor in self.factors if factor.metric is not None)
        return tuple(dict.fromkeys((*self.metrics, *own)))

    @property
    def varies_one_of_several(self) -> bool:
        """Whether each point differs from the baseline in one of several factors."""
        return self.design == "one_at_a_time" and len(self.factors) > 1

    @model_validator(mode="after")
    def _either_policies_or_factors(self) -> "ExperimentTables":
        unmeasured = sorted(set(self.important) - set(self.measured))
        if unmeasured:
            raise ValueError(f"important names {unmeasured}, which metrics does not have")
        if bool(self.policies) == bool(self.factors):
            raise ValueError("give either [[policies]] or [[factors]], and not both")
        names = [choice.name for choice in self.policies]
        if len(set(names)) != len(names):
            raise ValueError("two policies have the same name")
        if self.policies and self.baseline not in names:
            raise ValueError(f"baseline must name one of the policies {names}")
        if self.factors:
            self._check_baseline_of_factors()
        return self

    def _check_baseline_of_factors(self) -> None:
        if not isinstance(self.baseline, dict):
            raise ValueError("baseline must give a value for each factor")
        keys = [factor.key for factor in self.factors]
        if sorted(self.baseline) != sorted(keys):
            raise ValueError(f"baseline must give a value for each of {keys} and nothing else")
        for factor in self.factors:
            if self.baseline[factor.key] not in factor.values:
                raise ValueError(f"baseline of {factor.key} is not one of its values")


class ExperimentFile(ExperimentTables):
    """An experiment file as written."""

    extends: str | None = Field(None, description="experiment file this one starts from")

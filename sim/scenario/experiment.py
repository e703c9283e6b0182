"""What an experiment file may say: which scenario, which policies or factors, how many runs."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from sim.scenario.parameters import Sequence, Table, param

Design = Literal["factorial", "paired", "one_at_a_time", "lhs", "sobol", "morris"]

Scored = Literal["harm_prevented_share", "interdiction_rate"]
"""Outcomes whose share of the achievable is told."""

SAMPLED = ("lhs", "sobol", "morris")
"""Designs whose points are drawn from ranges: nothing is compared with a baseline."""


class PolicyChoice(Table):
    """A policy to compare: a file, changes to it, or both."""

    name: str = param(..., "what to call it in tables", min_length=1)
    file: str | None = param(None, "policy file; the scenario's own if missing")
    set: dict[str, Any] = param({}, "key paths to values that differ from the file")


class Factor(Table):
    """Something that is varied: a key path, and its values or the range that they come from."""

    key: str = param(..., "key path in scenario or policy", min_length=1)
    values: Annotated[tuple[Any, ...], Sequence] = param((), "values to try")
    range: Annotated[tuple[float, float], Sequence] | None = param(
        None,
        "least and greatest value of a sampled design; if both this and `values` are missing, the "
        "range that the parameter is assumed to lie in",
        unit="as of the parameter",
    )
    scale: Literal["linear", "log"] = param(
        "linear", "whether equal steps or equal ratios within the range are equally likely"
    )
    label: str = param("", "what to call it in tables and on axes")
    names: Annotated[tuple[str, ...], Sequence] = param(
        (), "what to call each value; the values themselves if empty"
    )
    metric: str | None = param(None, "outcome that it is meant to act on")

    @model_validator(mode="after")
    def _values_fit_each_other(self) -> "Factor":
        if self.names and len(self.names) != len(self.values):
            raise ValueError(f"{len(self.names)} names for {len(self.values)} values")
        if self.values and (self.range is not None or self.scale != "linear"):
            raise ValueError("has `values`, so leave out `range` and `scale`")
        if self.range is not None and self.range[0] >= self.range[1]:
            raise ValueError(f"range must rise, not {self.range[0]:g} to {self.range[1]:g}")
        if self.range is not None and self.scale == "log" and self.range[0] <= 0.0:
            raise ValueError(f"a range on a log scale must be above 0, not {self.range[0]:g}")
        return self

    @property
    def title(self) -> str:
        """What to call it in tables and on axes."""
        return self.label or self.key

    def name_of(self, value: Any) -> str:
        """Say one of its values in words."""
        if self.names:
            return self.names[self.values.index(value)]
        if isinstance(value, bool):
            return "yes" if value else "no"
        return f"{value:.4g}" if isinstance(value, float) else str(value)


class Stop(Table):
    """Replications until the paired differences of one outcome are known well enough."""

    metric: str = param(..., "outcome that decides")
    half_width: float = param(
        ...,
        "greatest half-width of the interval of any point's paired difference to the baseline",
        unit="as of the outcome",
        gt=0,
    )
    maximum: int = param(..., "most runs of each point", ge=2, le=100_000)
    minimum: int = param(10, "runs of each point before variances are believed", ge=2, le=100_000)
    level: float = param(0.95, "confidence level of the interval", gt=0, lt=1)

    @model_validator(mode="after")
    def _minimum_below_maximum(self) -> "Stop":
        if self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum} is above maximum {self.maximum}")
        return self


class Worlds(Table):
    """Uncertain worlds that every policy is run in: what no policy decides, drawn from ranges."""

    design: Literal["lhs", "sobol"] = param(
        "lhs", "how worlds are drawn: a Latin hypercube, or a scrambled Sobol' sequence"
    )
    samples: int = param(
        ..., "worlds to draw, which intervals are over; of sobol a power of two", ge=2, le=4_096
    )
    replications: int = param(
        2, "runs of each policy in each world, on seeds of that world", ge=1, le=1_000
    )
    factors: Annotated[tuple[Factor, ...], Sequence] = param(
        ...,
        "parameters that are uncertain: of the scenario, or how well an instrument works, which "
        "then holds for every policy that has it",
        min_length=1,
    )

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        _no_key_twice(self.factors)
        if self.design == "sobol":
            _check_power_of_two(self.samples)
        return self


class Achievable(Table):
    """How much of what can be achieved policies do: floor and ceilings, on their own seeds."""

    replications: int = param(
        6,
        "runs of the floor and of each ceiling, on the first seeds that policies are compared on; "
        "none if 0, for files that extend one that asks",
        ge=0,
        le=1_000,
    )
    metric: Scored = param(
        "harm_prevented_share",
        "outcome by which each side alone chooses its allocation, and whose share is told first",
    )

    @model_validator(mode="after")
    def _enough_for_an_interval(self) -> Self:
        if self.replications == 1:
            raise ValueError("replications of [achievable] must be two or more, or 0 for none")
        return self


class ExperimentTables(Table):
    """The tables of an experiment file."""

    format: Literal[1] = param(..., "version of the file format")
    title: str = param("", "what the experiment asks")
    scenario: str = param(..., "scenario file, relative to this file")
    policy: str | None = param(None, "policy file that factors start from")
    policies: Annotated[tuple[PolicyChoice, ...], Sequence] = param((), "policies to compare")
    worlds: Worlds | None = param(None, "uncertain worlds to compare policies in")
    factors: Annotated[tuple[Factor, ...], Sequence] = param((), "what to vary")
    baseline: str | dict[str, Any] | None = param(
        None,
        "name of a policy, or a value for each factor, that others are compared with; none in a "
        "sampled design",
    )
    design: Design = param(
        "factorial",
        "factorial and one_at_a_time for values of factors, paired for policies; lhs, sobol and "
        "morris sample ranges of factors",
    )
    samples: int | None = param(
        None,
        "of a sampled design: points of lhs, base samples of sobol (a power of two), trajectories "
        "of morris",
        ge=2,
        le=65_536,
    )
    days: float | None = param(None, "length of a run; the scenario's own if missing", gt=0)
    replications: int = param(
        10, "runs of each point, on the same chance across points", ge=2, le=100_000
    )
    stop: Stop | None = param(None, "when to stop, in place of `replications`")
    seed: int = param(1, "seed of the first replication, and of a sampled design", ge=0)
    metrics: Annotated[tuple[str, ...], Sequence] = param(
        ("interdiction_rate",), "outcomes to compare, the first is drawn", min_length=1
    )
    achievable: Achievable | None = param(
        None, "tell how much of what can be achieved each policy does; not told if missing"
    )
    important: dict[str, Annotated[float, Field(gt=0)]] = param(
        {}, "smallest difference that matters, by outcome, shares as 0 to 1"
    )

    @property
    def measured(self) -> tuple[str, ...]:
        """Outcomes to compare, and those that factors are meant to act on or that decide a stop."""
        own = [factor.metric for factor in self.factors if factor.metric is not None]
        if self.stop is not None:
            own.append(self.stop.metric)
        return tuple(dict.fromkeys((*self.metrics, *own)))

    @property
    def is_sampled(self) -> bool:
        """Whether its points are drawn from ranges, so that there is no baseline among them."""
        return self.design in SAMPLED

    @property
    def varies_one_of_several(self) -> bool:
        """Whether each point differs from the baseline in one of several factors."""
        return self.design == "one_at_a_time" and len(self.factors) > 1

    @field_validator("achievable")
    @classmethod
    def _none_if_of_no_run(cls, given: Achievable | None) -> Achievable | None:
        return None if given is None or given.replications == 0 else given

    @model_validator(mode="after")
    def _either_policies_or_factors(self) -> Self:
        unmeasured = sorted(set(self.important) - set(self.measured))
        if unmeasured:
            raise ValueError(f"important names {unmeasured}, which metrics does not have")
        if bool(self.policies) == bool(self.factors):
            raise ValueError("give either [[policies]] or [[factors]], and not both")
        names = [choice.name for choice in self.policies]
        if len(set(names)) != len(names):
            raise ValueError("two policies have the same name")
        _no_key_twice(self.factors)
        if self.worlds is not None and self.factors:
            raise ValueError("[worlds] are for [[policies]], and not for [[factors]]")
        if self.worlds is not None and self.stop is not None:
            raise ValueError("[stop] counts runs in one world, so leave it out beside [worlds]")
        self._check_achievable()
        if self.is_sampled:
            self._check_sample()
            return self
        if self.samples is not None:
            raise ValueError(f"samples are for the designs {', '.join(SAMPLED)}")
        if self.baseline is None:
            raise ValueError("baseline is missing: say what others are compared with")
        if self.policies and self.baseline not in names:
            raise ValueError(f"baseline must name one of the policies {names}")
        if self.factors:
            self._check_baseline_of_factors()
        return self

    def _check_achievable(self) -> None:
        if self.achievable is None:
            return
        if self.worlds is not None:
            raise ValueError(
                "[achievable] is of a world that is given, so leave it out beside [worlds]"
            )
        if self.is_sampled:
            raise ValueError(
                f"[achievable] is of points that are compared, which those of design "
                f"{self.design!r} are not: leave it out"
            )

    def _check_sample(self) -> None:
        if self.policies:
            raise ValueError(f"design {self.design!r} samples [[factors]], not [[policies]]")
        if self.baseline is not None:
            raise ValueError(f"design {self.design!r} has no baseline: leave it out")
        if self.stop is not None:
            raise ValueError(f"[stop] looks at a baseline, which design {self.design!r} has not")
        if self.samples is None:
            raise ValueError(f"design {self.design!r} needs `samples`")
        if self.design == "sobol":
            _check_power_of_two(self.samples)

    def _check_baseline_of_factors(self) -> None:
        if not isinstance(self.baseline, dict):
            raise ValueError("baseline must give a value for each factor")
        keys = [factor.key for factor in self.factors]
        if sorted(self.baseline) != sorted(keys):
            raise ValueError(f"baseline must give a value for each of {keys} and nothing else")
        for factor in self.factors:
            if not factor.values:
                raise ValueError(f"design {self.design!r} needs `values` of {factor.key}")
            if self.baseline[factor.key] not in factor.values:
                raise ValueError(f"baseline of {factor.key} is not one of its values")


class ExperimentFile(ExperimentTables):
    """An experiment file as written."""

    extends: str | None = Field(None, description="experiment file this one starts from")

    @model_validator(mode="after")
    def _one_rule_of_replication(self) -> Self:
        if self.stop is not None and "replications" in self.model_fields_set:
            raise ValueError("give either `replications` or [stop], and not both")
        if self.worlds is not None and "replications" in self.model_fields_set:
            raise ValueError("give `replications` within [worlds]: they are of each world")
        return self

    @model_validator(mode="after")
    def _limits_on_seeds_compared(self) -> Self:
        most = self.replications if self.stop is None else self.stop.minimum
        if self.achievable is not None and self.achievable.replications > most:
            raise ValueError(
                f"[achievable] asks for {self.achievable.replications} of the seeds that policies "
                f"are compared on, which are but {most}"
            )
        return self


def _no_key_twice(factors: tuple[Factor, ...]) -> None:
    if len({factor.key for factor in factors}) != len(factors):
        raise ValueError("two factors have the same key")


def _check_power_of_two(samples: int) -> None:
    if samples & (samples - 1):
        below = 1 << (samples.bit_length() - 1)
        raise ValueError(
            f"samples of a Sobol' design must be a power of two: {below} or {2 * below}"
        )

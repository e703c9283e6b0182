"""Share of the achievable: where a policy lies between no coordination and acting as one.

The floor is each side alone with the allocation that does best for it; the ceiling is both sides as
one that hand over at once, placed by the equilibrium of the patrol game or by an oracle. All are
simulated on the chance of the policies, with groups that adapt to them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from sim.engine import BorderModel
from sim.engine.engines import choose_engine, model_of
from sim.optimum.directing import Equilibrium, Oracle
from sim.outcomes import RunResult, run
from sim.outcomes.result import result_of
from sim.scenario import Policy, Scenario
from sim.scenario.doses import Hotline, Multilateral
from sim.scenario.experiment import Scored
from sim.scenario.policy import Allocation
from sim.world import build_world

Outcomes = dict[str, Any]
"""Outcomes of a run, by the names in `sim.outcomes.MEASURES`."""

KINDS = ("uniform", "posterior_mean", "thompson", "stackelberg")
"""Allocations among which a side alone chooses; a rota is left out, since groups learn it."""

PILOT = 1_000_000
"""First seed of the runs by which the floor is chosen, apart from those that are compared."""

RUNS = 100
"""About how many runs are made in all, for which it pays to have compiled code at hand."""

LOOK_EVERY = 50
"""Shifts of the oracle after which it is worked out what could have been prevented at most."""

PILOTS = 2
"""Runs by which the allocation of each side alone is chosen, on other seeds."""

METRICS: tuple[Scored, ...] = get_args(Scored)
"""Outcomes whose share of the achievable is told."""

Hand = Literal["equilibrium", "oracle"]
"""Who places the patrols of both sides as one."""


class Trial(NamedTuple):
    """A run to be made: patrols are placed by their posts, unless one hand places them all."""

    scenario: Scenario
    seed: int
    hand: Hand | None = None


class Tried(NamedTuple):
    """What a run gave: its outcomes, and harm prevented and possible as the oracle knows them."""

    outcomes: Outcomes
    prevented: float = 0.0
    possible: float = 0.0


Trials = Callable[[Sequence[Trial]], Sequence[Tried]]
"""Makes runs, or knows them already, and gives what came of each in their order."""


@dataclass(frozen=True)
class Limits:
    """What can be achieved in a scenario, and what without coordination, run by run.

    Attributes
    ----------
    seeds : of the runs
    floor : outcomes of each side alone, by seed
    equilibrium, oracle : outcomes of both as one, placed by either, by seed
    alone : the allocation of each side that the floor is with
    slack : what no placement could have exceeded in preventing harm, relative to what the oracle
        was to prevent, if groups choose as they did in its runs; at least 1
    """

    seeds: tuple[int, ...]
    floor: list[Outcomes]
    equilibrium: list[Outcomes]
    oracle: list[Outcomes]
    alone: dict[str, str]
    slack: float

    def ceiling(self, metric: str) -> Literal["equilibrium", "oracle"]:
        """Say which ceiling is the higher in an outcome of which more is better."""
        equilibrium, oracle = (
            np.mean([each[metric] for each in runs]) for runs in (self.equilibrium, self.oracle)
        )
        return "equilibrium" if equilibrium > oracle else "oracle"


def limits_of(
    scenario: Scenario,
    seeds: Sequence[int],
    metric: str = METRICS[0],
    pilots: int = PILOTS,
    tell: Callable[[str], None] = lambda _: None,
    trials: Trials | None = None,
) -> Limits:
    """Simulate what a scenario's forces can achieve, and what they do without coordination.

    Parameters
    ----------
    scenario : whatever its policy, which does not count
    seeds : of the runs, those of the policies compared
    metric : outcome by which the floor's allocation is chosen, more of which is better
    pilots : runs, on other seeds, by which it is chosen
    tell : is told what is about to be run
    trials : makes the runs; one after another here if missing
    """
    made = trials or _here
    tell("each side alone")
    alone = best_alone(scenario, metric, pilots, made)
    floor = made([Trial(alone, seed) for seed in seeds])
    one = as_one(scenario)
    tell("both as one, by the equilibrium")
    equilibrium = made([Trial(one, seed, "equilibrium") for seed in seeds])
    tell("both as one, by the oracle")
    oracle = made([Trial(one, seed, "oracle") for seed in seeds])
    prevented, possible = (
        sum(getattr(each, name) for each in oracle) for name in ("prevented", "possible")
    )
    return Limits(
        seeds=tuple(seeds),
        floor=[each.outcomes for each in floor],
        equilibrium=[each.outcomes for each in equilibrium],
        oracle=[each.outcomes for each in oracle],
        alone=_kinds_of(alone),
        slack=max(1.0, possible / prevented) if prevented else 1.0,
    )


def most_runs(scenario: Scenario, seeds: int, pilots: int = PILOTS) -> int:
    """Say how many runs `limits_of` makes at most.

    Parameters
    ----------
    scenario, pilots : as of `limits_of`
    seeds : how many of them
    """
    others = len(KINDS) - 1
    return pilots * (len(KINDS) + others * len(build_world(scenario).sides)) + 3 * seeds


def best_alone(
    scenario: Scenario, metric: str, pilots: int, trials: Trials | None = None
) -> Scenario:
    """Give a scenario without coordination in which each side has its own best allocation.

    All sides begin with the kind that is best if all have it; then each in turn takes what is best
    for the metric, given the others.

    Parameters
    ----------
    scenario, metric, pilots, trials : as of `limits_of`
    """
    sides = build_world(scenario).sides
    made = trials or _here
    known: dict[tuple[str, ...], float] = {}

    def best_of(tried: list[tuple[str, ...]]) -> tuple[str, ...]:
        new = [kinds for kinds in dict.fromkeys(tried) if kinds not in known]
        gave = iter(
            made(
                [
                    Trial(_alone(scenario, dict(zip(sides, kinds, strict=True))), PILOT + pilot)
                    for kinds in new
                    for pilot in range(pilots)
                ]
            )
        )
        for kinds in new:
            known[kinds] = float(np.mean([next(gave).outcomes[metric] for _ in range(pilots)]))
        return max(tried, key=known.__getitem__)

    best = best_of([(kind,) * len(sides) for kind in KINDS])
    for place in range(len(sides)):
        best = best_of([best, *((*best[:place], kind, *best[place + 1 :]) for kind in KINDS)])
    return _alone(scenario, dict(zip(sides, best, strict=True)))


def _alone(scenario: Scenario, kinds: dict[str, Any]) -> Scenario:
    policy = Policy(format=1, title="Each side alone", allocation=Allocation(kind=kinds))
    return _with_policy(scenario, policy, "each side alone")


def _kinds_of(scenario: Scenario) -> dict[str, str]:
    kinds = scenario.policy.allocation.kind
    return dict(kinds) if isinstance(kinds, dict) else {}


def as_one(scenario: Scenario) -> Scenario:
    """Give a scenario in which what one side detects is handed over to the other at once, surely.

    It costs nobody anything, and does not depend on trust.
    """
    sides = build_world(scenario).sides
    hotline = Hotline(level="post", minutes=0.0, works=1.0, call_hours=0.0, money_per_link=0.0)
    company = Multilateral(members=sides, money_per_member=0.0) if len(sides) > 2 else None
    policy = Policy(format=1, title="Both sides as one", hotline=hotline, multilateral=company)
    trust = scenario.posts.trust.model_copy(update={"alert_weight": 0.0})
    posts = scenario.posts.model_copy(update={"trust": trust})
    return _with_policy(scenario.model_copy(update={"posts": posts}), policy, "both as one")


def without_policy(scenario: Scenario) -> Scenario:
    """Give a scenario that shares nothing: the same for all that differ in their policy alone."""
    return _with_policy(scenario, Policy(format=1, title="Nothing shared"), "nothing shared")


def _with_policy(scenario: Scenario, policy: Policy, name: str) -> Scenario:
    """Put another policy in force from the start to the end."""
    later = (policy,) * len(scenario.later_policies)
    return scenario.model_copy(
        update={"policy": policy, "later_policies": later, "policy_name": name}
    )


def run_trial(trial: Trial, runs: int = RUNS) -> tuple[RunResult, dict[str, float]]:
    """Make a run.

    Parameters
    ----------
    trial : what to run
    runs : how many are made in all, by which the engine is chosen

    Returns
    -------
    The result, and of the oracle also harm prevented and possible, by the names in `Tried`.
    """
    scenario, seed, hand = trial
    if hand is None:
        return run(scenario, seed, runs=runs), {}
    if hand == "equilibrium":
        return directed(scenario, seed, Equilibrium)[0], {}
    result, oracle = directed(scenario, seed, lambda model: Oracle(model, LOOK_EVERY))
    return result, {"prevented": oracle.prevented, "possible": oracle.possible}


def _here(trials: Sequence[Trial]) -> list[Tried]:
    """Make runs one after another, here."""
    made = (run_trial(trial) for trial in trials)
    return [Tried(result.outcomes, **reached) for result, reached in made]


def directed(
    scenario: Scenario, seed: int, director: Callable[[BorderModel], Any]
) -> tuple[RunResult, Any]:
    """Run a scenario whose patrols one hand places.

    Parameters
    ----------
    scenario, seed : as of `sim.outcomes.run`
    director : makes a `sim.optimum.directing.Director` of the model

    Returns
    -------
    The result, and the director as the run left it.
    """
    engine, reason = choose_engine(scenario, runs=RUNS)
    model = model_of(scenario, seed, engine)
    who = director(model)
    model.run_model()
    return result_of(model, engine, reason), who

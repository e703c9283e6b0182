"""Groups: what they choose among, and how."""

from typing import Any

import numpy as np

from sim.agents import SmugglingGroup
from sim.agents.adversaries import DAYPARTS
from sim.agents.adversaries.attraction import Static
from sim.agents.adversaries.level_k import LevelK
from sim.engine.compiled.adversaries import ADVERSARIES, IN_PYTHON
from sim.engine.compiled.columns import filled, table
from sim.engine.compiled.layout.layout import Layout, period


def lay_out_groups(layout: Layout) -> None:
    """Groups, what they choose among, and when they want to."""
    groups, kinds = layout.model.groups_by_number, _kinds(layout)
    rows = table("groups", len(groups))
    options: list[tuple[float, ...]] = []
    surges: list[dict[str, float]] = []
    surge_starts = [0]
    numbers = {id(kind): number for number, kind in enumerate(layout.scenario.groups)}
    for group in groups:
        row, number = rows[group.number], numbers[id(group.kind)]
        if not kinds[number]["n_groups"]:
            kinds[number]["groups"] = group.number
        kinds[number]["n_groups"] += 1
        row["kind"] = number
        row["options"], row["n_options"] = len(options), len(group.options)
        _fill_group(layout, row, group)
        options += _options_of(group)
        surges += [{**period(each), "factor": each.factor} for each in group.surges]
        surge_starts.append(len(surges))
    segments, costs, attractions, at_home, priors = np.array(options).reshape(-1, 5).T
    layout.columns |= {
        "groups": rows,
        "kinds": kinds,
        "option_segment": segments,
        "option_cost": costs,
        "attraction": attractions,
        "reward": attractions.copy(),
        "at_home": at_home,
        "prior": priors,
        **{name: np.zeros(len(options)) for name in ("caught", "trials", "sighted")},
        "surges": filled("surges", surges),
        "group_surges": np.array(surge_starts),
    }
    _lay_out_sights(layout)


def _fill_group(layout: Layout, row: Any, group: SmugglingGroup) -> None:
    """Fill in who a group is, and what acts on it."""
    development = layout.instruments.get("development")
    operations = layout.instruments.get("joint_operations")
    row["crime"] = group.crime
    row["origin"] = layout.sides[group.kind.origin]
    row["destination"] = layout.sides[group.kind.destination]
    row["home_segment"] = group.home.segment
    row["next_wanted"], row["experience"] = group.next_wanted, 1.0
    row["told"] = -1
    row["carriers"] = development is not None and development.acts_on(group)
    row["area"] = operations is not None and group in operations.groups


def _lay_out_sights(layout: Layout) -> None:
    """Room for what scouts saw, in as many shifts as may pass until groups know of it."""
    kinds, options = layout.columns["kinds"], len(layout.columns["option_segment"])
    lags = [kind["scout_lag"] for kind in kinds if kind["scouts"]]
    time = layout.scenario.time
    wait = min(max(lags, default=0.0), 24.0 * time.days)
    slots = int(wait / time.shift_hours) + 4 if lags else 1
    layout.columns |= {
        "sights": np.zeros((slots, options if lags else 1)),
        "sight_end": np.zeros(slots),
        "sight_hours": np.zeros(slots),
    }


def _kinds(layout: Layout) -> Any:
    """Give the rows of all kinds of groups."""
    rows = table("kinds", len(layout.scenario.groups))
    for row, kind in zip(rows, layout.scenario.groups, strict=True):
        _fill_kind(row, kind)
    return rows


def _fill_kind(row: Any, kind: Any) -> None:
    """Fill in the numbers of a kind of groups."""
    row["rate"] = kind.attempts_per_day / 24.0
    row["adversary"] = ADVERSARIES.get(kind.adversary, IN_PYTHON)
    row["sensitivity"] = {
        "suqr": 1.0,
        "prospect": kind.prospect.sensitivity,
        "level_k": kind.level_k.sensitivity,
    }.get(kind.adversary, kind.learning.sensitivity)
    row["phi"], row["rho"], row["delta"] = (
        kind.learning.phi,
        kind.learning.rho,
        kind.learning.delta,
    )
    row["loss"] = kind.loss
    row["retry"], row["retry_after"] = kind.retry, kind.retry_after_hours
    row["shares"], row["shares_after"] = kind.shares, 24.0 * kind.shares_after_days
    estimate = kind.estimate
    row["prior_risk"], row["prior_attempts"] = estimate.prior_risk, estimate.prior_attempts
    row["caught"] = estimate.caught
    row["keep"] = 0.5 ** (1.0 / estimate.memory_attempts)
    scouts = kind.scouts
    if scouts is not None:
        row["scouts"] = scouts.share_seen > 0.0
        row["share_seen"] = scouts.share_seen
        row["scout_lag"] = 24.0 * scouts.lag_days
        row["scout_memory"] = 24.0 * scouts.memory_days
        row["scout_weight"] = scouts.weight
    row["coverage"], row["reward"], row["penalty"] = (
        kind.suqr.coverage,
        kind.suqr.reward,
        kind.suqr.penalty,
    )
    theory = kind.prospect
    row["alpha"], row["beta"], row["aversion"] = theory.alpha, theory.beta, theory.loss_aversion
    row["gamma"], row["weight_delta"] = theory.gamma, theory.delta
    row["level"] = kind.level_k.level


def _options_of(group: SmugglingGroup) -> list[tuple[float, ...]]:
    """Give what a group chooses among: segment, cost, attraction, worth at home and prior risk."""
    adversary, count = group.adversary, len(group.options)
    priors = [group.kind.estimate.prior_risk] * count
    attractions, of_parts = [0.0] * count, [0.0] * DAYPARTS
    if isinstance(adversary, Static):
        attractions, of_parts = list(adversary.attractions), list(adversary.daypart_attractions)
    elif isinstance(adversary, LevelK):
        priors = list(adversary.spread)
    where = zip(group.options, group.costs, attractions, group.at_home, priors, strict=True)
    return [*where, *((-1, 0.0, attraction, 0.0, 0.0) for attraction in of_parts)]

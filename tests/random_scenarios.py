"""Random small scenarios for property tests: every instrument, inject and means there is."""

from math import ceil, floor
from pathlib import Path
from typing import Any, get_args

from hypothesis import strategies as st
from small_world import small_scenario
from star_world import star_scenario

from sim.agents.adversaries import ADVERSARIES
from sim.scenario import Scenario
from sim.scenario.catalogue import sections
from sim.scenario.policy import PolicyFile
from sim.scenario.schema import Category

KINDS = ["uniform", "rota", "posterior_mean", "thompson", "stackelberg"]


def _flat(tables: dict[str, Any]) -> dict[str, Any]:
    """Turn tables within a table into key paths."""
    flat: dict[str, Any] = {}
    for name, value in tables.items():
        if isinstance(value, dict):
            flat |= {f"{name}__{key}": each for key, each in value.items()}
        else:
            flat[name] = value
    return flat


policies = st.fixed_dictionaries(
    {
        "allocation__kind": st.sampled_from(KINDS),
        "allocation__deconflict": st.sampled_from(["expected", "strict"]),
    },
    optional={
        "sharing": st.fixed_dictionaries(
            {
                "interval_days": st.sampled_from([0, 0.5, 1, 3, "never"]),
                "plans": st.booleans(),
                "scope": st.sampled_from(["twins", "neighbours", "province", "all"]),
                "latency_hours": st.sampled_from([0.0, 0.3, 5.0]),
                "reliability": st.sampled_from([0.0, 0.7, 1.0]),
                "reports_per_day": st.sampled_from([1.0, 24.0]),
            }
        ),
        "twinning": st.just({"groups": "facing"}),
        "hotline": st.fixed_dictionaries(
            {
                "level": st.sampled_from(["post", "province", "national"]),
                "works": st.sampled_from([0.0, 0.5, 1.0]),
            }
        ),
        "joint_patrols": st.fixed_dictionaries(
            {
                "per_month": st.sampled_from([0.0, 10.0, 60.0]),
                "teams": st.integers(1, 2),
                "where": st.sampled_from(["rotate", "belief"]),
                "rearrange_days": st.sampled_from([0.0, 1.0]),
            }
        ),
        "schedules": st.fixed_dictionaries(
            {
                "kind": st.sampled_from(["none", "split", "antiphase", "complementary"]),
                "days_ahead": st.sampled_from([0.5, 1.0, 2.0]),
                "meeting_hours": st.sampled_from([0.0, 8.0]),
            }
        ),
        "markers": st.just({"surveys_per_year": 100.0}),
        "professional_exchanges": st.fixed_dictionaries(
            {
                "days_per_year": st.sampled_from([0.0, 100.0]),
                "topic": st.sampled_from(["all", "goods", "weapons"]),
            }
        ),
        "joint_operations": st.fixed_dictionaries(
            {
                "per_year": st.sampled_from([0.0, 40.0, 100.0]),
                "first_day": st.sampled_from([0.0, 1.3]),
                "days": st.sampled_from([1.0, 2.5]),
                "teams": st.integers(0, 3),
                "crimes": st.just(["goods"]),
                "storage_found": st.sampled_from([0.0, 0.5]),
                "storage_days": st.just(2.0),
            }
        ),
        "material_support": st.fixed_dictionaries(
            {
                "units_per_year": st.sampled_from([0.0, 150.0]),
                "kind": st.sampled_from(["mobility", "sensors", "patrols"]),
                "receiver": st.sampled_from(["each", "AAA"]),
                "units_per_patrol": st.just(1.0),
                "life_days": st.sampled_from([1.0, 700.0]),
            }
        ),
        "cultural_exchanges": st.just({"per_year": 100.0}),
        "friendship_exchanges": st.fixed_dictionaries(
            {
                "per_year": st.just(100.0),
                "level": st.sampled_from(["post", "province", "national"]),
            }
        ),
        "residential_twinning": st.fixed_dictionaries(
            {"pairs": st.integers(0, 4), "reports": st.sampled_from([0.0, 0.5])}
        ),
        "development": st.fixed_dictionaries(
            {"budget": st.sampled_from([0.0, 300.0]), "delay_days": st.just(1.0)}
        ),
        "health": st.fixed_dictionaries({"level": st.integers(0, 3)}),
        "multilateral": st.sampled_from(
            [{"members": []}, {"members": ["CCC"]}, {"members": ["CCC"], "joins": ["sharing"]}]
        ),
    },
).map(_flat)
"""Policies as overrides."""


days = st.sampled_from([0.0, 0.4, 1.0, 2.7])
injects = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("link_outage"), "day": days, "days": st.just(1.5)},
        optional={"instruments": st.sampled_from([["sharing"], ["hotline"]])},
    ),
    st.fixed_dictionaries({"kind": st.just("gate_closure"), "day": days, "days": st.just(2.0)}),
    st.fixed_dictionaries(
        {
            "kind": st.just("outbreak"),
            "day": days,
            "days": st.just(3.0),
            "side": st.sampled_from(["AAA", "BBB"]),
            "prevalence": st.just(0.2),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("tip"),
            "day": days,
            "crime": st.sampled_from(["goods", "drugs"]),
            "segment": st.integers(0, 5),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("surge"),
            "day": days,
            "days": st.just(1.3),
            "factor": st.sampled_from([0.0, 3.0]),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("loss_of_patrols"),
            "day": days,
            "days": st.just(1.0),
            "side": st.sampled_from(["AAA", "BBB"]),
            "patrols": st.integers(0, 9),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("policy_change"),
            "day": days,
            "set": st.sampled_from(
                [
                    {},
                    {"sharing.interval_days": 1},
                    {"schedules.kind": "split"},
                    {"joint_patrols.per_month": 0.0},
                    {"multilateral.members": ["CCC"]},
                    {"material_support.units_per_year": 10.0},
                ]
            ),
        }
    ),
)

forces = st.fixed_dictionaries(
    {
        "patrols__per_post": st.integers(0, 6),
        "patrols__duty_cycle_shifts": st.integers(1, 3),
        "patrols__beat_segments": st.integers(1, 3),
        "patrols__spacing": st.sampled_from(["independent", "even", "same"]),
        "patrols__phase": st.sampled_from(["each_shift", "continuous"]),
        "patrols__response_hours": st.sampled_from([0.0, 0.4]),
        "posts__sensors__fixed": st.integers(0, 2),
        "posts__sensors__mobile": st.integers(0, 2),
        "posts__aid__trigger_finds": st.integers(0, 2),
        "posts__aid__days": st.sampled_from([1.0, 2.2]),
        "posts__aid__mobilisation_hours": st.just([0.0, 3.0, 6.0, 12.0]),
        "community__reports": st.sampled_from([0.0, 0.3]),
        "world__marker_damage_per_year": st.just(20.0),
        "time__shift_hours": st.sampled_from([6.0, 8.0, 24.0]),
        "time__days": st.sampled_from([1.0, 3.5, 5.0]),
        "injects": st.lists(injects, max_size=3),
        "groups__0__adversary": st.sampled_from(sorted(ADVERSARIES)),
        "groups__1__adversary": st.sampled_from(sorted(ADVERSARIES)),
        "groups__0__retry": st.sampled_from([0.0, 0.5, 1.0]),
        "groups__0__retry_after_hours": st.sampled_from([0.0, 24.0]),
        "groups__0__shares": st.sampled_from([0.0, 0.5]),
        "groups__1__level_k__level": st.integers(0, 2),
        "groups__0__scouts__lag_days": st.sampled_from([0.0, 1.0]),
    }
)
"""Forces, sensors, aid, groups and what befalls them, as overrides."""

ends = st.sampled_from([0.0, 1.0])

details = st.fixed_dictionaries(
    {},
    optional={
        "allocation__rota_irregular": st.just(True),
        "allocation__rota_days": st.sampled_from([0.3, 4.0]),
        "groups__0__count": st.integers(1, 6),
        "groups__0__attempts_per_day": st.sampled_from([0.1, 5.0, 20.0]),
        "groups__0__reach_segments": st.integers(1, 6),
        "groups__0__cost_per_hour": st.sampled_from([0.0, 0.2]),
        "groups__0__level_k__level": st.integers(0, 2),
        "groups__0__learning__delta": ends,
        "groups__0__learning__rho": st.sampled_from([0.0, 0.5]),
        "groups__0__estimate__prior_risk": st.sampled_from([0.0, 0.5, 1.0]),
        "groups__0__scouts__weight": st.sampled_from([0.0, 3.0]),
        "groups__0__scouts__memory_days": st.sampled_from([0.3, 10.0]),
        "groups__0__shares_after_days": st.sampled_from([0.0, 0.5, 2.0]),
        "groups__1__shares": st.sampled_from([0.5, 1.0]),
        "groups__1__retry": st.sampled_from([0.5, 1.0]),
        "groups__1__retry_after_hours": st.sampled_from([0.0, 7.0]),
        "groups__1__scouts__share_seen": st.sampled_from([0.0, 0.5, 1.0]),
        "groups__1__scouts__lag_days": st.sampled_from([0.0, 0.7, 2.0]),
        "groups__1__learning__phi": st.just(1.0),
        "posts__sector_km": st.sampled_from([10.0, 25.0, 60.0]),
        "posts__reaction_hours": st.sampled_from([0.0, 3.0]),
        "posts__sensors__range_km": st.sampled_from([0.0, 30.0]),
        "posts__sensors__move_days": st.sampled_from([0.3, 1.0]),
        "posts__aid__teams": st.integers(0, 6),
        "posts__trust__half_life_days": st.just(0.5),
        "posts__trust__gain": ends,
        "posts__trust__loss": ends,
        "posts__trust__alert_weight": ends,
        "posts__belief__half_life_days": st.just(0.5),
        "posts__belief__prior_days": st.just(0.1),
        "patrols__per_post": st.sampled_from([{"AAA": 0, "BBB": 5}, {"AAA": 1, "BBB": 2}]),
        "patrols__duty_cycle_shifts": st.integers(4, 6),
        "patrols__detection": ends,
        "patrols__night_penalty": ends,
        "patrols__sweep_km": st.sampled_from([0.0, 5.0]),
        "patrols__interception": ends,
        "patrols__processing_hours": st.sampled_from([0.0, 40.0]),
        "crimes__goods__exposure_hours": st.sampled_from([0.0, 6.0, 20.0]),
        "crimes__irregular__exposure_hours": st.sampled_from([0.0, 9.0]),
        "world__wet_days": st.sampled_from([[0.0] * 12, [1.0] * 12]),
        "world__vehicle_kmh": st.sampled_from([2.0, 1e9]),
        "world__carrier_kmh": st.sampled_from([1.0, 30.0]),
        "world__settlement_depth_km": st.sampled_from([0.0, 30.0]),
        "world__marker_inspection": ends,
        "world__marker_repair_days": st.just(0.2),
        "community__lawful_per_segment": st.sampled_from([0.0, 100.0, 10_000.0]),
        "community__lawful_exposure_hours": st.sampled_from([0.0, 10.0]),
        "community__false_stop": ends,
        "community__learned_later": ends,
        "community__learned_later_days": st.just(0.2),
        "community__misplaced": ends,
        "community__goodwill_per_stop": st.sampled_from([0.0, 2.0]),
        "infection__notice_days": st.sampled_from([0.0, 1.0]),
        "infection__screened": ends,
        "time__shift_hours": st.sampled_from([4.0, 5.0, 7.0, 12.0, 36.0]),
        "time__start_month": st.integers(1, 12),
    },
)
"""What else may be otherwise in a world, its forces and its groups, as overrides."""

doses = st.fixed_dictionaries(
    {},
    optional={
        "sharing__interval_days": st.sampled_from([0, 0.25]),
        "sharing__report_hours": st.sampled_from([0.0, 2.0]),
        "sharing__plan_half_life_days": st.just(0.1),
        "sharing__categories": st.lists(st.sampled_from(get_args(Category)), unique=True),
        "twinning__groups": st.just("none"),
        "twinning__exclusive": st.booleans(),
        "hotline__minutes": st.sampled_from([0.0, 60.0, 400.0]),
        "hotline__call_hours": st.just(3.0),
        "joint_patrols__teams": st.just(4),
        "joint_patrols__per_month": st.just(200.0),
        "joint_patrols__preparation_hours": st.sampled_from([0.0, 20.0]),
        "schedules__days_ahead": st.sampled_from([0.25, 3.0, 30.0]),
        "schedules__meeting_days": st.sampled_from([0.5, 2.0]),
        "markers__found": ends,
        "professional_exchanges__learned": ends,
        "professional_exchanges__half_life_days": st.just(0.5),
        "professional_exchanges__most": st.sampled_from([0.0, 3.0]),
        "professional_exchanges__hours_per_day": st.just(40.0),
        "joint_operations__focus": st.just(5.0),
        "joint_operations__preparation_hours": st.just(30.0),
        "material_support__speed_gain": st.just(2.0),
        "material_support__units_per_sensor": st.sampled_from([0.5, 3.0]),
        "material_support__units_per_patrol": st.sampled_from([0.5, 2.0]),
        "material_support__handover_hours": st.just(20.0),
        "cultural_exchanges__trust_gain": ends,
        "cultural_exchanges__hours_each": st.just(30.0),
        "friendship_exchanges__hours_each": st.just(30.0),
        "residential_twinning__meetings_per_year": st.just(100.0),
        "development__most": ends,
        "health__gate_screened": ends,
        "health__post_screened": ends,
        "health__hours_per_day": st.just(20.0),
    },
)
"""Doses at their ends, as overrides of tables that a policy has."""


def _numbers() -> dict[str, st.SearchStrategy[float]]:
    """Give what each number that is assumed can be, by its key path; all groups have the same."""
    found: dict[str, st.SearchStrategy[float]] = {}
    for section in sections():
        for each in section.parameters:
            key = each.key.replace("groups.N.", "groups.*.")
            several = any(part in ("N", "NAME", "SIDE") for part in key.split("."))
            if each.assumed is None or several or " of: " in each.allowed or key == "time.days":
                continue
            low, high = each.assumed
            number = st.integers(ceil(low), floor(high)) if each.is_count else st.floats(low, high)
            found[key.replace(".", "__")] = number
    return found


_NUMBERS = _numbers()

numbers = st.lists(st.sampled_from(sorted(_NUMBERS)), max_size=8, unique=True).flatmap(
    lambda keys: st.fixed_dictionaries({key: _NUMBERS[key] for key in keys})
)
"""Some of the numbers that are assumed, anywhere in their ranges, as overrides."""


def of_tables_in(policy: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """Give those overrides that are of a scenario, or of tables in a policy."""
    lacking = {*PolicyFile.model_fields} - {key.partition("__")[0] for key in policy}
    return {key: value for key, value in overrides.items() if key.partition("__")[0] not in lacking}


worlds = st.sampled_from(["line", "star"])
seeds = st.integers(0, 2**40)


def scenario_of(home: Path, world: str, *changes: dict[str, Any]) -> Scenario:
    """Load a small world of two or three sides, with overrides."""
    overrides: dict[str, Any] = {}
    for each in changes:
        overrides |= each
    if world == "line":
        return small_scenario(home / "line", **overrides)
    return star_scenario(home / "star", segments=(3, 3, 3), **overrides)

"""What the scenario and its policy set."""

import numpy as np

from sim.coordination.aid import joins_commands
from sim.engine.compiled.columns import table
from sim.engine.compiled.layout.layout import Layout
from sim.engine.compiled.meetings import UNIT_KINDS
from sim.engine.compiled.scheduling import SCHEDULE_KINDS
from sim.engine.compiled.walking import SPACINGS
from sim.engine.surroundings import ENDINGS_OF_MONTHS
from sim.rules.belief import keep_share

_AGES = 128
"""Ages of plans, in shifts, for which the probability that they hold is laid out."""

_DUE_FOR_AN_ATTEMPT, _DUE_IN_A_SLOT = 5.0, 16.0
"""Things that fall due for each attempt that is wanted, roughly, and as many as a slot is for."""


def lay_out_settings(layout: Layout) -> None:
    """What the scenario and the policy set."""
    row = table("settings", 1)
    for name, value in {**_scenario_settings(layout), **_policy_settings(layout)}.items():
        row[name] = value
    layout.columns["settings"] = row
    layout.columns["run"]["next_report"] += row["interval"]
    layout.columns["slots"] = np.full(int(row["end"][0] * row["slots_per_hour"][0]) + 1, -1)
    ages = np.arange(_AGES) * row["shift_hours"]
    layout.columns["validity"] = np.array(
        [keep_share(age, float(row["plan_half_life"][0])) for age in ages.tolist()]
    )


def _scenario_settings(layout: Layout) -> dict[str, float]:
    scenario = layout.scenario
    patrols, posts, world = scenario.patrols, scenario.posts, scenario.world
    community, trust = scenario.community, posts.trust
    before = (0, *ENDINGS_OF_MONTHS)[scenario.time.start_month - 1]
    return {
        "detection": patrols.detection,
        "night_penalty": patrols.night_penalty,
        "interception": patrols.interception,
        "response_hours": patrols.response_hours,
        "processing_hours": patrols.processing_hours,
        "duty_cycle": patrols.duty_cycle_shifts,
        "phase_continuous": patrols.phase == "continuous",
        "spacing": SPACINGS[patrols.spacing],
        "prior_alpha": posts.belief.prior_rate_per_day * posts.belief.prior_days,
        "prior_beta": posts.belief.prior_days,
        "belief_half_life": 24.0 * posts.belief.half_life_days,
        "trust_start": trust.start,
        "trust_gain": trust.gain,
        "trust_loss": trust.loss,
        "trust_kept": trust.kept,
        "trust_missed": trust.missed,
        "trust_handover": trust.handover,
        "alert_weight": trust.alert_weight,
        "trust_half_life": 24.0 * trust.half_life_days,
        "reaction_hours": posts.reaction_hours,
        "vehicle_kmh": world.vehicle_kmh,
        "sensor_range": posts.sensors.range_km,
        "sensor_detection": posts.sensors.detection,
        "sensor_hours": 24.0 * posts.sensors.move_days,
        "aid_trigger": posts.aid.trigger_finds,
        "aid_hours": 24.0 * posts.aid.days,
        "aid_teams": posts.aid.teams,
        "shift_hours": scenario.time.shift_hours,
        "end": 24.0 * scenario.time.days,
        "start_day": before,
        "dusk": world.dusk_hour,
        "dawn": world.dawn_hour,
        "wet_slowdown": world.wet_slowdown,
        "markers_per_km": world.markers_per_km,
        "marker_damage": world.marker_damage_per_year,
        "marker_inspection": world.marker_inspection,
        "marker_repair_hours": 24.0 * world.marker_repair_days,
        "lawful_per_segment": community.lawful_per_segment,
        "lawful_exposure": community.lawful_exposure_hours,
        "false_stop": community.false_stop,
        "gate_check": community.gate_check,
        "learned_later": community.learned_later,
        "learned_later_hours": 24.0 * community.learned_later_days,
        "misplaced": community.misplaced,
        "reports": community.reports,
        "goodwill_per_stop": community.goodwill_per_stop,
        "notice": 24.0 * scenario.infection.notice_days,
        "screened": scenario.infection.screened,
        "aid_by_hotline": _joins_commands(layout, "hotline"),
        "aid_by_reports": _joins_commands(layout, "sharing"),
        "slots_per_hour": _slots_per_hour(layout),
        "scouting": bool(layout.columns["kinds"]["scouts"].any()),
    }


def _joins_commands(layout: Layout, name: str) -> bool:
    """Whether an instrument is on and lets commands above the posts speak to each other."""
    return name in layout.instruments and joins_commands(layout.instruments[name])


def _slots_per_hour(layout: Layout) -> float:
    """Slots of time that are short enough for few things to fall due in each."""
    kinds, length = layout.columns["kinds"], layout.scenario.time.shift_hours
    things = _DUE_FOR_AN_ATTEMPT * float((kinds["rate"] * kinds["n_groups"]).sum())
    return max(1.0 / length, things / _DUE_IN_A_SLOT)


def _policy_settings(layout: Layout) -> dict[str, float]:
    policy, on = layout.policy, layout.instruments
    settings: dict[str, float] = {
        "deconflict": policy.allocation.deconflict == "strict",
        "rota_days": policy.allocation.rota_days,
        "rota_irregular": policy.allocation.rota_irregular,
        "plan_half_life": 24.0,
    }
    sharing, hotline, joint = policy.sharing, policy.hotline, policy.joint_patrols
    if "sharing" in on and sharing is not None and sharing.interval_days != "never":
        settings |= {
            "plan_half_life": 24.0 * sharing.plan_half_life_days,
            "sharing": True,
            "at_once": sharing.interval_days == 0.0,
            "plans": sharing.plans,
            "interval": sharing.interval_hours,
            "latency": sharing.latency_hours,
            "reliability": sharing.reliability,
            "reports_per_day": sharing.reports_per_day,
            "report_hours": sharing.report_hours,
            "of_markers": "line_and_markers" in sharing.categories,
            "of_area": "area_situation" in sharing.categories,
        }
    if "hotline" in on and hotline is not None:
        settings |= {
            "hotline": True,
            "works": hotline.works,
            "call_minutes": hotline.minutes,
            "call_hours": hotline.call_hours,
        }
    if "joint_patrols" in on and joint is not None:
        settings |= {
            "joint_patrols": True,
            "joint_gap": on["joint_patrols"].gap,
            "joint_teams": joint.teams,
            "joint_preparation": joint.preparation_hours,
            "joint_by_belief": joint.where == "belief",
            "joint_rearrange": 24.0 * joint.rearrange_days,
        }
    schedules, markers = policy.schedules, policy.markers
    if "schedules" in on and schedules is not None:
        settings |= {
            "schedules": SCHEDULE_KINDS[schedules.kind],
            "schedule_period": on["schedules"].period_hours,
            "schedule_shifts": layout.shifts_ahead,
            "schedule_hours": schedules.meeting_hours,
        }
    if "markers" in on and markers is not None:
        settings |= {
            "surveys_per_year": markers.surveys_per_year,
            "survey_found": markers.found,
        }
    return settings | _settings_of_exchanges(layout) | _settings_of_support(layout)


def _settings_of_exchanges(layout: Layout) -> dict[str, float]:
    policy, on, crimes = layout.policy, layout.instruments, layout.stage.crimes
    settings: dict[str, float] = {}
    lessons = policy.professional_exchanges
    if "professional_exchanges" in on and lessons is not None:
        topic = -2
        if lessons.topic == "all":
            topic = -1
        elif lessons.topic in crimes:
            topic = crimes.index(lessons.topic)
        settings |= {
            "lessons_per_year": lessons.days_per_year,
            "lesson_topic": topic,
            "learned": lessons.learned,
            "skill_most": lessons.most,
            "skill_half_life": 24.0 * lessons.half_life_days,
            "lesson_hours": lessons.hours_per_day,
        }
    culture, friendship = policy.cultural_exchanges, policy.friendship_exchanges
    if "cultural_exchanges" in on and culture is not None:
        settings |= {
            "culture_per_year": culture.per_year,
            "culture_gain": culture.trust_gain,
            "culture_hours": culture.hours_each,
        }
    if "friendship_exchanges" in on and friendship is not None:
        settings |= {
            "friendship_per_year": friendship.per_year,
            "friendship_gain": friendship.gain,
            "friendship_hours": friendship.hours_each,
        }
    villages = policy.residential_twinning
    if "residential_twinning" in on and villages is not None:
        settings |= {
            "villages_per_year": villages.meetings_per_year,
            "village_hours": villages.meeting_hours,
        }
    return settings


def _settings_of_support(layout: Layout) -> dict[str, float]:
    policy, on = layout.policy, layout.instruments
    settings: dict[str, float] = {}
    operations, support = policy.joint_operations, policy.material_support
    if "joint_operations" in on and operations is not None:
        settings |= {
            "operations": True,
            "operation_gap": on["joint_operations"].gap,
            "operation_first": 24.0 * operations.first_day,
            "operation_hours": 24.0 * operations.days,
            "operation_days": operations.days,
            "operation_teams": operations.teams,
            "operation_focus": operations.focus,
            "storage_found": operations.storage_found,
            "storage_hours": 24.0 * operations.storage_days,
            "operation_preparation": operations.preparation_hours,
        }
        for post in on["joint_operations"].posts:
            layout.columns["posts"][post.number]["in_area"] = 1
    if "material_support" in on and support is not None:
        settings |= {
            "units_per_year": support.units_per_year,
            "unit_kind": UNIT_KINDS[support.kind],
            "speed_gain": support.speed_gain,
            "units_per_sensor": support.units_per_sensor,
            "units_per_patrol": support.units_per_patrol,
            "unit_life": 24.0 * support.life_days,
            "unit_hours": support.handover_hours,
        }
    development, health = on.get("development"), policy.health
    if development is not None and policy.development is not None:
        settings |= {
            "development": True,
            "carriers_lacking": development.effect,
            "carriers_delay": 24.0 * policy.development.delay_days,
        }
    if "health" in on and health is not None:
        settings |= {
            "health_level": health.level,
            "gate_screened": health.gate_screened,
            "post_screened": health.post_screened,
            "health_hours": health.hours_per_day,
        }
    return settings

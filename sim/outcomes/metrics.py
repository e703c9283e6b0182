"""Outcomes from the event log: the truth, and apart from it what each side would record."""

from math import fsum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.agents import Stage
from sim.agents.attempt import group_of
from sim.engine import BorderModel, Kind

Columns = dict[str, NDArray[Any]]

CAUGHT = (Kind.INTERCEPTED, Kind.HANDED_OVER, Kind.INTERCEPTED_JOINTLY)
ENDINGS = (Kind.PASSED, *CAUGHT)
"""The kinds of event that end an attempt that was made; each has exactly one in the end."""

ATTEMPT_KINDS = (
    Kind.WANTED,
    Kind.RETRIED,
    Kind.STARTED,
    Kind.DETECTED,
    Kind.ALERTED,
    *ENDINGS,
    Kind.TURNED_BACK,
    Kind.COMMUNITY_REPORT,
    Kind.LEARNED_LATER,
)


def ratio(part: float, whole: float) -> float:
    """Divide; 0 where there is nothing to divide by."""
    return float(part) / float(whole) if whole else 0.0


def truth_of(model: BorderModel, columns: Columns) -> dict[str, float]:
    """Give the outcomes of a run as they truly were.

    Parameters
    ----------
    model : the model, as far as it has run
    columns : its event log

    Returns
    -------
    Every name in `MEASURES`, counts as whole numbers.
    """
    count = _counter(model, columns)
    attempts = count("all", *ENDINGS)
    seizable = count("crime", *ENDINGS)
    people = count("people", *ENDINGS)
    intercepted = count("crime", *CAUGHT)
    referred = count("people", *CAUGHT)
    ended = np.isin(columns["kind"], ENDINGS)
    found = np.unique(columns["attempt"][columns["kind"] == Kind.DETECTED])
    detected = int(np.isin(columns["attempt"][ended], found).sum())
    passed = columns["kind"] == Kind.PASSED
    turned_back = columns["kind"] == Kind.TURNED_BACK
    harm = float(columns["value"][ended | turned_back].sum())
    harm_passed = float(columns["value"][passed].sum())
    records = records_of(model, columns)
    cases = sum(record["recorded_cases"] for record in records.values())
    tally, community = model.tally, model.stage.scenario.community
    delay = tally.false_stops * community.stop_hours
    delay += tally.gate_checks * community.gate_check_hours
    return {
        "wanted": count("all", Kind.WANTED),
        "turned_back": count("all", Kind.TURNED_BACK),
        "retried": count("all", Kind.RETRIED),
        "attempts": attempts,
        "under_way": len(model.crossings.under_way),
        "detected": detected,
        "intercepted": intercepted,
        "intercepted_own_side": count("crime", Kind.INTERCEPTED),
        "intercepted_jointly": count("all", Kind.INTERCEPTED_JOINTLY),
        "handovers": count("all", Kind.HANDED_OVER),
        "met_and_referred": referred,
        "undetected": attempts - detected,
        "passed": count("all", Kind.PASSED),
        "interdiction_rate": ratio(intercepted, seizable),
        "recorded_interdiction_rate": ratio(
            sum(record["intercepted"] for record in records.values()),
            sum(record["recorded_crimes"] for record in records.values()),
        ),
        "referral_rate": ratio(referred, people),
        "detection_rate": ratio(detected, attempts),
        "value_passed": harm_passed,
        "harm_prevented_share": ratio(harm - harm_passed, harm),
        "displaced_share": ratio(len(tally.displaced_km), attempts),
        "displacement_km": ratio(fsum(tally.displaced_km), attempts),
        "recorded_cases": cases,
        "hours_to_intercept": ratio(tally.hours_to_catch, tally.caught),
        "hours_to_answer": _hours_to_answer(columns),
        "community_reports": count("all", Kind.COMMUNITY_REPORT),
        "storage_found": count("all", Kind.STORAGE_FOUND),
        "alerts": count("all", Kind.ALERTED),
        "false_stops": tally.false_stops,
        "lawful_crossings": tally.lawful,
        "false_stops_per_1000": 1000.0 * ratio(tally.false_stops, tally.lawful),
        "delay_hours": delay,
        "mean_information_age_days": ratio(tally.picture_age_hours, tally.pictures) / 24.0,
        **_messages(model, columns),
        "patrol_hours": tally.patrol_hours,
        "coordination_hours": tally.coordination_hours,
        "coordination_money": fsum(
            each["money"] for costs in costs_of(model).values() for each in costs.values()
        ),
        "coordination_share": ratio(tally.coordination_hours, tally.patrol_hours),
        "duplicated_hours": tally.doubled_hours,
        "doubly_covered": ratio(tally.covered_twice, tally.shifts),
        "uncovered": ratio(tally.uncovered, tally.shifts),
        "plans_valid_share": ratio(tally.plans_valid, tally.plans_known),
        "mean_trust": _mean_trust(model),
        "joint_patrols": count("all", Kind.JOINT_PATROL),
        "appointments_missed": count("all", Kind.APPOINTMENT_MISSED),
        "marker_backlog": len(model.markers.open),
        "markers_repaired": model.markers.repaired,
        "days_to_repair": ratio(model.markers.days_to_repair, model.markers.repaired),
        "imported_cases": sum(model.infection.imported.values()),
        **_balances(model, columns),
    }


def costs_of(model: BorderModel) -> dict[str, dict[str, dict[str, float]]]:
    """Give what each instrument took, by its table in the policy and by side.

    Returns
    -------
    By instrument and side: hours (patrol time that it asked for) and money (units).
    """
    costs: dict[str, dict[str, dict[str, float]]] = {}
    for instrument in [*model.ended, *model.instruments]:
        money = instrument.money_by_side()
        by_side = costs.setdefault(
            instrument.name, {side: {"hours": 0.0, "money": 0.0} for side in model.side_index}
        )
        for side, cost in by_side.items():
            cost["hours"] += instrument.hours[side]
            cost["money"] += money.get(side, 0.0)
    return costs


def sides_of(model: BorderModel, columns: Columns) -> dict[str, dict[str, float]]:
    """Give burden and benefit of each side, as they truly were.

    Returns
    -------
    By side: patrol_hours, coordination_hours, coordination_money, false_stops, harm_bound (harm of
    the attempts bound for it), harm_prevented_share, intercepted and met_and_referred (joint ones
    on each side), imported_cases.
    """
    costs = costs_of(model).values()
    ledgers = records_of(model, columns)
    bound = _harm_by_destination(model, columns, (*ENDINGS, Kind.TURNED_BACK))
    passed = _harm_by_destination(model, columns, (Kind.PASSED,))
    return {
        side: {
            "patrol_hours": model.tally.duty_hours[side],
            "coordination_hours": model.tally.taken_hours[side],
            "coordination_money": fsum(cost[side]["money"] for cost in costs),
            "false_stops": model.tally.stops[side],
            "intercepted": ledgers[side]["intercepted"],
            "met_and_referred": ledgers[side]["met_and_referred"],
            "harm_bound": bound[side],
            "harm_prevented_share": ratio(bound[side] - passed[side], bound[side]),
            "imported_cases": model.infection.imported[side],
        }
        for side in model.side_index
    }


def _harm_by_destination(
    model: BorderModel, columns: Columns, kinds: tuple[Kind, ...]
) -> dict[str, float]:
    """Harm of the attempts with some endings, by the side they were bound for."""
    ended = np.isin(columns["kind"], kinds)
    harm = dict.fromkeys(model.side_index, 0.0)
    for attempt, value in zip(
        columns["attempt"][ended].tolist(), columns["value"][ended].tolist(), strict=True
    ):
        group = model.groups_by_number[group_of(attempt)]
        harm[group.kind.destination] += value
    return harm


def _balances(model: BorderModel, columns: Columns) -> dict[str, float]:
    """How evenly burden and benefit fall; 1 is even, 0 means that one side has nothing of it."""
    sides = sides_of(model, columns).values()
    taken = [side["coordination_hours"] for side in sides]
    spared = [side["harm_prevented_share"] for side in sides if side["harm_bound"]]
    return {
        "burden_balance": ratio(min(taken), max(taken)) if any(taken) else 1.0,
        "benefit_balance": ratio(min(spared), max(spared)) if any(spared) else 1.0,
    }


def _hours_to_answer(columns: Columns) -> float:
    """Mean time from an alert to the handover by the post alerted, h; 0 if there was none."""
    keys = list(zip(columns["attempt"].tolist(), columns["post"].tolist(), strict=True))
    times = columns["time"].tolist()
    alerted = {
        keys[row]: times[row] for row in np.flatnonzero(columns["kind"] == Kind.ALERTED).tolist()
    }
    handed = np.flatnonzero(columns["kind"] == Kind.HANDED_OVER).tolist()
    waits = [times[row] - alerted[keys[row]] for row in handed]
    return ratio(fsum(waits), len(waits))


def records_of(model: BorderModel, columns: Columns) -> dict[str, dict[str, float]]:
    """Give what each side's own ledger shows.

    A side records what its posts detected, what was handed to it, and what it learned of later; it
    knows nothing of the rest, and a crossing that both sides detected is in both ledgers.

    Returns
    -------
    By side: detected, intercepted, handovers, met_and_referred, learned_later, recorded_cases,
    recorded_crimes (the same without irregular crossings), recorded_interdiction_rate.
    """
    referred = _referred(model)[columns["crime"]]
    ledgers = {}
    for side, index in model.side_index.items():
        own = columns["side"] == index
        on_line = np.array([*(side in each.sides for each in model.stage.world.segments), False])

        def mine(*kinds: Kind, own: NDArray[np.bool_] = own) -> NDArray[np.bool_]:
            return own & np.isin(columns["kind"], kinds)

        # What a joint patrol does goes into the books of both sides of the line.
        jointly = (columns["kind"] == Kind.INTERCEPTED_JOINTLY) & on_line[columns["segment"]]
        caught = mine(*CAUGHT) | jointly
        known = mine(Kind.DETECTED, *CAUGHT) | jointly
        later = mine(Kind.LEARNED_LATER)
        cases = len(np.unique(columns["attempt"][known])) + int(later.sum())
        crimes = len(np.unique(columns["attempt"][known & ~referred]))
        crimes += int((later & ~referred).sum())
        intercepted = int((caught & ~referred).sum())
        ledgers[side] = {
            "detected": len(np.unique(columns["attempt"][mine(Kind.DETECTED)])),
            "intercepted": intercepted,
            "handovers": int(mine(Kind.HANDED_OVER).sum()),
            "met_and_referred": int((caught & referred).sum()),
            "learned_later": int(later.sum()),
            "recorded_cases": cases,
            "recorded_crimes": crimes,
            "recorded_interdiction_rate": ratio(intercepted, crimes),
        }
    return ledgers


def daily_series(stage: Stage, columns: Columns) -> pd.DataFrame:
    """Count events by day, side, province and crime type.

    Returns
    -------
    One row for each combination that occurs: day (0 for the first), side (that acted, or that the
    attempt was bound for), province (of that side), crime, and a count of each kind of event.
    """
    world = stage.world
    known = (columns["segment"] >= 0) & (columns["side"] >= 0) & (columns["crime"] >= 0)
    sides = columns["side"][known]
    segments = columns["segment"][known]
    provinces = [
        world.segments[segment].province_of(world.sides[side])
        for segment, side in zip(segments, sides, strict=True)
    ]
    frame = pd.DataFrame(
        {
            "day": (columns["time"][known] // 24.0).astype(int),
            "side": [world.sides[side] for side in sides],
            "province": provinces,
            "crime": [stage.crimes[crime] for crime in columns["crime"][known]],
            "kind": [Kind(kind).name.lower() for kind in columns["kind"][known]],
        }
    )
    keys = ["day", "side", "province", "crime"]
    counts = frame.groupby([*keys, "kind"]).size().unstack("kind", fill_value=0)
    kinds = [kind.name.lower() for kind in ATTEMPT_KINDS]
    return counts.reindex(columns=kinds, fill_value=0).reset_index().rename_axis(columns=None)


def _referred(model: BorderModel) -> NDArray[np.bool_]:
    """Whether people of each crime type are referred; a last entry stands for no type at all."""
    stage = model.stage
    return np.array([*(stage.crime(k).referred for k in range(len(stage.crimes))), False])


def _counter(model: BorderModel, columns: Columns) -> Any:
    """Make a function that counts events of some kinds among all, crimes or people."""
    referred = _referred(model)[columns["crime"]]
    among = {"all": np.ones_like(referred), "crime": ~referred, "people": referred}

    def count(which: str, *kinds: Kind) -> int:
        return int((among[which] & np.isin(columns["kind"], kinds)).sum())

    return count


def _messages(model: BorderModel, columns: Columns) -> dict[str, float]:
    """Count messages across the line by what became of them."""
    sent, read, lost = (
        int((columns["kind"] == kind).sum())
        for kind in (Kind.REPORT_SENT, Kind.REPORT_READ, Kind.REPORT_LOST)
    )
    return {
        "reports_sent": sent,
        "reports_read": read,
        "reports_lost": lost,
        "reports_acted_on_share": ratio(read, sent),
        "reports_waiting": sent - read - lost,
    }


def _mean_trust(model: BorderModel) -> float:
    """Trust of each post in those who face it, on average."""
    world = model.stage.world
    values = [
        post.partners.trust_in(partner)
        for post in model.posts_by_number
        for partner in world.facing[post.number]
    ]
    return ratio(fsum(values), len(values))

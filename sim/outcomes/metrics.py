"""Outcomes from the event log: the truth, and apart from it what each side would record."""

from functools import cached_property
from math import fsum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.agents import Cause, Stage
from sim.agents.attempt import group_of
from sim.engine import BorderModel, Columns, Kind
from sim.outcomes.counts import CAUGHT, ENDINGS, Counts, Fates
from sim.outcomes.measures import measure_of

if TYPE_CHECKING:
    import pandas as pd

BySide = dict[str, dict[str, float]]

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


class Accounts:
    """What a run comes to, each part worked out once.

    Parameters
    ----------
    model : the model, as far as it has run
    columns : its event log

    Attributes
    ----------
    counts, fates : what was read off the log
    """

    def __init__(self, model: BorderModel, columns: Columns) -> None:
        self.model = model
        self.columns = columns
        self.counts = Counts(model.stage, columns)
        self.fates = Fates(model.stage, columns)

    @cached_property
    def truth(self) -> dict[str, float]:
        """The outcomes as they truly were: every name in `MEASURES`, counts as whole numbers."""
        model, count, fates = self.model, self.counts.of, self.fates
        attempts = count(*ENDINGS)
        intercepted = count(*CAUGHT, referred=False)
        referred = count(*CAUGHT, referred=True)
        detected = int((fates.befell(fates.detected) & fates.ended).sum())
        harm = float(fates.value[fates.ended | fates.turned_back].sum())
        harm_passed = float(fates.value[fates.passed].sum())
        tally, community = model.tally, model.stage.scenario.community
        world = model.stage.world
        displaced_km = (each * world.km_between(*way) for way, each in tally.displaced.items())
        delay = tally.false_stops * community.stop_hours
        delay += tally.gate_checks * community.gate_check_hours
        return {
            "wanted": count(Kind.WANTED),
            "turned_back": count(Kind.TURNED_BACK),
            "retried": count(Kind.RETRIED),
            "attempts": attempts,
            "under_way": len(model.crossings.under_way),
            "detected": detected,
            "intercepted": intercepted,
            "intercepted_own_side": count(Kind.INTERCEPTED, referred=False),
            "intercepted_jointly": count(Kind.INTERCEPTED_JOINTLY),
            "handovers": count(Kind.HANDED_OVER),
            "met_and_referred": referred,
            "undetected": attempts - detected,
            "passed": count(Kind.PASSED),
            **{
                measure_of(cause): ratio(tally.missed[cause], count(Kind.WANTED)) for cause in Cause
            },
            "interdiction_rate": ratio(intercepted, count(*ENDINGS, referred=False)),
            "recorded_interdiction_rate": ratio(
                sum(record["intercepted"] for record in self.records.values()),
                sum(record["recorded_crimes"] for record in self.records.values()),
            ),
            "referral_rate": ratio(referred, count(*ENDINGS, referred=True)),
            "detection_rate": ratio(detected, attempts),
            "value_passed": harm_passed,
            "harm_prevented_share": ratio(harm - harm_passed, harm),
            "displaced_share": ratio(tally.displaced.total(), attempts),
            "displacement_km": ratio(fsum(displaced_km), attempts),
            "recorded_cases": sum(record["recorded_cases"] for record in self.records.values()),
            "hours_to_intercept": ratio(tally.hours_to_catch, tally.caught),
            "hours_to_answer": _hours_to_answer(self.columns),
            "community_reports": count(Kind.COMMUNITY_REPORT),
            "storage_found": count(Kind.STORAGE_FOUND),
            "alerts": count(Kind.ALERTED),
            "false_stops": tally.false_stops,
            "lawful_crossings": tally.lawful,
            "false_stops_per_1000": 1000.0 * ratio(tally.false_stops, tally.lawful),
            "delay_hours": delay,
            "mean_information_age_days": ratio(tally.picture_age_hours, tally.pictures) / 24.0,
            **_messages(self.counts),
            "patrol_hours": tally.patrol_hours,
            "coordination_hours": tally.coordination_hours,
            "coordination_money": fsum(
                each["money"] for costs in self.costs.values() for each in costs.values()
            ),
            "coordination_share": ratio(tally.coordination_hours, tally.patrol_hours),
            "duplicated_hours": tally.doubled_hours,
            "doubly_covered": ratio(tally.covered_twice, tally.shifts),
            "uncovered": ratio(tally.uncovered, tally.shifts),
            "plans_valid_share": ratio(tally.plans_valid, tally.plans_known),
            "mean_trust": _mean_trust(model),
            "joint_patrols": count(Kind.JOINT_PATROL),
            "appointments_missed": count(Kind.APPOINTMENT_MISSED),
            "marker_backlog": len(model.markers.open),
            "markers_repaired": model.markers.repaired,
            "days_to_repair": ratio(model.markers.days_to_repair, model.markers.repaired),
            "imported_cases": sum(model.infection.imported.values()),
            **_balances(self.sides),
        }

    @cached_property
    def costs(self) -> dict[str, BySide]:
        """What each instrument took, by its table in the policy and by side."""
        return costs_of(self.model)

    @cached_property
    def sides(self) -> BySide:
        """Burden and benefit of each side, as they truly were.

        By side: patrol_hours, coordination_hours, coordination_money, false_stops, harm_bound (harm
        of the attempts bound for it), harm_prevented_share, intercepted and met_and_referred (joint
        ones on each side), imported_cases.
        """
        tally, imported, fates = self.model.tally, self.model.infection.imported, self.fates
        bound = _harm_by_destination(self.model.stage, fates, fates.ended | fates.turned_back)
        passed = _harm_by_destination(self.model.stage, fates, fates.passed)
        return {
            side: {
                "patrol_hours": tally.duty_hours[side],
                "coordination_hours": tally.taken_hours[side],
                "coordination_money": fsum(cost[side]["money"] for cost in self.costs.values()),
                "false_stops": tally.stops[side],
                "intercepted": record["intercepted"],
                "met_and_referred": record["met_and_referred"],
                "harm_bound": bound[side],
                "harm_prevented_share": ratio(bound[side] - passed[side], bound[side]),
                "imported_cases": imported[side],
            }
            for side, record in self.records.items()
        }

    @cached_property
    def segments(self) -> dict[str, NDArray[np.int64]]:
        """Attempts that have ended by where they were made: a number for each segment.

        Returns
        -------
        attempts, and of these detected (at least once), intercepted (persons referred not counted)
        and referred.
        """
        fates, segments = self.fates, len(self.model.stage.world.segments)
        chosen = {
            "attempts": fates.ended,
            "detected": fates.ended & fates.befell(fates.detected),
            "intercepted": fates.caught & ~fates.referred,
            "referred": fates.caught & fates.referred,
        }
        return {
            name: np.bincount(fates.segment[those], minlength=segments)
            for name, those in chosen.items()
        }

    @cached_property
    def records(self) -> BySide:
        """What each side's own ledger shows.

        A side records what its posts detected, what was handed to it, and what it learned of later;
        it knows nothing of the rest, and a crossing that both sides detected is in both ledgers.

        By side: detected, intercepted, handovers, met_and_referred, learned_later, recorded_cases,
        recorded_crimes (the same without irregular crossings), recorded_interdiction_rate.
        """
        world, count, fates = self.model.stage.world, self.counts.of, self.fates
        ledgers = {}
        for index, side in enumerate(world.sides):
            own = fates.side == index
            on_line = np.array([*(side in each.sides for each in world.segments), False])
            # What a joint patrol does goes into the books of both sides of the line.
            caught = own & fates.caught | fates.jointly & on_line[fates.segment]
            known = own & fates.detected | caught
            later = count(Kind.LEARNED_LATER, side=index)
            crimes = fates.attempts(known & ~fates.referred)
            crimes += count(Kind.LEARNED_LATER, side=index, referred=False)
            intercepted = int((caught & ~fates.referred).sum())
            ledgers[side] = {
                "detected": fates.attempts(own & fates.detected),
                "intercepted": intercepted,
                "handovers": count(Kind.HANDED_OVER, side=index),
                "met_and_referred": int((caught & fates.referred).sum()),
                "learned_later": later,
                "recorded_cases": fates.attempts(known) + later,
                "recorded_crimes": crimes,
                "recorded_interdiction_rate": ratio(intercepted, crimes),
            }
        return ledgers


def costs_of(model: BorderModel) -> dict[str, BySide]:
    """Give what each instrument took, by its table in the policy and by side.

    Returns
    -------
    By instrument and side: hours (patrol time that it asked for) and money (units).
    """
    costs: dict[str, BySide] = {}
    for instrument in [*model.ended, *model.instruments]:
        money = instrument.money_by_side()
        by_side = costs.setdefault(
            instrument.name,
            {side: {"hours": 0.0, "money": 0.0} for side in model.stage.world.sides},
        )
        for side, cost in by_side.items():
            cost["hours"] += instrument.hours[side]
            cost["money"] += money.get(side, 0.0)
    return costs


def _harm_by_destination(stage: Stage, fates: Fates, chosen: NDArray[np.bool_]) -> dict[str, float]:
    """Harm of the attempts that some events are of, by the side they were bound for."""
    sides = stage.world.sides
    bound_for = [
        sides.index(kind.destination) for kind in stage.scenario.groups for _ in range(kind.count)
    ]
    attempts: Any = fates.attempt[chosen]  # group_of takes an array as well as a number
    destinations = np.array(bound_for, dtype=np.int64)[group_of(attempts)]
    # Adds up one by one, in the order of the log; of no events it would make whole numbers.
    harm = np.bincount(destinations, weights=fates.value[chosen], minlength=len(sides))
    return dict(zip(sides, harm.astype(np.float64).tolist(), strict=True))


def _balances(sides: BySide) -> dict[str, float]:
    """How evenly burden and benefit fall; 1 is even, 0 means that one side has nothing of it."""
    taken = [side["coordination_hours"] for side in sides.values()]
    spared = [side["harm_prevented_share"] for side in sides.values() if side["harm_bound"]]
    return {
        "burden_balance": ratio(min(taken), max(taken)) if any(taken) else 1.0,
        "benefit_balance": ratio(min(spared), max(spared)) if any(spared) else 1.0,
    }


def _hours_to_answer(columns: Columns) -> float:
    """Mean time from an alert to the handover by the post alerted, h; 0 if there was none."""
    alerted = _times(columns, Kind.ALERTED)
    handed = _times(columns, Kind.HANDED_OVER)
    waits = [time - alerted[key] for key, time in handed.items()]
    return ratio(fsum(waits), len(waits))


def _times(columns: Columns, kind: Kind) -> dict[tuple[int, int], float]:
    """When events of a kind happened, the last of each attempt and post."""
    rows = np.flatnonzero(columns["kind"] == kind)
    attempts, posts, times = (columns[key][rows].tolist() for key in ("attempt", "post", "time"))
    return dict(zip(zip(attempts, posts, strict=True), times, strict=True))


def _messages(counts: Counts) -> dict[str, float]:
    """Count messages across the line by what became of them."""
    sent, read, lost = (
        counts.of(kind) for kind in (Kind.REPORT_SENT, Kind.REPORT_READ, Kind.REPORT_LOST)
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
    values: list[float] = []
    for post in model.posts_by_number:
        # The compiled engine makes it anew each time somebody looks.
        partners = post.partners
        values += map(partners.trust_in, model.stage.world.facing[post.number])
    return ratio(fsum(values), len(values))


def daily_series(stage: Stage, columns: Columns) -> "pd.DataFrame":
    """Count events by day, side, province and crime type.

    Returns
    -------
    One row for each combination that occurs: day (0 for the first), side (that acted, or that the
    attempt was bound for), province (of that side), crime, and a count of each kind of event.
    """
    import pandas as pd

    world = stage.world
    known = (columns["segment"] >= 0) & (columns["side"] >= 0) & (columns["crime"] >= 0)
    sides, segments = columns["side"][known], columns["segment"][known]
    provinces = np.array(
        [
            [each.province_of(side) if side in each.sides else "" for side in world.sides]
            for each in world.segments
        ],
        dtype=object,
    )
    names = np.array([None, *(kind.name.lower() for kind in Kind)], dtype=object)
    frame = pd.DataFrame(
        {
            "day": (columns["time"][known] // 24.0).astype(int),
            "side": np.array(world.sides, dtype=object)[sides],
            "province": provinces[segments, sides],
            "crime": np.array(stage.crimes, dtype=object)[columns["crime"][known]],
            "kind": names[columns["kind"][known]],
        }
    )
    keys = ["day", "side", "province", "crime"]
    counts = frame.groupby([*keys, "kind"]).size().unstack("kind", fill_value=0)
    kinds = [kind.name.lower() for kind in ATTEMPT_KINDS]
    return counts.reindex(columns=kinds, fill_value=0).reset_index().rename_axis(columns=None)

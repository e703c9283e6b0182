"""The outcomes of a run, declared once: what each means, in which unit, and which way is better."""

from typing import Literal, NamedTuple

from sim.agents import Cause
from sim.rules.cooperation import FIND_COUNTS_DAYS


class Measure(NamedTuple):
    """An outcome.

    Attributes
    ----------
    meaning : what it is, one phrase
    unit : of the value, "" for counts and shares
    better : whether more or less of it is better, "" if neither
    share : whether it is shown in per cent
    """

    meaning: str
    unit: str = ""
    better: Literal["more", "less", ""] = ""
    share: bool = False


class CauseWords(NamedTuple):
    """Why an attempt got through: a name for tables, and what it means exactly."""

    name: str
    meaning: str


CAUSES: dict[Cause, CauseWords] = {
    Cause.ALERT_TOO_LATE: CauseWords(
        "alert too late",
        "a side saw it and alerted a post across the line; nobody there met it in time",
    ),
    Cause.GOT_AWAY: CauseWords(
        "seen, but not intercepted",
        "a side saw it, did not catch it on its own side, and no alert reached the other",
    ),
    Cause.OVERLOOKED: CauseWords(
        "passed by and not seen", "a free patrol passed the place in time and detected nothing"
    ),
    Cause.IN_PURSUIT: CauseWords(
        "patrol was in pursuit",
        "a patrol would have passed the place in time, but was after somebody else",
    ),
    Cause.ELSEWHERE_ON_BEAT: CauseWords(
        "patrol elsewhere on its beat",
        "a patrol had the segment on its beat, and did not come by while the crosser was there",
    ),
    Cause.NOT_SHARED: CauseWords(
        "report not yet shared",
        f"no patrol had the segment on its beat, though a post had found something there in the "
        f"{FIND_COUNTS_DAYS:g} days before, and the post across the line had heard nothing from it "
        f"since",
    ),
    Cause.NOBODY_NEAR: CauseWords(
        "no patrol near",
        "no patrol had the segment on its beat while it could have been seen",
    ),
}
"""Causes in words, for all who tell of them."""


def measure_of(cause: Cause) -> str:
    """Name the outcome that has the attempts that got through for a cause."""
    return f"missed_{cause.name.lower()}"


MEASURES: dict[str, Measure] = {
    "wanted": Measure("attempts that groups wanted to make; the same under every policy"),
    "retried": Measure("further attempts that groups made after an interception"),
    "turned_back": Measure("attempts given up for lack of carriers or of a load", better="more"),
    "attempts": Measure("attempts that were made and have ended"),
    "under_way": Measure("attempts not ended when the run did"),
    "detected": Measure("attempts detected at least once", better="more"),
    "intercepted": Measure("attempts intercepted, persons referred not counted", better="more"),
    "intercepted_own_side": Measure("of these, by the side that detected them"),
    "intercepted_jointly": Measure("attempts ended by a joint patrol"),
    "handovers": Measure("attempts intercepted across the line after an alert", better="more"),
    "met_and_referred": Measure("irregular crossings met and referred"),
    "undetected": Measure("attempts that nobody detected", better="less"),
    "passed": Measure("attempts that got through, detected or not", better="less"),
    # They add up to `passed` by `wanted`.
    **{
        measure_of(cause): Measure(
            f"got through, share of wanted attempts: {told.meaning}", share=True
        )
        for cause, told in CAUSES.items()
    },
    "interdiction_rate": Measure(
        "share of attempts intercepted, irregular crossings aside", better="more", share=True
    ),
    "recorded_interdiction_rate": Measure("the same as the sides' own records show it", share=True),
    "referral_rate": Measure("share of irregular crossings met and referred", share=True),
    "detection_rate": Measure("share of attempts detected", better="more", share=True),
    "value_passed": Measure("harm of all attempts that got through", "relative", "less"),
    "harm_prevented_share": Measure(
        "share of harm that did not get through", better="more", share=True
    ),
    "displaced_share": Measure(
        "share of attempts elsewhere than the group would have gone had it learned nothing",
        share=True,
    ),
    "displacement_km": Measure("way along the line from there, mean of all attempts", "km"),
    "recorded_cases": Measure("cases in the records of both sides: found or learned of later"),
    "hours_to_intercept": Measure(
        "time from the first detection to the interception, mean", "h", "less"
    ),
    "hours_to_answer": Measure("time from an alert to the handover, mean", "h", "less"),
    "community_reports": Measure("crossings that people along the line told a post of in time"),
    "storage_found": Measure("storage sites found by joint operations"),
    "alerts": Measure("alerts that reached a post across the line"),
    "false_stops": Measure("lawful people stopped by patrols", "people", "less"),
    "lawful_crossings": Measure("lawful people that crossed", "people"),
    "false_stops_per_1000": Measure("false stops per thousand lawful crossings", "", "less"),
    "delay_hours": Measure("time lawful people lost in stops and checks", "h", "less"),
    "mean_information_age_days": Measure(
        "age of the latest information about the partner across the line", "days", "less"
    ),
    "reports_sent": Measure("messages sent across the line"),
    "reports_read": Measure("of these, read in time to matter"),
    "reports_lost": Measure("of these, never arrived"),
    "reports_acted_on_share": Measure(
        "share of messages sent that were read and taken into account", share=True
    ),
    "reports_waiting": Measure("messages arrived or under way, but unread at the end"),
    "patrol_hours": Measure("patrol time on duty", "h"),
    "coordination_hours": Measure("of this, taken by coordination", "h", "less"),
    "coordination_money": Measure("cost of coordination", "money units", "less"),
    "coordination_share": Measure(
        "share of patrol time taken by coordination", better="less", share=True
    ),
    "duplicated_hours": Measure("patrol time where both sides have patrols", "h", "less"),
    "doubly_covered": Measure("segments with patrols of both sides, mean of shifts", "segments"),
    "uncovered": Measure("segments without a patrol, mean of shifts", "segments", "less"),
    "plans_valid_share": Measure("share of known plans of partners that hold", share=True),
    "mean_trust": Measure("trust in partners across the line, mean at the end", "of 1"),
    "joint_patrols": Measure("joint patrols that took place"),
    "appointments_missed": Measure("joint patrols that one side could not man", better="less"),
    "marker_backlog": Measure("damaged markers not repaired at the end", "markers", "less"),
    "markers_repaired": Measure("markers repaired", "markers", "more"),
    "days_to_repair": Measure("time from damage to repair, mean", "days", "less"),
    "imported_cases": Measure("cases of disease that came over the line", better="less"),
    "burden_balance": Measure(
        "patrol time that coordination takes on the side where it takes least, relative to the "
        "side where it takes most"
    ),
    "benefit_balance": Measure(
        "share of the harm bound for a side that is prevented, on the side where it is least "
        "relative to the side where it is most"
    ),
}

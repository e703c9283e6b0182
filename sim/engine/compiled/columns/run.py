"""How far a run has come, what is still to happen in it, and sums over it."""

from sim.engine.compiled.columns.declaring import REAL, WHOLE, Field, Matrix

RUN = (
    Field("shift", WHOLE, "", "number of the shift under way"),
    Field("start", REAL, "h", "when it began"),
    Field("stop", REAL, "h", "when it ends"),
    Field("dark", REAL, "", "share of it that is night"),
    Field("clock", REAL, "h", "now"),
    Field("next_month", REAL, "h", "when people next make up their minds about posts"),
    Field("sensor_period", WHOLE, "", "period in which sensors were placed last"),
    Field("sensors_changed", WHOLE, "", "whether any post has more or fewer since"),
    Field("ears_changed", WHOLE, "", "whether what people tell has to be worked out anew"),
    Field("day", WHOLE, "days", "day for which lawful people were counted"),
    Field("away", REAL, "", "lawful people away from gates on it"),
    Field("at_gates", REAL, "", "lawful people at gates on it"),
    Field("ahead", WHOLE, "", "shifts for which there is room for plans of a post"),
    Field("beat_segments", WHOLE, "", "segments of a beat, where the sector has as many"),
    Field("scouted", WHOLE, "", "latest shift that scouts watched"),
    Field("serial", WHOLE, "", "things that fell due so far"),
    Field("slot", WHOLE, "", "slot of time up to which what falls due has come into `queue`"),
    Field("queued", WHOLE, "", "things in `queue`"),
    Field("logged", WHOLE, "", "events in `log`"),
    Field("read", WHOLE, "", "those of them that Python has taken over"),
    Field("under_way", WHOLE, "", "attempts not ended"),
    Field("waiting", WHOLE, "", "helpers not ready yet"),
    Field("lent", WHOLE, "", "patrols not back yet"),
    Field("broken", WHOLE, "", "whether a post was to get more patrols than there is room for"),
    Field("sent", WHOLE, "", "messages sent"),
    Field("next_report", REAL, "h", "when reports fall due next"),
    Field("next_schedule", REAL, "h", "when schedules are next agreed"),
    Field("schedules_met", WHOLE, "", "how often they were"),
    Field("next_worn", REAL, "h", "when the next unit of material support is worn out"),
    Field(
        "units_changed", WHOLE, "", "whether any receiver has more or fewer"
    ),
    Field("next_review", REAL, "h", "when forgotten skill is next taken into account"),
    Field("operation", WHOLE, "", "the joint operation under way, -1 if none"),
    Field("operation_days", REAL, "days", "of joint operations so far"),
    Field("health_days", REAL, "days", "of screening so far, over posts"),
    Field("together", WHOLE, "", "whether there is a joint patrol this shift"),
    Field("next_search", REAL, "h", "when storage sites are next looked for"),
    Field("lawful", REAL, "", "lawful people that crossed"),
    Field("gate_checks", REAL, "", "lawful people checked at gates"),
    Field("doubled_hours", REAL, "h", "on beats where the other side has patrols as well"),
    Field("uncovered", WHOLE, "", "segments without a patrol, over shifts"),
    Field("covered_once", WHOLE, "", "segments with patrols of one side, over shifts"),
    Field("covered_twice", WHOLE, "", "segments with patrols of both"),
    Field("picture_age", REAL, "h", "age of the latest news of partners, over shifts"),
    Field("pictures", WHOLE, "", "how many were summed"),
    Field("plans_known", WHOLE, "", "plans of partners known at a shift"),
    Field("plans_valid", WHOLE, "", "those of them that hold"),
    Field("damaged", WHOLE, "", "markers damaged and not repaired"),
    Field("caught", WHOLE, "", "attempts intercepted"),
    Field("hours_to_catch", REAL, "h", "time that took from the first detection"),
    Field("displaced", WHOLE, "", "attempts that ended elsewhere than at home"),
    Field("repaired", WHOLE, "", "markers repaired"),
    Field("days_to_repair", REAL, "days", "time that took in all"),
    Field("raised", WHOLE, "", "whether an answer of Python failed, which ends the run"),
)
ASKED = (
    Field("post", WHOLE, "", "post it is about"),
    Field("attempt", WHOLE, "", "attempt, row of `attempts`"),
    Field("group", WHOLE, "", "group"),
    Field("plan", WHOLE, "", "plan, row of `plans`"),
    Field("shift", WHOLE, "", "shift decided for"),
    Field("way", WHOLE, "", "way of that shift in `covers`"),
    Field("told", WHOLE, "", "whether `work_cover` has what partners cover"),
    Field("teams", WHOLE, "", "patrols to send"),
    Field("time", REAL, "h", "when"),
    Field("option", WHOLE, "", "where an attempt was, index among the group's options"),
    Field("daypart", WHOLE, "", "when it was, part of the day"),
    Field("intercepted", WHOLE, "", "whether it failed"),
    Field("own", WHOLE, "", "whether it was the group's own"),
)
"""What a question to Python is about, one row."""

DUES = (
    Field("time", REAL, "h", "when it falls due"),
    Field("due", WHOLE, "", "what, a `Due`"),
    Field("number", WHOLE, "", "whom it concerns"),
    Field("other", WHOLE, "", "whom besides"),
    Field("serial", WHOLE, "", "things that fell due before"),
    Field("attempt", WHOLE, "", "the attempt it is about, in `attempts`"),
    Field("after", WHOLE, "", "another in its slot of time; next free row if it is free"),
)
QUEUE = (
    Field("time", REAL, "h", "when it falls due"),
    Field("row", WHOLE, "", "where it is in `dues`"),
)

INJECTS = (Field("time", REAL, "h", "when it happens"),)

MATRICES = (
    Matrix("slots", 1, WHOLE, "", "first row of `dues` in each slot of time, or -1"),
    Matrix("noted", 1, WHOLE, "", "events in the log, by kind"),
    Matrix("keys", 1, "u8", "", "key of each purpose of chance"),
    Matrix("charged", 2, REAL, "h", "patrol time that instruments took, by instrument and side"),
    Matrix("counts", 2, WHOLE, "", "what instruments counted, by instrument"),
    Matrix("duty_hours", 1, REAL, "h", "patrol time on duty, by side"),
    Matrix("taken_hours", 1, REAL, "h", "of this taken by coordination, by side"),
    Matrix("stops", 1, WHOLE, "", "lawful people stopped, by side"),
)

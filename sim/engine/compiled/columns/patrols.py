"""Patrols: who is on duty, where they walk and what they cover."""

from sim.engine.compiled.columns.declaring import COUNT, REAL, WHOLE, Field, Matrix

PATROLS = (
    Field("post", COUNT, "", "its post"),
    Field("home", COUNT, "", "post it comes back to after aid"),
    Field("side", COUNT, "", "index of its side"),
    Field("beat", COUNT, "", "beat it walks, -1 if none"),
    Field("with_post", COUNT, "", "post whose beat that is"),
    Field("joint", COUNT, "", "whether it may act on both sides"),
    Field("arrive", REAL, "h", "when it is on its beat"),
    Field("leave", REAL, "h", "when it leaves it"),
    Field("phase", REAL, "h", "how far into its round it is on arrival"),
    Field("slowdown", REAL, "", "time its ways take relative to a dry day"),
    Field("busy_until", REAL, "h", "when it is done with a pursuit"),
)
BEATS = (
    Field("first", COUNT, "", "place in the sector of its first segment"),
    Field("segments", COUNT, "", "how many it has"),
    Field("stretches", COUNT, "", "where its stretches begin: one for each of its segments"),
    Field("hours", REAL, "h", "one-way length on a dry day"),
    Field("access", REAL, "h", "way from the post, with the vehicles at the start"),
)
PLANS = (
    Field("shift", COUNT, "", "the shift it is for, -1 if it is no plan"),
    Field("teams", COUNT, "", "beats in it"),
    Field("average", REAL, "", "mean of its detection probabilities over the sector"),
    Field("standing", COUNT, "", "whether its author is still bound by it"),
    Field("after", COUNT, "", "next free row if it is free; of row 0, the first free one"),
)
CALL_UPS = (
    Field("first", WHOLE, "", "first shift"),
    Field("last", WHOLE, "", "last shift"),
    Field("patrol", COUNT, "", "who works"),
    Field("cause", COUNT, "", "what for: an instrument"),
    Field("after", COUNT, "", "next one of the post; next free one if it is free"),
)
WAITING = (
    Field("ready", REAL, "h", "when the helpers are ready"),
    Field("rank", COUNT, "", "which kind of helpers"),
    Field("post", COUNT, "", "post that called"),
)
LENT = (
    Field("until", REAL, "h", "when it goes home"),
    Field("borrower", COUNT, "", "post that has it"),
    Field("lender", COUNT, "", "post it came from"),
    Field("patrol", COUNT, "", "who"),
)

MATRICES = (
    # What is looked up of all patrols in each shift is apart from their rows.
    Matrix("turns", 1, COUNT, "", "which shift of the duty cycle is the own one of each patrol"),
    Matrix("owed", 1, COUNT, "", "shifts of rest that each patrol is owed"),
    Matrix("begins", 1, REAL, "h", "where each stretch begins on its beat, dry day"),
    Matrix("ends", 1, REAL, "h", "where it ends"),
    Matrix("stretch_place", 1, COUNT, "", "place in the sector of each stretch"),
    # The first rows are for patrols that go out at once, one for each way that a shift may be; as
    # many after them for patrols that go out later, of which the latest pause of a beat is known;
    # and the last for the joint patrol that is being looked at.
    Matrix("covers", 3, REAL, "", "detection by a patrol, by row, stretch and crime type"),
    Matrix("averages", 2, REAL, "", "mean of that over crime types, by way and stretch"),
    Matrix("meets", 2, REAL, "", "share of lawful people met, by row and stretch"),
    Matrix("covers_form", 2, COUNT, "", "kind of shift they were worked out for, by way and post"),
    Matrix("covers_means", 2, COUNT, "", "for which means"),
    Matrix("covers_mobility", 2, REAL, "", "for which mobility"),
    Matrix("covers_keenness", 3, REAL, "", "for which keenness, by way, post and crime type"),
    Matrix("late_pause", 2, REAL, "h", "pause that is known of each beat, by way and beat"),
    Matrix("late_means", 2, COUNT, "", "for which means"),
    Matrix("late_form", 2, COUNT, "", "for which kind of shift"),
    Matrix("shift_forms", 1, COUNT, "", "kind of each shift: its length and darkness"),
    Matrix("shift_dark", 1, REAL, "", "share of each shift, in its full length, that is night"),
    Matrix("shift_ways", 1, COUNT, "", "row of `covers` for each shift in dry weather"),
    Matrix("shift_turns", 1, COUNT, "", "place of each shift in the duty cycle"),
    Matrix("shift_rooms", 1, COUNT, "", "place of its plan among those that posts commit to"),
    Matrix("choice", 1, COUNT, "", "beats a post may choose among, its first ones in its rows"),
    Matrix("plan_beats", 2, COUNT, "", "beats of each plan"),
    Matrix("plan_cover", 2, REAL, "", "detection probability of an average crossing, by segment"),
    Matrix("validity", 1, REAL, "", "probability that a plan told holds, by its age in shifts"),
    Matrix("roster", 2, COUNT, "", "patrols of each post, in order of number"),
    Matrix("regular", 3, COUNT, "", "patrols of each post, by whose turn it is in the duty cycle"),
    Matrix("regulars", 2, COUNT, "", "how many there are"),
    Matrix("team", 2, COUNT, "", "patrols of each post on duty this shift"),
    Matrix("duty", 1, COUNT, "", "patrols on duty, as worked out last"),
    Matrix("pauses", 2, REAL, "h", "how much later each patrol goes out, by post"),
    Matrix("task_beat", 2, COUNT, "", "beat of each task of a post this shift"),
    Matrix("task_post", 2, COUNT, "", "post whose beat that is"),
    Matrix("task_leads", 2, COUNT, "", "whether its team walks the route"),
    Matrix("finds", 2, REAL, "h", "latest finds of each post, as many as make it call for aid"),
    Matrix("helpers", 1, COUNT, "", "posts that help others"),
    Matrix("helper_range", 3, COUNT, "", "where those of each post and rank begin and end"),
    Matrix("mobilisation", 1, REAL, "h", "[posts.aid] mobilisation_hours"),
)

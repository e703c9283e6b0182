"""The line: its segments, gates and markers, and the skies over it."""

from sim.engine.compiled.columns.declaring import COUNT, REAL, WHOLE, Field, Matrix

SEGMENTS = (
    Field("length", REAL, "km", "along the line"),
    Field("reach", REAL, "h", "time to walk the sweep radius on a dry day"),
    Field("sky", COUNT, "", "the sky it is under"),
    Field("first_side", COUNT, "", "index of one side"),
    Field("second_side", COUNT, "", "index of the other"),
    Field("first_post", COUNT, "", "post of the one side that holds it"),
    Field("second_post", COUNT, "", "post of the other"),
    Field("gate", REAL, "1/day", "lawful crossings at its gate, mean"),
    Field("closures", COUNT, "", "where the closures of its gate begin in `closures`"),
    Field("closures_to", COUNT, "", "where they end"),
    Field("near_from", COUNT, "", "where its neighbours begin in `near`"),
    Field("near_to", COUNT, "", "where they end"),
    Field("at_gate", WHOLE, "", "lawful people who cross at its gate today"),
    Field("first_cell", COUNT, "", "cell of the one post for it"),
    Field("second_cell", COUNT, "", "cell of the other"),
    Field("village", COUNT, "", "whether there is a pair of villages"),
    Field("first_found", REAL, "h", "when the one post last found something on it"),
    Field("first_before", REAL, "h", "when it did before the shift that was in"),
    Field("second_found", REAL, "h", "when the other post last found something on it"),
    Field("second_before", REAL, "h", "when it did before the shift that was in"),
)
CLOSURES = (
    Field("begin", REAL, "h", "when it begins"),
    Field("end", REAL, "h", "when it ends"),
    Field("diverted", REAL, "", "share of people who cross elsewhere"),
)
DAMAGES = (
    Field("number", WHOLE, "", "occasion times segments, plus segment"),
    Field("segment", COUNT, "", "where"),
    Field("since", REAL, "h", "when"),
    Field("first_noticed", REAL, "h", "when the one side noticed, -1 if it did not"),
    Field("second_noticed", REAL, "h", "when the other did"),
    Field("signed", COUNT, "", "whether minutes on it are signed"),
    Field("after", COUNT, "", "next damage on the segment; next free one if it is free"),
)
OUTBREAKS = (
    Field("begin", REAL, "h", "when it begins"),
    Field("end", REAL, "h", "when it ends"),
    Field("side", COUNT, "", "index of the side it is on"),
    Field("prevalence", REAL, "", "share of people from there who carry it"),
)

MATRICES = (
    # What is looked up of all segments in each shift is apart from their rows.
    Matrix("people", 1, WHOLE, "", "lawful people who cross away from gates today, by segment"),
    Matrix("gates", 1, COUNT, "", "segments that have a gate"),
    Matrix("walking", 1, REAL, "", "share up to which so many cross away from gates on a day"),
    Matrix("damage", 1, COUNT, "", "first damaged marker of each segment, in `damages`, or -1"),
    Matrix("patrolled", 1, COUNT, "", "shift after which each half last had a patrol on it"),
    Matrix("near", 1, COUNT, "", "segments next to each"),
    Matrix("neighbours", 2, COUNT, "", "whether two sides share a line"),
    Matrix("slowdown", 1, REAL, "", "time ways take relative to a dry day, by sky"),
    Matrix("wet_days", 1, REAL, "", "share of wet days, by month"),
    Matrix("imported", 1, WHOLE, "", "cases that came over the line, by side"),
    Matrix("screening", 1, COUNT, "", "whether a side screens people, by side"),
    Matrix("came_through", 2, WHOLE, "", "people who passed this shift, by origin and destination"),
)

"""Ties between posts: what they know of each other, when they meet, and what they report."""

from sim.engine.compiled.columns.declaring import COUNT, REAL, WHOLE, Field, Matrix

LINKS = (
    Field("post", COUNT, "", "who knows"),
    Field("partner", COUNT, "", "about whom"),
    Field("met", COUNT, "", "whether the post ever had to do with the partner"),
    Field("heard", REAL, "h", "latest observation that arrived"),
    Field("facing", COUNT, "", "whether the partner faces the post"),
    Field("common", COUNT, "", "where their common segments begin in `common`"),
    Field("n_common", COUNT, "", "how many there are"),
    Field("plan", COUNT, "", "shift of the latest plan known, -1 if none"),
    Field("row", COUNT, "", "where in `plans` that is"),
    Field("agreed_from", COUNT, "", "first shift for which the partner bound itself"),
    Field("agreed_to", COUNT, "", "first shift for which it did not"),
    Field("told", COUNT, "", "where `told_to` holds what the post told the partner, -1 if nowhere"),
    Field("told_since", REAL, "h", "until when"),
    Field("carried", COUNT, "", "whether reports of the partner come to the post"),
    Field("hops", COUNT, "", "telephone calls from the post to the partner, -1 if there is no way"),
)
TIES = (
    Field("first", COUNT, "", "one post"),
    Field("second", COUNT, "", "the other"),
    Field("segments", COUNT, "", "where their common line begins in `shared`"),
    Field("n_segments", COUNT, "", "how many segments that has"),
    Field("offset", REAL, "", "date of its first occasion, as a share of the time between two"),
    Field("walked", COUNT, "", "joint patrols so far"),
    Field("together", COUNT, "", "whether they walk together this shift"),
    Field("hours", REAL, "h", "time to walk the common line once"),
    Field("members", COUNT, "", "pairs that meet together, from it on; 0 if with one before it"),
    Field("charge_first", COUNT, "", "whether the one post pays for the meeting"),
    Field("charge_second", COUNT, "", "whether the other does"),
    Field("units", COUNT, "", "units that the receiver holds"),
)
CHANNELS = (
    Field("reader", COUNT, "", "post that reads"),
    Field("authors", COUNT, "", "where its authors begin in `authors`"),
    Field("n_authors", COUNT, "", "how many there are"),
    Field("hops", COUNT, "", "ties on the way"),
)
MESSAGES = (
    Field("channel", COUNT, "", "the channel it is on"),
    Field("form", COUNT, "", "reports that fell due, a find, or a plan"),
    Field("arrival", REAL, "h", "when it arrives"),
    Field("part", COUNT, "", "key of its chance"),
    Field("occasion", WHOLE, "s", "when it was sent"),
    Field("author", COUNT, "", "first author"),
    Field("serial", WHOLE, "", "messages sent before it"),
    Field("lost", COUNT, "", "whether it never arrives"),
    Field("issue", COUNT, "", "of reports that fell due: their row in `issues`"),
    Field("teller", COUNT, "", "of a find: who found it"),
    Field("place", COUNT, "", "of a find: segment in the teller's view"),
    Field("plan", COUNT, "", "of a plan: its row in `plans`"),
    Field("crime", COUNT, "", "of a find: its type"),
    Field("until", REAL, "h", "of a find: when"),
    Field("before", COUNT, "", "message read before it"),
    Field("after", COUNT, "", "message read after it; next free one if it is free"),
)
ISSUES = (
    Field("until", REAL, "h", "when its reports were written"),
    Field("waiting", COUNT, "", "messages with it that nobody has read or lost yet"),
    Field("after", COUNT, "", "next free row if it is free; of row 0, the first"),
)

MATRICES = (
    Matrix("trust", 1, REAL, "", "of the post of each link in its partner"),
    Matrix("common_mine", 1, COUNT, "", "common segments of a link: place in the reader's view"),
    Matrix("common_theirs", 1, COUNT, "", "and in the partner's sector"),
    Matrix("pair_range", 2, COUNT, "", "where the pairs of each instrument begin and end"),
    Matrix("due_jointly", 1, REAL, "h", "when the next joint patrol of each pair is due"),
    # What is looked up of all pairs of an instrument is apart from their rows.
    Matrix("dates", 1, REAL, "h", "when each pair next meets, never if with one before it"),
    Matrix("next_dates", 1, REAL, "h", "when the next pair of each instrument meets"),
    Matrix("shared", 1, COUNT, "", "segments that pairs hold in common"),
    Matrix("units", 2, REAL, "h", "when each unit of a receiver is worn out, by tie"),
    Matrix("passed_on", 2, REAL, "", "whether a crime type is reported on, by cell and crime type"),
    Matrix("told", 3, REAL, "", "what of `observed` everybody was told"),
    Matrix("told_to", 3, REAL, "", "what of it one partner was told, by kind, row and crime"),
    Matrix("channels_in_order", 1, COUNT, "", "channels as the log has them, by who reads"),
    Matrix("authors", 1, COUNT, "", "authors of each channel"),
    Matrix("author_link", 1, COUNT, "", "what its reader holds of each"),
    Matrix("author_channels", 1, COUNT, "", "channels that carry each post's reports"),
    Matrix("issue_seen", 4, REAL, "", "news, by issue, finds or exposure, cell and crime type"),
    Matrix("issue_since", 2, REAL, "h", "since when, by issue and author"),
    Matrix("issue_found", 2, COUNT, "", "whether there are finds in it, by issue and author"),
    Matrix(
        "issue_plan",
        2,
        COUNT,
        "",
        "row of the author's plan, by issue and author, or -1",
    ),
    Matrix("joined", 3, COUNT, "", "whether two sides practise an instrument with each other"),
    Matrix("linked", 3, REAL, "h", "when links are down, by instrument: begin and end"),
)

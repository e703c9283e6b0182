"""Ties between posts: what they know of each other, when they meet, and what they report."""

from sim.engine.compiled.columns.declaring import REAL, WHOLE, Field, Matrix

LINKS = (
    Field("post", WHOLE, "", "who knows"),
    Field("partner", WHOLE, "", "about whom"),
    Field("met", WHOLE, "", "whether the post ever had to do with the partner"),
    Field("heard", REAL, "h", "latest observation that arrived"),
    Field("facing", WHOLE, "", "whether the partner faces the post"),
    Field("common", WHOLE, "", "where their common segments begin in `common`"),
    Field("n_common", WHOLE, "", "how many there are"),
    Field("plan", WHOLE, "", "shift of the latest plan known, -1 if none"),
    Field("row", WHOLE, "", "where in `plans` that is"),
    Field("agreed_from", WHOLE, "", "first shift for which the partner bound itself"),
    Field("agreed_to", WHOLE, "", "first shift for which it did not"),
    Field("told", WHOLE, "", "where `told_to` holds what the post told the partner, -1 if nowhere"),
    Field("told_since", REAL, "h", "until when"),
    Field("carried", WHOLE, "", "whether reports of the partner come to the post"),
    Field("hops", WHOLE, "", "telephone calls from the post to the partner, -1 if there is no way"),
)
TIES = (
    Field("first", WHOLE, "", "one post"),
    Field("second", WHOLE, "", "the other"),
    Field("segments", WHOLE, "", "where their common line begins in `shared`"),
    Field("n_segments", WHOLE, "", "how many segments that has"),
    Field("offset", REAL, "", "date of its first occasion, as a share of the time between two"),
    Field("walked", WHOLE, "", "joint patrols so far"),
    Field("together", WHOLE, "", "whether they walk together this shift"),
    Field("hours", REAL, "h", "time to walk the common line once"),
    Field("members", WHOLE, "", "pairs that meet together, from it on; 0 if with one before it"),
    Field("charge_first", WHOLE, "", "whether the one post pays for the meeting"),
    Field("charge_second", WHOLE, "", "whether the other does"),
    Field("units", WHOLE, "", "units that the receiver holds"),
)
CHANNELS = (
    Field("reader", WHOLE, "", "post that reads"),
    Field("authors", WHOLE, "", "where its authors begin in `authors`"),
    Field("n_authors", WHOLE, "", "how many there are"),
    Field("hops", WHOLE, "", "ties on the way"),
)
MESSAGES = (
    Field("channel", WHOLE, "", "the channel it is on"),
    Field("form", WHOLE, "", "reports that fell due, a find, or a plan"),
    Field("arrival", REAL, "h", "when it arrives"),
    Field("part", WHOLE, "", "key of its chance"),
    Field("occasion", WHOLE, "s", "when it was sent"),
    Field("author", WHOLE, "", "first author"),
    Field("serial", WHOLE, "", "messages sent before it"),
    Field("lost", WHOLE, "", "whether it never arrives"),
    Field("issue", WHOLE, "", "of reports that fell due: their row in `issues`"),
    Field("teller", WHOLE, "", "of a find: who found it"),
    Field("place", WHOLE, "", "of a find: segment in the teller's view"),
    Field("plan", WHOLE, "", "of a plan: its row in `plans`"),
    Field("crime", WHOLE, "", "of a find: its type"),
    Field("until", REAL, "h", "of a find: when"),
    Field("before", WHOLE, "", "message read before it"),
    Field("after", WHOLE, "", "message read after it; next free one if it is free"),
)
ISSUES = (
    Field("until", REAL, "h", "when its reports were written"),
    Field("waiting", WHOLE, "", "messages with it that nobody has read or lost yet"),
    Field("after", WHOLE, "", "next free row if it is free; of row 0, the first"),
)

MATRICES = (
    Matrix("trust", 1, REAL, "", "of the post of each link in its partner"),
    Matrix("common_mine", 1, WHOLE, "", "common segments of a link: place in the reader's view"),
    Matrix("common_theirs", 1, WHOLE, "", "and in the partner's sector"),
    Matrix("pair_range", 2, WHOLE, "", "where the pairs of each instrument begin and end"),
    Matrix("due_jointly", 1, REAL, "h", "when the next joint patrol of each pair is due"),
    # What is looked up of all pairs of an instrument is apart from their rows.
    Matrix("dates", 1, REAL, "h", "when each pair next meets, never if with one before it"),
    Matrix("next_dates", 1, REAL, "h", "when the next pair of each instrument meets"),
    Matrix("shared", 1, WHOLE, "", "segments that pairs hold in common"),
    Matrix("units", 2, REAL, "h", "when each unit of a receiver is worn out, by tie"),
    Matrix("passed_on", 2, REAL, "", "whether own finds are told, by cell and crime type"),
    Matrix("told", 3, REAL, "", "what of `observed` everybody was told"),
    Matrix("told_to", 3, REAL, "", "what of it one partner was told, by kind, row and crime"),
    Matrix("channels_in_order", 1, WHOLE, "", "channels as the log has them, by who reads"),
    Matrix("authors", 1, WHOLE, "", "authors of each channel"),
    Matrix("author_link", 1, WHOLE, "", "what its reader holds of each"),
    Matrix("author_channels", 1, WHOLE, "", "channels that carry each post's reports"),
    Matrix("issue_seen", 4, REAL, "", "news, by issue, finds or exposure, cell and crime type"),
    Matrix("issue_since", 2, REAL, "h", "since when, by issue and author"),
    Matrix("issue_found", 2, WHOLE, "", "whether there are finds in it, by issue and author"),
    Matrix(
        "issue_plan",
        2,
        WHOLE,
        "",
        "row of the author's plan, by issue and author, or -1",
    ),
    Matrix("joined", 3, WHOLE, "", "whether two sides practise an instrument with each other"),
    Matrix("linked", 3, REAL, "h", "when links are down, by instrument: begin and end"),
)

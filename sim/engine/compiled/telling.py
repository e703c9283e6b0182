"""Reports and plans that posts write and send; see `sim.coordination.sharing`."""

from typing import Any

from sim.engine.compiled.books import charge, enqueue
from sim.engine.compiled.column_types import flat
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.issues import EFFORT, FINDS, new_issue
from sim.engine.compiled.line import cell_of, post_at
from sim.engine.compiled.messages import BUNDLE, FIND, PLAN, send
from sim.engine.compiled.names import SHARING
from sim.engine.compiled.plans import keep_plan
from sim.engine.compiled.watching import INLAND_EFFORT, INLAND_FINDS, OWN_EFFORT, OWN_FINDS
from sim.engine.due import Due

_ALERT = int(Due.ALERT)


@compiled
def send_reports(s: Any) -> None:
    """Write and send the reports that have fallen due at the end of a shift."""
    run, settings = s.run[0], s.settings[0]
    if not settings.sharing or run.stop < run.next_report - 1e-9:
        return
    while run.next_report <= run.stop + 1e-9 and not settings.at_once:
        run.next_report += settings.interval
    if not s.channels.shape[0]:
        return
    issue = new_issue(s)
    write_reports(s, issue)
    s.issues[issue].until = run.stop
    s.issues[issue].waiting = s.channels.shape[0]
    for place in range(s.channels.shape[0]):
        number = s.channels_in_order[place]
        author = s.authors[s.channels[number].authors]
        row = send(s, number, BUNDLE, author, run.stop)
        s.messages[row].issue = issue


@compiled
def write_reports(s: Any, issue: int) -> None:
    """Let all posts write what everybody has not been told yet."""
    run, settings = s.run[0], s.settings[0]
    _sum_up(s, issue, EFFORT, OWN_EFFORT, INLAND_EFFORT, 0, s.cell_segment.shape[0])
    for author in range(s.posts.shape[0]):
        post = s.posts[author]
        s.issue_found[issue, author] = found = s.has_news[author]
        if found:
            s.has_news[author] = 0
            _sum_up(s, issue, FINDS, OWN_FINDS, INLAND_FINDS, post.cells, post.in_view)
        if not post.n_channels:
            continue
        s.issue_since[issue, author] = post.told_since
        post.told_since = run.stop
        s.issue_plan[issue, author] = -1
        if settings.plans and not settings.at_once:
            s.issue_plan[issue, author] = keep_plan(s, author)
        charge(s, SHARING, author, settings.report_hours, True)
        s.counts[SHARING, 0] += 1


@compiled
def _sum_up(s: Any, issue: int, what: int, own: int, inland: int, cells: int, n_cells: int) -> None:
    """Sum up finds or effort under the headings that are passed on, for cells in one row.

    Parameters
    ----------
    issue, what : where in `s.issue_seen` it is written
    own, inland : kinds of observation that it is about
    cells, n_cells : the first cell, and how many there are
    """
    news, passed = flat(s.issue_seen[issue, what]), flat(s.passed_on)
    seen, seen_told = flat(s.observed[own]), flat(s.told[own])
    heard, heard_told = flat(s.observed[inland]), flat(s.told[inland])
    of_area = 1.0 if s.settings[0].of_area else 0.0
    crimes = s.crimes.shape[0]
    for cell in range(cells * crimes, (cells + n_cells) * crimes):
        fresh = (seen[cell] - seen_told[cell]) + (heard[cell] - heard_told[cell]) * of_area
        news[cell] = fresh * passed[cell]
        seen_told[cell] = seen[cell]
        heard_told[cell] = heard[cell]


@compiled
def tell_find(s: Any, row: int, author: int) -> None:
    """Tell a find at once, if that is the interval; it serves as an alert as well."""
    settings, attempt, post = s.settings[0], s.attempts[row], s.posts[author]
    time = s.run[0].clock
    if not settings.at_once or not s.crimes[attempt.crime].category or not post.n_channels:
        return
    cell = cell_of(s, author, attempt.segment)
    s.told[OWN_FINDS, cell, attempt.crime] += 1.0
    charge(s, SHARING, author, settings.report_hours, True)
    s.counts[SHARING, 0] += 1
    warned = post_at(s, attempt.segment, attempt.destination)
    for index in range(post.channels, post.channels + post.n_channels):
        number = s.author_channels[index]
        # As for bundles, the chance of a message is that of the first author of its channel.
        first_author = s.authors[s.channels[number].authors]
        message_row = send(s, number, FIND, first_author, time)
        message = s.messages[message_row]
        message.teller, message.place = author, cell - post.cells
        message.crime, message.until = attempt.crime, time
        reader = s.channels[number].reader
        if not message.lost and reader == warned and time < attempt.line:
            enqueue(s, message.arrival, _ALERT, attempt.number, warned, row)


@compiled
def tell_plan(s: Any, author: int, plan: int) -> None:
    """Tell a plan when it is made, if plans are shared at once."""
    settings, post = s.settings[0], s.posts[author]
    if not (settings.plans and settings.at_once):
        return
    for index in range(post.channels, post.channels + post.n_channels):
        row = send(s, s.author_channels[index], PLAN, author, s.run[0].start)
        s.messages[row].plan = keep_plan(s, plan)

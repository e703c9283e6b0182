"""Reports and plans that posts write and send; see `sim.coordination.sharing`."""

from typing import Any

from sim.engine.compiled.books import charge, enqueue
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.issues import new_issue
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
    for author in range(s.posts.shape[0]):
        if s.posts[author].n_channels:
            _write_report(s, author, issue)
    s.issues[issue].until = run.stop
    s.issues[issue].waiting = s.channels.shape[0]
    for number in range(s.channels.shape[0]):
        author = s.authors[s.channels[number].authors]
        row = send(s, number, BUNDLE, author, run.stop)
        s.messages[row].issue = issue


@compiled
def _write_report(s: Any, author: int, issue: int) -> None:
    """Sum up what everybody has not been told yet, under the headings that are passed on."""
    run, settings, post = s.run[0], s.settings[0], s.posts[author]
    observed, told = s.observed, s.told
    for cell in range(post.cells, post.cells + post.in_view):
        for crime in range(s.crimes.shape[0]):
            passed = s.crimes[crime].category
            finds = (observed[OWN_FINDS, cell, crime] - told[OWN_FINDS, cell, crime]) * passed
            effort = (observed[OWN_EFFORT, cell, crime] - told[OWN_EFFORT, cell, crime]) * passed
            if settings.of_area:
                finds += observed[INLAND_FINDS, cell, crime] - told[INLAND_FINDS, cell, crime]
                effort += observed[INLAND_EFFORT, cell, crime] - told[INLAND_EFFORT, cell, crime]
            s.issue_seen[issue, cell, crime, 0] = finds
            s.issue_seen[issue, cell, crime, 1] = effort
            for kind in range(4):
                told[kind, cell, crime] = observed[kind, cell, crime]
    s.issue_since[issue, author] = post.told_since
    post.told_since = run.stop
    s.issue_plan[issue, author] = -1
    if settings.plans and not settings.at_once:
        s.issue_plan[issue, author] = keep_plan(s, author)
    charge(s, SHARING, author, settings.report_hours, True)
    s.counts[SHARING, 0] += 1


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

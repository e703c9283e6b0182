"""Reports and plans on their way between posts, and trust; see `sim.coordination.sharing`."""

from typing import Any

import numpy as np

from sim.draws import exponential
from sim.engine.compiled.books import charge, enqueue, grown, note_post
from sim.engine.compiled.chance import READING, REPORT_LOSS, draw
from sim.engine.compiled.markers import tell
from sim.engine.compiled.names import SHARING
from sim.engine.compiled.state import compiled
from sim.engine.compiled.watching import INLAND_EFFORT, INLAND_FINDS, OWN_EFFORT, OWN_FINDS
from sim.engine.due import Due
from sim.engine.events import Kind
from sim.rules.belief import keep_share, observe
from sim.rules.cooperation import trust_after

BUNDLE, FIND, PLAN = range(3)
_ALERT = int(Due.ALERT)
_SENT, _READ, _LOST = int(Kind.REPORT_SENT), int(Kind.REPORT_READ), int(Kind.REPORT_LOST)

# What posts hold of each other


@compiled
def link_of(s: Any, post_number: int, partner: int) -> int:
    """Row of what a post holds of a partner, -1 if it holds nothing."""
    post = s.posts[post_number]
    low, high = post.links, post.links + post.n_links
    while low < high:
        middle = (low + high) // 2
        if s.links[middle].partner < partner:
            low = middle + 1
        else:
            high = middle
    found = low < post.links + post.n_links and s.links[low].partner == partner
    return low if found else -1


@compiled
def experience(s: Any, link: int, good: bool, step: float) -> None:
    """Move trust in a partner after a good or a bad experience."""
    row = s.links[link]
    row.trust = trust_after(row.trust, 1.0 if good else 0.0, step)
    row.met = 1


@compiled
def fade_trust(s: Any) -> None:
    """Let all trust drift back to where it started."""
    settings = s.settings[0]
    keep = keep_share(s.run[0].stop - s.run[0].start, settings.trust_half_life)
    for row in range(s.links.shape[0]):
        link = s.links[row]
        link.trust = settings.trust_start + (link.trust - settings.trust_start) * keep


@compiled
def copy_plan(s: Any, to: int, source: int) -> None:
    """Copy a plan."""
    here, there = s.plans[to], s.plans[source]
    here.shift, here.teams, here.average = there.shift, there.teams, there.average
    for team in range(there.teams):
        s.plan_beats[to, team] = s.plan_beats[source, team]
    for place in range(s.plan_cover.shape[1]):
        s.plan_cover[to, place] = s.plan_cover[source, place]


@compiled
def _keep_plan(s: Any, source: int) -> int:
    """Copy a plan to a free row, which it gives."""
    run = s.run[0]
    if run.free_plan < 0:
        rows = s.plans.shape[0]
        s.plans = grown(s.plans)
        beats = np.empty((2 * rows, s.plan_beats.shape[1]), s.plan_beats.dtype)
        cover = np.empty((2 * rows, s.plan_cover.shape[1]), s.plan_cover.dtype)
        for row in range(rows):
            for team in range(beats.shape[1]):
                beats[row, team] = s.plan_beats[row, team]
            for place in range(cover.shape[1]):
                cover[row, place] = s.plan_cover[row, place]
        s.plan_beats, s.plan_cover = beats, cover
        for row in range(rows, 2 * rows):
            s.plans[row].after = row + 1 if row + 1 < 2 * rows else -1
        run.free_plan = rows
    row = run.free_plan
    run.free_plan = s.plans[row].after
    copy_plan(s, row, source)
    return row


@compiled
def _free_plan(s: Any, row: int) -> None:
    """Let a row be used for another plan."""
    s.plans[row].after = s.run[0].free_plan
    s.run[0].free_plan = row


@compiled
def _read_plan(s: Any, link: int, plan: int) -> None:
    """Remember where a partner will go, unless it is known better already."""
    row = s.links[link]
    if s.plans[plan].shift >= row.plan:
        row.plan = s.plans[plan].shift
        copy_plan(s, row.row, plan)


# Sending


@compiled
def is_linked(s: Any, instrument: int, time: float) -> bool:
    """Whether the links that an instrument uses are up."""
    for index in range(s.linked.shape[1]):
        if s.linked[instrument, index, 0] <= time < s.linked[instrument, index, 1]:
            return False
    return True


@compiled
def _new_message(s: Any) -> int:
    """Give a free row of `s.messages`."""
    run = s.run[0]
    if run.free_message < 0:
        rows = s.messages.shape[0]
        s.messages = grown(s.messages)
        for row in range(rows, 2 * rows):
            s.messages[row].after = row + 1 if row + 1 < 2 * rows else -1
        run.free_message = rows
    row = run.free_message
    run.free_message = s.messages[row].after
    return row


@compiled
def _is_read_before(one: Any, other: Any) -> bool:
    """Whether a message is read before another."""
    if one.arrival != other.arrival:
        return one.arrival < other.arrival
    if one.part != other.part:
        return one.part < other.part
    if one.occasion != other.occasion:
        return one.occasion < other.occasion
    if one.author != other.author:
        return one.author < other.author
    return one.serial < other.serial


@compiled
def _items(s: Any, message: Any) -> int:
    """How much there is to read in a message."""
    return s.channels[message.channel].n_authors if message.form == BUNDLE else 1


@compiled
def _send(s: Any, channel_number: int, form: int, author: int, time: float) -> int:
    """Put a message on its way.

    Returns
    -------
    Its row in `s.messages`; what it carries is still to be filled in.
    """
    run, settings, channel = s.run[0], s.settings[0], s.channels[channel_number]
    row = _new_message(s)
    message = s.messages[row]
    run.sent += 1
    message.channel, message.form, message.author = channel_number, form, author
    message.serial = run.sent
    message.occasion = round(time * 3600.0)
    message.part = 2 * channel_number + (form == PLAN)
    share = draw(s, REPORT_LOSS, author, message.occasion, message.part)
    message.lost = share >= settings.reliability or not is_linked(s, SHARING, time)
    message.arrival = time + channel.hops * settings.latency
    reader = s.posts[channel.reader]
    before, after = reader.inbox_end, -1
    while before >= 0 and _is_read_before(message, s.messages[before]):
        after = before
        before = s.messages[before].before
    message.before, message.after = before, after
    if before >= 0:
        s.messages[before].after = row
    else:
        reader.inbox = row
    if after >= 0:
        s.messages[after].before = row
    else:
        reader.inbox_end = row
    note_post(s, time, _SENT, channel.reader, author, float(_items(s, message)))
    return row


@compiled
def _room_for_issue(s: Any) -> int:
    """Give the row of `s.issues` for the reports that are written now."""
    run = s.run[0]
    while run.oldest_issue < run.issue and (
        not s.issues[run.oldest_issue % s.issues.shape[0]].waiting
    ):
        _drop_issue(s, run.oldest_issue % s.issues.shape[0])
        run.oldest_issue += 1
    rows = s.issues.shape[0]
    if run.issue - run.oldest_issue == rows:
        issues = grown(s.issues)
        _, cells, crimes, kinds = s.issue_seen.shape
        seen = np.empty((2 * rows, cells, crimes, kinds))
        since = np.empty((2 * rows, s.issue_since.shape[1]))
        plan = np.empty((2 * rows, s.issue_plan.shape[1]), s.issue_plan.dtype)
        for issue in range(run.oldest_issue, run.issue):
            old, new = issue % rows, issue % (2 * rows)
            issues[new].until = s.issues[old].until
            issues[new].waiting = s.issues[old].waiting
            for cell in range(cells):
                for crime in range(crimes):
                    for kind in range(kinds):
                        seen[new, cell, crime, kind] = s.issue_seen[old, cell, crime, kind]
            for author in range(since.shape[1]):
                since[new, author] = s.issue_since[old, author]
                plan[new, author] = s.issue_plan[old, author]
        s.issues, s.issue_seen, s.issue_since, s.issue_plan = issues, seen, since, plan
    return run.issue % s.issues.shape[0]


@compiled
def _drop_issue(s: Any, issue: int) -> None:
    """Free the plans of reports that nobody will read any more."""
    if s.settings[0].plans and not s.settings[0].at_once:
        for author in range(s.posts.shape[0]):
            if s.issue_plan[issue, author] >= 0:
                _free_plan(s, s.issue_plan[issue, author])
                s.issue_plan[issue, author] = -1


@compiled
def _write_report(s: Any, author: int, issue: int) -> None:
    """Sum up what everybody has not been told yet, under the headings that are passed on."""
    run, settings, post = s.run[0], s.settings[0], s.posts[author]
    observed, told = s.observed, s.told
    for cell in range(post.cells, post.cells + post.in_view):
        for crime in range(s.crimes.shape[0]):
            passed = s.crimes[crime].category
            finds = (observed[cell, crime, OWN_FINDS] - told[cell, crime, OWN_FINDS]) * passed
            effort = (observed[cell, crime, OWN_EFFORT] - told[cell, crime, OWN_EFFORT]) * passed
            if settings.of_area:
                finds += observed[cell, crime, INLAND_FINDS] - told[cell, crime, INLAND_FINDS]
                effort += observed[cell, crime, INLAND_EFFORT] - told[cell, crime, INLAND_EFFORT]
            s.issue_seen[issue, cell, crime, 0] = finds
            s.issue_seen[issue, cell, crime, 1] = effort
            for kind in range(4):
                told[cell, crime, kind] = observed[cell, crime, kind]
    s.issue_since[issue, author] = post.told_since
    post.told_since = run.stop
    s.issue_plan[issue, author] = -1
    if settings.plans and not settings.at_once:
        s.issue_plan[issue, author] = _keep_plan(s, author)
    charge(s, SHARING, author, settings.report_hours, True)
    s.counts[SHARING, 0] += 1


@compiled
def send_reports(s: Any) -> None:
    """Write and send the reports that have fallen due at the end of a shift."""
    run, settings = s.run[0], s.settings[0]
    if not settings.sharing or run.stop < run.next_report - 1e-9:
        return
    while run.next_report <= run.stop + 1e-9 and not settings.at_once:
        run.next_report += settings.interval
    issue = _room_for_issue(s)
    for author in range(s.posts.shape[0]):
        if s.posts[author].n_channels:
            _write_report(s, author, issue)
    s.issues[issue].until = run.stop
    s.issues[issue].waiting = s.channels.shape[0]
    for number in range(s.channels.shape[0]):
        author = s.authors[s.channels[number].authors]
        row = _send(s, number, BUNDLE, author, run.stop)
        s.messages[row].issue = run.issue
    run.issue += 1


@compiled
def tell_find(s: Any, row: int, author: int) -> None:
    """Tell a find at once, if that is the interval; it serves as an alert as well."""
    settings, attempt, post = s.settings[0], s.attempts[row], s.posts[author]
    time = s.run[0].clock
    if not settings.at_once or not s.crimes[attempt.crime].category or not post.n_channels:
        return
    segment = s.segments[attempt.segment]
    cell = segment.first_cell if segment.first_post == author else segment.second_cell
    s.told[cell, attempt.crime, OWN_FINDS] += 1.0
    charge(s, SHARING, author, settings.report_hours, True)
    s.counts[SHARING, 0] += 1
    first = segment.first_side == attempt.destination
    warned = segment.first_post if first else segment.second_post
    for index in range(post.channels, post.channels + post.n_channels):
        number = s.author_channels[index]
        # As for bundles, the chance of a message is that of the first author of its channel.
        first_author = s.authors[s.channels[number].authors]
        message_row = _send(s, number, FIND, first_author, time)
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
        row = _send(s, s.author_channels[index], PLAN, author, s.run[0].start)
        s.messages[row].plan = _keep_plan(s, plan)


# Reading


@compiled
def read_reports(s: Any) -> None:
    """Let every post read what it has had the time to read by now."""
    for reader in range(s.posts.shape[0]):
        if s.posts[reader].inbox >= 0:
            _read(s, reader, s.run[0].start)


@compiled
def _read(s: Any, reader: int, now: float) -> None:
    """Work through a post's inbox, one message after another."""
    settings, post = s.settings[0], s.posts[reader]
    while post.inbox >= 0 and s.messages[post.inbox].arrival <= now:
        row = post.inbox
        message = s.messages[row]
        items = _items(s, message)
        if message.lost:
            _take_out(s, post, row)
            experience(s, link_of(s, reader, message.author), False, settings.trust_loss)
            note_post(s, message.arrival, _LOST, reader, message.author, float(items))
            continue
        share = draw(s, READING, reader, message.occasion, message.part)
        hours = exponential(share) * items * 24.0 / settings.reports_per_day
        done = max(message.arrival, post.reading_since) + hours
        if done > now:
            break
        post.reading_since = done
        if message.form == PLAN:
            _read_plan(s, link_of(s, reader, message.author), message.plan)
        elif message.form == FIND:
            _read_find(s, reader, message, done)
        else:
            _read_bundle(s, reader, message, done)
        _take_out(s, post, row)
        note_post(s, done, _READ, reader, message.author, float(items))


@compiled
def _take_out(s: Any, post: Any, row: int) -> None:
    """Take the first message out of a post's inbox, and free what it carried."""
    run, message = s.run[0], s.messages[row]
    post.inbox = message.after
    if message.after >= 0:
        s.messages[message.after].before = -1
    else:
        post.inbox_end = -1
    if message.form == BUNDLE:
        s.issues[message.issue % s.issues.shape[0]].waiting -= 1
    elif message.form == PLAN:
        _free_plan(s, message.plan)
    message.after = run.free_message
    run.free_message = row


@compiled
def hear_of(s: Any, link: int, age: float) -> float:
    """Weight that a report of some age has for a reader, by trust in its author."""
    return s.links[link].trust * keep_share(age, s.settings[0].belief_half_life)


@compiled
def believe_cell(
    s: Any, reader: int, index: int, crime: int, finds: float, effort: float, weight: float
) -> None:
    """Take finds and effort on a common segment, by its index on a link, into a belief."""
    cell = s.posts[reader].cells + s.common_mine[index]
    s.alpha[cell, crime] = observe(s.alpha[cell, crime], finds, weight)
    s.beta[cell, crime] = observe(s.beta[cell, crime], effort, weight)


@compiled
def finish_reading(s: Any, link: int, until: float) -> None:
    """Take note of how recent a report is, and trust its author more for it."""
    row = s.links[link]
    row.heard = max(row.heard, until)
    experience(s, link, True, s.settings[0].trust_gain)


@compiled
def _read_bundle(s: Any, reader: int, message: Any, now: float) -> None:
    """Read reports that fell due."""
    channel, issue = s.channels[message.channel], message.issue % s.issues.shape[0]
    until = s.issues[issue].until
    for index in range(channel.authors, channel.authors + channel.n_authors):
        author, link_number = s.authors[index], s.author_link[index]
        link, cells = s.links[link_number], s.posts[s.authors[index]].cells
        age = now - (s.issue_since[issue, author] + until) / 2.0
        weight = hear_of(s, link_number, age)
        for common in range(link.common, link.common + link.n_common):
            cell = cells + s.common_theirs[common]
            for crime in range(s.crimes.shape[0]):
                finds = s.issue_seen[issue, cell, crime, 0]
                effort = s.issue_seen[issue, cell, crime, 1]
                believe_cell(s, reader, common, crime, finds, effort, weight)
        if s.issue_plan[issue, author] >= 0:
            _read_plan(s, link_number, s.issue_plan[issue, author])
        finish_reading(s, link_number, until)
        if s.settings[0].of_markers and s.run[0].damaged:
            tell(s, author, reader, until)


@compiled
def _read_find(s: Any, reader: int, message: Any, now: float) -> None:
    """Read of one find."""
    link_number = link_of(s, reader, message.teller)
    link = s.links[link_number]
    weight = hear_of(s, link_number, now - message.until)
    for common in range(link.common, link.common + link.n_common):
        if s.common_theirs[common] == message.place:
            believe_cell(s, reader, common, message.crime, 1.0, 0.0, weight)
    finish_reading(s, link_number, message.until)
    if s.settings[0].of_markers and s.run[0].damaged:
        tell(s, message.teller, reader, message.until)

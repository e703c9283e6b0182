"""How posts read reports and plans, and believe them; see `sim.coordination.sharing`."""

from typing import Any

from sim.draws import exponential
from sim.engine.compiled.books import note_post
from sim.engine.compiled.chance import READING, draw
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.issues import EFFORT, FINDS
from sim.engine.compiled.markers import tell
from sim.engine.compiled.messages import FIND, PLAN, items_in, take_out
from sim.engine.compiled.plans import read_plan
from sim.engine.compiled.trust import experience, link_of
from sim.engine.events import Kind
from sim.rules.belief import keep_share, observe

_READ, _LOST = int(Kind.REPORT_READ), int(Kind.REPORT_LOST)


@compiled
def read_reports(s: Any) -> None:
    """Let every post read what it has had the time to read by now."""
    for reader in range(s.inbox.shape[0]):
        if s.inbox[reader] >= 0:
            _read(s, reader, s.run[0].start)


@compiled
def _read(s: Any, reader: int, now: float) -> None:
    """Work through a post's inbox, one message after another."""
    settings, post = s.settings[0], s.posts[reader]
    while s.inbox[reader] >= 0 and s.messages[s.inbox[reader]].arrival <= now:
        row = s.inbox[reader]
        message = s.messages[row]
        items = items_in(s, message)
        if message.lost:
            take_out(s, reader, row)
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
            read_plan(s, link_of(s, reader, message.author), message.plan)
        elif message.form == FIND:
            _read_find(s, reader, message, done)
        else:
            _read_bundle(s, reader, message, done)
        take_out(s, reader, row)
        note_post(s, done, _READ, reader, message.author, float(items))


@compiled
def _read_bundle(s: Any, reader: int, message: Any, now: float) -> None:
    """Read reports that fell due."""
    channel, issue = s.channels[message.channel], message.issue
    until = s.issues[issue].until
    for index in range(channel.authors, channel.authors + channel.n_authors):
        author, link_number = s.authors[index], s.author_link[index]
        link, cells = s.links[link_number], s.posts[s.authors[index]].cells
        age = now - (s.issue_since[issue, author] + until) / 2.0
        weight, found = hear_of(s, link_number, age), s.issue_found[issue, author]
        for common in range(link.common, link.common + link.n_common):
            cell = cells + s.common_theirs[common]
            for crime in range(s.crimes.shape[0]):
                finds = s.issue_seen[issue, FINDS, cell, crime] if found else 0.0
                effort = s.issue_seen[issue, EFFORT, cell, crime]
                believe_cell(s, reader, common, crime, finds, effort, weight)
        if s.issue_plan[issue, author] >= 0:
            read_plan(s, link_number, s.issue_plan[issue, author])
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


@compiled
def hear_of(s: Any, link: int, age: float) -> float:
    """Weight that a report of some age has for a reader, by trust in its author."""
    return s.trust[link] * keep_share(age, s.settings[0].belief_half_life)


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

"""Messages on their way from post to post, and the inbox they wait in."""

from typing import Any

from sim.engine.compiled.books import note_post
from sim.engine.compiled.chance import REPORT_LOSS, draw
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.issues import read_once
from sim.engine.compiled.names import SHARING
from sim.engine.compiled.pools import extended, give_back, is_full, take_row
from sim.engine.events import Kind

BUNDLE, FIND, PLAN = range(3)
_SENT = int(Kind.REPORT_SENT)


@compiled
def is_linked(s: Any, instrument: int, time: float) -> bool:
    """Whether the links that an instrument uses are up."""
    for index in range(s.linked.shape[1]):
        if s.linked[instrument, index, 0] <= time < s.linked[instrument, index, 1]:
            return False
    return True


@compiled
def new_message(s: Any) -> int:
    """Give a free row of `s.messages`."""
    if is_full(s.messages):
        s.messages = extended(s.messages)
    return take_row(s.messages)


@compiled
def items_in(s: Any, message: Any) -> int:
    """How much there is to read in a message."""
    return s.channels[message.channel].n_authors if message.form == BUNDLE else 1


@compiled
def send(s: Any, channel_number: int, form: int, author: int, time: float) -> int:
    """Put a message on its way.

    Returns
    -------
    Its row in `s.messages`; what it carries is still to be filled in.
    """
    run, settings, channel = s.run[0], s.settings[0], s.channels[channel_number]
    row = new_message(s)
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
        s.inbox[channel.reader] = row
    if after >= 0:
        s.messages[after].before = row
    else:
        reader.inbox_end = row
    note_post(s, time, _SENT, channel.reader, author, float(items_in(s, message)))
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
def take_out(s: Any, reader: int, row: int) -> None:
    """Take the first message out of a post's inbox, and free what it carried."""
    message = s.messages[row]
    s.inbox[reader] = message.after
    if message.after >= 0:
        s.messages[message.after].before = -1
    else:
        s.posts[reader].inbox_end = -1
    if message.form == BUNDLE:
        read_once(s, message.issue)
    elif message.form == PLAN:
        give_back(s.plans, message.plan)
    give_back(s.messages, row)

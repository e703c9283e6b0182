"""Information sharing: reports on a schedule, with latency, loss, headings, scope and a queue."""

import heapq
from dataclasses import dataclass
from itertools import chain

import networkx as nx

from sim.agents import Attempt, Post, Shift
from sim.agents.report import Plan, Report
from sim.coordination.instrument import Instrument, Theatre
from sim.draws import Purpose, exponential
from sim.scenario.doses import Sharing
from sim.world.communication import Node, post_node, reachable
from sim.world.sites import PostSite

TIES = {
    "twins": frozenset({"twin"}),
    "neighbours": frozenset({"facing"}),
    "province": frozenset({"command", "province"}),
    "all": frozenset({"command", "province", "national"}),
}
"""By which ties of the communication graph reports travel, by scope."""

HOPS = {"twins": 1, "neighbours": 1, "province": 3, "all": 5}
"""Most hops a report makes: post to post, or over one or two levels of command on each side."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A way from authors to a reader.

    Attributes
    ----------
    number : index over all channels
    reader : number of the post that reads
    authors : numbers of the posts whose reports it carries in one bundle
    hops : ties on the way
    """

    number: int
    reader: int
    authors: tuple[int, ...]
    hops: int


@dataclass(frozen=True, slots=True)
class Message:
    """What is under way on a channel: reports, or a plan alone."""

    channel: Channel
    serial: int
    lost: bool
    reports: tuple[Report, ...] = ()
    plan: tuple[int, Plan] | None = None

    @property
    def items(self) -> int:
        """How much there is to read."""
        return 1 if self.plan else len(self.reports)


class InformationSharing(Instrument):
    """Carries reports, and plans if they are shared, between the sides.

    With an interval of 0, finds are told at once and alert the other side, plans are told when they
    are made, and reports of effort leave at the end of each shift; otherwise reports leave at the
    end of the shift in which they fall due.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy, with an interval other than "never"
    """

    name = "sharing"

    def __init__(self, theatre: Theatre, dose: Sharing) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        self.interval_hours = dose.interval_hours
        self.at_once = self.interval_hours == 0.0
        self.categories = frozenset(dose.categories)
        self.next_due = self.since + self.interval_hours
        self.channels: list[Channel] = []
        self.sent = 0
        self.reports_written = 0
        self.inboxes: dict[int, list[tuple[float, int, int, int, int, Message]]] = {}
        self.reading_since: dict[int, float] = {}

    def connect(self) -> None:
        """Tie posts that face each other, if they are to report to each other directly."""
        if self.dose.scope != "neighbours":
            return
        world = self.stage.world
        for site in world.posts:
            for other in world.facing[site.number]:
                graph, ends = world.communication, (post_node(site), post_node(world.posts[other]))
                joins = self.joins(site.side, world.posts[other].side)
                if joins and not graph.has_edge(*ends):
                    graph.add_edge(*ends, tie="facing")

    def prepare(self) -> None:
        """Find for each post whose reports reach it, and by which way."""
        first = not self.channels
        self.channels.clear()
        world = self.stage.world
        ties = TIES[self.dose.scope] | ({"twin"} if self.dose.scope == "neighbours" else set())
        graph = reachable(world.communication, frozenset(ties))
        by_node = {post_node(site): site for site in world.posts}
        # Who of a side has the same links hears the same, as all of a province may.
        known: dict[tuple[str, frozenset[Node]], list[tuple[int, tuple[int, ...]]]] = {}
        for site in world.posts:
            links = site.side, frozenset(graph.pred[post_node(site)])
            if links not in known:
                known[links] = self._bundles(graph, site, by_node)
            for hops, authors in known[links]:
                self.channels.append(Channel(len(self.channels), site.number, authors, hops))
        self.by_author = _by_author(self.channels)
        for number in self.by_author if first else ():
            self.theatre.posts_by_number[number].records.begin_to_report(self.theatre.clock)

    def _bundles(
        self, graph: "nx.DiGraph[Node]", site: PostSite, by_node: dict[Node, PostSite]
    ) -> list[tuple[int, tuple[int, ...]]]:
        """Give hops and authors of each bundle of reports that reaches a post."""
        ways = nx.single_target_shortest_path_length(
            graph, post_node(site), cutoff=HOPS[self.dose.scope]
        )
        bundles: dict[tuple[Node, int], list[int]] = {}
        for node, hops in sorted(dict(ways).items()):
            author = by_node.get(node)
            if author is None or author.side == site.side:
                continue
            if not self.joins(author.side, site.side):
                continue
            source = node if hops == 1 else ("command", author.side, author.province)
            bundles.setdefault((source, hops), []).append(author.number)
        return [(hops, tuple(authors)) for (_, hops), authors in sorted(bundles.items())]

    def succeed(self, before: Instrument) -> None:
        """Take over what is under way and what waits to be read."""
        before.end()
        if isinstance(before, InformationSharing):
            self.inboxes, self.reading_since = before.inboxes, before.reading_since

    def end(self) -> None:
        """Let posts remember what they told, for those who tell each other face to face."""
        for channel in self.channels:
            for number in channel.authors:
                self.theatre.posts_by_number[number].records.count_as_told(channel.reader)

    def carries(self, author: int, reader: int) -> bool:
        """Whether it takes the reports of one post to another."""
        return any(channel.reader == reader for channel in self.by_author.get(author, ()))

    # Sending

    def after_shift(self, shift: Shift) -> None:
        """Write and send the reports that have fallen due."""
        if shift.end < self.next_due - 1e-9:
            return
        while self.next_due <= shift.end + 1e-9 and not self.at_once:
            self.next_due += self.interval_hours
        written = {}
        for author in self.by_author:
            post = self.theatre.posts_by_number[author]
            plan = post.plan if self.dose.plans and not self.at_once else None
            written[author] = post.records.write_report(self.categories, shift.end, plan)
            self._charge_report(post)
        for channel in self.channels:
            reports = tuple(written[author] for author in channel.authors)
            self._send(channel, shift.end, reports=reports)

    def on_detection(self, attempt: Attempt, post: Post, time: float) -> None:
        """Tell a find at once, if that is the interval; it serves as an alert as well."""
        heading = self.stage.crime(attempt.crime).category
        if not self.at_once or heading not in self.categories or post.number not in self.by_author:
            return
        report = post.records.tell_at_once(attempt, time)
        self._charge_report(post)
        warned = self.stage.world.holder[attempt.destination, attempt.segment]
        for channel in self.by_author[post.number]:
            arrival = self._send(channel, time, reports=(report,))
            if arrival is not None and channel.reader == warned and time < attempt.line:
                self.theatre.schedule_alert(warned, attempt, arrival)

    def plan_decided(self, post: Post, plan: Plan, time: float) -> None:
        """Tell a plan when it is made, if plans are shared at once."""
        if self.dose.plans and self.at_once:
            for channel in self.by_author.get(post.number, ()):
                self._send(channel, time, plan=(post.number, plan))

    def _charge_report(self, post: Post) -> None:
        self.reports_written += 1
        self.charge(post, self.dose.report_hours)

    def _send(
        self,
        channel: Channel,
        time: float,
        reports: tuple[Report, ...] = (),
        plan: tuple[int, Plan] | None = None,
    ) -> float | None:
        """Put a message on its way.

        Returns
        -------
        When it arrives, h; None if it is lost.
        """
        self.sent += 1
        # Chance is keyed by when and between whom, so that other messages cannot shift it.
        occasion = round(time * 3600.0)
        part = 2 * channel.number + (plan is not None)
        author = plan[0] if plan else channel.authors[0]
        share = self.stage.chance.uniform(Purpose.REPORT_LOSS, author, occasion, part)
        lost = share >= self.dose.reliability or not self.theatre.linked(self.name, time)
        message = Message(channel, self.sent, lost, reports, plan)
        arrival = time + channel.hops * self.dose.latency_hours
        inbox = self.inboxes.setdefault(channel.reader, [])
        heapq.heappush(inbox, (arrival, part, occasion, author, self.sent, message))
        reader = self.theatre.posts_by_number[channel.reader]
        self._note("report_sent", time, reader, author, message)
        return None if lost else arrival

    # Reading

    def before_decisions(self, shift: Shift) -> None:
        """Let every post read what it has had the time to read by now."""
        for reader in sorted(self.inboxes):
            self._read(self.theatre.posts_by_number[reader], shift.start)

    def _read(self, post: Post, now: float) -> None:
        """Work through a post's inbox, one message after another."""
        inbox = self.inboxes[post.number]
        free = self.reading_since.get(post.number, 0.0)
        while inbox and inbox[0][0] <= now:
            arrival, part, occasion, _, _, message = inbox[0]
            author = message.plan[0] if message.plan else message.channel.authors[0]
            if message.lost:
                heapq.heappop(inbox)
                post.partners.miss_report(author)
                self._note("report_lost", arrival, post, author, message)
                continue
            share = self.stage.chance.uniform(Purpose.READING, post.number, occasion, part)
            hours = exponential(share) * message.items * 24.0 / self.dose.reports_per_day
            done = max(arrival, free) + hours
            if done > now:
                break
            heapq.heappop(inbox)
            free = done
            for report in message.reports:
                post.partners.read_report(report, done)
                self._tell_of_markers(report, post)
            if message.plan is not None:
                post.partners.read_plan(*message.plan)
            self._note("report_read", done, post, author, message)
        self.reading_since[post.number] = free

    def _tell_of_markers(self, report: Report, reader: Post) -> None:
        """Let a report pass on what its author knew of damaged markers."""
        if "line_and_markers" in self.categories:
            author = self.theatre.posts_by_number[report.author]
            sector = author.site.sector
            self.theatre.markers.tell(author.side, reader.side, sector, report.until)

    def _note(self, event: str, time: float, reader: Post, author: int, message: Message) -> None:
        self.theatre.note(event, time, reader.number, author, value=float(message.items))

    def money(self) -> float:
        """What writing cost."""
        return self.dose.money_per_report * self.reports_written


def _by_author(channels: list[Channel]) -> dict[int, list[Channel]]:
    """Give the channels that carry each author's reports; authors bundled alike share one list."""
    carrying: dict[int, list[Channel]] = {}
    for channel in channels:
        carrying.setdefault(id(channel.authors), []).append(channel)
    bundles: dict[int, tuple[int, ...]] = {}
    for bundle, readers in carrying.items():
        for author in readers[0].authors:
            bundles[author] = (*bundles.get(author, ()), bundle)
    together = {
        each: sorted(chain(*map(carrying.__getitem__, each)), key=lambda channel: channel.number)
        for each in set(bundles.values())
    }
    return {author: together[each] for author, each in bundles.items()}

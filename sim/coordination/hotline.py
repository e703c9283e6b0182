"""Hotline: a detection on one side is told at once to those who can act on the other."""

from functools import lru_cache

import networkx as nx

from sim.agents import Attempt, Post
from sim.coordination.instrument import Instrument, Theatre
from sim.draws import Purpose
from sim.rules.cooperation import acts_on_alert
from sim.scenario.doses import Hotline
from sim.world.communication import Node, post_node, reachable

TIES = {
    "post": frozenset({"twin", "command", "province"}),
    "province": frozenset({"command", "province"}),
    "national": frozenset({"command", "national"}),
}
"""Which ties of the communication graph have a telephone, by level."""


class DirectLine(Instrument):
    """Alerts the post across the line when a crosser is about to leave one's authority.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy
    """

    name = "hotline"

    def __init__(self, theatre: Theatre, dose: Hotline) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        self.calls = 0

    def prepare(self) -> None:
        """Find the telephones, and the shortest way between posts by them."""
        world = self.stage.world
        self.telephones: nx.DiGraph[Node] = reachable(world.communication, TIES[self.dose.level])
        self.hops = lru_cache(maxsize=None)(self._hops)

    def _hops(self, post: int, partner: int) -> int | None:
        """Calls it takes from one post to another; None if there is no way."""
        source, target = (post_node(self.stage.world.posts[each]) for each in (post, partner))
        if self.telephones.has_edge(source, target):
            return 1
        try:
            return int(nx.shortest_path_length(self.telephones, source, target))
        except nx.NetworkXNoPath:
            return None

    def on_detection(self, attempt: Attempt, post: Post, time: float) -> None:
        """Call whoever holds the line on the other side, while the crosser is still on this."""
        if post.side != attempt.origin or time >= attempt.line:
            return
        if not self.joins(attempt.origin, attempt.destination):
            return
        partner = self.stage.world.holder[attempt.destination, attempt.segment]
        hops = self.hops(post.number, partner)
        if hops is None:
            return
        self.calls += 1
        self.charge(post, self.dose.call_hours)
        share = self.stage.chance.uniform(Purpose.ANSWER, attempt.number, post.number, partner + 1)
        other = self.theatre.posts_by_number[partner]
        weight = self.stage.scenario.posts.trust.alert_weight
        acts = acts_on_alert(self.dose.works, other.partners.trust_in(post.number), weight)
        if share < acts and self.theatre.linked(self.name, time):
            self.charge(other, self.dose.call_hours)
            self.theatre.schedule_alert(partner, attempt, time + hops * self.dose.minutes / 60.0)

    def on_handover(self, attempt: Attempt, post: Post) -> None:
        """Let a handover strengthen the trust of those who took part in it."""
        step = self.stage.scenario.posts.trust.handover
        for number in sorted(attempt.found_by):
            caller = self.theatre.posts_by_number[number]
            if caller.side != post.side:
                caller.partners.experience(post.number, True, step)
                post.partners.experience(number, True, step)

    def money(self) -> float:
        """Upkeep of every telephone between two that are tied across the line or in command."""
        return (
            self.dose.money_per_link * self.telephones.number_of_edges() / 2.0 * self.days / 365.0
        )

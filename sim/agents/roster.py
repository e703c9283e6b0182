"""Who of a post is on duty: turns, losses, patrols called up and the rest they are owed."""

from typing import NamedTuple

from sim.agents.patrol import Patrol


class CallUp(NamedTuple):
    """Patrols that work in every shift of a period, turn or not.

    Attributes
    ----------
    first, last : the shifts
    patrols : who works
    cause : what for, the name of an instrument
    """

    first: int
    last: int
    patrols: tuple[Patrol, ...]
    cause: str


class Roster:
    """The patrols of a post and when they work.

    Attributes
    ----------
    patrols : all of the post's, those lent to it included, in order of number
    lacking : patrols that the post has to do without, from the end of the list
    more : patrols kept on duty beyond their turn for good, by supplies from outside
    """

    def __init__(self) -> None:
        self.patrols: list[Patrol] = []
        self.lacking = 0
        self.more = 0
        self._call_ups: list[CallUp] = []
        self._by_turn: dict[tuple[int, int, int], list[Patrol]] = {}

    def on_duty(self, shift: int) -> list[Patrol]:
        """Patrols that work in a shift: those whose turn it is, but for the resting, and others."""
        here = self.patrols[: max(0, len(self.patrols) - self.lacking)]
        called = self._called_up(shift)
        owing = any(patrol.owes for patrol in here)
        if called or owing:
            team = [
                patrol
                for patrol in here
                if patrol in called or (patrol.on_duty(shift) and not patrol.owes)
            ]
        else:
            team = self._whose_turn(here, shift)
        if self.more:
            spare = [patrol for patrol in here if patrol not in team and not patrol.owes]
            team = [*team, *spare[: self.more]]
        return team

    def _whose_turn(self, here: list[Patrol], shift: int) -> list[Patrol]:
        if not here:
            return []
        turn = shift % here[0].stage.scenario.patrols.duty_cycle_shifts
        key = (turn, len(here), len(self.patrols))
        if key not in self._by_turn:
            self._by_turn[key] = [patrol for patrol in here if patrol.on_duty(shift)]
        return self._by_turn[key]

    def call_up(self, count: int, first: int, last: int, cause: str) -> int:
        """Have patrols work in every shift from the first to the last, turn or not.

        Those called up rest on later turns of theirs until the time is made up. Nobody is called up
        for two causes at a time.

        Returns
        -------
        How many there were to call up, at most the count.
        """
        here = self.patrols[: max(0, len(self.patrols) - self.lacking)]
        taken = {
            patrol
            for each in self._call_ups
            if each.first <= last and first <= each.last
            for patrol in each.patrols
        }
        free = [patrol for patrol in here if patrol not in taken and not patrol.owes]
        # Those whose turn it is work anyway.
        free.sort(key=lambda patrol: patrol.on_duty(first))
        chosen = tuple(free[:count])
        if chosen:
            self._call_ups.append(CallUp(first, last, chosen, cause))
        return len(chosen)

    def dismiss(self, cause: str) -> None:
        """Send those home who were called up for a cause."""
        self._call_ups = [each for each in self._call_ups if each.cause != cause]

    def _called_up(self, shift: int) -> set[Patrol]:
        return {
            patrol
            for each in self._call_ups
            if each.first <= shift <= each.last
            for patrol in each.patrols
        }

    def keep_account(self, shift: int, team: list[Patrol]) -> None:
        """Note who worked beyond their turn, and who rested for it."""
        if not self._call_ups and not any(patrol.owes for patrol in self.patrols):
            return
        called = self._called_up(shift)
        for patrol in self.patrols:
            if patrol in called and patrol in team and not patrol.on_duty(shift):
                patrol.owes += 1
            elif patrol.owes and patrol.on_duty(shift) and patrol not in team:
                patrol.owes -= 1
        self._call_ups = [each for each in self._call_ups if each.last >= shift]

    def beyond_turn(self, shift: int, cause: str) -> int:
        """How many are on duty for a cause, and not because it is their turn."""
        team = self.on_duty(shift)
        return sum(
            patrol in team and not patrol.on_duty(shift)
            for each in self._call_ups
            if each.cause == cause and each.first <= shift <= each.last
            for patrol in each.patrols
        )

    def lend(self, count: int, to: "Roster") -> list[Patrol]:
        """Give patrols of one's own to another post, the last first; at least one stays."""
        here = self.patrols[: max(0, len(self.patrols) - self.lacking)]
        own = [patrol for patrol in here if patrol.home == patrol.post]
        lent = own[max(1, len(own) - count) :]
        for patrol in lent:
            self.give(patrol, to)
        return lent

    def give(self, patrol: Patrol, to: "Roster") -> None:
        """Move a patrol to another post."""
        self.patrols.remove(patrol)
        to.patrols.append(patrol)
        to.patrols.sort(key=lambda each: each.number)
        self._by_turn.clear()
        to._by_turn.clear()

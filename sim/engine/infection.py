"""Disease that comes over the line: a few equations, no epidemic."""

from collections import Counter
from collections.abc import Sequence

from sim.agents import Shift, Stage
from sim.draws import Purpose, poisson
from sim.engine.surroundings import LawfulDay
from sim.rules.infection import imported_mean, screened_share
from sim.scenario.doses import Health
from sim.scenario.injects import Outbreak


class Infection:
    """Outbreaks that a scenario lets happen, and the cases they bring over the line.

    Parameters
    ----------
    stage : setting of the run

    Attributes
    ----------
    imported : cases that came in so far, by side
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.outbreaks = [each for each in stage.scenario.injects if isinstance(each, Outbreak)]
        self.imported = dict.fromkeys(stage.world.sides, 0)
        self.passed: Counter[tuple[str, str]] = Counter()
        self._dose: Health | None = None
        self._members: tuple[str, ...] = ()
        self._screening: set[str] = set()

    def coordinate(self, dose: Health | None, members: Sequence[str]) -> None:
        """Let sides tell each other of outbreaks, and screen jointly; None for no more of it."""
        self._dose, self._members = dose, tuple(members)

    def screening(self, side: str) -> bool:
        """Whether a side screens people against an outbreak on another."""
        return side in self._screening

    def pass_through(self, origin: str, destination: str) -> None:
        """Count a person who came over the line unseen since the last shift."""
        self.passed[origin, destination] += 1

    def spread(self, shift: Shift, lawful: LawfulDay) -> list[tuple[str, int]]:
        """Let a shift bring cases over the line.

        Parameters
        ----------
        shift : the shift
        lawful : lawful people who cross on that day, in both directions together

        Returns
        -------
        Sides with the cases that came in, where there are any.
        """
        came: list[tuple[str, int]] = []
        self._screening.clear()
        for number, outbreak in enumerate(self.outbreaks):
            if outbreak.covers(shift.start):
                came += self._spread(number, outbreak, shift, lawful)
        self.passed.clear()
        return came

    def _spread(
        self, number: int, outbreak: Outbreak, shift: Shift, lawful: LawfulDay
    ) -> list[tuple[str, int]]:
        pairs = {frozenset(segment.sides) for segment in self.stage.world.segments}
        neighbours = sorted({side for pair in pairs if outbreak.side in pair for side in pair})
        neighbours.remove(outbreak.side)
        came = []
        for part, side in enumerate(neighbours):
            joint = self._joint(outbreak.side, side)
            self._screen(outbreak, side, joint, shift)
            unseen = self.passed[outbreak.side, side] / shift.days
            line = self._line(outbreak.side, side)
            at_gates = 0.5 * sum(lawful.by_gate.get(segment, 0) for segment in line)
            away = 0.5 * sum(lawful.by_segment[segment] for segment in line) + unseen
            screened = self._gates(side, joint), self._elsewhere(side, joint)
            mean = shift.days * (
                imported_mean(at_gates, outbreak.prevalence, screened[0])
                + imported_mean(away, outbreak.prevalence, screened[1])
            )
            draw = self.stage.chance.uniform(Purpose.INFECTION, number, shift.number, part)
            cases = poisson(mean, draw)
            self.imported[side] += cases
            if cases:
                came.append((side, cases))
        return came

    def _line(self, first: str, second: str) -> list[int]:
        """Segments of the line between two sides."""
        segments = self.stage.world.segments
        return [each.number for each in segments if {first, second} == set(each.sides)]

    def _joint(self, first: str, second: str) -> Health | None:
        """What two sides practise jointly."""
        return self._dose if {first, second} <= set(self._members) else None

    def _screen(self, outbreak: Outbreak, side: str, joint: Health | None, shift: Shift) -> None:
        """Let a side begin to screen once it knows."""
        notice = 0.0 if joint else self.stage.scenario.infection.notice_days
        if shift.start >= 24.0 * (outbreak.day + notice):
            self._screening.add(side)
            if joint and joint.level > 1:
                self._screening.add(outbreak.side)

    def _gates(self, side: str, joint: Health | None) -> float:
        """Share of cases found at gates."""
        if side not in self._screening:
            return 0.0
        alone = self.stage.scenario.infection.screened
        return screened_share(alone, joint.gate_screened if joint and joint.level > 1 else 0.0)

    def _elsewhere(self, side: str, joint: Health | None) -> float:
        """Share of cases found away from gates."""
        if side not in self._screening or joint is None or joint.level < 3:
            return 0.0
        return joint.post_screened

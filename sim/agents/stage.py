"""What all agents of a run share and none may change: scenario, world, policy, chance."""

from dataclasses import dataclass, field
from math import fsum

from sim.draws import Chance
from sim.rules.encounter import detection_chance
from sim.scenario import Policy, Scenario
from sim.scenario.parameters import for_side
from sim.scenario.schema import Crime
from sim.world import World


@dataclass(frozen=True, slots=True)
class Shift:
    """The period for which posts decide.

    Attributes
    ----------
    number : 0 for the first
    start, end : h since the start of the run
    dark : share of it that is night
    slowdown : time a way takes relative to a dry day, by province
    """

    number: int
    start: float
    end: float
    dark: float
    slowdown: dict[str, float]

    @property
    def hours(self) -> float:
        """Length of the shift."""
        return self.end - self.start

    @property
    def days(self) -> float:
        """Length of the shift in days."""
        return self.hours / 24.0


@dataclass
class Stage:
    """The setting of a run.

    Attributes
    ----------
    scenario, world : what was asked and where
    chance : all draws of the run
    policy : the policy in force; only the model changes it
    crimes : names of the crime types that occur, in order of their index
    """

    scenario: Scenario
    world: World
    chance: Chance
    policy: Policy = field(init=False)
    crimes: tuple[str, ...] = field(init=False)
    _arrivals: dict[tuple[int, str, str], float] = field(
        init=False, default_factory=dict, repr=False
    )

    def __post_init__(self) -> None:
        """Keep the crime types that some group commits, or all; start with the given policy."""
        used = {group.crime for group in self.scenario.groups} or set(self.scenario.crimes)
        self.crimes = tuple(c for c in self.scenario.crimes if c in used)
        self.policy = self.scenario.policy

    def crime(self, index: int) -> Crime:
        """Give the crime type of an index."""
        return self.scenario.crimes[self.crimes[index]]

    def exposure_hours(self, crime: int, side: str) -> float:
        """How long a crosser of a type is exposed on a side, h."""
        return for_side(self.crime(crime).exposure_hours, side)

    def detection(self, crime: int, keenness: float, dark: float) -> float:
        """Probability that a patrol detects a crosser of a type that it passes."""
        patrols = self.scenario.patrols
        detectability = self.crime(crime).detectability * keenness
        return detection_chance(patrols.detection, detectability, patrols.night_penalty, dark)

    def arrival_share(self, crime: int, side: str, across: str) -> float:
        """Give the share of a crime type's attempts across a line that are bound for one side.

        What a force knows in general terms about the direction of flows; 0 if there are none.
        """
        key = crime, side, across
        if key not in self._arrivals:
            self._arrivals[key] = self._arrival_share(*key)
        return self._arrivals[key]

    def _arrival_share(self, crime: int, side: str, across: str) -> float:
        rates = [
            (group.count * group.attempts_per_day, group.destination == side)
            for group in self.scenario.groups
            if group.crime == self.crimes[crime]
            and {group.origin, group.destination} == {side, across}
        ]
        total = fsum(rate for rate, _ in rates)
        return fsum(rate for rate, arrives in rates if arrives) / total if total else 0.0

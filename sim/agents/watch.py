"""Who watches the line for a post besides its patrols: sensors, and people who tell it."""

from sim.agents.belief import Belief, Table
from sim.agents.coverage import Coverage
from sim.agents.stage import Shift, Stage
from sim.rules.cooperation import goodwill
from sim.rules.ties import in_steps
from sim.scenario.parameters import for_side
from sim.world.sites import PostSite

MONTH_HOURS = 30.0 * 24.0
"""How often people make up their minds about the post."""


class Watch:
    """The sensors of a post, and the people along its sector.

    Parameters
    ----------
    stage : setting of the run
    site : the post
    belief : what it believes, which decides where mobile sensors go
    values : harm of each crime type, shape (crime types, 1)
    coverage : what it covers, which the watch adds to

    Attributes
    ----------
    given_sensors : mobile sensors that it was given
    ears : share of crossings that people tell it of in time, by segment, where there is more than
        the ordinary share
    goodwill : share of what they would tell that people still tell it
    """

    def __init__(
        self, stage: Stage, site: PostSite, belief: Belief, values: Table, coverage: Coverage
    ) -> None:
        self.stage = stage
        self.site = site
        self.belief = belief
        self.values = values
        self.coverage = coverage
        self.given_sensors = 0
        self.ears: dict[int, float] = {}
        self.goodwill = 1.0
        self._placed = (0, -1)
        self._next_month = MONTH_HOURS
        self._stopped = self._passed_by = 0.0

    def keep(self, shift: Shift) -> None:
        """Place the sensors for a shift, and take note of how many people still tell."""
        sensors = self.stage.scenario.posts.sensors
        mobile = for_side(sensors.mobile, self.site.side) + self.given_sensors
        period = int(shift.start // (24.0 * sensors.move_days))
        if (mobile, period) != self._placed:
            self._placed = mobile, period
            self.coverage.sensors = (*self._fixed_sensors(), *self._best_places(mobile))
        community = self.stage.scenario.community
        if shift.start >= self._next_month:
            self._next_month += MONTH_HOURS
            self.goodwill = goodwill(self._stopped, self._passed_by, community.goodwill_per_stop)
            self._stopped = self._passed_by = 0.0
        self.coverage.told = tuple(
            self.ears.get(segment, community.reports) * self.goodwill
            for segment in self.site.sector
        )

    def count(self, stopped: int, people: float) -> None:
        """Take note of lawful people who were stopped, of so many who crossed."""
        self._stopped += stopped
        self._passed_by += people

    def _fixed_sensors(self) -> list[int]:
        """Segments of the fixed sensors: spread evenly over the sector."""
        count = for_side(self.stage.scenario.posts.sensors.fixed, self.site.side)
        length = len(self.site.sector)
        return [self.site.sector[(2 * n + 1) * length // (2 * count)] for n in range(count)]

    def _best_places(self, count: int) -> list[int]:
        """Segments of the sector where most harm is expected, the greatest first, in turn."""
        harm = (self.values * self.belief.mean).sum(axis=0)[: len(self.site.sector)]
        ranked = sorted(range(len(harm)), key=lambda place: (-in_steps(float(harm[place])), place))
        return [self.site.sector[ranked[turn % len(ranked)]] for turn in range(count)]

"""What a scenario lets happen on a date, whoever coordinates how."""

from typing import TYPE_CHECKING

from sim.agents import Post, Shift
from sim.scenario.injects import Inject, LinkOutage, LossOfPatrols, PolicyChange, Tip

if TYPE_CHECKING:
    from sim.engine.model import BorderModel


class Injects:
    """Brings the injects of a scenario into a run when they are due.

    Surges act on groups, gate closures on the surroundings, outbreaks on infection; others here.

    Parameters
    ----------
    model : the run
    """

    def __init__(self, model: "BorderModel") -> None:
        self.model = model
        self.all: tuple[Inject, ...] = model.stage.scenario.injects
        self._policies = iter(model.stage.scenario.later_policies)
        self._losses = [each for each in self.all if isinstance(each, LossOfPatrols)]
        self._outages = [each for each in self.all if isinstance(each, LinkOutage)]

    def linked(self, instrument: str, time: float) -> bool:
        """Whether the links that an instrument uses are up at a time, h."""
        return not any(
            instrument in outage.instruments and outage.covers(time) for outage in self._outages
        )

    def begin(self, shift: Shift) -> None:
        """Let happen what is due at the start of a shift, or during it."""
        for number, inject in enumerate(self.all):
            if shift.start <= 24.0 * inject.day < shift.end:
                self.model.note("inject", 24.0 * inject.day, value=float(number))
                self._do(inject)
        if self._losses:
            for post in self.model.posts:
                post.roster.lacking = sum(
                    loss.patrols
                    for loss in self._losses
                    if loss.covers(shift.start) and suffers(loss, post)
                )

    def _do(self, inject: Inject) -> None:
        if isinstance(inject, PolicyChange):
            self.model.put_in_force(next(self._policies))
        elif isinstance(inject, Tip):
            self._tell(inject)

    def _tell(self, tip: Tip) -> None:
        """Let posts believe a tip; there is no belief about crimes that nobody commits here."""
        crimes = self.model.stage.crimes
        for post in self.model.posts:
            told = not tip.sides or post.side in tip.sides
            if told and tip.segment in post.site.sector and tip.crime in crimes:
                place = crimes.index(tip.crime), post.belief.index[tip.segment]
                post.belief.evidence[0][place] += tip.weight


def suffers(loss: LossOfPatrols, post: Post) -> bool:
    """Whether a post loses patrols."""
    return post.side == loss.side and (not loss.provinces or post.site.province in loss.provinces)

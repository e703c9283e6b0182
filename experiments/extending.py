"""An instrument, an adversary and an allocation of one's own, without editing the package.

`bordersim compare experiments/extending.toml --allow-code`, called from the folder above, runs them
against what the package has.
"""

from dataclasses import replace

from sim.agents import Attempt, Post
from sim.agents.adversaries import ExperienceWeighted, Situation
from sim.agents.allocation import Outlook
from sim.coordination import Instrument, Theatre
from sim.draws import Purpose


class Loudspeaker(Instrument):
    """Patrols that detect somebody call out, so that the other side sends somebody at once.

    Dose: `hears`, the share of calls heard across the line, 0 to 1.
    """

    name = "loudspeaker"
    key = 1001

    def __init__(self, theatre: Theatre, dose: dict[str, float]) -> None:
        super().__init__(theatre, dose)
        self.hears = dose.get("hears", 0.5)

    def on_detection(self, attempt: Attempt, post: Post, time: float) -> None:
        """Let the post across the line know, if it hears the call."""
        if post.side != attempt.origin or time >= attempt.line:
            return
        partner = self.stage.world.holder[attempt.destination, attempt.segment]
        # Chance is keyed, so that it is the same under every policy; no other source may be used.
        share = self.stage.chance.uniform(Purpose.EXTENSION, attempt.number, self.key)
        if share < self.hears:
            self.theatre.schedule_alert(partner, attempt, time)


class Wary(ExperienceWeighted):
    """Learns as usual, but loses twice as much by an interception as it says."""

    def __init__(self, situation: Situation) -> None:
        kind = situation.kind.model_copy(update={"loss": 2.0 * situation.kind.loss})
        super().__init__(replace(situation, kind=kind))


def middle_first(outlook: Outlook) -> tuple[int, ...]:
    """Send all patrols to the beats in the middle of the sector, one after another."""
    middle = (len(outlook.covers) - 1) / 2.0
    ranked = sorted(outlook.beats, key=lambda beat: (abs(beat - middle), beat))
    return tuple(ranked[team % len(ranked)] for team in range(outlook.teams))

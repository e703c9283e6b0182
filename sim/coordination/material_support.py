"""Material support: one side equips the other with vehicles, sensors or supplies."""

from sim.agents import Post, Shift
from sim.coordination.instrument import Instrument, Theatre
from sim.scenario import doses


class MaterialSupport(Instrument):
    """Hands units over to posts on regular dates; each is worn out after some time.

    Parameters
    ----------
    theatre : the run it acts in
    dose : its table in the policy
    """

    name = "material_support"
    key = 6

    def __init__(self, theatre: Theatre, dose: doses.MaterialSupport) -> None:
        super().__init__(theatre, dose)
        self.dose = dose
        self.units: dict[int, list[float]] = {}
        self.given = dict.fromkeys(self.stage.world.sides, 0)
        self.givers: dict[int, int] = {}
        for pair in self.pairs:
            for receiver, giver in (pair.posts, pair.posts[::-1]):
                side = self.stage.world.posts[receiver].side
                if dose.receiver in ("each", side):
                    self.givers.setdefault(receiver, giver)

    def before_decisions(self, shift: Shift) -> None:
        """Hand over what is due, and write off what is worn out."""
        for receiver, giver in sorted(self.givers.items()):
            units = self.units.setdefault(receiver, [])
            held = len(units)
            units[:] = [worn_out for worn_out in units if worn_out > shift.start]
            for _ in self.occasions(receiver, self.dose.units_per_year, shift):
                self._hand_over(receiver, giver, shift)
            if len(units) != held:
                self._equip(self.theatre.posts_by_number[receiver], len(units))

    def _hand_over(self, receiver: int, giver: int, shift: Shift) -> None:
        posts = self.theatre.posts_by_number
        self.units[receiver].append(shift.start + 24.0 * self.dose.life_days)
        self.given[posts[giver].side] += 1
        for number in (receiver, giver):
            self.charge(posts[number], self.dose.handover_hours)
        step = self.stage.scenario.posts.trust.kept
        posts[receiver].partners.experience(giver, True, step)
        self.theatre.note("support", shift.start, receiver, giver)

    def _equip(self, post: Post, units: int) -> None:
        """Let a post make use of so many units."""
        if self.dose.kind == "mobility":
            post.motorise(1.0 + self.dose.speed_gain * units)
        elif self.dose.kind == "sensors":
            post.watch.given_sensors = int(units / self.dose.units_per_sensor)
        else:
            post.roster.more = int(units / self.dose.units_per_patrol)

    def succeed(self, before: Instrument) -> None:
        """Go on using what was handed over, if the receivers still get units of that kind."""
        before.end()
        if isinstance(before, MaterialSupport) and before.dose.kind == self.dose.kind:
            for receiver in self.givers:
                self.units[receiver] = before.units.get(receiver, [])
                self._equip(self.theatre.posts_by_number[receiver], len(self.units[receiver]))

    def end(self) -> None:
        """Stop supplies; what was handed over is not kept up and counts no more."""
        for receiver in self.units:
            self._equip(self.theatre.posts_by_number[receiver], 0)

    def money(self) -> float:
        """What the units cost."""
        return self.dose.money_per_unit * sum(self.given.values())

    def money_by_side(self) -> dict[str, float]:
        """The same, by the side that gave."""
        return {side: self.dose.money_per_unit * count for side, count in self.given.items()}

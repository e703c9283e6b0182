"""A border in Mesa as its users write models: agents that step tick by tick on a network.

The same line, posts, patrols, groups and rates of attempts as a scenario of bordersim, read from
it. Encounters are found by being in the same place at the same tick: a patrol looks at the
crossings in its cell. The tick has to be short against the two hours a crosser is exposed and the
half hour a patrol takes to react, so a quarter of an hour; with a whole hour the model is cheaper
and coarser. Posts hold simple beliefs (finds over effort, by segment), send patrols where they
expect most harm, learn of some crossings that got past them, and tell the posts across the line
once a week what they found; groups learn which segments pay. Instruments, weather, lawful people
and reports by their way are left out.
"""

from collections import Counter
from math import exp
from statistics import mean

import mesa
from mesa.discrete_space import CellAgent, Network

from sim import Scenario
from sim.rules.encounter import darkness
from sim.scenario.parameters import for_side
from sim.scenario.schema import Groups
from sim.world import build_world
from sim.world.sites import PostSite

WEEK_HOURS = 7 * 24.0
TRUST = 0.5


class Crossing(CellAgent):
    """One attempt to cross, from when it comes near the line until it ends."""

    def __init__(self, model, group, cell):
        super().__init__(model)
        self.group = group
        self.cell = cell
        segment = model.segments[cell.coordinate]
        self.km = self.random.random() * segment.length_km
        self.crime = model.inputs.crimes[group.kind.crime]
        self.side = group.kind.origin
        self.hours_left = for_side(self.crime.exposure_hours, self.side)
        self.seen_by = set()

    def step(self):
        """Go on, over the line and out of reach."""
        self.hours_left -= self.model.tick_hours
        if self.hours_left > 0.0:
            return
        if self.side == self.group.kind.origin:
            self.side = self.group.kind.destination
            self.hours_left += for_side(self.crime.exposure_hours, self.side)
        else:
            self.end(intercepted=False)

    def end(self, intercepted):
        """Leave, and let the group learn."""
        self.model.counts["intercepted" if intercepted else "passed"] += 1
        if not intercepted and self.side not in self.seen_by:
            self.model.learn_later(self)
        self.group.learn(self.cell.coordinate, intercepted)
        self.remove()


class Group(mesa.Agent):
    """A smuggling group that tries to cross now and then where it has paid so far."""

    def __init__(self, model, kind: Groups, homes):
        super().__init__(model)
        self.kind = kind
        home = self.random.choice(homes).segment
        near = sorted(model.segments_of[kind.origin], key=lambda number: abs(number - home))
        self.options = near[: kind.reach_segments]
        self.attractions = dict.fromkeys(self.options, 1.0)
        self.chance = kind.attempts_per_day * model.tick_hours / 24.0

    def step(self):
        """Begin an attempt, or wait."""
        if self.random.random() < self.chance:
            sensitivity = self.kind.learning.sensitivity
            weights = [exp(sensitivity * self.attractions[each]) for each in self.options]
            (segment,) = self.random.choices(self.options, weights)
            Crossing(self.model, self, self.model.network[segment])
            self.model.counts["attempts"] += 1

    def learn(self, segment, intercepted):
        """Take in what an attempt brought."""
        reward = -self.kind.loss if intercepted else 1.0
        phi = self.kind.learning.phi
        self.attractions[segment] = phi * self.attractions[segment] + (1.0 - phi) * reward


class Patrol(CellAgent):
    """A patrol that walks back and forth on the segment its post sends it to."""

    def __init__(self, model, post):
        super().__init__(model)
        self.post = post
        self.side = post.site.side
        self.km = 0.0
        self.direction = 1
        self.busy_hours = 0.0

    def send_to(self, number):
        """Begin somewhere on a segment."""
        self.cell = self.model.network[number]
        self.length = self.model.segments[number].length_km
        self.step_km = self.model.speed_of(number) * self.model.tick_hours
        self.km = self.random.random() * self.length
        self.direction = self.random.choice((-1, 1))
        self.busy_hours = 0.0

    def step(self):
        """Walk on, and look at whom it passes, unless it is taken up by somebody."""
        if self.busy_hours > 0.0:
            self.busy_hours -= self.model.tick_hours
            return
        low, high = self.walk()
        for other in self.cell.agents:
            if isinstance(other, Crossing) and other.side == self.side and low <= other.km < high:
                self.meet(other)

    def walk(self):
        """Move by a tick's way, turning round at the ends; give what was walked over."""
        begin, end = self.km, self.km + self.direction * self.step_km
        walked = [begin, end]
        if not 0.0 <= end <= self.length:
            turn = 0.0 if end < 0.0 else self.length
            end = 2.0 * turn - end
            walked = [begin, turn, end]
            self.direction = -self.direction
        self.km = end
        return min(walked), max(walked)

    def meet(self, crossing):
        """See a crosser or not, and if so go after it."""
        settings = self.model.inputs.patrols
        chance = settings.detection * crossing.crime.detectability
        if self.random.random() >= chance * (1.0 - settings.night_penalty * self.model.dark):
            return
        if not crossing.seen_by:
            self.model.counts["detected"] += 1
        crossing.seen_by.add(self.side)
        self.post.note_find(crossing)
        response = self.random.expovariate(1.0 / settings.response_hours)
        self.busy_hours = min(response, crossing.hours_left)
        if response <= crossing.hours_left and self.random.random() < settings.interception:
            self.busy_hours = response + settings.processing_hours
            crossing.end(intercepted=True)


class Post(mesa.Agent):
    """A post that believes, sends out its patrols and tells its neighbours."""

    def __init__(self, model, site: PostSite):
        super().__init__(model)
        self.site = site
        belief = model.inputs.posts.belief
        harm = sum(model.inputs.crimes[name].harm for name in model.crimes)
        self.prior = belief.prior_rate_per_day * belief.prior_days * harm, belief.prior_days
        self.finds = dict.fromkeys(site.sector, 0.0)
        self.effort = dict.fromkeys(site.sector, 0.0)
        self.news = Counter()
        self.news_effort = Counter()
        self.patrols = [
            Patrol(model, self) for _ in range(for_side(model.inputs.patrols.per_post, site.side))
        ]

    def step(self):
        """Decide where the patrols of the next shift walk."""
        keep = 0.5 ** (self.model.shift_hours / (24.0 * self.model.half_life_days))
        for number in self.site.sector:
            self.finds[number] *= keep
            self.effort[number] = keep * self.effort[number] + self.model.effort_inland
        left = {number: self.expected(number) for number in self.site.sector}
        for patrol in self.on_duty():
            number = max(left, key=left.get)
            patrol.send_to(number)
            share = self.model.shares_found[number]
            left[number] *= 1.0 - share
            self.effort[number] += share * self.model.shift_hours / 24.0
            self.news_effort[number] += share * self.model.shift_hours / 24.0

    def on_duty(self):
        """Give the patrols whose turn it is."""
        cycle = self.model.inputs.patrols.duty_cycle_shifts
        return self.patrols[self.model.shift % cycle :: cycle]

    def expected(self, number):
        """Give the harm it expects to find on a segment, a day."""
        finds, effort = self.prior
        rate = (finds + self.finds[number]) / (effort + self.effort[number])
        return rate * self.model.shares_found[number]

    def note_find(self, crossing):
        """Take in a find of one of its patrols."""
        number = crossing.cell.coordinate
        self.finds[number] += crossing.crime.harm
        self.news[number] += crossing.crime.harm

    def share(self):
        """Tell the posts across the line what was found with what effort since last time."""
        for post in self.model.facing[self.site.number]:
            for number in self.site.sector:
                if number in post.finds:
                    post.finds[number] += TRUST * self.news[number]
                    post.effort[number] += TRUST * self.news_effort[number]
        self.news.clear()
        self.news_effort.clear()


class TickModel(mesa.Model):
    """The border of a scenario, tick by tick.

    Parameters
    ----------
    scenario : whose line, forces and groups it has
    tick_hours : length of a tick; a shift must be a multiple of it
    rng : seed

    Attributes
    ----------
    counts : attempts, detected, intercepted, passed
    agent_steps : calls of an agent's `step` so far, counted by sets
    """

    def __init__(self, scenario: Scenario, tick_hours: float = 0.25, rng: int = 1):
        super().__init__(rng=rng)
        self.inputs = scenario  # `scenario` is Mesa's own name from 3.5 on
        self.tick_hours = tick_hours
        self.shift_hours = scenario.time.shift_hours
        self.half_life_days = scenario.posts.belief.half_life_days
        world = build_world(scenario)
        self.segments = world.segments
        self.segments_of = {
            side: [each.number for each in world.segments if side in each.sides]
            for side in world.sides
        }
        self.network = Network(world.border, random=self.random)
        self.crimes = {kind.crime for kind in scenario.groups}
        # Half of the crossings of a segment arrive on a side.
        self.effort_inland = 0.5 * scenario.community.learned_later * self.shift_hours / 24.0
        exposed = [
            for_side(scenario.crimes[kind.crime].exposure_hours, kind.origin)
            for kind in scenario.groups
        ]
        self.shares_found = [self.share_found(each.number, mean(exposed)) for each in self.segments]
        posts = [Post(self, site) for site in world.posts]
        self.holder = {where: posts[number] for where, number in world.holder.items()}
        self.facing = {
            number: [posts[each] for each in others] for number, others in world.facing.items()
        }
        for kind in scenario.groups:
            homes = world.roads.homes(kind)
            for _ in range(kind.count):
                Group(self, kind, homes)
        self.ticks = 0
        self.shift = -1
        self.dark = 0.0
        self.walking = self.agents.select(lambda agent: False)
        self.counts = Counter()
        self.agent_steps = 0

    def learn_later(self, crossing):
        """Let the post that a crosser got past find out, or not."""
        if self.random.random() < self.inputs.community.learned_later:
            self.holder[crossing.side, crossing.cell.coordinate].note_find(crossing)

    @property
    def hours(self):
        """Time since the start, h."""
        return self.ticks * self.tick_hours

    def speed_of(self, number):
        """Walking speed on a segment, km/h."""
        return self.inputs.world.speed_kmh[self.segments[number].relief - 1]

    def share_found(self, number, hours):
        """Share of crossings on a segment that one patrol there would detect, roughly."""
        passed = hours * self.speed_of(number) / self.segments[number].length_km
        return min(1.0, passed) * self.inputs.patrols.detection

    def step(self):
        """Let a tick pass; at its beginning posts decide if a shift begins, and tell each week."""
        if self.hours % self.shift_hours == 0.0:
            self.begin_shift()
        if self.hours > 0.0 and self.hours % WEEK_HOURS == 0.0:
            self.agents_by_type[Post].shuffle_do("share")
        acting = [self.agents_by_type[Group], self.walking]
        if Crossing in self.agents_by_type:
            acting.insert(1, self.agents_by_type[Crossing])
        for agents in acting:
            self.agent_steps += len(agents)
            agents.shuffle_do("step")
        self.ticks += 1

    def begin_shift(self):
        """Let posts decide, and the patrols on duty take over."""
        self.shift += 1
        world, start = self.inputs.world, self.hours
        self.dark = darkness(start, start + self.shift_hours, world.dusk_hour, world.dawn_hour)
        self.agents_by_type[Post].shuffle_do("step")
        on_duty = {patrol for post in self.agents_by_type[Post] for patrol in post.on_duty()}
        for patrol in self.walking:
            if patrol not in on_duty:
                patrol.cell = None
        self.walking = self.agents_by_type[Patrol].select(on_duty.__contains__)

    def run_days(self, days):
        """Run so many days."""
        for _ in range(round(days * 24.0 / self.tick_hours)):
            self.step()

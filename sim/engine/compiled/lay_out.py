"""From agents to columns: lay out the state of a run that is about to begin."""

from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents import SmugglingGroup
from sim.agents.adversaries import DAYPARTS
from sim.agents.adversaries.attraction import Static
from sim.agents.adversaries.estimating import Estimating
from sim.agents.adversaries.level_k import LevelK
from sim.agents.beat import Beat
from sim.coordination import Instrument
from sim.coordination.aid import SurgeAid, joins_commands
from sim.coordination.friendship_exchanges import FriendshipExchanges
from sim.coordination.hotline import DirectLine
from sim.coordination.instrument import Pair
from sim.coordination.material_support import MaterialSupport
from sim.coordination.residential_twinning import ResidentialTwinning
from sim.coordination.sharing import InformationSharing
from sim.draws import Purpose
from sim.engine.compiled.columns import (
    INJECTS,
    LOSSES,
    MATRICES,
    TABLES,
    TIPS,
    dtype_of,
    table,
)
from sim.engine.compiled.deciding import ALLOCATIONS
from sim.engine.compiled.groups import ADVERSARIES
from sim.engine.compiled.instruments import SCHEDULE_KINDS, UNIT_KINDS
from sim.engine.compiled.names import INSTRUMENT_NUMBERS
from sim.engine.compiled.state import NAMES, state_of
from sim.engine.compiled.walking import SPACINGS
from sim.engine.compiled.watching import MONTH_HOURS
from sim.engine.events import COLUMNS
from sim.engine.injects import suffers
from sim.engine.surroundings import ENDINGS_OF_MONTHS
from sim.rules.encounter import darkness
from sim.scenario.injects import GateClosure, LinkOutage, LossOfPatrols, Outbreak, Tip
from sim.scenario.parameters import for_side

if TYPE_CHECKING:
    from sim.engine.model import BorderModel

Columns = dict[str, Any]

_FORMS = 12
"""Kinds of shift, by length and darkness, for which a post keeps what its beats cover."""


class Layout:
    """Columns of a run, filled from a model whose agents have just been raised.

    Parameters
    ----------
    model : the model, before its first shift

    Attributes
    ----------
    columns : tables and arrays by name
    """

    def __init__(self, model: "BorderModel") -> None:
        self.model = model
        self.stage = model.stage
        self.scenario = model.stage.scenario
        self.world = model.stage.world
        self.policy = model.stage.policy
        self.columns: Columns = {}
        self.crimes = len(self.stage.crimes)
        self.sides = {side: index for index, side in enumerate(self.world.sides)}
        self.instruments = {each.name: each for each in model.instruments}
        self.posts = model.posts_by_number
        self._lay_out_time()
        self._lay_out_segments()
        self._lay_out_posts()
        self._lay_out_patrols()
        self._lay_out_groups()
        self._lay_out_pairs()
        self._lay_out_channels()
        self._lay_out_links()
        self._lay_out_plans()
        self._lay_out_injects()
        self._lay_out_aid()
        self._lay_out_books()
        self._lay_out_settings()

    def state(self) -> Any:
        """Put the columns together for compiled code."""
        lacking = [m.name for m in MATRICES if m.name not in self.columns]
        assert not lacking, lacking
        for matrix in MATRICES:
            array = self.columns[matrix.name]
            self.columns[matrix.name] = np.ascontiguousarray(array, dtype=matrix.dtype)
        return state_of(tuple(self.columns[name] for name in NAMES))

    def _lay_out_time(self) -> None:
        """The clock and the skies."""
        time, world = self.scenario.time, self.scenario.world
        shifts = ceil(24.0 * time.days / time.shift_hours) + 2
        forms: dict[tuple[float, float], int] = {}
        kinds = np.zeros(shifts + 64, dtype="i8")
        end = 24.0 * time.days
        for number in range(len(kinds)):
            start = number * time.shift_hours
            # A shift to come is expected to last its full time, even if the run ends within it.
            stop = start + time.shift_hours
            if start < end < stop:
                stop = min(stop, end)
            key = stop - start, darkness(start, stop, world.dusk_hour, world.dawn_hour)
            kinds[number] = forms.setdefault(key, len(forms))
        self.forms = min(len(forms), _FORMS)
        skies = max(self.world.skies.values(), default=-1) + 1
        self.columns |= {
            "shift_forms": kinds,
            "slowdown": np.ones(skies),
            "wet_days": np.array(world.wet_days),
            "keys": np.array(
                [
                    self.stage.chance.keys.get(purpose, 0)  # type: ignore[call-overload]
                    for purpose in range(max(Purpose) + 1)
                ],
                dtype="u8",
            ),
        }

    def _lay_out_segments(self) -> None:
        """The line."""
        world, settings = self.world, self.scenario
        rows = table("segments", len(world.segments))
        near: list[int] = []
        closures: list[tuple[float, float, float]] = []
        shut = [each for each in settings.injects if isinstance(each, GateClosure)]
        for number, segment in enumerate(world.segments):
            row = rows[number]
            row["length"] = segment.length_km
            speed = settings.world.speed_kmh[segment.relief - 1]
            row["reach"] = settings.patrols.sweep_km / speed
            first, second = segment.sides
            row["first_side"], row["second_side"] = self.sides[first], self.sides[second]
            row["first_post"] = world.holder.get((first, number), -1)
            row["second_post"] = world.holder.get((second, number), -1)
            row["gate"] = settings.community.lawful_per_gate.get(segment.gate, -1.0)
            row["near_from"] = len(near)
            near += sorted(world.border[number])
            row["near_to"] = len(near)
            row["closures"] = len(closures)
            if row["gate"] >= 0.0:
                for each in shut:
                    if not each.provinces or set(each.provinces) & set(segment.provinces):
                        begin, end = 24.0 * each.day, 24.0 * (each.day + each.days)
                        closures.append((begin, end, each.diverted))
            row["closures_to"] = len(closures)
            row["first_cell"] = row["second_cell"] = row["damage"] = -1
        twinning = self.instruments.get("residential_twinning")
        if isinstance(twinning, ResidentialTwinning):
            rows["village"][twinning.villages] = 1
        pairs = np.zeros((len(self.sides), len(self.sides)))
        for segment in world.segments:
            first, second = (self.sides[side] for side in segment.sides)
            pairs[first, second] = pairs[second, first] = 1
        self.columns |= {
            "segments": rows,
            "near": np.array(near or [0]),
            "neighbours": pairs,
            "closures": np.array(closures, dtype=dtype_of(TABLES["closures"])),
        }

    def _lay_out_posts(self) -> None:
        """Posts, what they see, their beats and what they believe."""
        world, settings = self.world, self.scenario
        rows = table("posts", len(self.posts))
        segments = self.columns["segments"]
        cells: list[int] = []
        ways: list[float] = []
        beats: list[tuple[int, Beat]] = []
        choice: list[int] = []
        for post in self.posts:
            row, site = rows[post.number], post.site
            row["side"] = self.sides[post.side]
            row["sky"] = world.skies[site.province]
            kind = for_side(self.policy.allocation.kind, post.side)
            row["allocation"] = ALLOCATIONS[kind]
            row["leads"] = site.pair.index(post.side)
            row["cells"] = len(cells)
            row["sector"], row["in_view"] = len(site.sector), len(post.belief.view)
            for place, number in enumerate(site.sector):
                which = "first_cell" if segments[number]["first_post"] == post.number else None
                segments[number][which or "second_cell"] = len(cells) + place
            cells += post.belief.view
            ways += post.ways_km + [0.0] * (len(post.belief.view) - len(site.sector))
            row["beats"], row["n_beats"] = len(beats), len(post.beats)
            index = {number: place for place, number in enumerate(site.sector)}
            beats += [(index[beat.segments[0]], beat) for beat in post.beats]
            choice += post.choice + (0,) * (len(post.beats) - len(post.choice))
            row["choices"] = len(post.choice)
            row["singles"] = row["beats"]
            if settings.patrols.beat_segments > 1 and "joint_patrols" in self.instruments:
                row["singles"] = len(beats)
                for place in range(len(site.sector)):
                    beats.append((place, post.single_beat(place)))
                    choice.append(0)
            row["mobility"] = post.coverage.mobility
            row["in_step"] = post.in_step
            row["goodwill"] = 1.0
            row["fixed"] = for_side(settings.posts.sensors.fixed, post.side)
            row["mobile"] = for_side(settings.posts.sensors.mobile, post.side)
            row["placed_in"] = row["rota_turn"] = -1
            row["inbox"] = row["inbox_end"] = row["call_ups"] = -1
            per_post = for_side(settings.patrols.per_post, post.side)
            row["teams_on_average"] = per_post / settings.patrols.duty_cycle_shifts
        self.columns |= {"posts": rows, "cell_segment": np.array(cells), "cell_way": np.array(ways)}
        self.columns["choice"] = np.array(choice)
        self._lay_out_beats(beats)
        self._lay_out_beliefs(len(cells))

    def _lay_out_beats(self, beats: list[tuple[int, Beat]]) -> None:
        rows = table("beats", len(beats))
        longest = max(len(beat.segments) for _, beat in beats)
        begins, ends = np.zeros((2, len(beats), longest))
        for number, (place, beat) in enumerate(beats):
            row = rows[number]
            row["first"], row["segments"] = place, len(beat.segments)
            row["hours"], row["access"] = beat.hours, beat.access_hours
            for index, (begin, end) in enumerate(beat.bounds):
                begins[number, index], ends[number, index] = begin, end
        ways = 2 * self.forms
        posts = len(self.posts)
        self.longest = longest
        self.columns |= {
            "beats": rows,
            "begins": begins,
            "ends": ends,
            "covers": np.zeros((len(beats), ways, longest, self.crimes)),
            "averages": np.zeros((len(beats), ways, longest)),
            "meets": np.zeros((len(beats), ways, longest)),
            "covers_form": np.full((posts, ways), -1),
            "covers_means": np.full((posts, ways), -1),
        }

    def _lay_out_beliefs(self, cells: int) -> None:
        posts, stage = len(self.posts), self.stage
        ears = np.full(cells, -1.0)
        arrivals = np.zeros((posts, self.crimes))
        for post in self.posts:
            first = self.columns["posts"][post.number]["cells"]
            for segment, share in post.watch.ears.items():
                ears[first + post.belief.index[segment]] = share
            arrivals[post.number] = post.coverage.arrivals[:, 0]
        rows = table("crimes", self.crimes)
        sharing = self.policy.sharing
        operations = self.policy.joint_operations
        for index, name in enumerate(stage.crimes):
            crime = stage.crime(index)
            rows[index]["harm"] = crime.harm
            rows[index]["detectability"] = crime.detectability
            rows[index]["category"] = bool(sharing) and crime.category in sharing.categories
            rows[index]["focus"] = bool(operations) and name in operations.crimes
        shape = cells, self.crimes
        self.columns |= {
            "crimes": rows,
            "exposure": np.array(
                [
                    [stage.exposure_hours(crime, side) for side in self.world.sides]
                    for crime in range(self.crimes)
                ]
            ),
            "alpha": np.concatenate([post.belief.alpha.T for post in self.posts]),
            "beta": np.concatenate([post.belief.beta.T for post in self.posts]),
            "seen": np.zeros(shape),
            "missed": np.ones(shape),
            "observed": np.zeros((*shape, 4)),
            "told": np.zeros((*shape, 4)),
            "sensors": np.zeros(cells),
            "heard": np.zeros(cells),
            "ears": ears,
            "keenness": np.ones((posts, self.crimes)),
            "skill": np.zeros((posts, self.crimes)),
            "skill_factor": np.ones((posts, self.crimes)),
            "focus_factor": np.ones((posts, self.crimes)),
            "arrivals": arrivals,
        }

    def _lay_out_patrols(self) -> None:
        """Patrols, and room for those on duty."""
        patrols = self.model.patrols_by_number
        rows = table("patrols", len(patrols))
        rows["beat"] = -1
        for patrol in patrols:
            row = rows[patrol.number]
            row["post"], row["home"] = patrol.post, patrol.home
            row["side"], row["turn"] = self.sides[patrol.side], patrol.turn
        most = max((len(post.patrols) for post in self.posts), default=0)
        if "aid" in self.instruments:
            most += 4 * self.scenario.posts.aid.teams
        most = max(most, 1)
        roster = np.zeros((len(self.posts), most))
        for post in self.posts:
            roster[post.number, : len(post.patrols)] = [each.number for each in post.patrols]
            self.columns["posts"][post.number]["patrols"] = len(post.patrols)
        joint = self.policy.joint_patrols
        tasks = most + (joint.teams if joint else 0)
        self.most = most
        self.columns |= {
            "patrols": rows,
            "roster": roster,
            "team": np.zeros((len(self.posts), most)),
            "duty": np.zeros(most),
            "pauses": np.zeros((len(self.posts), most)),
            "task_beat": np.zeros((len(self.posts), tasks)),
            "task_post": np.zeros((len(self.posts), tasks)),
            "task_leads": np.zeros((len(self.posts), tasks)),
        }

    def _lay_out_groups(self) -> None:
        """Groups, what they choose among, and when they want to."""
        groups = self.model.groups_by_number
        rows = table("groups", len(groups))
        kinds = table("kinds", len(self.scenario.groups))
        options: list[tuple[float, ...]] = []
        dayparts = table("dayparts", DAYPARTS * len(groups))
        surges: list[tuple[float, float, float]] = []
        surge_starts = [0]
        numbers = {id(kind): number for number, kind in enumerate(self.scenario.groups)}
        for number, kind in enumerate(self.scenario.groups):
            self._fill_kind(kinds[number], kind)
        development = self.instruments.get("development")
        operations = self.instruments.get("joint_operations")
        for group in groups:
            row = rows[group.number]
            kind = kinds[numbers[id(group.kind)]]
            if not kind["n_groups"]:
                kind["groups"] = group.number
            kind["n_groups"] += 1
            row["kind"] = numbers[id(group.kind)]
            row["crime"] = group.crime
            row["origin"] = self.sides[group.kind.origin]
            row["destination"] = self.sides[group.kind.destination]
            row["home_segment"] = group.home.segment
            row["options"], row["n_options"] = len(options), len(group.options)
            row["next_wanted"], row["experience"] = group.next_wanted, 1.0
            row["told"] = -1
            row["carriers"] = development is not None and development.acts_on(group)
            row["area"] = operations is not None and group in operations.groups
            options += self._options_of(group, dayparts)
            surges += [
                (24.0 * each.day, 24.0 * (each.day + each.days), each.factor)
                for each in group.surges
            ]
            surge_starts.append(len(surges))
        self.columns |= {
            "groups": rows,
            "kinds": kinds,
            "options": np.array(options, dtype=dtype_of(TABLES["options"])),
            "dayparts": dayparts,
            "surges": np.array(surges, dtype=dtype_of(TABLES["surges"])),
            "group_surges": np.array(surge_starts),
        }
        lags = [kind["scout_lag"] for kind in kinds if kind["scouts"]]
        slots = int(max(lags, default=0.0) / self.scenario.time.shift_hours) + 4 if lags else 1
        self.columns |= {
            "sights": np.zeros((slots, len(options) if lags else 1)),
            "sight_end": np.zeros(slots),
            "sight_hours": np.zeros(slots),
        }

    def _fill_kind(self, row: Any, kind: Any) -> None:
        """Fill in the numbers of a kind of groups."""
        row["rate"] = kind.attempts_per_day / 24.0
        row["adversary"] = ADVERSARIES[kind.adversary]
        row["sensitivity"] = {
            "suqr": 1.0,
            "prospect": kind.prospect.sensitivity,
            "level_k": kind.level_k.sensitivity,
        }.get(kind.adversary, kind.learning.sensitivity)
        row["phi"], row["rho"], row["delta"] = (
            kind.learning.phi,
            kind.learning.rho,
            kind.learning.delta,
        )
        row["loss"] = kind.loss
        row["retry"], row["retry_after"] = kind.retry, kind.retry_after_hours
        row["shares"], row["shares_after"] = kind.shares, 24.0 * kind.shares_after_days
        estimate = kind.estimate
        row["prior_risk"], row["prior_attempts"] = estimate.prior_risk, estimate.prior_attempts
        row["caught"] = estimate.caught
        row["keep"] = 0.5 ** (1.0 / estimate.memory_attempts)
        scouts = kind.scouts
        if scouts is not None:
            row["scouts"] = scouts.share_seen > 0.0
            row["share_seen"] = scouts.share_seen
            row["scout_lag"] = 24.0 * scouts.lag_days
            row["scout_memory"] = 24.0 * scouts.memory_days
            row["scout_weight"] = scouts.weight
        row["coverage"], row["reward"], row["penalty"] = (
            kind.suqr.coverage,
            kind.suqr.reward,
            kind.suqr.penalty,
        )
        theory = kind.prospect
        row["alpha"], row["beta"], row["aversion"] = theory.alpha, theory.beta, theory.loss_aversion
        row["gamma"], row["weight_delta"] = theory.gamma, theory.delta
        row["level"] = kind.level_k.level

    def _options_of(self, group: SmugglingGroup, dayparts: Any) -> list[tuple[float, ...]]:
        """Give the rows of a group's options, and fill in its parts of the day."""
        adversary = group.adversary
        priors = [group.kind.estimate.prior_risk] * len(group.options)
        attractions = [0.0] * len(group.options)
        if isinstance(adversary, Static):
            attractions = list(adversary.attractions)
            for part in range(DAYPARTS):
                row = dayparts[DAYPARTS * group.number + part]
                row["attraction"] = row["reward"] = adversary.daypart_attractions[part]
        elif isinstance(adversary, LevelK):
            priors = list(adversary.spread)
        assert isinstance(adversary, Static | Estimating)
        return [
            (segment, cost, value, value, at_home, 0.0, 0.0, 0.0, prior)
            for segment, cost, value, at_home, prior in zip(
                group.options, group.costs, attractions, group.at_home, priors, strict=True
            )
        ]

    def _lay_out_pairs(self) -> None:
        """Who meets whom under each instrument."""
        pairs: list[dict[str, float]] = []
        shared: list[int] = []
        ranges = np.zeros((len(INSTRUMENT_NUMBERS), 2))
        for name, instrument in self.instruments.items():
            number = INSTRUMENT_NUMBERS[name]
            ranges[number, 0] = len(pairs)
            pairs += self._pairs_of(instrument, shared)
            ranges[number, 1] = len(pairs)
        rows = table("pairs", len(pairs))
        for row, pair in zip(rows, pairs, strict=True):
            for name, value in pair.items():
                row[name] = value
        units = 1
        support = self.policy.material_support
        if support is not None:
            life = min(24.0 * support.life_days, 24.0 * self.scenario.time.days)
            units = ceil(support.units_per_year * life / 8760.0) + 2
        first, last = ranges[INSTRUMENT_NUMBERS["material_support"]]
        self.columns |= {
            "pairs": rows,
            "pair_range": ranges,
            "shared": np.array(shared or [0]),
            "units": np.zeros((max(1, int(last - first)), units)),
        }

    def _pairs_of(self, instrument: Instrument, shared: list[int]) -> list[dict[str, float]]:
        """Give the rows of those who meet under one instrument."""
        if isinstance(instrument, ResidentialTwinning):
            return [
                {"first": post.number, **self._date(segment, instrument)}
                for post, segment in instrument.holders()
            ]
        if isinstance(instrument, MaterialSupport):
            return [
                {"first": receiver, "second": giver, **self._date(receiver, instrument)}
                for receiver, giver in sorted(instrument.givers.items())
            ]
        if isinstance(instrument, FriendshipExchanges):
            rows = []
            for together in instrument.under.values():
                charged: set[int] = set()
                for place, pair in enumerate(together):
                    row = self._pair(pair, instrument, shared)
                    row["members"] = 0 if place else len(together)
                    row |= self._date(together[0].number, instrument)
                    row["charge_first"] = pair.first not in charged
                    row["charge_second"] = pair.second not in charged
                    charged |= set(pair.posts)
                    rows.append(row)
            return rows
        return [self._pair(pair, instrument, shared) for pair in instrument.pairs]

    def _date(self, entity: int, instrument: Instrument) -> dict[str, float]:
        """Give when somebody first meets, as a share of the time between two meetings."""
        draw = self.stage.chance.uniform
        return {"offset": draw(Purpose.APPOINTMENT, entity, instrument.key)}

    def _pair(self, pair: Pair, instrument: Instrument, shared: list[int]) -> dict[str, float]:
        """Give the row of a pair of posts."""
        row: dict[str, float] = {"number": pair.number, "first": pair.first, "second": pair.second}
        row["segments"], row["n_segments"] = len(shared), len(pair.segments)
        shared += pair.segments
        row |= self._date(pair.number, instrument)
        if instrument.name == "joint_patrols":
            row["due"] = instrument.due[pair.number]  # type: ignore[attr-defined]
        if instrument.name == "markers":
            row["hours"] = instrument.hours_along(pair)  # type: ignore[attr-defined]
        return row

    def _lay_out_channels(self) -> None:
        """Who reports to whom."""
        sharing = self.instruments.get("sharing")
        channels = sharing.channels if isinstance(sharing, InformationSharing) else []
        rows = table("channels", len(channels))
        authors: list[int] = []
        by_author: dict[int, list[int]] = {}
        for channel in channels:
            row = rows[channel.number]
            row["reader"], row["hops"] = channel.reader, channel.hops
            row["authors"], row["n_authors"] = len(authors), len(channel.authors)
            authors += channel.authors
            for author in channel.authors:
                by_author.setdefault(author, []).append(channel.number)
        carried: list[int] = []
        for author, numbers in by_author.items():
            row = self.columns["posts"][author]
            row["channels"], row["n_channels"] = len(carried), len(numbers)
            carried += numbers
        self.columns |= {
            "channels": rows,
            "authors": np.array(authors or [0]),
            "author_channels": np.array(carried or [0]),
        }

    def _lay_out_links(self) -> None:
        """What posts hold of each other."""
        known: set[tuple[int, int]] = set()
        carried: set[tuple[int, int]] = set()
        channels, authors = self.columns["channels"], self.columns["authors"]
        for channel in channels:
            first = channel["authors"]
            for author in authors[first : first + channel["n_authors"]]:
                carried.add((int(channel["reader"]), int(author)))
        known |= carried
        facing = {
            (number, other) for number, others in self.world.facing.items() for other in others
        }
        known |= facing
        for pair in self.columns["pairs"]:
            here, there = int(pair["first"]), int(pair["second"])
            known |= {(here, there), (there, here)} if here != there else set()
        telephone = self.instruments.get("hotline")
        joint = "joint_patrols" in self.instruments
        rows = table("links", len(known))
        mine: list[int] = []
        theirs: list[int] = []
        told = 0
        posts = self.columns["posts"]
        numbers = {}
        for number, (post, partner) in enumerate(sorted(known)):
            numbers[post, partner] = number
            row = rows[number]
            if not posts[post]["n_links"]:
                posts[post]["links"] = number
            posts[post]["n_links"] += 1
            row["post"], row["partner"] = post, partner
            row["trust"] = self.scenario.posts.trust.start
            row["facing"] = (post, partner) in facing
            row["carried"] = (post, partner) in carried
            row["plan"], row["hops"], row["told"] = -1, -1, -1
            if isinstance(telephone, DirectLine) and row["facing"]:
                hops = telephone.hops(post, partner)
                row["hops"] = -1 if hops is None else hops
            here, there = self.posts[post].partners.common_columns(partner)
            row["common"], row["n_common"] = len(mine), len(here)
            mine += here
            theirs += there
            if joint and row["facing"]:
                row["told"] = told
                told += int(posts[post]["in_view"])
        links = [
            numbers[int(channel["reader"]), int(author)]
            for channel in channels
            for author in authors[channel["authors"] : channel["authors"] + channel["n_authors"]]
        ]
        self.columns |= {
            "links": rows,
            "common_mine": np.array(mine or [0]),
            "common_theirs": np.array(theirs or [0]),
            "author_link": np.array(links or [0]),
            "told_to": np.zeros((max(1, told), self.crimes, 4)),
        }

    def _lay_out_plans(self) -> None:
        """Room for plans: of each post, for shifts to come, as known of partners, under way."""
        posts, links = len(self.posts), self.columns["links"]
        schedules = self.policy.schedules
        length = self.scenario.time.shift_hours
        self.shifts_ahead = 1
        if schedules is not None and schedules.kind == "complementary":
            self.shifts_ahead = max(1, round(24.0 * schedules.days_ahead / length))
        self.ahead = self.shifts_ahead + 2
        fixed = posts * (1 + self.ahead) + len(links)
        rows = table("plans", fixed + 64)
        rows["shift"] = -1
        links["row"] = np.arange(len(links)) + posts * (1 + self.ahead)
        rows["after"][fixed:-1] = np.arange(fixed + 1, len(rows))
        rows["after"][-1] = -1
        self.free_plan = fixed
        longest = int(self.columns["posts"]["sector"].max())
        self.columns |= {
            "plans": rows,
            "plan_beats": np.zeros((len(rows), self.most)),
            "plan_cover": np.zeros((len(rows), longest)),
        }

    def _lay_out_injects(self) -> None:
        """Outbreaks, and when links are down."""
        injects, posts = self.scenario.injects, self.columns["posts"]
        outbreaks = [
            (24.0 * each.day, 24.0 * (each.day + each.days), self.sides[each.side], each.prevalence)
            for each in injects
            if isinstance(each, Outbreak)
        ]
        outages = [each for each in injects if isinstance(each, LinkOutage)]
        linked = np.zeros((len(INSTRUMENT_NUMBERS), len(outages), 2))
        for index, outage in enumerate(outages):
            for name in outage.instruments:
                period = 24.0 * outage.day, 24.0 * (outage.day + outage.days)
                linked[INSTRUMENT_NUMBERS[name], index] = period
        tips = [
            (
                24.0 * each.day,
                int(posts[post.number]["cells"]) + post.belief.index[each.segment],
                self.stage.crimes.index(each.crime),
                each.weight,
            )
            for each in injects
            if isinstance(each, Tip) and each.crime in self.stage.crimes
            for post in self.posts
            if (not each.sides or post.side in each.sides) and each.segment in post.site.sector
        ]
        losses = [
            (24.0 * each.day, 24.0 * (each.day + each.days), post.number, each.patrols)
            for each in injects
            if isinstance(each, LossOfPatrols)
            for post in self.posts
            if suffers(each, post)
        ]
        joined = np.zeros((len(INSTRUMENT_NUMBERS), len(self.sides), len(self.sides)))
        for name, instrument in self.instruments.items():
            for first, here in self.sides.items():
                for second, there in self.sides.items():
                    joins = instrument.joins(first, second)
                    joined[INSTRUMENT_NUMBERS[name], here, there] = joins
        self.columns |= {
            "injects": np.array([(24.0 * each.day,) for each in injects], dtype_of(INJECTS)),
            "tips": np.array(tips, dtype_of(TIPS)),
            "losses": np.array(losses, dtype_of(LOSSES)),
            "outbreaks": np.array(outbreaks, dtype=dtype_of(TABLES["outbreaks"])),
            "linked": linked,
            "joined": joined,
        }

    def _lay_out_aid(self) -> None:
        """Who helps whom in a surge."""
        aid, settings = self.instruments.get("aid"), self.scenario.posts.aid
        helpers: list[int] = []
        ranges = np.zeros((len(self.posts), len(settings.mobilisation_hours), 2))
        if isinstance(aid, SurgeAid):
            for post in self.posts:
                for rank in range(len(settings.mobilisation_hours)):
                    ranges[post.number, rank, 0] = len(helpers)
                    helpers += [helper.number for helper in aid.helpers(rank, post)]
                    ranges[post.number, rank, 1] = len(helpers)
        waiting, lent = table("waiting", 16), table("lent", 16)
        waiting["post"], lent["borrower"] = -1, -1
        self.columns |= {
            "waiting": waiting,
            "lent": lent,
            "helpers": np.array(helpers or [0]),
            "helper_range": ranges,
            "mobilisation": np.array(settings.mobilisation_hours),
            "finds": np.full((len(self.posts), max(1, settings.trigger_finds)), -np.inf),
        }

    def _lay_out_books(self) -> None:
        """Room for what happens, and sums."""
        sides, posts, cells = len(self.sides), len(self.posts), len(self.columns["cell_segment"])
        sharing = "sharing" in self.instruments
        for name, rows, link in (
            ("attempts", 256, "list_place"),
            ("damages", 64, "after"),
            ("messages", 256, "after"),
            ("lessons", 64, "after"),
            ("call_ups", 64, "after"),
        ):
            free = table(name, rows)
            free[link] = np.arange(1, rows + 1)
            free[link][-1] = -1
            self.columns[name] = free
        self.columns["attempts"]["number"] = -1
        issues = 4 if sharing else 1
        longest = max(self.longest, int(self.columns["posts"]["in_view"].max()))
        most_beats = int(self.columns["posts"]["n_beats"].max())
        most_options = max(
            [DAYPARTS, *(len(group.options) for group in self.model.groups_by_number)]
        )
        work = max(longest, most_beats, most_options, len(self.columns["shared"]))
        log = np.dtype([(column.name, column.dtype) for column in COLUMNS], align=True)
        self.columns |= {
            "log": np.zeros(4096, log),
            "queue": table("queue", 1024),
            "issues": table("issues", issues),
            "issue_seen": np.zeros((issues, cells if sharing else 1, self.crimes, 2)),
            "issue_since": np.zeros((issues, posts)),
            "issue_plan": np.full((issues, posts), -1),
            "charged": np.zeros((len(INSTRUMENT_NUMBERS), sides)),
            "counts": np.zeros((len(INSTRUMENT_NUMBERS), max(1, sides))),
            "duty_hours": np.zeros(sides),
            "taken_hours": np.zeros(sides),
            "stops": np.zeros(sides),
            "imported": np.zeros(sides),
            "screening": np.zeros(sides),
            "came_through": np.zeros((sides, sides)),
            "displaced": np.zeros(256),
            "under_way": np.zeros(256),
        }
        for matrix in MATRICES:
            if matrix.name.startswith("work_") or matrix.name == "options_now":
                room = {
                    "work_gain": (work, self.longest),
                    "work_walk": (self.longest, self.crimes),
                    "work_rate": (work, self.crimes),
                    "work_terms": (self.longest * self.crimes,),
                    "work_stopped": (self.longest * self.crimes,),
                }.get(matrix.name, (work,))
                self.columns[matrix.name] = np.zeros(room)
        run = table("run", 1)
        run["seed"] = self.stage.chance.seed % 2**63
        run["next_month"] = MONTH_HOURS
        run["ears_changed"] = 1
        run["day"] = run["operation"] = run["scouted"] = -1
        run["ahead"] = self.ahead
        run["beat_segments"] = self.scenario.patrols.beat_segments
        run["free_plan"] = self.free_plan
        for name in ("next_schedule", "next_review", "next_report"):
            run[name] = self.model.clock
        run["next_review"] += 30.0 * 24.0
        self.columns["run"] = run

    def _lay_out_settings(self) -> None:
        """What the scenario and the policy set."""
        row = table("settings", 1)
        for name, value in {**self._scenario_settings(), **self._policy_settings()}.items():
            row[name] = value
        self.columns["settings"] = row
        self.columns["run"]["next_report"] += row["interval"]

    def _scenario_settings(self) -> dict[str, float]:
        scenario = self.scenario
        patrols, posts, world = scenario.patrols, scenario.posts, scenario.world
        community, trust = scenario.community, posts.trust
        before = (0, *ENDINGS_OF_MONTHS)[scenario.time.start_month - 1]
        return {
            "detection": patrols.detection,
            "night_penalty": patrols.night_penalty,
            "interception": patrols.interception,
            "response_hours": patrols.response_hours,
            "processing_hours": patrols.processing_hours,
            "duty_cycle": patrols.duty_cycle_shifts,
            "phase_continuous": patrols.phase == "continuous",
            "spacing": SPACINGS[patrols.spacing],
            "prior_alpha": posts.belief.prior_rate_per_day * posts.belief.prior_days,
            "prior_beta": posts.belief.prior_days,
            "belief_half_life": 24.0 * posts.belief.half_life_days,
            "trust_start": trust.start,
            "trust_gain": trust.gain,
            "trust_loss": trust.loss,
            "trust_kept": trust.kept,
            "trust_missed": trust.missed,
            "trust_handover": trust.handover,
            "alert_weight": trust.alert_weight,
            "trust_half_life": 24.0 * trust.half_life_days,
            "reaction_hours": posts.reaction_hours,
            "vehicle_kmh": world.vehicle_kmh,
            "sensor_range": posts.sensors.range_km,
            "sensor_detection": posts.sensors.detection,
            "sensor_hours": 24.0 * posts.sensors.move_days,
            "aid_trigger": posts.aid.trigger_finds,
            "aid_hours": 24.0 * posts.aid.days,
            "aid_teams": posts.aid.teams,
            "shift_hours": scenario.time.shift_hours,
            "end": 24.0 * scenario.time.days,
            "start_day": before,
            "dusk": world.dusk_hour,
            "dawn": world.dawn_hour,
            "wet_slowdown": world.wet_slowdown,
            "markers_per_km": world.markers_per_km,
            "marker_damage": world.marker_damage_per_year,
            "marker_inspection": world.marker_inspection,
            "marker_repair_hours": 24.0 * world.marker_repair_days,
            "lawful_per_segment": community.lawful_per_segment,
            "lawful_exposure": community.lawful_exposure_hours,
            "false_stop": community.false_stop,
            "gate_check": community.gate_check,
            "learned_later": community.learned_later,
            "learned_later_hours": 24.0 * community.learned_later_days,
            "misplaced": community.misplaced,
            "reports": community.reports,
            "goodwill_per_stop": community.goodwill_per_stop,
            "notice": 24.0 * scenario.infection.notice_days,
            "screened": scenario.infection.screened,
            "aid_by_hotline": self._joins_commands("hotline"),
            "aid_by_reports": self._joins_commands("sharing"),
            "scouting": bool(self.columns["kinds"]["scouts"].any()),
        }

    def _joins_commands(self, name: str) -> bool:
        """Whether an instrument is on and lets commands above the posts speak to each other."""
        return name in self.instruments and joins_commands(self.instruments[name])

    def _policy_settings(self) -> dict[str, float]:
        policy, on = self.policy, self.instruments
        settings: dict[str, float] = {
            "deconflict": policy.allocation.deconflict == "strict",
            "rota_days": policy.allocation.rota_days,
            "rota_irregular": policy.allocation.rota_irregular,
            "plan_half_life": 24.0,
        }
        sharing, hotline, joint = policy.sharing, policy.hotline, policy.joint_patrols
        if "sharing" in on and sharing is not None and sharing.interval_days != "never":
            settings |= {
                "plan_half_life": 24.0 * sharing.plan_half_life_days,
                "sharing": True,
                "at_once": sharing.interval_days == 0.0,
                "plans": sharing.plans,
                "interval": 24.0 * sharing.interval_days,
                "latency": sharing.latency_hours,
                "reliability": sharing.reliability,
                "reports_per_day": sharing.reports_per_day,
                "report_hours": sharing.report_hours,
                "of_markers": "line_and_markers" in sharing.categories,
                "of_area": "area_situation" in sharing.categories,
            }
        if "hotline" in on and hotline is not None:
            settings |= {
                "hotline": True,
                "works": hotline.works,
                "call_minutes": hotline.minutes,
                "call_hours": hotline.call_hours,
            }
        if "joint_patrols" in on and joint is not None:
            settings |= {
                "joint_patrols": True,
                "joint_gap": on["joint_patrols"].gap,  # type: ignore[attr-defined]
                "joint_teams": joint.teams,
                "joint_preparation": joint.preparation_hours,
                "joint_by_belief": joint.where == "belief",
                "joint_rearrange": 24.0 * joint.rearrange_days,
            }
        schedules, markers = policy.schedules, policy.markers
        if "schedules" in on and schedules is not None:
            settings |= {
                "schedules": SCHEDULE_KINDS[schedules.kind],
                "schedule_period": on["schedules"].period_hours,  # type: ignore[attr-defined]
                "schedule_shifts": self.shifts_ahead,
                "schedule_hours": schedules.meeting_hours,
            }
        if "markers" in on and markers is not None:
            settings |= {
                "surveys_per_year": markers.surveys_per_year,
                "survey_found": markers.found,
            }
        return settings | self._settings_of_exchanges() | self._settings_of_support()

    def _settings_of_exchanges(self) -> dict[str, float]:
        policy, on, crimes = self.policy, self.instruments, self.stage.crimes
        settings: dict[str, float] = {}
        lessons = policy.professional_exchanges
        if "professional_exchanges" in on and lessons is not None:
            topic = -2
            if lessons.topic == "all":
                topic = -1
            elif lessons.topic in crimes:
                topic = crimes.index(lessons.topic)
            settings |= {
                "lessons_per_year": lessons.days_per_year,
                "lesson_topic": topic,
                "learned": lessons.learned,
                "skill_most": lessons.most,
                "skill_half_life": 24.0 * lessons.half_life_days,
                "lesson_hours": lessons.hours_per_day,
            }
        culture, friendship = policy.cultural_exchanges, policy.friendship_exchanges
        if "cultural_exchanges" in on and culture is not None:
            settings |= {
                "culture_per_year": culture.per_year,
                "culture_gain": culture.trust_gain,
                "culture_hours": culture.hours_each,
            }
        if "friendship_exchanges" in on and friendship is not None:
            settings |= {
                "friendship_per_year": friendship.per_year,
                "friendship_gain": friendship.trust_gain[friendship.level],
                "friendship_hours": friendship.hours_each,
            }
        villages = policy.residential_twinning
        if "residential_twinning" in on and villages is not None:
            settings |= {
                "villages_per_year": villages.meetings_per_year,
                "village_hours": villages.meeting_hours,
            }
        return settings

    def _settings_of_support(self) -> dict[str, float]:
        policy, on = self.policy, self.instruments
        settings: dict[str, float] = {}
        operations, support = policy.joint_operations, policy.material_support
        if "joint_operations" in on and operations is not None:
            settings |= {
                "operations": True,
                "operation_gap": on["joint_operations"].gap,  # type: ignore[attr-defined]
                "operation_first": 24.0 * operations.first_day,
                "operation_hours": 24.0 * operations.days,
                "operation_days": operations.days,
                "operation_teams": operations.teams,
                "operation_focus": operations.focus,
                "storage_found": operations.storage_found,
                "storage_hours": 24.0 * operations.storage_days,
                "operation_preparation": operations.preparation_hours,
            }
            for post in on["joint_operations"].posts:  # type: ignore[attr-defined]
                self.columns["posts"][post.number]["in_area"] = 1
        if "material_support" in on and support is not None:
            settings |= {
                "units_per_year": support.units_per_year,
                "unit_kind": UNIT_KINDS[support.kind],
                "speed_gain": support.speed_gain,
                "units_per_sensor": support.units_per_sensor,
                "units_per_patrol": support.units_per_patrol,
                "unit_life": 24.0 * support.life_days,
                "unit_hours": support.handover_hours,
            }
        development, health = on.get("development"), policy.health
        if development is not None and policy.development is not None:
            settings |= {
                "development": True,
                "carriers_lacking": development.effect,  # type: ignore[attr-defined]
                "carriers_delay": 24.0 * policy.development.delay_days,
            }
        if "health" in on and health is not None:
            settings |= {
                "health_level": health.level,
                "gate_screened": health.gate_screened,
                "post_screened": health.post_screened,
                "health_hours": health.hours_per_day,
            }
        return settings


def lay_out(model: "BorderModel") -> Any:
    """Lay out the state of a run that is about to begin, with what will first fall due."""
    return Layout(model).state()

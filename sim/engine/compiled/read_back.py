"""From columns to agents: let a model show what compiled code has done."""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents import Attempt
from sim.agents.adversaries.attraction import Static
from sim.agents.beat import Route
from sim.agents.report import Plan
from sim.engine.compiled.names import INSTRUMENT_NUMBERS
from sim.engine.events import COLUMNS
from sim.engine.markers import Damage

if TYPE_CHECKING:
    from sim.engine.compiled.model import CompiledModel

Columns = dict[str, Any]

COUNTERS = {
    "cultural_exchanges": "events",
    "friendship_exchanges": "meetings",
    "hotline": "calls",
    "joint_patrols": "kept",
    "markers": "surveys",
    "professional_exchanges": "days_held",
    "sharing": "reports_written",
}
"""What instruments count, by their name: the attribute that has it."""


def read_books(model: "CompiledModel", columns: Columns) -> None:
    """Let a model have the log, the sums and the accounts of compiled code."""
    run = columns["run"][0]
    _read_tally(model, columns, run)
    _read_instruments(model, columns, run)
    sides = model.side_index
    imported = columns["imported"]
    model.infection.imported = {side: int(imported[index]) for side, index in sides.items()}
    model.markers.repaired = int(run["repaired"])
    model.markers.days_to_repair = float(run["days_to_repair"])
    _read_damage(model, columns)
    _read_attempts(model, columns)
    links = columns["links"][columns["links"]["met"] == 1]
    for post, partner, trust in zip(
        links["post"].tolist(), links["partner"].tolist(), links["trust"].tolist(), strict=True
    ):
        model.posts_by_number[post].partners.trust[partner] = trust


def read_log(model: "CompiledModel", columns: Columns) -> None:
    """Take over the events that compiled code has logged; it starts a new page."""
    run = columns["run"][0]
    rows = columns["log"][: int(run["logged"])]
    model.log.extend({column.name: rows[column.name].copy() for column in COLUMNS})
    run["logged"] = 0


def _read_tally(model: "CompiledModel", columns: Columns, run: Any) -> None:
    tally, world = model.tally, model.stage.world
    duty, taken, stops = columns["duty_hours"], columns["taken_hours"], columns["stops"]
    for side, index in model.side_index.items():
        tally.duty_hours[side] = float(duty[index])
        tally.taken_hours[side] = float(taken[index])
        tally.stops[side] = int(stops[index])
    tally.shifts = int(run["shift"])
    for name, field in (
        ("lawful", "lawful"),
        ("gate_checks", "gate_checks"),
        ("doubled_hours", "doubled_hours"),
        ("picture_age_hours", "picture_age"),
        ("hours_to_catch", "hours_to_catch"),
    ):
        setattr(tally, name, float(run[field]))
    for name in (
        "covered_once",
        "covered_twice",
        "uncovered",
        "pictures",
        "plans_known",
        "plans_valid",
        "caught",
    ):
        setattr(tally, name, int(run[name]))
    moved = columns["displaced"][: int(run["displaced"])]
    ways, which = np.unique(moved, return_inverse=True)
    km = [world.km_between(*divmod(way, len(world.segments))) for way in ways.tolist()]
    tally.displaced_km = np.array(km)[which].tolist() if km else []


def _read_instruments(model: "CompiledModel", columns: Columns, run: Any) -> None:
    charged, counts = columns["charged"], columns["counts"]
    for each in model.instruments:
        number = INSTRUMENT_NUMBERS[each.name]
        for side, index in model.side_index.items():
            each.hours[side] = float(charged[number, index])
        instrument: Any = each
        if each.name in COUNTERS:
            setattr(instrument, COUNTERS[each.name], int(counts[number, 0]))
        elif each.name == "material_support":
            instrument.given = {
                side: int(counts[number, index]) for side, index in model.side_index.items()
            }
        elif each.name == "joint_operations":
            instrument.days_of_operation = float(run["operation_days"])
        elif each.name == "health":
            instrument.post_days = float(run["health_days"])
        elif each.name == "schedules":
            instrument.meetings = int(run["schedules_met"])


def _read_damage(model: "CompiledModel", columns: Columns) -> None:
    """Let a model know the markers that are damaged now."""
    rows, segments = columns["damages"], columns["segments"]
    model.markers.open.clear()
    model.markers.on.clear()
    for segment in np.flatnonzero(segments["damage"] >= 0).tolist():
        row = int(segments["damage"][segment])
        while row >= 0:
            here = rows[row]
            damage = Damage(int(here["number"]), segment, float(here["since"]))
            sides = model.stage.world.segments[segment].sides
            for side, field in zip(sides, ("first_noticed", "second_noticed"), strict=True):
                if here[field] >= 0.0:
                    damage.noticed[side] = float(here[field])
            model.markers.open[damage.number] = damage
            model.markers.on.setdefault(segment, []).append(damage)
            row = int(here["after"])


def _read_attempts(model: "CompiledModel", columns: Columns) -> None:
    """Let a model know the attempts that are under way."""
    run, rows = columns["run"][0], columns["attempts"]
    sides = model.stage.world.sides
    model.crossings.under_way = {}
    for row in columns["under_way"][: int(run["under_way"])].tolist():
        here = rows[row]
        crime = int(here["crime"])
        attempt = Attempt(
            number=int(here["number"]),
            group=int(here["group"]),
            crime=crime,
            wanted=float(here["wanted"]),
            segment=int(here["segment"]),
            place=float(here["place"]),
            origin=sides[here["origin"]],
            destination=sides[here["destination"]],
            start=float(here["start"]),
            line=float(here["line"]),
            end=float(here["end"]),
            value=model.stage.crime(crime).harm,
            daypart=int(here["daypart"]),
            home_segment=int(here["home_segment"]),
            first_detected=float(here["detected"]) if here["detected"] >= 0.0 else None,
        )
        for side, found, alerted in (
            (attempt.origin, here["found_here"], here["alerted_here"]),
            (attempt.destination, here["found_there"], here["alerted_there"]),
        ):
            post = model.stage.world.holder.get((side, attempt.segment))
            if post is not None and found:
                attempt.found_by.add(post)
            if post is not None and alerted:
                attempt.alerted.add(post)
        model.crossings.under_way[attempt.number] = attempt


def read_agents(model: "CompiledModel", columns: Columns) -> None:
    """Let the agents of a model look as compiled code has made them."""
    posts, links = columns["posts"], columns["links"]
    alpha, beta = columns["alpha"], columns["beta"]
    plans, plan_beats = columns["plans"], columns["plan_beats"]
    plan_cover = columns["plan_cover"]
    roster, team, keenness = columns["roster"], columns["team"], columns["keenness"]

    def plan_in(row: int, sector: int) -> Plan:
        beats = tuple(plan_beats[row, : plans[row]["teams"]].tolist())
        return Plan(int(plans[row]["shift"]), beats, tuple(plan_cover[row, :sector].tolist()))

    patrols = model.patrols_by_number
    for post in model.posts_by_number:
        row = posts[post.number]
        first, last = int(row["cells"]), int(row["cells"] + row["in_view"])
        post.belief.evidence = np.stack([alpha[first:last].T, beta[first:last].T])
        post.debt_hours, post.reaction_free = float(row["debt"]), float(row["reaction_free"])
        post.plan = plan_in(post.number, int(row["sector"]))
        post.roster.patrols = [patrols[n] for n in roster[post.number, : row["patrols"]]]
        post.team = [patrols[n] for n in team[post.number, : row["team"]]]
        post.coverage.keenness = keenness[post.number].tolist()
        post.coverage.mobility = float(row["mobility"])
        post.watch.goodwill = float(row["goodwill"])
        post.partners.heard.clear()
        post.partners.known_plans.clear()
    for link in links:
        partners = model.posts_by_number[link["post"]].partners
        if link["heard"] > 0.0:
            partners.heard[int(link["partner"])] = float(link["heard"])
        if link["plan"] >= 0:
            sector = len(model.stage.world.posts[link["partner"]].sector)
            partners.known_plans[int(link["partner"])] = plan_in(int(link["row"]), sector)
    _read_patrols(model, columns)
    _read_groups(model, columns)


def _read_patrols(model: "CompiledModel", columns: Columns) -> None:
    rows, posts, beats = columns["patrols"], columns["posts"], columns["beats"]
    for patrol in model.patrols_by_number:
        row = rows[patrol.number]
        patrol.post, patrol.owes = int(row["post"]), int(row["owes"])
        patrol.busy_until = float(row["busy_until"])
        post = model.posts_by_number[patrol.post]
        patrol.keenness = post.coverage.keenness
        patrol.authority = frozenset(post.site.pair) if row["joint"] else frozenset((patrol.side,))
        patrol.route = None
        if row["beat"] >= 0:
            index = int(row["beat"] - posts[patrol.post]["beats"])
            beat = post.beats[index] if 0 <= index < len(post.beats) else None
            if (
                beat is None
                or row["beat"] >= posts[patrol.post]["singles"] > posts[patrol.post]["beats"]
            ):
                beat = post.single_beat(int(beats[row["beat"]]["first"]))
            patrol.route = Route(
                beat,
                float(row["arrive"]),
                float(row["leave"]),
                float(row["phase"]),
                float(row["slowdown"]),
            )


def _read_groups(model: "CompiledModel", columns: Columns) -> None:
    rows, options = columns["groups"], columns["options"]
    for group in model.groups_by_number:
        row = rows[group.number]
        group.wanted_so_far, group.next_wanted = int(row["wanted"]), float(row["next_wanted"])
        mine = options[int(row["options"]) : int(row["options"] + row["n_options"])]
        adversary: Any = group.adversary
        if isinstance(adversary, Static):
            adversary.attractions = mine["attraction"].tolist()
        else:
            adversary.record.caught = mine["caught"].tolist()
            adversary.record.trials = mine["trials"].tolist()

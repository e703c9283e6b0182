"""Posts and patrols, what they see, believe and have to do."""

import numpy as np

from sim.agents.beat import Beat
from sim.coordination.aid import SurgeAid
from sim.engine.compiled.columns import filled, table
from sim.engine.compiled.deciding import ALLOCATIONS, IN_PYTHON
from sim.engine.compiled.layout.layout import Layout
from sim.scenario.parameters import for_side


def lay_out_posts(layout: Layout) -> None:
    """Posts, what they see, their beats and what they believe."""
    world, settings = layout.world, layout.scenario
    rows: list[dict[str, float]] = []
    segments = layout.columns["segments"]
    first_posts, first_sides = (segments[name].tolist() for name in ("first_post", "first_side"))
    first_cells: dict[int, int] = {}
    second_cells: dict[int, int] = {}
    cells: list[int] = []
    halves: list[int] = []
    ways: list[float] = []
    beats: list[tuple[int, Beat]] = []
    choice: list[int] = []
    for post in layout.posts:
        site, side = post.site, layout.sides[post.side]
        row: dict[str, float] = {"side": side, "sky": world.skies[site.province]}
        kind = for_side(layout.policy.allocation.kind, post.side)
        row["allocation"] = ALLOCATIONS.get(kind, IN_PYTHON)
        row["leads"] = site.pair.index(post.side)
        row["cells"] = len(cells)
        row["sector"], row["in_view"] = len(site.sector), len(post.belief.view)
        for place, number in enumerate(site.sector):
            of_post = first_cells if first_posts[number] == post.number else second_cells
            of_post[number] = len(cells) + place
        cells += post.belief.view
        for number in post.belief.view:
            halves.append(2 * number + (side != first_sides[number]))
        ways += post.ways_km + [0.0] * (len(post.belief.view) - len(site.sector))
        row["beats"], row["n_beats"] = len(beats), len(post.beats)
        index = {number: place for place, number in enumerate(site.sector)}
        beats += [(index[beat.segments[0]], beat) for beat in post.beats]
        row["n_stretches"] = sum(len(beat.segments) for beat in post.beats)
        choice += post.choice + (0,) * (len(post.beats) - len(post.choice))
        row["choices"] = len(post.choice)
        row["singles"] = row["beats"]
        if settings.patrols.beat_segments > 1 and "joint_patrols" in layout.instruments:
            row["singles"] = len(beats)
            for place in range(len(site.sector)):
                beats.append((place, post.single_beat(place)))
                choice.append(0)
        row["mobility"] = post.coverage.mobility
        row["in_step"] = post.in_step
        row["goodwill"] = 1.0
        row["fixed"] = for_side(settings.posts.sensors.fixed, post.side)
        row["mobile"] = for_side(settings.posts.sensors.mobile, post.side)
        row["rota_turn"] = -1
        # Who is on duty by turn is noted when patrols first go out.
        row["accounts"] = 1
        row["inbox_end"] = -1
        per_post = for_side(settings.patrols.per_post, post.side)
        row["teams_on_average"] = per_post / settings.patrols.duty_cycle_shifts
        rows.append(row)
    for name, of_posts in (("first_cell", first_cells), ("second_cell", second_cells)):
        segments[name][list(of_posts)] = list(of_posts.values())
    posts = filled("posts", rows)
    layout.columns |= {
        "posts": posts,
        "has_seen": np.zeros(len(rows)),
        "has_news": np.zeros(len(rows)),
        "inbox": np.full(len(rows), -1),
        "called_up": np.full(len(rows), -1),
        "cell_segment": np.array(cells),
        "cell_half": np.array(halves),
        "present": np.zeros(len(cells)),
        "cell_way": np.array(ways),
        "choice": np.array(choice),
    }
    _lay_out_beats(layout, beats)
    posts["stretches"] = layout.columns["beats"]["stretches"][posts["beats"]]
    _lay_out_beliefs(layout, len(cells))


def _lay_out_beats(layout: Layout, beats: list[tuple[int, Beat]]) -> None:
    rows: list[dict[str, float]] = []
    bounds: list[tuple[float, float]] = []
    places: list[int] = []
    for place, beat in beats:
        row: dict[str, float] = {"first": place, "segments": len(beat.segments)}
        row["stretches"] = len(bounds)
        row["hours"], row["access"] = beat.hours, beat.access_hours
        rows.append(row)
        bounds += beat.bounds
        places += range(place, place + len(beat.segments))
    begins, ends = np.array(bounds).T
    ways, posts, stretches = 2 * layout.forms, len(layout.posts), len(bounds)
    layout.longest = max(len(beat.segments) for _, beat in beats)
    layout.columns |= {
        "beats": filled("beats", rows),
        "begins": begins,
        "ends": ends,
        "stretch_place": np.array(places),
        "covers": np.zeros((2 * ways + 1, stretches, layout.crimes)),
        "averages": np.zeros((ways, stretches)),
        "meets": np.zeros((2 * ways + 1, stretches)),
        "covers_form": np.full((ways, posts), -1),
        "covers_means": np.full((ways, posts), -1),
        "covers_mobility": np.zeros((ways, posts)),
        "covers_keenness": np.zeros((ways, posts, layout.crimes)),
        "late_pause": np.full((ways, len(beats)), -1.0),
        "late_means": np.full((ways, len(beats)), -1),
        "late_form": np.full((ways, len(beats)), -1),
    }


def _lay_out_beliefs(layout: Layout, cells: int) -> None:
    posts, stage = len(layout.posts), layout.stage
    ears = np.full(cells, -1.0)
    inland = np.zeros((cells, layout.crimes))
    for post in layout.posts:
        first = layout.columns["posts"][post.number]["cells"]
        for segment, share in post.watch.ears.items():
            ears[first + post.belief.index[segment]] = share
        later = stage.scenario.community.learned_later * post.coverage.arrivals[:, 0]
        inland[first : first + len(post.site.sector)] = later
    rows = table("crimes", layout.crimes)
    sharing = layout.policy.sharing
    operations = layout.policy.joint_operations
    for index, name in enumerate(stage.crimes):
        crime = stage.crime(index)
        rows[index]["harm"] = crime.harm
        rows[index]["detectability"] = crime.detectability
        rows[index]["category"] = sharing is not None and crime.category in sharing.categories
        rows[index]["focus"] = operations is not None and name in operations.crimes
    shape = cells, layout.crimes
    # One array, so that each post's belief is a view on it.
    of_posts = [post.belief.evidence.transpose(0, 2, 1) for post in layout.posts]
    evidence = np.ascontiguousarray(np.concatenate(of_posts, axis=1))
    layout.columns |= {
        "crimes": rows,
        "harms": np.tile(rows["harm"], layout.columns["posts"]["sector"].max()),
        "exposure": np.array(
            [
                [stage.exposure_hours(crime, side) for side in layout.world.sides]
                for crime in range(layout.crimes)
            ]
        ),
        "alpha": evidence[0],
        "beta": evidence[1],
        "seen": np.zeros(shape),
        "missed": np.ones(shape),
        "observed": np.zeros((4, *shape)),
        "told": np.zeros((4, *shape)),
        "passed_on": np.tile(rows["category"], (cells, 1)),
        "sensors": np.zeros(cells),
        "heard": np.zeros(cells),
        "unnoticed": np.ones(shape),
        "ears": ears,
        "keenness": np.ones((posts, layout.crimes)),
        "skill": np.zeros((posts, layout.crimes)),
        "skill_factor": np.ones((posts, layout.crimes)),
        "focus_factor": np.ones((posts, layout.crimes)),
        "inland": inland,
    }


def lay_out_patrols(layout: Layout) -> None:
    """Patrols, and room for those on duty."""
    patrols = layout.model.patrols_by_number
    rows = table("patrols", len(patrols))
    rows["beat"] = -1
    rows["post"], rows["home"] = [each.post for each in patrols], [each.home for each in patrols]
    rows["side"] = [layout.sides[patrol.side] for patrol in patrols]
    cycle = layout.scenario.patrols.duty_cycle_shifts
    turns = [-patrol.turn % cycle for patrol in patrols]
    most = max((len(post.patrols) for post in layout.posts), default=0)
    if "aid" in layout.instruments:
        most += 4 * layout.scenario.posts.aid.teams
    most = max(most, 1)
    roster = np.zeros((len(layout.posts), most))
    for post in layout.posts:
        roster[post.number, : len(post.patrols)] = [each.number for each in post.patrols]
        layout.columns["posts"][post.number]["patrols"] = len(post.patrols)
    joint = layout.policy.joint_patrols
    tasks = most + (joint.teams if joint else 0)
    layout.most = most
    layout.columns |= {
        "patrols": rows,
        "turns": np.array(turns),
        "owed": np.zeros(len(patrols)),
        "roster": roster,
        "regular": np.zeros((len(layout.posts), cycle, most)),
        "regulars": np.zeros((len(layout.posts), cycle)),
        "team": np.zeros((len(layout.posts), most)),
        "duty": np.zeros(most),
        "pauses": np.zeros((len(layout.posts), most)),
        "task_beat": np.zeros((len(layout.posts), tasks)),
        "task_post": np.zeros((len(layout.posts), tasks)),
        "task_leads": np.zeros((len(layout.posts), tasks)),
    }


def lay_out_aid(layout: Layout) -> None:
    """Who helps whom in a surge."""
    aid, settings = layout.instruments.get("aid"), layout.scenario.posts.aid
    helpers: list[int] = []
    ranges = np.zeros((len(layout.posts), len(settings.mobilisation_hours), 2))
    if isinstance(aid, SurgeAid):
        for post in layout.posts:
            for rank in range(len(settings.mobilisation_hours)):
                ranges[post.number, rank, 0] = len(helpers)
                helpers += [helper.number for helper in aid.helpers(rank, post)]
                ranges[post.number, rank, 1] = len(helpers)
    layout.columns |= {
        "waiting": table("waiting", 16),
        "lent": table("lent", 16),
        "helpers": np.array(helpers or [0]),
        "helper_range": ranges,
        "mobilisation": np.array(settings.mobilisation_hours),
        "finds": np.full((len(layout.posts), max(1, settings.trigger_finds)), -np.inf),
    }

"""Three countries round one place: one graph, sectors of one pair, and every pair served alike."""

import tempfile
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import write_border
from star_world import RAYS, star_scenario, write_ray

from sim import BorderModel, Scenario
from sim.engine import Kind, events_sha256
from sim.errors import InputError
from sim.outcomes.metrics import Accounts, daily_series
from sim.world import World, build_world
from sim.world.border import chains
from sim.world.communication import national_node, province_node, twin_pairs
from sim.world.sites import travel_hours

stars = st.fixed_dictionaries(
    {
        "segments": st.tuples(*[st.integers(1, 9)] * 3),
        "outward": st.tuples(*[st.booleans()] * 3),
        "gap": st.sampled_from([0.0, 0.00003, 0.02]),
        "province": st.sampled_from([1, 3, 100]),
        "posts__sector_km": st.sampled_from(
            [10.0, 20.0, 45.0, {"AAA": 10.0, "BBB": 20.0, "CCC": 60.0}]
        ),
        "world__settlement_spacing_km": st.sampled_from([5.0, 15.0, 40.0]),
    }
)


def pairs_of(world: World) -> set[tuple[str, ...]]:
    """Give the pairs of sides that share a line."""
    return {tuple(sorted(segment.sides)) for segment in world.segments}


@settings(max_examples=40, deadline=None)
@given(star=stars)
def test_a_tripoint_is_one_world(star: dict[str, Any]) -> None:
    """Whatever its shape, a tripoint keeps the properties of a world."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = star_scenario(Path(folder), **star)
        world, again = build_world(scenario), build_world(scenario)
    assert (world.segments, world.posts) == (again.segments, again.posts)
    assert world.settlements == again.settlements
    assert nx.utils.graphs_equal(world.border, again.border)
    assert nx.utils.graphs_equal(world.communication, again.communication)
    assert world.sides == ("AAA", "BBB", "CCC")
    assert [segment.number for segment in world.segments] == list(range(sum(star["segments"])))
    assert nx.is_connected(world.border)
    for number, segment in enumerate(world.segments):
        holders = Counter(site.side for site in world.posts if number in site.sector)
        assert holders == dict.fromkeys(segment.sides, 1)
    for site in world.posts:
        assert {tuple(sorted(world.segments[each].sides)) for each in site.sector} == {site.pair}
        assert {world.segments[each].province_of(site.side) for each in site.sector} == {
            site.province
        }
        assert all(world.border.has_edge(*two) for two in pairwise(site.sector))
        assert {world.posts[other].side for other in world.facing[site.number]} == {site.across}
        assert all(world.posts[other].pair != site.pair for other in world.meeting[site.number])
    assert set(world.skies) == {name for each in world.segments for name in each.provinces}
    for side, other in pairs_of(world):
        assert any(
            place.side == side and other in world.segments[place.segment].sides
            for place in world.settlements
        )


@settings(max_examples=25, deadline=None)
@given(star=stars)
def test_every_pair_of_sides_has_twins(star: dict[str, Any]) -> None:
    """Each post of a line's side with more of them twins with who holds most of its sector."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = star_scenario(Path(folder), **star)
        world = build_world(scenario)
    twins: dict[int, set[int]] = {}
    for first, second in twin_pairs(world.posts, scenario, "facing"):
        twins.setdefault(first, set()).add(second)
        twins.setdefault(second, set()).add(first)
    for pair in pairs_of(world):
        here = [site for site in world.posts if site.pair == pair]
        counts = Counter(site.side for site in here)
        many = max(pair, key=lambda side: (counts[side], side))
        for site in here:
            if site.side != many:
                continue
            (twin,) = twins[site.number]
            shared = {
                other: len(set(site.sector) & set(world.posts[other].sector))
                for other in world.facing[site.number]
            }
            assert shared[twin] == max(shared.values())


def test_lines_meet_at_the_tripoint_with_half_their_lengths_between(tmp_path: Path) -> None:
    """The innermost segments of the three lines are a triangle, all others a chain."""
    world = build_world(star_scenario(tmp_path, segments=(2, 3, 4), outward=(True, False, True)))
    inner = (0, 4, 5)
    edges = {tuple(sorted(edge)) for edge in world.border.edges}
    assert edges == {(0, 1), (2, 3), (3, 4), (5, 6), (6, 7), (7, 8), *combinations(inner, 2)}
    assert all(km == pytest.approx(10.0) for *_, km in world.border.edges(data="km"))


@pytest.mark.parametrize(
    ("gap", "within", "parts"), [(0.018, 5.0, 1), (0.018, 1.0, 2), (0.2, 5.0, 2)]
)
def test_drawings_of_a_tripoint_that_differ_a_little_are_one(
    tmp_path: Path, gap: float, within: float, parts: int
) -> None:
    """Lines that end 2 km from each other are joined if that is near; those 22 km away never."""
    world = build_world(star_scenario(tmp_path, gap=gap, world__tripoint_km=within))
    assert nx.number_connected_components(world.border) == parts


def test_lines_without_a_common_side_never_meet(tmp_path: Path) -> None:
    """Two borders of four countries that end a kilometre apart do not make a tripoint."""
    scenario = star_scenario(tmp_path, gap=0.01)
    table = tmp_path / "ray1" / "segments.csv"
    text = table.read_text().replace("province_bbb", "province_ddd")
    table.write_text(text.replace("province_ccc", "province_eee"))
    changes = {"world.borders": ["ray0", "ray1"], "groups": []}
    world = build_world(Scenario.load(scenario.path, overrides=changes))
    assert world.sides == ("AAA", "BBB", "DDD", "EEE")
    assert nx.number_connected_components(world.border) == 2


def test_posts_at_the_tripoint_know_who_meets_them_there(tmp_path: Path) -> None:
    """Each innermost post meets the four of the two other lines, and no other post anybody."""
    world = build_world(star_scenario(tmp_path))
    inner = {site.number for site in world.posts if set(site.sector) & {0, 9, 10}}
    assert len(inner) == 6
    for site in world.posts:
        others = {each for each in inner if world.posts[each].pair != site.pair}
        assert set(world.meeting[site.number]) == (others if site.number in inner else set())


def test_commands_of_every_pair_are_tied(tmp_path: Path) -> None:
    """National commands of each pair, and provinces that share a line, can speak to each other."""
    world = build_world(star_scenario(tmp_path, province=3))
    graph = world.communication
    for first, second in RAYS:
        assert graph.edges[national_node(first), national_node(second)]["tie"] == "national"
    for segment in world.segments:
        ends = [province_node(side, segment.province_of(side)) for side in segment.sides]
        assert graph.edges[*ends]["tie"] == "province"
    assert {node for node in graph if node[0] == "post"} == {
        ("post", str(site.number)) for site in world.posts
    }


def test_the_way_along_ones_own_side_leads_past_the_tripoint(tmp_path: Path) -> None:
    """A settlement reaches both lines of its country and never the line of the two others."""
    scenario = star_scenario(tmp_path)
    world = build_world(scenario)
    for place in world.settlements:
        own = {each.number for each in world.segments if place.side in each.sides}
        assert set(travel_hours(world.border, scenario, place)) == own


def test_groups_cross_the_line_between_their_two_sides(tmp_path: Path) -> None:
    """Every option of a group lies between origin and destination, and each group has some."""
    model = BorderModel(star_scenario(tmp_path, segments=(1, 2, 9)), rng=4)
    for group in model.groups:
        ends = {group.kind.origin, group.kind.destination}
        assert group.options
        assert all(
            set(model.stage.world.segments[number].sides) == ends for number in group.options
        )


def test_a_posts_share_of_arrivals_is_that_of_its_own_line(tmp_path: Path) -> None:
    """What crosses between two sides says nothing to a post on the line with the third."""
    scenario = star_scenario(tmp_path)
    one_way = [
        group.model_dump() for group in scenario.groups if (group.origin, group.destination)
        != ("BBB", "AAA")
    ]  # fmt: skip
    stage = BorderModel(star_scenario(tmp_path, groups=one_way), rng=1).stage
    assert stage.arrival_share(0, "BBB", "AAA") == 1.0
    assert stage.arrival_share(0, "AAA", "BBB") == 0.0
    assert stage.arrival_share(0, "AAA", "CCC") == pytest.approx(0.5)


DOSES: list[dict[str, Any]] = [
    {},
    {"sharing__interval_days": 0, "sharing__plans": True, "hotline__works": 1.0},
    {"sharing__interval_days": 1, "sharing__scope": "all", "allocation__kind": "thompson"},
    {"twinning__groups": "facing", "hotline__level": "national", "sharing__scope": "twins"}
    | {"sharing__interval_days": 1},
]


@pytest.mark.parametrize("doses", DOSES)
def test_three_sides_run(tmp_path: Path, doses: dict[str, Any]) -> None:
    """A run round a tripoint is whole, the same again, and in the records of each side."""
    members = ["AAA", "BBB", "CCC"]
    scenario = star_scenario(tmp_path, province=3, multilateral__members=members, **doses)
    first, again = BorderModel(scenario, rng=2), BorderModel(scenario, rng=2)
    first.run_model()
    again.run_model()
    columns = first.log.columns()
    assert events_sha256(columns) == events_sha256(again.log.columns())
    assert set(Accounts(first, columns).records) == {"AAA", "BBB", "CCC"}
    daily = daily_series(first.stage, columns)
    assert set(daily["side"]) == {"AAA", "BBB", "CCC"}
    if "sharing__interval_days" in doses:
        frame = first.log.frame()
        told = frame[frame.kind == "report_read"]
        sides = {
            frozenset(first.stage.world.posts[int(number)].side for number in ends)
            for ends in zip(told.post, told.partner, strict=True)
        }
        assert sides == {frozenset(pair) for pair in RAYS}


def test_on_every_line_one_side_commits_itself_first(tmp_path: Path) -> None:
    """Where plans are told at once, each shift one side of each line leads, and both in turn."""
    scenario = star_scenario(
        tmp_path, sharing__interval_days=0, sharing__plans=True, sharing__latency_hours=0.0
    )
    model = BorderModel(scenario, rng=2)
    led = []
    for _ in range(6):
        model.step()
        leaders = {(post.site.pair, post.side) for post in model.posts if post.plans}
        assert Counter(pair for pair, _ in leaders) == dict.fromkeys(pairs_of(model.stage.world), 1)
        led.append(leaders)
    assert all(one.isdisjoint(other) for one, other in pairwise(led))


def test_a_crossing_is_never_ascribed_to_a_line_it_cannot_have_crossed(tmp_path: Path) -> None:
    """What a side learns of later it puts on its own line, and no knowledge is lost on the way."""
    scenario = star_scenario(
        tmp_path, segments=(1, 1, 1), community__learned_later=1.0, community__misplaced=1.0,
        community__learned_later_days=0.01, patrols__per_post=0, time__days=20.0,
    )  # fmt: skip
    model = BorderModel(scenario, rng=3)
    model.run_model()
    columns = model.log.columns()
    passed = (columns["kind"] == Kind.PASSED).sum()
    learned = columns["kind"] == Kind.LEARNED_LATER
    assert passed - 5 <= learned.sum() <= passed
    for segment, side in zip(columns["segment"][learned], columns["side"][learned], strict=True):
        assert model.stage.world.sides[side] in model.stage.world.segments[segment].sides


def test_posts_of_three_sides_can_be_named_as_one_group(tmp_path: Path) -> None:
    """A group at the tripoint has members of all three sides, each twinned with all the others."""
    names = {"AAA": ["Alpha"], "BBB": ["Beta"], "CCC": ["Gamma"]}
    scenario = star_scenario(tmp_path, posts__named=[{"segment": 0, "names": names}])
    world = build_world(scenario)
    (group,) = (
        {site.name: site for site in world.posts if site.name in {"Alpha", "Beta", "Gamma"}},
    )
    assert 0 in group["Alpha"].sector
    assert 0 in group["Beta"].sector
    assert set(group["Gamma"].sector) & {9, 10}
    assert len(twin_pairs(world.posts, scenario, "named")) == 3


def test_a_stretch_is_cut_out_along_the_line(tmp_path: Path) -> None:
    """Within 24 km of the tripoint there are two segments of each line; the third is too far."""
    world = build_world(star_scenario(tmp_path, world__within_km=24.0))
    assert Counter(segment.sides for segment in world.segments) == dict.fromkeys(RAYS, 2)
    assert nx.is_connected(world.border)


def test_a_stretch_around_a_place_needs_no_tripoint(tmp_path: Path) -> None:
    """On a line of two countries, a place says which stretch is meant."""
    write_border(tmp_path / "border", 12)
    path = tmp_path / "line.toml"
    path.write_text(
        'format = 1\n[world]\nborders = ["border"]\nwithin_km = 20.0\naround = [0.54, 0.1]'
    )
    world = build_world(Scenario.load(path))
    assert [segment.polyline[0][0] for segment in world.segments] == pytest.approx(
        [0.36, 0.45, 0.54, 0.63]
    )


@pytest.mark.parametrize(
    ("lines", "place", "what"),
    [
        ("within_km = 20.0", "world.within_km", "no tripoint"),
        ("within_km = 20.0\naround = [30.0, 40.0]", "world.around", "away"),
        ("around = [0.5, 0.0]", "world.around", "without a distance"),
        ("within_km = 1.0\naround = [0.54, 0.0]", "world", "no line is left"),
        ('provinces = ["north of B", "nowhere"]', "world.provinces", "no province"),
    ],
)
def test_a_stretch_that_is_not_there_is_placed_in_the_file(
    tmp_path: Path, lines: str, place: str, what: str
) -> None:
    """Errors of the world name the file, the key and the fault."""
    write_border(tmp_path / "border", 12)
    path = tmp_path / "line.toml"
    path.write_text(f'format = 1\n[world]\nborders = ["border"]\n{lines}')
    with pytest.raises(InputError, match=what) as refusal:
        build_world(Scenario.load(path))
    assert f"{path}: {place}" in str(refusal.value)


def test_a_pair_has_one_folder(tmp_path: Path) -> None:
    """The same two countries in two folders would be two lines in one place."""
    write_ray(tmp_path / "more", ("AAA", "BBB"), 2, True, 0.0, 100)
    scenario = star_scenario(tmp_path, world__borders=["ray0", "ray1", "ray2", "more"])
    with pytest.raises(InputError, match="same two sides"):
        build_world(scenario)


def test_a_side_without_a_value_is_named(tmp_path: Path) -> None:
    """A parameter for each side needs one for a side that no group touches, too."""
    scenario = star_scenario(tmp_path, groups=[], posts__sector_km={"AAA": 20.0, "BBB": 20.0})
    with pytest.raises(InputError, match="no value for side 'CCC'") as refusal:
        build_world(scenario)
    assert f"{scenario.path}: posts.sector_km" in str(refusal.value)


def test_a_group_lives_where_its_line_is(tmp_path: Path) -> None:
    """A province of the origin that faces another country is no home for the group."""
    scenario = star_scenario(
        tmp_path, province=1, groups__0__provinces=["Aaa 8"], segments=(3, 3, 9)
    )
    with pytest.raises(InputError, match="no province 'Aaa 8'") as refusal:
        build_world(scenario)
    assert f"{scenario.path}: groups.0.provinces" in str(refusal.value)


def test_a_province_without_a_settlement_is_no_home(tmp_path: Path) -> None:
    """Groups that would have nowhere to live are refused before the run."""
    scenario = star_scenario(
        tmp_path, province=1, groups__0__provinces=["Aaa 0"], world__settlement_spacing_km=40.0
    )
    with pytest.raises(InputError, match="no settlement in Aaa 0"):
        build_world(scenario)


def test_an_unnamed_province_is_called_by_its_country(tmp_path: Path) -> None:
    """Border data may leave provinces blank; no label is empty for it."""
    scenario = star_scenario(tmp_path)
    table = tmp_path / "ray0" / "segments.csv"
    table.write_text(table.read_text().replace("Aaa 0", "").replace("Bbb 0", " "))
    world = build_world(scenario)
    assert {segment.provinces for segment in world.segments[:5]} == {("AAA", "BBB")}


def test_border_data_may_say_who_is_to_the_left(tmp_path: Path) -> None:
    """The side to the left of a line is the first, or the one that the data name."""
    scenario = star_scenario(tmp_path)
    table = tmp_path / "ray0" / "segments.csv"
    rows = table.read_text().splitlines()
    table.write_text("\n".join([rows[0] + ",left", *(row + ",BBB" for row in rows[1:])]))
    segments = build_world(scenario).segments
    assert {segment.left for segment in segments[:5]} == {"BBB"}
    assert {segment.left for segment in segments[5:10]} == {"BBB"}
    assert {segment.left for segment in segments[10:]} == {"AAA"}
    table.write_text(table.read_text().replace(",BBB", ",CCC"))
    with pytest.raises(InputError, match="'CCC' to the left is no side"):
        build_world(scenario)


def test_a_run_of_line_goes_through_a_segment_from_end_to_end() -> None:
    """Where a chain touches a ring, the run goes on along the line and does not turn back."""
    graph: nx.Graph[int] = nx.Graph()
    touch, joints = (0.0, 0.0), {(0, 1): (1.0, 0.0), (4, 5): (-1.0, 0.0), (2, 3): (0.0, 1.0)}
    for ends, place in joints.items():
        graph.add_edge(*ends, place=place)
    for ends in combinations((1, 2, 3, 4), 2):
        graph.add_edge(*ends, place=joints.get(ends, touch))
    runs = chains(graph, set(range(6)))
    assert sorted(number for run in runs for number in run) == list(range(6))
    for run in runs:
        places = [graph.edges[two]["place"] for two in pairwise(run)]
        assert all(one != other for one, other in pairwise(places))

"""The game of a scenario: what patrols can hold groups to who know how they are drawn."""

import numpy as np
import pytest
from small_world import small_scenario
from star_world import star_scenario

from sim.engine import BorderModel
from sim.optimum.board import Board
from sim.optimum.border_game import (
    Coverage,
    best_coverage,
    everybody,
    game_of,
    links_in,
    what_comes_of,
)


@pytest.fixture
def board(tmp_path) -> Board:
    """Give the board of the small world, six segments between two sides."""
    return Board(BorderModel(small_scenario(tmp_path)))


def least_stopped(board: Board, found: Coverage) -> np.ndarray:
    """Give the least chance that any attack of each group is stopped."""
    attacks = board.attacks.group
    return np.array([found.stopped[attacks == each].min() for each in range(len(board.harm))])


def test_posts_place_their_patrols_and_no_more(board):
    """Each post has as many teams out as are on duty, on average; none is idle."""
    found = best_coverage(board, everybody(board))
    placed = np.bincount(board.placements.post, weights=found.placed)
    assert placed == pytest.approx(board.teams)


@pytest.mark.parametrize("count", [0, 2, 4])
def test_nothing_prevents_more_than_all_linked(board, count):
    """Some links may do less than none, since what is left to a partner may then be missed."""
    links = everybody(board)
    some, together = (best_coverage(board, each) for each in (links[:count], links))
    assert some.passes > together.passes + 1e-3


def test_no_shift_of_coverage_between_two_beats_helps(board):
    """Both sides as one cannot do better, wherever groups go."""
    links = everybody(board)
    found = best_coverage(board, links)
    post = board.placements.post
    tried = 0
    for one, other in zip(*np.nonzero(post[:, None] == post), strict=True):
        placed = found.placed.copy()
        step = min(0.02, placed[other], 1.0 - placed[one])
        if one != other and step > 1e-6:
            placed[one] += step
            placed[other] -= step
            tried += 1
            assert what_comes_of(board, links, placed).passes >= found.passes - 1e-4
    assert tried


def test_value_is_what_passes_when_each_group_goes_where_least_is_stopped(board):
    """No group gains by moving: the harm that passes is that of its best choice."""
    found = best_coverage(board, everybody(board))
    assert found.passes == pytest.approx(board.harm @ (1.0 - least_stopped(board, found)))
    assert found.prevented == pytest.approx(1.0 - found.passes / board.harm.sum())
    game = game_of(board, everybody(board))
    teams = np.maximum(0.0, found.teams.sum(axis=1) - 1.0)
    worth = game.worth(np.append(found.placed, teams)).reshape(2, -1)
    assert 1.0 - worth[0] == pytest.approx(found.stopped)
    assert worth[1] == pytest.approx(worth[0])


def test_a_side_alone_reckons_with_nothing_of_the_other(tmp_path):
    """Its coverage is the same however many patrols the other has; what comes of it is not."""
    few, many = (
        Board(BorderModel(small_scenario(tmp_path, patrols__per_post={"AAA": 3, "BBB": count})))
        for count in (1, 6)
    )
    weak, strong = (best_coverage(board, []) for board in (few, many))
    mine = few.world.sides.index("AAA")
    assert weak.teams[:, mine] == pytest.approx(strong.teams[:, mine], abs=1e-6)
    assert weak.passes > strong.passes


def test_one_patrol_on_one_segment_is_worth_what_its_detection_and_pursuit_are(tmp_path):
    """Worked out from the coverage of the post itself; nothing else stops anybody."""
    scenario = small_scenario(
        tmp_path,
        patrols__per_post={"AAA": 3, "BBB": 0},
        posts__sector_km={"AAA": 10.0, "BBB": 30.0},
        patrols__response_hours=0.0,
        world__wet_days=[0.0] * 12,
    )
    model = BorderModel(scenario)
    found = best_coverage(Board(model), [])
    settings = model.stage.scenario
    covers = [
        [
            post.coverage.by_beat(model.surroundings.shift(n, 8.0 * n, 8.0 * n + 8.0, dry))[0]
            for n in range(3)
        ]
        for post in model.posts_by_number
        if post.side == "AAA"
        for dry in [dict.fromkeys(model.stage.world.skies, 1.0)]
    ]
    passes = 0.0
    for group in model.groups_by_number:
        stopped = [
            settings.patrols.interception
            * np.mean([cover[0, group.crime, 0] for cover in covers[segment]])
            for segment in group.options
        ]
        harm = group.kind.attempts_per_day * model.stage.crime(group.crime).harm
        passes += harm * (1.0 - min(stopped))
    assert found.passes == pytest.approx(passes)


def test_links_are_the_direct_ties_of_a_communication_graph(tmp_path):
    """None without an instrument; of twins with twinning; commands alone tie no posts."""
    model = BorderModel(small_scenario(tmp_path))
    assert links_in(model.stage.world.communication, Board(model)) == []
    model = BorderModel(small_scenario(tmp_path, twinning__groups="facing"))
    links = links_in(model.stage.world.communication, Board(model))
    assert set(links) == {
        pair for one, two in model.stage.world.twins for pair in ((one, two), (two, one))
    }


def test_patrols_to_spare_do_not_count_twice(tmp_path):
    """More teams than beats: each further team on a beat stops less, and no attack is sure."""
    board = Board(BorderModel(small_scenario(tmp_path, patrols__per_post=30)))
    found = best_coverage(board, everybody(board))
    assert board.placements.turn.max() > 0
    assert found.stopped.max() < 1.0


def test_three_countries_play_one_game(tmp_path):
    """Each segment has its own two sides; linking all helps there too."""
    board = Board(BorderModel(star_scenario(tmp_path)))
    alone, together = (best_coverage(board, links) for links in ([], everybody(board)))
    assert alone.passes > together.passes

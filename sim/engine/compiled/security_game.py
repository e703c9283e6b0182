"""Where a post sends its patrols as the leader of a Stackelberg security game."""

from typing import Any

from sim.engine.compiled.allocation import by_chance, covers_any
from sim.engine.compiled.chance import ALLOCATION, draw
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.watching import believed
from sim.rules.security import comb_sample, coverage_at, water_level
from sim.rules.ties import total


@compiled
def by_security_game(
    s: Any, number: int, shift: int, way: int, told: bool, options: int, teams: int, plan: int
) -> None:
    """Draw beats so often that a group that knew how often would find none better than another.

    Parameters are as for `by_chance`, which chooses where no game is worth playing any more.
    """
    targets = _find_targets(s, number, way, told, options)
    chosen = 0
    while chosen < teams:
        playable = 0
        for target in range(targets):
            if s.work_worth[target] > 0.0 and s.work_effect[target] > 0.0:
                s.work_target[playable] = target
                s.work_here[playable] = s.work_worth[target]
                s.work_there[playable] = s.work_effect[target]
                playable += 1
        if not playable:
            by_chance(s, number, shift, way, told, options, teams, plan, chosen)
            return
        here, there = s.work_here[:playable], s.work_there[:playable]
        level = water_level(here, there, float(teams - chosen))
        share = draw(s, ALLOCATION, number, shift, chosen)
        for rank in range(playable):
            s.work_often[rank] = coverage_at(level, here[rank], there[rank])
        for rank in comb_sample(s.work_often[:playable], share):
            if chosen < s.plan_beats.shape[1]:
                s.plan_beats[plan, chosen] = s.work_beat[s.work_target[rank]]
                chosen += 1
        for rank in range(playable):
            target = s.work_target[rank]
            s.work_worth[target] *= 1.0 - s.work_effect[target] * s.work_often[rank]


@compiled
def _find_targets(s: Any, number: int, way: int, told: bool, options: int) -> int:
    """Find beats side by side, what each is worth to a group, and how likely a patrol detects it.

    Returns
    -------
    How many; they are in `s.work_beat`, `s.work_worth` and `s.work_effect`.
    """
    post, crimes = s.posts[number], s.crimes.shape[0]
    targets = _side_by_side(s, number, way, options)
    for target in range(targets):
        beat_number = post.beats + s.work_beat[target]
        beat = s.beats[beat_number]
        terms = 0
        for index in range(beat.segments):
            place = beat.first + index
            if not covers_any(s, way, beat.stretches + index):
                continue
            for crime in range(crimes):
                harm = s.crimes[crime].harm * believed(s, post.cells + place, crime)
                if told:
                    harm *= 1.0 - s.work_cover[place]
                s.work_terms[terms] = harm
                s.work_stopped[terms] = s.covers[way, beat.stretches + index, crime] * harm
                terms += 1
        worth = total(s.work_terms, terms)
        s.work_worth[target] = worth
        s.work_effect[target] = total(s.work_stopped, terms) / worth if worth > 0.0 else 0.0
    return targets


@compiled
def _side_by_side(s: Any, number: int, way: int, options: int) -> int:
    """Find beats that share no segment, and such further ones as reach more segments.

    Returns
    -------
    How many; they are in `s.work_beat`, ascending.
    """
    post = s.posts[number]
    for place in range(post.sector):
        s.work_reached[place] = 0
    for rank in range(options):
        s.work_chosen[rank] = 0
    for more in range(2):
        for rank in range(options):
            beat_number = post.beats + s.options_now[rank]
            beat = s.beats[beat_number]
            apart, further = True, False
            for index in range(beat.segments):
                if covers_any(s, way, beat.stretches + index):
                    reached = s.work_reached[beat.first + index]
                    apart = apart and not reached
                    further = further or not reached
            if further if more else apart:
                s.work_chosen[rank] = 1
                for index in range(beat.segments):
                    if covers_any(s, way, beat.stretches + index):
                        s.work_reached[beat.first + index] = 1
    targets = 0
    for rank in range(options):
        if s.work_chosen[rank]:
            s.work_beat[targets] = s.options_now[rank]
            targets += 1
    return targets

"""What stands still in a player: the line in its true shape, posts, gates, provinces, ties."""

from importlib.metadata import version
from typing import Any

import numpy as np

from sim.engine import Kind
from sim.replay.course import Box, signs_of, true_shape
from sim.replay.packing import Pack
from sim.replay.recording import Recording
from sim.replay.sides import SIDE_COLOURS, SIDE_SHAPES, letters
from sim.scenario.injects import Period
from sim.scenario.stops import Stop

SPAN = 1000.0
"""Length of the longer edge of the map in its own units, before it is zoomed."""


def words_of(recording: Recording, *, trainee: bool) -> dict[str, Any]:
    """Say in words what a player must know besides columns.

    Parameters
    ----------
    recording : the run
    trainee : leave out what only a trainer may see: injects, answers and the seed
    """
    scenario, world = recording.scenario, recording.world
    names = [scenario.world.names.get(side, side) for side in world.sides]
    return {
        "title": scenario.title or scenario.name,
        "policy": scenario.policy.title or scenario.policy_name,
        # Who knows the seed can run the scenario, and see.
        "seed": None if trainee else recording.seed,
        "hours": recording.hours,
        "version": version("bordersim"),
        "inputs": scenario.inputs_sha256,
        "trainee": trainee,
        "dawn": scenario.world.dawn_hour,
        "dusk": scenario.world.dusk_hour,
        "kinds": {kind.name.lower(): int(kind) for kind in Kind},
        "crimes": list(recording.crimes),
        "referred": [scenario.crimes[name].referred for name in recording.crimes],
        "sides": [
            {
                "code": code,
                "name": name,
                "letter": letter,
                "colour": SIDE_COLOURS[index % len(SIDE_COLOURS)],
                "shape": SIDE_SHAPES[index % len(SIDE_SHAPES)],
            }
            for index, (code, name, letter) in enumerate(
                zip(world.sides, names, letters(names, world.sides), strict=True)
            )
        ],
        "posts": [
            {
                "name": site.name,
                "side": world.sides.index(site.side),
                "province": site.province,
                "sector": list(site.sector),
                "segment": recording.homes[site.number].segment,
                "share": round(recording.homes[site.number].share, 4),
            }
            for site in world.posts
        ],
        "segments": [
            {
                "km": round(segment.length_km, 3),
                "sides": [world.sides.index(side) for side in segment.sides],
                "provinces": list(segment.provinces),
                "left": world.sides.index(segment.left),
                "gate": segment.gate,
                "next": sorted(world.border[segment.number]),
            }
            for segment in world.segments
        ],
        "ties": recording.ties,
        "injects": [] if trainee else [_inject(each) for each in scenario.injects],
        "stops": [
            _stop(each, trainee)
            for each in sorted(scenario.stops, key=lambda each: each.day)
            if 24.0 * each.day <= recording.hours
        ],
    }


def _inject(inject: Any) -> dict[str, Any]:
    return {
        "hour": 24.0 * inject.day,
        "hours": 24.0 * inject.days if isinstance(inject, Period) else 0.0,
        "kind": inject.kind,
        "title": inject.title,
    }


def _stop(stop: Stop, trainee: bool) -> dict[str, Any]:
    told = {"hour": 24.0 * stop.day, "text": stop.text, "question": stop.question}
    return told if trainee else {**told, "answer": stop.answer}


def add_line(pack: Pack, recording: Recording) -> None:
    """Add the course of the line: points of each segment, and the way to the left of it.

    Columns `line_x`, `line_y`, `left_x`, `left_y`, each (segments, points), y downward; `hand`
    (sides, segments), 1 where a side is to the left.
    """
    view, km_per_unit = true_shape(recording.world, Box(0.0, 0.0, SPAN, SPAN))
    pack.meta["km_per_unit"] = km_per_unit
    pack.meta["points"] = view.points.shape[1]
    pack.add("line_x", view.points[..., 0], 100)
    pack.add("line_y", SPAN - view.points[..., 1], 100)
    pack.add("left_x", view.left[..., 0], 1000)
    pack.add("left_y", -view.left[..., 1], 1000)
    pack.add("hand", np.asarray(signs_of(recording.world)))

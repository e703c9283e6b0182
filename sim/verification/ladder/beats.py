"""Where patrols are on their beats: how far from who is told of, and whom they meet on the way.

The place of a patrol that walks back and forth is a triangle wave of time: at a random time it is
uniform on the beat, turning points and middle alike.
"""

from sim.engine import BorderModel
from sim.verification.counting import Attempts, outcome
from sim.verification.ladder.barrier import one_patrol
from sim.verification.rung import Counts, Rung

SOURCE = "submodels of sim/ODD.md; barrier patrol, Koopman, Search and Screening (1946)"


def in_reach(a: float) -> float:
    """Share of places that a patrol reaches within what is left of a window, `a` beats long.

    Two uniform points of a beat are within w beats of each other with probability 1 − (1 − w)²
    (triangular distribution); this is its mean over w uniform between 0 and a ≤ 1.
    """
    return 1.0 - (1.0 - (1.0 - a) ** 3) / (3.0 * a)


def _met_on_halves(model: BorderModel) -> Counts:
    """Count attempts that were intercepted, on both segments of a beat."""
    attempts = Attempts(model)
    halves = {"first_half": attempts.segment == 0, "second_half": attempts.segment == 1}
    return {
        name: (float((attempts.intercepted & here).sum()), float(here.sum()))
        for name, here in halves.items()
    }


def _answer() -> Rung:
    """Patrols that see nobody, and go to whom people tell their post of."""
    speed, a = 1e4, 0.5
    beat = 9.045 / speed
    return Rung(
        name="beats.answer",
        title="people tell a post at a random time, and its patrol walks there from where it is",
        source=f"{SOURCE}; triangular distribution",
        scenario="line.toml",
        # By symmetry the same on both halves of a beat; not so if a patrol kept to one of them.
        expected={"first_half": in_reach(a), "second_half": in_reach(a)},
        count=_met_on_halves,
        settings=[
            {
                "world.provinces": ["Double"],
                # So quick that a patrol is hardly ever under way to another attempt.
                "world.speed_kmh": [speed, speed, speed],
                "posts.reaction_hours": 1e9,
                "patrols.beat_segments": 2,
                "patrols.detection": 0.0,
                "patrols.interception": 1.0,
                "community.reports": 1.0,
                "crimes.crossing.exposure_hours": {"AAA": a * beat, "BBB": 0.0},
                "groups.0.attempts_per_day": 200.0,
                "time.days": 25.0,
            }
        ],
    )


def _lawful() -> Rung:
    """Lawful people whom a patrol passes, all of whom it stops."""
    beat, a = 3 * 0.001809, 1.0
    return Rung(
        name="beats.lawful",
        title="lawful people on a beat of three reliefs, who are there for as long as it takes "
        "one way",
        source=f"{SOURCE}; own derivation",
        scenario="line.toml",
        expected={"stopped_of_1000": 1000.0 * one_patrol(a)},
        count=outcome(stopped_of_1000="false_stops_per_1000"),
        settings=[
            {
                "world.provinces": ["Mixed"],
                # So quick that hardly anybody is there when a shift ends.
                "world.speed_kmh": [4000.0, 3000.0, 2000.0],
                "posts.sector_km": 16.281,
                "patrols.beat_segments": 3,
                "community.lawful_per_segment": 1000.0,
                "community.lawful_exposure_hours": a * beat,
                "community.false_stop": 1.0,
                "groups.0.attempts_per_day": 0.01,
                "time.days": 25.0,
            }
        ],
    )


RUNGS = (_answer(), _lawful())

"""Other processes of the model whose outcome follows in closed form."""

import math

from sim.engine import BorderModel
from sim.engine.events import Kind
from sim.verification.counting import Attempts, detected_by, outcome
from sim.verification.ladder.barrier import BEAT
from sim.verification.rung import Counts, Rung, of_submodel

QUICK = {"world.speed_kmh": [1e6, 1e6, 1e6], "patrols.phase": "each_shift"}
"""Patrols that are everywhere on their beat at once."""

FEW = {"world.provinces": ["Line"], "groups.0.attempts_per_day": 25.0, "time.days": 100.0}
"""So few crossers on each of 120 segments that patrols are hardly ever busy with another."""


def _intercepted(model: BorderModel) -> Counts:
    """Count attempts that were intercepted."""
    attempts = Attempts(model)
    return {"intercepted": (float(attempts.intercepted.sum()), float(len(attempts)))}


def _damaged(model: BorderModel) -> Counts:
    """Count damaged markers."""
    return {"a_year": (float((model.log.columns()["kind"] == Kind.MARKER_DAMAGED).sum()), 1.0)}


def _imported(model: BorderModel) -> Counts:
    """Count cases that came in."""
    columns = model.log.columns()
    return {"cases": (float(columns["value"][columns["kind"] == Kind.CASES_IMPORTED].sum()), 1.0)}


def _turned_back(model: BorderModel) -> Counts:
    """Count attempts that found nobody to carry."""
    kind = model.log.columns()["kind"]
    return {
        "turned_back": (float((kind == Kind.TURNED_BACK).sum()), float((kind == Kind.WANTED).sum()))
    }


def _place_in_part(model: BorderModel) -> Counts:
    """Sum up where in parts of the day attempts start."""
    attempts = Attempts(model)
    places = (attempts.start % 8.0) / 8.0
    return {"place": (float(places.sum()), float(len(attempts)))}


def _night() -> Rung:
    dark, penalty, detection, detectability = 10.0 / 24.0, 0.5, 0.6, 1.2
    chance = detection * detectability * (1.0 - penalty * dark)
    return of_submodel(
        "process.night",
        "one patrol that sees less at night, window of a beat",
        "product of factors; each of two passes in a round is independent",
        {"detected": 1.0 - (1.0 - chance / 2.0) ** 2},
        detected_by(detected=(0,)),
        {
            "groups.0.attempts_per_day": 100.0,
            "time.days": 25.0,
            "crimes.crossing.exposure_hours": {"AAA": BEAT, "BBB": 0.0},
            "crimes.crossing.detectability": detectability,
            "patrols.detection": detection,
            "patrols.night_penalty": penalty,
        },
    )


def _sensor() -> Rung:
    return of_submodel(
        "process.sensor",
        "one sensor on a segment",
        "definite range",
        {"detected": 3.0 / 9.045 * 0.7 * 1.2},
        detected_by(detected=(0,)),
        {
            "groups.0.attempts_per_day": 100.0,
            "time.days": 25.0,
            "patrols.per_post": 0,
            "posts.sensors.fixed": {"AAA": 1, "BBB": 0},
            "posts.sensors.range_km": 3.0,
            "posts.sensors.detection": 0.7,
            "crimes.crossing.detectability": 1.2,
        },
    )


def _pursuit() -> Rung:
    window, response, chance = 0.1, 0.05, 0.7
    return of_submodel(
        "process.pursuit",
        "patrols that see everybody at once pursue until the line",
        "exponential response",
        {"intercepted": chance * (1.0 - math.exp(-window / response))},
        _intercepted,
        QUICK
        | FEW
        | {
            "crimes.crossing.exposure_hours": {"AAA": window, "BBB": 0.0},
            "patrols.response_hours": response,
            "patrols.interception": chance,
        },
        slack=0.001,  # a patrol that is busy misses who comes meanwhile
    )


def _hotline() -> Rung:
    works, trust, weight = 0.8, 0.4, 0.5
    return of_submodel(
        "process.hotline",
        "a post calls across the line, and its partner goes there at once",
        "answers linear in trust",
        {"intercepted": works * (1.0 - weight * (1.0 - trust))},
        _intercepted,
        QUICK
        | FEW
        | {
            "crimes.crossing.exposure_hours": {"AAA": 0.1, "BBB": 0.1},
            "patrols.interception": 1.0,
            "patrols.response_hours": 1e9,
            "posts.reaction_hours": 0.0,
            "posts.trust.start": trust,
            "posts.trust.alert_weight": weight,
            "posts.trust.handover": 0.0,
            "hotline.works": works,
            "hotline.minutes": 0.0,
            "hotline.call_hours": 0.0,
        },
        slack=0.001,  # a team that is out answers nobody else
    )


def _reaction() -> Rung:
    window, ready, speed, told = 2.0, 0.5, 10.0, 0.3
    hours = ready + 4.5225 / 2.0 / speed
    return of_submodel(
        "process.reaction",
        "people tell a post at a random time, and its team drives there",
        "uniform time of the news",
        {"intercepted": told * (1.0 - hours / window)},
        _intercepted,
        {
            "world.provinces": ["Double"],
            "groups.0.attempts_per_day": 1.0,
            "time.days": 2500.0,
            "patrols.per_post": 0,
            "patrols.interception": 1.0,
            "posts.reaction_hours": ready,
            "world.vehicle_kmh": speed,
            "community.reports": told,
            "crimes.crossing.exposure_hours": {"AAA": window, "BBB": 0.0},
        },
        slack=0.01,  # a team that is out answers nobody else
    )


def _wear() -> Rung:
    return of_submodel(
        "process.wear",
        "markers damaged in a year on 1,085 km",
        "Poisson process",
        {"a_year": 120 * 9.045 * 0.5 * 0.2},
        _damaged,
        {
            "world.provinces": ["Line"],
            "world.markers_per_km": 0.5,
            "world.marker_damage_per_year": 0.2,
            "groups.0.attempts_per_day": 0.01,
            "time.days": 365.0,
            "patrols.per_post": 0,
        },
        error=0.02,
    )


def _development() -> Rung:
    days, delay, most = 400.0, 100.0, 0.5
    level = most * 300.0 / (300.0 + 200.0)
    return of_submodel(
        "process.development",
        "attempts that find nobody to carry while livelihoods grow",
        "first-order lag, saturating dose",
        {"turned_back": level * (1.0 - delay / days * (1.0 - math.exp(-days / delay)))},
        _turned_back,
        {
            "groups.0.attempts_per_day": 6.0,
            "time.days": days,
            "development.budget": 300.0,
            "development.most": most,
            "development.half_budget": 200.0,
            "development.delay_days": delay,
        },
    )


def _trust() -> Rung:
    return of_submodel(
        "process.trust",
        "trust after twelve events that move it by a tenth each",
        "repeated steps towards 1",
        {"trust": 1.0 - 0.6 * 0.9**12},
        outcome(trust="mean_trust"),
        {
            "groups.0.attempts_per_day": 0.01,
            "time.days": 365.0,
            "posts.trust.start": 0.4,
            "posts.trust.half_life_days": 1e12,
            "cultural_exchanges.per_year": 12.0,
            "cultural_exchanges.trust_gain": 0.1,
        },
        runs=4,
    )


def _start() -> Rung:
    return of_submodel(
        "process.start",
        "where in a part of the day attempts start",
        "uniform in what is left of the part, or in the whole of a later one",
        {"place": 1.0 / 3.0 * 0.75 + 2.0 / 3.0 * 0.5},
        _place_in_part,
        {"groups.0.attempts_per_day": 100.0, "time.days": 25.0},
    )


def _screening() -> Rung:
    days, prevalence, alone, joint, post = 100.0, 0.02, 0.4, 0.5, 0.3
    gate, elsewhere = 400.0, 100.0
    missed = gate * (1.0 - alone) * (1.0 - joint) + elsewhere * (1.0 - post)
    return of_submodel(
        "process.screening",
        "cases that come in during an outbreak against which both sides screen",
        "thinned Poisson process, half of the people in each direction",
        {"cases": days * prevalence * missed / 2.0},
        _imported,
        {
            "groups.0.attempts_per_day": 1e-6,
            "time.days": days,
            "patrols.per_post": 0,
            "community.lawful_per_gate.international": gate,
            "community.lawful_per_segment": elsewhere,
            "infection.screened": alone,
            "health.level": 3,
            "health.gate_screened": joint,
            "health.post_screened": post,
            "injects": [
                {
                    "kind": "outbreak",
                    "day": 0,
                    "days": days,
                    "side": "AAA",
                    "prevalence": prevalence,
                }
            ],
        },
        error=0.02,
    )


RUNGS = (
    _night(),
    _sensor(),
    _pursuit(),
    _hotline(),
    _reaction(),
    _wear(),
    _development(),
    _trust(),
    _start(),
    _screening(),
)

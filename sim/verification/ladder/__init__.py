"""The rungs of the ladder, a module for each section of what is known."""

from sim.verification.ladder import (
    adversary,
    barrier,
    beats,
    beliefs,
    freshness,
    inspection,
    knowledge,
    patrolling,
    perimeter,
    processes,
    security,
)

LADDER = {
    rung.name: rung
    for section in (
        barrier,
        beats,
        patrolling,
        perimeter,
        security,
        inspection,
        freshness,
        adversary,
        beliefs,
        processes,
        knowledge,
    )
    for rung in section.RUNGS
}
"""All rungs by name, in the order of the sections."""

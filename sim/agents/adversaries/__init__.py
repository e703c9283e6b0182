"""How smuggling groups choose and learn: one class for each kind of adversary."""

from sim.agents.adversaries.adversary import DAYPARTS, Adversary, Lesson, Sightings, Situation
from sim.agents.adversaries.attraction import ExperienceWeighted, Static
from sim.agents.adversaries.estimating import (
    BestResponse,
    Estimating,
    ProspectTheory,
    SubjectiveUtility,
)
from sim.agents.adversaries.level_k import LevelK
from sim.errors import InputError
from sim.scenario.code import is_code, load_code

ADVERSARIES: dict[str, type[Adversary]] = {
    "ewa": ExperienceWeighted,
    "static": Static,
    "best_response": BestResponse,
    "suqr": SubjectiveUtility,
    "prospect": ProspectTheory,
    "level_k": LevelK,
}


def adversary_of(name: str, situation: Situation) -> Adversary:
    """Make the adversary of a name, for a group in a situation.

    Raises
    ------
    InputError : there is no such adversary
    """
    if is_code(name):
        kind = load_code(name)
        if not (isinstance(kind, type) and issubclass(kind, Adversary)):
            raise InputError("is no subclass of Adversary", where=name)
        return kind(situation)
    if name not in ADVERSARIES:
        raise InputError(
            f"no adversary {name!r}",
            where="groups.adversary",
            remedy=f"valid: {', '.join(ADVERSARIES)}",
        )
    return ADVERSARIES[name](situation)


__all__ = [
    "ADVERSARIES",
    "DAYPARTS",
    "Adversary",
    "BestResponse",
    "Estimating",
    "ExperienceWeighted",
    "Lesson",
    "LevelK",
    "ProspectTheory",
    "Sightings",
    "Situation",
    "Static",
    "SubjectiveUtility",
    "adversary_of",
]

"""Units of parameters, by key path."""

from pydantic import BaseModel

from sim.scenario.files import table_in
from sim.scenario.policy import PolicyFile
from sim.scenario.scenario import POLICY_KEYS
from sim.scenario.schema import ScenarioFile


def unit_of(key: str) -> str:
    """Give the unit of a parameter of a scenario or policy file.

    Parameters
    ----------
    key : key path, as `joint_patrols.per_month` or `groups.0.attempts_per_day`

    Returns
    -------
    The unit as declared; "" for pure numbers, words, tables, and keys that do not exist.
    """
    parts = key.split(".")
    model: type[BaseModel] = PolicyFile if parts[0] in POLICY_KEYS else ScenarioFile
    for part in parts:
        field = model.model_fields.get(part)
        inner = table_in(field.annotation) if field else None
        if inner is not None:
            model = inner
        elif field is not None:
            extra = field.json_schema_extra
            return str(extra.get("x-unit", "")) if isinstance(extra, dict) else ""
    return ""

"""When: the model that runs agents through shifts and events, and the log of what happened.

`model` lets the agents act one at a time; `compiled` runs the same rules over columns of state.
"""

from sim.engine.events import COLUMNS, Columns, EventLog, Kind, events_sha256
from sim.engine.model import BorderModel

__all__ = ["COLUMNS", "BorderModel", "Columns", "EventLog", "Kind", "events_sha256"]

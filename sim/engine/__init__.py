"""When: the model that runs agents through shifts and events, and the log of what happened."""

from sim.engine.events import COLUMNS, Columns, EventLog, Kind, events_sha256
from sim.engine.model import BorderModel

__all__ = ["COLUMNS", "BorderModel", "Columns", "EventLog", "Kind", "events_sha256"]

"""One run as a picture: recorded shift by shift, then drawn."""

from sim.replay.recording import Recording, record

__all__ = ["Recording", "record"]

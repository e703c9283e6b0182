"""One run as a picture: recorded shift by shift, then played in a browser, or drawn."""

from sim.replay.recording import Recording, record

__all__ = ["Recording", "record"]

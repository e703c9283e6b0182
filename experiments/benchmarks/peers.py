"""Part 2: agent-steps a second of the same moves in Mesa, agentpy and NumPy."""

import importlib
from functools import partial

from measuring import SCENARIOS, Row, compared, interleaved, left_out, row_of
from mesa_peer import MesaPeer
from moves import TICK_HOURS, Moves, moves_of
from numpy_peer import NumpyPeer

from sim import Scenario

PUBLISHED = {"flee": 0.2, "Starsim": 0.8, "Covasim": 2.0}
"""Million agent-steps a second of other projects' own models, quoted."""

UNIT = "million agent-steps/s"

MANY_LINES = 100
MANY = f"NumPy, {MANY_LINES} such lines"


def agentpy_peer(moves: Moves) -> object:
    """Set the model in agentpy up; it is not among what the package needs.

    Raises
    ------
    Exception : agentpy is missing, or does not work with what else is installed
    """
    return importlib.import_module("agentpy_peer").AgentpyPeer(moves)


def measure(quick: bool) -> list[Row]:
    """Measure all peers in turn."""
    days, repetitions = (2, 3) if quick else (30, 7)
    scenario = Scenario.load(SCENARIOS / "vietnam_laos.toml")
    one, many = moves_of(scenario), moves_of(scenario, MANY_LINES)
    peers = {"Mesa": MesaPeer(one), "NumPy": NumpyPeer(one), MANY: NumpyPeer(many)}
    missing = []
    try:
        peers["agentpy"] = agentpy_peer(one)
    except Exception as error:
        missing.append(left_out("agentpy", UNIT, repr(error)))
    ticks = round(days * 24.0 / TICK_HOURS)
    calls = {name: partial(peer.advance, ticks) for name, peer in peers.items()}
    for call in calls.values():
        call()  # the warm-up
    times = interleaved(calls, dict.fromkeys(calls, repetitions))
    rows = []
    for name in calls:
        steps = ticks * (many if name == MANY else one).agents
        rates = [steps / time / 1e6 for time in times[name]]
        rows.append(row_of(name, rates, UNIT, note=f"{steps:,} agent-steps in a run"))
    note = "its own model on the reference machine, quoted and not measured here"
    quoted = [Row(name, rate, UNIT, runs=0, note=note) for name, rate in PUBLISHED.items()]
    return compared([*rows, *missing, *quoted])

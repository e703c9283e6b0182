"""What is asked: scenario, policy and experiment files and their schemas."""

from sim.scenario.experiment import Achievable, ExperimentFile, Factor, Stop, Worlds
from sim.scenario.policy import Policy, PolicyFile
from sim.scenario.scenario import Experiment, Scenario
from sim.scenario.schema import ScenarioFile
from sim.scenario.units import unit_of

__all__ = [
    "Achievable",
    "Experiment",
    "ExperimentFile",
    "Factor",
    "Policy",
    "PolicyFile",
    "Scenario",
    "ScenarioFile",
    "Stop",
    "Worlds",
    "unit_of",
]

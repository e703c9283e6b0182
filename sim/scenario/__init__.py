"""What is asked: scenario, policy and experiment files and their schemas."""

from sim.scenario.experiment import ExperimentFile
from sim.scenario.policy import Policy, PolicyFile
from sim.scenario.scenario import Experiment, Scenario
from sim.scenario.schema import ScenarioFile

__all__ = ["Experiment", "ExperimentFile", "Policy", "PolicyFile", "Scenario", "ScenarioFile"]

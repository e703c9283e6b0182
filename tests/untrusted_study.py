"""A small study with names that nobody should trust."""

from collections.abc import Callable

from sim.lab import Comparison

SCRIPT, FORMULA = "<script>alert('policy')</script>", "=1+1"

EXPERIMENT = f"""
format = 1
title = "Does <script>alert('title')</script> cost $5 or $6 & more?"
scenario = "small.toml"
design = "paired"
baseline = "alone"
days = 6
replications = 3
metrics = ["detection_rate", "mean_information_age_days", "coordination_hours"]
important = {{ detection_rate = 0.02 }}
[[policies]]
name = "alone"
[[policies]]
name = "{SCRIPT}"
set = {{ "sharing.interval_days" = 1, "sharing.plans" = true }}
[[policies]]
name = "{FORMULA}"
set = {{ "hotline.level" = "post", "twinning.groups" = "facing" }}
[[policies]]
name = "$x$ --> and a name that is far too long to stand beside an axis of any figure"
set = {{ "sharing.interval_days" = "never" }}
"""

Changed = Callable[[str, dict[int, list[float]]], Comparison]

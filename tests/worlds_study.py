"""A small study in uncertain worlds, with names that nobody should trust."""

LABEL = "<script>alert('factor')</script>"

EXPERIMENT = f"""
format = 1
title = "Which policy holds?"
scenario = "small.toml"
design = "paired"
baseline = "alone"
days = 5
metrics = ["detection_rate"]
[[policies]]
name = "alone"
[[policies]]
name = "<b>shared</b>"
set = {{ "sharing.interval_days" = 1, "sharing.plans" = true }}
[[policies]]
name = "joint"
set = {{ "joint_patrols.per_month" = 20.0 }}
[worlds]
samples = 4
replications = 2
[[worlds.factors]]
key = "patrols.detection"
[[worlds.factors]]
key = "groups.0.attempts_per_day"
range = [0.5, 5.0]
scale = "log"
label = "{LABEL}"
"""
"""Three policies in four worlds, on two seeds of each world."""

"""For planners: tables, figures and one HTML file."""

from sim.report.figures import dose_figure
from sim.report.page import write_report
from sim.report.panels import dose_panels
from sim.report.words import figure_text, finding

__all__ = ["dose_figure", "dose_panels", "figure_text", "finding", "write_report"]
